"""The network page in a real browser: offline, without errors, and everything on it works."""

import dataclasses
import re

import numpy as np
import pytest
from conftest_data import is_blank

import standards_net as sn
from conftest import serious_faults
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


def test_it_opens_on_the_last_year(opened):
    assert opened.text_content("#yearout") == "2021"
    assert opened.text_content("#frame") == "Scenario A, radio, 2021"


def test_the_slider_changes_the_year_and_nothing_moves(opened):
    before = positions(opened)
    assert opened.text_content("#numbers dd") == "1.20 in a"
    opened.focus("#year")
    opened.keyboard.press("ArrowLeft")
    assert opened.text_content("#yearout") == "2020"
    assert opened.text_content("#numbers dd") == "1.10 in a"
    assert positions(opened) == before


def test_the_scenario_switch(opened):
    before = positions(opened)
    opened.select_option("#scenario", "b")
    assert opened.text_content("#numbers dd") == "1.20 in b"
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
    opened.locator("#yearout", has_text=re.compile("20(19|20)")).wait_for(timeout=4000)
    opened.click("#play")
    assert opened.text_content("#play") == "Play"


def test_the_table_follows(opened):
    opened.click("summary")
    rows = opened.locator("#rows tr")
    assert rows.count() == 4
    assert rows.nth(2).locator("td").first.text_content() == "china"
    opened.fill("#year", "0")
    assert rows.nth(2).locator("td").first.text_content() == "west"


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
    assert opened.text_content('#legend [data-bloc="china"] .count') == "2 economies"
    opened.fill("#year", "0")
    assert opened.text_content('#legend [data-bloc="west"] .count') == "2 economies"


def boxes(page):
    """Rectangles of the names on the drawing, by an estimate of their width that is not the page's own."""
    return page.evaluate(
        """() => {
          const pen = document.createElement("canvas").getContext("2d"), where = network.getPositions();
          const named = nodes.get().filter((n) => !n.hidden && n.shape !== "box" && n.label.trim());
          return named.filter((n) => where[n.id]).map((n) => {
            pen.font = `${n.font.size}px Helvetica, Arial, sans-serif`;
            const half = pen.measureText(n.label).width / 2, at = where[n.id];
            return [at.x - half, at.x + half, at.y + n.size, at.y + n.size + n.font.size, n.label];
          });
        }"""
    )


def overlapping(names):
    return [
        (one[4], other[4])
        for k, one in enumerate(names)
        for other in names[:k]
        if one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
    ]


@pytest.fixture(scope="module")
def world_page(tmp_path_factory):
    world = sn.load_world()
    result = sn.run(
        world, ["three-poles", "status-quo-2019"], draws=8, rng=1, until=2030, technologies=["radio", "core"]
    )
    return sn.drawing.draw_result(world, result, tmp_path_factory.mktemp("net") / "network.html")


@pytest.fixture
def whole(page, world_page):
    page.goto(world_page.as_uri())
    page.locator("#mynetwork canvas").wait_for()
    page.wait_for_timeout(500)
    return page


@pytest.mark.parametrize("layout", ["map", "suppliers", "blocs", "partners"])
def test_names_do_not_cover_each_other(whole, layout):
    whole.select_option("#layout", layout)
    whole.wait_for_timeout(200)
    names = boxes(whole)
    assert len(names) >= 25
    assert overlapping(names) == []
    assert [t for t in whole.told if t[0] == "error"] == []


def test_zooming_in_shows_more_names(whole):
    before = len(boxes(whole))
    whole.evaluate("network.moveTo({ scale: 3 * network.getScale() }); label()")
    names = boxes(whole)
    assert len(names) > before
    assert overlapping(names) == []


def test_the_technology_switch(whole):
    assert whole.evaluate("nodes.getIds().filter((id) => id.startsWith('vendor:')).length") == 7
    whole.select_option("#technology", "core")
    assert whole.evaluate("nodes.getIds().filter((id) => id.startsWith('vendor:')).length") == 5
    assert ", core, 2030" in whole.text_content("#frame")


def test_vendors_of_a_pole_have_its_colour_in_its_scenario(whole):
    def border():
        return whole.evaluate("nodes.get('vendor:ericsson').color.border")

    assert border() == marks(["europe"])["europe"].colour
    assert border() == whole.evaluate("P.colours[P.blocs.indexOf('europe')]")
    whole.select_option("#scenario", "status-quo-2019")
    assert border() == marks(["west"])["west"].colour


def test_the_difference_of_two_scenarios(whole):
    whole.select_option("#less", "three-poles")
    assert whole.evaluate("edges.length") == 0
    whole.select_option("#less", "status-quo-2019")
    lines = whole.evaluate("edges.get().map((e) => e.dashes)")
    assert {True, False} == set(lines)
    whole.fill("#search", "Kenya")
    whole.press("#search", "Enter")
    assert "points" in whole.text_content("#bars")
    assert "less" in whole.text_content("#frame")


def test_operators_of_one_economy(whole):
    whole.select_option("#layout", "operators")
    assert "Choose an economy" in whole.text_content("#state")
    whole.fill("#search", "Germany")
    whole.press("#search", "Enter")
    names = whole.evaluate("nodes.get().filter((n) => n.id.startsWith('operator:')).map((n) => n.label)")
    assert len(names) >= 3
    assert "Policy on record" in whole.text_content("#basis")
    assert "partners" in whole.text_content("#basis")


def test_arrows_go_from_one_to_the_next(whole):
    whole.focus("#mynetwork")
    whole.keyboard.press("ArrowRight")
    first = whole.text_content("#who")
    assert first == "China"
    whole.keyboard.press("ArrowLeft")
    assert whole.text_content("#who") != first
    whole.keyboard.press("ArrowRight")
    whole.keyboard.press("Escape")
    assert whole.is_hidden("#detail")
    assert "Arrow keys" in whole.get_attribute("#mynetwork", "aria-label")


@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_no_serious_fault(whole, width):
    whole.set_viewport_size({"width": width, "height": 800})
    assert serious_faults(whole) == []


def test_the_saved_picture_says_what_it_is(whole):
    told = whole.evaluate(
        """() => {
          const texts = [], write = CanvasRenderingContext2D.prototype.fillText;
          CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
            texts.push(text); return write.call(this, text, ...rest);
          };
          const made = picture();
          CanvasRenderingContext2D.prototype.fillText = write;
          return [texts, made.width, made.height, document.querySelector("#mynetwork canvas").height];
        }"""
    )
    texts, width, height, of_canvas = told
    assert any("Three poles" in text and "radio, 2030" in text for text in texts)
    assert {"china", "west", "europe"} <= set(texts)
    assert any(text.startswith("standards_net") for text in texts)
    assert height > of_canvas
    assert width > 500
    with whole.expect_download() as download:
        whole.click("#png")
    assert download.value.suggested_filename == "network_three-poles_radio_2030.png"


def test_technologies_of_other_years_are_refused(small_data):
    other = dataclasses.replace(small_data, technology="core", years=(2019,))
    with pytest.raises(sn.StandardsNetError, match="core has other years than radio"):
        network_page([small_data, other])


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
