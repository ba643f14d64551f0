"""The calibrated sample: what it moves, what it leaves, and how its moments are estimated."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri
from tools.calibrate.emulator import fit_emulator, posterior
from tools.calibrate.waves import Moments, effective_size, hottest, moments_of, normalised

import standards_net as sn
from standards_net.calibration import Calibration, Prior, load_calibration
from standards_net.evidence import share_reports
from standards_net.model.setting import _tastes
from standards_net.parameters import Parameters, draw_parameters

UNIFORM = Prior("uniform", 0.0, 1.0)


@pytest.fixture(scope="module")
def world():
    return sn.load_world()


def test_normal_scores_get_the_posterior_moments():
    mean, covariance = np.array([0.5, -1.0]), np.array([[0.25, 0.1], [0.1, 1.0]])
    calibration = Calibration(("a", "b"), (UNIFORM, UNIFORM), mean, covariance, {}, {})
    rng = np.random.default_rng(1)
    points = {name: rng.random(100_000) for name in ("a", "b", "c")}
    found = calibration.moved(points, dict.fromkeys(points, UNIFORM))
    scores = ndtri(np.stack([found["a"], found["b"]]))
    assert scores.mean(axis=1) == pytest.approx(mean, abs=0.02)
    assert np.cov(scores) == pytest.approx(covariance, abs=0.02)
    assert (found["c"] == points["c"]).all()


def test_another_prior_is_kept():
    calibration = Calibration(("a", "b"), (UNIFORM, UNIFORM), np.ones(2), np.eye(2), {}, {})
    points = {"a": np.array([0.5]), "b": np.array([0.5])}
    found = calibration.moved(points, {"a": Prior("uniform", 0.0, 2.0), "b": UNIFORM})
    assert found["a"].tolist() == [0.5]
    assert found["b"] == pytest.approx(ndtr(1.0))
    nothing = calibration.moved(points, dict.fromkeys(points, Prior("uniform", 0.0, 2.0)))
    assert nothing["b"].tolist() == [0.5]


def test_samples_of_parameters(world):
    parameters = world.parameters
    prior, calibrated, central = (
        draw_parameters(parameters, 1024, 7, sample) for sample in ("prior", "calibrated", "central")
    )
    name = "innovation_radio"
    assert calibrated[name].std() < 0.6 * prior[name].std()
    assert (central[name] == parameters[name].default).all()
    assert (calibrated["progress_ratio"] >= parameters["progress_ratio"].low).all()
    assert (draw_parameters(parameters, 8, 7)["lock_in"] == calibrated["lock_in"][:8]).all()
    # What the calibration says nothing of is drawn from the prior, point by point.
    assert (calibrated["market_iot"] == prior["market_iot"]).all()
    with pytest.raises(sn.StandardsNetError, match="unknown sample of parameters 'posterior'"):
        draw_parameters(parameters, 8, 7, "posterior")


def test_a_prior_of_the_readers_own_is_drawn_as_it_is(world):
    table = world.parameters.table.copy()
    row = table.index[table["name"] == "innovation_radio"][0]
    table.loc[row, ["low", "high"]] = [0.3, 0.4]
    drawn = draw_parameters(Parameters(table), 256, 7)["innovation_radio"]
    assert drawn.min() >= 0.3
    assert np.log(drawn / 0.3).mean() == pytest.approx(np.log(0.4 / 0.3) / 2.0, abs=0.01)


def test_what_is_shipped(world):
    calibration = load_calibration()
    assert set(calibration.left_out) == set(share_reports(world)["country"])
    for mean, covariance in [(calibration.mean, calibration.covariance), *calibration.left_out.values()]:
        assert np.isfinite(mean).all()
        assert (np.linalg.eigvalsh(covariance) > 0.0).all()
    for name, prior in zip(calibration.names, calibration.priors, strict=True):
        parameter = world.parameters[name]
        assert prior == Prior(parameter.prior, parameter.low, parameter.high), name
        k = calibration.names.index(name)
        if parameter.basis in ("estimated", "calibrated"):
            # Defaults are the middle of what is known now.
            ends = parameter.quantile(ndtr(calibration.mean[k] + np.array([-1.0, 1.0])))
            assert ends[0] < parameter.default < ends[1], name
    assert calibration.without("BRA") is calibration
    # Norway's only report is certain by order, and not used: nothing changes without it.
    assert calibration.without("NOR").mean == pytest.approx(calibration.mean, abs=1e-4)
    assert calibration.without("DEU").mean != pytest.approx(calibration.mean)


def test_runs_record_their_sample_and_are_repeated_from_it(world):
    results = {
        sample: sn.run(world, "status-quo-2019", draws=8, rng=1, until=2021, technologies="radio",
                       parameters=sample)
        for sample in ("calibrated", "prior", "central")
    }  # fmt: skip
    assert results["calibrated"] == sn.run(
        world, "status-quo-2019", draws=8, rng=1, until=2021, technologies="radio"
    )
    assert results["calibrated"] != results["prior"]
    for sample, result in results.items():
        assert result.provenance["parameters"] == sample
        assert sn.rerun(result) == result
    with pytest.raises(sn.StandardsNetError, match="unknown sample of parameters 'prio'; did you mean"):
        sn.run(world, "status-quo-2019", draws=8, parameters="prio")


@pytest.mark.parametrize("sd", [0.5, 1.5, 3.0])
def test_tastes_make_choices_lumpy_and_keep_mean_shares_and_effects(sd):
    rng = np.random.default_rng(3)
    draws = 20_000
    initial = SimpleNamespace(taste=rng.normal(size=(draws, 1, 3)), operator_taste=None)
    market = SimpleNamespace(country_of=np.array([0]))
    for row in (np.array([0.5, 0.3, 0.2]), np.array([0.8, 0.15, 0.05])):
        for change in (0.0, -1.5):
            considered = np.log(row) + change * np.array([1.0, 0.0, 0.0])
            taste, kappa = _tastes(initial, market, {"taste_sd": np.full(draws, sd)})
            odds = np.exp(kappa[:, None, None] * (considered + taste))
            found = (odds / odds.sum(axis=2, keepdims=True))[:, 0]
            plain = np.exp(considered) / np.exp(considered).sum()
            assert found.mean(axis=0) == pytest.approx(plain, abs=0.03)
            assert found[:, 0].std() > 0.06 * sd


# -- the tool ----------------------------------------------------------------------------------


def test_the_posterior_of_a_linear_model_is_exact():
    """One summary s = a + b z + noise, observed through a residual: normal prior and likelihood."""
    rng = np.random.default_rng(2)
    z = rng.normal(size=(4000, 1))
    noise, slope, offset = 0.5, 2.0, 1.0
    residual = offset - slope * z + noise * rng.normal(size=z.shape)
    emulator = fit_emulator(z, residual)
    found, effective = posterior(
        emulator, lambda scores: np.zeros(len(scores)), Moments(np.zeros(1), np.eye(1)), rng
    )
    variance = noise**2 + 1.0  # of the summary, in units of its tolerance
    precision = 1.0 + slope**2 / variance
    assert found.covariance[0, 0] == pytest.approx(1.0 / precision, rel=0.08)
    assert found.mean[0] == pytest.approx(slope * offset / variance / precision, abs=0.05)
    assert effective > 1000


def test_weights_and_their_effective_size():
    weight = normalised(np.log(np.array([1.0, 1.0, 2.0])))
    assert weight.tolist() == pytest.approx([0.25, 0.25, 0.5])
    assert effective_size(weight) == pytest.approx(1.0 / (2 * 0.0625 + 0.25))
    evidence = np.linspace(0.0, -50.0, 1000)
    heat = hottest(np.zeros(1000), evidence, 0.0, 500.0)
    assert effective_size(normalised(heat * evidence)) == pytest.approx(500.0, rel=0.01)
    assert hottest(np.zeros(1000), 1e-6 * evidence, 0.0, 500.0) == 1.0


def test_moments_shrink_correlations_only():
    rng = np.random.default_rng(4)
    scores = rng.multivariate_normal([1.0, -1.0], [[1.0, 0.8], [0.8, 2.0]], 50_000)
    found = moments_of(scores, np.full(len(scores), 1.0 / len(scores)))
    assert found.mean == pytest.approx([1.0, -1.0], abs=0.03)
    assert np.diag(found.covariance) == pytest.approx([1.0, 2.0], rel=0.03)
    assert found.covariance[0, 1] == pytest.approx(0.9 * 0.8, rel=0.05)


def test_parameters_say_what_they_rest_on(world):
    basis = pd.Series({p.name: p.basis for p in world.parameters.values()})
    assert set(basis) == {"estimated", "calibrated", "literature", "judgement", "definition"}
    calibration = load_calibration()
    left = dict(zip(calibration.names, np.sqrt(np.diag(calibration.covariance)), strict=True))
    # What is called calibrated is narrower than its prior.
    assert all(left[name] < 0.95 for name in basis.index[basis == "calibrated"])
    assert left["restriction_weight"] < 0.8
    assert left["anticipation"] < 0.8
    assert left["affinity_weight"] < 0.8
