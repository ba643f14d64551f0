"""Blocs of a result draw by draw, and what they agree with."""

import numpy as np
import pytest

import standards_net as sn
from standards_net.alignment import agreement_table, drawn_blocs, observed_groupings
from standards_net.errors import StandardsNetError
from standards_net.measures import consensus, find_blocs


def test_dominant_blocs_are_those_of_each_draw(world, result):
    labels = drawn_blocs(world, result, "broad-allied-ban", by="dominant")
    shares = result.values("snapshot_share", scenario="broad-allied-ban", snapshot=2040, technology="radio")
    for r in (0, 7, 23):
        one = shares[r].astype(float) / shares[r].sum(axis=1, keepdims=True, dtype=float)
        assert (
            labels[r].tolist() == find_blocs(one, by="dominant", standards=result.coords["standard"]).tolist()
        )


def test_declared_blocs_are_the_scenarios_alignments(world, result):
    labels = drawn_blocs(world, result, "three-poles", by="declared", draws=2)
    levers = sn.compile_scenario(world, sn.load_scenario("three-poles"), "radio", range(2019, 2041))
    assert (labels == levers.alignments[-1]).all()
    assert labels.shape == (2, 196)


def test_declared_blocs_of_a_scenario_that_is_no_file(world):
    mine = {"name": "mine", "title": "Mine", "extends": "broad-allied-ban",
            "alignment": [{"who": ["IND"], "pole": "us", "from": 2021}]}  # fmt: skip
    result = sn.run(world, mine, draws=2, rng=1, years=range(2019, 2023), technologies=["radio"])
    labels = drawn_blocs(world, result, "mine", by="declared")
    assert labels[0, world.countries.index("IND")] == "us"
    assert labels[0, world.countries.index("DEU")] == "us"


def test_detected_blocs_are_the_same_for_the_same_seed(world, result):
    one, two = (drawn_blocs(world, result, "three-poles", draws=3, rng=5) for _ in range(2))
    assert (one == two).all()
    assert len(set(one[0].tolist())) > 1


def test_a_partition_agrees_with_itself_and_the_camps_with_what_was_declared(world, result):
    declared = drawn_blocs(world, result, "status-quo-2019", by="declared", draws=2)
    table = agreement_table({"declared": declared}, observed_groupings(world)).set_index("against")
    assert table.loc["camp of 2019", "rand"] == pytest.approx(1.0)
    assert table.loc["camp of 2019", "information"] == pytest.approx(0.0, abs=1e-12)
    assert table.loc["European Union", "rand"] < 1.0


def test_observed_groupings_are_the_tables(world):
    seen = observed_groupings(world)
    assert (seen["European Union"] == "in").sum() == len(world.groups["EU"])
    assert seen["excluded or restricted"][world.countries.index("USA")] == "in"
    assert seen["Belt and Road"][world.countries.index("PAK")] == "in"
    assert seen["Belt and Road"][world.countries.index("USA")] == "out"


def test_consensus_of_real_draws_puts_the_core_allies_together(world, result):
    labels = drawn_blocs(world, result, "broad-allied-ban", by="dominant")
    found = consensus(labels, names=world.countries, weights=world.market("radio").share)
    at = [world.countries.index(c) for c in ("USA", "JPN", "DEU")]
    assert found.together[np.ix_(at, at)].min() > 0.9
    assert any({"USA", "JPN"} <= set(core) for core in found.cores)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"by": "felt"}, "unknown definition of blocs 'felt'"),
        ({"year": 2033}, "unknown snapshot '2033'"),
        ({"scenario": "silos"}, "unknown scenario 'silos'"),
    ],
)
def test_mistakes_get_a_sentence(world, result, change, said):
    asked = {"scenario": "three-poles", **change}
    with pytest.raises(StandardsNetError, match=said):
        drawn_blocs(world, result, asked.pop("scenario"), **asked)
