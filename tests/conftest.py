"""Worlds and results that tests share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import standards_net as sn
from standards_net.parameters import Parameters
from standards_net.world import Market, World
from standards_net.world.market import Operators


@pytest.fixture(scope="session")
def world() -> World:
    return sn.load_world()


@pytest.fixture(scope="session")
def result(world):
    return sn.run(world, ["status-quo-2019", "broad-allied-ban", "three-poles"], draws=24, rng=7)


# In the toy world the standards of radio networks work together only in part, so that much can go wrong.
APART = {"china_west": (0.8, 1.0), "open_west": (0.9, 1.0), "china_open": (0.7, 1.0)}


def apart(parameters: Parameters) -> Parameters:
    """The parameters with priors below 1 for the compatibility of radio standards."""
    table = parameters.table
    row = table[table["name"] == "compatibility_china_west_radio"]
    radio = table["name"].str.match("compatibility_.*_radio$")
    own = [
        row.assign(
            name=f"compatibility_{pair}_radio", default=(low + high) / 2, prior="uniform", low=low, high=high
        )
        for pair, (low, high) in APART.items()
    ]
    return Parameters(pd.concat([table[~radio], *own], ignore_index=True))


def make_toy_world(base: World, countries: int = 4) -> World:
    """A few countries with plain ties and three vendors, one of each standard: easy to check by hand."""
    codes = ("USA", "CHN", "KEN", "BRA", "IDN", "DEU")[:countries]
    n = len(codes)
    rng = np.random.default_rng(5)
    share = rng.dirichlet(np.full(n, 5.0))
    adoption = rng.dirichlet(np.ones(3), n)
    market = Market(
        technology="radio",
        vendors=("huawei", "ericsson", "open-ran"),
        vendor_names=("Huawei", "Ericsson", "Open RAN"),
        vendor_poles=("china", "us", "us"),
        vendor_standards=("china", "west", "open"),
        vendor_homes=("CHN", "", "USA"),
        price_index=np.array([0.75, 1.0, 0.95]),
        share=share,
        adoption=adoption,
        unrestricted=adoption,
        log_sd=np.zeros((n, 3)),
        factors=np.repeat(np.eye(3)[None], n, axis=0),
        estimated=np.zeros(n, dtype=bool),
        deployment=np.full(n, 0.2),
        launch_year=np.full(n, 2019.0),
        launch_estimated=np.zeros(n, dtype=bool),
    )
    ties = rng.dirichlet(np.ones(n), (len(base.tie_kinds), n))
    trade = rng.random((n, n))
    trade = trade + trade.T
    np.fill_diagonal(trade, 0.0)
    table = base.table.loc[list(codes)]
    policies = base.policies.loc[list(codes)].assign(status_2019_10="open", status_latest="open")
    voting = rng.random((n, n))
    return replace(
        base,
        countries=codes,
        country_names=tuple(table["name"]),
        table=table,
        policies=policies,
        positions=base.positions.loc[list(codes)],
        groups={"BRI": frozenset({"KEN"}), "EU": frozenset({"DEU"} & set(codes))},
        groups_2025={},
        markets={"radio": market},
        ties=ties,
        trade_usd=1e12 * trade,
        voting=(voting + voting.T) / 2,
        allied=np.zeros((n, n)),
        leaning_us=np.linspace(1, -1, n),
        alignments=tuple({"USA": "us", "CHN": "china", "DEU": "us"}.get(c, "nonaligned") for c in codes),
        income=np.linspace(5e4, 1e4, n),
        finance=np.where(np.array(codes) == "KEN", 1.0, 0.0),
        parameters=apart(base.parameters),
    )


def with_operators(world: World) -> World:
    """The toy world with operators as buyers and two bases; Brazil's newer one is launched in 2021 only."""
    market, rng = world.market("radio"), np.random.default_rng(8)
    names = ("one", "two", "three", "one", "two", "all operators", "one", "two")
    country_of = np.array([0, 0, 0, 1, 1, 2, 3, 3])
    weight = np.array([0.5, 0.3, 0.2, 0.7, 0.3, 1.0, 0.6, 0.4])
    sampled = np.array([name != "all operators" for name in names])
    shares = rng.dirichlet(np.ones(3), len(names))
    posterior = np.stack([rng.dirichlet(40.0 * row + 0.1, 32) for row in shares]).swapaxes(1, 2)
    draws = np.round(65535.0 * posterior).astype(np.uint16)
    means = draws.mean(axis=2) / draws.mean(axis=2).sum(axis=1, keepdims=True)
    means[~sampled] = market.adoption[country_of[~sampled]]
    adoption = np.zeros_like(market.adoption)
    np.add.at(adoption, country_of, weight[:, None] * means)
    changed = replace(
        market,
        adoption=adoption,
        unrestricted=adoption,
        bases=("4g", "5g"),
        deployment=np.array([0.2, 0.3, 0.1, 0.0]),
        launch_year=np.array([2019.0, 2019.0, 2019.0, 2021.0]),
        pace=np.array([1.0, 1.3, 0.8, 1.1]),
        pace_sd=np.array([0.1, 0.0, 0.3, 0.2]),
        operators=Operators(names, country_of, weight, means, draws, sampled),
    )
    return replace(world, markets={"radio": changed})


@pytest.fixture
def make_toy(world):
    return lambda countries: make_toy_world(world, countries)


@pytest.fixture
def toy_world(world) -> World:
    return make_toy_world(world)


@pytest.fixture
def operator_world(toy_world) -> World:
    return with_operators(toy_world)
