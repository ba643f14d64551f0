"""A course: stepped, it gives what a run gives, byte by byte; what is changed reaches everything after."""

import json
import pickle

import numpy as np
import pandas as pd
import pytest

import standards_net as sn
from standards_net.measures.table import BREAKDOWNS, MEASURES
from standards_net.model import MECHANISMS, linear_threshold

SMALL = {"draws": 5, "rng": 7, "technologies": "radio"}
BAN = [{"who": ["BRA", "IND"], "vendors": ["china"], "from": 2022, "remove_by": 2024}]


def same(one, two):
    assert one.coords == two.coords
    for name in one:
        assert one[name].values.tobytes() == two[name].values.tobytes(), name
    assert one == two


@pytest.fixture(scope="module")
def course(world):
    return sn.begin(world, "status-quo-2019", until=2025, **SMALL).step(2)


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism_gives_what_a_run_gives(world, name, tmp_path):
    asked = {"draws": 5, "rng": 7, "technologies": ["radio", "iot"], "mechanism": name}
    course = sn.begin(world, "silos", until=2023, **asked)
    half = sn.load_course(course.step(2).save(tmp_path / "course.json"), world=world)
    whole = sn.run(world, "silos", until=2023, **asked)
    same(course.step(4).result(), whole)
    same(half.step().step().result(), whole)
    assert half.step(2).done
    assert course.step(4).result().provenance == whole.provenance


def test_several_blocks_of_draws(world):
    asked = {"draws": 300, "rng": 7, "technologies": "iot"}
    course = sn.begin(world, "silos", until=2021, **asked).step(2)
    whole = sn.run(world, "silos", until=2021, **asked)
    same(course.result(), whole)
    np.testing.assert_array_equal(course.values("china_share"), whole.values("china_share")[0, :, -1, 0])


def test_values_are_those_of_the_result(world, course):
    result = course.result()
    for name in ("china_share", "market_fragmentation", "total_usd"):
        np.testing.assert_array_equal(course.values(name), result.values(name, year=2021)[0, :, 0])
    shares = course.values("country_share", standard="china")
    np.testing.assert_allclose(
        shares.mean(axis=0), result.values("mean_share", year=2021, standard="china")[0, 0], rtol=1e-12
    )
    group = course.values(
        "group_share", group="G20" if "G20" in course._weights.groups else "us", standard="china"
    )
    assert group.shape == (5,)


def test_parameters_that_are_given(world, tmp_path):
    asked = SMALL | {"parameters": {"lock_in": np.linspace(0.4, 1.2, 5)}}
    course = sn.begin(world, "silos", until=2022, **asked).step(3)
    same(course.result(), sn.run(world, "silos", until=2022, **asked))
    same(sn.load_course(course.save(tmp_path / "c.json")).result(), course.result())


def test_stepping_leaves_the_course_as_it_was(course):
    before = course.values("china_share").copy()
    course.changed(ban=BAN).step(3)
    course.given(market_share=np.full(196, 1 / 196))
    assert course.year == 2021
    np.testing.assert_array_equal(course.values("china_share"), before)


def test_branches_differ_from_the_year_after(course):
    one, two = course.step(), course.changed(ban=BAN).step()
    share = {"country": "BRA", "standard": "china"}
    assert (two.values("country_share", **share) < one.values("country_share", **share)).all()
    same_before = [c.result().values("china_share")[0, :, :3] for c in (one, two)]
    np.testing.assert_array_equal(*same_before)


LATE = {
    "finance": {"who": ["all"], "vendors": ["china"], "strength": 3.0},
    "alignment": {"who": ["BRA"], "pole": "china"},
    "lift": {"who": ["AUS"], "vendors": ["china"]},
    "exit": {"who": ["KEN"], "vendors": ["nokia"]},
    "supply": {"vendors": ["huawei"], "price": 1.3},
    "quality": {"vendors": ["ericsson"], "shift": 0.5},
    "investment": {"vendors": ["nokia"], "usd_per_year": 1e9},
    "compatibility": {"between": ["china", "west"], "value": 0.5},
}


@pytest.mark.parametrize("kind", LATE)
def test_an_entry_that_is_added_before_it_begins_is_as_good_as_one_from_the_start(world, course, kind):
    entry = {kind: [LATE[kind] | {"from": 2023}]}
    late = course.changed(**entry).step(4).result()
    early = {"name": "early", "title": "E", "extends": "status-quo-2019", **entry}
    whole = sn.run(world, early, until=2025, **SMALL)
    assert (late.values("china_share") != course.step(4).result().values("china_share")).any()
    for name in ("china_share", "market_fragmentation", "deployment"):
        np.testing.assert_array_equal(late.values(name), whole.values(name))


def test_a_change_leaves_the_year_that_is_over_as_it_was(course, world):
    split = [{"between": ["china", "west"], "value": 0.0, "from": 2022}]
    alone = np.eye(196)[world.countries.index("USA")]
    for changed in (
        course.changed(compatibility=split),
        course.given(market_share=alone, gdp_usd=10 * world.gdp_usd),
    ):
        for name in ("total_usd", "china_share", "interoperability_loss", "vendor_revenue_usd"):
            np.testing.assert_array_equal(changed.values(name), course.values(name))
        before = [c.result().values("total_usd")[0, :, :3] for c in (changed.step(), course)]
        np.testing.assert_array_equal(*before)


def test_what_the_caller_changes_later_does_not_matter(course):
    who, frame = ["BRA"], pd.DataFrame({"nokia": [1.0]}, index=["KEN"])
    entry = {"who": who, "vendors": ["huawei"], "from": 2022}
    changed = course.changed(ban=[entry]).given(adoption=frame)
    before = changed.step().result()
    who[0], entry["from"] = "IND", 2024
    frame.iloc[0, 0] = 0.0
    same(changed.step().result(), before)


def test_entries_of_any_kind_can_be_saved(course, tmp_path):
    entry = {
        "who": ("BRA", "IND"),
        "vendors": ["huawei"],
        "from": np.int64(2023),
        "share_of_market": np.float32(0.5),
    }
    changed = course.step(np.int64(1)).changed(ban=(one for one in [entry]))
    again = sn.load_course(changed.save(tmp_path / "c.json"))
    assert again.scenario == changed.scenario
    same(again.result(), changed.result())


def test_a_course_can_be_pickled(course):
    changed = course.changed(ban=BAN).given(tariff=pd.DataFrame({"CHN": [0.6]}, index=["BRA"])).step()
    same(pickle.loads(pickle.dumps(changed)).result(), changed.result())


def test_changes_are_in_the_result_and_in_the_file(course, tmp_path, world):
    tariffs = pd.DataFrame({"CHN": [0.6]}, index=["BRA"])
    changed = course.changed(ban=BAN).step().given(tariff=tariffs, gdp_usd=pd.Series({"BRA": 2e12})).step(2)
    again = sn.load_course(changed.save(tmp_path / "c.json"), world=world)
    same(again.result(), changed.result())
    assert again.scenario == changed.scenario
    (changes,) = changed.result().provenance["course"].values()
    assert [change["year"] for change in changes] == [2021, 2022]
    with pytest.raises(sn.StandardsNetError, match="a course that was changed on its way"):
        sn.rerun(changed.result(), world=world)


def test_given_adoption_is_where_the_model_goes_on(course):
    frame = pd.DataFrame({"huawei": [0.25], "nokia": [0.75]}, index=["KEN"])
    given = course.given(adoption=frame)
    kenya = {"country": "KEN"}
    assert given.values("country_adoption", vendor="huawei", **kenya).tolist() == [0.25] * 5
    assert given.values("country_adoption", vendor="ericsson", **kenya).tolist() == [0.0] * 5
    others = [c for c in range(196) if given.world.countries[c] != "KEN"]
    np.testing.assert_array_equal(
        given.values("country_adoption")[:, others], course.values("country_adoption")[:, others]
    )
    later = given.step().values("country_adoption", vendor="nokia", **kenya)
    assert (later > course.step().values("country_adoption", vendor="nokia", **kenya)).all()
    np.testing.assert_allclose(
        given.result().values("mean_adoption", year=2021, country="KEN", vendor="huawei"), 0.25
    )


def test_given_adoption_draw_by_draw(course):
    values = course.values("country_adoption").copy()
    values[:, 3] = np.eye(values.shape[2])[np.arange(5)]
    np.testing.assert_array_equal(course.given(adoption=values).values("country_adoption"), values)


def test_what_is_in_use_already_changes_nothing_when_it_is_given(course):
    own = course.given(adoption=course.values("country_adoption"))
    np.testing.assert_array_equal(
        own.step().values("country_adoption"), course.step().values("country_adoption")
    )


@pytest.mark.parametrize("mechanism", ["procurement", "independent-cascade"])
def test_adoption_cannot_be_given_where_buyers_remember(world, mechanism):
    course = sn.begin(world, "silos", until=2022, mechanism=mechanism, **SMALL).step()
    with pytest.raises(sn.StandardsNetError, match="buyers remember their choices; adoption cannot be given"):
        course.given(adoption=pd.DataFrame({"nokia": [1.0]}, index=["KEN"]))


def test_given_market_shares_reach_measures_and_revenue(world, course):
    """All demand in one country: the world is that country."""
    alone = course.given(market_share=np.eye(196)[world.countries.index("USA")]).step()
    in_usa = alone.values("country_share", country="USA", standard="china")
    np.testing.assert_allclose(alone.values("china_share"), in_usa, rtol=1e-12)
    sold = alone.values("vendor_revenue_usd").sum(axis=1)
    assert (sold[:, 0] > 0.0).all()
    np.testing.assert_array_equal(sold[:, 1:], 0.0)  # the other camps buy nothing
    assert np.isfinite(alone.values("group_share")).all()


def test_given_trade_and_gdp_reach_measures(world):
    course = sn.begin(world, "bipolar-forced", until=2030, **SMALL).step(6)
    only = pd.DataFrame(0.0, index=list(world.countries), columns=list(world.countries))
    only.loc["USA", "CHN"] = only.loc["CHN", "USA"] = 1e12
    loss = course.given(trade_usd=only).step().values("interoperability_loss")
    assert (loss > course.step().values("interoperability_loss")).all()
    rich = course.given(gdp_usd=10.0 * world.gdp_usd).step()
    np.testing.assert_allclose(
        rich.values("network_value_usd"), 10.0 * course.step().values("network_value_usd"), rtol=1e-9
    )


def test_figures_that_were_given_stay_when_others_are(world, course):
    both = course.given(gdp_usd=pd.Series({"USA": 5e13})).given(gdp_usd=pd.Series({"BRA": 4e12})).step()
    found = both._weights.gdp_usd
    assert found[world.countries.index("USA")] == 5e13
    assert found[world.countries.index("BRA")] == 4e12
    pair = pd.DataFrame([[0.0, 1.0], [1.0, 0.0]], index=["USA", "BRA"], columns=["USA", "BRA"])
    trade = course.given(trade_usd=pair).step()._weights.exports_usd
    assert trade[world.countries.index("USA"), world.countries.index("BRA")] == 0.5
    assert trade[world.countries.index("USA"), world.countries.index("CHN")] > 1e9


DRAWN = np.random.default_rng(3)


@pytest.mark.parametrize("scenario", ["bipolar-forced", "6g-split-2030", "status-quo-2019"])
def test_gdp_and_market_shares_draw_by_draw_are_those_of_each_draw(world, scenario):
    """Every measure of a draw is what the whole course would have, were its values those of all draws."""
    course = sn.begin(world, scenario, until=2034, **SMALL).step(12)
    gdp_usd = world.gdp_usd * DRAWN.uniform(0.5, 2.0, (course.draws, 196))
    share = DRAWN.dirichlet(np.full(196, 0.3), course.draws)
    given = course.given(gdp_usd=gdp_usd, market_share=share).step(2)
    names = (*MEASURES, *BREAKDOWNS, "country_cost_usd", "country_loss", "country_adoption")
    found = {name: given.values(name) for name in names}
    for draw in range(course.draws):
        alike = course.given(gdp_usd=gdp_usd[draw], market_share=share[draw]).step(2)
        for name, values in found.items():
            np.testing.assert_allclose(
                values[draw], alike.values(name)[draw], rtol=1e-9, atol=1e-12, err_msg=name
            )


def test_values_by_draw_come_back_with_a_saved_course(world, course, tmp_path):
    gdp_usd = world.gdp_usd * DRAWN.uniform(0.5, 2.0, (course.draws, 196))
    given = course.given(gdp_usd=gdp_usd).given(gdp_usd=pd.Series({"KEN": 1e12})).step()
    kept = given._weights.gdp_usd
    assert (kept[:, world.countries.index("KEN")] == 1e12).all()
    assert (kept[:, world.countries.index("BRA")] == gdp_usd[:, world.countries.index("BRA")]).all()
    same(sn.load_course(given.save(tmp_path / "course.json"), world=world).result(), given.result())
    frame = pd.DataFrame(gdp_usd, columns=list(world.countries))
    some = course.given(gdp_usd=frame[["BRA"]]).step()._weights.gdp_usd
    assert (some[:, world.countries.index("BRA")] == frame["BRA"]).all()
    assert (some[:, world.countries.index("KEN")] == world.gdp_usd[world.countries.index("KEN")]).all()


def test_values_by_draw_of_several_blocks(world):
    """Each block of draws has its own rows."""
    course = sn.begin(world, "status-quo-2019", draws=300, rng=1, until=2021, technologies="iot")
    share = DRAWN.dirichlet(np.full(196, 0.3), 300)
    given = course.given(market_share=share).step()
    one = course.given(market_share=share[299]).step()
    np.testing.assert_allclose(given.values("china_share")[299], one.values("china_share")[299], rtol=1e-12)


def test_a_duty_is_neither_revenue_nor_cost(world, course):
    """Whoever sells less earns less; the country that levies it does not count its own duty as lost."""
    everywhere = np.full((196, 196), 0.5) - 0.5 * np.eye(196)
    huawei = world.market("radio").vendors.index("huawei")
    one, two = (c.step() for c in (course.given(tariff=everywhere), course))
    abroad = slice(None), huawei, 0  # in the markets of the allies
    assert (one.values("vendor_revenue_usd")[abroad] < two.values("vendor_revenue_usd")[abroad]).all()
    on_china = np.zeros((196, 196))
    on_china[:, world.countries.index("CHN")] = 0.5
    on_china[world.countries.index("CHN")] = 0.0
    dearer = course.given(tariff=on_china).step()
    home = {"country": "CHN", "standard": "china"}
    np.testing.assert_allclose(
        dearer.values("country_share", **home), two.values("country_share", **home), atol=1e-4
    )
    assert (dearer.values("china_share") < two.values("china_share")).all()


def test_tariffs_make_imports_dearer_until_others_are_given(course):
    share = {"country": "BRA", "standard": "china"}
    tariff = pd.DataFrame({"CHN": [0.5]}, index=["BRA"])
    with_tariff, without = course.given(tariff=tariff), course
    ended = with_tariff.given(tariff=np.zeros((196, 196)))
    bought = [c.step(2).values("country_share", **share) for c in (with_tariff, without, ended)]
    assert (bought[0] < bought[1]).all()
    np.testing.assert_array_equal(bought[1], bought[2])
    np.testing.assert_array_equal(  # an entry that follows leaves the tariff in force
        with_tariff.changed(quality=[{"vendors": ["ericsson"], "shift": 1.0, "from": 2025}]).step(2)
        .values("country_share", **share), bought[0],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"ban": [BAN[0] | {"from": 2021}]},
            "ban: 'from' is 2021, but 2021 is over; the past",
        ),
        ({"standards": {"nokia": "mine"}}, "'standards' holds from the beginning"),
        ({"parameters": {"lock_in": 1.0}}, "'parameters' holds from the beginning"),
        ({"bans": BAN}, "bans"),
        ({"ban": [BAN[0] | {"who": ["XXX"]}]}, "XXX"),
        (
            {"ban": [{"who": ["BRA"], "vendors": ["huawei"], "since": 2020}]},
            "'from' is 2020, but 2021 is over",
        ),
        ({"ban": [BAN[0] | {"from": np.int64(2020)}]}, "'from' is 2020, but 2021 is over"),
        (
            {
                "compatibility": [
                    {"between": ["china", "west"], "value": 0.5, "from": 2023, "new_equipment_only": True}
                ]
            },
            "'new_equipment_only' holds from the beginning",
        ),
        ({}, "no entry is given; give some of alignment, lift, ban"),
        ({"ban": []}, "no entry is given"),
        ({"name": "x"}, "'name' holds from the beginning"),
    ],
)
def test_changes_that_cannot_be(course, change, told):
    with pytest.raises(sn.StandardsNetError, match=told):
        course.changed(**change)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "nothing is given; give adoption, market_share, gdp_usd, trade_usd, tariff."),
        ({"adoption": np.ones((196, 3))}, r"adoption has shape \(196, 3\); it must have"),
        ({"adoption": pd.DataFrame({"huawei": [0.5]}, index=["KEN"])}, "adoption of KEN adds up to 0.5"),
        ({"adoption": pd.DataFrame({"hauwei": [1.0]}, index=["KEN"])}, "adoption: unknown vendor 'hauwei'"),
        ({"adoption": pd.DataFrame({"huawei": [1.0]}, index=["KEY"])}, "adoption: unknown country 'KEY'"),
        (
            {"adoption": pd.DataFrame({"huawei": [1.0, 1.0]}, index=["KEN", "KEN"])},
            "adoption has 'KEN' twice",
        ),
        ({"adoption": {"iot": 1}}, "unknown technology 'iot'"),
        ({"gdp_usd": np.ones((4, 196))}, r"or by draw \(5, 196\), or be a Series by code\."),
        ({"gdp_usd": np.zeros((5, 196))}, "gdp_usd adds up to 0; it must be an amount in USD."),
        (
            {"gdp_usd": pd.DataFrame({"KEN": [1.0]})},
            "gdp_usd has 1 rows; a frame needs one for each of 5 draws.",
        ),
        ({"market_share": np.ones((5, 196))}, "market_share adds up to 196; shares must add up to 1."),
        ({"market_share": np.ones(196)}, "market_share adds up to 196; shares must add up to 1."),
        ({"market_share": pd.Series({"USA": 1.0})}, "market_share leaves out AFG"),
        ({"gdp_usd": np.full(196, -1.0)}, "gdp_usd holds -1; values must be 0 or more."),
        ({"gdp_usd": np.ones(5)}, r"gdp_usd has shape \(5,\); it must have one value for each of 196"),
        ({"trade_usd": pd.DataFrame({"CHN": [1.0]}, index=["USA"])}, "trade_usd is not symmetric"),
        ({"adoption": {}}, "adoption names no technology"),
        ({"adoption": pd.DataFrame({"nokia": []})}, "adoption names no country"),
        (
            {"adoption": pd.DataFrame([[0.5, 0.5, 0.5]], index=["KEN"], columns=["zte", "nokia", "nokia"])},
            "adoption has 'nokia' twice",
        ),
        ({"gdp_usd": np.zeros(196)}, "gdp_usd adds up to 0; it must be an amount in USD."),
        ({"gdp_usd": np.full(196, 1e300)}, "it must be an amount in USD"),
        ({"trade_usd": np.ones((196, 196))}, "trade_usd of AFG with itself is 1; it must be 0."),
        ({"tariff": np.full((196, 196), 0.5)}, "tariff of AFG with itself is 0.5; it must be 0."),
        ({"tariff": np.full((196, 196), np.nan)}, "tariff holds something that is not a finite number."),
        ({"tariff": np.ones(196)}, r"tariff has shape \(196,\); it must have \(196, 196\)"),
    ],
)
def test_values_from_outside_that_cannot_be(course, given, told):
    with pytest.raises(sn.StandardsNetError, match=told):
        course.given(**given)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (
            lambda c: c.step(5),
            "at the end of 2021 and goes to 2025; it cannot step 5 years on.",
        ),
        (lambda c: c.step(0), "years is 0"),
        (lambda c: c.values("chinashare"), "unknown measure 'chinashare'"),
        (lambda c: c.values(["china_share"]), "unknown measure"),
        (lambda c: c.save(None), "path is None; name a file."),
        (lambda c: c.step(4).changed(ban=BAN), "2025 is the course's last year; nothing is left to change."),
        (lambda c: c.step(4).given(gdp_usd=np.ones(196)), "2025 is the course's last year"),
        (lambda c: c.values("china_share", country="DEU"), "'china_share' has no axis 'country'"),
        (lambda c: c.values("country_share", country="DEX"), "unknown country 'DEX'"),
        (lambda c: c.values("china_share", technology="iot"), "unknown technology 'iot'"),
    ],
)
def test_questions_that_cannot_be(course, ask, told):
    with pytest.raises(sn.StandardsNetError, match=told):
        ask(course)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"world": "w"}, "world is 'w'"),
        ({"scenario": "silo"}, "unknown scenario 'silo'"),
        ({"draws": 0}, "draws is 0"),
        ({"until": 2019}, "until is 2019"),
        ({"technologies": "7g"}, "unknown technology '7g'"),
        ({"mechanism": "votre"}, "votre"),
        ({"parameters": "posterior"}, "unknown sample of parameters 'posterior'"),
    ],
)
def test_bad_beginnings(world, asked, told):
    with pytest.raises(sn.StandardsNetError, match=told):
        sn.begin(**{"world": world, "scenario": "silos", "draws": 2, "rng": 1, "until": 2021, **asked})


def test_a_course_at_its_beginning(world):
    course = sn.begin(world, "silos", until=2021, draws=2, rng=1)
    assert (course.year, course.done, course.technologies) == (2019, False, ("radio", "core", "iot"))
    with pytest.raises(sn.StandardsNetError, match="no year is over yet"):
        course.result()
    with pytest.raises(sn.StandardsNetError, match="name a technology; the course has radio, core, iot"):
        course.values("china_share")


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": "other"}', "\x00", '{"format": "standards_net course 1"}']
)
def test_files_that_are_no_course(tmp_path, content):
    path = tmp_path / "c.json"
    path.write_text(content)
    with pytest.raises(sn.StandardsNetError, match="is not a course that"):
        sn.load_course(path)
    with pytest.raises(sn.StandardsNetError, match="there is no such file"):
        sn.load_course(tmp_path / "none.json")
    for wrong in (None, 3):
        with pytest.raises(sn.StandardsNetError, match="name a file"):
            sn.load_course(wrong)


@pytest.mark.parametrize(
    "damage",
    [
        lambda c: c.pop("year"),
        lambda c: c.pop("changes"),
        lambda c: c.update(year="2021"),
        lambda c: c.update(year=2050),
        lambda c: c["provenance"].pop("draws"),
        lambda c: c["provenance"].pop("scenarios"),
        lambda c: c["provenance"].update(scenarios={}),
        lambda c: c["changes"][0].update(year=2050),
        lambda c: c["changes"][0].update(entries=3),
        lambda c: c["changes"][1]["given"].update(tariff=[[1.0]]),
    ],
)
def test_damaged_files_get_one_sentence(course, tmp_path, damage):
    changed = course.changed(ban=BAN).given(tariff=pd.DataFrame({"CHN": [0.6]}, index=["BRA"])).step()
    path = changed.save(tmp_path / "c.json")
    content = json.loads(path.read_text())
    damage(content)
    path.write_text(json.dumps(content))
    with pytest.raises(sn.StandardsNetError, match=r"is not a course that|unknown|must be"):
        sn.load_course(path)


def test_a_mechanism_of_ones_own_and_another_world(world, toy_world, tmp_path):
    course = sn.begin(world, "silos", until=2021, mechanism=linear_threshold(0.3), **SMALL).step()
    path = course.save(tmp_path / "c.json")
    assert json.loads(path.read_text())["year"] == 2020
    same(sn.load_course(path).result(), course.result())
    with pytest.raises(
        sn.StandardsNetError, match=r"the course was made from another.*load_course\(path, world="
    ):
        sn.load_course(path, world=toy_world)
