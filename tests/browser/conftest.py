"""A headless Chromium, where the machine has one."""

import re
import shutil

import numpy as np
import pytest

from standards_net.drawing import Frame, NetworkData

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)

HOSTILE = '"><script>window.hacked = 1</script>'


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine; apt-get install chromium brings one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield running
        running.close()


@pytest.fixture
def page(browser):
    """A page that remembers its errors, console messages and requests."""
    opened = browser.new_page(viewport={"width": 1300, "height": 900})
    opened.told, opened.asked = [], []
    opened.on("console", lambda message: opened.told.append((message.type, message.text)))
    opened.on("pageerror", lambda error: opened.told.append(("error", str(error))))
    opened.on("request", lambda request: opened.asked.append(request.url))
    yield opened
    opened.close()


def serious_faults(page):
    """What axe-core finds serious or critical: rule and first element."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        (one["id"], one["nodes"][0]["html"][:200])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def printed_pages(page):
    """Number of pages on paper."""
    return len(re.findall(rb"/Type /Page\b(?!s)", page.pdf(prefer_css_page_size=True)))


@pytest.fixture(scope="session")
def small_data():
    """Four economies, three vendors, two scenarios, three years; names that try to break out."""
    names = ("United States", "China", "Côte d'Ivoire", HOSTILE)
    rng = np.random.default_rng(2)
    frames = {
        (s, y): Frame(
            adoption=rng.dirichlet(np.ones(3), 4),
            deployment=np.array([0.1, 0.5, 0.0, 1.0]),
            blocs=("west", "china", "china" if y > 2019 else "west", "open"),
            numbers={"Effective markets": f"{1 + (y - 2019) / 10:.2f} in {s}"},
        )
        for s in ("a", "b")
        for y in (2019, 2020, 2021)
    }
    return NetworkData(
        title=f"Title {HOSTILE}",
        subtitle="Sub </script>",
        source=f"Source {HOSTILE}",
        technology="radio",
        definition="dominant standard",
        countries=("USA", "CHN", "CIV", "XXX"),
        names=names,
        lat=np.array([38.0, 35.0, 8.0, -20.0]),
        lon=np.array([-97.0, 105.0, -5.0, 20.0]),
        market=np.array([0.4, 0.4, 0.1, 0.1]),
        estimated=np.array([False, False, True, True]),
        vendors=("huawei", "ericsson", "open-ran"),
        vendor_names=("Huawei", "Ericsson", "Open RAN vendors"),
        vendor_blocs=("china", "west", "open"),
        scenarios=("a", "b"),
        scenario_titles=("Scenario A", f"Scenario {HOSTILE}"),
        years=(2019, 2020, 2021),
        frames=frames,
    )
