"""Runs: scenarios over draws, what is recorded of them, and where it is kept."""
