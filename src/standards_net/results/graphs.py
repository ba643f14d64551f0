"""Adoption of a scenario and year as a graph, and graphs as files of other programs."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.checks import checked_number, shown
from standards_net.errors import StandardsNetError, one_of
from standards_net.files import write_bytes
from standards_net.results.variable import Variable
from standards_net.sinks import as_json, as_xml_text

if TYPE_CHECKING:
    import igraph as ig
    import networkx as nx

__all__ = ["adoption_graph", "as_igraph", "write_graph"]


def adoption_graph(
    coords: Mapping[str, Sequence[Any]],
    variables: Mapping[str, Variable],
    at: tuple[int, int, int],
    min_share: float,
) -> nx.DiGraph:
    """Graph of countries and vendors at a scenario, year and technology, given by their places."""
    import networkx as nx

    s, y, k = at
    technology = coords["technology"][k]
    least = checked_number("min_share", min_share, least=0.0, most=1.0)
    graph = nx.DiGraph(scenario=coords["scenario"][s], year=int(coords["year"][y]), technology=technology)
    by_country = {
        "name": variables["country_name"].values,
        "latitude": variables["latitude"].values,
        "longitude": variables["longitude"].values,
        "deployment": variables["mean_deployment"].values[s, y, k],
        "interoperability_loss": variables["mean_loss"].values[s, y, k],
        "cost_usd": variables["mean_cost_usd"].values[s, y, k],
    }
    for i, code in enumerate(coords["country"]):
        graph.add_node(
            code, kind="country", **{name: values[i].item() for name, values in by_country.items()}
        )
    shares = variables["mean_adoption"].values[s, y, k]
    if np.isnan(shares).any():
        raise StandardsNetError(
            f"{coords['scenario'][s]} ended before {coords['year'][y]}; name an earlier year."
        )
    supplied = [words.split(" ") for words in variables["vendor_technology"].values]
    for v, vendor in enumerate(coords["vendor"]):
        if technology in supplied[v]:
            standard, home = variables["vendor_standard"].values[s, v], variables["vendor_home"].values[v]
            graph.add_node(vendor, kind="vendor", standard=str(standard), home=str(home))
    for i, v in np.argwhere(shares > least):
        share = float(shares[i, v])
        graph.add_edge(coords["country"][i], coords["vendor"][v], share=share, weight=share)
    return graph


def as_igraph(graph: nx.Graph) -> ig.Graph:
    """The same graph for igraph; nodes are found by ``name``, and their names in words are ``label``.

    Examples
    --------
    >>> import networkx as nx
    >>> as_igraph(nx.DiGraph([("KEN", "nokia")])).vs["name"]
    ['KEN', 'nokia']
    """
    import igraph as ig

    nodes = list(graph.nodes)
    place = {node: at for at, node in enumerate(nodes)}
    found = ig.Graph(
        n=len(nodes), edges=[(place[a], place[b]) for a, b in graph.edges], directed=graph.is_directed()
    )
    found.vs["name"] = nodes
    for key in dict.fromkeys(key for _, about in graph.nodes(data=True) for key in about):
        found.vs["label" if key == "name" else key] = [graph.nodes[node].get(key) for node in nodes]
    for key in dict.fromkeys(key for *_, about in graph.edges(data=True) for key in about):
        found.es[key] = [about.get(key) for *_, about in graph.edges(data=True)]
    for key, value in graph.graph.items():
        found[key] = value
    return found


def write_graph(graph: nx.Graph, path: str | Path) -> Path:
    """Write a graph as GraphML, GEXF or node-link JSON, by the ending of the file's name.

    Parameters
    ----------
    graph : networkx.Graph
        Attributes must be numbers, text or truth values.
    path : str or Path
        It ends in ``.graphml``, ``.gexf`` or ``.json``.

    Raises
    ------
    StandardsNetError
        Another ending, or a place that cannot be written to.

    Examples
    --------
    >>> import tempfile, networkx as nx
    >>> path = write_graph(nx.path_graph(3), f"{tempfile.mkdtemp()}/path.graphml")
    >>> len(nx.read_graphml(path))
    3
    """
    if not isinstance(path, str | Path):
        raise StandardsNetError(f"path is {shown(path)}; name a file.")
    place = Path(path)
    if place.suffix not in _WRITERS:
        raise StandardsNetError(one_of("ending of a graph's file", place.suffix, _WRITERS) + ".")
    return write_bytes(place, _WRITERS[place.suffix](graph))


def _for_xml(graph: nx.Graph) -> nx.Graph:
    """The same graph with what XML can hold: no control characters, and nothing that is not a number."""
    import networkx as nx

    def plain(about: Mapping[Any, Any]) -> dict[Any, Any]:
        kept = {key: value for key, value in about.items() if value == value and value is not None}
        return {_xml(key): _xml(value) for key, value in kept.items()}

    nodes = {node: _xml(node) for node in graph}
    if len(set(map(str, nodes.values()))) < len(nodes):
        raise StandardsNetError("two nodes have the same name as text; the file could not tell them apart.")
    found = graph.__class__(**plain(graph.graph))
    found.add_nodes_from((nodes[node], plain(about)) for node, about in graph.nodes(data=True))
    found.add_edges_from((nodes[a], nodes[b], plain(about)) for a, b, about in graph.edges(data=True))
    return nx.freeze(found)


def _xml(value: Any) -> Any:
    return as_xml_text(value) if isinstance(value, str) else value


def _graphml(graph: nx.Graph) -> bytes:
    import networkx as nx

    buffer = io.BytesIO()
    nx.write_graphml(_for_xml(graph), buffer)
    return buffer.getvalue()


def _gexf(graph: nx.Graph) -> bytes:
    import networkx as nx

    buffer = io.BytesIO()
    nx.write_gexf(_for_xml(graph), buffer)
    return buffer.getvalue()


def _node_link(graph: nx.Graph) -> bytes:
    import networkx as nx

    return as_json(_without_nan(nx.node_link_data(graph, edges="edges"))).encode("utf-8")


def _without_nan(value: Any) -> Any:
    """Plain data with null for what is not a number, which JSON cannot hold."""
    if isinstance(value, Mapping):
        return {str(key): _without_nan(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


_WRITERS: Mapping[str, Callable[[Any], bytes]] = {".graphml": _graphml, ".gexf": _gexf, ".json": _node_link}
