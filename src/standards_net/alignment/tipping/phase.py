"""Phase diagram: a measure over compatibility and the number of allies that ban, simulated as one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from standards_net.alignment.games.pivots import read_measure
from standards_net.alignment.games.sides import named_countries, years_until
from standards_net.core.arrays import FloatArray
from standards_net.ensemble.engine import Draws, simulate
from standards_net.errors import StandardsNetError
from standards_net.progress import Progress
from standards_net.randomness import RNGLike, SeedLike, seed_of
from standards_net.results import INTERVAL
from standards_net.scenario import Levers, Scenario, compile_scenario, load_scenario
from standards_net.scenario.mixing import mix_levers
from standards_net.world.world import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PhaseDiagram", "phase_diagram"]

COMPATIBILITIES = tuple(np.linspace(0.0, 1.0, 11).tolist())
_FROM, _TO = 2021, 2030  # years in which compatibility moves and banned equipment is removed
_STEPS = 12  # default numbers of allies


@dataclass(frozen=True, repr=False)
class PhaseDiagram:
    """A measure in the last year for each pair of two parameters, draw by draw.

    Attributes
    ----------
    measure, unit : str
    compatibilities : tuple of float, length K
        Of the Chinese-led family with all others, from 2030.
    counts : tuple of int, length A
        Numbers of allies that ban, the largest markets first.
    allies : tuple of str
        All allies in that order.
    values : (K, A, R) array
    conditional_on : str
    """

    measure: str
    unit: str
    compatibilities: tuple[float, ...]
    counts: tuple[int, ...]
    allies: tuple[str, ...]
    values: FloatArray
    conditional_on: str

    def __repr__(self) -> str:
        """One line."""
        return (
            f"<PhaseDiagram: {self.measure}, {len(self.compatibilities)} compatibilities by "
            f"{len(self.counts)} numbers of allies, {self.values.shape[2]} draws>"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per pair: compatibility, allies, median, low and high."""
        import pandas as pd

        low, median, high = np.quantile(self.values, INTERVAL, axis=2)
        rows = [
            (c, count, median[k, a], low[k, a], high[k, a])
            for (k, c), (a, count) in product(enumerate(self.compatibilities), enumerate(self.counts))
        ]
        return pd.DataFrame(rows, columns=["compatibility", "allies", "median", "low", "high"])


def phase_diagram(
    world: World,
    measure: str = "beta",
    *,
    compatibilities: Sequence[float] = COMPATIBILITIES,
    counts: Sequence[int] | None = None,
    allies: str | Sequence[str] = "us",
    vendors: str = "china",
    baseline: str | Scenario = "status-quo-2019",
    technology: str = "radio",
    until: int = 2040,
    draws: int = 32,
    rng: RNGLike | SeedLike | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> PhaseDiagram:
    """Simulate every pair of a compatibility and a number of allies that ban, with common random numbers.

    Parameters
    ----------
    world : World
    measure : str
        As in :func:`standards_net.alignment.games.pivots.pivotal`.
    compatibilities : sequence of float
        Values, 0 to 1, that the Chinese-led family reaches with all others by 2030.
    counts : sequence of int or None
        Numbers of allies that ban the vendors from 2021 and have removed them by 2030: the largest markets
        first; the bans of 2019 of the others are lifted. About a dozen numbers from 0 to all if None.
    allies : str or sequence of str
        Camp of 2019, group or codes.
    vendors : str
        Vendors, standard or pole that are banned.
    baseline : str or Scenario
        What all others do.
    technology, until, draws, rng, threads, progress
        As in :func:`standards_net.alignment.games.pivots.pivotal`.

    Returns
    -------
    PhaseDiagram

    Raises
    ------
    StandardsNetError
        Unknown names, compatibilities outside 0 to 1, counts that are not between 0 and the number of allies.

    Examples
    --------
    >>> import standards_net as sn
    >>> phase_diagram(sn.load_world(), compatibilities=[0.2, 0.9], counts=[0, 5], until=2024, draws=2, rng=7)
    <PhaseDiagram: beta, 2 compatibilities by 2 numbers of allies, 2 draws>
    """
    read, unit = read_measure(world, measure)
    ordered = _largest_first(world, allies, technology)
    steps = _counts(counts, len(ordered))
    if not len(compatibilities) or not all(0.0 <= c <= 1.0 for c in compatibilities):
        raise StandardsNetError("compatibilities must be numbers from 0 to 1, at least one.")
    quo = load_scenario(baseline)
    names = [world.countries[i] for i in ordered]
    ban = {"who": names, "vendors": [vendors], "from": _FROM, "remove_by": _TO}

    def compiled(scenario: Scenario) -> Levers:
        return compile_scenario(world, scenario, technology, years_until(until))

    lift = {"who": names, "vendors": [vendors], "from": _FROM - 1}  # so that a count of 0 means no ban
    free, banning = compiled(quo.extended(lift=[lift])), compiled(quo.extended(ban=[ban]))
    # Agreements keep drift from lowering the given compatibility.
    agreements = [{"between": ["china", s], "from": _FROM} for s in _others(world)]
    apart = [
        compiled(quo.extended(compatibility=_apart(world, c), agreement=agreements)) for c in compatibilities
    ]

    def levers(pair: tuple[int, int]) -> Levers:
        k, count = pair
        follows = np.zeros(len(world.countries), dtype=np.int64)
        follows[ordered[:count]] = 1
        return mix_levers([free, banning], follows, apart[k], apart[k], 1.0)

    pairs = list(product(range(len(compatibilities)), steps))
    drawn = Draws.of(world, technology, draws, seed_of(rng)).under(quo)
    found = simulate(drawn, pairs, levers, read, threads=threads, progress=progress)
    return PhaseDiagram(
        measure=measure,
        unit=unit,
        compatibilities=tuple(float(c) for c in compatibilities),
        counts=steps,
        allies=tuple(names),
        values=found.reshape(len(compatibilities), len(steps), draws),
        conditional_on=f"bans of other allies lifted, otherwise {quo.name}; {technology}, {until}; {draws} "
        "draws",
    )


def _largest_first(world: World, allies: str | Sequence[str], technology: str) -> np.ndarray:
    if isinstance(allies, str) and allies in world.poles:
        members = np.flatnonzero(np.array(world.alignments) == allies)
    else:
        members = named_countries(world, allies)
    return np.asarray(members[np.argsort(-world.market(technology).share[members], kind="stable")])


def _counts(counts: Sequence[int] | None, total: int) -> tuple[int, ...]:
    if counts is None:
        return tuple(int(n) for n in np.unique(np.round(np.linspace(0, np.sqrt(total), _STEPS + 1) ** 2)))
    if not len(counts) or not all(0 <= n <= total and n == int(n) for n in counts):
        raise StandardsNetError(f"counts must be whole numbers from 0 to {total}, the number of allies.")
    return tuple(int(n) for n in counts)


def _apart(world: World, value: float) -> list[dict[str, object]]:
    return [{"between": ["china", s], "value": value, "from": _FROM, "to": _TO} for s in _others(world)]


def _others(world: World) -> list[str]:
    return [s for s in world.standards if s != "china"]
