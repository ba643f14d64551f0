"""The world: countries, vendors, ties and adoption as immutable named arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.checks import checked_names
from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.country_names import country_code, find_country, unknown_country
from standards_net.errors import StandardsNetError, UnknownNameError, one_of
from standards_net.frozen import Value, content_digest, copies_frames, read_only
from standards_net.world.adoption_draws import share_table
from standards_net.world.market import Market
from standards_net.world.politics import NONALIGNED

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from standards_net.parameters import Parameters

__all__ = ["World"]


@copies_frames("table", "policies", "positions", "suppliers")
@dataclass(frozen=True, eq=False, repr=False)
class World(Value):
    """Countries and vendors linked by adoption, countries linked by ties. Built by ``load_world``.

    Arrays are read-only, frames are handed out as copies, and two worlds are equal if all their content is
    equal.

    Attributes
    ----------
    countries, country_names : tuple of str, length N
        ISO 3166-1 alpha-3 codes and short names.
    table : DataFrame
        The countries' figures by code: population, gdp_usd, region, lat, lon, ...
    policies : DataFrame
        Recorded policies towards Chinese network vendors by code.
    positions : DataFrame
        What ties countries to the United States and China, by code: ideal_point, us_guarantee,
        china_dispute, signed_2019.
    groups : mapping of str to frozenset of str
        Members of organisations and regions at the end of 2019.
    groups_2025 : mapping of str to frozenset of str
        The same at the end of 2025.
    markets : mapping of technology to Market
    tie_kinds : tuple of str
    ties : (K, N, N) array
        Rows sum to 1.
    trade_usd : (N, N) array
        Goods trade in both directions, USD per year; symmetric.
    voting, allied : (N, N) array
        Voting similarity in the UN, 0 to 1; defence pacts, 0 or 1.
    leaning_us : (N,) array
        -1 (votes like China) to 1 (votes like the United States).
    alignments : tuple of str
        Of 2019: ``us``, ``china`` or ``nonaligned``.
    income : (N,) array
        GDP per head, PPP USD.
    finance : (N,) array
        Receptivity to vendor finance, 0 to 1.
    standards : tuple of str
    parameters : Parameters
    hashes : mapping of str to str
        SHA-256 of each table.
    left_out : frozenset of str
        Economies and groups of the shipped world that this one omits: as names they match no country.
    suppliers : DataFrame or None
        Records of operators and vendors, one row per record and firm: the columns of the evidence, and
        ``kind``, ``firm``, ``group``, ``group_home``, ``owner`` and ``champion`` of the operator.
    """

    countries: tuple[str, ...]
    country_names: tuple[str, ...]
    table: pd.DataFrame
    policies: pd.DataFrame
    positions: pd.DataFrame
    groups: Mapping[str, frozenset[str]]
    groups_2025: Mapping[str, frozenset[str]]
    markets: Mapping[str, Market]
    tie_kinds: tuple[str, ...]
    ties: FloatArray
    trade_usd: FloatArray
    voting: FloatArray
    allied: FloatArray
    leaning_us: FloatArray
    alignments: tuple[str, ...]
    income: FloatArray
    finance: FloatArray
    standards: tuple[str, ...]
    parameters: Parameters
    hashes: Mapping[str, str]
    left_out: frozenset[str] = frozenset()
    suppliers: pd.DataFrame | None = None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, wherever the tables came from: ``hashes`` do not count."""
        content = {f.name: _digestible(getattr(self, f.name)) for f in fields(self) if f.name != "hashes"}
        return content_digest(*content.values())

    def __repr__(self) -> str:
        """One line."""
        vendors = sum(len(m.vendors) for m in self.markets.values())
        return f"<World: {len(self.countries)} economies, {vendors} vendors, 2019>"

    @cached_property
    def exchange(self) -> FloatArray:
        """Omega: share of world bilateral exchange, (N, N), symmetric, sums to 1; 0 if nothing is traded."""
        total = self.trade_usd.sum()
        return read_only(self.trade_usd / total if total > 0.0 else np.zeros_like(self.trade_usd))

    @property
    def exchange_usd(self) -> float:
        """World goods trade per year, each flow counted once."""
        return float(self.trade_usd.sum() / 2)

    @property
    def gdp_usd(self) -> FloatArray:
        """GDP of 2019 by country, (N,)."""
        return np.asarray(self.table["gdp_usd"].to_numpy(dtype=np.float64))

    @property
    def population(self) -> FloatArray:
        """Population of 2019 by country, (N,)."""
        return np.asarray(self.table["population"].to_numpy(dtype=np.float64))

    def market(self, technology: str) -> Market:
        """Market of a technology; an unknown name raises an error that lists the valid ones."""
        if technology not in self.markets:
            raise UnknownNameError(one_of("technology", technology, self.markets) + ".")
        return self.markets[technology]

    def select_technologies(self, names: str | Sequence[str] | None) -> tuple[str, ...]:
        """Technologies that are named: one, several, or all if None.

        Raises
        ------
        StandardsNetError
            Unknown technology, none, or one named twice.

        Examples
        --------
        >>> import standards_net as sn
        >>> world = sn.load_world()
        >>> world.select_technologies("iot"), world.select_technologies(None)
        (('iot',), ('radio', 'core', 'iot'))
        """
        chosen = tuple(self.markets) if names is None else checked_names("technologies", names)
        if not chosen:
            raise StandardsNetError("no technology given; name at least one.")
        for technology in chosen:
            self.market(technology)
        if len(set(chosen)) != len(chosen):
            raise StandardsNetError(f"technologies are {', '.join(chosen)}; name each once.")
        return chosen

    def mask(self, members: str | Sequence[str]) -> BoolArray:
        """(N,) array: whether each country is among the given codes."""
        codes = set(checked_names("members", members))
        return np.array([country in codes for country in self.countries])

    def mask_of(self, name: str, as_of: int = 2019) -> BoolArray:
        """(N,) array, read-only: whether each country is denoted by a code, a name or a group.

        Raises
        ------
        StandardsNetError
            Unknown name, with the nearest valid one.
        """
        key = name, as_of
        if key not in self._masks:
            self._masks[key] = read_only(self.mask(sorted(self.members(name, as_of))))
        return self._masks[key]

    @cached_property
    def _masks(self) -> dict[tuple[str, int], BoolArray]:
        return {}

    def members(self, name: str, as_of: int = 2019) -> frozenset[str]:
        """Countries denoted by a code, a name or a group.

        Raises
        ------
        StandardsNetError
            Unknown name, with the nearest valid one.

        Examples
        --------
        >>> import standards_net as sn
        >>> sorted(sn.load_world().members("FiveEyes"))
        ['AUS', 'CAN', 'GBR', 'NZL', 'USA']
        """
        groups = self.groups_2025 if as_of == 2025 else self.groups
        if name in groups:
            return groups[name]
        if code := find_country(name, self.countries, self.country_names):
            return frozenset({code})
        if find_country(name, self.left_out):
            return frozenset()
        known = [*groups, *self.countries]
        raise UnknownNameError(unknown_country(name, known, self.country_names, "country or group") + ".")

    def code(self, name: str) -> str:
        """Code of the economy that a name or a code means.

        Raises
        ------
        UnknownNameError
            None of this world; what the word means elsewhere is said.

        Examples
        --------
        >>> import standards_net as sn
        >>> sn.load_world().code("Viet Nam")
        'VNM'
        """
        return country_code(name, self.countries, self.country_names)

    def shares(
        self, technology: str, *, base: str | None = None, by: str = "vendor", statistic: str = "mean"
    ) -> pd.DataFrame:
        """Shares of the installed base of 2019, one row per country: mean or interval of the estimate.

        Parameters
        ----------
        technology : str
        base : str or None
            Of a technology with two bases the older one, such as ``"4g"``; the same if None.
        by : {"vendor", "standard"}
        statistic : {"mean", "low", "high"}
            ``low`` and ``high`` are 5 and 95 % of the posterior.

        Returns
        -------
        DataFrame
            Countries by vendors or standards.

        Raises
        ------
        StandardsNetError
            Unknown technology, base, ``by`` or statistic.

        Examples
        --------
        >>> import standards_net as sn
        >>> table = sn.load_world().shares("radio", base="4g", by="standard")
        >>> bool(abs(table.loc["DEU"].sum() - 1) < 1e-6)
        True
        """
        return share_table(self.market(technology), self.countries, base, by, statistic)

    def to_networkx(self, technology: str = "radio", min_share: float = 0.0) -> nx.DiGraph:
        """Adoption of 2019 as a networkx graph: country -> vendor, weighted by share.

        Parameters
        ----------
        technology : str
        min_share : float
            Omit edges with a share up to this.

        Returns
        -------
        networkx.DiGraph
            Nodes have ``kind`` (country or vendor) and ``name``; edges ``share``, ``weight``, which is the
            same, and ``estimated``. For later years see :meth:`standards_net.Result.to_networkx`.

        Examples
        --------
        >>> import standards_net as sn
        >>> g = sn.load_world().to_networkx("radio")
        >>> g.nodes["TWN"]["kind"], g.has_edge("CHN", "huawei")
        ('country', True)
        """
        import networkx as nx

        market = self.market(technology)
        graph = nx.DiGraph(technology=technology, year=2019)
        for code, name, camp in zip(self.countries, self.country_names, self.alignments, strict=True):
            graph.add_node(code, kind="country", name=name, alignment=camp)
        for code, name, standard in zip(
            market.vendors, market.vendor_names, market.vendor_standards, strict=True
        ):
            graph.add_node(code, kind="vendor", name=name, standard=standard)
        for i, v in np.argwhere(market.adoption > min_share):
            share, estimated = float(market.adoption[i, v]), bool(market.estimated[i])
            graph.add_edge(
                self.countries[i], market.vendors[v], share=share, weight=share, estimated=estimated
            )
        return graph

    def ties_graph(self, kind: str = "trade", min_weight: float = 0.0) -> nx.DiGraph:
        """Ties of one kind as a networkx graph: country -> country that it influences.

        Parameters
        ----------
        kind : str
            One of ``tie_kinds``.
        min_weight : float
            Omit ties with a weight up to this.

        Returns
        -------
        networkx.DiGraph
            Nodes have ``name``, ``latitude``, ``longitude`` and ``alignment``; edges ``weight``: those
            that lead to a country add up to 1 if there are any. :func:`standards_net.networks.as_network`
            reads them as the ties of the World.

        Raises
        ------
        StandardsNetError
            An unknown kind.

        Examples
        --------
        >>> import standards_net as sn
        >>> ties = sn.load_world().ties_graph("trade")
        >>> max(ties.pred["CAN"], key=lambda other: ties[other]["CAN"]["weight"])
        'USA'
        """
        import networkx as nx

        if kind not in self.tie_kinds:
            raise UnknownNameError(one_of("kind of tie", kind, self.tie_kinds) + ".")
        weights = self.ties[self.tie_kinds.index(kind)]
        graph = nx.DiGraph(kind=kind, year=2019)
        for i, code in enumerate(self.countries):
            place = {axis: float(self.table[short].iloc[i]) for axis, short in _PLACES.items()}
            graph.add_node(code, name=self.country_names[i], alignment=self.alignments[i], **place)
        for i, j in np.argwhere(weights > min_weight):
            # Row i holds what influences i, and an edge leads to what is influenced.
            graph.add_edge(self.countries[j], self.countries[i], weight=float(weights[i, j]))
        return graph

    def operators(self, technology: str = "radio") -> nx.DiGraph:
        """Operators on record and their vendors: country -> operator -> vendor, operator -> group.

        :func:`standards_net.world.operator_graph.operator_graph` lists the attributes of nodes and edges.

        Parameters
        ----------
        technology : str

        Returns
        -------
        networkx.DiGraph

        Examples
        --------
        >>> import standards_net as sn
        >>> g = sn.load_world().operators("radio")
        >>> g.nodes["DEU:Vodafone Germany"]["group"], g["DEU:Vodafone Germany"]["huawei"]["status"]
        ('vodafone', 'live')
        """
        from standards_net.world.operator_graph import operator_graph

        named = zip(self.countries, self.country_names, self.alignments, strict=True)
        attributes = {code: {"name": name, "alignment": camp} for code, name, camp in named}
        return operator_graph(attributes, self.market(technology), self.suppliers)

    @property
    def poles(self) -> tuple[str, ...]:
        """Names of the camps that a country can join, without ``nonaligned``."""
        return tuple(sorted({a for a in self.alignments if a != NONALIGNED} | {"us", "china"}))


_PLACES = {"latitude": "lat", "longitude": "lon"}  # columns of the table of countries


def _digestible(value: Any) -> Any:
    """Content of a field of a world as arrays or plain data."""
    if isinstance(value, Mapping):
        return {str(key): _digestible(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if hasattr(value, "digest"):
        return value.digest
    return value.to_csv() if hasattr(value, "to_csv") else value
