"""The network page in a real browser: offline, without errors, and everything on it works."""

import re

import numpy as np
import pytest
from conftest_data import is_blank

from standards_net.drawing import contrast_ratio, marks, network_page, write_network_page

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(page, small_data, tmp_path):
    page.goto(write_network_page(small_data, tmp_path / "page.html").as_uri())
    page.locator("#mynetwork canvas").wait_for()
    page.wait_for_timeout(300)
    return page


def positions(page):
    return page.evaluate("JSON.stringify(network.getPositions())")


def test_no_error_no_request_and_something_to_see(opened, tmp_path):
    assert [t for t in opened.told if t[0] in ("error", "warning")] == []
    assert len(opened.asked) == 1
    assert opened.asked[0].startswith("file:")
    picture = tmp_path / "page.png"
    opened.screenshot(path=picture)
    assert not is_blank(picture)


def test_the_slider_changes_the_year_and_nothing_moves(opened):
    before = positions(opened)
    assert opened.text_content("#numbers dd") == "1.00 in a"
    opened.focus("#year")
    opened.keyboard.press("ArrowRight")
    assert opened.text_content("#yearout") == "2020"
    assert opened.text_content("#numbers dd") == "1.10 in a"
    assert positions(opened) == before


def test_the_scenario_switch(opened):
    before = positions(opened)
    opened.select_option("#scenario", "b")
    assert opened.text_content("#numbers dd") == "1.00 in b"
    assert positions(opened) == before


def test_search_selects_and_tells(opened):
    opened.fill("#search", "côte")
    opened.press("#search", "Enter")
    assert opened.text_content("#who") == "Côte d'Ivoire"
    assert "estimated" in opened.text_content("#state")
    assert opened.locator("#bars .bar").count() == 3
    assert opened.evaluate("network.getSelectedNodes()") == ["CIV"]
    opened.fill("#search", "Huawei")
    opened.press("#search", "Enter")
    assert "largest shares" in opened.text_content("#state")
    opened.click("#clear")
    assert opened.is_hidden("#detail")


def test_play_runs_through_the_years(opened):
    opened.click("#play")
    opened.locator("#yearout", has_text=re.compile("202[01]")).wait_for(timeout=4000)
    opened.click("#play")
    assert opened.text_content("#play") == "Play"


def test_the_table_follows(opened):
    opened.click("summary")
    rows = opened.locator("#rows tr")
    assert rows.count() == 4
    assert rows.nth(2).locator("td").first.text_content() == "west"
    opened.fill("#year", "1")
    assert rows.nth(2).locator("td").first.text_content() == "china"


def test_hostile_names_stay_text(opened):
    opened.fill("#search", '"><script>')
    opened.press("#search", "Enter")
    assert "<script>" in opened.text_content("#who")
    assert opened.evaluate("typeof window.hacked") == "undefined"
    assert opened.locator("h1").count() == 1
    assert "<script>" in opened.text_content("h1")
    assert [t for t in opened.told if t[0] == "error"] == []


def test_the_legend_counts(opened):
    assert opened.locator("#legend .key").count() == 3
    assert opened.text_content('#legend [data-bloc="west"] .count') == "2 economies"
    opened.fill("#year", "2")
    assert opened.text_content('#legend [data-bloc="china"] .count') == "2 economies"


def test_narrow_screens(browser, small_data, tmp_path):
    narrow = browser.new_page(viewport={"width": 400, "height": 800})
    narrow.goto(write_network_page(small_data, tmp_path / "page.html").as_uri())
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 400
    narrow.close()


def test_two_builds_are_the_same_and_only_one_file_appears(small_data, tmp_path):
    write_network_page(small_data, tmp_path / "a.html")
    assert [p.name for p in tmp_path.iterdir()] == ["a.html"]
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == network_page(small_data)
    assert "Côte d'Ivoire" in re.sub(r"\\u00f4", "ô", network_page(small_data)).replace("\\u0027", "'")


def test_the_page_forbids_requests(small_data):
    html = network_page(small_data)
    assert "default-src 'none'" in html
    assert not re.search(r"""(?:src|href)=["']?https?:""", html)
    assert html.lstrip().startswith("<!doctype html>")


def test_colours_stand_out_and_differ():
    look = marks(["china", "west", "open", "europe", "national", "nonaligned", "x", "y", "z"])
    for mark in look.values():
        assert contrast_ratio(mark.colour, "#ffffff") >= 3.0
    main = [look[n] for n in ("china", "west", "open", "europe", "national", "nonaligned")]
    assert len({m.shape for m in main}) == len(main)
    for k, one in enumerate(main):
        for other in main[:k]:
            assert _seen_by_deuteranopes(one.colour, other.colour) > 18 or one.shape != other.shape


def _seen_by_deuteranopes(one, other):
    """Distance in RGB after the projection of Viénot, Brettel and Mollon (1999)."""
    matrix = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])

    def seen(colour):
        return matrix @ np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])

    return float(np.linalg.norm(seen(one) - seen(other)))
