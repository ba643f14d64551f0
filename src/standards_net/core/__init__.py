"""The model's equations as pure array functions.

Arrays carry leading batch axes ``...`` (draws, scenarios), then countries ``N``, vendors ``V`` or
standards ``S``. Nothing here knows a name, a file, a clock or a die.
"""
