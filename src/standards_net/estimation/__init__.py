"""Estimation by the model's own choice equation: unreported adoption, and choices of the past."""

from standards_net.estimation.fit import Evidence, Fit, ShareEvidence, fit_shares
from standards_net.estimation.past_choices import FittedChoice, fit_choice

__all__ = ["Evidence", "Fit", "FittedChoice", "ShareEvidence", "fit_choice", "fit_shares"]
