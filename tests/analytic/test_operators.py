"""Operators against their table; synthetic markets against the closed forms of their block model."""

import io
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from standards_net.tables import read_tables
from standards_net.world import synthetic_market
from standards_net.world.block_model import country_sizes, expected_contacts, mixed_ties
from standards_net.world.known_operators import OperatorRecord, known_operators, vendor_chances
from standards_net.world.operator_graph import join_suppliers
from standards_net.world.operators import operator_coverage, suppliers_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def frames():
    return read_tables().frames


@pytest.fixture(scope="module")
def graph(world):
    return world.operators("radio")


@pytest.fixture(scope="module")
def market(world):
    return synthetic_market(world, 4_000, rng=2)


def of_kind(graph, kind):
    return {node: about for node, about in graph.nodes(data=True) if about["kind"] == kind}


def test_every_operator_of_the_evidence_is_in_the_graph(world, frames):
    for technology in world.markets:
        nodes = of_kind(world.operators(technology), "operator")
        there = {(a["country"], name) for a in nodes.values() for name in a["names"].split(";")}
        evidence = frames["evidence"][frames["evidence"]["technology"] == technology]
        on_record = set(zip(evidence["country"], evidence["operator"], strict=True))
        assert on_record <= there
        firms = world.market(technology).operators
        estimated = set() if firms is None else {
            (world.countries[i], name) for i, name in zip(firms.country_of, firms.names, strict=True)
        }  # fmt: skip
        assert there - on_record <= estimated


def test_estimates_stand_on_the_edges_of_operators(world, graph):
    """Subscribers add up to a country's; of each operator the vendors with at least a hundredth."""
    market = world.market("radio")
    firms = market.operators
    for o, name in enumerate(firms.names):
        node = f"{world.countries[firms.country_of[o]]}:{name}"
        if not firms.sampled[o] or name == "all operators":
            continue
        code = world.countries[firms.country_of[o]]
        assert graph.edges[code, node]["subscribers"] == pytest.approx(firms.weight[o])
        told = {
            vendor: about["estimate_2019"]
            for _, vendor, about in graph.out_edges(node, data=True)
            if "estimate_2019" in about
        }
        used = firms.adoption[o] >= 0.01
        assert set(told) == {v for v, is_used in zip(market.vendors, used, strict=True) if is_used}
        np.testing.assert_allclose([told[v] for v in market.vendors if v in told], firms.adoption[o][used])
    for code in world.countries:
        weights = [a["subscribers"] for *_, a in graph.out_edges(code, data=True) if "subscribers" in a]
        assert not weights or sum(weights) == pytest.approx(1.0)


def test_the_graph_counts_what_the_table_holds(world, frames, graph):
    table = frames["operators"]
    seen = frames["evidence"][frames["evidence"]["technology"] == "radio"]
    table = table.merge(seen[["country", "operator"]].drop_duplicates())
    firms = table.dropna(subset=["firm"]).drop_duplicates(["country", "firm"])
    recorded = {source for source, _, n in graph.edges(data="records") if n}
    nodes = {node: about for node, about in of_kind(graph, "operator").items() if node in recorded}
    assert sum(not about["pool"] for about in nodes.values()) == len(firms)
    assert sum(about["champion"] for about in nodes.values()) == firms["champion"].sum()
    assert len(of_kind(graph, "group")) == firms["group"].nunique()
    assert len(of_kind(graph, "country")) == len(world.countries)
    for group, members in firms.groupby("group"):
        found = {node for node, _ in graph.in_edges(f"group:{group}")}
        assert found == set(members["country"] + ":" + members["firm"])
    pools = (table["kind"] == "pool").sum()
    assert sum(about["pool"] for about in nodes.values()) == pools
    # Every record stands on an edge, once for each firm of it.
    records = len(seen.merge(table, on=["country", "operator"]))
    assert sum(n for *_, n in graph.edges(data="records") if n) == records


def test_edges_go_country_operator_vendor_and_operator_group(graph):
    ends = {"market": ("country", "operator"), "supply": ("operator", "vendor"),
            "membership": ("operator", "group")}  # fmt: skip
    for source, target, about in graph.edges(data=True):
        assert (graph.nodes[source]["kind"], graph.nodes[target]["kind"]) == ends[about["kind"]]
    assert all(len([*graph.predecessors(n)]) == 1 for n in of_kind(graph, "operator"))


def test_an_edge_tells_all_records_of_it(world, frames, graph):
    edge = graph["GRC:Cosmote"]["nokia"]
    assert (edge["status"], edge["year"], edge["share"], edge["share_scope"]) == (
        "removed", 2019, 0.6, "operator_ran",
    )  # fmt: skip
    assert graph["FRA:SFR"]["huawei"]["status"] == "removing"
    assert graph["GBR:Three UK"]["ericsson"]["share"] == 0.59  # of VodafoneThree, both firms' network
    rows = pd.DataFrame(
        {"country": "DEU", "vendor": "huawei", "technology": "radio", "operator": "X",
         "equipment": ["5G_RAN", "4G_RAN", "4G_RAN"], "year": [2020, 2012, 2020], "share": [None, 0.5, None],
         "share_scope": [None, None, None], "status": ["live", "live", "removing"],
         "confidence": ["low", "medium", "low"]}
    )  # fmt: skip
    empty = frames["operators"].iloc[:0]
    known = replace(world, suppliers=join_suppliers(rows, empty))
    assert known.operators()["DEU:X"]["huawei"] == {
        "kind": "supply", "equipment": "4G_RAN;5G_RAN", "first_year": 2012, "year": 2020,
        "status": "removing", "confidence": "medium", "records": 3, "joint": False, "share": 0.5,
        "share_scope": "",
    }  # fmt: skip


def test_attributes_are_plain_and_every_format_can_hold_them(graph):
    for *_, about in [*graph.nodes(data=True), *graph.edges(data=True)]:
        assert all(type(value) in (str, int, float, bool) for value in about.values())
    written = io.BytesIO()
    nx.write_graphml(graph, written)
    written.seek(0)
    again = nx.read_graphml(written)
    assert set(again) == set(graph)
    assert again.edges["POL:Play", "huawei"] == graph.edges["POL:Play", "huawei"]
    nx.write_gexf(graph, io.BytesIO())


def test_strangers_and_nameless_records_have_a_place(frames):
    evidence = frames["evidence"].head(2).assign(operator=["New Firm", None])
    rows = join_suppliers(evidence, frames["operators"])
    assert rows["kind"].tolist() == ["firm", "pool"]
    assert rows["firm"].tolist() == ["New Firm", ""]
    assert rows["operator"].tolist() == ["New Firm", "unnamed"]


def test_smaller_worlds_and_worlds_without_records(toy_world):
    graph = toy_world.operators()
    assert set(of_kind(graph, "country")) == set(toy_world.countries)
    assert set(of_kind(graph, "vendor")) == set(toy_world.market("radio").vendors)
    assert {a["country"] for a in of_kind(graph, "operator").values()} <= set(toy_world.countries)
    bare = replace(toy_world, suppliers=None)
    assert not of_kind(bare.operators(), "operator")
    assert (synthetic_market(bare, 50, rng=1).operator == -1).all()


def test_coverage_adds_up_and_the_page_shows_it(world):
    table = operator_coverage(world)
    counts = table.drop(columns="market")
    assert (counts.drop("World").sum() == counts.loc["World"]).all()
    page = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    for line in table.to_string().splitlines():
        assert line in page, line


@pytest.mark.slow
def test_the_lines_of_the_page_run_and_print_what_it_says(world, capsys):
    page = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    for code in re.findall(r"```python\n(.*?)```", page, flags=re.S):
        quicker = code.replace("10_000, 100_000", "10_000").replace("world, 100_000", "world, 10_000")
        exec(compile(quicker, "docs/operators.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    same = [line for line in printed if line.startswith(("group vodafone", "2,000 firms", "10,000 firms"))]
    assert len(same) == 3
    for line in same:
        assert line in page
    assert f"{100 * (1 - world.exchange_usd / world.gdp_usd.sum()):.0f} % of world GDP" in page


# Synthetic markets ---------------------------------------------------------------------------------


def test_sizes_by_largest_remainder():
    assert country_sizes(np.array([0.5, 0.3, 0.2]), 10).tolist() == [5, 3, 2]
    assert country_sizes(np.array([0.55, 0.34, 0.11]), 10).tolist() == [6, 3, 1]
    assert country_sizes(np.array([0.999, 0.0005, 0.0005]), 10).tolist() == [8, 1, 1]
    assert country_sizes(np.array([0.999, 0.0005, 0.0005]), 3).tolist() == [1, 1, 1]
    assert country_sizes(np.array([1.0]), 7).tolist() == [7]


def test_expected_contacts_add_up(world):
    sizes = country_sizes(world.market("radio").share, 5_000)
    ties = mixed_ties(world)
    expected = expected_contacts(sizes, ties, 12.0, 0.7)
    np.testing.assert_allclose(expected, expected.T)
    np.testing.assert_allclose(np.triu(expected).sum(), 12.0 * 5_000 / 2)
    np.testing.assert_allclose(expected.trace(), 0.7 * 12.0 * 5_000 / 2)
    alone = expected_contacts(np.array([9]), np.zeros((1, 1)), 2.0, 0.1)
    assert alone.tolist() == [[9.0]]  # who has no ties stays at home
    hand = sum(
        world.parameters[f"tie_weight_{k}"].default * world.ties[i] for i, k in enumerate(world.tie_kinds)
    )
    np.testing.assert_allclose(ties, hand / hand.sum(axis=1, keepdims=True), atol=1e-12)


def test_blocks_have_the_edges_that_the_formula_expects(make_toy):
    """21 counts, each within 4.5 standard deviations of the exact mean: error rate about 2e-4 a run,
    with this seed always the same run; the sum of squares against chi-square at 1e-3."""
    world = make_toy(6)
    market = synthetic_market(world, 1_500, degree=12.0, within=0.6, group_ties=0.0, rng=11)
    share = world.market("radio").share
    theta = market.weight / share[market.country]
    mean = market.expected[np.ix_(market.country, market.country)] * np.outer(theta, theta)
    mean *= 1.0 + (market.country[:, None] == market.country)  # both orders of a pair at home
    chance = -np.expm1(-mean)
    np.fill_diagonal(chance, 0.0)
    member = np.eye(6)[market.country]
    own = np.where(np.eye(6) == 1, 0.5, 1.0)
    expected = own * (member.T @ chance @ member)
    variance = own * (member.T @ (chance * (1 - chance)) @ member)
    z = ((market.edges_between() - expected) / np.sqrt(variance))[np.triu_indices(6)]
    assert np.abs(z).max() < 4.5
    assert chi2.ppf(1e-3, 21) < (z**2).sum() < chi2.ppf(1 - 1e-3, 21)
    assert market.matrix.nnz // 2 + market.dropped == pytest.approx(12 * 1_500 / 2, abs=4.5 * 9_000**0.5)


@pytest.mark.parametrize("exponent", [2.5, 3.5])
def test_sizes_and_degrees_have_the_exponent(make_toy, exponent):
    """Hill's estimate from the k largest has standard deviation (exponent - 1) / sqrt(k): within four, and
    for degrees as much again for the Poisson noise of contacts and dropped repeats."""
    world = make_toy(1)
    market = synthetic_market(world, 60_000, degree=12.0, heterogeneity=exponent, rng=3)
    degree = np.diff(market.matrix.indptr)
    for values, slack, k in ((market.weight, 4.0, 4_000), (degree, 8.0, 1_000)):
        top = np.sort(values)[::-1][: k + 1].astype(float)
        hill = 1.0 + 1.0 / np.log(top[:k] / top[k]).mean()
        assert hill == pytest.approx(exponent, abs=slack * (exponent - 1) / k**0.5)


def test_group_ties_join_members_of_a_group_across_countries(world, market):
    assert market.group_matrix.nnz > 0
    a, b = market.group_matrix.nonzero()
    assert (market.group[a] == market.group[b]).all()
    assert (market.group[a] >= 0).all()
    assert (market.country[a] != market.country[b]).all()
    pairs = sum(
        market.country[i] != market.country[j]
        for g in range(len(market.groups))
        for i, j in combinations(np.flatnonzero(market.group == g), 2)
    )
    assert market.group_matrix.nnz == 2 * pairs
    half = synthetic_market(world, 4_000, group_ties=0.5, rng=2)
    # Binomial: within four standard deviations, error rate 6e-5.
    assert half.group_matrix.nnz / 2 == pytest.approx(pairs / 2, abs=4 * (pairs / 4) ** 0.5)
    assert half.group_matrix.multiply(market.group_matrix).nnz == half.group_matrix.nnz
    more = market.matrix - half.matrix  # group ties are all that is added
    assert more.nnz > 0
    assert (more.data == 1).all()
    assert more.multiply(market.group_matrix).nnz == more.nnz


def test_operators_come_first_and_the_champion_is_the_largest(world, market):
    known = {code: [one.node for one in ones] for code, ones in known_operators(world, "radio", 2).items()}
    for c, code in enumerate(market.countries):
        inside = np.flatnonzero(market.country == c)
        assert (np.diff(inside) == 1).all()
        assert (np.diff(market.weight[inside]) <= 0).all()
        named = [market.operators[k] for k in market.operator[inside] if k >= 0]
        assert named == known[code][: len(inside)]
        assert (market.operator[inside[: len(named)]] >= 0).all()
        assert not market.champion[inside[1:]].any()
    nodes = world.operators().nodes
    for place in np.flatnonzero(market.operator >= 0):
        about = nodes[market.operators[market.operator[place]]]
        assert about["champion"] == market.champion[place]
        assert about["group"] == (market.groups[market.group[place]] if market.group[place] >= 0 else "")


def test_firms_have_the_standards_of_their_country_and_operators_those_on_record(world):
    """Anonymous firms: chi-square of China's and the USA's standards at 1e-4 each."""
    market = synthetic_market(world, 30_000, degree=1.0, rng=4)
    of = world.market("radio")
    implements = np.array([world.standards.index(s) for s in of.vendor_standards])
    for code in ("CHN", "USA"):
        c = world.countries.index(code)
        firms = (market.country == c) & (market.operator < 0)
        chance = np.bincount(implements, weights=of.adoption[c], minlength=len(world.standards))
        seen = np.bincount(market.standard[firms], minlength=len(world.standards))
        assert (seen[chance == 0] == 0).all()
        some = chance > 0
        expected = firms.sum() * chance[some]
        assert ((seen[some] - expected) ** 2 / expected).sum() < chi2.ppf(1 - 1e-4, max(some.sum() - 1, 1))
    rows = suppliers_of(world, "radio")
    rows = rows[(rows["status"] == "live") & (rows["year"] <= 2019) & rows["share"].isna()]
    alone = rows.groupby("node").filter(lambda one: one["vendor"].nunique() == 1)
    everything = suppliers_of(world, "radio").groupby("node")["vendor"].nunique()
    vendor = {r.node: r.vendor for r in alone.itertuples() if everything[r.node] == 1}
    checked = 0
    for place in np.flatnonzero(market.operator >= 0):
        if (name := vendor.get(market.operators[market.operator[place]])) is not None:
            assert market.standard[place] == implements[of.vendors.index(name)]
            checked += 1
    assert checked > 20


@pytest.mark.parametrize(
    ("records", "chances"),
    [
        ([OperatorRecord("b", "live", 2018)], [0, 1, 0]),
        ([OperatorRecord("a", "live", 2018), OperatorRecord("b", "live", 2019)], [5 / 8, 3 / 8, 0]),
        ([OperatorRecord("a", "removed", 2018), OperatorRecord("b", "live", 2019)], [0, 1, 0]),
        ([OperatorRecord("a", "removed", 2022), OperatorRecord("b", "contract", 2021)], [1, 0, 0]),
        ([OperatorRecord("b", "contract", 2021)], [0, 1, 0]),
        ([OperatorRecord("a", "live", 2019, 0.9, "operator_4g")], [0.9, 0.06, 0.04]),
        (
            [OperatorRecord("a", "live", 2019, 0.6, "operator_4g"), OperatorRecord("b", "live", 2019)],
            [0.6, 0.4, 0],
        ),
        ([OperatorRecord("a", "live", 2019, 0.1, "country_3g4g")], [1, 0, 0]),
        ([OperatorRecord("a", "removed", 2010)], [0.5, 0.3, 0.2]),
        ([OperatorRecord("a", "live", float("nan"))], [1, 0, 0]),
        ([OperatorRecord(v, "live", 2019, 0.4, "operator_ran") for v in "abc"], [1 / 3, 1 / 3, 1 / 3]),
    ],
)
def test_what_an_operator_may_have(records, chances):
    found = vendor_chances(records, ("a", "b", "c"), np.array([0.5, 0.3, 0.2]))
    np.testing.assert_allclose(found, chances)


def test_a_vendor_on_record_counts_though_the_estimate_gives_it_nothing():
    found = vendor_chances([OperatorRecord("a", "live", 2019)], ("a", "b"), np.array([0.0, 1.0]))
    assert found.tolist() == [1.0, 0.0]
