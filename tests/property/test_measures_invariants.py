"""What must hold for any adoption, weights, exchange and compatibility, zeros and closed countries too."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from standards_net.measures import (
    agreement,
    bloc_sizes,
    co_membership,
    country_beta,
    effective_standards,
    ei_index,
    exchange_matrix,
    fence_sitting,
    fragmentation,
    interoperability_loss,
    loss_by_bloc_pair,
    loss_by_country,
    loss_by_standard,
    loss_of_group,
    loss_touching_group,
    metcalfe_loss,
    modularity,
    polarisation,
    reed_loss,
    scale_penalty,
    usd_account,
)

FAST = settings(max_examples=50, deadline=None)
ORDERS = st.sampled_from([0.0, 0.5, 1.0, 2.0, 4.0, np.inf])
BLOCS = ["x", "y", "z"]


@st.composite
def worlds(draw):
    """Adoption (N, S), some countries closed; weights (N,), exchange (N, N), compatibility (S, S)."""
    n, s = draw(st.integers(2, 6)), draw(st.integers(2, 4))
    b = draw(arrays(float, (n, s), elements=st.sampled_from([0.0, 0.05, 0.3, 1.0])))
    b[np.arange(n), draw(arrays(int, n, elements=st.integers(0, s - 1)))] += 0.5
    w = draw(arrays(float, (n,), elements=st.floats(0.01, 1.0)))
    trade = draw(arrays(float, (n, n), elements=st.floats(0.01, 1.0)))
    c = draw(arrays(float, (s, s), elements=st.floats(0.0, 1.0)))
    c = (c + c.T) / 2
    np.fill_diagonal(c, 1.0)
    return b / b.sum(axis=1, keepdims=True), w / w.sum(), exchange_matrix(trade), c


def everything(b, w, omega, c):
    """World numbers that no relabelling, splitting or copying may change."""
    p = w @ b
    account = usd_account(
        b, w, omega, c, network_value_usd=w, nodes=1e6, spending_usd=w, progress_ratio=0.85,
        exchange_value_usd=omega.sum(axis=1), double_running_rate=0.1, removed_usd=w,
    )  # fmt: skip
    return np.array(
        [
            *np.ravel([fragmentation(b, w, c, q) for q in (0.0, 1.0, 2.0, 4.0, np.inf)]),
            country_beta(b, w, c).sum(),
            interoperability_loss(b, omega, c),
            metcalfe_loss(p, c),
            scale_penalty(p, 0.85, c),
            *account.world(),
        ]
    )


@FAST
@given(worlds(), ORDERS)
def test_incompatible_standards_keep_alpha_beta_and_gamma_in_bounds(world, order):
    b, w, _, _ = world
    alpha, beta, gamma = fragmentation(b, w, None, order)
    assert 1 - 1e-9 <= alpha <= gamma + 1e-9
    assert 1 - 1e-9 <= beta <= gamma + 1e-9
    assert gamma <= b.shape[1] + 1e-9


@FAST
@given(worlds())
def test_beta_of_order_one_is_at_most_the_number_of_countries_for_any_compatibility(world):
    b, w, _, c = world
    assert fragmentation(b, w, c, 1.0).beta <= len(b) + 1e-9


@FAST
@given(worlds(), ORDERS)
def test_compatibility_keeps_gamma_between_one_and_the_number_of_standards(world, order):
    b, w, _, c = world
    assert 1 - 1e-9 <= fragmentation(b, w, c, order).gamma <= b.shape[1] + 1e-9


@FAST
@given(worlds(), ORDERS)
def test_more_compatibility_never_raises_diversity_of_any_order(world, order):
    b, w, _, c = world
    closer = np.sqrt(c)
    assert effective_standards(w @ b, closer, order) <= effective_standards(w @ b, c, order) + 1e-9


@FAST
@given(worlds())
def test_more_compatibility_never_raises_a_loss_anywhere(world):
    b, w, omega, c = world
    closer = np.sqrt(c)
    assert (loss_by_country(b, omega, closer) <= loss_by_country(b, omega, c) + 1e-12).all()
    assert (loss_by_standard(b, omega, closer) <= loss_by_standard(b, omega, c) + 1e-12).all()
    assert metcalfe_loss(w @ b, closer) <= metcalfe_loss(w @ b, c) + 1e-12
    assert scale_penalty(w @ b, 0.85, closer) <= scale_penalty(w @ b, 0.85, c) + 1e-12


@FAST
@given(worlds(), st.randoms(use_true_random=False))
def test_new_names_of_countries_and_standards_change_nothing(world, shuffler):
    b, w, omega, c = world
    rows, names = list(range(len(b))), list(range(b.shape[1]))
    shuffler.shuffle(rows)
    shuffler.shuffle(names)
    again = everything(b[rows][:, names], w[rows], omega[np.ix_(rows, rows)], c[np.ix_(names, names)])
    np.testing.assert_allclose(again, everything(b, w, omega, c), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(country_beta(b, w, c)[rows], country_beta(b[rows], w[rows], c), atol=1e-12)


@FAST
@given(worlds(), st.floats(0.05, 0.95))
def test_cutting_a_country_in_two_alike_parts_changes_nothing(world, cut):
    b, w, omega, c = world
    n = len(b)
    parent = [*range(n), 0]
    part = np.array([cut, *np.ones(n - 1), 1 - cut])
    again = omega[np.ix_(parent, parent)] * np.outer(part, part)  # no exchange of a country with itself
    np.testing.assert_allclose(
        everything(b[parent], w[parent] * part, again, c), everything(b, w, omega, c), rtol=1e-9, atol=1e-12
    )


@FAST
@given(worlds(), st.floats(0.05, 0.95))
def test_a_wholly_compatible_copy_of_a_standard_changes_nothing(world, cut):
    b, w, omega, c = world
    twice = np.hstack([b[:, :1] * cut, b[:, :1] * (1 - cut), b[:, 1:]])
    at = [0, 0, *range(1, b.shape[1])]
    np.testing.assert_allclose(
        everything(twice, w, omega, c[np.ix_(at, at)]), everything(b, w, omega, c), rtol=1e-9, atol=1e-12
    )


@FAST
@given(worlds(), st.data())
def test_contributions_add_up_to_the_world(world, data):
    b, w, omega, c = world
    labels = data.draw(st.lists(st.sampled_from(BLOCS), min_size=len(b), max_size=len(b)))
    loss = interoperability_loss(b, omega, c)
    own = omega.sum(axis=1)
    pairs = loss_by_bloc_pair(b, omega, c, labels, BLOCS)
    np.testing.assert_allclose(pairs, pairs.T, atol=1e-12)
    groups = [np.array(labels) == bloc for bloc in set(labels)]
    sums = [
        loss_by_country(b, omega, c) @ own,
        pairs.sum(),
        loss_by_standard(b, omega, c).sum(),
        sum(own[g].sum() * loss_of_group(b, omega, c, g) for g in groups),
    ]
    np.testing.assert_allclose(sums, loss, atol=1e-12)
    assert np.isclose(country_beta(b, w, c).sum(), fragmentation(b, w, c).beta - 1)
    # What touches a bloc is its row and column of the table of pairs.
    k = BLOCS.index(labels[0])
    mine = np.array(labels) == labels[0]
    touching = omega[mine].sum() + omega[:, mine].sum() - omega[np.ix_(mine, mine)].sum()
    lost = pairs[k].sum() + pairs[:, k].sum() - pairs[k, k]
    assert np.isclose(touching * loss_touching_group(b, omega, c, mine), lost, atol=1e-12)


@FAST
@given(worlds(), st.data())
def test_partitions(world, data):
    b, w, omega, _ = world
    labels = data.draw(st.lists(st.sampled_from(BLOCS), min_size=len(b), max_size=len(b)))
    renamed = [label + "!" for label in labels]
    assert -0.5 - 1e-12 <= modularity(omega, labels) < 1
    assert -1 - 1e-12 <= ei_index(omega, labels) <= 1 + 1e-12
    assert np.isclose(modularity(omega, labels), modularity(omega, renamed))
    assert agreement(labels, renamed) == 1.0
    sizes = bloc_sizes(labels, {"weight": w})
    np.testing.assert_allclose(sizes.sum(), [len(b), 1.0])
    draws = np.array([labels, labels[::-1]])
    together = co_membership(draws)
    assert (np.diag(together) == 1).all()
    np.testing.assert_array_equal(together, together.T)
    assert ((fence_sitting(draws) >= -1e-12) & (fence_sitting(draws) <= 1 + 1e-12)).all()


@FAST
@given(worlds())
def test_losses_of_laws_and_polarisation_stay_in_bounds(world):
    b, w, _, _ = world
    p = w @ b
    assert 0 <= polarisation(p) <= 0.5**2.3 + 1e-12
    assert -1e-12 <= reed_loss(p, 100.0) <= 1
    assert -1e-12 <= metcalfe_loss(p) <= 1 - 1 / len(p) + 1e-12
