"""What taking a side means: each country's levers under each alignment that it may choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from standards_net.checks import checked_year
from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.errors import StandardsNetError, one_of
from standards_net.politics import SIDES, side_chances
from standards_net.scenario import Levers, Scenario, compile_scenario, load_scenario
from standards_net.scenario.mixing import mix_levers
from standards_net.scenario.poles import Poles, camps
from standards_net.world.politics import NONALIGNED, leaning
from standards_net.world.world import World

__all__ = ["COMMON", "FOLLOWING", "Sides", "leaders_followed", "named_countries", "take_sides", "years_until"]

FOLLOWING = ("stay", "trade", "affinity")
COMMON = "common"
_SINCE = 2020  # a side is taken at the end of 2019
_LEAST_CHANCE = 1e-6  # of a side, so that log-odds are finite


@dataclass(frozen=True)
class Sides:
    """A scenario's rules, compiled once for each alignment.

    Attributes
    ----------
    world : World
    camps : Poles
        Poles of the scenario.
    labels : tuple of str, length L
        Alignments: the poles, ``nonaligned``, and ``common``, which is non-alignment without any ban.
    compiled : mapping of technology to tuple of Levers
        One per label, as if every country had it.
    still : mapping of technology to Levers
        The baseline, whose world-wide levers apply where no country takes a side.
    drift : {"chosen", "given"}
        Whether world-wide levers (compatibility first of all) move with the share of the market that
        takes a side, or follow the scenario in any case.
    """

    world: World
    camps: Poles
    labels: tuple[str, ...]
    compiled: Mapping[str, tuple[Levers, ...]]
    still: Mapping[str, Levers]
    drift: str

    def levers(self, side: IntArray, technology: str) -> Levers:
        """Levers where country i has alignment ``labels[side[i]]``; ``side`` is (N,)."""
        parts = self.compiled[technology]
        taken = side < len(self.camps.names)
        moved_share = float(self.world.market(technology).share @ taken) if self.drift == "chosen" else 1.0
        return mix_levers(parts, side, self.still[technology], parts[0], moved_share)

    def start(self) -> IntArray:
        """Alignments of 2019 as indices into ``labels``, (N,); leaders have that of their pole."""
        side = np.array([self.labels.index(a) for a in self.world.alignments], dtype=np.int64)
        for index, label in enumerate(self.labels):
            side[self.leaders(label)] = index
        return side

    def rival(self) -> BoolArray:
        """Which labels are rivals, (L, L)."""
        return np.array([[frozenset({a, b}) in self.camps.rivals for b in self.labels] for a in self.labels])

    def leaders(self, label: str) -> BoolArray:
        """Countries that lead a pole, (N,); all False for a label that is not a pole."""
        if label not in self.camps.names:
            return np.zeros(len(self.world.countries), dtype=bool)
        return self.camps.who(self.world, self.camps.leaders[label], [], _SINCE - 1, self.world.alignments)

    def leading(self) -> BoolArray:
        """Countries that lead some pole, (N,)."""
        return np.asarray(np.any([self.leaders(label) for label in self.labels], axis=0))

    def politics(self) -> FloatArray:
        """Estimated log-odds of siding with each label's pole rather than with none, (N, L, D).

        In draws of the posterior. Without an estimate (poles other than the United States and China), for
        labels that are no side, and for the leaders of the pole itself, 0.
        """
        chances = np.maximum(side_chances(self.world), _LEAST_CHANCE)
        found = np.zeros((len(self.world.countries), len(self.labels), chances.shape[2]))
        for side, label in ((0, "us"), (1, "china")):
            if label in self.camps.names:
                log_odds = np.log(chances[:, side] / chances[:, SIDES.index(NONALIGNED)])
                found[:, self.labels.index(label)] = log_odds
        found[self.leading()] = 0.0
        return found

    def leaning(self) -> IntArray:
        """Pole that each country leans to, as under the scenario rule ``affinity``, (N,)."""
        near = leaning(self.world.voting, self.world.allied, self.world.alignments, self._led())
        poles = np.array([self.labels.index(pole) for pole in near])
        return np.asarray(poles[np.stack(list(near.values())).argmax(axis=0)])

    def _led(self) -> dict[str, BoolArray]:
        return {pole: self.leaders(pole) for pole in self.camps.names}


def take_sides(
    world: World,
    scenario: str | Scenario,
    baseline: str | Scenario,
    technologies: Sequence[str],
    years: Sequence[int],
    drift: str = "chosen",
) -> Sides:
    """Compile a scenario's rules for each alignment.

    Parameters
    ----------
    world : World
    scenario : str or Scenario
        Defines what members of a pole do (bans that name a pole), and how far standards drift.
    baseline : str or Scenario
        Its world-wide levers apply where no country takes a side.
    technologies : sequence of str
    years : sequence of int
    drift : {"chosen", "given"}

    Raises
    ------
    ScenarioError
        A scenario does not fit the world, or the two put vendors under different standards.
    StandardsNetError
        Unknown drift; a pole whose leaders are not in the world.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> take_sides(world, "bipolar-free-nonaligned", "status-quo-2019", ["radio"], range(2019, 2025)).labels
    ('us', 'china', 'nonaligned', 'common')
    """
    if drift not in ("chosen", "given"):
        raise StandardsNetError(one_of("drift", drift, ("chosen", "given")) + ".")
    rules, quo = load_scenario(scenario), load_scenario(baseline)
    found = camps(world, rules.file)
    labels = (*found.names, NONALIGNED, COMMON)

    def uniform(label: str, technology: str) -> Levers:
        """The scenario, followed by an entry that gives every country the same alignment."""
        pole = NONALIGNED if label == COMMON else label
        entries: dict[str, Any] = {"alignment": [{"who": ["all"], "pole": pole, "from": _SINCE}]}
        if label == COMMON:
            entries["lift"] = [{"who": ["all"], "vendors": ["all"], "from": _SINCE}]
        return compile_scenario(world, rules.extended(**entries), technology, years)

    sides = Sides(
        world=world,
        camps=found,
        labels=labels,
        compiled={t: tuple(uniform(label, t) for label in labels) for t in technologies},
        still={t: compile_scenario(world, quo, t, years) for t in technologies},
        drift=drift,
    )
    for label in found.names:
        if not sides.leaders(label).any():
            named = ", ".join(found.leaders[label])
            raise StandardsNetError(f"leaders of pole '{label}' are not in this world: {named}.")
    return sides


def leaders_followed(sides: Sides, players: IntArray, rule: str) -> IntArray:
    """Index of the country whose choice each country follows, (N,); -1 for none.

    Parameters
    ----------
    sides : Sides
    players : (P,) array of int
        Indices of the countries that decide. They and the leaders of the poles follow themselves.
    rule : {"stay", "trade", "affinity"}
        Keep the alignment of 2019; follow the player or leader that a country trades most with; or the
        one closest by votes in the UN, as standard scores, and defence pacts.

    Raises
    ------
    StandardsNetError
        Unknown rule.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> sides = take_sides(world, "bipolar-free-nonaligned", "status-quo-2019", ["radio"], range(2019, 2025))
    >>> followed = leaders_followed(sides, named_countries(world, "DEU"), "trade")
    >>> [world.countries[followed[world.countries.index(c)]] for c in ("AUT", "MEX", "MMR")]
    ['DEU', 'USA', 'CHN']
    """
    if rule not in FOLLOWING:
        raise StandardsNetError(one_of("rule for followers", rule, FOLLOWING) + ".")
    world = sides.world
    own, deciding = np.arange(len(world.countries)), sides.leading()
    deciding[players] = True
    if rule == "stay":
        return np.where(deciding, own, -1)
    # The United States vote unlike nearly all others: standardise each column, similarity to one country.
    similar = (world.voting - world.voting.mean(axis=0)) / world.voting.std(axis=0)
    near = world.trade_usd if rule == "trade" else similar + world.allied
    closest = np.where(deciding[None, :], near, -np.inf).argmax(axis=1)
    return np.where(deciding, own, closest)


def named_countries(world: World, names: str | Sequence[str]) -> IntArray:
    """Indices of the countries named by codes and groups (or ``all``), in the world's order.

    Raises
    ------
    StandardsNetError
        Unknown names, or none.

    Examples
    --------
    >>> import standards_net as sn
    >>> named_countries(sn.load_world(), "G20").size
    19
    """
    wanted = [names] if isinstance(names, str) else list(names)
    special = {"all": frozenset(world.countries)}
    found = world.mask([code for name in wanted for code in special.get(name) or world.members(name)])
    if not found.any():
        raise StandardsNetError("no players given; name a group or at least one country.")
    return np.flatnonzero(found)


def years_until(until: int) -> range:
    """Years of a run from 2019.

    Raises
    ------
    StandardsNetError
        A last year before 2022, too early for effects to show, or after 2100.
    """
    return range(2019, checked_year("until", until, 2022) + 1)
