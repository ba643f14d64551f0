"""Rules of the dictionary that several cells must meet together: sums, orders, dates, flags, names."""

import re

import pandas as pd
import pytest

import standards_net as sn
from standards_net.files import data_folder
from standards_net.tables import inspect_folder, read_tables
from standards_net.tables.dictionary import read_dictionary, read_package
from standards_net.tables.rules import check_rules

SCHEMAS = read_dictionary(read_package(data_folder()))


@pytest.fixture(scope="module")
def frames():
    return read_tables().frames


def first(frame, **cells):
    """Place of the first row with such cells; None stands for any that is not empty."""
    found = pd.Series(True, index=frame.index)
    for name, value in cells.items():
        found &= frame[name].notna() if value is None else frame[name] == value
    return int(frame.index[found][0])


BROKEN = {
    "left before joined": (
        "memberships", {"left": None}, {"joined": "2030"}, "joined 2030 is later than left ",
    ),
    "a member before joining": (
        "memberships", {"member_2019": 1, "joined": None}, {"joined": "2024-05-01"},
        "member_2019 is 1, but ",
    ),
    "a member after leaving": (
        "memberships", {"member_2025": 1, "joined": None}, {"left": "2024"}, " left ",
    ),
    "restricted after the ban": (
        "policies", {"ban_year": None, "first_restrictive_date": None},
        {"first_restrictive_date": "2029-01", "latest_date": "2029-01"},
        "first_restrictive_date 2029-01 is later than ban_year 20",
    ),
    "restricted after the latest record": (
        "policies", {"first_restrictive_date": None}, {"first_restrictive_date": "2029-01-31"},
        "first_restrictive_date 2029-01-31 is later than latest_date ",
    ),
    "removed before the ban": (
        "policies", {"removal_year": None, "ban_year": None}, {"removal_year": 2019},
        "is above removal_year 2019",
    ),
    "another year than that of the date": (
        "launches", {"launch_date": None}, {"launch_year": 2027}, "launch_year 2027 is not the year of",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "row", "cells", "sentence"), BROKEN.values(), ids=BROKEN)
def test_cells_that_contradict_each_other(frames, name, row, cells, sentence):
    table = frames[name].copy()
    at = first(table, **row)
    for column, value in cells.items():
        table.loc[at, column] = value
    errors, _ = check_rules(table, SCHEMAS[name])
    assert any(f"row {at + 2}: " in each and sentence in each for each in errors), errors


def test_dates_are_compared_as_far_as_both_are_known(frames):
    table = frames["memberships"].copy()
    at = first(table, left="2023-06-12")
    table.loc[at, ["member_2019", "member_2025"]] = 0
    for joined in ("2023", "2023-06", "2023-06-12", "2023-06-11"):
        table.loc[at, "joined"] = joined
        assert check_rules(table, SCHEMAS["memberships"]) == ([], []), joined
    table.loc[at, "joined"] = "2023-07"
    assert len(check_rules(table, SCHEMAS["memberships"])[0]) == 1


def test_every_share_has_a_rule_that_bounds_its_sum():
    """Of vendors of one market; shares that are no parts of one thing are named here."""
    alone = {
        "un_voting": {"agree_usa", "agree_chn"},  # of votes, by two measures
        "deployment_reports": {"share"},  # coverage of a region
        "markets": {"deployment"},  # of each economy's own market
    }
    bounds = {"low", "high", "share_low", "share_high"}
    for name, schema in SCHEMAS.items():
        shares = {c.name for c in schema.columns if c.unit == "share"} - bounds - alone.get(name, set())
        summed = {rule.columns[0] for rule in schema.rules if rule.kind == "sum"}
        assert shares <= summed, name


@pytest.mark.parametrize("name", ["evidence", "country_radio_shares", "reported_shares"])
def test_shares_of_one_report_add_up_to_one_at_most(frames, name):
    table = frames[name].copy()
    rows = table[table["share"].notna() & (table["share"] > 0.4)].head(1)
    _, warnings = check_rules(pd.concat([table, rows, rows, rows], ignore_index=True), SCHEMAS[name])
    assert any("they must add up to at most 1" in each for each in warnings)


def test_names_and_units_that_match_nothing(tmp_path):
    for name, old, new in (
        ("countries/policies.csv", "radio;core", "radio;cor"),
        ("model/technologies.csv", "\niot,", "\nquantum,Quantum links,,what comes next\niot,"),
    ):
        text = (data_folder() / name).read_text(encoding="utf-8")
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    table = pd.read_csv(data_folder() / "countries" / "countries.csv")
    table["internet_users_pct"] /= 100.0
    table.to_csv(tmp_path / "countries" / "countries.csv", index=False)
    found = inspect_folder(tmp_path)
    assert list(found.errors) == [
        "technologies.csv row 4: no vendor sells 'quantum'; name one.",
        "policies.csv row 2: unknown technology 'cor'; did you mean 'core'?",
    ]
    told = " ".join(found.warnings)
    assert "internet_users_pct is at most 1 everywhere. Are these percentages, not fractions?" in told


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"technologies": "all"}, "unknown technology 'all'; valid are core, iot, radio."),
        ({"technologies": "radio;wireline"}, "unknown technology 'wireline'; valid are core, iot, radio."),
        ({"ban_year": 2018}, "ban_year is 2018, but no status says banned or de_facto_excluded."),
        ({"removal_year": 2025}, "removal_year needs the ban_year in which new purchases stopped."),
        (
            {"status_2019_10": "banned", "status_latest": "banned", "ban_year": 2024},
            "ban_year is 2024, but status_2019_10 is banned.",
        ),
    ],
)
def test_policies_that_would_do_nothing_or_contradict_themselves(frames, cells, sentence):
    table = frames["policies"].copy()
    at = first(table, country="KEN")
    for column, value in cells.items():
        table.loc[at, column] = value
    with pytest.raises(sn.DataError, match=re.escape(sentence)):
        sn.load_world({"policies": table})
