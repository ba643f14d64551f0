"""Random numbers: uniform, and independent between neighbouring seeds, draws, nodes, steps and streams.

Each test has a fixed seed and would fail a perfect generator about once in a thousand seeds.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from standards_net.randomness import RandomNumbers, Stream

LEVEL = 1e-3
DRAWS, NODES = 256, 4096


def uniforms(seed=20, first=0, step=3, stream=Stream.MOVE):
    return RandomNumbers(seed, first, DRAWS).uniforms(step, NODES, stream)


def test_even():
    u = uniforms()
    assert u.min() >= 0.0
    assert u.max() < 1.0
    counts = np.bincount((u * 1024).astype(int).ravel(), minlength=1024)
    assert stats.chisquare(counts).pvalue > LEVEL
    # Of every draw and of every node too: the p-values must be even themselves.
    by_draw = [stats.kstest(row, "uniform").pvalue for row in u]
    assert stats.kstest(by_draw, "uniform").pvalue > LEVEL
    by_node = [stats.kstest(column, "uniform").pvalue for column in u[:, :256].T]
    assert stats.kstest(by_node, "uniform").pvalue > LEVEL


def test_low_and_high_bits_are_even():
    words = (uniforms() * 2**32).astype(np.uint64)
    for bit in range(32):
        ones = int(((words >> np.uint64(bit)) & np.uint64(1)).sum())
        assert stats.binomtest(ones, words.size).pvalue > LEVEL / 32


NEIGHBOURS = {
    "draw": lambda: (uniforms()[:-1], uniforms()[1:]),
    "node": lambda: (uniforms()[:, :-1], uniforms()[:, 1:]),
    "next group of nodes": lambda: (uniforms()[:, :-4], uniforms()[:, 4:]),
    "step": lambda: (uniforms(step=3), uniforms(step=4)),
    "stream": lambda: (uniforms(), uniforms(stream=Stream.TIE)),
    "seed": lambda: (uniforms(seed=20), uniforms(seed=21)),
    "high seed": lambda: (uniforms(seed=20), uniforms(seed=20 + 2**32)),
    "block": lambda: (uniforms(), uniforms(first=DRAWS)),
}


@pytest.mark.parametrize("key", NEIGHBOURS)
def test_neighbouring_keys_are_unrelated(key):
    one, other = (values.ravel() for values in NEIGHBOURS[key]())
    assert stats.pearsonr(one, other).pvalue > LEVEL / len(NEIGHBOURS)
    table = np.zeros((16, 16))
    np.add.at(table, ((one * 16).astype(int), (other * 16).astype(int)), 1.0)
    assert stats.chisquare(table.ravel()).pvalue > LEVEL / len(NEIGHBOURS)


def test_no_two_keys_share_a_number_more_often_than_chance():
    """Birthdays: words of 2**20 keys, of which about 128 pairs coincide."""
    words = np.concatenate(
        [
            RandomNumbers(seed, first, 64).words(step, 0, np.empty((64, 1024), np.uint32), stream).ravel()
            for seed, first, step, stream in itertools.product(
                (1, 2), (0, 64), (0, 1), (Stream.MOVE, Stream.TIE)
            )
        ]
    )
    pairs = len(words) - len(np.unique(words))
    assert stats.poisson.sf(pairs - 1, 128) > LEVEL
    assert stats.poisson.cdf(pairs, 128) > LEVEL
