"""The report's section on alignment games."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from standards_net.alignment import Equilibria
from standards_net.core.arrays import IntArray
from standards_net.drawing.alignment_pictures import (
    payoff_picture,
    phase_picture,
    pivotal_picture,
    tipping_picture,
    together_picture,
)
from standards_net.scenario import load_scenario
from standards_net.studies.carnegie_2019.games import (
    CONSENSUS_SCENARIO,
    FORCED_LESS_FREE,
    TIPPING_AT,
    Games,
)
from standards_net.studies.carnegie_2019.runs import HORIZON, TECHNOLOGY, Runs

__all__ = ["CHARTS", "game_tables", "games_figures", "games_section"]

CHARTS = {
    "payoffs": "Pay-off matrix: what another choice would be worth to each G20 country",
    "deciding": "Ranked chart of pivotal countries with error bars",
    "phase": "Phase diagram: interoperability loss by compatibility and number of allies that ban",
    "tipping": "World share of the Chinese-led standard on the way up and down of a lead",
    "together": "Heat map: probability that two large markets share a detected bloc, cores side by side",
}
_SHOWN = 4  # stable alignments listed per rule
_LARGE, _CORES, _MEMBERS = 40, 4, 6  # markets considered, cores listed, names per core
_ITEMISED = "DEU"  # whose pay-offs are printed item by item


def games_figures(runs: Runs, games: Games) -> dict[str, Any]:
    """Figures by the names of :data:`CHARTS`."""
    game, together = games.game, games.together["detected"]
    title = f"Do they share a detected bloc in {HORIZON}? {load_scenario(CONSENSUS_SCENARIO).title}"
    condition = (
        f"{CONSENSUS_SCENARIO}; {TECHNOLOGY}; communities by exchange and shared standards; "
        f"{games.game.draws} draws"
    )
    return {
        "payoffs": payoff_picture(runs.world, game, _modal(games.stable)),
        "deciding": pivotal_picture(games.deciding),
        "phase": phase_picture(games.phase),
        "tipping": tipping_picture(games.tipping[TIPPING_AT[-1]]),
        "together": together_picture(runs.world, together, TECHNOLOGY, title, condition),
    }


def game_tables(games: Games) -> dict[str, pd.DataFrame]:
    """Machine-readable tables, by file name."""
    at = _modal(games.stable)
    payoffs = [games.game.payoff_table(p, at).assign(player=p) for p in games.game.players]
    leaving = [
        games.leaving_all.assign(agreement="all"),
        games.leaving_rest.assign(agreement="without China"),
    ]
    tipping = [t.to_frame().assign(compatibility=c) for c, t in games.tipping.items()]
    cores = [found.to_frame().assign(definition=by) for by, found in games.together.items()]
    both = (("free", games.stable), ("forced", games.stable_forced))
    return {
        "payoffs.csv": pd.concat(payoffs),
        "payoff_error.csv": pd.DataFrame() if games.game.error is None else games.game.error,
        "equilibria.csv": pd.concat([stable.to_frame().assign(rule=rule) for rule, stable in both]),
        "equilibrium_check.csv": games.check,
        "leaving.csv": pd.concat(leaving),
        "coalitions.csv": games.coalitions.to_frame(),
        "pivotal.csv": games.deciding,
        "phase.csv": games.phase.to_frame(),
        "tipping.csv": pd.concat(tipping),
        "cores.csv": pd.concat(cores),
        "bloc_agreement.csv": games.alike,
        "third_countries.csv": games.third,
    }


def games_section(runs: Runs, games: Games) -> dict[str, Any]:
    """Context of the report template."""
    return {
        "lede": f"Each of {len(games.game.players)} G20 countries joins a pole or stays non-aligned; the "
        "United States and China stand for their poles, and all other countries keep the alignment of 2019. "
        "Pay-offs come from the model, item by item; politics is estimated from what countries signed "
        f"(docs/sides.md), its value in dollars is judgement. {games.game.draws} draws.",
        "payoff_note": _payoff_note(games),
        "itemised": _itemised(runs, games),
        "stable": [*_stable("free", games.stable), *_stable("forced to choose", games.stable_forced)],
        "stable_note": _stable_note(games),
        "third": _third(games.third),
        "third_note": _third_note(games.third),
        "agreement_note": _agreement_note(games),
        "leaving": _leaving(runs, games),
        "tipping": [
            {"compatibility": f"{c:g}", "sentence": found.sentence()} for c, found in games.tipping.items()
        ],
        "tipping_note": "Steady state of adoption as a lead of Chinese vendors grows and shrinks again; "
        "prices and quality held fixed. History decides where the upward and the downward sweep differ.",
        "blocs_note": _blocs_note(),
        "cores": _cores(runs, games),
        "alike": [_alike(row) for row in games.alike.to_dict("records")],
    }


def _payoff_note(games: Games) -> str:
    error, stable = games.game.error, games.check.attrs["stable"]
    apart = np.abs(games.check["deviation_loss_terms"] - games.check["deviation_loss_simulated"])
    explained = [np.nan] if error is None else error["explained"].to_numpy()
    return (
        "Pay-offs are simulated for a sample of configurations and fitted by own and pairwise terms. In "
        f"configurations held out the terms explain {100 * min(explained):.1f} to "
        f"{100 * max(explained):.1f} % of the variance of a country's pay-off. The most frequent stable "
        f"alignment is one in {_percent(stable['terms'])} of draws by the terms, and in "
        f"{_percent(stable['simulated'])} when it and every unilateral deviation are simulated. "
        "There a country's loss from deviating differs between terms and simulation by up to "
        f"USD {1e-9 * apart.max():.2f} bn a year, in the median over the draws: margins of that "
        "size are within the error of the fit."
    )


def _stable_note(games: Games) -> str:
    complete = games.stable.complete and games.stable_forced.complete
    return (
        f"{len(games.stable.profiles)} alignments are stable in some draw if non-alignment is allowed, "
        f"{len(games.stable_forced.profiles)} if every country must choose; the most frequent are shown. "
        "Margin: the smallest change of pay-off at which a country deviates. "
        + ("No stable alignment was missed." if complete else "The search was cut short in some draws.")
    )


def _alike(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "blocs": row["blocs"],
        "against": row["against"],
        "rand": _interval(row, "rand", 1.0),
        "information": _interval(row, "information", 1.0),
    }


def _modal(stable: Equilibria) -> Any:
    """The alignment that is stable in most draws; the start if none is stable in any."""
    return stable.profiles[0] if len(stable.profiles) else stable.game.start


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _interval(row: Mapping[str, Any], name: str, factor: float = 1e-9, digits: int = 2) -> str:
    parts = (factor * row[key] for key in (name, f"{name}_low", f"{name}_high"))
    median, low, high = (round(part, digits) + 0.0 for part in parts)  # avoids -0
    return f"{median:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def _itemised(runs: Runs, games: Games) -> dict[str, Any]:
    game = games.game
    player = _ITEMISED if _ITEMISED in game.players else game.players[0]
    rows = [
        {
            "item": str(row["item"]).replace("_", " "),
            "cells": [_interval(row, choice) for choice in game.choices],
        }
        for row in game.payoff_table(player, _modal(games.stable)).to_dict("records")
    ]
    name = runs.world.country_names[runs.world.countries.index(player)]
    return {"player": name, "choices": game.choices, "rows": rows}


def _stable(rule: str, stable: Equilibria) -> list[dict[str, str]]:
    return [
        {
            "rule": rule,
            "share": _percent(row["share_of_draws"]),
            "reached": _percent(row["reached"]),
            "who": "; ".join(f"{choice}: {row[choice] or 'none'}" for choice in stable.game.choices),
            "margin": _interval(row, "margin"),
            "leaver": row["first_to_leave"],
            "loss": _interval(row, "loss", 100.0, 0) + " %",
        }
        for row in stable.to_frame().head(_SHOWN).to_dict("records")
    ]


def _third(table: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {
            "rule": _rule(row["scenario"]),
            "measure": row["measure"],
            "change": f"{row['median']:+.1f} [{row['low']:+.1f}, {row['high']:+.1f}]",
            "worse": _percent(row["share_worse"]),
        }
        for row in table.to_dict("records")
    ]


def _rule(scenario: str) -> str:
    return "Forced less free" if scenario == FORCED_LESS_FREE else load_scenario(scenario).title


def _third_note(table: pd.DataFrame) -> str:
    worse = table.set_index(["scenario", "measure"])["share_worse"]
    forced, free = (worse[s].iloc[-1] for s in ("bipolar-forced", "bipolar-free-nonaligned"))
    text = (
        "Published studies find that third countries lose when they are forced to align (Cerdeiro et al. "
        "2021) and can gain when they are free (IDE-JETRO 2023). Here they pay more than under the status "
        f"quo in {_percent(forced)} of draws when forced and in {_percent(free)} when free"
    )
    if free >= 0.9:
        return text + ": the gain when free is not found, as this account prices no trade diverted to them."
    return text + "."


def _agreement_note(games: Games) -> str:
    found, material = games.coalitions, games.material

    def exists(sizes: IntArray) -> str:
        return _percent(float((sizes >= 0).mean()))

    return (
        "An agreement of all holds, with no member leaving, in "
        f"{_percent(float(found.full_holds.mean()))} of draws. A coalition that no member wants to leave "
        f"and that saves at least {_percent(found.kept_at)} of what "
        f"the agreement of all saves exists in {exists(found.smallest)} of draws; with payments among "
        f"members in {exists(found.smallest_paid)}; without politics in "
        f"{exists(material.smallest)}."
    )


def _leaving(runs: Runs, games: Games) -> list[dict[str, Any]]:
    names = dict(zip(runs.world.countries, runs.world.country_names, strict=True))
    rest = games.leaving_rest.set_index("player").to_dict("index")
    part = games.coalitions.to_frame().set_index("player").to_dict("index")
    rows = []
    for row in games.leaving_all.to_dict("records"):
        player = str(row["player"])
        without = ["outside", "", ""]
        if player in rest:
            without = [
                _interval(rest[player], "gain", digits=1),
                _percent(rest[player]["leaves"]),
                f"{1e-9 * rest[player]['payment']:.1f}",
            ]
        inside = part[player]["in_smallest"]
        cells = [
            _interval(row, "gain", digits=1),
            _percent(row["leaves"]),
            f"{1e-9 * row['payment']:.1f}",
            *without,
            _percent(inside) if np.isfinite(inside) else "none found",
            _interval(part[player], "saving", 100.0, 1),
        ]
        rows.append({"name": names[player], "cells": cells})
    return rows


def _blocs_note() -> str:
    return (
        f"{load_scenario(CONSENSUS_SCENARIO).title}, draw by draw. Only blocs with at least 1 % of the "
        "market are counted; the members of a core are pairwise together in at least 90 % of draws; "
        "fence-sitters are among the forty largest markets. Below, agreement of the definitions with each "
        "other and with observed groupings: 1 is the same partition, 0 is expected by chance."
    )


def _cores(runs: Runs, games: Games) -> list[dict[str, str]]:
    """By definition of blocs: their number, cores and fence-sitters."""
    world = runs.world
    names = dict(zip(world.countries, world.country_names, strict=True))
    share = dict(zip(world.countries, world.market(TECHNOLOGY).share, strict=True))
    large = set(sorted(share, key=lambda c: -share[c])[:_LARGE])
    rows = []
    for by, found in games.together.items():
        counts = ", ".join(f"{count} ({_percent(p)})" for count, p in sorted(found.bloc_counts.items()))
        cores = []
        for core in found.cores[:_CORES]:
            first = sorted(core, key=lambda c: -share[c])[:_MEMBERS]
            more = f" and {len(core) - len(first)} more" if len(core) > len(first) else ""
            cores.append(", ".join(names[c] for c in first) + more)
        fence = [names[c] for c in found.fence_sitters() if c in large][:_MEMBERS]
        rows.append(
            {
                "definition": by,
                "counts": counts,
                "cores": "; ".join(cores),
                "fence": ", ".join(fence) or "none",
            }
        )
    return rows
