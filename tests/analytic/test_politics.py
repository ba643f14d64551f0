"""Estimated politics: facts that it must know, closed forms, and a fit that can be repeated."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit
from tools.fit_sides.__main__ import fitted
from tools.fit_sides.scores import all_scores, auc

import standards_net as sn
from standards_net.alignment import restrictions, side_drivers, sides
from standards_net.files import data_folder
from standards_net.politics import (
    FEATURES,
    Politics,
    exclusion_chances,
    feature_values,
    load_politics,
    restriction_chances,
    side_chances,
)
from standards_net.politics.estimate import Coefficients


@pytest.fixture(scope="module")
def world():
    return sn.load_world()


@pytest.fixture(scope="module")
def table(world):
    return sides(world).set_index("country")


def test_who_is_never_on_a_side(table):
    assert (table.loc[["RUS", "BLR", "IRN"], "us_high"] < 0.02).all()
    assert (table.loc[["JPN", "GBR", "AUS", "CAN"], "china_high"] < 0.02).all()
    assert table.loc["POL", "china_high"] < 0.1


def test_who_is_uncertain(table):
    undecided = table.loc[["IND", "TUR", "IDN", "BRA", "SAU"]]
    assert (undecided[["us", "china", "nonaligned"]].max(axis=1) < 0.9).all()
    # No side but neither is likelier than not for the first four; Saudi Arabia signed China's letters.
    assert (undecided.drop("SAU")["nonaligned"] > 0.5).all()


def test_dormant_pacts_promise_nothing(world):
    assert (world.positions.loc[["VEN", "NIC", "PAK"], "us_guarantee"] == 0).all()
    assert (world.positions.loc[["JPN", "KOR", "DEU", "AUS"], "us_guarantee"] == 3).all()


def test_chances_add_up_and_lie_within_their_intervals(table):
    assert table[["us", "china", "nonaligned"]].sum(axis=1).to_numpy() == pytest.approx(np.ones(len(table)))
    for side in ("us", "china", "nonaligned"):
        assert (table[f"{side}_low"] <= table[side] + 1e-12).all()
        assert (table[side] <= table[f"{side}_high"] + 1e-12).all()
    assert table.loc["USA", ["us", "china"]].tolist() == [1.0, 0.0]
    assert table.loc["CHN", ["us", "china"]].tolist() == [0.0, 1.0]
    assert list(table.reset_index().columns) == [
        "country", "us", "us_low", "us_high", "china", "china_low", "china_high", "nonaligned",
        "nonaligned_low", "nonaligned_high",
    ]  # fmt: skip


def test_a_constant_hazard_compounds(world):
    """With no slopes and no uncertainty the chance by year t is 1 - (1 - h)^t, also beyond the last year."""
    fit, tiny, width = load_politics(), 1e-18, len(FEATURES)
    n = len(fit.years)
    flat = replace(
        fit,
        restriction=Coefficients(np.r_[-2.0, np.zeros(n + width)], tiny * np.eye(1 + n + width)),
        exclusion=Coefficients(np.r_[1.0, np.zeros(width)], tiny * np.eye(1 + width)),
    )
    years = range(2018, 2031)
    found = restriction_chances(world, years, 2020, flat)
    chance = expit(-2.0)
    for at, year in enumerate(years):
        expected = 1.0 - (1.0 - chance) ** max(year - 2019, 0)
        assert found[world.countries.index("BRA"), at] == pytest.approx(np.full(256, expected), abs=1e-7)
    assert not found[world.countries.index("USA")].any()
    assert exclusion_chances(world, flat) == pytest.approx(np.full((196, 256), expit(1.0)), abs=1e-7)


def test_side_chances_against_loops(world):
    fit = load_politics()
    got = side_chances(world)
    z = (feature_values(world) - fit.mean) / fit.sd
    drawn = fit.sides.draws(fit.seed, "sides")
    width = 2 + len(FEATURES)
    for country in ("DEU", "IND", "ZAF"):
        i = world.countries.index(country)
        for d in (0, 100, 255):
            chance = np.zeros(3)
            for domain in (0, 1):
                utility = [
                    drawn[side * width + domain, d]
                    + sum(drawn[side * width + 2 + f, d] * z[i, f] for f in range(len(FEATURES)))
                    for side in (0, 1)
                ]
                odds = np.exp([*utility, 0.0])
                chance += odds / odds.sum() / 2.0
            assert got[i, :, d] == pytest.approx(chance)


def test_restriction_comes_before_exclusion_and_grows(world):
    table = restrictions(world, until=2030)
    assert (table["excludes"] <= table["restricts"]).all()
    wide = table.pivot(index="country", columns="year", values="restricts")
    assert (wide.diff(axis=1).iloc[:, 1:] >= -1e-12).all(axis=None)


def test_drivers_add_up_to_the_difference_from_the_mean_country(world):
    fit, z = load_politics(), feature_values(world)
    moved = side_drivers(world, "KOR")
    i = world.countries.index("KOR")
    standard = (z[i] - fit.mean) / fit.sd
    slopes = fit.sides.mode.reshape(2, 2 + len(FEATURES))[:, 2:]
    assert moved["us"].sum() == pytest.approx(slopes[0] @ standard)
    assert moved["china"].sum() == pytest.approx(slopes[1] @ standard)


def test_wrong_questions_are_told(world):
    with pytest.raises(sn.UnknownNameError, match="unknown country 'GRM'"):
        side_drivers(world, "GRM")
    with pytest.raises(sn.StandardsNetError, match="until"):
        restrictions(world, since=2025, until=2020)


def test_the_area_under_the_curve_against_pairs():
    rng = np.random.default_rng(1)
    chance, happened = rng.integers(0, 6, 40) / 5.0, (rng.random(40) < 0.4).astype(float)
    pairs = [
        1.0 if a > b else 0.5 if a == b else 0.0
        for a, y in zip(chance, happened, strict=True)
        for b, x in zip(chance, happened, strict=True)
        if y and not x
    ]
    assert auc(chance, happened) == pytest.approx(np.mean(pairs))


def test_the_shipped_fit_is_what_the_tool_makes_of_the_tables():
    shipped = json.loads((data_folder() / "politics" / "sides_fit.json").read_text(encoding="utf-8"))
    again = fitted()
    for name in ("sides", "restriction", "exclusion"):
        for part in ("mode", "covariance"):
            assert np.array(shipped[name][part]) == pytest.approx(np.array(again[name][part]), abs=1e-6)
    assert isinstance(load_politics(), Politics)


@pytest.mark.slow
def test_scores_out_of_sample_are_those_that_are_shipped_and_reach_their_targets(world):
    found, shipped = all_scores(world), load_politics().scores
    for name, score in found.items():
        assert shipped[name] == pytest.approx(score, abs=2e-3), name
    restricts = found["restricts, ten folds of countries left out"]
    assert restricts["auc"] >= 0.88
    assert restricts["brier"] <= 0.115
    assert found["restricts, subregions left out"]["auc"] > found["restricts, ally rule"]["auc"]
    assert found["sides, subregions left out"]["log_score"] > (
        found["sides, subregions left out"]["log_score_of_base_rates"] + 0.2
    )
