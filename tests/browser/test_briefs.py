"""Briefs in a browser: one printed page, no request, no serious fault, legible on a telephone."""

import pytest
from tests.browser.conftest import printed_pages, serious_faults

from standards_net.briefs import write_briefs

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def files(world, tmp_path_factory):
    """Countries with much to say: reports, sources, losses on both sides; and a small one."""
    countries = ["DEU", "RUS", "BEL", "KEN", "FSM"]
    return write_briefs(world, countries, "bipolar-forced", out=tmp_path_factory.mktemp("briefs"), draws=32)


def test_each_prints_on_one_page(files, page):
    for file in files[:-1]:
        page.goto(file.as_uri())
        assert printed_pages(page) == 1, file.name


def test_two_scenarios_print_on_two(world, page, tmp_path):
    (file,) = write_briefs(world, ["DEU"], ["silos", "6g-split-2030"], out=tmp_path, draws=8)
    page.goto(file.as_uri())
    assert printed_pages(page) == 2


@pytest.mark.parametrize("width", [400, 1280])
def test_no_fault_and_no_request(files, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for file in files:
        page.goto(file.as_uri())
        assert serious_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, file.name
    assert not page.told
    assert all(address.startswith("file://") for address in page.asked)


def test_names_at_the_ends_of_lines_cover_none(files, page):
    for file in files[:-1]:
        page.goto(file.as_uri())
        overlaps = page.evaluate(
            """() => [...document.querySelectorAll("svg")].flatMap(svg => {
                const names = [...svg.querySelectorAll("text[fill]:not([fill='#57606a'])")]
                    .map(text => text.getBBox()).sort((a, b) => a.y - b.y);
                return names.slice(1).filter((box, k) => box.y < names[k].y + names[k].height - 3);
            }).length"""
        )
        assert overlaps == 0, file.name
