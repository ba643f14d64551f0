"""Estimation of supplier choice: probabilities of sets, a slow twin, recovery of what is known."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pytest
from tools.fit_suppliers.__main__ import estimates, fit
from tools.fit_suppliers.contracts import read_contracts
from tools.fit_suppliers.likelihood import NAMES, log_likelihoods, set_probability, supplier_shares

import standards_net as sn
from standards_net.files import data_folder


@pytest.fixture(scope="module")
def contracts():
    return read_contracts(sn.load_world())


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_sets_of_a_size_have_probabilities_that_add_up_to_one(size):
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    total = sum(set_probability(shares, chosen) for chosen in combinations(range(4), size))
    assert total == pytest.approx(1.0)


def slow_log_likelihood(theta, c, k):
    home, world = (1.0 / (1.0 + math.exp(-theta[j])) for j in (0, 1))
    weight = []
    for expecting in (False, True):
        odds = []
        for v, vendor in enumerate(c.vendors):
            mix = (1 - home) * c.own[k, v] + home * c.at_home[k, v]
            abroad = world * c.abroad[k]
            mix = (1 - abroad) * mix + abroad * c.world[k, v]
            utility = math.log(mix) - theta[2] * c.restriction[k, v]
            utility += theta[4] * c.affinity[k, v] + theta[5] * c.finance[k, v]
            utility += (
                theta[6]
                if c.chinese[v]
                else {"ericsson": 0.0, "nokia": theta[7], "samsung": theta[8]}.get(vendor, theta[9])
            )
            if expecting and c.anticipation[k, v] > 0:
                utility -= theta[3]
            odds.append(0.0 if c.closed[k, v] else math.exp(utility))
        weight.append([o / sum(odds) for o in odds])
    chance = max(c.anticipation[k])
    shares = [(1 - chance) * a + chance * b for a, b in zip(*weight, strict=True)]
    total = 0.0
    for order in permutations(c.chosen[k]):
        left, product = 1.0, 1.0
        for v in order:
            product *= shares[v] / left
            left -= shares[v]
        total += product
    return math.log(total)


def test_likelihood_against_loops(contracts):
    theta = np.random.default_rng(1).normal(size=len(NAMES))
    found = log_likelihoods(theta, contracts)
    for k in range(0, len(contracts.country), 9):
        assert found[k] == pytest.approx(slow_log_likelihood(theta, contracts, k))


def test_what_is_known_is_recovered(contracts):
    """Single suppliers drawn with known parameters, many times over."""
    truth = np.array([-1.5, -1.0, 1.5, 2.5, 0.8, 1.0, -0.5, 0.2, -0.5, 0.3])
    rng = np.random.default_rng(2)
    free = replace(contracts, closed=np.zeros_like(contracts.closed))
    shares = supplier_shares(truth, free)
    repeats = 12
    drawn = tuple((int(rng.choice(shares.shape[1], p=row)),) for _ in range(repeats) for row in shares)
    many = {
        name: np.tile(value, (repeats, 1)) if getattr(value, "ndim", 0) == 2 else np.tile(value, repeats)
        for name, value in vars(free).items()
        if name not in ("operator", "chosen", "chinese", "vendors")
    }
    fitted = fit(replace(free, **many, operator=free.operator * repeats, chosen=drawn))
    gap = np.abs(fitted["mode"] - truth) / fitted["error"]
    assert (gap < 4.0).all()
    assert fitted["error"][3] < 0.6


def test_contracts_are_choices_outside_china_with_policy_at_their_date(contracts):
    world = sn.load_world()
    assert world.countries.index("CHN") not in contracts.country
    assert contracts.own.sum(axis=1) == pytest.approx(np.ones(len(contracts.own)))
    assert 0.5 < contracts.matched.mean() < 1.0
    for k, chosen in enumerate(contracts.chosen):
        assert not contracts.closed[k, list(chosen)].any()
    fewer = read_contracts(world, strict=True)
    assert len(fewer.country) < len(contracts.country)


@pytest.mark.slow
def test_the_shipped_estimates_are_what_the_tool_makes_of_the_tables():
    shipped = json.loads((data_folder() / "model" / "supplier_choice.json").read_text(encoding="utf-8"))
    again = estimates(sn.load_world())
    for name, variant in shipped["variants"].items():
        assert again["variants"][name]["mode"] == pytest.approx(variant["mode"], abs=5e-3), name
        assert again["variants"][name]["error"] == pytest.approx(variant["error"], abs=5e-3), name
    assert again["left_out"] == pytest.approx(shipped["left_out"], abs=2e-3)
    # Out of sample the estimate is clearly better than what was assumed before.
    left = shipped["left_out"]
    assert left["fitted"] - left["assumed before"] > 2.0 * left["gain_se"]
