"""Looking at screenshots."""

import numpy as np


def is_blank(path) -> bool:
    """Whether a picture has (nearly) one colour."""
    from matplotlib.image import imread

    pixels = imread(path)[..., :3]
    return bool(np.ptp(pixels) < 0.2 or (np.abs(pixels - 1.0) > 0.05).any(axis=2).mean() < 0.005)
