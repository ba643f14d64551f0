"""One call for every process on every network."""

from __future__ import annotations

from standards_net.diffusion.outcome import Diffusion
from standards_net.diffusion.parse_initial import random_seeds
from standards_net.diffusion.simulate import Interrupted, diffuse

__all__ = ["Diffusion", "Interrupted", "diffuse", "random_seeds"]
