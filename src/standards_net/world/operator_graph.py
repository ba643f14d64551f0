"""The operator level: operators, their vendors and their groups, as a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standards_net.world.market import Market, Operators
from standards_net.world.operator_draws import ALL_OPERATORS

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["join_suppliers", "operator_graph", "supplier_records"]

_UNNAMED = "unnamed"
_LEAST = 0.01  # smallest estimated share that is an edge
_ABOUT = ["kind", "firm", "group", "group_home", "owner", "champion"]
# Among records of the same year, the most advanced status counts.
_STATUS = ("contract", "live", "removing", "removed")
_CONFIDENCE = ("high", "medium", "low")


def join_suppliers(evidence: pd.DataFrame, operators: pd.DataFrame) -> pd.DataFrame:
    """Join the records of operators and vendors with the table of operators: one row per record and firm.

    A joint name in the evidence gives one row for each of its firms. A name missing from the table of
    operators denotes a firm of its own, without a group; a record without a name denotes an unnamed pool.

    Parameters
    ----------
    evidence, operators : DataFrame
        The tables of these names.

    Returns
    -------
    DataFrame
        Columns of the evidence, then kind, firm, group, group_home, owner, champion; text columns of
        the operator are '' where nothing is known.

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
    unknown = joined["kind"].isna()
    joined["kind"] = joined["kind"].where(~unknown, np.where(unnamed, "pool", "firm"))
    joined["firm"] = joined["firm"].where(~unknown | unnamed, joined["operator"])
    joined["champion"] = joined["champion"].fillna(0).astype(bool)
    text = ["kind", "firm", "group", "group_home", "owner"]
    joined[text] = joined[text].astype(object).fillna("")
    return joined


def supplier_records(
    suppliers: pd.DataFrame | None, market: Market, countries: Sequence[str]
) -> pd.DataFrame:
    """Records of a market's vendors and the given economies, without observed absences.

    Adds ``node``, the name of the operator in the graph: ``DEU:Vodafone Germany``; a pool keeps its name
    in the evidence.

    Parameters
    ----------
    suppliers : DataFrame or None
        From :func:`join_suppliers`; None in a world constructed by hand, which has no records.
    market : Market
    countries : sequence of str
    """
    if suppliers is None:
        return pd.DataFrame(columns=["country", "vendor", *_ABOUT, "node"])
    rows = suppliers[
        (suppliers["technology"] == market.technology)
        & suppliers["country"].isin(countries)
        & suppliers["vendor"].isin(market.vendors)
        & (suppliers["status"] != "absent")
    ]
    name = rows["firm"].where(rows["firm"] != "", rows["operator"])
    return rows.assign(node=rows["country"] + ":" + name).reset_index(drop=True)


def operator_graph(
    countries: Mapping[str, Mapping[str, str]], market: Market, suppliers: pd.DataFrame | None
) -> nx.DiGraph:
    """Country -> operator -> vendor, and operator -> group, as far as on record.

    Attributes are plain str, int, float and bool, so that every networkx format can store them. Nodes
    have ``kind`` and ``name``, and

    - country: ``alignment``;
    - operator: ``country``, ``names`` (spellings of the evidence), ``pool`` (a market or unnamed
      operators, not a firm), ``champion``, ``group`` ('' for none), ``owner``;
    - vendor: ``standard``, ``pole``;
    - group: ``home``.

    Edges have ``kind`` (market, supply, membership). Edges operator -> vendor summarise all records of
    the pair: ``equipment`` (all, separated by semicolons), ``first_year`` and ``year`` (the earliest and
    the latest), ``status`` of the latest, ``confidence`` (the best), ``records`` (their number), ``joint``
    (known only together with other firms), and where a share was reported ``share`` and ``share_scope``
    of the latest such record. Where the base of 2019 is estimated operator by operator, these edges have
    ``estimate_2019``, the share, if at least 1 %, and edges country -> operator ``subscribers``; an edge
    without records has the estimate alone.

    Parameters
    ----------
    countries : mapping of code to mapping
        ``name`` and ``alignment`` of each economy.
    market : Market
    suppliers : DataFrame or None
        From :func:`join_suppliers`.

    Returns
    -------
    networkx.DiGraph
        All countries and vendors; operators and groups that are on record.

    Examples
    --------
    >>> import standards_net as sn
    >>> g = sn.load_world().operators("radio")
    >>> g["POL:Play"]["huawei"]["share"], g.nodes["group:vodafone"]["home"]
    (0.9, 'GBR')
    >>> len(list(g.predecessors("group:vodafone")))
    22
    """
    import networkx as nx

    rows = supplier_records(suppliers, market, list(countries))
    graph = nx.DiGraph(technology=market.technology)
    for code, attributes in countries.items():
        graph.add_node(code, kind="country", **attributes)
    for code, name, standard, pole in zip(
        market.vendors, market.vendor_names, market.vendor_standards, market.vendor_poles, strict=True
    ):
        graph.add_node(code, kind="vendor", name=name, standard=standard, pole=pole)
    for node, records in rows.groupby("node"):
        _add_operator(graph, str(node), records)
    for (node, vendor), records in rows.groupby(["node", "vendor"]):
        graph.add_edge(node, vendor, kind="supply", **_supply(records))
    if market.operators is not None:
        _add_estimates(graph, market, market.operators, list(countries))
    return graph


def _add_estimates(graph: nx.DiGraph, market: Market, firms: Operators, countries: Sequence[str]) -> None:
    """Subscribers and estimated shares of 2019; operators that no record names are added."""
    for o, name in enumerate(firms.names):
        code = countries[firms.country_of[o]]
        node = f"{code}:{name}"
        if not firms.sampled[o] or name == ALL_OPERATORS:
            continue
        if node not in graph:
            graph.add_node(
                node, kind="operator", name=name, country=code, names=name, pool=False, champion=False,
                group="", owner="",
            )  # fmt: skip
        graph.add_edge(code, node, kind="market", subscribers=float(firms.weight[o]))
        for v in np.flatnonzero(firms.adoption[o] >= _LEAST):
            graph.add_edge(node, market.vendors[v], estimate_2019=float(firms.adoption[o, v]))
            graph.edges[node, market.vendors[v]].setdefault("kind", "supply")


def _add_operator(graph: nx.DiGraph, node: str, records: pd.DataFrame) -> None:
    first = records.iloc[0]
    graph.add_node(
        node,
        kind="operator",
        name=node.split(":", 1)[1],
        country=str(first["country"]),
        names=";".join(sorted(records["operator"].unique())),
        pool=bool(first["kind"] == "pool"),
        champion=bool(first["champion"]),
        group=str(first["group"]),
        owner=str(first["owner"]),
    )
    graph.add_edge(str(first["country"]), node, kind="market")
    if first["group"]:
        group = f"group:{first['group']}"
        graph.add_node(group, kind="group", name=str(first["group"]), home=str(first["group_home"]))
        graph.add_edge(node, group, kind="membership")


def _supply(records: pd.DataFrame) -> dict[str, Any]:
    """Attributes of an edge from all its records."""
    rank = records["status"].map(_STATUS.index)
    by_age = records.assign(rank=rank).sort_values(["year", "rank"], kind="stable")
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
