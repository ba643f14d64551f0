"""The fit of 2019 in cases with a known answer, and against derivatives taken step by step."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from standards_net.core.arrays import by_country
from standards_net.estimation import Evidence, ShareEvidence, fit_shares
from standards_net.estimation.fit import _Problem
from standards_net.model import draw_initial

HALF = np.array([True, False])


def two_vendors(share, sd, at_least=False):
    """One country, two vendors, no features: the log-odds have prior variance 9 + 2 tau^2."""
    reported = ShareEvidence("x", np.ones(1), HALF, share, sd, at_least)
    return Evidence(np.zeros((1, 2, 0)), (), np.ones((1, 2), dtype=bool), [reported], np.zeros((1, 2)))


def test_two_vendors_have_the_mode_of_a_one_dimensional_posterior():
    tau, reported, sd = 1.0, 0.8, 0.05
    variance = 9.0 + 2.0 * tau**2

    def slope(x):
        p = 1 / (1 + math.exp(-x))
        return (p - reported) / sd**2 * p * (1 - p) + x / variance

    odds = brentq(slope, 0.0, 3.0)
    fit = fit_shares(two_vendors(reported, sd), tau)
    assert fit.share[0, 0] == pytest.approx(1 / (1 + math.exp(-odds)), abs=1e-5)
    # Laplace: the variance of the log-odds is 1 over the Gauss-Newton curvature.
    p = fit.share[0, 0]
    spread = (1 / variance + (p * (1 - p) / sd) ** 2) ** -0.5
    assert fit.log_sd[0] == pytest.approx([(1 - p) * spread, p * spread], rel=1e-3)


def test_more_than_a_half_pulls_up_but_not_down():
    floor = fit_shares(two_vendors(0.51, 0.02, at_least=True), 0.5).share[0, 0]
    equal = fit_shares(two_vendors(0.51, 0.02), 0.5).share[0, 0]
    assert floor > 0.51 > 0.5
    assert equal == pytest.approx(0.51, abs=0.001)
    contracts = np.array([[40.0, 10.0]])
    high = replace(two_vendors(0.51, 0.02, at_least=True), contracts=contracts)
    alone = replace(high, shares=[ShareEvidence("x", np.ones(1), HALF, 0.0, 1e6)])
    assert fit_shares(high, 0.5).share[0, 0] == pytest.approx(fit_shares(alone, 0.5).share[0, 0], abs=1e-4)


def test_the_gradient_is_the_slope_of_the_loss():
    rng = np.random.default_rng(3)
    shares = [
        ShareEvidence("a", np.array([0.5, 0.5, 0.0]), np.array([True, False, True]), 0.6, 0.05),
        ShareEvidence("b", np.array([0.0, 0.0, 1.0]), np.array([True, False, False]), 0.5, 0.1, True),
    ]
    allowed = np.ones((3, 3), dtype=bool)
    allowed[1, 2] = False
    problem = _Problem(
        Evidence(rng.random((3, 3, 2)), ("f", "g"), allowed, shares, rng.random((3, 3)) * allowed)
    )
    precision = problem.penalty(0.7)
    theta = rng.normal(size=len(precision))
    _, gradient = problem.loss(theta, precision)
    for k in range(len(theta)):
        step = np.zeros_like(theta)
        step[k] = 1e-6
        slope = (problem.loss(theta + step, precision)[0] - problem.loss(theta - step, precision)[0]) / 2e-6
        assert gradient[k] == pytest.approx(slope, abs=1e-6)


def test_errors_of_a_country_leave_its_shares_adding_up_to_one(world):
    """Where an estimate has no draws of its own; only a country on record has factors."""
    markets = [market for market in world.markets.values() if market.operators is None]
    assert markets
    for market in markets:
        errors = market.log_sd[..., None] * market.factors
        moved = (market.adoption[..., None] * errors).sum(axis=1)
        np.testing.assert_allclose(moved, 0.0, atol=2e-3)  # rounding of the table
        lengths = np.linalg.norm(market.factors, axis=2)
        np.testing.assert_allclose(lengths[market.log_sd > 0.0], 1.0, atol=1e-3)


def test_draws_of_the_operators_have_the_means_of_the_table(world):
    """Shares of each operator add up to one in every draw; countries' means are their rows of the table."""
    markets = [market for market in world.markets.values() if market.operators is not None]
    assert markets
    for market in markets:
        operators = market.operators
        np.testing.assert_allclose(operators.draws.sum(axis=1), 65535, atol=len(market.vendors))
        np.testing.assert_allclose(operators.adoption.sum(axis=1), 1.0)
        np.testing.assert_allclose(np.bincount(operators.country_of, operators.weight), 1.0)
        country = by_country(operators.adoption, operators.country_of, operators.weight, len(market.share))
        np.testing.assert_allclose(country, market.adoption, atol=2e-3)
        assert (np.diff(operators.country_of) >= 0).all()  # a country's operators stand together


def test_draws_keep_what_was_reported_of_a_country(world):
    """Germany: 57 % of sites reported within some points, about 57 +- 3 in the estimate."""
    market = world.market("radio")
    drawn = draw_initial(world, "radio", 7, slice(0, 4096)).start
    start = by_country(drawn, market.country_of, market.weight, len(world.countries))
    for country, reported, sd in (("DEU", 0.57, 0.05), ("GBR", 0.40, 0.05), ("POL", 0.60, 0.05)):
        i = world.countries.index(country)
        chinese = start[:, i, :2].sum(axis=1)
        assert chinese.mean() == pytest.approx(market.adoption[i, :2].sum(), abs=0.005)
        assert chinese.mean() == pytest.approx(reported, abs=0.03)
        assert chinese.std() < sd
    np.testing.assert_allclose(start.mean(axis=0), market.adoption, atol=0.02)
    drawn_world = np.einsum("n,rnv->rv", market.share, start).mean(axis=0)
    np.testing.assert_allclose(drawn_world, market.share @ market.adoption, atol=0.005)
