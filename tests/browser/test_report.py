"""The study's report in a real browser."""

import pandas as pd
import pytest

from standards_net.studies.carnegie_2019 import run_study
from standards_net.studies.carnegie_2019.mechanisms import COMPARED

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return run_study(tmp_path_factory.mktemp("study"), draws=16, rng=2019)


def test_the_report_opens_offline_without_errors(page, written):
    report = next(p for p in written.files if p.name == "report.html")
    page.goto(report.as_uri())
    page.wait_for_timeout(1500)
    assert [t for t in page.told if t[0] == "error"] == []
    assert [u for u in page.asked if not u.startswith(("file:", "data:", "about:", "blob:"))] == []
    assert page.locator("section[aria-labelledby=findings] > .scroll > table > tbody > tr").count() == 16
    broken = page.evaluate("[...document.images].filter((i) => !i.naturalWidth).length")
    assert broken == 0
    inner = page.frame_locator("iframe")
    assert inner.locator("#scenario option").count() == 18
    inner.locator("#year").fill("21")
    assert inner.locator("#yearout").text_content() == "2040"


def test_every_file_is_there_and_full(written):
    folder = written.files[0].parent
    names = {str(p.relative_to(folder)) for p in written.files}
    assert {
        "report.html",
        "network.html",
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
    } <= names
    assert all(p.stat().st_size > 200 for p in written.files)
    assert len(written.answers) == 16
    for answer in written.answers:
        assert answer.low <= answer.median <= answer.high
        assert answer.share_low <= answer.share <= answer.share_high
        assert answer.label in ("assumed", "depends", "found")
        assert answer.because


def test_every_finding_says_what_it_rests_on(page, written):
    page.goto(next(p for p in written.files if p.name == "report.html").as_uri())
    rows = page.locator("section[aria-labelledby=findings] > .scroll > table > tbody > tr")
    table = pd.read_csv(next(p for p in written.files if p.name == "findings.csv"))
    for k, answer in enumerate(written.answers):
        row = rows.nth(k)
        assert answer.sentence in row.inner_text()
        assert row.locator("td.verdict").inner_text().startswith(answer.verdict)
        assert row.locator("td.rests").inner_text().startswith(answer.label)
        assert table.loc[k, "because"] == answer.because
    turned = set(pd.read_csv(next(p for p in written.files if p.name == "flip_values.csv"))["conclusion"])
    assert all(answer.label == "depends" for answer in written.answers if answer.argument in turned)
    section = page.locator("section[aria-labelledby=sensitivity]")
    assert "Of the 15 parameters that move results most" in section.inner_text()
    assert section.locator("img").count() == 1


def test_the_section_on_mechanisms_is_whole(page, written):
    """A cell for each argument and mechanism, differences marked in words, nothing wider than the page."""
    table = pd.read_csv(next(p for p in written.files if p.name == "mechanisms.csv"))
    assert set(table["mechanism"]) == {"vendor-choice", *COMPARED}
    assert (table.groupby("mechanism")["argument"].nunique() == 15).all()
    page.goto(next(p for p in written.files if p.name == "report.html").as_uri())
    section = page.locator("section[aria-labelledby=mechanisms]")
    assert section.locator("tbody").count() == 15 + 3
    assert section.locator("td:has(.verdict)").count() == len(table)
    assert section.locator("td.differs").count() == table["turned"].sum()
    assert section.locator("td.differs", has_text="≠").count() == table["turned"].sum()
    assert section.locator("td", has_text="not asked").count() == (table["verdict"] == "not asked").sum()
    assert "nan" not in section.inner_text().lower().replace("finance", "")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    assert section.locator("table").evaluate("t => t.scrollWidth <= t.parentElement.clientWidth + 1")


def test_the_section_on_choices_is_whole(written):
    """Every table has its rows, every picture its image, and no number went missing on the way."""
    page = next(p for p in written.files if p.name == "report.html").read_text(encoding="utf-8")
    section = page[page.index('<h2 id="choices">') : page.index('<h2 id="decomposition">')]
    assert section.count("<img ") == 5
    assert section.count("data:image/svg+xml;base64,") == 5
    for words in ("together", "free", "forced to choose", "Two closed blocs", "United States", "detected"):
        assert f">{words}" in section
    for row in section.split("<tr>")[1:]:
        assert "<td" in row or "<th" in row
    assert "nan" not in section.replace("Finance", "").lower().split("base64")[0]
