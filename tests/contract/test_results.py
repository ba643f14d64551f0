"""What users of a result expect of it."""

import subprocess
import sys

import numpy as np
import pytest
import xarray as xr

import standards_net as sn
from standards_net.results import INTERVAL


def test_saved_and_loaded_it_is_the_same(result, tmp_path):
    again = sn.load_result(result.save(tmp_path / "r.nc"))
    assert again.coords == result.coords
    for name, variable in result.variables.items():
        np.testing.assert_array_equal(again[name].values, variable.values)
        assert again[name].unit == variable.unit
    assert again.provenance == dict(result.provenance)


def test_a_result_is_saved_under_names_that_say_what_it_is(result, tmp_path):
    with pytest.raises(
        sn.StandardsNetError, match=r"saved as \.nc or \.zarr; name the file so, such as r\.nc"
    ):
        result.save(tmp_path / "r.json")
    assert not list(tmp_path.iterdir())


def test_the_same_result_has_the_same_file(result):
    again = sn.rerun(result)
    assert again.to_bytes() == result.to_bytes()


def test_a_file_opens_without_this_package(result, tmp_path):
    path = result.save(tmp_path / "r.nc")
    code = f"""
import json, sys, xarray as xr
data = xr.open_dataset({str(path)!r}, engine="h5netcdf")
cell = data["beta"].sel(scenario="three-poles", year=2040, technology="radio")
print(float(cell.mean()), cell.attrs["units"], data.attrs["Conventions"])
print(data["country_name"].sel(country="KEN").item(), float(data["latitude"].sel(country="KEN")) < 2)
print(data["vendor_home"].sel(vendor="huawei").item(), data["vendor_technology"].sel(vendor="huawei").item())
print(data["status"].attrs["flag_values"].tolist(), data["status"].attrs["flag_meanings"])
print(json.loads(data["provenance"].item())["seed"], "standards_net" in sys.modules)
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    mean = result.values("beta", scenario="three-poles", year=2040, technology="radio").mean()
    first, *others = out.splitlines()
    assert float(first.split()[0]) == pytest.approx(mean, rel=1e-12)
    assert first.split()[1:] == ["1", "CF-1.11"]
    assert others == [
        "Kenya True", "CHN radio core", "[0, 1, 2] settled cycling still_moving", "7 False"
    ]  # fmt: skip


def test_a_damaged_file_is_told_in_one_sentence(result, tmp_path):
    content = result.to_bytes()
    rng = np.random.default_rng(1)
    for cut in (0, 10, 1000, len(content) // 2, len(content) - 1):
        (tmp_path / "x.nc").write_bytes(content[:cut])
        with pytest.raises(sn.StandardsNetError, match=r"^x\.nc is (damaged|not a saved result); [^\n]*$"):
            sn.load_result(tmp_path / "x.nc")
    for _ in range(30):
        at = int(rng.integers(len(content) - 64))
        damaged = content[:at] + rng.bytes(64) + content[at + 64 :]
        (tmp_path / "x.nc").write_bytes(damaged)
        with pytest.raises(sn.StandardsNetError, match=r"^x\.nc is damaged; copy or save it again\.$"):
            sn.load_result(tmp_path / "x.nc")
    without_seal = content[: content.rindex(b"\nsha256")]
    (tmp_path / "x.nc").write_bytes(without_seal)
    assert sn.load_result(tmp_path / "x.nc") == result
    xr.Dataset({"beta": ("year", [1.0])}).to_netcdf(tmp_path / "y.nc", engine="h5netcdf")
    with pytest.raises(sn.StandardsNetError, match=r"^y\.nc is not a saved result"):
        sn.load_result(tmp_path / "y.nc")
    with pytest.raises(sn.StandardsNetError, match="not one that Result"):
        sn.Result.from_xarray(xr.Dataset({"beta": ("year", [1.0])}))


def test_the_condensed_result_shows_the_same(result, tmp_path):
    small = result.condensed()
    assert sn.load_result(small.save(tmp_path / "s.nc")) == small
    for name in result.measures:
        np.testing.assert_allclose(small[name].values, result[name].values, rtol=1.6e-5, atol=1e-30)
    np.testing.assert_allclose(small["mean_share"].values, result["mean_share"].values, rtol=1e-7)
    shares = result.values("group_share", scenario="three-poles", year=2040, technology="radio")
    found = small.values("group_share_interval", scenario="three-poles", year=2040, technology="radio")
    np.testing.assert_allclose(found, np.moveaxis(np.quantile(shares, INTERVAL, axis=0), 0, -1), atol=2e-4)
    one, two = (r.costs("DEU", scenario="three-poles") for r in (result, small))
    np.testing.assert_allclose(two["median"], one["median"], rtol=3e-4)
    assert len(small.to_bytes()) < len(result.to_bytes()) / 2
    with pytest.raises(sn.UnknownNameError, match="did you mean 'group_share_interval'"):
        small["group_share"]


def test_several_labels_and_slices(result):
    every = result.values("beta", technology="radio")
    years = result.coords["year"]
    at = [years.index(2030), years.index(2025)]
    np.testing.assert_array_equal(
        result.values("beta", technology="radio", year=[2030, 2025]), every[..., at]
    )
    np.testing.assert_array_equal(
        result.values("beta", technology="radio", year=slice(2025, 2030)), every[..., at[1] : at[0] + 1]
    )
    two = result.values(
        "beta", scenario=["three-poles", "status-quo-2019"], year=[2020, 2040], technology="radio"
    )
    np.testing.assert_array_equal(two, every[[2, 0]][..., [1, 21]])
    assert result.values("beta", draw=slice(None, 3)).shape == (3, 4, 22, 3)
    for wrong in ([2030, 1990], slice(1990, 2030), "2030", slice(2019, 2025, 2)):
        with pytest.raises(sn.StandardsNetError):
            result.values("beta", year=wrong)


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
