"""Build a world from validated tables."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from standards_net.checks import shown
from standards_net.core.arrays import FloatArray
from standards_net.errors import DataError, StandardsNetWarning
from standards_net.files import data_folder
from standards_net.parameters import Parameters
from standards_net.tables import Tables, read_tables
from standards_net.world.market import Market
from standards_net.world.operator_draws import read_operators
from standards_net.world.operator_graph import join_suppliers
from standards_net.world.politics import finance_receptivity, starting_alignments
from standards_net.world.ties import (
    TIE_KINDS,
    alliance_matrix,
    build_ties,
    great_circle_km,
    membership_overlap,
    trade_matrix,
    voting_similarity,
)
from standards_net.world.world import World

__all__ = ["FACTORS", "build_world", "groups_of", "leaning_us", "load_world"]

FACTORS = 7  # random numbers on which the errors of an economy's adoption may load
_NOT_A_CLUB = ("BRI", "US_MNNA")  # a list of signatories and a US designation, not organisations


def load_world(path: str | Path | Mapping[str, pd.DataFrame] | None = None) -> World:
    """Read the shipped world, or a world in which your own tables override the bundled ones.

    Parameters
    ----------
    path : str, Path, mapping of table name to DataFrame, or None
        Folder with tables in the layout of ``data/``, or tables in memory, such as ``{"countries": frame}``;
        missing tables are taken from the bundled data.

    Returns
    -------
    World

    Raises
    ------
    DataError
        All errors found: file, row, column and what would be valid.

    Warns
    -----
    StandardsNetWarning
        Tables that can be used but are probably not what was meant.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> len(world.countries), world.markets["radio"].vendors[:2]
    (196, ('huawei', 'zte'))
    >>> richer = world.table.reset_index().assign(gdp_usd=lambda t: 2 * t["gdp_usd"])
    >>> float(sn.load_world({"countries": richer}).gdp_usd.sum() / world.gdp_usd.sum())
    2.0
    """
    if isinstance(path, pd.DataFrame):
        raise DataError('a data frame is given; say which table it is, such as {"countries": frame}.')
    if path is not None and not isinstance(path, str | Path | Mapping):
        raise DataError(f"path is {shown(path)}; give a folder, or a mapping of table names to data frames.")
    tables = read_tables(path)
    for warning in tables.warnings:
        warnings.warn(warning, StandardsNetWarning, stacklevel=2)
    return build_world(tables)


def build_world(tables: Tables) -> World:
    """Build a world from validated tables."""
    frames = tables.frames
    table = frames["countries"].set_index("country")
    countries = tuple(table.index)
    memberships = frames["memberships"]
    groups = groups_of(memberships, table, "member_2019")
    trade_usd = trade_matrix(frames["trade"], countries)
    allied = alliance_matrix(frames["alliances"], countries)
    votes = frames["un_voting"].set_index("country").reindex(countries)
    similar = voting_similarity(votes["ideal_point"].to_numpy(dtype=float))
    markets = _markets(frames, countries)
    size = np.mean([market.share for market in markets.values()], axis=0)
    organisations = set(memberships["organisation"]) - set(_NOT_A_CLUB)
    clubs = [members for name, members in groups.items() if name in organisations]
    belongs = np.array([[float(c in members) for members in clubs] for c in countries])
    distance = great_circle_km(table["lat"].to_numpy(float), table["lon"].to_numpy(float))
    income = table["gdp_per_capita_ppp_usd"].to_numpy(dtype=float)
    signatory = np.array([c in groups.get("BRI", frozenset()) for c in countries])
    return World(
        countries=countries,
        country_names=tuple(table["name"]),
        table=table,
        policies=frames["policies"].set_index("country").reindex(countries),
        positions=_positions(frames["positions"], votes),
        groups=groups,
        groups_2025=groups_of(memberships, table, "member_2025"),
        markets=markets,
        tie_kinds=TIE_KINDS,
        ties=build_ties(trade_usd, allied, membership_overlap(belongs), similar, distance, size),
        trade_usd=trade_usd,
        voting=similar,
        allied=allied,
        leaning_us=leaning_us(votes),
        alignments=starting_alignments(countries, groups),
        income=income,
        finance=finance_receptivity(income, signatory),
        standards=tuple(frames["standards"]["standard"]),
        parameters=Parameters(frames["parameters"]),
        hashes=dict(tables.hashes),
        left_out=tables.left_out,
        suppliers=join_suppliers(frames["evidence"], frames["operators"]),
    )


def groups_of(memberships: pd.DataFrame, table: pd.DataFrame, column: str) -> dict[str, frozenset[str]]:
    """Organisations and regions with their members."""
    inside = memberships[memberships[column] == 1]
    groups = {str(name): frozenset(rows["country"]) for name, rows in inside.groupby("organisation")}
    for by in ("region", "subregion"):
        for name, rows in table.groupby(by):
            groups.setdefault(str(name), frozenset(rows.index))
    return groups


def _positions(table: pd.DataFrame, votes: pd.DataFrame) -> pd.DataFrame:
    """Positions of all countries: without a row there is no guarantee, dispute or signature."""
    columns = ["us_guarantee", "china_dispute", "signed_2019"]
    positions = table.set_index("country")[columns].reindex(votes.index).fillna(0.0)
    return positions.assign(ideal_point=votes["ideal_point"])


def leaning_us(votes: pd.DataFrame) -> FloatArray:
    """Voting agreement with the United States minus agreement with China, from -1 to 1."""
    return np.asarray((votes["agree_usa"] - votes["agree_chn"]).to_numpy(dtype=float))


def _markets(frames: Mapping[str, pd.DataFrame], countries: Sequence[str]) -> dict[str, Market]:
    order = list(frames["technologies"]["technology"])
    supplied = frames["vendors"].groupby("technology", sort=False)
    return {
        str(technology): _market(str(technology), rows, frames, countries)
        for technology, rows in sorted(supplied, key=lambda item: order.index(item[0]))
    }


def _market(
    technology: str,
    vendors: pd.DataFrame,
    frames: Mapping[str, pd.DataFrame],
    countries: Sequence[str],
) -> Market:
    names = list(vendors["vendor"])
    adoption = frames["adoption"]
    adoption = adoption[adoption["technology"] == technology]

    rows = pd.Index(countries).get_indexer(adoption["country"])
    columns = pd.Index(names).get_indexer(adoption["vendor"])
    inside = (rows >= 0) & (columns >= 0)

    def by_vendor(column: str) -> FloatArray:
        wide = np.zeros((len(countries), len(names)))
        wide[rows[inside], columns[inside]] = adoption[column].fillna(0.0).to_numpy(float)[inside]
        return wide

    def shares(column: str) -> FloatArray:
        values = by_vendor(column)
        return np.asarray(values / values.sum(axis=1, keepdims=True))

    factors = np.stack([by_vendor(f"factor_{k + 1}") for k in range(FACTORS)], axis=2)
    if len(names) > FACTORS:
        factors = np.pad(factors, ((0, 0), (0, 0), (0, len(names) - FACTORS)))
    missing = ~factors.any(axis=(1, 2))
    factors[missing] = np.eye(*factors.shape[1:])
    observed = adoption[adoption["status"] != "estimated"]["country"]
    size = frames["markets"]
    size = size[size["technology"] == technology].set_index("country").reindex(countries)
    share = size["market_share"].to_numpy(dtype=float)
    start = shares("share")
    about = frames["technologies"].set_index("technology").loc[technology]
    return Market(
        technology=technology,
        vendors=tuple(names),
        vendor_names=tuple(vendors["name"]),
        vendor_poles=tuple(vendors["pole"].fillna("")),
        vendor_standards=tuple(vendors["standard"]),
        vendor_homes=tuple(vendors["home"].fillna("")),
        price_index=vendors["price_index"].to_numpy(dtype=float),
        share=share / share.sum(),
        adoption=start,
        unrestricted=shares("unrestricted_share"),
        log_sd=by_vendor("log_sd"),
        factors=factors,
        estimated=~np.isin(countries, observed),
        deployment=size["deployment"].to_numpy(dtype=float),
        launch_year=size["launch_year"].to_numpy(dtype=float),
        launch_estimated=(size["launch_status"] == "estimated").to_numpy(),
        pace=size["pace"].to_numpy(dtype=float),
        pace_sd=size["pace_sd"].to_numpy(dtype=float),
        label=str(about["name"]),
        bases=tuple(str(about["bases"]).split(";")) if about["bases"] == about["bases"] else (),
        operators=read_operators(
            data_folder(), technology, countries, names, start, frames["operator_shares"]
        ),
    )
