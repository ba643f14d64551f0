"""Colours and shapes with one meaning in all figures, which colour-blind readers can tell apart.

Colours are those of Okabe and Ito (2008), some darkened until they stand out from white at 3 : 1 or more.
Each bloc also has a shape and a hatch of its own, so that colour is never the only channel.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Mark", "contrast_ratio", "marks"]


@dataclass(frozen=True)
class Mark:
    """How a bloc looks.

    Attributes
    ----------
    colour : str
        ``#rrggbb``.
    shape : str
        Of vis-network.
    marker : str
        Of matplotlib, the same shape.
    hatch : str
        Of matplotlib.
    """

    colour: str
    shape: str
    marker: str
    hatch: str


_FIXED = {
    "china": Mark("#d55e00", "square", "s", "////"),
    "west": Mark("#0072b2", "dot", "o", ""),
    "open": Mark("#00805d", "triangle", "^", "...."),
    "europe": Mark("#4b4fa6", "star", "*", "\\\\\\\\"),
    "national": Mark("#8a6d00", "triangleDown", "v", "xxxx"),
    "nonaligned": Mark("#6e6e6e", "diamond", "D", "----"),
    "mixed": Mark("#6e6e6e", "diamond", "D", "----"),
}
_ALIASES = {"us": "west", "eu": "europe", "sovereign": "national"}
_OTHERS = (
    Mark("#b0568c", "hexagon", "h", "++++"),
    Mark("#2a8fbd", "star", "p", "oooo"),
    Mark("#1b1f24", "square", "P", "||||"),
)


def marks(blocs: Iterable[str]) -> dict[str, Mark]:
    """Marks of blocs: fixed for the known ones, in alphabetical order for others.

    Examples
    --------
    >>> marks(["west", "china"])["west"].colour
    '#0072b2'
    """
    names = sorted(set(blocs))
    others = [n for n in names if _ALIASES.get(n, n) not in _FIXED]
    return {n: _FIXED.get(_ALIASES.get(n, n)) or _OTHERS[others.index(n) % len(_OTHERS)] for n in names}


def contrast_ratio(one: str, other: str) -> float:
    """Contrast of two colours by the Web Content Accessibility Guidelines 2, 1 to 21.

    Examples
    --------
    >>> contrast_ratio("#000000", "#ffffff")
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 4)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
