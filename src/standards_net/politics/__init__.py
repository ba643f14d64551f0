"""Estimated politics: the side that a country takes, and whether it restricts Chinese vendors."""

from standards_net.politics.estimate import (
    SIDES,
    Politics,
    exclusion_chances,
    load_politics,
    restriction_chances,
    side_chances,
)
from standards_net.politics.features import FEATURES, POLES, feature_values

__all__ = [
    "FEATURES",
    "POLES",
    "SIDES",
    "Politics",
    "exclusion_chances",
    "feature_values",
    "load_politics",
    "restriction_chances",
    "side_chances",
]
