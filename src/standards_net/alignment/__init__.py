"""Alignment choices: who ends up with whom, is it stable, whose choice decides, how far is the edge."""

from standards_net.alignment.blocs import agreement_table, drawn_blocs, observed_groupings
from standards_net.alignment.coalition import Coalitions, leaving, stable_coalitions
from standards_net.alignment.continuation import (
    Continuation,
    continue_along,
    critical_point,
    transition,
)
from standards_net.alignment.game import Game, game_of_propensities
from standards_net.alignment.landscapes import Landscape, landscape
from standards_net.alignment.minima import Minimum
from standards_net.alignment.model import agreement_game, alignment_game, simulated_payoffs
from standards_net.alignment.payoffs import ITEMS
from standards_net.alignment.phase import PhaseDiagram, phase_diagram
from standards_net.alignment.pivots import pivotal
from standards_net.alignment.propensity import (
    bootstrap_propensity,
    lowest_minima,
    read_landscape,
    recode_propensity,
    world_codings,
)
from standards_net.alignment.responses import Responses, best_responses
from standards_net.alignment.stability import Equilibria, equilibria, held_by_simulation, quantal
from standards_net.alignment.tipping import ALONG, Tipping, tip_end_state, tip_equilibrium

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
    "held_by_simulation",
    "landscape",
    "leaving",
    "lowest_minima",
    "observed_groupings",
    "phase_diagram",
    "pivotal",
    "quantal",
    "read_landscape",
    "recode_propensity",
    "simulated_payoffs",
    "stable_coalitions",
    "tip_end_state",
    "tip_equilibrium",
    "transition",
    "world_codings",
]
