"""A scenario as data and back is the same scenario, whatever the schema can express."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standards_net.errors import ScenarioError
from standards_net.scenario import compile_scenario, load_scenario, scenario_names
from standards_net.scenario.schema import ScenarioFile

YEARS = range(2019, 2031)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

COUNTRIES = st.lists(st.sampled_from(["USA", "CHN", "IND", "DEU", "EU", "BRI"]), min_size=1, max_size=3)
VENDORS = st.lists(st.sampled_from(["huawei", "ericsson", "china", "west"]), min_size=1, max_size=2)
YEAR = st.integers(2020, 2028)
SHARE = st.floats(0.0, 1.0)
TECHNOLOGIES = st.sampled_from([["all"], ["radio"], ["core"], ["iot"], ["radio", "iot"]])
POLE = st.sampled_from(["us", "china", "nonaligned"])
STANDARD = st.sampled_from(["europe", "west"])
PARAMETER = st.sampled_from(["lock_in", "progress_ratio"])
BETWEEN = st.sampled_from([["china", "west"], ["china", "open"], ["open", "west"]])


PRINTABLE = st.text(max_size=20).map(lambda text: "".join(c for c in text if c.isprintable()))


def dated(optional=None, **required):
    """Entries in force from a year on, some of them until another."""
    entry = st.fixed_dictionaries(
        {"from": YEAR, **required}, optional={"later": st.integers(0, 3), **(optional or {})}
    )

    def ordered(found):
        """Dates that follow each other; what a cap allows to stay is not removed."""
        found = dict(found)
        later = found.pop("later", None)
        if later is not None:
            found["until"] = found["from"] + later
        if "remove_by" in found:
            found["remove_by"] = min(found["from"] + found["remove_by"], found.get("until", YEARS[-1] + 9))
        if found.get("cap", 0.0) > 0.0:
            for other in ("remove_by", "share_of_market", "share_by", "bases"):
                found.pop(other, None)
        return found

    return entry.map(ordered)


def on_vendors(**more):
    optional = {"but": st.just(["IND"]), "as_of": st.sampled_from([2019, 2025]), "technologies": TECHNOLOGIES}
    return {"who": COUNTRIES, "vendors": VENDORS}, {**optional, **more}


def entries(**more):
    required, optional = on_vendors(**more)
    return st.lists(dated(optional, **required), max_size=2)


def supplies():
    """Changes of capacity, price or quality, at least one of them."""
    changes = {
        "capacity": st.floats(0.1, 0.9),
        "price": st.floats(1.1, 3.0),
        "quality": st.floats(-2.0, -0.1),
    }

    def changing(one):
        others = {name: values for name, values in changes.items() if name != one}
        return dated({"who": COUNTRIES, **others}, vendors=VENDORS, **{one: changes[one]})

    return st.lists(st.one_of(*map(changing, changes)), max_size=2)


@st.composite
def files(draw, name):
    """What one file may say, without what it extends."""
    poles = st.lists(
        st.fixed_dictionaries({"name": st.just(f"pole-{name}"), "leaders": st.just(["FRA"])},
                              optional={"vendors": st.just(["nokia"]), "rivals": st.just(["us"])}),
        max_size=1,
    )  # fmt: skip
    change = st.one_of(st.floats(0.5, 0.9), st.floats(0.9, 1.1).map(lambda times: {"times": times}))
    policies = draw(st.sampled_from([None, "2019-10", "latest", "none", "drawn"]))
    made = {
        "name": name,
        "title": draw(PRINTABLE.filter(bool)),
        "description": draw(PRINTABLE),
        "serves": draw(st.lists(st.sampled_from(["B1", "B2"]), max_size=2)),
        "policies": policies,
        "drawn_from": draw(st.sampled_from([None, 2020, 2023])) if policies == "drawn" else None,
        "standards": draw(st.dictionaries(st.sampled_from(["ericsson", "nokia"]), STANDARD)),
        "pole": draw(poles),
        "alignment": draw(st.lists(dated(who=COUNTRIES, pole=POLE), max_size=2)),
        "lift": draw(entries()),
        "ban": draw(entries(remove_by=st.integers(0, 5), cap=SHARE, share_of_market=SHARE, compliance=SHARE,
                            share_by=st.sampled_from(["operators", "areas"]),
                            delay_years=st.floats(0.0, 5.0), bases=st.just([]))),
        "exit": draw(entries(spares_years=st.integers(1, 8))),
        "supply": draw(supplies()),
        "restriction": draw(entries(strength=SHARE)),
        "finance": draw(entries(strength=st.floats(0.0, 10.0))),
        "quality": draw(st.lists(dated(vendors=VENDORS, shift=st.floats(-5, 5)), max_size=2)),
        "investment": draw(st.lists(dated(vendors=VENDORS, usd_per_year=st.floats(0, 1e10)), max_size=2)),
        "compatibility": draw(
            st.lists(
                st.fixed_dictionaries(
                    {"between": BETWEEN, "value": SHARE, "from": YEAR},
                    optional={"new_equipment_only": st.booleans(), "technologies": TECHNOLOGIES},
                ),
                max_size=2,
            )
        ),
        "agreement": draw(st.lists(dated({"strength": SHARE}, between=BETWEEN), max_size=2)),
        "parameters": draw(st.dictionaries(PARAMETER, change, max_size=2)),
    }  # fmt: skip
    return {key: value for key, value in made.items() if value not in ("", [], {}, None)}


@st.composite
def scenarios(draw):
    """A file with up to two that it extends, the oldest shipped, made here, or none."""
    content = draw(files("oldest"))
    content |= draw(st.sampled_from([{}, {"extends": "three-poles"}, {"extends": "as-happened-2025"}]))
    for name in draw(st.sampled_from([(), ("middle",), ("middle", "youngest")])):
        content = {**draw(files(name)), "extends": content}
    scenario = load_scenario(content)
    if draw(st.booleans()):
        scenario = scenario.extended(
            **{k: v for k, v in draw(files("more")).items() if k not in ("name", "title")}
        )
    return scenario


def equal_levers(one, two):
    for name, value in vars(one).items():
        np.testing.assert_equal(value, getattr(two, name), err_msg=name)


@MANY
@given(scenarios())
def test_to_dict_and_back_is_the_same_scenario(scenario):
    data = scenario.to_dict()
    back = load_scenario(json.loads(json.dumps(data)))
    assert back == scenario
    assert hash(back) == hash(scenario)
    assert back.file == scenario.file
    assert back.lineage == scenario.lineage
    assert back.to_dict() == data
    again = load_scenario(back.to_dict())
    assert again == scenario


@settings(MANY, max_examples=25)
@given(scenarios())
def test_and_has_the_same_levers(world, scenario):
    one, two = (compiled(world, s) for s in (scenario, load_scenario(scenario.to_dict())))
    if isinstance(one, str):  # a country is left without vendors: both are refused alike
        assert one == two
    else:
        equal_levers(one, two)


def compiled(world, scenario):
    """Levers, or the complaint without the scenario's origin."""
    try:
        return compile_scenario(world, scenario, "radio", YEARS)
    except ValueError as error:
        return str(error).split(":", 1)[1]


def test_every_entry_of_the_schema_is_generated():
    """A kind of entry that is added must be added above, too."""
    known = set(ScenarioFile.model_fields) - {"extends"}
    assert known == {
        "name", "title", "description", "serves", "policies", "drawn_from", "standards", "pole", "alignment",
        "lift", "ban",
        "restriction", "exit", "supply", "finance", "quality", "investment", "compatibility", "agreement",
        "parameters",
    }  # fmt: skip


def test_what_a_scenario_extends_cannot_be_exchanged():
    with pytest.raises(ScenarioError, match="'extends' cannot be added to a scenario"):
        load_scenario("silos").extended(extends="one-standard")


def test_a_file_may_extend_the_bundled_scenario_of_its_name(tmp_path):
    mine = tmp_path / "silos.toml"
    mine.write_text('name = "silos"\ntitle = "Mine"\nextends = "silos"\npolicies = "latest"\n')
    scenario = load_scenario(mine)
    assert scenario.generations[:-1] == load_scenario("silos").generations
    assert load_scenario(scenario.to_dict()) == scenario


def test_shipped_scenarios():
    for name in scenario_names():
        scenario = load_scenario(name)
        assert load_scenario(scenario.to_dict()) == scenario


def test_an_inherited_ban_stays_lifted_and_a_budget_is_spent_once(world):
    """The fault that began this: parents were merged twice."""
    base = {
        "name": "base", "title": "Base",
        "ban": [{"who": ["IND"], "vendors": ["huawei"], "from": 2020}],
        "investment": [{"vendors": ["nokia"], "from": 2020, "usd_per_year": 1e9}],
    }  # fmt: skip
    lifted = {"name": "mine", "title": "M", "extends": base,
              "lift": [{"who": ["IND"], "vendors": ["huawei"], "from": 2021}]}  # fmt: skip
    scenario = load_scenario(lifted)
    back = load_scenario(scenario.to_dict())
    india, huawei = world.countries.index("IND"), world.market("radio").vendors.index("huawei")
    for one in (scenario, back):
        levers = compile_scenario(world, one, "radio", YEARS)
        assert levers.allowed[-1, india, huawei]
        assert levers.investment[-1].sum() <= 1e9
        assert len(one.file.investment) == 1
