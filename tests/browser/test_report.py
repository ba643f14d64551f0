"""The study's report in a real browser."""

import pytest

from standards_net.studies.carnegie_2019 import run_study

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
    names = {p.name for p in written.files}
    assert {
        "report.html",
        "network.html",
        "findings.csv",
        "backtest.csv",
        "summary.csv",
        "result.npz",
    } <= names
    assert all(p.stat().st_size > 200 for p in written.files)
    assert len(written.answers) == 16
    for answer in written.answers[:-1]:
        assert answer.low <= answer.median <= answer.high
        assert 0.0 <= answer.share <= 1.0
        assert "%" in answer.sentence
    assert all(answer.verdict in ("supported", "contradicted", "undecided") for answer in written.answers)
