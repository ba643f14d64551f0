"""What holds of adoption, arrivals and averaging on any network, from any beginning."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import standards_net as sn
from standards_net.networks import as_network
from standards_net.processes._arthur import arthur
from standards_net.processes._averaging import averaging
from standards_net.processes._bass import bass
from standards_net.processes._polya import polya

few = settings(max_examples=25, deadline=None)
rates = st.floats(0.0, 2.0)


@st.composite
def networks(draw):
    nodes = draw(st.integers(1, 18))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    matrix = rng.random((nodes, nodes)) * (
        rng.random((nodes, nodes)) < draw(st.sampled_from([0.0, 0.15, 0.6]))
    )
    if draw(st.booleans()):
        matrix = np.triu(matrix, 1) + np.triu(matrix, 1).T
    np.fill_diagonal(matrix, 0.0)
    return as_network(np.ceil(matrix) if draw(st.booleans()) else matrix)


@st.composite
def processes(draw):
    order_by = draw(st.integers(1, 7))
    return draw(
        st.sampled_from(
            [
                bass(draw(rates), draw(rates), interval=draw(rates)),
                bass([draw(rates), 0.0], draw(rates)),
                arthur(returns=draw(st.floats(-1.0, 1.0)), arrivals_per_step=order_by),
                arthur(local=True, probability=[0.3, 0.7]),
                arthur([0.0, 0.0], -0.5, arrivals_per_step=order_by),
                polya(draw(st.floats(0.0, 4.0)), base=[1.0, draw(st.floats(0.1, 5.0))]),
            ]
        )
    )


def initial_state(network, draws, seed):
    return np.random.default_rng(seed).choice([-1, -1, -1, 0, 1], (draws, len(network)))


def spread(network, process, start, draws, threads, steps=9):
    return sn.diffuse(
        network, process, initial=start[:draws], standards=["a", "b"], steps=steps, draws=draws,
        threads=threads, rng=3, keep="all",
    )  # fmt: skip


@few
@given(networks(), processes(), st.integers(0, 99))
def test_counts_add_up_and_nobody_changes(network, process, seed):
    start = initial_state(network, 5, seed)
    found = spread(network, process, start, 5, 1)
    for s in range(2):
        assert (found.counts[:, :, s] == (found.labels == s).sum(axis=2)).all()
    assert (found.labels[:, 0] == np.where(start < 0, 255, start)).all()
    before, after = found.labels[:, :-1], found.labels[:, 1:]
    assert ((before == after) | (before == 255)).all()
    everyone = found.counts[:, -1].sum(axis=1) == len(network)
    assert (found.status[everyone] == "settled").all()


@few
@given(networks(), processes(), st.integers(0, 99), st.integers(1, 80), st.sampled_from([1, 2]))
def test_neither_draws_nor_threads_matter(network, process, seed, draws, threads):
    start = initial_state(network, 80, seed)
    whole, part = spread(network, process, start, 80, 2), spread(network, process, start, draws, threads)
    assert (whole.labels[:draws] == part.labels).all()
    assert (whole.status[:draws] == part.status).all()


@few
@given(networks(), st.integers(0, 99), st.integers(1, 30), st.booleans(), st.floats(-1.0, 1.0))
def test_steps_only_group_arrivals(network, seed, together, local, returns):
    start, order = initial_state(network, 4, seed), np.random.default_rng(seed).permutation(len(network))
    for make in (
        lambda k: arthur(returns=returns, local=local, order=order, arrivals_per_step=k),
        lambda k: polya(1.0 + returns, order=order, arrivals_per_step=k),
    ):
        one = spread(network, make(1), start, 4, 1, steps=30).labels
        many = spread(network, make(together), start, 4, 1, steps=30).labels
        assert (one[:, ::together][:, : many.shape[1]] == many[:, : one[:, ::together].shape[1]]).all()
        assert (one[:, -1] != 255).all()


@few
@given(networks(), st.floats(0.0, 1.0), st.integers(0, 99))
def test_averages_stay_within_what_there_was(network, stubbornness, seed):
    start = np.random.default_rng(seed).dirichlet(np.ones(3), (4, len(network)))
    found = sn.diffuse(
        network, averaging(stubbornness), initial=start, steps=8, draws=4, rng=1, keep="all", threads=1
    )
    assert np.allclose(found.states.sum(axis=3), 1.0)
    assert (found.states <= start.max(axis=1)[:, None, None] + 1e-12).all()
    assert (found.states >= start.min(axis=1)[:, None, None] - 1e-12).all()
    assert np.allclose(found.counts.sum(axis=2), len(network))
