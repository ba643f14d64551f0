"""Which uncertain parameters move the results: Sobol indices."""

from standards_net.sensitivity.sobol import RANDOM_NUMBERS, ranking, sobol_indices

__all__ = ["RANDOM_NUMBERS", "ranking", "sobol_indices"]
