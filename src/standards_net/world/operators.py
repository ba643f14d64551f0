"""Below the country: operators, their vendors, and the groups that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import networkx as nx

    from standards_net.world.world import World

__all__ = ["join_suppliers", "operator_coverage", "operator_graph", "suppliers_of"]

_UNNAMED = "unnamed"
_ABOUT = ["kind", "firm", "group", "group_home", "owner", "champion"]
# Of records of one year, the one that tells most of what became of the edge counts.
_STATUS = ("contract", "live", "removing", "removed")
_CONFIDENCE = ("high", "medium", "low")


def join_suppliers(evidence: pd.DataFrame, operators: pd.DataFrame) -> pd.DataFrame:
    """Records of who uses whom with what is known of each operator: one row for each record and firm.

    A joint name of the evidence gives one row for each of its firms. A name that the table of
    operators does not know stands for a firm of its own, without a group; a record without a name
    stands for an unnamed pool.

    Parameters
    ----------
    evidence, operators : DataFrame
        The tables of these names.

    Returns
    -------
    DataFrame
        Columns of the evidence, then kind, firm, group, group_home, owner, champion; text columns of
        the operator hold '' where there is nothing to say.

    Examples
    --------
    >>> from standards_net.tables import read_tables
    >>> frames = read_tables().frames
    >>> rows = join_suppliers(frames["evidence"], frames["operators"])
    >>> sorted(rows.loc[rows["operator"] == "VodafoneThree", "firm"].unique())
    ['Three UK', 'Vodafone UK']
    """
    named = evidence.assign(operator=evidence["operator"].fillna(_UNNAMED))
    joined = named.merge(operators[["country", "operator", *_ABOUT]], on=["country", "operator"], how="left")
    unnamed = joined["operator"] == _UNNAMED
    strange = joined["kind"].isna()
    joined["kind"] = joined["kind"].where(~strange, np.where(unnamed, "pool", "firm"))
    joined["firm"] = joined["firm"].where(~strange | unnamed, joined["operator"])
    joined["champion"] = joined["champion"].fillna(0).astype(bool)
    text = ["kind", "firm", "group", "group_home", "owner"]
    joined[text] = joined[text].astype(object).fillna("")
    return joined


def suppliers_of(world: World, technology: str) -> pd.DataFrame:
    """Records of a technology in this world: its economies, its vendors; observed absences left out.

    Adds ``node``, the name of the operator in the graph: ``DEU:Vodafone Germany``; a pool keeps the
    name that the evidence gives it.

    Raises
    ------
    StandardsNetError
        Unknown technology.

    Examples
    --------
    >>> import standards_net as sn
    >>> rows = suppliers_of(sn.load_world(), "iot")
    >>> sorted(rows["kind"].unique())  # of modules only markets are known, no operators
    ['pool']
    """
    market = world.market(technology)
    rows = world.suppliers
    if rows is None:  # a world put together by hand
        return pd.DataFrame(columns=["country", "vendor", *_ABOUT, "node"])
    rows = rows[
        (rows["technology"] == technology)
        & rows["country"].isin(world.countries)
        & rows["vendor"].isin(market.vendors)
        & (rows["status"] != "absent")
    ]
    called = rows["firm"].where(rows["firm"] != "", rows["operator"])
    return rows.assign(node=rows["country"] + ":" + called).reset_index(drop=True)


def operator_graph(world: World, technology: str = "5g") -> nx.DiGraph:
    """Country -> operator -> vendor, and operator -> group, as far as it is on record.

    Attributes are plain str, int, float and bool, so that every format of networkx can hold them. Nodes
    have ``kind`` and ``name``, and

    - country: ``alignment``;
    - operator: ``country``, ``names`` (spellings of the evidence), ``pool`` (a market or unnamed
      operators: no firm), ``champion``, ``group`` ('' for none), ``owner``;
    - vendor: ``standard``, ``pole``;
    - group: ``home``.

    Edges have ``kind`` (market, supply, membership). Edges operator -> vendor stand for all records of
    the pair: ``equipment`` (all, with semicolons), ``first_year`` and ``year`` (the earliest and the
    latest), ``status`` of the latest, ``confidence`` (the best), ``records`` (how many), ``joint``
    (known only together with other firms), and where a share was reported ``share`` and
    ``share_scope`` of the latest such record.

    Parameters
    ----------
    world : World
    technology : str

    Returns
    -------
    networkx.DiGraph
        All countries and vendors of the world; operators and groups that are on record.

    Raises
    ------
    StandardsNetError
        Unknown technology.

    Examples
    --------
    >>> import standards_net as sn
    >>> g = operator_graph(sn.load_world(), "5g")
    >>> g["POL:Play"]["huawei"]["share"], g.nodes["group:vodafone"]["home"]
    (0.9, 'GBR')
    >>> len(list(g.predecessors("group:vodafone")))
    22
    """
    import networkx as nx

    market = world.market(technology)
    rows = suppliers_of(world, technology)
    graph = nx.DiGraph(technology=technology)
    for code, name, camp in zip(world.countries, world.country_names, world.alignments, strict=True):
        graph.add_node(code, kind="country", name=name, alignment=camp)
    for code, name, standard, pole in zip(
        market.vendors, market.vendor_names, market.vendor_standards, market.vendor_poles, strict=True
    ):
        graph.add_node(code, kind="vendor", name=name, standard=standard, pole=pole)
    for node, records in rows.groupby("node"):
        _add_operator(graph, str(node), records)
    for (node, vendor), records in rows.groupby(["node", "vendor"]):
        graph.add_edge(node, vendor, kind="supply", **_supply(records))
    return graph


def _add_operator(graph: nx.DiGraph, node: str, records: pd.DataFrame) -> None:
    one = records.iloc[0]
    graph.add_node(
        node,
        kind="operator",
        name=node.split(":", 1)[1],
        country=str(one["country"]),
        names=";".join(sorted(records["operator"].unique())),
        pool=bool(one["kind"] == "pool"),
        champion=bool(one["champion"]),
        group=str(one["group"]),
        owner=str(one["owner"]),
    )
    graph.add_edge(str(one["country"]), node, kind="market")
    if one["group"]:
        group = f"group:{one['group']}"
        graph.add_node(group, kind="group", name=str(one["group"]), home=str(one["group_home"]))
        graph.add_edge(node, group, kind="membership")


def _supply(records: pd.DataFrame) -> dict[str, Any]:
    """Attributes of an edge from all records of it."""
    said = records["status"].map(_STATUS.index)
    by_age = records.assign(said=said).sort_values(["year", "said"], kind="stable")
    edge = {
        "equipment": ";".join(sorted(records["equipment"].unique())),
        "status": str(by_age["status"].iloc[-1]),
        "confidence": min(records["confidence"], key=_CONFIDENCE.index),
        "records": len(records),
        "joint": bool((records["kind"] == "joint").all()),
    }
    dated = by_age["year"].dropna()
    if len(dated):
        edge |= {"first_year": int(dated.iloc[0]), "year": int(dated.iloc[-1])}
    shared = by_age.dropna(subset=["share"])
    if len(shared):
        scope = shared["share_scope"].iloc[-1]
        edge |= {
            "share": float(shared["share"].iloc[-1]),
            "share_scope": "" if pd.isna(scope) else str(scope),
        }
    return edge


def operator_coverage(world: World, technology: str = "5g") -> pd.DataFrame:
    """How far the operator level reaches, region by region: run it to get the table of docs/operators.md.

    Parameters
    ----------
    world : World
    technology : str

    Returns
    -------
    DataFrame
        By region and for the world: economies; of these with an operator by name; their share of the
        region's market (0 to 1); operators; of these in a cross-border group, champions; pairs of an
        operator and a vendor, and of these with a reported share.

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
        here = firms[firms["country"].isin(inside)]
        each = here.drop_duplicates("node")
        pairs = here.assign(told=here["share"].notna()).groupby(["node", "vendor"])["told"].any()
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
