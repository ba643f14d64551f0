"""Continuation, tipping points and phase diagrams."""
