"""Worlds and results that tests share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import standards_net as sn
from standards_net.world import Market, World


@pytest.fixture(scope="session")
def world() -> World:
    return sn.load_world()


@pytest.fixture(scope="session")
def result(world):
    return sn.run(world, ["status-quo-2019", "broad-allied-ban", "three-poles"], draws=24, rng=7)


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
    )


@pytest.fixture
def make_toy(world):
    return lambda countries: make_toy_world(world, countries)


@pytest.fixture
def toy_world(world) -> World:
    return make_toy_world(world)
