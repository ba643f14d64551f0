"""The interactive network page and its scene."""
