"""What must hold for any adoption, weights, exchange and compatibility."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from standards_net.measures import (
    effective_standards,
    exchange_matrix,
    fragmentation,
    hhi,
    interoperability_loss,
    loss_by_country,
    polarisation,
    rao,
    shannon,
)

FAST = settings(max_examples=60, deadline=None)
POSITIVE = st.floats(0.01, 1.0)


@st.composite
def worlds(draw, least=2):
    """Adoption (N, S), weights (N,), exchange (N, N), compatibility (S, S)."""
    n, s = draw(st.integers(max(least, 2), 5)), draw(st.integers(2, 4))
    b = draw(arrays(float, (n, s), elements=POSITIVE))
    w = draw(arrays(float, (n,), elements=POSITIVE))
    trade = draw(arrays(float, (n, n), elements=POSITIVE))
    # Gram matrix of unit vectors: positive semi-definite, as similarities of real things are.
    v = draw(arrays(float, (s, s), elements=POSITIVE)) + np.eye(s)
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    c = np.clip(v @ v.T, 0.0, 1.0)
    np.fill_diagonal(c, 1.0)
    return b / b.sum(axis=1, keepdims=True), w / w.sum(), exchange_matrix(trade), c


@FAST
@given(worlds(), st.sampled_from([0.0, 1.0, 2.0, 4.0]))
def test_effective_standards_lie_between_one_and_all(w, order):
    b, _, _, c = w
    d = effective_standards(b, np.broadcast_to(c, (len(b), *c.shape)), order)
    assert (d >= 1 - 1e-9).all()
    assert (d <= b.shape[1] + 1e-9).all()


@FAST
@given(worlds())
def test_beta_lies_between_one_and_the_number_of_standards(w):
    b, weights, _, c = w
    for similarity in (c, None):
        parts = fragmentation(b, weights, similarity)
        assert 1 - 1e-9 <= parts.beta <= parts.gamma + 1e-9 <= b.shape[1] + 2e-9
        assert np.isclose(parts.alpha * parts.beta, parts.gamma)


@FAST
@given(worlds(), st.randoms(use_true_random=False))
def test_relabelling_changes_nothing(w, shuffler):
    b, weights, omega, c = w
    order, names = list(range(len(b))), list(range(b.shape[1]))
    shuffler.shuffle(order)
    shuffler.shuffle(names)
    b2, w2 = b[order][:, names], weights[order]
    omega2, c2 = omega[np.ix_(order, order)], c[np.ix_(names, names)]
    np.testing.assert_allclose(fragmentation(b2, w2, c2), fragmentation(b, weights, c))
    np.testing.assert_allclose(
        interoperability_loss(b2, omega2, c2), interoperability_loss(b, omega, c), atol=1e-12
    )
    np.testing.assert_allclose(hhi(w2 @ b2), hhi(weights @ b))


@FAST
@given(worlds())
def test_splitting_a_country_into_alike_halves_changes_nothing(w):
    b, weights, omega, c = w
    n = len(b)
    parent = [*range(n), 0]
    part = np.array([0.5, *np.ones(n - 1), 0.5])
    b2, w2 = b[parent], weights[parent] * part
    omega2 = omega[np.ix_(parent, parent)] * np.outer(part, part)
    omega2[0, n] = omega2[n, 0] = 0.0
    np.testing.assert_allclose(fragmentation(b2, w2, c), fragmentation(b, weights, c))
    np.testing.assert_allclose(
        interoperability_loss(b2, omega2, c), interoperability_loss(b, omega, c), atol=1e-12
    )
    for measure in (hhi, shannon):
        np.testing.assert_allclose(measure(w2 @ b2), measure(weights @ b))
    assert np.isclose(rao(w2 @ b2, 1 - c), rao(weights @ b, 1 - c))
    assert np.isclose(polarisation(w2 @ b2, 1 - c), polarisation(weights @ b, 1 - c))


@FAST
@given(worlds(), st.floats(0.0, 1.0))
def test_more_compatibility_never_raises_loss_or_effective_standards(w, more):
    b, weights, omega, c = w
    closer = c + more * (1 - c)
    assert interoperability_loss(b, omega, closer) <= interoperability_loss(b, omega, c) + 1e-12
    assert effective_standards(weights @ b, closer) <= effective_standards(weights @ b, c) + 1e-9


@FAST
@given(worlds())
def test_a_copy_of_a_standard_changes_nothing(w):
    b, weights, omega, c = w
    twice = np.hstack([b[:, :1] / 2, b[:, :1] / 2, b[:, 1:]])
    at = [0, 0, *range(1, b.shape[1])]
    c2 = c[np.ix_(at, at)]
    np.testing.assert_allclose(fragmentation(twice, weights, c2), fragmentation(b, weights, c))
    np.testing.assert_allclose(
        interoperability_loss(twice, omega, c2), interoperability_loss(b, omega, c), atol=1e-12
    )


@FAST
@given(worlds())
def test_losses_lie_between_zero_and_one_and_countries_make_the_world(w):
    b, _, omega, c = w
    by_country = loss_by_country(b, omega, c)
    assert ((by_country > -1e-12) & (by_country < 1 + 1e-12)).all()
    assert np.isclose(by_country @ omega.sum(axis=1), interoperability_loss(b, omega, c))
