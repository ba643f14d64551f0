"""Which uncertain parameters move the results (Sobol indices), and which turn a conclusion (flip values)."""

from standards_net.sensitivity.flips import flip_values, uncertain_parameters
from standards_net.sensitivity.shipped import shipped_indices
from standards_net.sensitivity.sobol import NEGLIGIBLE, RANDOM_NUMBERS, ranking, sobol_indices

__all__ = [
    "NEGLIGIBLE", "RANDOM_NUMBERS", "flip_values", "ranking", "shipped_indices", "sobol_indices",
    "uncertain_parameters",
]  # fmt: skip
