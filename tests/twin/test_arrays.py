"""Row operations on arrays of any memory order against loops over single numbers."""

import numpy as np
import pytest

from standards_net.core.arrays import (
    by_country,
    by_draw,
    draws_last,
    from_lanes,
    pool,
    pool_by_draw,
    pool_own,
    row_dot,
    row_form,
    row_largest,
    row_matmul,
    row_sum,
    to_lanes,
)

R, N, S, T = 3, 5, 4, 2


@pytest.fixture(params=["draws first", "draws last", "no draws", "two axes of draws", "frozen"])
def values(request):
    x = np.random.default_rng(5).random((R, N, S))
    if request.param == "draws last":
        return draws_last(x)
    if request.param == "no draws":
        return x[0]
    if request.param == "two axes of draws":
        return np.stack([x, 2 * x])
    x.flags.writeable = request.param != "frozen"
    return x


def rows(values):
    """Every (draw, country) row of an array, as lists."""
    return [row.tolist() for row in values.reshape(-1, values.shape[-1])]


def test_lanes_there_and_back(values):
    lead = values.shape[:-2]
    lanes = to_lanes(values, lead, values.shape[-2:])
    assert lanes.flags.c_contiguous
    np.testing.assert_array_equal(from_lanes(lanes, lead), values)


def test_lanes_of_what_lies_draws_last_are_no_copy():
    x = draws_last(np.zeros((R, N, S)))
    assert np.shares_memory(to_lanes(x, (R,), (N, S)), x)


def test_row_sum_and_row_dot(values):
    weights = np.arange(1.0, S + 1)
    np.testing.assert_allclose(row_sum(values).ravel(), [sum(row) for row in rows(values)], rtol=1e-15)
    slow = [sum(x * w for x, w in zip(row, weights, strict=True)) for row in rows(values)]
    np.testing.assert_allclose(row_dot(values, weights).ravel(), slow, rtol=1e-15)


def test_row_matmul_with_a_matrix_of_each_draw(values):
    matrix = np.random.default_rng(6).random((*values.shape[:-2], S, T))
    fast = row_matmul(values, matrix)
    for at in np.ndindex(values.shape[:-1]):
        own = matrix[at[:-1]]
        for t in range(T):
            slow = sum(float(values[at][s]) * float(own[s, t]) for s in range(S))
            assert fast[at][t] == pytest.approx(slow, rel=1e-15)


def test_row_form_with_one_matrix_for_all(values):
    matrix = np.random.default_rng(7).random((S, S))
    other = values[..., ::-1]
    slow = [
        sum(a * matrix[s, t] * b for s, a in enumerate(x) for t, b in enumerate(reversed(x)))
        for x in rows(values)
    ]
    np.testing.assert_allclose(row_form(values, matrix, other).ravel(), slow, rtol=1e-14)


def test_row_largest_marks_the_first_of_equals(values):
    tied = np.where(values > 0.5, 0.5, values)
    slow = [[1.0 if s == row.index(max(row)) else 0.0 for s in range(S)] for row in rows(tied)]
    np.testing.assert_array_equal(row_largest(tied).reshape(-1, S), slow)


@pytest.mark.parametrize("groups", [None, 2])
def test_pool(values, groups):
    weights = np.random.default_rng(8).random(N if groups is None else (groups, N))
    np.testing.assert_allclose(pool(weights, values), np.matmul(weights, values), rtol=1e-14)


def test_by_country(values):
    """Five buyers in three countries, of which the second has a single one."""
    country_of, weight = np.array([0, 0, 1, 2, 2]), np.array([0.25, 0.75, 1.0, 0.5, 0.5])
    fast = by_country(values, country_of, weight, 3)
    assert fast.shape == (*values.shape[:-2], 3, S)
    for index in np.ndindex(fast.shape):
        *lead, i, s = index
        slow = sum(weight[o] * values[(*lead, o, s)] for o in range(N) if country_of[o] == i)
        assert fast[index] == pytest.approx(slow, rel=1e-15)


def test_by_country_of_countries_is_themselves(values):
    same = by_country(values, np.arange(N), np.ones(N), N)
    np.testing.assert_array_equal(same, values)


def test_pooling_by_weights_of_each_draw():
    random = np.random.default_rng(6)
    values, own = draws_last(random.random((R, N, S))), random.random((R, N))
    each = [[sum(own[r, i] * values[r, i, s] for i in range(N)) for s in range(S)] for r in range(R)]
    np.testing.assert_allclose(pool_by_draw(own, values), each, rtol=1e-12)
    np.testing.assert_allclose(pool_by_draw(own[0], values)[0], each[0], rtol=1e-12)
    np.testing.assert_allclose(pool_own(own[:, None], values)[:, 0], each, rtol=1e-12)


def test_weights_times_a_factor_of_each_draw():
    own, factor = np.random.default_rng(7).random((R, N)), np.array([1.0, 2.0, 0.5])
    wanted = [[own[r, i] * factor[r] for i in range(N)] for r in range(R)]
    found = by_draw(own, factor)
    np.testing.assert_array_equal(found, wanted)
    assert found.strides[0] == found.itemsize
    np.testing.assert_array_equal(by_draw(own[1], factor)[1], wanted[1])
