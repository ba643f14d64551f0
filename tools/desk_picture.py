"""Draw the picture of the desk in the README: python -m tools.desk_picture (needs Chromium)."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

from standards_net.desk.question import Question, change_of

__all__ = ["main"]

_CHANGES = (
    ("exclude", {"who": "BRA", "vendors": "china", "since": 2026}),
    ("standards", {"compatibility": 0.3, "since": 2028, "to": 2032}),
)


def main(path: str = "docs/img/desk.png") -> None:
    """Open a desk on two changes and save what is on the screen."""
    from playwright.sync_api import sync_playwright

    asked = Question()
    for lever, arguments in _CHANGES:
        asked = asked.changed(change_of(lever, arguments))
    command = [sys.executable, "-m", "standards_net", "desk", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as desk:
        found = re.search(r"http://\S+/", desk.stdout.readline()) if desk.stdout else None
        if found is None:
            raise RuntimeError("the desk did not say its address")
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            page.goto(f"{found.group()}?{asked.address}")
            page.wait_for_function("() => document.body.dataset.draws === '256'", timeout=120_000)
            page.select_option("[data-view]", "change")
            page.wait_for_timeout(500)
            page.screenshot(path=path)
            browser.close()
        desk.terminate()


if __name__ == "__main__":
    main()
