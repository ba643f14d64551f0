"""Every kind of bad scenario has its own clear sentence: file, key, what would be right."""

import io

import pytest

import standards_net as sn
from standards_net.errors import nearest

HEAD = 'name = "mine"\ntitle = "Mine"\n'
BAN = HEAD + '[[ban]]\nwho = ["USA"]\nvendors = ["zte"]\nfrom = 2020\n'
EXIT = HEAD + '[[exit]]\nwho = ["RUS"]\nvendors = ["huawei"]\nfrom = 2022\n'
SUPPLY = HEAD + '[[supply]]\nvendors = ["huawei"]\nfrom = 2022\n'
SPLIT = HEAD + '[[compatibility]]\nbetween = ["china", "west"]\nvalue = 0.5\nfrom = 2020\n'

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
        "ban number 1, from: 'soon' is not valid; give a whole number.",
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
        "mine.toml: ban from 2020: unknown country or group 'UAS'; give an ISO 3166-1 alpha-3 code or a name",
    ),
    "a country by another list's code": (
        HEAD + '[[ban]]\nwho = ["GER"]\nvendors = ["zte"]\nfrom = 2020\n',
        "'GER': it is no ISO 3166-1 code, and means DEU elsewhere; write 'DEU'.",
    ),
    "several unknown names at once": (
        HEAD + '[[ban]]\nwho = ["UAS", "DEI"]\nvendors = ["zte"]\nfrom = 2020\n',
        "or a name.\nmine.toml: ban from 2020: unknown country or group 'DEI'; give an ISO 3166-1",
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
        HEAD + "[parameters]\nlifetime_radio = { times = 0.01 }\n",
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
        "pole 'EU': the name is taken by a country, group, pole, standard or vendor",
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
        "in 2021 KEN may buy radio from no vendor; leave at least one vendor unbanned.",
    ),
    "a base that is none": (
        BAN + 'technologies = ["radio"]\nbases = ["6g"]\n',
        "mine.toml: ban from 2020: unknown base '6g'; valid are 4g, 5g.",
    ),
    "a base of a technology that has one": (
        BAN + 'technologies = ["core"]\nbases = ["5g"]\n',
        "mine.toml: ban from 2020: these technologies have one base, not '5g'.",
    ),
    "a base that is no list": (BAN + 'bases = "5g"\n', "ban number 1, bases: '5g' is not valid"),
    "a technology that is none": (
        BAN + 'technologies = ["5g"]\n',
        "mine.toml: ban: unknown technology '5g'; valid are core, iot, radio.",
    ),
    "no technology": (BAN + "technologies = []\n", "ban number 1, technologies: [] is not valid"),
    "a cap above one": (BAN + "cap = 30\n", "ban number 1, cap: 30 is not valid"),
    "a cap below zero": (BAN + "cap = -0.1\n", "ban number 1, cap: -0.1 is not valid"),
    "a cap as text": (BAN + 'cap = "a third"\n', "ban number 1, cap: 'a third' is not valid"),
    "a cap that removes": (
        BAN + "cap = 0.35\nremove_by = 2025\n",
        "ban number 1: 'cap' and 'remove_by' exclude each other: what is capped stays installed.",
    ),
    "a truth for a cap": (BAN + "cap = true\n", "ban number 1, cap: true is not valid; give a number."),
    "a number in quotes": (
        BAN + 'share_of_market = "0.5"\n',
        "ban number 1, share_of_market: '0.5' is not valid; give a number.",
    ),
    "a truth for a parameter": (
        HEAD + "[parameters]\nlifetime_radio = true\n",
        "parameters: lifetime_radio: true is not valid; give a number.",
    ),
    "a multiple in quotes": (
        HEAD + '[parameters]\nlifetime_radio = { times = "2" }\n',
        "parameters: lifetime_radio: '2' is not valid; give a number.",
    ),
    "operators without any vendor": (
        HEAD + '[[ban]]\nwho = ["DEU"]\nvendors = ["all"]\nfrom = 2022\nshare_of_market = 0.5\n',
        "in 2022 DEU may buy radio from no vendor; leave at least one vendor unbanned.",
    ),
    "a cap on the only vendors left": (
        HEAD + '[[ban]]\nwho = ["DEU"]\nvendors = ["west", "open"]\nfrom = 2022\ntechnologies = ["radio"]\n'
        '[[ban]]\nwho = ["DEU"]\nvendors = ["china"]\nfrom = 2023\ncap = 0.2\ntechnologies = ["radio"]\n',
        "in 2023 DEU may buy radio from no vendor; leave at least one vendor unbanned.",
    ),
    "a shift of everybody": (
        HEAD + '[[quality]]\nvendors = ["all"]\nfrom = 2022\nshift = 1.0\n',
        "quality number 1: a shift of all vendors alike changes no choice; name those that gain.",
    ),
    "a truth for a year": (
        BAN.replace("from = 2020", "from = true"),
        "ban number 1, from: true is not valid; give a whole number.",
    ),
    "a removal after the order has ended": (
        BAN + "until = 2022\nremove_by = 2025\n",
        "ban number 1: 'remove_by' is 2025, after 'until' 2022: the order would end before all is removed.",
    ),
    "neither operators nor areas": (
        BAN + 'share_of_market = 0.5\nshare_by = "regions"\n',
        "ban number 1, share_by: 'regions' is not valid",
    ),
    "capacity of everybody": (
        SUPPLY.replace('["huawei"]', '["all"]') + "capacity = 0.5\n",
        "supply number 1: a shortage of all vendors alike changes no choice; name those that are short.",
    ),
    "more than the market": (
        BAN + "share_of_market = 1.5\n",
        "ban number 1, share_of_market: 1.5 is not valid",
    ),
    "a share of the market that is not finite": (
        BAN + "share_of_market = nan\n",
        "ban number 1, share_of_market: nan is not valid",
    ),
    "compliance above one": (BAN + "compliance = 2\n", "ban number 1, compliance: 2 is not valid"),
    "compliance below zero": (BAN + "compliance = -1\n", "ban number 1, compliance: -1 is not valid"),
    "a delay below zero": (BAN + "delay_years = -1\n", "ban number 1, delay_years: -1 is not valid"),
    "a delay without end": (BAN + "delay_years = inf\n", "ban number 1, delay_years: inf is not valid"),
    "a delay of centuries": (BAN + "delay_years = 200\n", "ban number 1, delay_years: 200 is not valid"),
    "a misspelt field of a ban": (
        BAN + "share_of_markets = 0.5\n",
        "ban number 1, share_of_markets: there is no such key; did you mean 'share_of_market'?",
    ),
    "an exit without spares": (EXIT + "spares_years = 0\n", "exit number 1, spares_years: 0 is not valid"),
    "an exit of half years": (EXIT + "spares_years = 2.5\n", "exit number 1, spares_years: 2.5 is not valid"),
    "an exit of centuries": (EXIT + "spares_years = 51\n", "exit number 1, spares_years: 51 is not valid"),
    "an exit from nowhere": (
        HEAD + '[[exit]]\nvendors = ["huawei"]\nfrom = 2022\n',
        "exit number 1, who is missing",
    ),
    "an exit of a vendor that is none": (
        EXIT.replace("huawei", "huawai"),
        "mine.toml: exit from 2022: unknown vendor, standard or pole 'huawai'; did you mean 'huawei'?",
    ),
    "an exit from a country that is none": (
        EXIT.replace("RUS", "RUX"),
        "mine.toml: exit from 2022: unknown country or group 'RUX'",
    ),
    "an exit of the last vendors": (
        EXIT.replace('["huawei"]', '["all"]'),
        "in 2022 RUS may buy radio from no vendor; leave at least one vendor unbanned.",
    ),
    "supply as before": (
        SUPPLY,
        "supply number 1: give 'capacity', 'price' or 'quality': this entry changes nothing.",
    ),
    "no capacity at all": (SUPPLY + "capacity = 0\n", "supply number 1, capacity: 0 is not valid"),
    "more capacity than orders": (SUPPLY + "capacity = 1.2\n", "supply number 1, capacity: 1.2 is not valid"),
    "a price of nothing": (SUPPLY + "price = 0\n", "supply number 1, price: 0 is not valid"),
    "a price beyond reason": (SUPPLY + "price = 11\n", "supply number 1, price: 11 is not valid"),
    "a quality beyond reason": (SUPPLY + "quality = -20\n", "supply number 1, quality: -20 is not valid"),
    "supply to a country that is none": (
        SUPPLY + 'price = 2\nwho = ["RUX"]\n',
        "mine.toml: supply from 2022: unknown country or group 'RUX'",
    ),
    "supply by a vendor that is none": (
        SUPPLY.replace("huawei", "huawai") + "price = 2\n",
        "mine.toml: supply from 2022: unknown vendor, standard or pole 'huawai'; did you mean 'huawei'?",
    ),
    "supply that ends before it begins": (
        SUPPLY + "price = 2\nuntil = 2021\n",
        "supply number 1: 'until' is 2021, before 'from' 2022.",
    ),
    "a split for some equipment": (
        SPLIT + 'new_equipment_only = "some"\n',
        "compatibility number 1, new_equipment_only: 'some' is not valid; give true or false.",
    ),
    "one split for new equipment and one for all": (
        SPLIT + "new_equipment_only = true\n" + SPLIT.replace("west", "open").removeprefix(HEAD),
        "mine.toml: compatibility of radio is for new equipment only in some entries and for all in others; "
        "use one of the two for a technology.",
    ),
    "a split of a technology that is none": (
        SPLIT + 'technologies = ["6g"]\n',
        "mine.toml: compatibility: unknown technology '6g'; valid are core, iot, radio.",
    ),
    "a lift for a technology that is none": (
        HEAD + '[[lift]]\nwho = ["USA"]\nvendors = ["zte"]\nfrom = 2020\ntechnologies = ["radios"]\n',
        "mine.toml: lift: unknown technology 'radios'; did you mean 'radio'?",
    ),
}

# Kinds of which there is more to say than one sentence.
SEVERAL = (
    "several unknown names at once", "a multiple beyond reason", "a parameter that is not finite",
    "a misspelt key of a parameter",
)  # fmt: skip


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_of_bad_scenario_has_its_sentence(world, tmp_path, kind):
    text, sentence = CASES[kind]
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(sn.ScenarioError) as caught:
        sn.run(world, path, draws=2, rng=1)
    assert sentence in str(caught.value)
    if kind not in SEVERAL:
        assert len(caught.value.complaints) == 1


@pytest.mark.parametrize("technologies", [["all"], ["radio", "core"], ["radio"]])
def test_a_base_is_looked_for_in_all_technologies_of_an_entry(world, technologies):
    """``5g`` is a base of radio; an order about it does not touch the core, which has no such base."""
    ban = {"who": ["DEU"], "vendors": ["zte"], "from": 2020, "bases": ["5g"], "technologies": technologies}
    scenario = sn.load_scenario({"name": "x", "title": "X", "ban": [ban]})
    radio, core = (sn.compile_scenario(world, scenario, t, range(2019, 2021)) for t in ("radio", "core"))
    germany = world.countries.index("DEU")
    assert radio.newer[0].part[1, germany, 1] == 1.0
    assert radio.older[0].part[1, germany, 1] == 0.0
    assert not core.newer[0].part[1, germany].any()


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
        ({"technologies": ["radio", "radio"]}, "technologies are radio, radio; name each once"),
        ({"years": [2019]}, "consecutive and at least two"),
        ({"years": [2020, 2021]}, "years start in 2020; the world's tables are of 2019"),
        ({"technologies": ["6g"]}, "unknown technology '6g'; valid are core, iot, radio"),
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


def test_one_bracket_instead_of_two(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("name = 'mine'\ntitle = 'M'\n[ban]\nwho = ['DEU']\nvendors = ['zte']\nfrom = 2022\n")
    with pytest.raises(sn.ScenarioError, match=r"ban is a list of entries; write \[\[ban\]\] above each"):
        sn.load_scenario(path)


def test_a_standard_in_another_case_and_poles_beside_a_pole(world):
    mine = {"name": "mine", "title": "Mine"}
    with pytest.raises(sn.ScenarioError, match="'West' and 'west' differ in case only"):
        sn.compile_scenario(world, {**mine, "standards": {"nokia": "West"}}, "radio", range(2019, 2022))
    entry = {"who": ["KEN"], "pole": "us", "poles": ["china", "nope"], "from": 2022}
    with pytest.raises(sn.ScenarioError, match="'poles' is what a rule chooses from"):
        sn.load_scenario({**mine, "alignment": [entry]})


@pytest.mark.parametrize(
    ("word", "valid"),
    [
        ("NAFTA", ["NATO"]), ("Nordics", ["BRICS"]), ("G77", ["G7", "G20"]), ("Taipei", ["APEC"]),
        ("alcatel", ["all"]), ("ciena", ["china"]), ("simcom", ["fibocom"]), ("2030", ["2020"]),
        ("mean_share", ["china_share"]), ("discount_rate", ["count_scale"]), ("Eurozone", ["Europe"]),
    ],
)  # fmt: skip
def test_no_hint_leads_to_another_thing(word, valid):
    assert nearest(word, valid) == ""
