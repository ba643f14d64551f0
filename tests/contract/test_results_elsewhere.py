"""Results that were stopped, condensed, sliced, damaged, read in part: what is shown is true, or told."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import standards_net as sn

ASKED = {"draws": 6, "rng": 3, "until": 2023}


@pytest.fixture(scope="module")
def silos(world):
    return sn.run(world, ["silos", "one-standard"], **ASKED)


@pytest.fixture(scope="module")
def stopped(world):
    def stop(course):
        return course.scenario.name == "silos" and course.year == 2021

    return sn.run(world, ["silos", "one-standard"], stop=stop, **ASKED)


def test_vendors_have_the_standard_of_the_scenario(silos):
    for scenario, standard in (("silos", "europe"), ("one-standard", "west")):
        nodes = silos.to_networkx(scenario, 2023, "radio").nodes
        assert nodes["ericsson"]["standard"] == standard
    data = silos.to_xarray()
    assert data["vendor_standard"].sel(scenario="silos", vendor="nokia").item() == "europe"


class TestStopped:
    def test_pictures_show_what_there_is_or_say_what_is_missing(self, stopped, world, tmp_path):
        fan = sn.drawing.draw_result(world, stopped, tmp_path / "f.png", kind="fan", measure="beta")
        assert fan.stat().st_size > 10_000
        for kind, name in (("map", "m.png"), ("network", "n.png"), ("network", "n.html")):
            where = {} if name.endswith("html") else {"scenario": "silos"}
            with pytest.raises(sn.StandardsNetError, match=r"^silos ended before 202[23]; name an earlier"):
                sn.drawing.draw_result(world, stopped, tmp_path / name, kind=kind, **where)
        assert [p.name for p in tmp_path.iterdir()] == ["f.png"]

    def test_tables_and_graphs(self, stopped, silos):
        gap = stopped.against("one-standard").set_index(["technology", "measure"])
        assert np.isnan(gap.loc[("radio", "beta"), ["median", "share_above_zero"]].astype(float)).all()
        with pytest.raises(sn.StandardsNetError, match="silos ended before 2022; name an earlier year"):
            stopped.to_networkx("silos", 2022)
        assert set(stopped.to_iamc().query("scenario == 'silos'")["year"]) == {2019, 2020, 2021}
        earlier, whole = (r.values("group_share", year=slice(2019, 2021)) for r in (stopped, silos))
        np.testing.assert_array_equal(earlier, whole)

    def test_files(self, stopped, tmp_path):
        for one in (stopped, stopped.condensed()):
            assert sn.load_result(one.save(tmp_path / "r.nc")) == one


class TestCondensed:
    @pytest.mark.parametrize("kind", ["network", "map", "fan"])
    def test_it_can_be_drawn(self, silos, world, tmp_path, kind):
        small = sn.load_result(silos.condensed().save(tmp_path / "s.nc"))
        place = tmp_path / "p.png"
        assert sn.drawing.draw_result(world, small, place, kind=kind).stat().st_size > 10_000
        if kind == "network":
            assert sn.drawing.draw_result(world, small, tmp_path / "p.html").stat().st_size > 10_000

    def test_a_map_says_that_draws_agree_only_where_it_knows(self, silos, world, tmp_path):
        told = {}
        for name, one in (("whole", silos), ("small", silos.condensed())):
            place = sn.drawing.draw_result(world, one, tmp_path / f"{name}.svg", kind="map")
            told[name] = "of the draws agree" in place.read_text(encoding="utf-8")
        assert told == {"whole": True, "small": False}

    def test_it_is_repeated_as_it_is(self, silos, world):
        small = silos.condensed()
        assert sn.rerun(small, world=world) == small
        with pytest.raises(sn.StandardsNetError, match="has no draws of groups; take the whole result"):
            small.to_iamc("groups")


class TestSliced:
    def test_one_label_and_another_order_of_axes(self, silos):
        data = silos.to_xarray()
        with pytest.raises(sn.StandardsNetError, match=re.escape("data.sel(scenario=['silos'])")):
            sn.Result.from_xarray(data.sel(scenario="silos"))
        one = sn.Result.from_xarray(data.sel(scenario=["silos"], technology=["iot"]))
        assert one.coords["scenario"] == ("silos",)
        np.testing.assert_array_equal(one.values("beta")[0, :, :, 0], silos.values("beta")[0, :, :, 2])
        costs = [r.to_iamc("countries", 0.5) for r in (one, silos)]
        asked = "variable == 'Standards (50th percentile)|IOT|Cost' and scenario == 'silos'"
        found, whole = (t.query(asked).set_index(["region", "year"])["value"] for t in costs)
        pd.testing.assert_series_equal(found, whole)
        turned = sn.Result.from_xarray(data.transpose("year", "technology", ...))
        assert turned == silos

    def test_variables_of_others(self, silos, tmp_path):
        data = silos.to_xarray().assign(mine=("year", np.arange(5.0)))
        assert sn.Result.from_xarray(data)["mine"].meaning == ""

    def test_read_in_part(self, silos, tmp_path):
        for path in (silos.save(tmp_path / "r.nc"), silos.save(tmp_path / "r.zarr")):
            part = sn.load_result(path, variables=["country_name", "beta"])
            assert part["beta"] == silos["beta"]
            assert part["country_name"] == silos["country_name"]
            assert part.coords["country"] == silos.coords["country"]
            assert sn.load_result(path, variables="gamma")["gamma"] == silos["gamma"]
            for call in (
                part.to_networkx,
                lambda p=part: p.shares("DEU"),
                lambda p=part: p.to_iamc("countries"),
            ):
                with pytest.raises(sn.StandardsNetError, match=r"unknown variable|name one of"):
                    call()
            with pytest.raises(sn.UnknownNameError, match="unknown variable 'year'"):
                sn.load_result(path, variables=["year"])

    def test_regions_by_name_beside_the_world(self, silos):
        table = silos.to_iamc(["world", "KEN"])
        assert set(table["region"]) == {"World", "KEN"}
        assert set(silos.to_iamc(["groups", "world"])["region"]) >= {"World", "EU", "us"}
        assert len(silos.to_iamc(["world"])) == len(silos.to_iamc())


class TestDamagedStores:
    @pytest.mark.parametrize("how", ["chunk gone", "chunk cut", "variable gone", "bit flipped"])
    def test_it_is_told(self, silos, tmp_path, how):
        path = silos.save(tmp_path / "r.zarr")
        chunk = next(p for p in sorted((path / "beta").iterdir()) if not p.name.startswith("."))
        content = chunk.read_bytes()
        if how == "chunk gone":
            chunk.unlink()
        elif how == "chunk cut":
            chunk.write_bytes(content[:-3])
        elif how == "bit flipped":
            chunk.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        else:
            shutil.rmtree(path / "beta")
        told = r"^r\.zarr is (damaged; copy or save it again|not a saved result; Result\.save writes such)"
        with pytest.raises(sn.StandardsNetError, match=told):
            sn.load_result(path)

    def test_what_others_have_written_is_read(self, silos, tmp_path):
        silos.to_xarray().to_zarr(tmp_path / "r.zarr", zarr_format=2, consolidated=True)
        assert sn.load_result(tmp_path / "r.zarr") == silos
        with xr.open_dataset(silos.save(tmp_path / "a.nc"), engine="h5netcdf") as data:
            data.load().to_netcdf(tmp_path / "b.nc", engine="h5netcdf")
        assert sn.load_result(tmp_path / "b.nc").values("beta").tobytes() == silos.values("beta").tobytes()


class TestOwnMeasures:
    @pytest.mark.parametrize("name", ["year", "country", "provenance", "parameter", "group_share_interval"])
    def test_names_that_are_taken(self, world, name):
        with pytest.raises(sn.StandardsNetError, match=f"measure '{name}' is recorded already"):
            sn.run(world, "silos", measures={name: lambda c: np.ones(c.draws)}, **ASKED)

    def test_another_function_of_the_same_name_is_another_run(self, world):
        asked = {"draws": 300, "rng": 1, "until": 2020, "technologies": "iot", "pieces": 2}
        one, two = (
            sn.split(world, "silos", measures={"m": f}, **asked)
            for f in (lambda c: np.ones(c.draws), lambda c: np.zeros(c.draws) + 2.0)
        )
        with pytest.raises(sn.StandardsNetError, match="the parts are of different runs"):
            sn.join([one[0].run(), two[1].run()])

    def test_parts_cannot_be_forged(self, world):
        (piece,) = sn.split(world, "silos", pieces=1, draws=2, until=2020, technologies="iot")
        part = piece.run()
        with pytest.raises(ValueError, match="read-only"):
            part.arrays["beta"][...] = 7.0


def test_rows_of_parameters_are_those_of_their_draws(world):
    asked = {"draws": range(3, 9), "rng": 1, "until": 2020, "technologies": "iot"}
    table = sn.run(world, "silos", **asked).parameters
    one, two = (sn.run(world, "silos", parameters=t, **asked) for t in (table, table.iloc[::-1]))
    assert one == two
    with pytest.raises(sn.StandardsNetError, match="they must be the draws 3 to 8, or have no labels"):
        sn.run(world, "silos", parameters=table.set_axis(list("abcdef")), **asked)


def test_samples_in_a_data_frame_are_read_by_name(world):
    salib = sn.adapters.salib
    problem = salib.problem(world, ["lock_in", "network_benefit"])
    frame = pd.DataFrame({"lock_in": [0.5, 0.9], "network_benefit": [0.6, 2.0]})
    asked = {"year": 2021, "measures": "china_share"}
    one, two = (salib.evaluate(f, problem, world, "silos", **asked) for f in (frame, frame.iloc[:, ::-1]))
    np.testing.assert_array_equal(one, two)
    for call, told in [
        (
            lambda: salib.evaluate(frame[["lock_in"]], problem, world, "silos"),
            "samples have the columns lock",
        ),
        (lambda: salib.problem(world, ["lock_in", "lock_in"]), "parameter lock_in is named twice"),
        (lambda: salib.problem(None), "world is None; give what load_world returns"),
        (
            lambda: salib.evaluate(frame, {"names": ["lock_in", "lock_in"]}, world, "silos"),
            "the problem names lock_in twice",
        ),
    ]:
        with pytest.raises(sn.StandardsNetError, match=re.escape(told)):
            call()


def test_json_scenarios_extend_each_other(tmp_path):
    (tmp_path / "parent.json").write_text('{"name": "parent", "title": "P", "extends": "silos"}')
    for named in ("parent", "parent.json"):
        (tmp_path / "child.json").write_text(f'{{"name": "child", "title": "C", "extends": "{named}"}}')
        assert sn.load_scenario(tmp_path / "child.json").lineage[:3] == ("child", "parent", "silos")
    (tmp_path / "big.json").write_text(f'{{"name": "x", "title": {"9" * 5000}}}')
    with pytest.raises(sn.ScenarioError, match=r"^big\.json is not valid JSON: exceeds the limit"):
        sn.load_scenario(tmp_path / "big.json")
    (tmp_path / "bom.json").write_bytes(b'\xef\xbb\xbf{"name": "x", "title": "X"}')
    assert sn.load_scenario(tmp_path / "bom.json").name == "x"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda w: sn.join(None), "None is no part of a run"),
        (lambda w: sn.load_result(None), "path is None; name a file."),
        (lambda w: sn.load_world(w.table), "a data frame is given; say which table it is"),
        (lambda w: sn.run(w, "silos", threads=-1, stop=lambda c: False), "threads is -1; it must be"),
        (lambda w: sn.run(w, "silos", threads=0, measures={"m": lambda c: 1}), "threads is 0; it must be"),
        (lambda w: sn.run(w, "silos", draws=2, until=2021, policy=lambda c: {1: 2}), "it must give a map"),
        (lambda w: sn.run(w, "silos", draws=2, until=2022, stop=lambda c: "no"), "stop gives 'no'; it must"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(world, call, told):
    with pytest.raises(sn.StandardsNetError, match=re.escape(told)):
        call(world)
