"""Every kind of bad table has its own clear sentence: file, row, column, what would be right."""

import shutil

import numpy as np
import pytest

import standards_net as sn
from standards_net.files import data_folder
from standards_net.tables import check_folder, read_tables

pytestmark = pytest.mark.slow  # each reads all tables anew


@pytest.fixture
def folder(tmp_path):
    """A user's folder with copies of a few tables."""
    for name in (
        "countries/countries.csv", "vendors/adoption.csv", "countries/trade.csv", "vendors/operators.csv",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(data_folder() / name, tmp_path / name)
    return tmp_path


def edit(path, old, new, count=1):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def test_good_tables_have_no_complaints(folder):
    assert check_folder(folder) == []
    assert sn.load_world(folder).countries == sn.load_world().countries


CASES = {
    "a number that is none": (
        "countries/countries.csv",
        lambda t: t.replace("Southern Asia,33.0,66.0", "Southern Asia,n/a,66.0", 1),
        ["countries.csv row 2, column lat: 'n/a' is not a number."],
    ),
    "a number below the least": (
        "countries/countries.csv",
        lambda t: t.replace(",37856121,", ",-5,", 1),
        ["countries.csv row 2, column population: -5 is below the least possible, 1."],
    ),
    "a number above the most": (
        "vendors/adoption.csv",
        lambda t: t.replace("AFG,core,ericsson,0.", "AFG,core,ericsson,1.", 1),
        ["adoption.csv row 2, column share: 1.", "is above the most possible, 1."],
    ),
    "shares that add up to more than one": (
        "vendors/adoption.csv",
        lambda t: t.replace("KEN,radio,huawei,0.", "KEN,radio,huawei,0.9", 1),
        ["adoption.csv row", "shares of KEN for radio add up to 1.", "they must add up to at most 1."],
    ),
    "an unknown country": (
        "countries/trade.csv",
        lambda t: t.replace("\nZWE,ZMB,", "\nZWF,ZMB,", 1),
        ["trade.csv row", "column exporter: unknown country 'ZWF'; it must be in countries.csv"],
    ),
    "an unknown vendor": (
        "vendors/adoption.csv",
        lambda t: t.replace("AFG,core,huawei,", "AFG,core,huawai,", 1),
        ["adoption.csv row 3, column vendor: unknown vendor 'huawai'; did you mean 'huawei'?"],
    ),
    "a word that is not among the valid ones": (
        "vendors/adoption.csv",
        lambda t: t.replace(",estimated,", ",estimatd,", 1),
        ["column status: 'estimatd' is not one of observed, derived, estimated; did you mean 'estimated'?"],
    ),
    "an operator of no known kind": (
        "vendors/operators.csv",
        lambda t: t.replace(",pool,", ",pol,", 1),
        ["column kind: 'pol' is not one of firm, joint, pool; did you mean 'pool'?"],
    ),
    "a champion that is neither yes nor no": (
        "vendors/operators.csv",
        lambda t: t.replace("MTN,0,high", "MTN,2,high", 1),
        ["operators.csv row 3, column champion: 2 is above the most possible, 1."],
    ),
    "a group that is not a short name": (
        "vendors/operators.csv",
        lambda t: t.replace(",mtn,", ",MTN Group,", 1),
        ["operators.csv row 3, column group: 'MTN Group' does not match the pattern [a-z0-9][a-z0-9-]*."],
    ),
    "an operator that stands twice": (
        "vendors/operators.csv",
        lambda t: t + t.splitlines()[1] + "\n",
        ["country and operator and firm 'AFG / Etisalat Afghanistan / Etisalat Afghanistan' is already"],
    ),
    "a code of the wrong shape": (
        "countries/countries.csv",
        lambda t: t.replace("\nAFG,", "\nAfg,", 1),
        ["countries.csv row 2, column country: 'Afg' does not match the pattern [A-Z]{3}."],
    ),
    "a required cell that is empty": (
        "countries/countries.csv",
        lambda t: t.replace("AFG,Afghanistan", "AFG,", 1),
        ["countries.csv row 2, column name: the cell is empty; short English name is required."],
    ),
    "a row that stands twice": (
        "countries/countries.csv",
        lambda t: t + t.splitlines()[1] + "\n",
        ["countries.csv row 198: country 'AFG' is already in row 2; keep one."],
    ),
    "a missing column": (
        "countries/trade.csv",
        lambda t: "\n".join(",".join(line.split(",")[:3]) for line in t.splitlines()) + "\n",
        ["trade.csv: column 'status' is missing."],
    ),
    "an unknown column": (
        "countries/trade.csv",
        lambda t: t.replace("value_usd", "value_us", 1),
        ["trade.csv: unknown column 'value_us'; did you mean 'value_usd'?"],
    ),
    "a column that stands twice": (
        "countries/trade.csv",
        lambda t: t.replace("exporter,importer", "exporter,exporter", 1),
        ["trade.csv: column 'exporter' stands in the header twice; keep one."],
    ),
    "a row with too many cells": (
        "countries/trade.csv",
        lambda t: t.replace("observed,CEPII BACI\n", "observed,CEPII BACI,x\n", 1),
        ["trade.csv row 2 has 6 cells; the header has 5."],
    ),
    "an empty file": ("countries/trade.csv", lambda _: "", ["trade.csv is empty; it needs a header row"]),
    "a header alone": (
        "countries/trade.csv",
        lambda t: t.splitlines()[0] + "\n",
        ["trade.csv has a header but no rows; it needs at least one."],
    ),
    "infinity": (
        "countries/countries.csv",
        lambda t: t.replace(",37856121,", ",inf,", 1),
        ["countries.csv row 2, column population: 'inf' is not a number."],
    ),
    "half a person": (
        "countries/countries.csv",
        lambda t: t.replace(",37856121,", ",37856121.5,", 1),
        ["countries.csv row 2, column population: '37856121.5' is not a whole number."],
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_of_bad_table_has_its_sentence(folder, kind):
    name, spoil, sentences = CASES[kind]
    path = folder / name
    before = path.read_text(encoding="utf-8")
    spoilt = spoil(before)
    assert spoilt != before
    path.write_text(spoilt, encoding="utf-8")
    complaints = check_folder(folder)
    assert complaints
    for sentence in sentences:
        assert any(sentence in complaint for complaint in complaints), complaints


def test_reading_refuses_what_checking_complains_of(folder):
    edit(folder / "countries" / "countries.csv", ",37856121,", ",-5,")
    with pytest.raises(sn.DataError) as caught:
        read_tables(folder)
    assert list(caught.value.complaints) == check_folder(folder)


def test_not_utf8(folder):
    (folder / "countries" / "trade.csv").write_bytes(b"exporter,importer\n\xff\xfe")
    assert check_folder(folder) == ["trade.csv: byte 18 is not UTF-8; save the file as UTF-8."]


def test_a_misspelt_file_is_not_silently_ignored(folder):
    (folder / "countries" / "trade.csv").rename(folder / "countries" / "trades.csv")
    assert check_folder(folder) == [
        "countries/trades.csv: this file is not one of the tables; did you mean 'countries/trade.csv'?"
    ]


def test_no_such_folder_and_no_table(tmp_path):
    assert check_folder(tmp_path / "none") == [f"{tmp_path / 'none'}: there is no such folder."]
    assert "no table was found in it" in check_folder(tmp_path)[0]


def test_broken_dictionary(folder):
    (folder / "datapackage.json").write_text('{"resources": [,]}')
    assert check_folder(folder) == ["datapackage.json line 1, column 16: not valid JSON (expecting value)."]


def test_a_stale_hash_is_told(tmp_path):
    shutil.copytree(data_folder(), tmp_path / "data")
    edit(tmp_path / "data" / "countries" / "countries.csv", "Afghanistan", "Afganistan")
    (complaint,) = check_folder(tmp_path / "data")
    assert complaint.startswith("countries.csv: its content is not what datapackage.json says")


def test_all_complaints_come_at_once_and_end(folder):
    path = folder / "vendors" / "adoption.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",0.", ",x.").replace("estimated", "guess"))
    complaints = check_folder(folder)
    assert 5 < len(complaints) <= 51


def test_own_countries_reduce_the_shipped_tables(tmp_path):
    text = (data_folder() / "countries" / "countries.csv").read_text(encoding="utf-8").splitlines()
    kept = [text[0], *(line for line in text[1:] if line[:3] in {"USA", "CHN", "JPN", "DEU", "NAM"})]
    (tmp_path / "countries").mkdir()
    (tmp_path / "countries" / "countries.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    world = sn.load_world(tmp_path)
    assert world.countries == ("CHN", "DEU", "JPN", "NAM", "USA")
    operators = world.operators()
    assert operators.nodes["NAM:MTC Namibia"]["champion"]
    assert "KEN:Safaricom" not in operators
    result = sn.run(world, "broad-allied-ban", draws=4, rng=1, years=range(2019, 2023))
    assert result.coords["country"] == world.countries


def test_rows_that_a_world_cannot_do_without(folder):
    text = (folder / "countries" / "countries.csv").read_text(encoding="utf-8").rstrip("\n")
    one_more = text.splitlines()[1].replace("AFG", "XYZ").replace("Afghanistan", "Atlantis")
    (folder / "countries" / "countries.csv").write_text(f"{text}\n{one_more}\n", encoding="utf-8")
    complaints = check_folder(folder)
    assert "markets.csv: XYZ has no row for radio; every economy of countries.csv needs one." in complaints
    assert any(c.startswith("adoption.csv: XYZ has no row for iot of quectel, ") for c in complaints)
    assert (
        "trade.csv: XYZ has no trade; every economy of countries.csv needs at least one flow." in complaints
    )
    with pytest.raises(sn.DataError, match="XYZ"):
        sn.load_world(folder)


def test_shares_are_not_rescaled_in_silence(folder):
    lines = (folder / "vendors" / "adoption.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("AFG,radio,huawei,")]
    (folder / "vendors" / "adoption.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert check_folder(folder)[-1] == (
        "adoption.csv: AFG has no row for radio of huawei; give every vendor a row, with share 0 if it sells "
        "nothing there."
    )
    edit(folder / "vendors" / "adoption.csv", "AFG,iot,quectel,0.", "AFG,iot,quectel,0.0")
    assert any("shares of AFG for iot add up to 0." in c for c in check_folder(folder))


def test_nobody_trades_with_itself(folder):
    edit(folder / "countries" / "trade.csv", "\nZWE,ZMB,", "\nZWE,ZWE,")
    (complaint,) = check_folder(folder)
    assert complaint.endswith("ZWE trades with itself; keep flows between two.")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (",lock_in,", ",lockin,", "unknown parameter 'lockin'; did you mean 'lock_in'?"),
        (",lock_in,", ",lockin,", "the row of 'lock_in' is missing; the model reads it."),
        (",uniform,0.3,1.7,", ",uniform,1.7,0.3,", "lock_in: low 1.7 must be below high 0.3."),
        (
            ",uniform,0.3,1.7,",
            ",uniform,-0.3,1.7,",
            "lock_in: the prior -0.3 to 1.7 leaves least 0 to most inf.",
        ),
        (
            "log-odds,1,uniform,0.3",
            "log-odds,2,uniform,0.3",
            "lock_in: default 2 is not between low 0.3 and high",
        ),
        (
            "loguniform,0.003,",
            "loguniform,0,",
            "network_value_radio: low 0 must be above 0 for a loguniform prior.",
        ),
    ],
)
def test_parameters_that_the_model_cannot_use(tmp_path, old, new, sentence):
    (tmp_path / "model").mkdir()
    shutil.copy(data_folder() / "model" / "parameters.csv", tmp_path / "model")
    edit(tmp_path / "model" / "parameters.csv", old, new)
    assert any(sentence in complaint for complaint in check_folder(tmp_path))


def test_names_that_a_smaller_world_leaves_out_mean_nobody(tmp_path):
    text = (data_folder() / "countries" / "countries.csv").read_text(encoding="utf-8").splitlines()
    kept = [text[0], *(line for line in text[1:] if line[:3] in {"USA", "CHN", "JPN", "DEU", "KEN"})]
    (tmp_path / "countries").mkdir()
    (tmp_path / "countries" / "countries.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    world = sn.load_world(tmp_path)
    assert {"RUS", "HKG", "ASEAN"} <= world.left_out
    assert not {"USA", "EU"} & world.left_out
    for name in ("silos", "china-retaliates", "uncoordinated-bans"):
        result = sn.run(world, name, draws=2, rng=1, years=range(2019, 2022))
        assert np.isfinite(result["beta"].values).all()
        assert np.isfinite(result["group_loss"].values).all()
    with pytest.raises(sn.StandardsNetError, match="unknown country or group 'RUX'"):
        world.members("RUX")
