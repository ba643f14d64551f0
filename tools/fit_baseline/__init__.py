"""Who supplied whom with mobile radio and core networks at the end of 2019, by operator: a Bayesian estimate.

Run with ``python -m tools.fit_baseline --raw FOLDER``. It needs numpyro, a tool of the build that the package
does not depend on.
"""
