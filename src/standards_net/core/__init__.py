"""The model's equations as pure array functions.

Arrays carry leading batch axes ``...`` (draws, scenarios), then countries ``N``, vendors ``V`` or
standards ``S``. Nothing here depends on names, files, the clock or global random state.
"""
