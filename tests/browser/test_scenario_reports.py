"""A report on scenarios in a browser: no request, no serious fault, paper, telephone, and its picker."""

import time

import pytest
from tests.browser.conftest import printed_pages, serious_faults

from standards_net.reports import write_report

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def report(world, tmp_path_factory):
    files = write_report(
        world, ["bipolar-forced", "6g-split-2030"], out=tmp_path_factory.mktemp("report"), draws=16
    )
    return next(file for file in files if file.name == "report.html")


def test_it_opens_at_once_without_requests(report, page):
    start = time.perf_counter()
    page.goto(report.as_uri())
    print(f"opened in {time.perf_counter() - start:.2f} s, {report.stat().st_size / 1e6:.1f} MB")
    assert report.stat().st_size < 5e6
    assert [told for told in page.told if told[0] == "error"] == []
    outside = [one for one in page.asked if not one.startswith(("file:", "data:", "about:", "blob:"))]
    assert outside == []
    assert page.evaluate("[...document.images].filter(image => !image.naturalWidth).length") == 0


@pytest.mark.parametrize("width", [400, 1280])
def test_it_is_legible_without_serious_faults(report, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_prints_on_few_pages_with_the_summary_on_one(report, page):
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('.annex').forEach(one => one.remove())")
    assert printed_pages(page) <= 12
    page.evaluate("document.querySelectorAll('main > *:not(.summary)').forEach(one => one.remove())")
    assert printed_pages(page) == 1


def test_a_reader_picks_a_country_by_keyboard(report, page):
    page.goto(report.as_uri())
    panel = page.locator("#country-panel")
    assert panel.locator("table").count() == 2
    page.locator("#country").focus()
    page.keyboard.type("Germany")
    assert "Update-on-5G-security-measures" in panel.text_content()
    assert panel.locator("caption").all_text_contents() == [
        "Two closed blocs, everybody must choose", "6G: two standards from 2030",
    ]  # fmt: skip
    page.locator("nav a", has_text="What it costs").click()
    assert page.evaluate("location.hash") == "#costs"
