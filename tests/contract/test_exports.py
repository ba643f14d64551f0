"""A result in the formats of others: IAMC as pyam reads it, graphs, tables in memory."""

import json
import logging
import re

import networkx as nx
import numpy as np
import pytest

import standards_net as sn
from standards_net.networks import as_network
from standards_net.results import write_graph

RADIO_COST = "Standards|RADIO|Cost"


@pytest.fixture(scope="module")
def pyam():
    return pytest.importorskip("pyam", reason="pyam is not installed")


def row(table, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    (found,) = table["value"]
    return found


class TestIAMC:
    def test_values_are_means_in_billions(self, result):
        table = result.to_iamc()
        assert list(table.columns) == ["model", "scenario", "region", "variable", "unit", "year", "value"]
        where = {"scenario": "three-poles", "year": 2040}
        costs = result.values("total_usd", technology="radio", **where)
        assert row(table, variable=RADIO_COST, **where) == pytest.approx(costs.mean() / 1e9)
        assert set(table["unit"]) == {"", "billion USD_2019/yr"}
        assert set(table["region"]) == {"World"}

    def test_countries_and_groups(self, result):
        where = {"scenario": "three-poles", "year": 2030}
        table = result.to_iamc(["KEN", "EU"], quantiles=(0.05, 0.95))
        assert set(table["region"]) == {"KEN", "EU"}
        shares = result.values("mean_share", technology="radio", country="KEN", standard="china", **where)
        name = "Standards|RADIO|Installed Base Share|China"
        assert row(table, region="KEN", variable=name, **where) == pytest.approx(float(shares))
        costs = result.costs("KEN", scenario="three-poles", technology="radio").set_index(["year", "item"])
        high = row(table, region="KEN", variable="Standards (95th percentile)|RADIO|Cost", **where)
        assert high == pytest.approx(costs.loc[(2030, "total"), "high"] / 1e9)
        losses = result.values("group_loss", technology="radio", group="EU", **where)
        low = row(
            table, region="EU", variable="Standards (5th percentile)|RADIO|Interoperability Loss", **where
        )
        assert low == pytest.approx(np.quantile(losses, 0.05), rel=1e-6)

    @pytest.mark.parametrize("regions", ["world", "groups", "countries"])
    def test_pyam_reads_it_without_complaint(self, result, pyam, caplog, regions):
        table = result.to_iamc(regions, quantiles=(0.05, 0.5, 0.95))
        with caplog.at_level(logging.WARNING):
            read = pyam.IamDataFrame(table)
        assert not caplog.records
        assert len(read.data) == len(table)
        assert set(read.variable) == set(table["variable"])

    def test_what_adds_up_adds_up_in_pyam(self, result, pyam):
        """Items to costs, and countries to the world; quantiles are no components of anything."""
        world = pyam.IamDataFrame(result.to_iamc("world", quantiles=(0.05, 0.5, 0.95)))
        countries = pyam.IamDataFrame(result.to_iamc("countries", quantiles=(0.05, 0.5, 0.95)))
        groups = pyam.IamDataFrame(result.to_iamc("groups"))
        for technology in ("RADIO", "CORE", "IOT"):
            cost = f"Standards|{technology}|Cost"
            assert world.check_aggregate(cost, rtol=1e-6) is None
            assert groups.check_aggregate(cost, rtol=1e-4, atol=1e-4) is None
            together = pyam.concat([world.filter(variable=cost), countries.filter(variable=cost)])
            assert together.check_aggregate_region(cost, rtol=1e-6) is None
        money = world.filter(variable=RADIO_COST).convert_unit("billion USD_2019/yr", "million USD_2019/yr")
        np.testing.assert_allclose(
            money.data["value"], 1000 * world.filter(variable=RADIO_COST).data["value"]
        )

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ({"regions": "KENIA"}, "unknown region 'KENIA'; give an ISO 3166-1 alpha-3 code or a name"),
            ({"regions": []}, "regions is []; give world, groups, countries, or codes and groups"),
            ({"regions": "countries", "quantiles": [0.1]}, "the quantiles 0.05, 0.5, 0.95 are recorded; 0.1"),
            ({"quantiles": [5]}, "a quantile is 5; it must be a number from 0 to 1"),
        ],
    )
    def test_what_is_wrong_is_told(self, result, asked, told):
        with pytest.raises(sn.StandardsNetError, match=re.escape(told)):
            result.to_iamc(**asked)


class TestGraphs:
    def test_the_graph_is_the_mean_adoption(self, result, world):
        graph = result.to_networkx("three-poles", 2030, "radio")
        shares = result.values("mean_adoption", scenario="three-poles", year=2030, technology="radio")
        assert graph.graph == {"scenario": "three-poles", "year": 2030, "technology": "radio"}
        for i, country in enumerate(world.countries):
            assert sum(edge["weight"] for edge in graph[country].values()) == pytest.approx(1.0)
            for vendor, edge in graph[country].items():
                assert edge["share"] == edge["weight"] == shares[i, result.position("vendor", vendor)]
        assert graph.nodes["huawei"] == {"kind": "vendor", "standard": "china", "home": "CHN"}
        assert len(result.to_networkx("three-poles", 2030, "radio", min_share=0.5).edges) < 196 * 2

    def test_igraph_has_the_same(self, result):
        graph, other = (f("three-poles", 2030, "iot") for f in (result.to_networkx, result.to_igraph))
        assert other.vcount() == len(graph)
        edges = {(other.vs[e.source]["name"], other.vs[e.target]["name"]): e["weight"] for e in other.es}
        assert edges == {(a, b): about["weight"] for a, b, about in graph.edges(data=True)}
        assert other.vs.find(name="KEN")["label"] == "Kenya"

    @pytest.mark.parametrize("ending", ["graphml", "gexf", "json"])
    def test_files_hold_it(self, result, tmp_path, ending):
        graph = result.to_networkx("three-poles", 2030, "radio")
        path = write_graph(graph, tmp_path / f"g.{ending}")
        if ending == "json":
            again = nx.node_link_graph(json.loads(path.read_text()), edges="edges")
        else:
            again = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}[ending](path)
        assert set(again.nodes) == set(graph.nodes)
        assert again.nodes["KEN"]["cost_usd"] == pytest.approx(graph.nodes["KEN"]["cost_usd"])
        for a, b, about in graph.edges(data=True):
            assert again.edges[a, b]["weight"] == pytest.approx(about["weight"])

    def test_ties(self, world):
        ties = world.ties_graph("trade")
        weights = world.ties[world.tie_kinds.index("trade")]
        at = world.countries.index("KEN")
        own = {world.countries[j]: w for j, w in enumerate(weights[at]) if w > 0.0}
        assert {b: about["weight"] for b, about in ties.pred["KEN"].items()} == own
        assert (as_network(ties).shares.toarray() == as_network(world, tie="trade").shares).all()
        with pytest.raises(sn.UnknownNameError, match="unknown kind of tie 'trad'; did you mean 'trade'"):
            world.ties_graph("trad")

    def test_what_is_wrong_is_told(self, result, tmp_path):
        for call, told in [
            (lambda: result.to_networkx(), "the result has 3 scenarios; name one of"),
            (lambda: result.to_networkx("three-poles", 1999), "unknown year '1999'"),
            (lambda: write_graph(nx.path_graph(2), tmp_path / "g.gml"), "unknown ending of a graph's file"),
        ]:  # fmt: skip
            with pytest.raises(sn.StandardsNetError, match=re.escape(told)):
                call()
        assert not list(tmp_path.iterdir())


class TestFramesIn:
    def test_the_same_frame_gives_the_same_world(self, world):
        for table in (world.table, world.table.reset_index()):
            assert sn.load_world({"countries": table}).digest == world.digest

    def test_it_is_in_the_record_of_a_run(self, world):
        richer = world.table.assign(gdp_usd=2.0 * world.table["gdp_usd"])
        mine = sn.load_world({"countries": richer})
        np.testing.assert_array_equal(mine.gdp_usd, 2.0 * world.gdp_usd)
        found = sn.run(mine, "silos", draws=2, rng=1, until=2020, technologies="iot")
        assert found.provenance["tables_sha256"]["countries"] != world.hashes["countries"]
        assert sn.rerun(found, world=mine) == found
        with pytest.raises(sn.StandardsNetError, match=r"another world \(countries differ\)"):
            sn.rerun(found, world=world)

    @pytest.mark.parametrize(
        ("tables", "told"),
        [
            (lambda t: {"countries": t.assign(gdp_usd=-1.0)}, "table 'countries' at iloc[0], column gdp"),
            (lambda t: {"countrys": t}, "unknown table 'countrys'; did you mean 'countries'?"),
            (lambda t: {"countries": "a.csv"}, "table 'countries' is 'a.csv'; give a pandas DataFrame."),
            (lambda t: {"countries": t.drop(columns="gdp_usd")}, "gdp_usd"),
            (lambda t: {}, "no table is given"),
        ],
    )
    def test_what_a_file_may_not_hold_a_frame_may_not(self, world, tables, told):
        with pytest.raises(sn.DataError, match=re.escape(told)):
            sn.load_world(tables(world.table))
