"""The study's report in a real browser."""

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from tests.browser.conftest import printed_pages, serious_faults

from standards_net.studies.carnegie_2019.mechanisms import COMPARED

pytestmark = [pytest.mark.browser, pytest.mark.slow]


ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """What ``make study`` leaves behind, over fewer draws."""
    folder = tmp_path_factory.mktemp("study")
    script = ROOT / "examples" / "01_carnegie_2019.py"
    asked = [sys.executable, script, "--draws", "16", "--workers", "2", "--out", folder]
    done = subprocess.run([str(part) for part in asked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"begin with {folder / 'report.html'}" in done.stderr
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}


def test_the_report_opens_offline_without_errors(page, files):
    report = files["report.html"]
    page.goto(report.as_uri())
    page.wait_for_timeout(1500)
    assert [t for t in page.told if t[0] == "error"] == []
    assert [u for u in page.asked if not u.startswith(("file:", "data:", "about:", "blob:"))] == []
    assert page.locator("section#findings > div > .scroll > table > tbody > tr").count() == 16
    broken = page.evaluate("[...document.images].filter((i) => !i.naturalWidth).length")
    assert broken == 0
    inner = page.frame_locator("iframe")
    assert inner.locator("#scenario option").count() == 4
    inner.locator("#year").fill("3")
    assert inner.locator("#yearout").text_content() == "2040"


def test_every_file_is_there_and_full(files):
    assert {
        "report.html",
        "network.html",
        "tables.xlsx",
        "findings.csv",
        "mechanisms.csv",
        "flip_values.csv",
        "sobol_indices.csv",
        "backtest.csv",
        "summary.csv",
        "result.nc",
        "payoffs.csv",
        "equilibria.csv",
        "equilibrium_check.csv",
        "leaving.csv",
        "coalitions.csv",
        "pivotal.csv",
        "phase.csv",
        "tipping.csv",
        "cores.csv",
        "bloc_agreement.csv",
        "third_countries.csv",
        "figures/payoffs.svg",
        "figures/phase.png",
    } <= set(files)
    assert all(path.stat().st_size > 200 for path in files.values())
    answers = pd.read_csv(files["findings.csv"])
    assert len(answers) == 16
    for answer in answers.itertuples():
        assert answer.low <= answer.median <= answer.high
        assert answer.share_low <= answer.share <= answer.share_high
        assert answer.label in ("assumed", "depends", "found")
        assert len(answer.because) > 10


def test_every_finding_says_what_it_rests_on(page, files):
    page.goto(files["report.html"].as_uri())
    rows = page.locator("section#findings > div > .scroll > table > tbody > tr")
    table = pd.read_csv(files["findings.csv"])
    for answer in table.itertuples():
        row = rows.nth(answer.Index)
        assert answer.sentence in row.inner_text()
        assert row.locator("td.verdict").inner_text().startswith(answer.verdict)
        assert row.locator("td.rests").inner_text().startswith(answer.label)
    turned = set(pd.read_csv(files["flip_values.csv"])["conclusion"])
    assert all(answer.label == "depends" for answer in table.itertuples() if answer.argument in turned)
    section = page.locator("section#sensitivity")
    assert "Of the 15 parameters that move results most" in section.inner_text()
    assert section.locator("img").count() == 1


def test_the_section_on_mechanisms_is_whole(page, files):
    """A cell for each argument and mechanism, differences marked in words, nothing wider than the page."""
    table = pd.read_csv(files["mechanisms.csv"])
    assert set(table["mechanism"]) == {"vendor-choice", *COMPARED}
    assert (table.groupby("mechanism")["argument"].nunique() == 15).all()
    page.goto(files["report.html"].as_uri())
    section = page.locator("section#mechanisms")
    assert section.locator("tbody").count() == 15 + 3
    assert section.locator("td:has(.verdict)").count() == len(table)
    assert section.locator("td.differs").count() == table["turned"].sum()
    assert section.locator("td.differs", has_text="≠").count() == table["turned"].sum()
    assert section.locator("td", has_text="not asked").count() == (table["verdict"] == "not asked").sum()
    assert "nan" not in section.inner_text().lower().replace("finance", "")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    assert section.locator("table").evaluate("t => t.scrollWidth <= t.parentElement.clientWidth + 1")


def test_the_section_on_choices_is_whole(files):
    """Every table has its rows, every picture its image, and no number went missing on the way."""
    page = files["report.html"].read_text(encoding="utf-8")
    section = page[page.index('<section id="choices"') :]
    section = section[: section.index("</section>")]
    assert section.count("<img ") == 5
    assert section.count("data:image/svg+xml;base64,") == 5
    for words in ("together", "free", "forced to choose", "Two closed blocs", "United States", "detected"):
        assert f">{words}" in section
    for row in section.split("<tr>")[1:]:
        assert "<td" in row or "<th" in row
    assert "nan" not in section.replace("Finance", "").lower().split("base64")[0]


def test_it_is_light_legible_and_prints_on_few_pages(page, files):
    """The Carnegie report is a report like others: contents, captions, links, paper, telephone."""
    report = files["report.html"]
    assert report.stat().st_size < 5e6
    text = report.read_text(encoding="utf-8")
    assert set(re.findall(r'href="#([\w-]+)"', text)) <= set(re.findall(r' id="([\w-]+)"', text))
    for word, tag in (("Table", "caption"), ("Figure", "figcaption")):
        numbers = [int(number) for number in re.findall(rf"<{tag}>{word} (\d+)\. ", text)]
        assert numbers == list(range(1, text.count(f"</{tag}>") + 1))
    for width in (400, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(report.as_uri())
        assert serious_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("document.querySelectorAll('.annex').forEach(one => one.remove())")
    assert printed_pages(page) <= 12
    page.evaluate("document.querySelectorAll('main > *:not(.summary)').forEach(one => one.remove())")
    assert printed_pages(page) == 1
