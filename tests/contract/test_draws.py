"""A part of the draws of a longer run has its bytes; parameters of each draw are in the result."""

import numpy as np
import pytest

import standards_net as sn
from standards_net.model import MECHANISMS
from standards_net.parameters import draw_parameters

YEARS = {"until": 2022, "rng": 7, "technologies": "radio"}


@pytest.fixture(scope="module")
def whole(world):
    return sn.run(world, ["silos", "status-quo-2019"], draws=24, **YEARS)


@pytest.mark.parametrize("part", [range(8), range(8, 24), range(3, 14), range(23, 24)])
def test_a_part_has_the_bytes_of_the_whole(world, whole, part):
    found = sn.run(world, ["silos", "status-quo-2019"], draws=part, **YEARS)
    assert found.coords["draw"] == tuple(part)
    for name, variable in found.variables.items():
        if "draw" in variable.dims:
            own = np.take(whole[name].values, list(part), axis=variable.dims.index("draw"))
            assert variable.values.tobytes() == own.tobytes(), name


@pytest.mark.parametrize("name", MECHANISMS)
def test_in_every_mechanism(world, name):
    asked = YEARS | {"mechanism": name}
    many = sn.run(world, "silos", draws=12, **asked).values("china_share")
    few = sn.run(world, "silos", draws=range(5, 12), **asked).values("china_share")
    np.testing.assert_array_equal(many[:, 5:], few)


def test_it_can_be_repeated_saved_and_stepped(world, tmp_path):
    part = sn.run(world, "silos", draws=range(9, 14), **YEARS)
    assert sn.rerun(part, world=world) == part
    loaded = sn.load_result(part.save(tmp_path / "r.nc"))
    assert loaded == part
    assert sn.rerun(loaded) == part
    course = sn.begin(world, "silos", draws=range(9, 14), **YEARS).step(3)
    assert course.result() == part
    assert sn.load_course(course.save(tmp_path / "c.json")).result() == part


def test_parameters_of_each_draw(world, whole):
    table = whole.parameters
    assert list(table.columns) == list(world.parameters)
    assert table.index.tolist() == list(range(24))
    part = sn.run(world, "silos", draws=range(8, 12), **YEARS)
    np.testing.assert_array_equal(part.parameters, table.iloc[8:12])
    assert part.parameters.index.tolist() == [8, 9, 10, 11]


def test_parameters_that_are_given_and_those_of_a_rerun(world):
    given = sn.run(world, "silos", draws=3, parameters={"lock_in": [0.4, 0.5, 0.6], "taste_sd": 0.2}, **YEARS)
    assert given.parameters["lock_in"].tolist() == [0.4, 0.5, 0.6]
    assert given.parameters["taste_sd"].tolist() == [0.2] * 3
    again = sn.run(world, "silos", draws=3, parameters=given.parameters, **YEARS)
    np.testing.assert_array_equal(again.values("china_share"), given.values("china_share"))
    central = sn.run(world, "silos", draws=2, parameters="central", **YEARS)
    defaults = [p.default for p in world.parameters.values()]
    np.testing.assert_array_equal(central.parameters, [defaults, defaults])


def test_a_part_far_out_takes_no_longer(world):
    """Points of the sequence are skipped, not drawn."""
    few = draw_parameters(world.parameters, range(2**20, 2**20 + 4), 7)
    many = draw_parameters(world.parameters, 2**20 + 4, 7)
    for name, values in few.items():
        np.testing.assert_array_equal(values, many[name][2**20 :])
    with pytest.raises(sn.StandardsNetError, match="it can be at most 536,870,912"):
        sn.run(world, "silos", draws=range(2**33, 2**33 + 8), rng=1)


@pytest.mark.parametrize(
    "draws", [range(4, 4), range(8, 4, -1), range(0, 8, 2), range(-2, 4), 0, 2.5, "8", 2**40]
)
def test_draws_that_cannot_be(world, draws):
    for ask in (sn.run, sn.begin):
        with pytest.raises(sn.StandardsNetError, match=r"draws is"):
            ask(world, "silos", draws=draws, rng=1, until=2021)


@pytest.mark.parametrize("mechanism", ["vendor-choice", "procurement"])
def test_all_draws_may_have_the_random_numbers_of_one(world, mechanism):
    """A row of a design is the draw whose random numbers it has, run alone with the same parameters."""
    asked = YEARS | {"mechanism": mechanism}
    design = {"lock_in": np.array([0.4, 0.8, 1.2]), "progress_ratio": 0.9}
    fixed = {name: p.default for name, p in world.parameters.items() if name not in design}
    found = sn.run(world, "silos", draws=3, shared_draw=5, parameters=fixed | design, **asked)
    for row in range(3):
        own = fixed | design | {"lock_in": design["lock_in"][row]}
        alone = sn.run(world, "silos", draws=range(5, 6), parameters=own, **asked)
        for name in found.measures:
            assert found.values(name)[:, row].tobytes() == alone.values(name)[:, 0].tobytes(), name
    given = fixed | {"lock_in": 1.0, "progress_ratio": 0.9}
    same = sn.run(world, "silos", draws=3, shared_draw=5, parameters=given, **asked)
    assert np.ptp(same.values("china_share"), axis=1).max() == 0.0
    assert sn.rerun(found, world=world) == found
    with pytest.raises(sn.StandardsNetError, match="shared_draw is -1"):
        sn.run(world, "silos", draws=3, shared_draw=-1, **asked)
