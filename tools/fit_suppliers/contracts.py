"""Contracts for 5g radio: who chose whom, out of what base, under which policy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.files import data_folder
from standards_net.model.setting import bought_at_home
from standards_net.scenario import compile_scenario, load_scenario
from standards_net.tables import read_tables
from standards_net.world.politics import affinity_index
from standards_net.world.world import World

__all__ = ["Contracts", "read_contracts"]

_RECORD = {"name": "record", "title": "Recorded policy", "policies": "latest"}
_NO_POLICY = {"name": "none", "title": "No policy", "policies": "none"}


@dataclass(frozen=True)
class Contracts:
    """Choices of n operators among V vendors, one choice an operator.

    Attributes
    ----------
    operator : tuple of str
        Country and name.
    country : (n,) array of int
    chosen : tuple of tuple of int
        Vendors that each operator chose, one or several.
    own, at_home, world : (n, V) array
        Shares of the 4g base of 2019: the operator's own, its country's, and the world's.
    abroad : (n,) array
        Share of the country's base that is not from vendors of its own.
    matched : (n,) array of bool
        Whether the operator's own base is known; its country's stands for it otherwise.
    closed : (n, V) array of bool
        Vendors that it could not choose.
    restriction, anticipation, affinity, finance : (n, V) array
        As in the yearly model, in the year of its first contract.
    chinese : (V,) array of bool
    vendors : tuple of str
    """

    operator: tuple[str, ...]
    country: IntArray
    chosen: tuple[tuple[int, ...], ...]
    own: FloatArray
    at_home: FloatArray
    world: FloatArray
    abroad: FloatArray
    matched: BoolArray
    closed: BoolArray
    restriction: FloatArray
    anticipation: FloatArray
    affinity: FloatArray
    finance: FloatArray
    chinese: BoolArray
    vendors: tuple[str, ...]


def read_contracts(world: World, first: int = 2020, last: int = 2023, *, strict: bool = False) -> Contracts:
    """Contracts in force or announced, outside China; ``strict`` leaves recalled rows out.

    Several rows of one operator are one choice of several vendors, at the year of the first.
    """
    market = world.market("radio")
    table = read_tables().frames["evidence"]
    rows = table[
        (table["equipment"] == "5G_RAN")
        & table["status"].isin(["live", "contract"])
        & table["year"].between(first, last)
        & table["country"].isin(world.countries)
        & (table["country"] != "CHN")
        & table["vendor"].isin(market.vendors)
    ]
    if strict:
        rows = rows[rows["source_type"] != "general_knowledge"]
    rows = rows.assign(operator=rows["operator"].fillna("unnamed"))
    chosen, country, year, names = [], [], [], []
    for (code, operator), group in rows.groupby(["country", "operator"], sort=True):
        names.append(f"{code} {operator}")
        country.append(world.countries.index(str(code)))
        year.append(int(group["year"].min()))
        chosen.append(tuple(sorted({market.vendors.index(v) for v in group["vendor"]})))
    at, when = np.array(country), np.array(year)
    own, matched = _own_bases(world, names, at)
    closed, restriction, anticipation = _policy(world, at, when)
    for k, vendors in enumerate(chosen):
        closed[k, list(vendors)] = False
    chinese = np.array([standard == "china" for standard in market.vendor_standards])
    towards_us = np.array([{"us": 1.0, "china": -1.0}.get(pole, 0.0) for pole in market.vendor_poles])
    flat = market.share @ market.adoption
    return Contracts(
        operator=tuple(names),
        country=at,
        chosen=tuple(chosen),
        own=own,
        at_home=market.adoption[at],
        world=np.broadcast_to(flat, own.shape),
        abroad=1.0 - bought_at_home(world, market)[at],
        matched=matched,
        closed=closed,
        restriction=restriction,
        anticipation=anticipation,
        affinity=np.outer(affinity_index(world.alignments, world.leaning_us)[at], towards_us),
        finance=np.outer(world.finance[at], chinese),
        chinese=chinese,
        vendors=market.vendors,
    )


def _own_bases(world: World, names: list[str], country: IntArray) -> tuple[FloatArray, BoolArray]:
    """Mean base of each operator without policy's effect; its country's where it is not on record."""
    market = world.market("radio")
    table = pd.read_csv(
        data_folder() / "vendors" / "operator_adoption.csv", keep_default_na=False, na_values=[""]
    )
    table = table[table["technology"] == "radio"]
    wide = table.pivot_table(index=["country", "operator"], columns="vendor", values="unrestricted_share")
    known = {f"{code} {operator}": k for k, (code, operator) in enumerate(wide.index)}
    shares = wide[list(market.vendors)].to_numpy()
    shares = shares / shares.sum(axis=1, keepdims=True)
    matched = np.array([name in known for name in names])
    own = market.adoption[country].copy()
    own[matched] = shares[[known[name] for name in names if name in known]]
    return own, matched


def _policy(world: World, country: IntArray, year: IntArray) -> tuple[BoolArray, FloatArray, FloatArray]:
    """What was closed, the strength of restrictions and the chance of one, for each choice."""
    years = range(2019, int(year.max()) + 1)
    record, nothing = (
        compile_scenario(world, load_scenario(content), "radio", years) for content in (_RECORD, _NO_POLICY)
    )
    y = year - years.start
    # Levers are relative to 2019; without any policy they are minus what was in force then.
    strength = record.restriction - nothing.restriction
    return ~record.allowed[y, country], strength[y, country], record.anticipation[y, country]
