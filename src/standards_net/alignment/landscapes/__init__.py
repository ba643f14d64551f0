"""Landscape theory: blocs predicted from sizes and propensities alone."""
