"""Move the priors by what happened from 2019 to 2025, and ship the posterior that runs draw from."""
