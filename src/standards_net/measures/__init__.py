"""Measures: pure functions of adoption arrays, for a run's output and for observed data alike."""

from standards_net.measures.account import delay_cost, equipment_cost, retaliation_cost, scale_cost
from standards_net.measures.blocs import bloc_shares, bloc_sizes, find_blocs
from standards_net.measures.concentration import (
    concentration_class,
    hhi,
    hill_number,
    polarisation,
    rao,
    shannon,
)
from standards_net.measures.cores import Consensus, agreement_over_draws, consensus
from standards_net.measures.diversity import (
    Fragmentation,
    country_beta,
    effective_standards,
    fragmentation,
)
from standards_net.measures.inputs import MeasureInputs, WorldWeights
from standards_net.measures.interoperability import (
    exchange_matrix,
    interoperability_loss,
    loss_by_bloc_pair,
    loss_by_country,
    loss_by_standard,
    loss_of_group,
    loss_touching_group,
)
from standards_net.measures.network_value import (
    briscoe_loss,
    metcalfe_loss,
    reed_loss,
    sarnoff_loss,
    scale_penalty,
)
from standards_net.measures.partitions import (
    agreement,
    bloc_counts,
    co_membership,
    ei_index,
    fence_sitting,
    modularity,
    variation_of_information,
)
from standards_net.measures.split_account import (
    Account,
    double_running_cost,
    exchange_value_lost,
    replacement_cost,
    scale_lost,
    usd_account,
)
from standards_net.measures.table import BREAKDOWNS, COUNTRY_MEANS, HEADLINES, MEASURES, Measure

__all__ = [
    "BREAKDOWNS",
    "COUNTRY_MEANS",
    "HEADLINES",
    "MEASURES",
    "Account",
    "Consensus",
    "Fragmentation",
    "Measure",
    "MeasureInputs",
    "WorldWeights",
    "agreement",
    "agreement_over_draws",
    "bloc_counts",
    "bloc_shares",
    "bloc_sizes",
    "briscoe_loss",
    "co_membership",
    "concentration_class",
    "consensus",
    "country_beta",
    "delay_cost",
    "double_running_cost",
    "effective_standards",
    "ei_index",
    "equipment_cost",
    "exchange_matrix",
    "exchange_value_lost",
    "fence_sitting",
    "find_blocs",
    "fragmentation",
    "hhi",
    "hill_number",
    "interoperability_loss",
    "loss_by_bloc_pair",
    "loss_by_country",
    "loss_by_standard",
    "loss_of_group",
    "loss_touching_group",
    "metcalfe_loss",
    "modularity",
    "polarisation",
    "rao",
    "reed_loss",
    "replacement_cost",
    "retaliation_cost",
    "sarnoff_loss",
    "scale_cost",
    "scale_lost",
    "scale_penalty",
    "shannon",
    "usd_account",
    "variation_of_information",
]
