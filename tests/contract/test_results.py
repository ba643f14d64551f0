"""What users of a result expect of it."""

import numpy as np
import pytest

import standards_net as sn


def test_saved_and_loaded_it_is_the_same(result, tmp_path):
    again = sn.load_result(result.save(tmp_path / "r.npz"))
    assert again.coords == result.coords
    for name, variable in result.variables.items():
        np.testing.assert_array_equal(again[name].values, variable.values)
        assert again[name].unit == variable.unit
    assert again.provenance == dict(result.provenance)


def test_a_result_is_saved_as_npz_only(result, tmp_path):
    with pytest.raises(sn.StandardsNetError, match=r"saved as \.npz"):
        result.save(tmp_path / "r.json")
    assert not list(tmp_path.iterdir())


def test_to_frame(result):
    frame = result.to_frame(["beta", "gamma"])
    assert list(frame.columns) == ["scenario", "draw", "year", "technology", "beta", "gamma"]
    assert len(frame) == 3 * 24 * 22 * 3
    with pytest.raises(sn.StandardsNetError, match="need the same axes"):
        result.to_frame(["beta", "group_loss"])


def test_to_xarray_has_units(result):
    data = result.to_xarray()
    assert data["total_usd"].attrs["units"] == "USD of 2019 per year"
    assert data["beta"].sel(scenario="three-poles", year=2040, technology="radio").shape == (24,)


def test_to_iamc(result):
    table = result.to_iamc()
    assert list(table.columns) == ["model", "scenario", "region", "variable", "unit", "year", "value"]
    row = table[(table["scenario"] == "three-poles") & (table["year"] == 2040)].set_index("variable")
    expected = np.median(result.values("beta", scenario="three-poles", year=2040, technology="radio"))
    name = "Standards|RADIO|Fragmentation|Effective Technology Markets"
    assert row.loc[name, "value"] == pytest.approx(expected)
    assert set(table["unit"]) == {"", "USD of 2019 per year"}


def test_against_is_paired(result):
    table = result.against("status-quo-2019").set_index(["scenario", "technology", "measure"])
    gap = result.values("beta", scenario="three-poles", year=2040, technology="radio") - result.values(
        "beta", scenario="status-quo-2019", year=2040, technology="radio"
    )
    row = table.loc[("three-poles", "radio", "beta")]
    assert row["median"] == pytest.approx(np.median(gap))
    assert row["share_above_zero"] == pytest.approx((gap > 0).mean())


def test_repr_and_html_are_short_and_safe(result, world):
    assert repr(result).count("\n") == 0
    mine = {"name": "mine", "title": "<script>alert(1)</script>"}
    html = sn.run(world, mine, draws=2, rng=1, years=range(2019, 2021))._repr_html_()
    assert "<script" not in html
    assert "<table>" in html


def test_unknown_names_suggest_the_nearest(result):
    with pytest.raises(sn.StandardsNetError, match="did you mean 'beta'"):
        result["betta"]
    with pytest.raises(sn.StandardsNetError, match="did you mean 'three-poles'"):
        result.values("beta", scenario="three-pole")
    with pytest.raises(sn.StandardsNetError, match="has no axis 'country'"):
        result.values("beta", country="USA")


def test_groups_partition_the_world(result):
    """Costs of the camps add up to the world's; shares weigh to the world's."""
    cost = result.values("group_cost_usd", scenario="three-poles", year=2040, technology="radio").sum(axis=2)
    at = {name: result.position("group", name) for name in ("world", "us", "china", "nonaligned")}
    camps = sum(cost[:, at[n]] for n in ("us", "china", "nonaligned"))
    np.testing.assert_allclose(cost[:, at["world"]], camps, rtol=1e-4)
    total = result.values("total_usd", scenario="three-poles", year=2040, technology="radio")
    np.testing.assert_allclose(cost[:, at["world"]], total, rtol=1e-4)


def test_status_is_a_word_for_each_draw(result):
    assert result["status"].dims == ("scenario", "draw", "technology")
    assert result.status.shape == (3, 24, 3)
    assert set(result.status.ravel().tolist()) <= set(sn.Status)
    assert (result.status == sn.Status.SETTLED).any() or (result.status == sn.Status.MOVING).any()


def test_provenance_tells_what_is_needed_to_run_again(result, world):
    told = result.provenance
    assert told["seed"] == 7
    assert told["tables_sha256"]["trade"] == world.hashes["trade"]
    assert told["scenarios"]["three-poles"]["standards"]["ericsson"] == "europe"


def test_the_graph_for_networkx(world):
    graph = world.to_networkx("iot")
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    assert kinds.count("country") == 196
    assert sum(share for _, _, share in graph.out_edges("KEN", data="share")) == pytest.approx(1.0)
