"""One table of measures: what is recorded under a name is that measure; all else reads the table."""

from dataclasses import replace
from html import escape

import numpy as np
import pytest

import standards_net as sn
from standards_net.ensemble import recorder
from standards_net.frozen import FrozenMapping
from standards_net.measures import (
    BREAKDOWNS,
    COUNTRY_MEANS,
    HEADLINES,
    MEASURES,
    Measure,
    bloc_sizes,
    effective_standards,
    ei_index,
    find_blocs,
    fragmentation,
    hhi,
    interoperability_loss,
    polarisation,
    rao,
    shannon,
)

YEARS = range(2019, 2024)
SCENARIO = {
    "name": "x",
    "title": "X",
    "standards": {"open-ran": "west"},  # so that vendors and standards have different shares
    "ban": [{"who": ["USA"], "vendors": ["china"], "from": 2020, "remove_by": 2021}],
    "investment": [{"vendors": ["huawei"], "usd_per_year": 1e10, "from": 2020}],
    # Without a split two items would be 0 alike.
    "compatibility": [{"between": ["china", "west"], "value": 0.3, "from": 2020}],
}


def small_run(world):
    return sn.run(world, SCENARIO, draws=3, rng=11, years=YEARS, groups=world.countries)


def expected(world, result):
    """Each measure of the last year from shares, compatibility and breakdowns, by public functions."""
    market = world.market("radio")
    last = {"scenario": "x", "technology": "radio"}
    shares = result.values("snapshot_share", snapshot=2023, **last).astype(float)
    shares /= shares.sum(axis=-1, keepdims=True)
    together = result.values("snapshot_compatibility", snapshot=2023, **last).astype(float)
    pooled = np.einsum("n,rns->rs", market.share, shares)
    vendors = result.values("vendor_share", year=2023, **last).astype(float)
    quality = result.values("vendor_quality", year=2023, **last).astype(float)
    revenue = result.values("vendor_revenue_usd", year=2023, **last).sum(axis=(1, 2))
    cost = result.values("group_cost_usd", year=2023, group="world", **last).astype(float)
    standards = list(result.coords["standard"])
    blocs = [find_blocs(row, by="dominant", standards=standards) for row in shares]
    china, west, apart = standards.index("china"), standards.index("west"), np.eye(len(standards))
    parts = [fragmentation(row, market.share, c) for row, c in zip(shares, together, strict=True)]
    found = {
        "gamma": [effective_standards(p, c) for p, c in zip(pooled, together, strict=True)],
        "alpha": [p.alpha for p in parts],
        "beta": [p.beta for p in parts],
        "market_fragmentation": [fragmentation(row, market.share, apart).beta for row in shares],
        "hhi_standard": hhi(pooled),
        "hhi_vendor": hhi(vendors / vendors.sum(axis=1, keepdims=True)),
        "shannon": shannon(pooled),
        "rao": [rao(p, 1 - c) for p, c in zip(pooled, together, strict=True)],
        "polarisation": [polarisation(p, 1 - c) for p, c in zip(pooled, together, strict=True)],
        "interoperability_loss": [
            interoperability_loss(row, world.exchange, c) for row, c in zip(shares, together, strict=True)
        ],
        "ei_index": [ei_index(world.exchange, labels) for labels in blocs],
        "largest_bloc_share": [
            bloc_sizes(labels, {"market": market.share})["market"].max() for labels in blocs
        ],
        "china_share": pooled[:, china],
        "compatibility_china_west": together[:, china, west],
        "quality": np.einsum("rv,rv->r", vendors, quality),
    }
    found |= {f"{item}_usd": cost[:, k] for k, item in enumerate(result.coords["item"])}
    found["total_usd"] = cost.sum(axis=1)
    # Of these two only sums over draws or years are recorded elsewhere.
    served = result.values("mean_deployment", year=2023, **last) @ market.share
    return {name: np.asarray(values, dtype=float) for name, values in found.items()}, served, revenue


def wrong_measures(world, result):
    """Names under which something else is recorded."""
    right, served, revenue = expected(world, result)
    last = {"scenario": "x", "technology": "radio", "year": 2023}
    wrong = {
        name
        for name, values in right.items()
        if not np.allclose(result.values(name, **last), values, rtol=1e-4, atol=1e-6)
    }
    if not np.isclose(result.values("deployment", **last).mean(), served, rtol=1e-6):
        wrong.add("deployment")
    first = result.values("price_index", scenario="x", technology="radio", year=2019)
    dearer = result.values("price_index", **last)
    if not ((first == 1.0).all() and (dearer < 1.0).all() and (dearer > 0.3).all() and (revenue > 0).all()):
        wrong.add("price_index")
    return wrong


def test_what_is_recorded_under_a_name_is_that_measure(toy_world):
    result = small_run(toy_world)
    assert set(expected(toy_world, result)[0]) | {"deployment", "price_index"} == set(MEASURES)
    assert not wrong_measures(toy_world, result)


@pytest.mark.parametrize(("one", "two"), list(zip(MEASURES, [*list(MEASURES)[1:], "gamma"], strict=True)))
def test_swapped_entries_are_noticed(toy_world, monkeypatch, one, two):
    """Polarisation returned as gamma went unnoticed once, when two lists had to agree in order."""
    swapped = dict(MEASURES)
    swapped[one] = replace(MEASURES[one], function=MEASURES[two].function)
    swapped[two] = replace(MEASURES[two], function=MEASURES[one].function)
    monkeypatch.setattr(recorder, "MEASURES", FrozenMapping(swapped))
    assert wrong_measures(toy_world, small_run(toy_world)) & {one, two}


def test_the_order_of_the_table_does_not_matter(toy_world, monkeypatch):
    result = small_run(toy_world)
    monkeypatch.setattr(recorder, "MEASURES", FrozenMapping(dict(list(MEASURES.items())[::-1])))
    assert small_run(toy_world) == result


def test_a_result_says_what_the_table_says(toy_world):
    result = small_run(toy_world)
    for table in (MEASURES, BREAKDOWNS, COUNTRY_MEANS):
        for name, measure in table.items():
            assert isinstance(measure, Measure)
            assert (name, result[name].unit, result[name].meaning) == (
                measure.name,
                measure.unit,
                measure.meaning,
            )
            assert result[name].dims[-len(measure.dims) or len(result[name].dims) :] == measure.dims
    assert set(result.measures) == set(MEASURES)


def test_exports_and_panels_read_the_table(toy_world):
    result = small_run(toy_world)
    exported = {v.split("|", 2)[2] for v in result.to_iamc()["variable"]}
    assert exported == {m.iamc_name for m in MEASURES.values() if m.iamc_name}
    assert set(HEADLINES) == {m.name for m in MEASURES.values() if m.headline}
    page = result._repr_html_()
    assert all(escape(MEASURES[name].label) in page for name in HEADLINES)
    shown = sn.drawing.network_data(toy_world, result).frames["x", 2023].numbers
    assert list(shown) == [m.label for m in MEASURES.values() if m.panel]
