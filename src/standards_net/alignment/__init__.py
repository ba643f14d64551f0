"""Alignment choices: blocs that form, their stability, pivotal countries and tipping points."""

from standards_net.alignment.blocs_over_draws import agreement_table, drawn_blocs, observed_groupings
from standards_net.alignment.games.agreements import Coalitions, leaving, stable_coalitions
from standards_net.alignment.games.game import Game, game_of_propensities
from standards_net.alignment.games.model_payoffs import agreement_game, alignment_game, simulated_payoffs
from standards_net.alignment.games.payoffs import ITEMS
from standards_net.alignment.games.pivots import pivotal
from standards_net.alignment.games.responses import Responses, best_responses
from standards_net.alignment.games.stability import Equilibria, equilibria, quantal, verify_by_simulation
from standards_net.alignment.landscapes.landscape_theory import Landscape, landscape
from standards_net.alignment.landscapes.minima import Minimum
from standards_net.alignment.landscapes.propensity import (
    bootstrap_propensity,
    lowest_minima,
    read_landscape,
    recode_propensity,
    world_codings,
)
from standards_net.alignment.politics_tables import restrictions, side_drivers, sides
from standards_net.alignment.tipping.continuation import (
    Continuation,
    continue_along,
    critical_point,
    transition,
)
from standards_net.alignment.tipping.phase import PhaseDiagram, phase_diagram
from standards_net.alignment.tipping.tipping_points import ALONG, Tipping, tip_end_state, tip_equilibrium

__all__ = [
    "ALONG",
    "ITEMS",
    "Coalitions",
    "Continuation",
    "Equilibria",
    "Game",
    "Landscape",
    "Minimum",
    "PhaseDiagram",
    "Responses",
    "Tipping",
    "agreement_game",
    "agreement_table",
    "alignment_game",
    "best_responses",
    "bootstrap_propensity",
    "continue_along",
    "critical_point",
    "drawn_blocs",
    "equilibria",
    "game_of_propensities",
    "landscape",
    "leaving",
    "lowest_minima",
    "observed_groupings",
    "phase_diagram",
    "pivotal",
    "quantal",
    "read_landscape",
    "recode_propensity",
    "restrictions",
    "side_drivers",
    "sides",
    "simulated_payoffs",
    "stable_coalitions",
    "tip_end_state",
    "tip_equilibrium",
    "transition",
    "verify_by_simulation",
    "world_codings",
]
