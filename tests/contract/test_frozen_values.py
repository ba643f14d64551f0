"""Worlds, results and diffusions are values: read-only, mappings, equal if their content is."""

import copy
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, replace

import networkx as nx
import numpy as np
import pytest
from pydantic import BaseModel

import standards_net as sn
from standards_net.frozen import FrozenMapping
from standards_net.networks import as_network
from standards_net.processes import averaging, best_response, voter
from standards_net.results import Variable


@pytest.fixture(scope="module")
def small(world):
    return sn.run(world, ["silos"], draws=3, rng=1, years=range(2019, 2022))


def arrays_of(value):
    """Every array that a frozen dataclass holds, mappings included."""
    for name, content in vars(value).items():
        if isinstance(content, np.ndarray):
            yield name, content
        elif hasattr(content, "__dataclass_fields__"):
            yield from ((f"{name}.{n}", a) for n, a in arrays_of(content))
        elif isinstance(content, Mapping):
            for key, inner in content.items():
                if hasattr(inner, "__dataclass_fields__"):
                    yield from ((f"{name}[{key}].{n}", a) for n, a in arrays_of(inner))


def test_no_array_can_be_written_to(world, small):
    diffusion = sn.diffuse(nx.cycle_graph(6), voter(), initial={"a": 0.5, "b": 0.5}, steps=2, keep="final")
    for value in (world, small, diffusion):
        found = dict(arrays_of(value))
        assert found
        for name, array in found.items():
            assert not array.flags.writeable, name
    with pytest.raises(ValueError, match="read-only"):
        small["beta"].values[:] = 0
    with pytest.raises(ValueError, match="read-only"):
        world.ties[0, 0, 0] = 5
    with pytest.raises(ValueError, match="read-only"):
        small.values("beta", scenario="silos")[0] = 1.0


def test_operators_are_part_of_the_content_of_a_world(operator_world):
    """One draw of one operator that differs makes another market and another world."""
    market = operator_world.market("radio")
    assert {"operators.draws", "operators.weight"} <= {name for name, _ in arrays_of(market)}
    draws = market.operators.draws.copy()
    draws[0, 0, 0] ^= 1
    other = replace(market, operators=replace(market.operators, draws=draws))
    assert other != market
    assert other.digest != market.digest
    assert replace(operator_world, markets={"radio": other}) != operator_world
    assert replace(market) == market
    assert pickle.loads(pickle.dumps(market)) == market


def test_levers_and_networks_are_read_only_too(world):
    levers = sn.compile_scenario(world, "as-happened-2025", "radio", range(2019, 2031))
    network = as_network(nx.karate_club_graph())
    dense = as_network(world)
    found = {**dict(arrays_of(levers)), **dict(arrays_of(network)), **dict(arrays_of(dense))}
    for at, orders in enumerate((*levers.newer, *levers.older)):
        found |= {f"orders[{at}].{name}": array for name, array in orders._asdict().items()}
    for one in (network, dense):
        for rows in (one.influencers, one.followers):
            found |= {f"{one}.{name}": a for name, a in rows._asdict().items() if a is not None}
        found |= {f"{one} degree": one.degree, f"{one} strength": one.strength}
    assert len(found) > 25
    for name, array in found.items():
        assert not array.flags.writeable, name


@pytest.mark.parametrize("name", ["table", "policies", "positions", "suppliers"])
def test_a_frame_of_a_world_is_a_copy(world, name):
    before = world.digest
    mine, column = getattr(world, name), getattr(world, name).columns[0]
    mine[column] = None
    mine["new"] = 1.0
    del mine[mine.columns[1]]
    kept = getattr(world, name)
    assert "new" not in kept.columns
    assert len(kept.columns) == len(mine.columns)
    assert kept[column].notna().any()
    assert replace(world).digest == before
    given = getattr(world, name)
    other = replace(world, **{name: given})
    given[column] = None
    assert other.digest == before
    assert pickle.loads(pickle.dumps(other)) == world


def entries_of(value):
    """Every list and mapping inside a scenario's entries."""
    for content in vars(value).values():
        if isinstance(content, Mapping | list | tuple | set):
            yield content
            yield from (x for one in content if isinstance(one, BaseModel) for x in entries_of(one))
        elif isinstance(content, BaseModel):
            yield from entries_of(content)


def test_nothing_inside_a_scenario_can_be_changed():
    mine = {"name": "mine", "title": "Mine", "standards": {"zte": "new"}, "parameters": {"lock_in": 1}}
    for name in (*sn.scenario_names(), None):
        scenario = sn.load_scenario(name or mine)
        for file in (*scenario.generations, scenario.file):
            found = list(entries_of(file))
            assert len(found) > 10
            assert all(isinstance(one, tuple | FrozenMapping) for one in found), name
            with pytest.raises(ValueError, match="frozen"):
                file.title = "another"


def test_arrays_given_to_a_value_stay_writable_for_their_owner():
    mine = np.zeros(3)
    kept = Variable(("draw",), mine, "1", "mine")
    mine[0] = 1.0
    assert not kept.values.flags.writeable


def test_neither_fields_nor_mappings_can_be_replaced(world, small):
    for value, name in ((world, "ties"), (small, "coords")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)
    for mapping in (world.markets, world.groups, world.hashes, small.coords, small.variables):
        assert isinstance(mapping, FrozenMapping)
        with pytest.raises(TypeError):
            mapping["x"] = 1


def test_a_result_is_a_mapping(small):
    assert isinstance(small, Mapping)
    assert "beta" in small
    assert "nonsense" not in small
    assert 7 not in small
    assert list(small) == list(small.variables)
    assert len(small) == len(small.variables)
    assert dict(small)["beta"] is small["beta"]
    assert [name for name, _ in small.items()] == list(small.keys())
    assert next(iter(small.values())) is small[next(iter(small))]
    assert small.get("nonsense") is None
    assert small.get("beta") is small["beta"]


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda w, r: r["bta"], "unknown variable 'bta'; did you mean 'beta'?"),
        (lambda w, r: r.values("beta", scenario="silo"), "unknown scenario 'silo'; did you mean 'silos'?"),
        (
            lambda w, r: r.values("beta", year="2021"),
            "unknown year '2021', a word; did you mean the number 2021",
        ),
        (lambda w, r: r.position("yaer", 2021), "unknown axis 'yaer'; did you mean 'year'?"),
        (lambda w, r: w.parameters["lock_inn"], "unknown parameter 'lock_inn'; did you mean 'lock_in'?"),
        (lambda w, r: w.market("6g"), "unknown technology '6g'"),
        (lambda w, r: w.members("Atlantis"), "unknown country or group 'Atlantis'"),
    ],
)
def test_unknown_names_are_key_errors_too(world, small, ask, sentence):
    for kind in (KeyError, ValueError, sn.UnknownNameError):
        with pytest.raises(kind, match=sentence):
            ask(world, small)


def test_parameters_are_a_mapping(world):
    assert world.parameters.get("nope", 1) == 1
    assert "lock_in" in world.parameters


def test_worlds_are_equal_if_their_content_is(world, toy_world):
    again = sn.load_world()
    assert again == world
    assert again is not world
    assert hash(again) == hash(world)
    assert world != toy_world
    ties = world.ties.copy()
    ties[0, 0, 1] += 1e-12
    assert replace(world, ties=ties) != world
    assert {world, again, toy_world} == {world, toy_world}
    assert world != "world"


def test_results_are_equal_if_their_values_are(world, small):
    again = sn.run(world, ["silos"], draws=3, rng=1, years=range(2019, 2022), threads=1)
    assert again == small
    assert hash(again) == hash(small)
    assert small != sn.run(world, ["silos"], draws=3, rng=2, years=range(2019, 2022))
    assert small["beta"] == again["beta"]
    assert small["beta"] != small["gamma"]
    assert small != dict(small)


def test_diffusions_are_equal_if_their_values_are():
    def go(rng):
        return sn.diffuse(nx.cycle_graph(9), voter(), initial={"a": 0.5, "b": 0.5}, steps=3, draws=4, rng=rng)

    assert go(1) == go(1)
    assert hash(go(1)) == hash(go(1))
    assert go(1) != go(2)


def test_one_vocabulary_of_statuses(small):
    pair = nx.path_graph(2)
    swing = sn.diffuse(pair, best_response(), initial=[0, 1], steps=6)
    assert swing.status.tolist() == [sn.Status.CYCLING]
    assert swing.period.tolist() == [2]
    still = sn.diffuse(pair, averaging(0.5), initial=[[1.0, 0.0], [1.0, 0.0]], steps=6)
    assert still.status.tolist() == ["settled"]
    assert still.period.tolist() == [0]
    assert "1 cycling with period 2" in repr(swing)
    for words in (small.status, swing.status):
        assert set(words.ravel().tolist()) <= set(sn.Status)
        assert words.dtype.kind == "U"
    assert all(status.meaning for status in sn.Status)


def test_values_survive_pickling(world, small):
    for value in (world, small, small["beta"], sn.load_scenario("silos")):
        assert pickle.loads(pickle.dumps(value)) == value
        again = copy.deepcopy(value)
        assert again == value
    for again in (pickle.loads(pickle.dumps(small)), copy.deepcopy(small)):
        assert not again["beta"].values.flags.writeable
    assert not pickle.loads(pickle.dumps(world)).ties.flags.writeable
    error = sn.StandardsNetError(["one.", "two."])
    assert pickle.loads(pickle.dumps(error)).complaints == ("one.", "two.")
