"""Quantiles over draws against those of numpy."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from standards_net.core.quantiles import draw_quantiles

NUMBERS = st.one_of(st.floats(-1e6, 1e6, width=32), st.sampled_from([0.0, 1.0]))
PROBABILITIES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=4)


@given(arrays(np.float64, array_shapes(min_dims=1, max_dims=4, max_side=6), elements=NUMBERS), PROBABILITIES)
def test_as_numpy_up_to_single_precision(values, probabilities):
    found = draw_quantiles(values, probabilities)
    expected = np.moveaxis(np.quantile(values, probabilities, axis=0), 0, -1)
    assert found.shape == expected.shape
    assert found.dtype == np.float32
    largest = max(np.abs(values).max(), 1.0)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6 * largest)


@given(arrays(np.float64, st.tuples(st.integers(1, 40), st.integers(1, 5)), elements=NUMBERS))
def test_they_rise_with_the_probability_and_end_at_the_extremes(values):
    found = draw_quantiles(values, (0.0, 0.05, 0.5, 0.95, 1.0))
    # Interpolation may fall short of the next number by a rounding.
    assert (np.diff(found) >= -1e-6 * np.abs(found).max(axis=-1, keepdims=True)).all()
    np.testing.assert_array_equal(found[:, 0], values.min(axis=0).astype(np.float32))
    np.testing.assert_allclose(found[:, -1], values.max(axis=0).astype(np.float32), rtol=1e-6)


@given(st.floats(-1e6, 1e6, width=32), st.integers(1, 30))
def test_equal_draws_are_their_own_quantiles(value, draws):
    found = draw_quantiles(np.full((draws, 2), value), (0.05, 0.5))
    np.testing.assert_array_equal(found, np.full((2, 2), value, dtype=np.float32))
