"""Tipping points: where the world tips as one parameter changes, and whether it tips back there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from standards_net.alignment.games.game import Game
from standards_net.alignment.games.payoffs import Terms
from standards_net.alignment.games.responses import respond
from standards_net.alignment.games.sides import years_until
from standards_net.alignment.tipping.continuation import Continuation, Settle, State, continue_along
from standards_net.checks import checked_count
from standards_net.core.arrays import BoolArray, FloatArray, draws_last, pool
from standards_net.core.turnover import Bases
from standards_net.ensemble.engine import Draws
from standards_net.ensemble.memory import check_memory_of_states
from standards_net.errors import StandardsNetError, one_of
from standards_net.measures.requirements import checked_in_range
from standards_net.model import year
from standards_net.model.setting import Setting
from standards_net.model.year import by_standard, choice_at_first_prices, to_countries
from standards_net.randomness import RNGLike, SeedLike, seed_of
from standards_net.results import INTERVAL
from standards_net.scenario import Levers, Scenario, compile_scenario, load_scenario
from standards_net.scenario.mixing import BY_COUNTRY
from standards_net.scenario.orders import Orders
from standards_net.threads import single_threaded_blas
from standards_net.world.world import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ALONG", "Tipping", "tip_end_state", "tip_equilibrium"]

ALONG = {
    "incompatibility": "1 less the compatibility of the Chinese-led family with all others",
    "lead": "lead of Chinese vendors in quality, log-odds of choice",
}
_DEFAULT_VALUES = {"incompatibility": np.linspace(0.0, 1.0, 11), "lead": np.linspace(-3.0, 3.0, 13)}
_STEADY = 1e-6  # change of a share per round below which a state is steady
_MAX_ROUNDS = 500


@dataclass(frozen=True, repr=False)
class Tipping:
    """An observable followed along a parameter, and where it tips.

    Attributes
    ----------
    along, meaning : str
        The parameter, and its description with unit.
    observable : str
        Quantity that is followed.
    found : Continuation
    conditional_on : str
    """

    along: str
    meaning: str
    observable: str
    found: Continuation
    conditional_on: str

    def __repr__(self) -> str:
        """One line."""
        return f"<Tipping: {self.observable} along {self.along}, {len(self.found.up)} draws>"

    def to_frame(self) -> pd.DataFrame:
        """One row per value: the observable of the upward and the downward sweep, median, low and high."""
        import pandas as pd

        columns: dict[str, FloatArray] = {"value": self.found.values}
        for name, path in (("up", self.found.up), ("down", self.found.down)):
            low, median, high = np.quantile(path, INTERVAL, axis=0)
            columns |= {name: median, f"{name}_low": low, f"{name}_high": high}
        return pd.DataFrame(columns)

    def sentence(self) -> str:
        """Where it tips and tips back, and in how many draws."""
        summary = self.found.summary(INTERVAL)
        tipped = float(np.isfinite(self.found.fold_up).mean())
        if not tipped and not np.isfinite(self.found.fold_down).any():
            return f"No draw tips: {self.observable} moves without a jump along {self.along}."

        def span(name: str) -> str:
            low, median, high = np.atleast_1d(summary[name])
            return f"{median:.2f} [{low:.2f}, {high:.2f}]"

        parts = [f"{100 * tipped:.0f} % of draws tip on the way up"]
        if tipped:
            parts[0] += f", at {span('fold_up')}"
        back = float(np.isfinite(self.found.fold_down).mean())
        parts.append(f"{100 * back:.0f} % tip back" + (f", at {span('fold_down')}" if back else ""))
        hysteresis = float(np.max(summary["hysteresis"]))
        parts.append(
            f"in {100 * hysteresis:.0f} % history decides between the two"
            + (f", over a width of {span('width')}" if hysteresis else "")
        )
        return "; ".join(parts) + "."


@single_threaded_blas()  # products are small: more threads would wait for each other
def tip_end_state(
    world: World,
    along: str = "incompatibility",
    values: npt.ArrayLike | None = None,
    *,
    scenario: str | Scenario = "status-quo-2019",
    compatibility: float | None = None,
    standard: str = "china",
    technology: str = "radio",
    until: int = 2040,
    draws: int = 32,
    rng: RNGLike | SeedLike | None = None,
    jump: float = 0.1,
    tolerance: float = 0.01,
) -> Tipping:
    """Follow the diffusion's end state in one parameter, up and then down.

    The end state is the steady state of adoption under the policies of the last year, prices and quality
    held fixed: adoption that reproduces itself by countries' choices. It is followed from the adoption of
    2019, draw by draw.

    Parameters
    ----------
    world : World
    along : {"incompatibility", "lead"}
        Parameter that changes (:data:`ALONG`).
    values : (K,) array or None
        Increasing; a default range if None.
    scenario : str or Scenario
        Its policies of the last year apply.
    compatibility : float or None
        Compatibility of the Chinese-led family with all others, along ``lead``; the scenario's if None.
    standard : str
        Standard whose share of the world's base is followed.
    technology, until, draws, rng
        As in :func:`standards_net.alignment.games.pivots.pivotal`.
    jump : float
        Change of the share above which it may be a fold.
    tolerance : float
        Accuracy to which folds are located.

    Returns
    -------
    Tipping

    Raises
    ------
    StandardsNetError
        Unknown names, values that do not increase or are out of range.

    References
    ----------
    Brock, W. A. & Durlauf, S. N. (2001), Review of Economic Studies 68(2), doi:10.1111/1467-937X.00168.

    Examples
    --------
    >>> import standards_net as sn
    >>> tip_end_state(sn.load_world(), "lead", [-1.0, 1.0], draws=2, rng=7)
    <Tipping: world share of the china standard along lead, 2 draws>
    """
    if along not in ALONG:
        raise StandardsNetError(one_of("parameter to follow", along, ALONG) + ".")
    at = np.asarray(_DEFAULT_VALUES[along] if values is None else values, dtype=np.float64)
    if along == "incompatibility" and at.size and not (at.min() >= 0.0 and at.max() <= 1.0):
        raise StandardsNetError("incompatibility must lie between 0 and 1.")
    if compatibility is not None and along == "incompatibility":
        raise StandardsNetError("compatibility is what changes along incompatibility; leave it out.")
    if compatibility is not None:
        checked_in_range("compatibility", compatibility, 0.0, 1.0)
    rules = load_scenario(scenario)
    levers = compile_scenario(world, rules, technology, years_until(until))
    if standard not in levers.standards:
        raise StandardsNetError(one_of("standard", standard, levers.standards) + ".")
    checked_count("draws", draws)
    check_memory_of_states(world, [technology] * 2, draws, "tipping points")
    drawn = Draws.of(world, technology, draws, seed_of(rng)).under(rules)
    setting = drawn.setting(slice(0, draws), _steady_levers(levers))
    followed, chinese = levers.standards.index(standard), _chinese(world, technology)

    def read(adoption: State) -> FloatArray:
        shares = by_standard(to_countries(adoption, setting), levers.standard_of, len(levers.standards))
        return pool(setting.market_share, shares)[:, followed]

    settle = _settler(setting, along, chinese, compatibility)
    found = continue_along(settle, read, setting.start, at, jump=jump, tolerance=tolerance)
    return Tipping(
        along=along,
        meaning=ALONG[along],
        observable=f"world share of the {standard} standard",
        found=found,
        conditional_on=f"policies of {rules.name} in {until}, {technology}, prices and quality held fixed"
        + ("" if compatibility is None else f", compatibility {compatibility:g}")
        + f"; {draws} draws",
    )


def _chinese(world: World, technology: str) -> BoolArray:
    return np.array([pole == "china" for pole in world.market(technology).vendor_poles])


def _steady_levers(levers: Levers) -> Levers:
    """Levers of two years, both equal to the last one; banned equipment is removed at once."""
    steady = ("alignments", *BY_COUNTRY, "quality", "of_start", "set_to")
    changed: dict[str, Any] = {name: np.stack([getattr(levers, name)[-1]] * 2) for name in steady}
    for name in ("investment", "agreement"):
        changed[name] = np.zeros_like(getattr(levers, name)[-2:])
    for base in ("newer", "older"):
        changed[base] = tuple(
            Orders(*(np.stack([values[-1]] * 2) for values in orders))._replace(
                years_left=np.full_like(orders.years_left[-2:], np.inf)
            )
            for orders in getattr(levers, base)
        )
    return replace(levers, years=levers.years[-2:], **changed)


def _settler(setting: Setting, along: str, chinese: BoolArray, compatibility: float | None) -> Settle:
    """Make the function that iterates adoption to its steady state at a value of the parameter."""
    first = year.init(setting)
    levers = setting.levers

    def with_compatibility(value: FloatArray) -> Setting:
        """The same setting, with the Chinese-led family at this compatibility with all others."""
        china = np.isin(np.arange(len(levers.standards)), levers.standard_of[chinese])
        between = china[:, None] != china[None, :]
        matrix = np.where(between, value[:, None, None], setting.compatibility)
        changed: dict[str, Any] = {
            "of_start": np.where(between, 1.0, levers.of_start),
            "set_to": np.where(between, 0.0, levers.set_to),
        }
        return replace(setting, compatibility=matrix, levers=replace(levers, **changed))

    def settle(adoption: State, value: FloatArray) -> State:
        here, state = setting, first
        if along == "lead":
            state = first._replace(quality=value[:, None] * chinese)
        if along == "incompatibility" or compatibility is not None:
            here = with_compatibility(
                1.0 - value if along == "incompatibility" else np.full_like(value, compatibility)
            )
            # Appeal does not depend on compatibility, and need not be computed anew in every round.
            state = state._replace(appeal_levers=here.levers)
        adoption = draws_last(adoption)
        for _ in range(_MAX_ROUNDS):
            chosen = choice_at_first_prices(_holding(state, adoption, setting), here)
            # A steady draw is left as it is, so that it does not depend on how long others take.
            moving = np.abs(chosen - adoption).max(axis=(1, 2)) >= _STEADY
            if not moving.any():
                break
            if not moving.all():
                chosen = draws_last(np.where(moving[:, None, None], chosen, adoption))
            adoption = chosen
        return adoption

    return settle


def _holding(state: year.State, adoption: FloatArray, setting: Setting) -> year.State:
    """The state in which operators' adoption, of both bases, is as given."""
    levers, bases = setting.levers, Bases(adoption, adoption)
    countries = to_countries(adoption, setting)
    shares = by_standard(countries, levers.standard_of, len(levers.standards))
    return state._replace(bases=bases, by_base=Bases(countries, countries), adoption=countries, shares=shares)


def _cycling_note(cycling: BoolArray) -> str:
    if not cycling.any():
        return ""
    return f"; best responses cycle at some value in {100 * cycling.mean():.0f} % of draws"


def tip_equilibrium(
    game: Game,
    item: str = "politics",
    values: npt.ArrayLike | None = None,
    *,
    choice: str | None = None,
    jump: float = 0.1,
    tolerance: float = 0.01,
) -> Tipping:
    """Follow an equilibrium of the game as one item of the pay-offs grows and shrinks again.

    The item is multiplied by the value; at each value the players best-respond in turn, in their listed
    order, from the equilibrium before.

    Parameters
    ----------
    game : Game
    item : str
        Item of the pay-offs that is scaled.
    values : (K,) array or None
        Multiples, increasing; 0 to 3 if None.
    choice : str or None
        The share of the players' GDP that makes it is followed; the first choice if None.
    jump, tolerance : float
        As in :func:`tip_end_state`.

    Returns
    -------
    Tipping

    Raises
    ------
    StandardsNetError
        Unknown item or choice, values that do not increase.

    Examples
    --------
    >>> from standards_net.alignment.games.game import game_of_propensities
    >>> game = game_of_propensities([1.0, 1.0], 1.0 - np.eye(2), names=["A", "B"])
    >>> tip_equilibrium(game, "frustration", [0.0, 1.0])
    <Tipping: GDP of players that choose bloc 1 along frustration, 1 draws>
    """
    if item not in game.items:
        raise StandardsNetError(one_of("item", item, game.items) + ".")
    wanted = game.choices[0] if choice is None else choice
    if wanted not in game.choices:
        raise StandardsNetError(one_of("choice", wanted, game.choices) + ".")
    at = np.linspace(0.0, 3.0, 13) if values is None else values
    weight = game.gdp_usd / game.gdp_usd.sum()
    choice_index = game.choices.index(wanted)
    cycling = np.zeros(game.draws, dtype=bool)

    def settle(profiles: State, value: FloatArray) -> State:
        own, pair = game.items[item]
        scaled = Terms(own * value[:, None, None], pair * value[:, None, None, None, None])
        found, settled = respond(replace(game, items={**game.items, item: scaled}), profiles)
        cycling[:] |= ~settled
        return found

    def read(profiles: State) -> FloatArray:
        return np.asarray((profiles == choice_index) @ weight)

    start = np.tile(game.start, (game.draws, 1))
    found = continue_along(settle, read, start, at, jump=jump, tolerance=tolerance)
    return Tipping(
        along=item,
        meaning=f"multiple of the pay-off item {item}",
        observable=f"GDP of players that choose {wanted}",
        found=found,
        conditional_on=game.conditional_on + _cycling_note(cycling),
    )
