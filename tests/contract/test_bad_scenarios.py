"""Every kind of bad scenario has its own clear sentence: file, key, what would be right."""

import io

import pytest

import standards_net as sn

HEAD = 'name = "mine"\ntitle = "Mine"\n'

CASES = {
    "not TOML": ("name = ", "mine.toml is not valid TOML"),
    "empty": ("", "mine.toml is empty; a scenario needs at least 'name' and 'title'."),
    "no title": ('name = "mine"\n', "mine.toml: title is missing."),
    "unknown key": (HEAD + "polices = 1\n", "polices: there is no such key; did you mean 'policies'?"),
    "unknown key inside": (
        HEAD + '[[ban]]\nwho = ["USA"]\nvendor = ["zte"]\nvendors = ["zte"]\nfrom = 2020\n',
        "ban number 1, vendor: there is no such key; did you mean 'vendors'?",
    ),
    "name with spaces": ('name = "my own"\ntitle = "x"\n', "name: 'my own' is not valid"),
    "year as text": (
        HEAD + '[[ban]]\nwho = ["USA"]\nvendors = ["zte"]\nfrom = "soon"\n',
        "ban number 1, from: 'soon' is not valid; it should be a valid integer",
    ),
    "end before beginning": (
        HEAD + '[[ban]]\nwho = ["USA"]\nvendors = ["zte"]\nfrom = 2025\nuntil = 2024\n',
        "ban number 1: 'until' is 2024, before 'from' 2025.",
    ),
    "removal before ban": (
        HEAD + '[[ban]]\nwho = ["USA"]\nvendors = ["zte"]\nfrom = 2025\nremove_by = 2024\n',
        "'remove_by' is 2024, before 'from' 2025.",
    ),
    "strength above one": (
        HEAD + '[[restriction]]\nwho = ["USA"]\nvendors = ["zte"]\nfrom = 2020\nstrength = 2\n',
        "restriction number 1, strength: 2 is not valid",
    ),
    "pole and rule": (
        HEAD + '[[alignment]]\nwho = ["USA"]\npole = "us"\nrule = "trade"\nfrom = 2020\n',
        "give either 'pole' or 'rule', not both or neither.",
    ),
    "unknown country": (
        HEAD + '[[ban]]\nwho = ["UAS"]\nvendors = ["zte"]\nfrom = 2020\n',
        "mine.toml: ban from 2020: unknown country or group 'UAS'; did you mean 'USA'?",
    ),
    "a country by its name": (
        HEAD + '[[ban]]\nwho = ["brazil"]\nvendors = ["zte"]\nfrom = 2020\n',
        "unknown country or group 'brazil'; did you mean 'BRA' (Brazil)?",
    ),
    "several unknown names at once": (
        HEAD + '[[ban]]\nwho = ["UAS", "DEI"]\nvendors = ["zte"]\nfrom = 2020\n',
        "did you mean 'USA'?\nmine.toml: ban from 2020: unknown country or group 'DEI'; did you mean 'DEU'?",
    ),
    "a parameter that is none": (
        HEAD + "[parameters]\nlockin = 1.0\n",
        "mine.toml: parameters: unknown parameter 'lockin'; did you mean 'lock_in'?",
    ),
    "a parameter beyond reason": (
        HEAD + "[parameters]\nprogress_ratio = -1\n",
        "mine.toml: parameters: progress_ratio is -1; it must be from 0.01 to 1.",
    ),
    "a multiple beyond reason": (
        HEAD + "[parameters]\nlifetime_5g = { times = 0.01 }\n",
        "mine.toml: parameters: lifetime_radio is 0.06; it must be from 1 to 100.",
    ),
    "a parameter that is not finite": (
        HEAD + "[parameters]\nlock_in = nan\n",
        "parameters, lock_in: nan is not valid",
    ),
    "a misspelt key of a parameter": (
        HEAD + "[parameters]\nlock_in = { time = 2 }\n",
        "parameters, lock_in, time: there is no such key; did you mean 'times'?",
    ),
    "a pole without such a leader": (
        HEAD + '[[pole]]\nname = "eu"\nleaders = ["UE"]\n',
        "pole 'eu', leaders: unknown country or group 'UE'",
    ),
    "a pole with an unknown rival": (
        HEAD + '[[pole]]\nname = "eu"\nleaders = ["EU"]\nrivals = ["chnia"]\n',
        "pole 'eu', rivals: unknown pole 'chnia'; did you mean 'china'?",
    ),
    "a pole named like a group": (
        HEAD + '[[pole]]\nname = "EU"\nleaders = ["EU"]\n',
        "pole 'EU': the name is taken by a country, group or pole",
    ),
    "a rule that chooses no pole": (
        HEAD + '[[alignment]]\nwho = ["all"]\nrule = "affinity"\npoles = ["us", "nonaligned"]\nfrom = 2020\n',
        "a rule chooses among poles with leaders; 'nonaligned' has none.",
    ),
    "an agreement of a standard with itself": (
        HEAD + '[[agreement]]\nbetween = ["west", "west"]\nfrom = 2020\n',
        "'west' always works with itself; name two standards.",
    ),
    "unknown group": (
        HEAD + '[[ban]]\nwho = ["NATTO"]\nvendors = ["zte"]\nfrom = 2020\n',
        "unknown country or group 'NATTO'; did you mean 'NATO'?",
    ),
    "unknown vendor": (
        HEAD + '[[ban]]\nwho = ["USA"]\nvendors = ["huawai"]\nfrom = 2020\n',
        "unknown vendor, standard or pole 'huawai'; did you mean 'huawei'?",
    ),
    "unknown standard": (
        HEAD + '[[compatibility]]\nbetween = ["chna", "west"]\nvalue = 0.5\nfrom = 2020\n',
        "unknown standard 'chna'; did you mean 'china'?",
    ),
    "a standard with itself": (
        HEAD + '[[compatibility]]\nbetween = ["west", "west"]\nvalue = 0.5\nfrom = 2020\n',
        "'west' always works with itself; name two standards.",
    ),
    "unknown pole": (
        HEAD + '[[alignment]]\nwho = ["USA"]\npole = "usa"\nfrom = 2020\n',
        "alignment: unknown pole 'usa'; did you mean 'us'?",
    ),
    "vendor moved to a standard that is unknown": (
        HEAD + '[standards]\nerikson = "europe"\n',
        "standards: unknown vendor 'erikson'; did you mean 'ericsson'?",
    ),
    "unknown parameter": (
        HEAD + "[parameters]\nlockin = 1.0\n",
        "parameters: unknown parameter 'lockin'; did you mean 'lock_in'?",
    ),
    "unknown parent": (
        HEAD + 'extends = "status-quo"\n',
        "mine.toml: extends: unknown scenario 'status-quo'; did you mean 'status-quo-2019'?",
    ),
    "its own parent": (HEAD + 'extends = "mine"\n', "'extends' is circular: mine -> mine."),
    "no vendor left to buy from": (
        HEAD + '[[ban]]\nwho = ["KEN"]\nvendors = ["all"]\ntechnologies = ["radio"]\nfrom = 2021\n',
        "in 2021 KEN may buy 5g from no vendor; leave at least one vendor unbanned.",
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_of_bad_scenario_has_its_sentence(world, tmp_path, kind):
    text, sentence = CASES[kind]
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(sn.ScenarioError) as caught:
        sn.run(world, path, draws=2, rng=1)
    assert sentence in str(caught.value)


def test_several_mistakes_are_told_at_once(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('nam = "x"\npolicies = "2020"\n', encoding="utf-8")
    with pytest.raises(sn.ScenarioError) as caught:
        sn.load_scenario(path)
    assert len(caught.value.complaints) >= 3


def test_no_such_file_or_name(tmp_path):
    with pytest.raises(sn.ScenarioError, match="there is no such file"):
        sn.load_scenario(tmp_path / "none.toml")
    with pytest.raises(sn.ScenarioError, match="unknown scenario 'silo'; did you mean 'silos'"):
        sn.load_scenario("silo")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(sn.ScenarioError, match="is a folder"):
        sn.load_scenario(tmp_path / "folder.toml")


def test_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(HEAD + 'extends = "silos"\n'))
    assert sn.load_scenario("-").lineage == ("mine", "silos", "status-quo-2019")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"draws": 0}, "draws is 0; it must be a whole number of at least 1"),
        ({"draws": "8"}, "draws is '8'; it must be a whole number of at least 1"),
        ({"draws": True}, "draws is True; it must be a whole number of at least 1"),
        ({"threads": 0}, "threads is 0; it must be a whole number of at least 1"),
        ({"rng": -1}, "rng is -1; give a whole number of 0 or more"),
        ({"rng": "a"}, "rng is 'a'; give a whole number of 0 or more"),
        ({"mechanism": "procuremnt"}, "unknown mechanism 'procuremnt'; did you mean 'procurement'?"),
        ({"years": 2030}, "consecutive and at least two"),
        ({"technologies": ["radio", "radio"]}, "technologies are 5g, 5g; name each once"),
        ({"years": [2019]}, "consecutive and at least two"),
        ({"years": [2020, 2021]}, "years start in 2020; the world's tables are of 2019"),
        ({"technologies": ["6g"]}, "unknown technology '6g'; valid are 5g, iot"),
        ({"groups": ["NATTO"]}, "did you mean 'NATO'"),
        ({"snapshots": [2099]}, "snapshot 2099 is not among the years"),
    ],
)
def test_impossible_runs(world, arguments, sentence):
    with pytest.raises(sn.StandardsNetError, match=sentence):
        sn.run(world, "silos", **{"draws": 2, "rng": 1, "years": range(2019, 2022), **arguments})


def test_a_scenario_given_twice_and_none_at_all(world):
    with pytest.raises(sn.StandardsNetError, match="'silos' is given twice"):
        sn.run(world, ["silos", "silos"], draws=2)
    with pytest.raises(sn.StandardsNetError, match="no scenario given"):
        sn.run(world, [], draws=2)
    with pytest.raises(sn.StandardsNetError, match="scenario is 3; it must be a name"):
        sn.run(world, [3], draws=2)
