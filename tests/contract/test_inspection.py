"""check says all that is wrong at once, warns of what does nothing, and what it passes runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

import standards_net as sn
from standards_net.ensemble.inspection import inspect_data, inspect_scenario
from standards_net.files import data_folder
from standards_net.scenario import scenario_names


def bundled(name):
    return pd.read_csv(data_folder() / name, keep_default_na=False, na_values=[""])


BAN = {"who": ["DEU"], "vendors": ["huawei"], "from": 2022}


def mine(**entries):
    return {"name": "mine", "title": "Mine", **entries}


IDLE = {
    "a ban that ended long ago": (
        {"ban": [{**BAN, "from": 1991, "until": 1995}]},
        "ban from 1991 changes nothing: it ended in 1995, before 2020, the first year that is simulated.",
    ),
    "a maker of modules in radio": (
        {"ban": [{**BAN, "vendors": ["quectel"], "technologies": ["radio"]}]},
        "ban from 2022 changes nothing: none of quectel supplies radio.",
    ),
    "a ban again": (
        {"ban": [BAN, {**BAN, "who": ["Germany"], "from": 2024}]},
        "ban from 2024 changes nothing: they are excluded already, or the order binds nobody.",
    ),
    "a ban on record": (
        {"ban": [{**BAN, "who": ["USA"], "technologies": ["radio", "core"]}]},
        "ban from 2022 changes nothing: they are excluded already",
    ),
    "an order that binds nobody": (
        {"ban": [{**BAN, "share_of_market": 0.0}]},
        "ban from 2022 changes nothing: they are excluded already, or the order binds nobody.",
    ),
    "nothing to lift": (
        {"lift": [{**BAN, "who": ["KEN"]}]},
        "lift from 2022 changes nothing: there is nothing to lift.",
    ),
    "a pole that they are in": (
        {"alignment": [{"who": ["JPN"], "pole": "us", "from": 2022}]},
        "alignment from 2022 changes nothing: they are in that pole already.",
    ),
    "a shift of 0": (
        {"quality": [{"vendors": ["nokia"], "shift": 0.0, "from": 2022}]},
        "quality from 2022 changes nothing: its shift is 0.",
    ),
    "a budget of 0": (
        {"investment": [{"vendors": ["nokia"], "usd_per_year": 0.0, "from": 2022}]},
        "investment from 2022 changes nothing: its budget is 0.",
    ),
    "a value that they have": (
        {"compatibility": [{"between": ["china", "west"], "value": 1.0, "from": 2022}] * 2},
        "changes nothing: the standards are at that value already.",
    ),
    "a pole of nobody": (
        {"pole": [{"name": "third", "leaders": ["IND"]}]},
        "pole 'third' changes nothing: no entry lets anybody join it.",
    ),
    "a standard that they have": (
        {"standards": {"nokia": "west"}},
        "standards: nokia has the standard 'west' already.",
    ),
    "times one": (
        {"parameters": {"lock_in": {"times": 1.0}}},
        "parameters: lock_in times 1 changes nothing.",
    ),
    "an exclusion that stays": (
        {"alignment": [{"who": ["Vietnam"], "pole": "china", "from": 2022}]},
        "VNM joins 'china' but goes on excluding its vendors of radio; a 'lift' would end that.",
    ),
}


@pytest.mark.parametrize("kind", IDLE)
def test_entries_that_change_nothing_are_warned_of(world, kind):
    entries, sentence = IDLE[kind]
    found = inspect_scenario(world, mine(**entries))
    assert not found.errors
    assert any(sentence in warning for warning in found.warnings), found.warnings


IDLE_NAMES = {
    "twice": ({"who": ["DEU", "FRA", "DEU"]}, "ban from 2022: 'DEU' stands twice in 'who'."),
    "not among them": (
        {"who": ["DEU", "FRA"], "but": ["KEN"]},
        "ban from 2022: 'KEN' in 'but' is not among those that 'who' names.",
    ),
    "among them already": (
        {"who": ["EU", "DEU"]},
        "ban from 2022: 'DEU' in 'who' is among the others already.",
    ),
    "sells something else": (
        {"vendors": ["huawei", "quectel"], "technologies": ["radio", "core"]},
        "ban from 2022: 'quectel' does not supply radio, core.",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), IDLE_NAMES.values(), ids=IDLE_NAMES)
def test_idle_names_beside_working_ones_are_warned_of(world, change, sentence):
    found = inspect_scenario(world, mine(ban=[{**BAN, **change}]))
    assert found.warnings == (f"scenario: {sentence}",)


REPLACED = {
    "a later value": (
        {"compatibility": [{"between": ["china", "west"], "value": v, "from": 2022} for v in (0.3, 0.8)]},
        "compatibility number 1, from 2022 changes nothing: a later entry replaces it.",
    ),
    "only the first year": (
        {"quality": [{"vendors": ["zte"], "shift": 1.0, "from": 2019, "until": 2019}]},
        "quality from 2019 changes nothing: it ended in 2019, before 2020, the first year that is simulated.",
    ),
    "a cap after an exclusion": (
        {"ban": [{**BAN, "who": ["KEN"]}, {**BAN, "who": ["KEN"], "cap": 0.5}]},
        "ban number 2, from 2022 changes nothing: they are excluded already, or the order binds nobody.",
    ),
    "a cap before an exclusion": (
        {"ban": [{**BAN, "who": ["KEN"], "cap": 0.5}, {**BAN, "who": ["KEN"]}]},
        "ban number 1, from 2022 changes nothing: a later entry replaces it.",
    ),
    "beside all": (
        {"ban": [{**BAN, "who": ["KEN"], "technologies": ["all", "radio"]}]},
        "ban from 2022: 'all' in 'technologies' leaves nothing to name beside it.",
    ),
    "a fixed value": (
        {"parameters": {"choice_sensitivity": 1.0}},
        "parameters: choice_sensitivity is 1 in all draws already.",
    ),
}


@pytest.mark.parametrize(("entries", "sentence"), REPLACED.values(), ids=REPLACED)
def test_the_idle_entry_is_named_with_its_true_reason(world, entries, sentence):
    assert inspect_scenario(world, mine(**entries)).warnings == (f"scenario: {sentence}",)
    # Without it the bytes are the same.
    (kind, listed), asked = (
        next(iter(entries.items())),
        {"draws": 2, "rng": 1, "until": 2030, "technologies": "radio"},
    )
    if kind != "parameters" and "number" in sentence:
        at = int(sentence.split("number ")[1].split(",")[0]) - 1
        others = mine(**{kind: listed[:at] + listed[at + 1 :]})
        with pytest.warns(sn.StandardsNetWarning):
            whole = sn.run(world, mine(**entries), **asked)
        assert whole == sn.run(world, others, **asked)


def test_names_that_do_something_are_not(world):
    ban = {**BAN, "who": ["EU", "KEN"], "but": ["Hungary"], "vendors": ["huawei", "zte"]}
    assert inspect_scenario(world, mine(ban=[ban])) == ((), ())


def test_a_course_warns_of_them_but_a_policy_may_repeat_itself(world):
    asked = {"draws": 1, "rng": 1, "until": 2023, "technologies": "radio"}
    course = sn.begin(world, "silos", **asked)
    with pytest.warns(sn.StandardsNetWarning, match="ban from 2021 changes nothing: they are excluded"):
        course.changed(ban=[{**BAN, "who": ["USA"], "from": 2021}])
    again = {**BAN, "who": ["KEN"]}
    policy = lambda course: {"ban": [{**again, "from": course.year + 1}]}  # noqa: E731
    sn.run(world, "silos", policy=policy, **asked)


@pytest.mark.parametrize("kind", ["a ban again", "an exclusion that stays", "times one"])
def test_a_run_warns_of_them_too(world, kind):
    entries, sentence = IDLE[kind]
    with pytest.warns(sn.StandardsNetWarning) as told:
        sn.run(world, mine(**entries), draws=1, rng=1, until=2025)
    assert any(sentence in str(one.message) for one in told)


def test_a_warning_says_so_truly(world):
    """Without the entries that are warned of, the bytes are the same."""
    for entries, _ in (IDLE["a ban again"], IDLE["a pole that they are in"], IDLE["a ban on record"]):
        with pytest.warns(sn.StandardsNetWarning):
            whole = sn.run(world, mine(**entries), draws=2, rng=1, until=2026)
        less = {name: listed[:-1] for name, listed in entries.items()}
        found = sn.run(world, mine(**less), draws=2, rng=1, until=2026)
        assert (whole.values("mean_share") == found.values("mean_share")).all()


def test_a_lift_ends_what_stands_in_the_way(world):
    entry = {"who": ["Vietnam"], "pole": "china", "from": 2022}
    lift = {"who": ["Vietnam"], "vendors": ["china"], "from": 2022}
    found = inspect_scenario(world, mine(alignment=[entry], lift=[lift]))
    assert found == ((), ())


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_scenarios_run_and_every_entry_matters(world, name):
    found = inspect_scenario(world, name)
    assert not found.errors
    # The game of alignments lets others join the pole that this entry names.
    expected = 1 if name == "bipolar-free-nonaligned" else 0
    assert len(found.warnings) == expected


REFUSED = {
    "all but all": ({"ban": [{**BAN, "who": ["all"], "but": ["all"]}]}, "'but' leaves out all that"),
    "a pole twice": (
        {"pole": [{"name": "third", "leaders": ["IND"]}, {"name": "third", "leaders": ["BRA"]}]},
        "pole 'third' is there twice",
    ),
    "a pole named like a vendor": ({"pole": [{"name": "huawei", "leaders": ["IND"]}]}, "standard or vendor"),
    "a pole without a name": ({"pole": [{"name": "", "leaders": ["IND"]}]}, "pole number 1, name"),
    "a pole without leaders": ({"pole": [{"name": "third", "leaders": []}]}, "pole number 1, leaders"),
    "two poles with one leader": (
        {"pole": [{"name": "third", "leaders": ["IND"]}, {"name": "fourth", "leaders": ["IND"]}]},
        "IND leads 'third' already; a country leads one pole.",
    ),
    "a leader of the camps of 2019": (
        {"pole": [{"name": "third", "leaders": ["USA"]}]}, "USA leads 'us' already",
    ),
    "a standard without a name": ({"standards": {"nokia": ""}}, "standards, nokia"),
    "a standard called all": ({"standards": {"nokia": "all"}}, "'all' of nokia is the name of a"),
    "a standard called like a pole": ({"standards": {"nokia": "us"}}, "'us' of nokia is the name of a"),
    "true for a number": ({"parameters": {"lock_in": True}}, "lock_in: true is not valid"),
    "an infinite budget": (
        {"investment": [{"vendors": ["nokia"], "usd_per_year": float("inf"), "from": 2022}]}, "usd_per_year",
    ),
    "a rate beyond reason": (
        {"parameters": {"double_running_rate": 1e300}}, "double_running_rate is 1e+300; it must be from 0 to",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_entries_that_cannot_work_are_refused(world, kind):
    entries, sentence = REFUSED[kind]
    found = inspect_scenario(world, mine(**entries))
    assert any(sentence in error for error in found.errors), found.errors
    with pytest.raises(sn.StandardsNetError):
        sn.run(world, mine(**entries), draws=1, rng=1, until=2020)


def test_all_complaints_come_at_once(world):
    wrong = mine(
        ban=[{**BAN, "who": ["UAS"]}, {**BAN, "vendors": ["huawai"]}, {**BAN, "technologies": ["6g"]}],
        lift=[{**BAN, "who": ["GER"]}],
        agreement=[{"between": ["china", "wset"], "from": 2022}],
        parameters={"lockin": 1.0},
    )
    errors = "\n".join(inspect_scenario(world, wrong).errors)
    for part in ("'UAS'", "'huawai'", "'6g'", "'GER'", "'wset'", "'lockin'"):
        assert part in errors


class TestFolders:
    @pytest.fixture
    def folder(self, tmp_path):
        for name in ("countries/countries.csv", "countries/policies.csv", "vendors/adoption.csv"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            shutil.copy(data_folder() / name, tmp_path / name)
        return tmp_path

    def edit(self, path, change):
        table = pd.read_csv(path, keep_default_na=False, na_values=[""])
        change(table).to_csv(path, index=False, lineterminator="\n")

    def test_the_shipped_tables_run(self):
        assert inspect_data(data_folder()) == ((), ())

    def test_unrestricted_shares_add_up_too(self, folder):
        self.edit(
            folder / "vendors/adoption.csv",
            lambda t: t.assign(unrestricted_share=t["unrestricted_share"].where(t["country"] != "KEN", 0.0)),
        )
        found = inspect_data(folder).errors
        assert any(
            "unrestricted_shares of KEN for radio add up to 0; they must add up to 1" in e for e in found
        )

    def test_loadings_that_are_no_correlations(self, folder):
        self.edit(folder / "vendors/adoption.csv", lambda t: t.assign(factor_1=0.9, factor_2=-0.9))
        assert any("squares of factor_1 to factor_7 add up to" in e for e in inspect_data(folder).errors)

    def test_a_country_as_the_how_to_says(self, folder):
        """With four of the five tables that it needs, what is missing is said before a run meets NaN."""
        text = (folder / "countries/countries.csv").read_text(encoding="utf-8")
        row = next(line for line in text.splitlines() if line.startswith("KEN"))
        (folder / "countries/countries.csv").write_text(
            text + row.replace("KEN", "ATL").replace("Kenya", "Atlantis") + "\n"
        )
        errors = inspect_data(folder).errors
        assert (
            "un_voting.csv: 1 economy has no row (ATL); every economy of countries.csv needs one." in errors
        )
        assert any("markets.csv: ATL has no row for radio" in error for error in errors)
        assert any(error.startswith("trade.csv: ATL has no trade") for error in errors)

    def test_half_a_table_is_told(self, folder):
        path = folder / "countries/policies.csv"
        text = path.read_text(encoding="utf-8")
        whole = text[: text.index("\n", len(text) // 2) + 1]
        path.write_text(whole, encoding="utf-8")
        (warning,) = inspect_data(folder).warnings
        assert "policies.csv:" in warning
        assert "economies have no row" in warning
        path.write_text(whole[:-20], encoding="utf-8")
        found = inspect_data(folder)
        assert "policies.csv: the last line does not end; is the file cut?" in found.warnings or found.errors
        path.write_text(whole, encoding="utf-8")
        with pytest.warns(sn.StandardsNetWarning, match="no row"):
            sn.load_world(folder)

    def test_trade_in_thousands_is_told(self, tmp_path):
        trade = bundled("countries/trade.csv")
        with pytest.warns(sn.StandardsNetWarning, match=r"of the GDP in countries\.csv; 0\.02 to 3 is"):
            sn.load_world({"trade": trade.assign(value_usd=trade["value_usd"] / 1000)})

    def test_money_per_head_that_nobody_has_is_told(self):
        countries = pd.read_csv(
            data_folder() / "countries/countries.csv", keep_default_na=False, na_values=[""]
        )
        with pytest.warns(sn.StandardsNetWarning) as told:
            sn.load_world({"countries": countries.assign(gdp_usd=countries["gdp_usd"] / 1000)})
        assert any("gdp_usd over population is " in str(one.message) for one in told)

    def test_a_table_that_nothing_reads_is_told(self):
        launches = bundled("countries/launches.csv")
        with pytest.warns(sn.StandardsNetWarning, match="launches.csv is a record that no run reads"):
            sn.load_world({"launches": launches})

    @pytest.mark.parametrize("what", ["a folder", "a link to itself", "a link to nothing", "a pipe"])
    def test_what_stands_at_a_table_s_place_must_be_one(self, folder, what):
        path = folder / "countries" / "policies.csv"
        path.unlink()
        if what == "a folder":
            path.mkdir()
        elif what == "a link to itself":
            path.symlink_to(path)
        elif what == "a link to nothing":
            path.symlink_to(folder / "nowhere")
        else:
            os.mkfifo(path)
        (error,) = inspect_data(folder).errors
        assert error.startswith("countries/policies.csv cannot be read: ")
        with pytest.raises(sn.DataError):
            sn.load_world(folder)

    @pytest.mark.parametrize(
        "name",
        [
            "policies.csv.gz",
            "policies.CSV",
            "policies.xlsx",
            "Policies.csv",
            "policies.csv.txt",
            "policies.tsv",
        ],
    )
    def test_names_like_a_table_are_told(self, folder, name):
        (folder / "countries" / "policies.csv").rename(folder / "countries" / name)
        (error,) = inspect_data(folder).errors
        assert name in error
        assert "countries/policies.csv" in error

    def test_a_copy_beside_the_table_is_no_fault(self, folder):
        shutil.copy(folder / "countries/policies.csv", folder / "countries/policies.csv.gz")
        assert not inspect_data(folder).errors

    @pytest.mark.parametrize(
        ("column", "value", "sentence"),
        [
            ("region", "Eurpe", "'Eurpe' is new; did you mean 'Europe'?"),
            ("subregion", "western Asia", "'western Asia' is new; did you mean 'Western Asia'?"),
            ("income_group", "high", "'high' is not one of low_income"),
        ],
    )
    def test_keys_as_free_text_are_held_to_what_is_known(self, folder, column, value, sentence):
        def change(table):
            table.loc[3, column] = value
            return table

        self.edit(folder / "countries/countries.csv", change)
        assert any(sentence in error for error in inspect_data(folder).errors)

    def test_an_organisation_of_ones_own_is_welcome(self):
        members = pd.read_csv(
            data_folder() / "countries/memberships.csv", keep_default_na=False, na_values=[""]
        )
        own = members.head(2).assign(organisation="MyClub")
        assert "MyClub" in sn.load_world({"memberships": pd.concat([members, own])}).groups
        with pytest.raises(sn.DataError, match="'NAT0' is new; did you mean 'NATO'"):
            sn.load_world({"memberships": pd.concat([members, own.assign(organisation="NAT0")])})

    def test_the_own_dictionary_cannot_loosen_the_checks(self, folder):
        package = (
            (data_folder() / "datapackage.json")
            .read_text(encoding="utf-8")
            .replace('"maximum": 1', '"maximum": 9')
        )
        (folder / "datapackage.json").write_text(package, encoding="utf-8")
        self.edit(folder / "vendors/adoption.csv", lambda t: t.assign(share=5.0))
        assert any("5.0 is above the most possible, 1" in error for error in inspect_data(folder).errors)

    @pytest.mark.parametrize(
        "content", ['{"resources": [1]}', '{"resources": [{"path": 3}]}', '{"resources": {}}', "[]"]
    )
    def test_an_odd_dictionary_is_told(self, folder, content):
        (folder / "datapackage.json").write_text(content)
        (error,) = inspect_data(folder).errors
        assert error.startswith("datapackage.json")


def test_the_command_tells_errors_and_warnings_apart(tmp_path):
    path = tmp_path / "mine.toml"
    head = 'name = "mine"\ntitle = "Mine"\n'
    entry = '[[ban]]\nwho = ["DEU"]\nvendors = ["huawei"]\nfrom = 1991\nuntil = 1992\n'
    for content, code, told in (
        (head, 0, ": no problem found."),
        (head + entry, 0, "standards-net: warning: mine.toml: ban from 1991 changes nothing"),
        (head + entry.replace("DEU", "UAS"), 1, "standards-net: mine.toml: ban from 1991: unknown country"),
    ):
        path.write_text(content)
        done = subprocess.run(
            [sys.executable, "-m", "standards_net", "check", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert told in done.stderr


@pytest.fixture(scope="module")
def idle():
    """A world that trades nothing."""
    trade = bundled("countries/trade.csv").assign(value_usd=0.0)
    with pytest.warns(sn.StandardsNetWarning, match="of the GDP"):
        return sn.load_world({"trade": trade})


@pytest.fixture(scope="module")
def alone():
    """A world of one economy."""
    countries = bundled("countries/countries.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sn.StandardsNetWarning)
        return sn.load_world({"countries": countries[countries["country"] == "DEU"]})


class TestUndefined:
    """Nothing to divide by: what is undefined is called so, with the reason."""

    @pytest.mark.filterwarnings("ignore:.*of the GDP:standards_net.StandardsNetWarning")
    @pytest.mark.parametrize("name", ["idle", "alone"])
    def test_it_is_told_in_tables_pages_and_charts(self, request, tmp_path, name):
        from standards_net.cli.console import print_measures
        from standards_net.measures import HEADLINES, MEASURES

        world = request.getfixturevalue(name)
        result = sn.run(world, "silos", draws=2, rng=1, until=2022)
        assert np.isnan(result.values("interoperability_loss")).all()
        for measure in ("market_fragmentation", "total_usd", "largest_bloc_share"):
            assert np.isfinite(result.values(measure)).all()
        numbers = sn.drawing.network_data(None, result).frames["silos", 2022].numbers
        assert numbers["Interoperability loss"].startswith("undefined: nothing is traded")
        page = sn.drawing.draw_result(None, result, tmp_path / "p.html").read_text(encoding="utf-8")
        assert "nan %" not in page
        chart = sn.drawing.draw_result(
            None, result, tmp_path / "f.svg", kind="fan", measure="interoperability_loss"
        )
        assert "undefined: nothing is traded" in chart.read_text(encoding="utf-8")
        for ending in ("json", "graphml", "gexf"):
            from standards_net.results import write_graph

            write_graph(result.to_networkx("silos", 2022, "radio"), tmp_path / f"g.{ending}")
        table = result.summary()
        told = {n: (MEASURES[n].meaning, MEASURES[n].unit, MEASURES[n].undefined) for n in HEADLINES}
        print_measures(table[table["measure"].isin(HEADLINES)], told, "t")

    def test_the_command_says_why(self, idle, capsys):
        from standards_net.cli.console import print_measures
        from standards_net.measures import MEASURES

        result = sn.run(idle, "status-quo-2019", draws=2, rng=1, until=2020)
        rows = result.summary().query("measure == 'interoperability_loss'")
        told = MEASURES["interoperability_loss"]
        print_measures(rows, {told.name: (told.meaning, told.unit, told.undefined)}, "t")
        assert "undefined: nothing is traded, so there is no exchange to weigh" in capsys.readouterr().out


class TestPictures:
    def test_a_result_is_drawn_from_itself(self, tmp_path):
        countries = pd.read_csv(
            data_folder() / "countries/countries.csv", keep_default_na=False, na_values=[""]
        )
        markets = bundled("vendors/markets.csv")
        share = markets["market_share"].where(markets["country"] != "DEU", 3 * markets["market_share"])
        share = share / share.groupby(markets["technology"]).transform("sum")
        world = sn.load_world(
            {
                "countries": countries.assign(name=countries["name"].replace("Germany", "Allemagne")),
                "markets": markets.assign(market_share=share),
            }
        )
        result = sn.run(world, mine(extends="silos"), draws=2, rng=1, until=2021)
        data = sn.drawing.network_data(None, result)
        at = world.countries.index("DEU")
        assert data.names[at] == "Allemagne"
        np.testing.assert_allclose(data.market, world.market("radio").share)
        assert data.vendor_names == world.market("radio").vendor_names
        assert data.scenario_titles == ("Mine",)
        assert "own tables of countries, markets" in data.source
        with_world = sn.drawing.network_data(world, result)
        assert with_world.operators
        for call in (
            lambda: sn.drawing.network_data(sn.load_world(), result),
            lambda: sn.drawing.bloc_map(sn.load_world(), result, "mine", 2021),
            lambda: sn.drawing.draw_result(sn.load_world(), result, tmp_path / "p.html"),
        ):
            with pytest.raises(sn.StandardsNetError, match="run on another world than the one to"):
                call()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Europe", "'Europe' means something else"),
        ("us", "'us' means"),
        ("all", "'all' means"),
        ("DEU", "'DEU'"),
    ],
)
def test_a_group_is_not_called_like_something_else(name, sentence):
    members = bundled("countries/memberships.csv")
    own = members.head(2).assign(organisation=name)
    with pytest.raises(sn.DataError) as told:
        sn.load_world({"memberships": pd.concat([members, own])})
    assert sentence in str(told.value)


@pytest.mark.parametrize(
    ("table", "change", "sentence"),
    [
        ("countries", {"name": "Germany"}, "the name 'Germany' stands in row"),
        ("countries", {"name": ["x"]}, "column name holds ['x']; give text or numbers."),
    ],
)
def test_names_mean_one_thing(table, change, sentence):
    (column, value), = change.items()  # fmt: skip
    frame = bundled("countries/countries.csv")
    frame[column] = frame[column].astype(object)
    frame.at[0, column] = value
    with pytest.raises(sn.DataError) as told:
        sn.load_world({table: frame})
    assert sentence in str(told.value)


def test_a_shift_of_all_vendors_is_one_of_none(world):
    shift = {"vendors": ["china", "west", "open"], "shift": 2.0, "from": 2022}
    (warning,) = inspect_scenario(world, mine(quality=[shift])).warnings
    assert warning.endswith("quality from 2022 changes nothing: it names every vendor alike.")


def test_entries_that_add_up_beyond_reason_do_not_pass(world):
    dear = {"vendors": ["china"], "from": 2020, "price": 10.0}
    found = inspect_scenario(world, mine(supply=[dear] * 400))
    assert any("is not a finite number in some year" in error for error in found.errors)


def test_complaints_of_poles_do_not_hide_those_of_entries(world):
    wrong = mine(
        pole=[{"name": "third", "leaders": ["USA"]}], standards={"nokai": "europe"},
        ban=[{**BAN, "who": ["UAS"]}, {**BAN, "vendors": ["huawai"]}],
    )  # fmt: skip
    errors = "\n".join(inspect_scenario(world, wrong).errors)
    for part in ("'UAS'", "'huawai'"):
        assert part in errors
