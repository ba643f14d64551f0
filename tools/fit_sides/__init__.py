"""Fit who takes which side, and who restricts Chinese vendors when, from the project's own tables."""
