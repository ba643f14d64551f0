"""The desk in headless Chromium: levers, undo, address, map, keyboard, sessions, paper, what is saved."""

import re
import statistics
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import standards_net as sn
from conftest import printed_pages, serious_faults
from standards_net.desk.question import Question, change_of
from standards_net.desk.simulated import Simulator
from standards_net.desk.view import Answer

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_MOST_TIME = 90_000  # ms, for a busy machine


@pytest.fixture(scope="module")
def address():
    """A desk of its own process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "standards_net", "desk", "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    yield re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline()).group()
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture(scope="module")
def simulator():
    return Simulator(sn.load_world())


def settled(page, draws=256):
    """Wait until the page shows what was asked last."""
    page.wait_for_function(
        f"() => !('asked' in document.body.dataset) && document.body.dataset.draws === '{draws}'",
        timeout=_MOST_TIME,
    )


def opened(page, address, query="", draws=256):
    page.goto(address + query)
    settled(page, draws)
    return page


def shown(page):
    """Cards by name: value and difference as they stand on the page."""
    found = page.eval_on_selector_all(
        ".cards li",
        "all => all.map(one => [one.dataset.card, one.querySelector('b').textContent,"
        " one.querySelector('.gap').textContent])",
    )
    return {name: (value, gap) for name, value, gap in found}


def expected(simulator, asked, draws=256):
    """The same from Python."""
    own, base = (
        simulator.seen(one, asked.technology, asked.until, draws) for one in (asked.scenario, asked.baseline)
    )
    answer = Answer(simulator.world, asked, own, base)
    return {
        card.name: (
            card.value,
            "the baseline itself" if answer.is_baseline else f"{card.difference}: {card.chance}",
        )
        for card in answer.cards()
    }


def asked(*changes, **others):
    question = Question(**others)
    for lever, arguments in changes:
        question = question.changed(change_of(lever, arguments))
    return question


def apply(page, lever, **fields):
    """Set fields of a lever and apply it."""
    box = page.locator(f'details[data-lever="{lever}"]')
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    for name, value in fields.items():
        field = box.locator(f'[data-field="{name}"]')
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    box.locator(f'[data-apply="{lever}"]').click()


def test_levers_change_the_numbers_that_python_gives(page, address, simulator):
    opened(page, address)
    assert shown(page) == expected(simulator, asked())
    apply(page, "exclude", who="BRA", vendors="huawei", since="2027", remove_by="2030")
    settled(page)
    question = asked(("exclude", {"who": "BRA", "vendors": "huawei", "since": 2027, "remove_by": 2030}))
    assert shown(page) == expected(simulator, question)
    page.locator('details[data-lever="standards"] summary').click()
    page.locator('details[data-lever="standards"] [data-field="compatibility"]').fill("0.4")
    settled(page)
    question = question.changed(change_of("standards", {"compatibility": 0.4}))
    found = shown(page)
    assert found == expected(simulator, question)
    assert "no difference" not in found["interoperability_loss"][1]
    for name, value in (("technology", "iot"), ("baseline", "status-quo-2019")):
        page.locator(f'[data-frame="{name}"]').select_option(value)
        settled(page)
    quo = sn.load_scenario("status-quo-2019")
    question = asked(technology="iot", baseline=quo, changes=question.changes)
    assert shown(page) == expected(simulator, question)
    assert not [told for told in page.told if told[0] == "error"]


def test_undo_redo_and_reset(page, address):
    opened(page, address)
    first = shown(page)
    apply(page, "stand", who="IND", side="china")
    apply(page, "exclude", who="ZAF", vendors="west")
    settled(page)
    moved = shown(page)
    assert page.locator("#changes li").count() == 2
    page.keyboard.press("Control+z")
    page.locator('[data-event="undo"]').click()
    settled(page)
    assert shown(page) == first
    assert page.locator("#changes li").count() == 0
    assert page.locator('[data-event="undo"]').is_disabled()
    for _ in range(2):
        page.locator('[data-event="redo"]').click()
    settled(page)
    assert shown(page) == moved
    page.locator("#changes [data-remove]").first.click()
    page.locator('[data-event="reset"]').click()
    settled(page)
    assert shown(page) == first


def test_the_address_carries_the_scenario(page, address, browser):
    opened(page, address, "?technology=core&until=2032")
    apply(page, "exclude", who="ASEAN", vendors="china")
    settled(page)
    other = opened(browser.new_page(), page.url)
    assert shown(other) == shown(page)
    assert other.locator("#changes li").inner_text().startswith("From 2026: ASEAN buy no more equipment")
    assert other.locator('[data-frame="until"]').input_value() == "2032"
    other.close()


def test_a_wrong_address_gets_a_sentence(page, address):
    page.goto(address + "?scenario=nothing")
    page.wait_for_function("() => document.querySelector('#told').textContent")
    assert "'nothing'" in page.locator("#told").inner_text()
    settled(page)
    assert page.locator("#changes li").count() == 0


def test_two_clicks_exclude_a_vendor_from_a_country(page, address, simulator):
    opened(page, address)
    page.dispatch_event('#map [data-code="BRA"]', "click", {"bubbles": True})
    page.locator("#country_levers button", has_text="Exclude Huawei").click()
    settled(page)
    assert "Brazil buys no more equipment from Huawei" in page.locator("#changes").inner_text()
    assert shown(page) == expected(
        simulator, asked(("exclude", {"who": "BRA", "vendors": "huawei", "since": 2026}), country="BRA")
    )
    page.wait_for_function(
        "() => document.querySelector('#country_brief h1')?.textContent === 'Brazil'", timeout=_MOST_TIME
    )
    assert "How good the model was for it" in page.locator("#country_brief").inner_text()


def test_an_exclusion_in_the_way_is_shown_and_can_be_lifted(page, address):
    opened(page, address, "?country=AUS")
    page.locator("#country_levers button", has_text="Stand with China").click()
    settled(page)
    page.wait_for_function("() => document.querySelector('#changes .warning')", timeout=_MOST_TIME)
    assert "a 'lift' would end that" in page.locator("#changes .warning").first.inner_text()
    assert "Huawei" in page.locator("#country_levers").inner_text()
    page.locator("#country_levers button", has_text="Lift its exclusions").click()
    settled(page)
    page.wait_for_function("() => !document.querySelector('#country_levers [data-move*=lift]')")


def test_a_wrong_lever_gets_a_sentence_beside_it(page, address):
    opened(page, address)
    for vendors in ("china", "west"):  # nobody is left to sell it core networks
        apply(page, "exclude", who="KEN", vendors=vendors)
        settled(page, 256)
    complaint = page.locator('[data-complaint="exclude"]')
    page.wait_for_function("() => document.querySelector('[data-complaint=exclude]').textContent")
    assert re.search("KEN|Kenya", complaint.inner_text())
    assert page.locator("#changes li").count() == 1
    apply(page, "exclude", who="KEN", vendors="china", since="")
    page.wait_for_function(
        "() => document.querySelector('[data-complaint=exclude]').textContent.includes('give a year')"
    )


def test_keyboard_only(page, address):
    opened(page, address)
    page.locator(".skip").focus()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "() => { const at = document.activeElement; return at.dataset.frame || at.dataset.event ||"
                " at.dataset.apply || at.dataset.view || at.id || (at.matches('[data-country]') ? 'country' :"
                " at.tagName) }"
            )
        )
    assert {"start", "baseline", "technology", "until", "reset", "exclude", "country"} <= reached
    assert {"SUMMARY", "tab-economies", "panel-economies"} <= reached
    page.locator("[data-country]").focus()
    page.keyboard.type("Brazil")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#country_levers h3')?.textContent === 'Brazil'")
    page.locator("#country_levers button").first.focus()
    page.keyboard.press("Enter")
    settled(page)
    assert page.locator("#changes li").count() == 1
    page.locator("#tab-economies").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#panel-network").is_visible()


@pytest.mark.parametrize("width", [1280, 400])
def test_no_serious_fault_and_nothing_wider_than_the_screen(page, address, width):
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, address, "?country=KEN")
    page.wait_for_function("() => document.querySelector('#country_brief h1')", timeout=_MOST_TIME)
    assert serious_faults(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.locator("#tab-save").click()
    assert serious_faults(page) == []


def test_no_request_leaves_the_machine(page, address):
    opened(page, address, "?country=DEU")
    page.locator("#tab-network").click()
    page.frame_locator("#network iframe").locator("#mynetwork canvas").wait_for(timeout=_MOST_TIME)
    outside = [url for url in page.asked if not url.startswith((address, "data:", "blob:"))]
    assert outside == []
    assert {urlsplit(url).port for url in page.asked if url.startswith("http")} == {urlsplit(address).port}
    assert not [told for told in page.told if told[0] == "error"]


def test_ten_sessions_at_once_get_their_own_numbers(browser, address, simulator):
    countries = ("BRA", "IND", "IDN", "MEX", "ZAF", "SAU", "TUR", "EGY", "THA", "KEN")
    questions = [asked(("exclude", {"who": code, "vendors": "china"}), until=2028) for code in countries]
    pages = [browser.new_page() for _ in questions]
    for page, question in zip(pages, questions, strict=True):
        page.goto(f"{address}?{question.address}", wait_until="commit")
    for page, question in zip(pages, questions, strict=True):
        settled(page, 256)
        assert shown(page) == expected(simulator, question)
        page.close()


def test_paper(page, address):
    opened(page, address)
    assert printed_pages(page) <= 2


def saved(page, name):
    """Content of what a link saves, and the name of its file."""
    if not page.locator("#panel-save").is_visible() and name != "scenario_toml":
        page.locator("#tab-save").click()
    page.wait_for_function(f"() => document.querySelector('#{name}').getAttribute('href')")
    with page.expect_download(timeout=_MOST_TIME) as download:
        page.locator(f"#{name}").click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_what_is_saved_says_what_it_is(page, address):
    opened(page, address, "?until=2030")
    apply(page, "stand", who="IND", side="china")
    settled(page)
    for name in ("map_svg", "course_svg"):
        file, content = saved(page, name)
        texts = re.findall(r"<!-- (.*?) -->", content.decode(), re.DOTALL)
        told = " ".join(texts)
        assert "As it happened up to 2025, changed" in told
        assert "radio" in told
        assert "standards_net 0.1.0, 256 draws" in told
        assert file == f"as-happened-2025-changed_radio_2030_{name.removesuffix('_svg')}.svg"
        legend = {"map_svg": "china (", "course_svg": "as-happened-2025-changed"}[name]
        assert legend in told
        assert "2030" in told
    assert saved(page, "map_png")[1].startswith(b"\x89PNG")
    assert saved(page, "tables_xlsx")[1].startswith(b"PK")
    assert saved(page, "years_csv")[1].startswith(b"measure,year,median")
    assert b"<html" in saved(page, "report_html")[1][:200]


def test_a_scenario_is_saved_and_opened_again(page, address, tmp_path):
    opened(page, address)
    apply(page, "leave", vendors="ericsson", who="KEN")
    settled(page)
    name, content = saved(page, "scenario_toml")
    assert name == "as-happened-2025-changed.toml"
    numbers = shown(page)
    path = tmp_path / name
    path.write_bytes(content)
    page.locator('[data-event="reset"]').click()
    settled(page)
    page.locator("[data-open]").set_input_files(path)
    page.wait_for_function("() => location.search.includes('content')")
    settled(page)
    assert shown(page) == numbers
    path.write_text("name = 3", "utf-8")
    page.locator("[data-open]").set_input_files(path)
    page.wait_for_function("() => document.querySelector('#told').textContent.includes('title is missing')")


def test_time_from_lever_to_screen(page, address, capsys):
    """Prints the figures; only a broken desk takes seconds."""
    opened(page, address)
    took = []
    for year in range(2026, 2037):
        apply(page, "exclude", who="BRA", vendors="huawei", since=str(year))
        page.wait_for_function("() => !('asked' in document.body.dataset)", timeout=_MOST_TIME)
        took.append(float(page.evaluate("() => document.body.dataset.took")))
        settled(page)
    median = statistics.median(took)
    with capsys.disabled():
        print(f"\ndesk: from lever to screen {median:.0f} ms in the median of {len(took)}, 64 draws, radio")
    assert median < 10_000
