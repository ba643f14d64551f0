"""Pure pieces of the estimate of 2019: evidence, likelihoods, scores, files; the sampler if installed."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats
from tools.fit_baseline import likelihoods, write
from tools.fit_baseline.evidence import ALL_OPERATORS, CHINESE, VENDORS, gather

_DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def evidence():
    return gather(_DATA)


@pytest.fixture(scope="module")
def scores():
    pytest.importorskip("numpyro")
    from tools.fit_baseline import scores

    return scores


def density(value, low, high, below, above, df=None):
    return np.exp(likelihoods.flat_top(np, value, low, high, below, above, df))


@pytest.mark.parametrize("df", [None, 3.0])
def test_flat_top_with_equal_ends_is_the_density_itself(df):
    at = np.linspace(-1.0, 2.0, 31)
    law = stats.norm(0.4, 0.1) if df is None else stats.t(df, 0.4, 0.1)
    np.testing.assert_allclose(density(at, 0.4, 0.4, 0.1, 0.1, df), law.pdf(at), rtol=1e-10)


@pytest.mark.parametrize("df", [None, 3.0])
def test_flat_top_is_normalised_and_flat_between_its_ends(df):
    area, _ = integrate.quad(density, -np.inf, np.inf, args=(0.3, 0.6, 0.1, 0.2, df))
    assert area == pytest.approx(1.0, abs=1e-5)
    inside = density(np.array([0.3, 0.45, 0.6]), 0.3, 0.6, 0.1, 0.2, df)
    np.testing.assert_allclose(inside, inside[0])
    assert density(0.25, 0.3, 0.6, 0.1, 0.2, df) < inside[0]


def test_ranges_are_ninety_per_cent_intervals():
    assert likelihoods.range_sd(0.1645, 0.0) == pytest.approx(0.1)
    assert likelihoods.range_sd(0.0, 0.03) == pytest.approx(0.03)


def test_a_vendor_is_announced_in_proportion_to_being_a_supplier():
    assert likelihoods.supplies(0.0) == 0.0
    assert likelihoods.supplies(1.0) == 1.0
    assert likelihoods.announced_probability(0.0, 0.8, 0.05) == pytest.approx(0.05)
    assert likelihoods.announced_probability(1.0, 0.8, 0.05) == pytest.approx(0.8)


def test_sets_of_named_vendors_have_probability_one_together():
    p = np.array([0.2, 0.5, 0.7])
    sets = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)][1:], float)
    assert np.exp(likelihoods.log_of_set(np, p, sets)).sum() == pytest.approx(1.0)


def test_operators_of_a_country_add_up_to_it(evidence):
    np.testing.assert_allclose(evidence.sums.sum(axis=1), 1.0)
    assert len(evidence.countries) == 196
    assert set(evidence.units["country"]) == set(evidence.countries)
    assert not evidence.units.duplicated().any()


def test_countries_without_a_census_are_one_unit_of_several_operators(evidence):
    i = evidence.countries.index("FJI")
    assert not evidence.has_census[i]
    unit = evidence.units.index[evidence.units["country"] == "FJI"]
    assert evidence.units.loc[unit, "operator"].tolist() == [ALL_OPERATORS]
    row = evidence.unit_sums[unit[0]]
    assert (row > 0).sum() == 3
    assert row.sum() == pytest.approx(1.0)


def test_census_keeps_unknown_parts_open(evidence):
    start = int(np.searchsorted(evidence.operator_country, evidence.countries.index("RUS")))
    o = evidence.operator_name.index("Beeline", start)
    huawei = VENDORS.index("huawei")
    census = evidence.census
    assert census.known[o] == pytest.approx(census.share[o, huawei])
    assert census.low[o, huawei] == pytest.approx(np.log(0.4 / 0.6))
    assert census.high[o, huawei] > 3.0  # nothing says that the rest is not Huawei's too


def test_census_alone_is_the_weighted_sum(evidence):
    shares = pd.read_csv(_DATA / "vendors" / "operator_census.csv", keep_default_na=False)
    weights = pd.read_csv(_DATA / "vendors" / "operator_shares.csv", keep_default_na=False)
    both = shares[shares["country"] == "GBR"].merge(weights, on=["country", "operator"])
    chinese = both["vendor"].isin(["huawei", "zte"])
    weight = weights.loc[weights["country"] == "GBR", "subscriber_share"].sum()
    expected = (both["share"] * both["subscriber_share"])[chinese].sum() / weight
    assert evidence.census_share[evidence.countries.index("GBR")] == pytest.approx(expected)


def test_reports_that_give_only_a_bound_are_ranges(evidence):
    reported = evidence.reported
    spain = reported.place.index("ESP")
    assert (reported.low[spain], reported.high[spain]) == (0.5, 0.6)
    np.testing.assert_array_equal(reported.vendors[spain], CHINESE)
    assert all(place in evidence.countries for place in reported.place)


def test_records_are_evidence_only_where_the_census_is_silent(evidence):
    used = evidence.records.used > 0
    assert used.any()
    assert (evidence.census.known[used] == 0).all()
    assert (evidence.records.named[used].sum(axis=1) > 0).all()


def test_quantised_shares_add_up_exactly():
    shares = np.random.default_rng(1).dirichlet(np.full(7, 0.3), size=(50, 4))
    whole = write.quantised(shares)
    assert (whole.sum(axis=-1) == 65535).all()
    np.testing.assert_allclose(whole / 65535, shares, atol=1 / 65535)


def test_draws_are_written_the_same_twice(evidence, tmp_path):
    rng = np.random.default_rng(2)
    units = len(evidence.units)
    radio, core = rng.dirichlet(np.ones(7), size=(3, units)), rng.dirichlet(np.ones(5), size=(3, units))
    for name in ("one.npz", "two.npz"):
        write.write_draws(tmp_path / name, evidence, radio, core)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz") as stored:
        assert stored["radio"].shape == (units, 7, 3)
        assert stored["core"].shape == (units, 5, 3)
        assert stored["country"].tolist() == evidence.units["country"].tolist()
    with zipfile.ZipFile(tmp_path / "one.npz") as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_shipped_draws_and_table_agree():
    folder = _DATA / "vendors"
    table = pd.read_csv(folder / "operator_adoption.csv", keep_default_na=False)
    assert table["country"].nunique() == 196
    with np.load(folder / "adoption_draws.npz") as stored:
        for technology in ("radio", "core"):
            part = table[table["technology"] == technology]
            draws = stored[technology]
            assert (draws.sum(axis=1) == 65535).all()
            mean = draws.mean(axis=-1).ravel() / 65535
            np.testing.assert_allclose(part["share"], mean, atol=2e-5)
            names = part[["country", "operator"]].to_numpy()[:: draws.shape[1]]
            np.testing.assert_array_equal(names, np.column_stack([stored["country"], stored["operator"]]))
            assert part["vendor"].tolist()[: draws.shape[1]] == stored[f"{technology}_vendors"].tolist()


def test_exclusion_never_raises_a_chinese_share():
    table = pd.read_csv(_DATA / "vendors" / "operator_adoption.csv", keep_default_na=False)
    chinese = table["vendor"].isin(["huawei", "zte"])
    total = (
        table[chinese].groupby(["technology", "country", "operator"])[["share", "unrestricted_share"]].sum()
    )
    assert (total["unrestricted_share"] >= total["share"] - 1e-4).all()


def test_scores_count_errors_in_points(scores):
    rows = pd.DataFrame({"value": [0.5, 0.1], "median": [0.6, 0.1], "low": [0.55, 0.0], "high": [0.7, 0.2]})
    summary = scores.summarise(rows)
    assert summary["mean_absolute_error"] == 5.0
    assert summary["coverage_90"] == 0.5
    assert scores.summarise(rows.iloc[:0]) == {"n": 0}


def test_folds_hold_everything_once(scores):
    folds = scores.folds_of("fbacde", 4)
    assert sorted(x for fold in folds for x in fold) == list("abcdef")


def test_what_is_left_out_is_left_out(evidence):
    pytest.importorskip("numpyro")
    from tools.fit_baseline.radio import Kept

    kept = Kept.all_of(evidence).without(evidence, frozenset({"ESP"}))
    of_spain = evidence.operator_country == evidence.countries.index("ESP")
    assert (kept.census[of_spain] == 0).all()
    assert (kept.census[~of_spain] == 1).all()
    assert kept.reported[evidence.reported.place.index("ESP")] == 0
    assert kept.reported.sum() == len(kept.reported) - evidence.reported.place.count("ESP")


def test_axes_of_operators_are_orthonormal_and_leave_out_the_sum(evidence):
    pytest.importorskip("numpyro")
    from tools.fit_baseline.radio import _bases

    bases = _bases(evidence.census.share[:20])
    products = np.einsum("okv,olv->okl", bases, bases)
    np.testing.assert_allclose(products, np.broadcast_to(np.eye(6), (20, 6, 6)), atol=1e-12)
    np.testing.assert_allclose(bases.sum(axis=2), 0.0, atol=1e-12)


@pytest.mark.slow
def test_the_sampler_runs_and_gives_shares(evidence):
    pytest.importorskip("numpyro")
    from tools.fit_baseline.radio import Sampling, fit_radio, shares_of

    fit = fit_radio(evidence, Sampling(warmup=3, draws=3, chains=1))
    np.testing.assert_allclose(fit.shares.sum(axis=-1), 1.0, atol=1e-5)
    np.testing.assert_allclose(shares_of(evidence, fit.shares).sum(axis=-1), 1.0, atol=1e-5)
    assert fit.diagnostics["chains"] == 1
