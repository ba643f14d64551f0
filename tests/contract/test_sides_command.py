"""The command sides: what it prints, and what it says of mistakes."""

from __future__ import annotations

import csv
import io
import json
import sys

import pytest

from standards_net.cli import main

COLUMNS = [
    "country", "us", "us_low", "us_high", "china", "china_low", "china_high", "nonaligned",
    "nonaligned_low", "nonaligned_high",
]  # fmt: skip


def call(capsys, *arguments):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["standards-net", "sides", *arguments])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
    said = capsys.readouterr()
    return code, said.out, said.err


def test_all_countries_as_csv(capsys):
    code, out, _ = call(capsys, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert list(rows[0]) == COLUMNS
    assert len(rows) == 196
    for row in rows:
        assert sum(float(row[side]) for side in ("us", "china", "nonaligned")) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["IND", "ind", "India"])
def test_one_country(capsys, name):
    code, out, _ = call(capsys, name, "--format", "json")
    assert code == 0
    assert [row["country"] for row in json.loads(out)] == ["IND"]


def test_what_moves_a_country_is_told(capsys):
    code, out, _ = call(capsys, "IND")
    assert code == 0
    assert "china_dispute" in out
    assert "Chance of having restricted" in out
    assert "on record: de facto excluded" in out


def test_an_unknown_country_is_one_sentence(capsys):
    code, out, err = call(capsys, "XYZ")
    assert code != 0
    assert not out
    assert "unknown country 'XYZ'" in err
    assert "Traceback" not in err
