"""Runs: scenarios over draws, what is read off them, and where it is kept."""
