"""Blocs of a result by draw, and their agreement with each other and with observed groupings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray
from standards_net.errors import StandardsNetError, one_of
from standards_net.measures import agreement_over_draws, find_blocs
from standards_net.randomness import RNGLike, SeedLike, seed_of
from standards_net.results import INTERVAL, Result
from standards_net.scenario import compile_scenario, load_scenario
from standards_net.world.world import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DEFINITIONS", "OBSERVED", "agreement_table", "drawn_blocs", "observed_groupings"]

DEFINITIONS = ("declared", "dominant", "detected")
OBSERVED = ("excluded or restricted", "Belt and Road", "European Union", "camp of 2019")
_ACTED = ("banned", "de_facto_excluded", "restricted")

Labels = npt.NDArray[np.str_]


def drawn_blocs(
    world: World,
    result: Result,
    scenario: str,
    *,
    by: str = "detected",
    year: int | None = None,
    technology: str = "radio",
    draws: int | None = None,
    rng: RNGLike | SeedLike | None = 0,
) -> Labels:
    """Bloc of each country in each draw.

    Parameters
    ----------
    world : World
        World of the run.
    result : Result
    scenario : str
        A scenario of the result.
    by : {"declared", "dominant", "detected"}
        As in :func:`standards_net.measures.find_blocs`; detected communities follow exchange and shared
        standards, with no compatibility between different standards.
    year : int or None
        A snapshot of the result; the last if None.
    technology : str
    draws : int or None
        Use only the first draws, as detection is slow; all if None.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed of the community search.

    Returns
    -------
    (R, N) array of str
        Names of detected communities need not mean the same in two draws.

    Raises
    ------
    StandardsNetError
        Unknown definition, or a year that is not a snapshot.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> result = sn.run(world, "silos", draws=2, rng=7, years=range(2019, 2023), technologies=["radio"])
    >>> drawn_blocs(world, result, "silos", by="dominant").shape
    (2, 196)
    """
    if by not in DEFINITIONS:
        raise StandardsNetError(one_of("definition of blocs", by, DEFINITIONS) + ".")
    at = result.coords["snapshot"][-1] if year is None else year
    shares = _shares(result, scenario, at, technology)[:draws]
    standards = result.coords["standard"]
    if by == "dominant":
        return np.asarray(np.asarray(standards)[shares.argmax(axis=2)])
    if by == "declared":
        # The provenance holds the scenario as it was run, with all that it extends.
        recorded = load_scenario(result.provenance["scenarios"][scenario])
        levers = compile_scenario(world, recorded, technology, result.coords["year"])
        return np.tile(levers.alignments[result.position("year", at)], (len(shares), 1))
    seed = seed_of(rng)
    return np.stack(
        [find_blocs(draw, by=by, standards=standards, exchange=world.exchange, rng=seed) for draw in shares]
    )


def _shares(result: Result, scenario: str, year: int, technology: str) -> FloatArray:
    where = {"scenario": scenario, "snapshot": year, "technology": technology}
    shares = np.asarray(result.values("snapshot_share", **where), dtype=np.float64)
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))  # stored in single precision


def observed_groupings(world: World) -> dict[str, Labels]:
    """Observed partitions, (N,) each: vendor exclusion, Belt and Road, EU membership, camp of 2019.

    Examples
    --------
    >>> import standards_net as sn
    >>> tuple(observed_groupings(sn.load_world())) == OBSERVED
    True
    """
    acted = world.policies["status_latest"].isin(_ACTED).to_numpy()

    def members(group: str) -> npt.NDArray[np.bool_]:
        return world.mask(sorted(world.groups.get(group, frozenset())))

    found = (acted, members("BRI"), members("EU"))
    split = [np.where(inside, "in", "out") for inside in found]
    return dict(zip(OBSERVED, [*split, np.array(world.alignments)], strict=True))


def agreement_table(definitions: Mapping[str, Labels], groupings: Mapping[str, Labels]) -> pd.DataFrame:
    """Agreement of a scenario's partitions with each other and with observed groupings.

    Parameters
    ----------
    definitions : mapping of name to (R, N) array
        From :func:`drawn_blocs`, one per definition.
    groupings : mapping of name to (N,) array
        From :func:`observed_groupings`, or your own.

    Returns
    -------
    DataFrame
        One row per pair: adjusted Rand index (1 if identical, about 0 by chance) and variation of
        information (nats; 0 if identical); median, low and high over the draws.

    Examples
    --------
    >>> draws = np.array([["x", "x", "y", "y"], ["x", "y", "y", "y"]])
    >>> agreement_table({"dominant": draws}, {"seen": np.array(["a", "a", "b", "b"])})["rand"].tolist()
    [0.5]
    """
    import pandas as pd

    names = list(definitions)
    pairs = [(a, b, definitions[b]) for i, a in enumerate(names) for b in names[i + 1 :]]
    pairs += [(a, b, observed) for a in names for b, observed in groupings.items()]
    rows = []
    for first, second, labels in pairs:
        low, median, high = np.quantile(agreement_over_draws(definitions[first], labels), INTERVAL, axis=0)
        rows.append((first, second, median[0], low[0], high[0], median[1], low[1], high[1]))
    columns = ["blocs", "against", "rand", "rand_low", "rand_high"]
    return pd.DataFrame(rows, columns=[*columns, "information", "information_low", "information_high"])
