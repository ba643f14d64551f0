"""The command ``standards-net sensitivity``."""

import io
import json
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

import standards_net as sn
from standards_net.cli.app import app

SMALL = ["--base", "4", "--year", "2022", "--rng", "3"]


def told(*arguments):
    return CliRunner().invoke(app, ["sensitivity", *arguments])


def test_csv_holds_what_python_gives(world):
    printed = told(
        "silos", "--against", "status-quo-2019", "--measure", "china_share", *SMALL, "--format", "csv"
    )
    assert printed.exit_code == 0
    found = sn.sobol_indices(
        world, "silos", against="status-quo-2019", measures="china_share", year=2022, base=4, rng=3
    )
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(printed.stdout)), found, check_exact=False)


def test_the_table_ranks(world):
    printed = told("silos", "--measure", "china_share", *SMALL)
    assert printed.exit_code == 0
    assert "Parameters by mean total Sobol index, radio, 2022" in printed.stdout
    assert "base of 2019, tastes and dates" in printed.stdout
    assert "further parameters have no index of 0.005 anywhere." in printed.stdout


def test_nothing_to_rank():
    printed = told("silos", "--against", "silos", "--measure", "china_share", *SMALL)
    assert printed.exit_code == 0
    assert printed.stdout == "None of these measures varies: there is nothing to rank.\n"


def test_json():
    printed = told("silos", "--measure", "china_share", *SMALL, "--format", "json")
    assert {"parameter", "total", "total_se"} <= set(json.loads(printed.stdout)[0])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["silo"], "unknown scenario 'silo'; did you mean 'silos'?"),
        (["silos", "--base", "12"], "base is 12; it must be a power of two"),
        (["silos", "--measure", "vendor_price"], "unknown measure with one number per draw 'vendor_price'"),
        (["silos", "--technology", "7g"], "unknown technology '7g'"),
        (["silos", "silos"], "scenario 'silos' is given twice"),
    ],
)
def test_mistakes_get_one_sentence(arguments, sentence):
    with pytest.raises(sn.StandardsNetError, match=re.escape(sentence)):
        CliRunner().invoke(app, ["sensitivity", *arguments, "--year", "2021"], catch_exceptions=False)
