"""Operators on record as firms of a synthetic market: their order, and what each may have installed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.randomness import uniforms
from standards_net.world.operators import suppliers_of

if TYPE_CHECKING:
    from standards_net.world.world import World

__all__ = ["KnownOperator", "OperatorRecord", "known_operators", "vendor_chances"]

_YEAR = 2019


class OperatorRecord(NamedTuple):
    """Record of an operator and a vendor; year and share are NaN where unknown."""

    vendor: str
    status: str
    year: float
    share: float = math.nan
    scope: str = ""

    @property
    def by_2019(self) -> bool:
        """Whether the record is from the world's year or earlier; undated records count as such."""
        return not self.year > _YEAR


@dataclass(frozen=True)
class KnownOperator:
    """An operator on record.

    Attributes
    ----------
    node : str
        Its name in the graph of operators: ``DEU:Vodafone Germany``.
    group : str
        Cross-border group, '' for none.
    champion : bool
    chances : (V,) array
        Probability that it uses each vendor; they sum to 1.
    """

    node: str
    group: str
    champion: bool
    chances: FloatArray


def known_operators(world: World, technology: str, seed: int) -> dict[str, list[KnownOperator]]:
    """Operators of each country: the champion first, the others in an order drawn for each seed.

    Parameters
    ----------
    world : World
    technology : str
    seed : int

    Examples
    --------
    >>> import standards_net as sn
    >>> [operator.node for operator in known_operators(sn.load_world(), "radio", 1)["DEU"]][0]
    'DEU:Deutsche Telekom'
    """
    rows = suppliers_of(world, technology)
    rows = rows[rows["kind"] != "pool"]
    market = world.market(technology)
    position = {code: place for place, code in enumerate(world.countries)}
    records: dict[str, list[OperatorRecord]] = {}
    for row in rows.itertuples():
        record = OperatorRecord(row.vendor, row.status, row.year, row.share, str(row.share_scope))
        records.setdefault(row.node, []).append(record)
    found: dict[str, list[KnownOperator]] = {code: [] for code in world.countries}
    for row in rows.drop_duplicates("node").itertuples():
        adoption = market.adoption[position[row.country]]
        chances = vendor_chances(records[row.node], market.vendors, adoption)
        found[row.country].append(KnownOperator(row.node, row.group, bool(row.champion), chances))

    def rank(operator: KnownOperator) -> tuple[bool, float]:
        random = uniforms(seed, ("operator order", operator.node), slice(0, 1), 1)[0, 0]
        return not operator.champion, float(random)

    return {code: sorted(operators, key=rank) for code, operators in found.items()}


def vendor_chances(
    records: Sequence[OperatorRecord], vendors: Sequence[str], adoption: FloatArray
) -> FloatArray:
    """Probability that an operator used each vendor at the end of 2019, from its records.

    Records of networks removed by then do not count; those after 2019 count only where there are none
    before, unless they report a removal, since equipment removed later was still installed. A vendor whose
    share of the operator's network is on record has that share (the mean of several); the remainder goes
    to the other vendors on record in proportion to the country's adoption, or, if there are none, to all
    the country's vendors.

    Parameters
    ----------
    records : sequence of OperatorRecord
        Of one operator.
    vendors : sequence of str, length V
    adoption : (V,) array
        Adoption of the country.

    Returns
    -------
    (V,) array
        Sums to 1.

    Examples
    --------
    >>> records = [OperatorRecord("huawei", "live", 2018, 0.7, "operator_network"),
    ...            OperatorRecord("nokia", "live", 2019)]
    >>> vendor_chances(records, ("huawei", "ericsson", "nokia"), np.array([0.5, 0.4, 0.1])).round(2).tolist()
    [0.7, 0.0, 0.3]
    """
    installed = [r for r in records if not (r.status == "removed" and r.by_2019)]
    used = [r for r in installed if r.by_2019 or r.status in ("removing", "removed")] or installed
    reported = np.full(len(vendors), np.nan)
    named = np.zeros(len(vendors), dtype=bool)
    for v, vendor in enumerate(vendors):
        own = [r for r in used if r.vendor == vendor]
        named[v] = bool(own)
        shares = [r.share for r in own if r.scope.startswith("operator_") and r.share >= 0.0]
        if shares:
            reported[v] = np.mean(shares)
    chances = np.nan_to_num(reported)
    others = named & np.isnan(reported)
    if not others.any():
        others = np.isnan(reported)
    if others.any():
        spread = adoption * others
        if spread.sum() <= 0.0:  # on record, although its estimated adoption is zero
            spread = others.astype(float)
        chances = chances + max(1.0 - chances.sum(), 0.0) * spread / spread.sum()
    return np.asarray(chances / chances.sum())
