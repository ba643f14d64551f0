"""What must hold for any sizes and propensities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from standards_net.alignment.landscapes.landscape_theory import landscape
from standards_net.alignment.landscapes.propensity import recode_propensity

FAST = settings(max_examples=40, deadline=None)
WISHES = st.one_of(st.integers(-2, 2).map(float), st.floats(-3.0, 3.0, width=32))


@st.composite
def actors(draw, most=7):
    """Sizes (n,), symmetric propensities (n, n), blocs."""
    n = draw(st.integers(2, most))
    wish = draw(arrays(float, (n, n), elements=WISHES))
    sizes = draw(arrays(float, (n,), elements=st.floats(0.125, 8.0, width=32)))
    return sizes, np.triu(wish, 1) + np.triu(wish, 1).T, draw(st.integers(2, min(n, 4)))


def labels_for(data, sizes, blocs):
    return data.draw(st.lists(st.integers(0, blocs - 1), min_size=len(sizes), max_size=len(sizes)))


@FAST
@given(actors(), st.data())
def test_energy_falls_by_twice_size_times_frustration(given_actors, data):
    sizes, wish, blocs = given_actors
    x = np.array(labels_for(data, sizes, blocs))
    k, bloc = data.draw(st.integers(0, len(sizes) - 1)), data.draw(st.integers(0, blocs - 1))
    y = np.where(np.arange(len(sizes)) == k, bloc, x)

    def frustration(labels):
        return float((sizes * wish[k] * (labels != labels[k])).sum())

    found = landscape(sizes, wish, blocs=blocs)
    scale = np.abs(np.outer(sizes, sizes) * wish).sum()
    fall = found.energy(x.tolist()) - found.energy(y.tolist())
    assert fall == pytest.approx(2 * sizes[k] * (frustration(x) - frustration(y)), abs=1e-12 * scale)


@FAST
@given(actors(), st.data())
def test_names_of_blocs_do_not_matter(given_actors, data):
    sizes, wish, blocs = given_actors
    labels = labels_for(data, sizes, blocs)
    found = landscape(sizes, wish, blocs=blocs)
    for other in ([blocs - 1 - label for label in labels], [f"bloc {label}" for label in labels]):
        assert found.energy(other) == found.energy(labels)
        assert found.descend(other) == found.descend(labels)


@FAST
@given(actors(), st.sampled_from(["steepest", "first"]), st.data())
def test_descent_ends_in_a_listed_minimum_no_higher(given_actors, rule, data):
    sizes, wish, blocs = given_actors
    labels = labels_for(data, sizes, blocs)
    found = landscape(sizes, wish, blocs=blocs)
    end = found.descend(labels, rule)
    assert end in [one.labels for one in found.minima]
    assert found.energy(end) <= found.energy(labels)
    assert found.descend(end, rule) == end


@FAST
@given(actors())
def test_basins_share_out_all_configurations(given_actors):
    sizes, wish, blocs = given_actors
    found = landscape(sizes, wish, blocs=blocs)
    assert sum(one.basin_size for one in found.minima) == found.configurations
    assert all(one.basin_size >= 1 and one.depth >= 0.0 for one in found.minima)
    assert all(one.first_step <= one.depth + found.tolerance for one in found.minima)


@FAST
@given(actors(), st.randoms(use_true_random=False))
def test_the_order_of_actors_does_not_matter(given_actors, shuffler):
    sizes, wish, blocs = given_actors
    order = list(range(len(sizes)))
    shuffler.shuffle(order)
    one = landscape(sizes, wish, blocs=blocs)
    other = landscape(sizes[order], wish[np.ix_(order, order)], blocs=blocs)
    parted = {
        frozenset(frozenset(np.flatnonzero(np.array(m.labels) == b).tolist()) for b in set(m.labels))
        for m in one.minima
    }
    back = {
        frozenset(frozenset(order[i] for i in np.flatnonzero(np.array(m.labels) == b)) for b in set(m.labels))
        for m in other.minima
    }
    assert back == parted


@FAST
@given(actors(), st.sampled_from([2.0**-20, 0.5, 2.0**30]))
def test_units_do_not_matter(given_actors, unit):
    """Powers of two: the same digits, so ties stay ties."""
    sizes, wish, blocs = given_actors
    one, other = landscape(sizes, wish, blocs=blocs), landscape(sizes * unit, wish, blocs=blocs)
    assert [m.labels for m in other.minima] == [m.labels for m in one.minima]
    assert [m.basin_size for m in other.minima] == [m.basin_size for m in one.minima]
    np.testing.assert_allclose(
        [m.energy for m in other.minima], [m.energy * unit**2 for m in one.minima], rtol=1e-12
    )


@FAST
@given(actors())
def test_more_blocs_never_raise_the_lowest_energy(given_actors):
    sizes, wish, blocs = given_actors
    if blocs < len(sizes):
        few, more = (landscape(sizes, wish, blocs=k) for k in (blocs, blocs + 1))
        assert more.minima[0].energy <= few.minima[0].energy + few.tolerance


@FAST
@given(actors(), st.integers(0, 2**32))
def test_recoded_propensities_are_propensities(given_actors, seed):
    sizes, wish, _ = given_actors
    if len(sizes) > 2:
        drawn = recode_propensity(wish, 4, changes=1, rng=seed)
        np.testing.assert_array_equal(drawn, drawn.swapaxes(1, 2))
        assert set(np.unique(drawn)) <= {0.0, *np.unique(wish)}
        assert (np.triu(drawn != wish, 1).sum(axis=(1, 2)) <= 1).all()
