"""Invariants of any synthetic market: a simple graph, consistent blocks, random numbers fixed by the seed."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standards_net.world import synthetic_market

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def arguments(draw):
    return {
        "size": draw(st.integers(20, 400)),
        "degree": draw(st.floats(0.1, 15.0)),
        "heterogeneity": draw(st.floats(2.01, 20.0)),
        "within": draw(st.floats(0.0, 1.0)),
        "group_ties": draw(st.floats(0.0, 1.0)),
        "rng": draw(st.integers(0, 2**63 - 1)),
    }


def bytes_of(market):
    parts = (market.matrix.indptr, market.matrix.indices, market.group_matrix.indices, market.country,
             market.operator, market.group, market.standard, market.weight, market.champion)  # fmt: skip
    return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


@FEW
@given(asked=arguments(), countries=st.integers(1, 6))
def test_a_simple_symmetric_graph_whose_blocks_add_up(make_toy, asked, countries):
    world = make_toy(countries)
    market = synthetic_market(world, **asked)
    matrix = market.matrix
    assert matrix.shape == (asked["size"],) * 2
    assert (matrix != matrix.T).nnz == 0
    assert not matrix.diagonal().any()
    assert (matrix.data == 1.0).all()
    assert matrix.has_canonical_format  # no edge twice
    inside = market.group_matrix.multiply(matrix)
    assert inside.nnz == market.group_matrix.nnz
    assert (np.diff(market.country) >= 0).all()
    assert np.bincount(market.country, minlength=countries).min() >= 1
    np.testing.assert_allclose(
        np.bincount(market.country, weights=market.weight), world.market("radio").share, rtol=1e-9
    )
    between = market.edges_between()
    assert (between == between.T).all()
    assert np.triu(between).sum() == matrix.nnz // 2
    assert market.dropped >= 0
    assert set(market.standard) <= set(range(len(world.standards)))
    assert ((market.group >= 0) <= (market.operator >= 0)).all()
    if asked["within"] == 1.0 and countries > 1:
        assert matrix.nnz == market.group_matrix.nnz + 2 * between.trace()


@FEW
@given(asked=arguments())
def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(make_toy, asked):
    world = make_toy(4)
    once, again = synthetic_market(world, **asked), synthetic_market(world, **asked)
    assert bytes_of(once) == bytes_of(again)
    other = synthetic_market(world, **(asked | {"rng": asked["rng"] ^ 1}))
    assert bytes_of(once) != bytes_of(other)


@FEW
@given(asked=arguments(), group_ties=st.floats(0.0, 1.0))
def test_group_ties_move_nothing_else(make_toy, asked, group_ties):
    world = make_toy(5)
    once = synthetic_market(world, **asked)
    other = synthetic_market(world, **(asked | {"group_ties": group_ties}))
    assert once.weight.tobytes() == other.weight.tobytes()
    assert once.standard.tobytes() == other.standard.tobytes()
    assert once.dropped == other.dropped
    fewer, more = sorted((once, other), key=lambda market: market.group_matrix.nnz)
    assert fewer.group_matrix.multiply(more.group_matrix).nnz == fewer.group_matrix.nnz


def test_a_generator_is_advanced_and_a_seed_is_not(make_toy):
    world = make_toy(3)
    generator = np.random.default_rng(1)
    first, second = (synthetic_market(world, 60, rng=generator) for _ in range(2))
    assert bytes_of(first) != bytes_of(second)
    assert bytes_of(synthetic_market(world, 60, rng=np.random.default_rng(1))) == bytes_of(first)
    assert repr(first).startswith("<SyntheticMarket: 60 firms in 3 economies, ")
    assert "\n" not in repr(first)
