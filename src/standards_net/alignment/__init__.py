"""Alignment choices: who ends up with whom, is it stable, whose choice decides, how far is the edge."""
