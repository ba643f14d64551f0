"""Estimation of unreported adoption by the model's own choice equation."""

from standards_net.estimation.fit import Evidence, Fit, ShareEvidence, fit_shares

__all__ = ["Evidence", "Fit", "ShareEvidence", "fit_shares"]
