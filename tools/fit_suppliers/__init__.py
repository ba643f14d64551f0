"""Estimate how operators chose their 5g suppliers from contracts of 2019 to 2023."""
