"""Properties of cascades: more seeds never reach less, draws do not depend on others, nothing is made up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import standards_net as sn
from standards_net.processes._independent_cascade import independent_cascade
from standards_net.processes._linear_threshold import linear_threshold

FEW = settings(max_examples=30, deadline=None)
NONE = 255


@st.composite
def networks(draw):
    """Matrices of 2 to 12 nodes, weights 0 to 1, directed or not."""
    size = draw(st.integers(2, 12))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    matrix = rng.random((size, size)) * (rng.random((size, size)) < draw(st.sampled_from([0.1, 0.3, 0.8])))
    if draw(st.booleans()):
        matrix = np.ceil(matrix)
    if draw(st.booleans()):
        matrix = np.triu(matrix) + np.triu(matrix).T
    np.fill_diagonal(matrix, 0.0)
    return matrix


@st.composite
def processes(draw):
    """One of the two, with all that can be chosen."""
    number = st.floats(0.0, 1.0)
    return draw(
        st.one_of(
            st.builds(independent_cascade, number),
            st.builds(linear_threshold, st.none() | number),
        )
    )


def labels_of(draw_seed, nodes, standards, share):
    rng = np.random.default_rng(draw_seed)
    return np.where(rng.random(nodes) < share, rng.integers(standards, size=nodes), -1)


@FEW
@given(networks(), processes(), st.integers(0, 99), st.integers(0, 2**40))
def test_more_seeds_never_reach_less(matrix, process, begun, rng):
    few = labels_of(begun, len(matrix), 1, 0.2)
    more = np.maximum(few, labels_of(begun + 100, len(matrix), 1, 0.3))
    held = [
        sn.diffuse(
            matrix, process, initial=labels, steps=6, draws=70, rng=rng, keep="all", standards=["a"]
        ).labels
        != NONE
        for labels in (few, more)
    ]
    assert (held[0] <= held[1]).all()


@FEW
@given(networks(), processes(), st.integers(0, 99), st.integers(1, 3))
def test_nobody_gives_up_and_nothing_is_made_up(matrix, process, begun, standards):
    labels = labels_of(begun, len(matrix), standards, 0.4)
    names = [str(s) for s in range(standards)]
    run = sn.diffuse(matrix, process, initial=labels, steps=6, draws=66, rng=1, keep="all", standards=names)
    before, after = run.labels[:, :-1], run.labels[:, 1:]
    assert ((before == after) | (before == NONE)).all()
    counted = (run.labels[..., None] == np.arange(standards)).sum(axis=2)
    assert (counted == run.counts).all()
    free = process.name == "linear threshold" and (run.labels[:, 1] != NONE).any()
    if not free:
        assert set(np.unique(run.labels)) <= set(labels[labels >= 0]) | {NONE}
    longer = sn.diffuse(matrix, process, initial=labels, steps=7, draws=66, rng=1, standards=names)
    moves = (longer.counts[:, -1] != longer.counts[:, -2]).any(axis=1)
    assert ((run.status == "still moving") == moves).all()


@FEW
@given(networks(), processes(), st.integers(0, 99))
def test_a_draw_is_the_same_among_others(matrix, process, begun):
    labels = labels_of(begun, len(matrix), 2, 0.4)

    def go(draws, threads):
        return sn.diffuse(
            matrix, process, initial=labels, steps=6, draws=draws, rng=5, keep="final", threads=threads,
            standards=["a", "b"],
        )  # fmt: skip

    whole = go(300, 1)
    for draws, threads in ((300, 2), (200, 2), (64, 1), (7, 1)):
        part = go(draws, threads)
        assert (part.counts == whole.counts[:draws]).all()
        assert (part.labels == whole.labels[:draws]).all()
        assert (part.status == whole.status[:draws]).all()


@FEW
@given(networks(), processes(), st.integers(0, 99))
def test_order_in_memory_does_not_matter(matrix, process, begun):
    rows = np.stack([labels_of(begun + k, len(matrix), 2, 0.4) for k in range(70)])
    runs = [
        sn.diffuse(
            matrix, process, initial=given_rows, steps=6, draws=70, rng=5, keep="final",
            standards=["a", "b"],
        ).labels
        for given_rows in (np.ascontiguousarray(rows), np.asfortranarray(rows))
    ]  # fmt: skip
    assert (runs[0] == runs[1]).all()


@pytest.mark.parametrize("process", [independent_cascade(0.9), linear_threshold(0.5)], ids=lambda p: p.name)
def test_steps_can_be_taken_one_after_another(process):
    """What is worked out ahead does not depend on how far one asks, beyond 64 steps either."""
    line = np.eye(200, k=1) + np.eye(200, k=-1)
    whole = sn.diffuse(line, process, initial={"a": [0]}, steps=199, draws=70, rng=3, keep="all")
    for steps in (1, 63, 64, 65, 130):
        part = sn.diffuse(line, process, initial={"a": [0]}, steps=steps, draws=70, rng=3, keep="final")
        assert (part.counts == whole.counts[:, : steps + 1]).all()
        assert (part.labels == whole.labels[:, steps]).all()


def test_a_state_can_be_stepped_from_again():
    """Steps are pure: an old state gives the same again after others have gone on."""
    from standards_net.networks import as_network
    from standards_net.processes.process import NetworkSetting
    from standards_net.randomness import RandomNumbers

    network = as_network(np.eye(30, k=1) + np.eye(30, k=-1))
    begun = np.full((3, 30), NONE, np.uint8)
    begun[:, 4] = 0
    for process in (independent_cascade(0.8), linear_threshold(0.5), linear_threshold()):
        setting = NetworkSetting(
            network, ("a",), begun, None, RandomNumbers(2, 0, 3), process.prepare(network, ("a",))
        )
        states = [process.init(setting)]
        for _ in range(5):
            states.append(process.step(states[-1], setting)[0])
        shown = [state.labels.copy() for state in states]
        again, seen = process.step(states[1], setting)
        assert (again.labels == shown[2]).all()
        assert (seen.counts[:, 0] == (shown[2] == 0).sum(axis=1)).all()
        assert (states[0].labels == begun).all()
