"""The operator level: records of operators and vendors, and their coverage."""

from __future__ import annotations

import pandas as pd

from standards_net.world.operator_graph import supplier_records
from standards_net.world.world import World

__all__ = ["operator_coverage", "suppliers_of"]


def suppliers_of(world: World, technology: str) -> pd.DataFrame:
    """Records of a technology in this world (:func:`supplier_records`).

    Raises
    ------
    StandardsNetError
        Unknown technology.

    Examples
    --------
    >>> import standards_net as sn
    >>> rows = suppliers_of(sn.load_world(), "iot")
    >>> sorted(rows["kind"].unique())  # for modules only markets are on record, no operators
    ['pool']
    """
    return supplier_records(world.suppliers, world.market(technology), world.countries)


def operator_coverage(world: World, technology: str = "radio") -> pd.DataFrame:
    """Coverage of the operator level by region: the table in docs/operators.md.

    Parameters
    ----------
    world : World
    technology : str

    Returns
    -------
    DataFrame
        By region and for the world: number of economies, and of those with a named operator; their share
        of the region's market (0 to 1); number of operators, of those in a cross-border group, and of
        champions; number of operator-vendor pairs, and of those with a reported share.

    Raises
    ------
    StandardsNetError
        Unknown technology.

    Examples
    --------
    >>> import standards_net as sn
    >>> table = operator_coverage(sn.load_world())
    >>> bool(table.loc["Europe", "market"] > table.loc["Africa", "market"])
    True
    """
    rows = suppliers_of(world, technology)
    firms = rows[rows["kind"] != "pool"]
    region = world.table["region"].loc[list(world.countries)]
    size = pd.Series(world.market(technology).share, index=list(world.countries))
    lines = {}
    for name in [*sorted(region.unique()), "World"]:
        inside = region.index if name == "World" else region.index[region == name]
        records = firms[firms["country"].isin(inside)]
        each = records.drop_duplicates("node")
        pairs = records.assign(shared=records["share"].notna()).groupby(["node", "vendor"])["shared"].any()
        lines[name] = {
            "economies": len(inside),
            "covered": each["country"].nunique(),
            "market": round(float(size[each["country"].unique()].sum() / size[inside].sum()), 2),
            "operators": len(each),
            "in_groups": int((each["group"] != "").sum()),
            "champions": int(each["champion"].sum()),
            "pairs": len(pairs),
            "with_share": int(pairs.sum()),
        }
    return pd.DataFrame.from_dict(lines, orient="index")
