"""What must hold for the consensus of any draws and for distances of any partitions."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from standards_net.measures import (
    agreement_over_draws,
    bloc_counts,
    consensus,
    variation_of_information,
)

FAST = settings(max_examples=50, deadline=None)
BLOC = st.integers(0, 3)
SHAPES = st.tuples(st.integers(1, 8), st.integers(2, 7))


@st.composite
def draws(draw):
    """Labels (R, N), weights (N,), draw weights (R,)."""
    r, n = draw(SHAPES)
    weight = st.floats(0.01, 1.0)
    return (
        draw(arrays(int, (r, n), elements=BLOC)),
        draw(arrays(float, n, elements=weight)),
        draw(arrays(float, r, elements=weight)),
    )


def under_other_names(labels, seed):
    """The same partitions, the names of the blocs shuffled draw by draw."""
    rng = np.random.default_rng(seed)
    return np.array([rng.permutation(4)[row] for row in labels])


@FAST
@given(st.integers(1, 9).flatmap(lambda n: arrays(int, (3, n), elements=BLOC)))
def test_variation_of_information_is_a_distance(partitions):
    a, b, c = partitions
    between = variation_of_information(a, b)
    same = ((a[:, None] == a) == (b[:, None] == b)).all()
    assert (between == 0.0) == same
    assert 0.0 <= between <= np.log(len(a)) + 1e-12
    assert np.isclose(between, variation_of_information(b, a), atol=1e-12)
    assert between <= variation_of_information(a, c) + variation_of_information(c, b) + 1e-12


@FAST
@given(draws(), st.floats(0.51, 1.0))
def test_consensus_keeps_its_promises(made, core_at):
    labels, weights, draw_weights = made
    found = consensus(labels, weights=weights, draw_weights=draw_weights, core_at=core_at)
    assert ((found.together >= 0.0) & (found.together <= 1.0)).all()
    assert ((found.fence >= 0.0) & (found.fence <= 1.0 + 1e-12)).all()
    assert np.isclose(sum(found.bloc_counts.values()), 1.0)
    assert sorted(found.order) == list(range(labels.shape[1]))
    place = {name: int(at) for at, name in enumerate(np.array(found.names)[found.order])}
    members = [name for core in found.cores for name in core]
    assert len(set(members)) == len(members)
    held = [weights[[int(name) for name in core]].sum() for core in found.cores]
    assert all(first >= second - 1e-12 for first, second in pairwise(held))
    for number, core in enumerate(found.cores):
        who = [int(name) for name in core]
        assert found.together[np.ix_(who, who)].min() >= core_at - 1e-8
        at = sorted(place[name] for name in core)
        assert at == list(range(at[0], at[0] + len(core)))
        assert number > 0 or at[0] == 0


@FAST
@given(draws(), st.integers(0, 2**32 - 1))
def test_names_of_blocs_do_not_matter_in_any_draw(made, seed):
    labels, weights, draw_weights = made
    renamed = under_other_names(labels, seed)
    one = consensus(labels, weights=weights, draw_weights=draw_weights)
    two = consensus(renamed, weights=weights, draw_weights=draw_weights)
    for name in ("together", "fence", "order"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert one.cores == two.cores
    assert bloc_counts(labels, weights) == bloc_counts(renamed, weights)
    assert (agreement_over_draws(labels, renamed) == [1.0, 0.0]).all()


@FAST
@given(draws())
def test_draws_that_agree_have_no_fence_and_their_blocs_are_the_cores(made):
    labels, weights, draw_weights = made
    same = np.broadcast_to(labels[0], labels.shape)
    found = consensus(same, weights=weights, draw_weights=draw_weights, core_at=1.0)
    assert (found.fence < 1e-12).all()
    blocs = [np.flatnonzero(labels[0] == bloc) for bloc in np.unique(labels[0])]
    assert set(found.cores) == {tuple(str(i) for i in bloc) for bloc in blocs if len(bloc) > 1}


@FAST
@given(draws(), st.randoms(use_true_random=False))
def test_the_order_of_the_countries_does_not_matter(made, shuffler):
    labels, weights, draw_weights = made
    new = list(range(labels.shape[1]))
    shuffler.shuffle(new)
    one = consensus(labels, weights=weights, draw_weights=draw_weights)
    two = consensus(labels[:, new], weights=weights[new], draw_weights=draw_weights)
    np.testing.assert_allclose(one.together[np.ix_(new, new)], two.together, atol=1e-14)
    np.testing.assert_allclose(one.fence[new], two.fence, atol=1e-12)
    assert one.bloc_counts == two.bloc_counts
