"""Adapters, each against the program that it is for."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import standards_net as sn

ASKED = {"draws": 1200, "rng": 3, "until": 2021, "technologies": "iot", "snapshots": [2020]}
SCENARIOS = ["silos", "one-standard"]
NAMES = ["lock_in", "network_benefit", "weight_of_country_mix"]


def design_of(world, values):
    central = {name: p.default for name, p in world.parameters.items()}
    return central | dict(zip(NAMES, values, strict=True))


def evaluate(salib, world, samples, measure="beta"):
    return salib.evaluate(samples, {"names": ["lock_in"]}, world, "silos", measure)


class TestSALib:
    def test_the_problem_is_the_table_of_parameters(self, world):
        problem = sn.adapters.salib.problem(world)
        free = [p for p in world.parameters.values() if p.prior != "fixed"]
        assert problem["num_vars"] == len(free) == len(problem["bounds"]) == len(problem["dists"])
        from SALib.sample import latin

        samples = latin.sample(problem, 64, seed=1)
        for column, parameter in zip(samples.T, free, strict=True):
            assert parameter.low <= column.min() < column.max() <= parameter.high
        which = problem["names"].index("weight_of_country_mix")
        assert np.log(samples[:, which]).mean() == pytest.approx(np.log(0.01 * 0.5) / 2, abs=0.1)

    def test_a_row_is_a_run_with_its_parameters(self, world):
        from SALib.sample import latin

        problem = sn.adapters.salib.problem(world, NAMES)
        samples = latin.sample(problem, 6, seed=2)
        asked = {"year": 2023, "technology": "radio", "rng": 5}
        found = sn.adapters.salib.evaluate(
            samples, problem, world, "silos", ["china_share", "total_usd"], draw=3, **asked
        )
        for row, values in zip(found, samples, strict=True):
            alone = sn.run(
                world, "silos", draws=range(3, 4), rng=5, until=2023, technologies="radio",
                parameters=design_of(world, values),
            )  # fmt: skip
            for value, name in zip(row, ("china_share", "total_usd"), strict=True):
                assert value == alone.values(name, year=2023)[0, 0, 0]
        ours, theirs, effect = (
            sn.adapters.salib.evaluate(samples, problem, world, one, "china_share", against=a, **asked)
            for one, a in (("silos", None), ("one-standard", None), ("silos", "one-standard"))
        )
        assert ours.shape == (6,)
        np.testing.assert_array_equal(effect, ours - theirs)

    def test_analysers_take_the_answers(self, world):
        from SALib.analyze import sobol
        from SALib.sample import sobol as sampler

        problem = sn.adapters.salib.problem(world, NAMES)
        samples = sampler.sample(problem, 16, calc_second_order=False, seed=1)
        answers = sn.adapters.salib.evaluate(samples, problem, world, "silos", "china_share", year=2025)
        found = sobol.analyze(problem, answers, calc_second_order=False, seed=1)
        assert found["ST"].shape == (3,)
        assert np.isfinite(found["ST"]).all()

    @pytest.mark.parametrize(
        ("call", "told"),
        [
            (lambda s, w: s.problem(w, ["lockin"]), "unknown parameter 'lockin'; did you mean 'lock_in'?"),
            (lambda s, w: s.problem(w, ["choice_sensitivity"]), "choice_sensitivity has a fixed value"),
            (lambda s, w: s.problem(w, []), "no parameter is named"),
            (lambda s, w: evaluate(s, w, np.ones((2, 3))), "samples have shape (2, 3)"),
            (lambda s, w: s.evaluate(np.ones((2, 1)), {"x": 1}, w, "silos"), "problem is {'x': 1}; give"),
            (lambda s, w: evaluate(s, w, np.ones((2, 1)), "bta"), "unknown measure 'bta'; did you mean"),
            (lambda s, w: evaluate(s, w, -np.ones((2, 1))), "lock_in is -1; it must"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told(self, world, call, told):
        with pytest.raises(sn.StandardsNetError, match=re.escape(told)):
            call(sn.adapters.salib, world)


class TestEMAWorkbench:
    @pytest.fixture
    def ema(self):
        return pytest.importorskip("ema_workbench", reason="the EMA workbench is not installed")

    def test_batches_give_what_the_workbench_gives(self, world, ema):
        model = sn.adapters.ema.as_model(
            world, ["silos", "one-standard"], parameters=NAMES, measures=["china_share", "beta"], year=2022
        )
        assert [u.name for u in model.uncertainties] == NAMES
        assert [lever.name for lever in model.levers] == ["scenario_name"]
        np.random.seed(1)  # noqa: NPY002 - the workbench draws from the global generator
        with sn.adapters.ema.Evaluator(model) as evaluator:
            experiments, batched = evaluator.perform_experiments(scenarios=5, policies=2)
        np.random.seed(1)  # noqa: NPY002
        with ema.SequentialEvaluator(model) as evaluator:
            again, one_by_one = evaluator.perform_experiments(scenarios=5, policies=2)
        assert len(experiments) == 10
        varied = [*NAMES, "scenario_name"]
        assert experiments[varied].equals(again[varied])
        for name in ("china_share", "beta"):
            np.testing.assert_array_equal(batched[name], one_by_one[name])
        row = experiments.iloc[3]
        alone = sn.run(
            world, str(row["scenario_name"]), draws=1, rng=0, until=2022, technologies="radio",
            parameters=design_of(world, [row[name] for name in NAMES]),
        )  # fmt: skip
        assert batched["beta"][3] == alone.values("beta", year=2022)[0, 0, 0]

    def test_without_a_policy_it_is_the_first_scenario(self, world, ema):
        model = sn.adapters.ema.as_model(
            world, SCENARIOS, parameters=["lock_in"], measures="gamma", year=2021, name="first"
        )
        found = []
        for kind in (sn.adapters.ema.Evaluator, ema.SequentialEvaluator):
            np.random.seed(1)  # noqa: NPY002
            with kind(model) as evaluator:
                found.append(evaluator.perform_experiments(scenarios=3)[1]["gamma"])
        np.testing.assert_array_equal(*found)
        wrong = ema.Policy("p", scenario_name="nope")
        with (
            sn.adapters.ema.Evaluator(model) as evaluator,
            pytest.raises(sn.StandardsNetError, match="unknown scenario of the model 'nope'"),
        ):
            evaluator.perform_experiments(scenarios=2, policies=[wrong])

    def test_all_years_as_arrays(self, world, ema):
        model = sn.adapters.ema.as_model(
            world, "silos", parameters=["lock_in"], measures="deployment", year=None, until=2023, name="years"
        )
        with sn.adapters.ema.Evaluator(model) as evaluator:
            _, outcomes = evaluator.perform_experiments(scenarios=3)
        assert outcomes["deployment"].shape == (3, 5)
        assert (np.diff(outcomes["deployment"], axis=1) > 0.0).all()

    def test_other_models_are_told_apart(self, ema):
        other = ema.Model("other", function=lambda x=0.0: {"y": x})
        other.uncertainties = [ema.RealParameter("x", 0.0, 1.0)]
        other.outcomes = [ema.ScalarOutcome("y")]
        with (
            sn.adapters.ema.Evaluator(other) as evaluator,
            pytest.raises(sn.StandardsNetError, match="model other was not made by as_model"),
        ):
            evaluator.perform_experiments(scenarios=2)


class TestBMI:
    CONFIG = 'scenario = "silos"\ndraws = 3\nrng = 7\nuntil = 2023\n'

    @pytest.fixture
    def component(self, tmp_path):
        pytest.importorskip("bmipy", reason="bmipy is not installed")
        (tmp_path / "silos.toml").write_text(self.CONFIG)
        component = sn.adapters.bmi.StandardsNetBmi()
        component.initialize(str(tmp_path / "silos.toml"))
        return component

    def test_it_is_the_course(self, world, component):
        course = sn.begin(world, "silos", draws=3, rng=7, until=2023, technologies="radio")
        for _ in range(4):
            shares = course.values("country_share").mean(axis=0)
            for s, standard in enumerate(course.standards):
                name = f"economy_{standard}-standard-equipment__adoption_fraction"
                np.testing.assert_array_equal(component.get_value(name, np.empty(196)), shares[:, s])
            loss = component.get_value("world_network__interoperability_loss_fraction", np.empty(1))
            assert loss[0] == course.values("interoperability_loss").mean()
            assert component.get_value_ptr("world__calendar_year")[0] == course.year
            component.update()
            course = course.step()
        assert component.get_current_time() == component.get_end_time() == 4.0
        with pytest.raises(sn.StandardsNetError, match="2023 is the last year"):
            component.update()

    def test_what_is_set_holds_from_the_next_update_on(self, world, component):
        course = sn.begin(world, "silos", draws=3, rng=7, until=2023, technologies="radio").step()
        component.update()
        tariff = np.zeros((196, 196))
        china, brazil = world.countries.index("CHN"), world.countries.index("BRA")
        tariff[brazil, china] = 0.5
        component.set_value_at_indices(
            "economy_import-from-chn__tariff_rate", np.array([brazil]), np.array([0.5])
        )
        component.set_value("economy__gross_domestic_product", 2.0 * world.gdp_usd)
        component.update_until(3.0)
        course = course.given(tariff=tariff, gdp_usd=2.0 * world.gdp_usd).step(2)
        name = "economy_china-standard-equipment__adoption_fraction"
        shares = course.values("country_share", standard="china").mean(axis=0)
        np.testing.assert_array_equal(component.get_value_ptr(name), shares)
        free = sn.begin(world, "silos", draws=3, rng=7, until=2023, technologies="radio").step(3)
        assert shares[brazil] < free.values("country_share", standard="china", country="BRA").mean()

    def test_the_grid_is_where_the_economies_are(self, world, component):
        name = "economy_network__deployment_fraction"
        grid = component.get_var_grid(name)
        lon, lat = (get(grid, np.empty(196)) for get in (component.get_grid_x, component.get_grid_y))
        np.testing.assert_array_equal(lon, world.table["lon"])
        np.testing.assert_array_equal(lat, world.table["lat"])

    def test_files_are_looked_for_beside_the_configuration(self, tmp_path):
        pytest.importorskip("bmipy", reason="bmipy is not installed")
        (tmp_path / "mine.toml").write_text('name = "mine"\ntitle = "Mine"\nextends = "silos"\n')
        (tmp_path / "c.toml").write_text('scenario = "mine.toml"\nuntil = 2021\n')
        component = sn.adapters.bmi.StandardsNetBmi()
        with pytest.raises(sn.StandardsNetError, match="call initialize first"):
            component.get_current_time()
        component.initialize(str(tmp_path / "c.toml"))
        component.update_until(1.0)
        for call, told in [
            (lambda: component.update_until(float("nan")), "time is nan; it must be a whole year"),
            (lambda: component.set_value("economy__gross_domestic_product", [1.0]), "has 1 values; it must"),
            (lambda: component.get_grid_type(7), "grid is 7; 0 is the world"),
        ]:  # fmt: skip
            with pytest.raises(sn.StandardsNetError, match=told):
                call()

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            ("draws = 3", "names no scenario; add a line such as"),
            ('scenaro = "silos"', "unknown key 'scenaro'; did you mean 'scenario'?"),
            ("scenario = ", "is not TOML"),
            ('scenario = "silo"', "silo"),
        ],
    )
    def test_a_wrong_configuration_is_told(self, tmp_path, content, told):
        pytest.importorskip("bmipy", reason="bmipy is not installed")
        (tmp_path / "x.toml").write_text(content)
        with pytest.raises(sn.StandardsNetError, match=re.escape(told)):
            sn.adapters.bmi.StandardsNetBmi().initialize(str(tmp_path / "x.toml"))

    @pytest.mark.slow
    def test_the_tester_passes(self, tmp_path):
        pytest.importorskip("bmi_tester", reason="bmi-tester is not installed")
        (tmp_path / "silos.toml").write_text(self.CONFIG)
        (tmp_path / "empty.ini").write_text("[pytest]\n")
        tester = Path(sys.executable).with_name("bmi-test")
        component = "standards_net.adapters.bmi:StandardsNetBmi"
        done = subprocess.run(
            [tester, component, "--config-file=silos.toml", "--root-dir=."],
            cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTEST_ADDOPTS": f"-c {tmp_path / 'empty.ini'}"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert "All tests passed" in done.stdout + done.stderr
        assert " failed" not in done.stdout


@pytest.fixture(scope="module")
def client():
    distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def whole(world):
    return sn.run(world, SCENARIOS, **ASKED)


@pytest.mark.slow
class TestDask:
    def test_the_bytes_of_one_process(self, world, client, whole):
        found = sn.adapters.dask.run(client, world, SCENARIOS, **ASKED)
        assert found == whole
        assert found.provenance == whole.provenance

    def test_pieces_may_be_mapped_by_hand(self, world, client, whole):
        pieces = sn.split(world, SCENARIOS, pieces=4, **ASKED)
        parts = client.gather(client.map(sn.Piece.run, pieces, pure=False))
        assert sn.join(parts) == whole

    def test_a_worker_that_is_killed_costs_time_only(self, world, client, whole, tmp_path):
        pytest.importorskip("zarr", reason="zarr is not installed")
        before = client.run(os.getpid)
        killed = []

        def kill(done, total):
            if done == 2 and not killed:
                killed.append(next(iter(before.values())))
                os.kill(killed[0], signal.SIGKILL)

        pieces = sn.split(world, SCENARIOS, pieces=10, **ASKED)
        executor = sn.adapters.dask.executor(client)
        path = sn.stream(pieces, tmp_path / "r.zarr", executor=executor, progress=kill)
        assert sn.load_result(path) == whole
        client.wait_for_workers(2, timeout=30)
        assert killed[0] not in client.run(os.getpid).values()

    def test_what_is_no_client_is_told(self):
        with pytest.raises(sn.StandardsNetError, match=r"client is 3; give a distributed\.Client"):
            sn.adapters.dask.executor(3)
