"""Compare three libraries for the desk on the same small piece: python -m benchmarks.desk_libraries.

Each is installed into an environment of its own. Told are: the size of what is installed, the time until the
server answers and until the first answer stands in the browser, the time from a choice to its answer
(median of 20), and whether a request went elsewhere.
"""

import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
LIBRARIES = {"shiny": ["shiny"], "dash": ["dash"], "panel": ["panel"]}
CHOICES = 20


def size_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def until_it_answers(port: int) -> None:
    while True:
        try:
            urllib.request.urlopen(f"http://localhost:{port}/", timeout=5).read()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)


def answered(page, text: str) -> None:
    """Wait for an answer, wherever on the page it stands."""
    while not any(frame.locator(f"text={text}").count() for frame in page.frames):
        page.wait_for_timeout(5)


def choose(page, name: str, which: str) -> None:
    if name == "dash":
        page.click("#which")
        page.get_by_role("option", name=which).click()
    else:
        page.locator("select").first.select_option(which)


def measured(name: str, packages: list[str], browser) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        site = next(Path(folder).rglob("site-packages"))
        empty = size_mb(site)
        subprocess.run([f"{folder}/bin/pip", "install", "--quiet", *packages], check=True)
        installed, port = size_mb(site) - empty, free_port()
        app = [f"{folder}/bin/python", str(HERE / f"{name}_app.py"), str(port)]
        subprocess.run([*app[:1], "-c", f"import {name}"], check=True)  # compiled, as after a first start
        begun = time.perf_counter()
        server = subprocess.Popen(app, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until_it_answers(port)
            started = time.perf_counter() - begun
            page, asked = browser.new_page(), []
            page.on("request", lambda request: asked.append(request.url))
            begun = time.perf_counter()
            page.goto(f"http://localhost:{port}/")
            answered(page, "answer 0")
            first, took = time.perf_counter() - begun, []
            for k in range(CHOICES):
                begun = time.perf_counter()
                choose(page, name, str((k + 1) % 2))
                answered(page, f"answer {(k + 1) % 2}")
                took.append(time.perf_counter() - begun)
            hosts = {urlsplit(url).hostname for url in asked if url.startswith(("http", "ws"))}
            page.close()
        finally:
            server.kill()
            server.wait()
    outside = ", ".join(sorted(hosts - {"localhost", "127.0.0.1"})) or "none"
    return [
        name, f"{installed:.0f} MB", f"{started:.1f} s", f"{first:.1f} s",
        f"{1e3 * statistics.median(took):.0f} ms", outside,
    ]  # fmt: skip


def main() -> None:
    print("| library | installed | start | first view | choice to answer | requests elsewhere |")
    print("|---|---|---|---|---|---|")
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, packages in LIBRARIES.items():
            print("|", " | ".join(measured(name, packages, browser)), "|", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
