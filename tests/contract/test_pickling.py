"""Everything public can be pickled, and is what it was."""

import pickle

import numpy as np
import pytest

import standards_net as sn


def again(value):
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize("name", sn.model.MECHANISMS)
def test_mechanisms(world, name):
    mechanism = sn.model.as_mechanism(name)
    asked = {"draws": 2, "rng": 1, "until": 2020, "technologies": "iot"}
    one, two = (sn.run(world, "silos", mechanism=m, **asked) for m in (mechanism, again(mechanism)))
    assert one == two


@pytest.mark.parametrize(
    "process",
    [
        sn.processes.voter(), sn.processes.q_voter(2), sn.processes.majority(), sn.processes.averaging(),
        sn.processes.linear_threshold(0.5), sn.processes.best_response(), sn.processes.heat_bath(1.0),
        sn.processes.logit(1.0),
    ],
    ids=lambda process: process.name,
)  # fmt: skip
def test_processes(world, process):
    graph = world.ties_graph("trade")
    asked = {"initial": {code: "ab"[i % 2] for i, code in enumerate(world.countries)}, "steps": 3, "rng": 1}
    one, two = (sn.diffuse(graph, p, **asked) for p in (process, again(process)))
    assert one == two


def test_worlds_scenarios_and_results(world, result):
    for value in (
        world,
        sn.load_scenario("silos"),
        result,
        result["beta"],
        sn.Status.SETTLED,
        world.parameters,
    ):
        found = again(value)
        assert type(found) is type(value)
        if hasattr(value, "digest"):
            assert found.digest == value.digest
    with pytest.raises(ValueError, match="read-only"):
        again(result)["beta"].values[...] = 0.0


def test_courses_pieces_and_parts(world):
    asked = {"draws": 3, "rng": 1, "until": 2022, "technologies": "iot"}
    course = sn.begin(world, "silos", **asked).step(2)
    np.testing.assert_array_equal(again(course).values("beta"), course.values("beta"))
    (piece,) = sn.split(world, "silos", pieces=1, **asked)
    assert sn.join([again(again(piece).run())]) == sn.run(world, "silos", **asked)


def test_games():
    game = sn.alignment.game_of_propensities([1.0, 2.0], [[0.0, 1.0], [1.0, 0.0]])
    assert type(again(game)) is type(game)


@pytest.mark.parametrize(
    "error", [sn.StandardsNetError(["one.", "two."]), sn.UnknownNameError("what."), sn.DataError("x.")]
)
def test_errors(error):
    found = again(error)
    assert type(found) is type(error)
    assert str(found) == str(error)
    assert found.complaints == error.complaints


def test_a_game_simulates_as_before(world):
    """A study's games are made in other processes: what is kept in memory is left behind, and drawn again."""
    game = sn.alignment.alignment_game(
        world, ["DEU", "KEN"], technologies="radio", until=2022, draws=2, rng=1
    )
    profiles = np.array([[0, 1], [2, 2]])
    one, two = (sn.alignment.simulated_payoffs(g, profiles) for g in (game, again(game)))
    np.testing.assert_array_equal(one, two)
