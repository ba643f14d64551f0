"""Continuation of states whose folds are known by construction: relays, and curves without any."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from standards_net.alignment.tipping.continuation import continue_along, critical_point

FAST = settings(max_examples=50, deadline=None)
TOLERANCE = 1e-4
NAMES = ("up", "down", "fold_up", "fold_down", "hysteresis")


def relays(off, on):
    """Switched on at a value of ``on`` or more, off below ``off``; between them they stay as they are."""

    def settle(state, value):
        return np.where(value >= on, 1.0, np.where(value < off, 0.0, state))

    return settle


def itself(state):
    return state


@st.composite
def thresholds(draw):
    """Off and on of some relays, and values to go through that pass all of them."""
    lanes = draw(st.integers(1, 5))
    off = draw(arrays(float, lanes, elements=st.floats(0.05, 0.5)))
    wide = draw(arrays(float, lanes, elements=st.floats(0.01, 0.4)))
    inner = draw(st.lists(st.floats(0.05, 0.95), max_size=8, unique_by=lambda x: round(x, 3)))
    return off, off + wide, np.array([0.0, *sorted(inner), 1.0])


@FAST
@given(thresholds())
def test_folds_are_where_relays_switch(made):
    off, on, values = made
    found = continue_along(relays(off, on), itself, np.zeros(len(off)), values, tolerance=TOLERANCE)
    np.testing.assert_allclose(found.fold_up, on, atol=TOLERANCE)
    np.testing.assert_allclose(found.fold_down, off, atol=TOLERANCE)
    np.testing.assert_array_equal(found.hysteresis, np.stack([found.fold_down, found.fold_up], axis=1))
    np.testing.assert_array_equal(found.up, values >= on[:, None])
    np.testing.assert_array_equal(found.down, values >= off[:, None])


@FAST
@given(thresholds())
def test_states_part_where_the_first_relay_can_stay_on(made):
    off, on, _ = made
    nothing = np.zeros(len(off))
    top = np.minimum(on, 1.0) - 1e-3
    found = critical_point(relays(off, on), itself, nothing, nothing + 1.0, (0.0, top), tolerance=TOLERANCE)
    np.testing.assert_allclose(found, off, atol=TOLERANCE)


@FAST
@given(thresholds())
def test_lanes_do_not_see_each_other(made):
    off, on, values = made
    together = continue_along(relays(off, on), itself, np.zeros(len(off)), values)
    for lane in range(len(off)):
        one = slice(lane, lane + 1)
        alone = continue_along(relays(off[one], on[one]), itself, np.zeros(1), values)
        for name in NAMES:
            np.testing.assert_allclose(getattr(alone, name), getattr(together, name)[one], atol=TOLERANCE)


@FAST
@given(arrays(float, 3, elements=st.floats(-20.0, 20.0)), st.integers(2, 9))
def test_a_state_without_memory_has_no_fold(slope, count):
    values = np.linspace(-1.0, 1.0, count)
    found = continue_along(lambda _, value: np.tanh(slope * value), itself, np.zeros(3), values)
    np.testing.assert_array_equal(found.up, found.down)
    assert np.isnan(found.fold_up).all()
    assert np.isnan(found.fold_down).all()
