"""Initial states of the draws: labels or shares as given, or drawn from a distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.processes.process import UNASSIGNED, LabelArray
from standards_net.randomness import RandomNumbers, Stream

__all__ = ["InitialState"]

_MAX_NUMBERS = 2**20  # random numbers (nodes times draws) drawn at a time


@dataclass(frozen=True)
class InitialState:
    """Validated ``initial``, in one of three forms.

    Attributes
    ----------
    standards : tuple of str
    first : int
        Number of the draw to which the first row of labels or shares belongs.
    labels : (N,) or (draws, N) array of uint8, or None
    shares : (N, S) or (draws, N, S) array, or None
        Initial shares if the process moves shares; otherwise each node draws one standard from them, or
        none with the remaining probability.
    seeds : tuple of int or None
        Number of nodes that start with each standard, drawn anew in each draw.
    """

    standards: tuple[str, ...]
    first: int
    labels: LabelArray | None = None
    shares: FloatArray | None = None
    seeds: tuple[int, ...] | None = None

    def of(self, random: RandomNumbers, nodes: int) -> LabelArray:
        """Labels of a block of draws, (R, N)."""
        if self.labels is not None:
            chosen = self.labels[self._rows(random)] if self.labels.ndim == 2 else self.labels
            return np.array(np.broadcast_to(chosen, (random.draws, nodes)), order="C")
        labels = np.empty((random.draws, nodes), np.uint8)
        size = max(_MAX_NUMBERS // max(nodes, 1), 1)
        for at in range(0, random.draws, size):
            part = RandomNumbers(random.seed, random.first + at, min(size, random.draws - at))
            labels[at : at + size] = (
                self._seeded(part, nodes) if self.shares is None else self._drawn(part, nodes)
            )
        return labels

    def shares_of(self, random: RandomNumbers, nodes: int) -> FloatArray:
        """Shares of a block of draws, (R, N, S): as given, or 1 for the label."""
        if self.shares is not None:
            chosen = self.shares[self._rows(random)] if self.shares.ndim == 3 else self.shares
            return np.broadcast_to(chosen, (random.draws, nodes, len(self.standards)))  # read-only
        assigned = self.of(random, nodes)[..., None] == np.arange(len(self.standards))
        return np.asarray(assigned, dtype=np.float64)

    def _rows(self, random: RandomNumbers) -> Any:
        """Rows of a block of draws; draws before the first, which are never returned, start like it."""
        at = random.first - self.first
        return slice(at, at + random.draws) if at >= 0 else np.arange(at, at + random.draws).clip(0)

    def _drawn(self, random: RandomNumbers, nodes: int) -> LabelArray:
        shares = np.asarray(self.shares)
        chosen = shares[self._rows(random)] if shares.ndim == 3 else shares
        uniforms = random.uniforms(0, nodes, Stream.START)
        labels = np.zeros(uniforms.shape, np.uint8)
        for bound in np.moveaxis(np.cumsum(chosen, axis=-1), -1, 0):
            labels += uniforms >= np.where(bound > 1.0 - 1e-9, 1.0, bound)
        labels[labels == len(self.standards)] = UNASSIGNED
        return labels

    def _seeded(self, random: RandomNumbers, nodes: int) -> LabelArray:
        """Seeds at distinct nodes: those with the smallest random numbers."""
        total = sum(self.seeds or ())
        labels = np.full((random.draws, nodes), UNASSIGNED, np.uint8)
        if not total:
            return labels
        words = random.uniforms(0, nodes, Stream.START) + np.arange(nodes) * 2.0**-52  # all distinct
        places = np.argpartition(words, min(total, nodes - 1), axis=1)[:, :total]
        order = np.take_along_axis(places, np.take_along_axis(words, places, 1).argsort(axis=1), 1)
        drawn = np.repeat(np.arange(len(self.standards), dtype=np.uint8), self.seeds or ())
        np.put_along_axis(labels, order, np.broadcast_to(drawn, order.shape), 1)
        return labels
