"""Small charts of shares over years, as SVG text: medians with bands, named at their ends."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.sinks import as_xml_text

__all__ = ["COLOURS", "share_bands"]

# Okabe & Ito (2008), darkened where they stand out from white too little; dashes tell lines apart in print.
COLOURS = ("#0072b2", "#00805d", "#b0568c", "#4b4fa6", "#1b1f24")
_DASHES = ("", "6 3", "2 2", "8 3 2 3", "1 3")
_WIDTH, _HEIGHT = 372, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 130, 8, 22
_BETWEEN_NAMES = 11.0
_BETWEEN_YEARS = 3  # labels of years that are nearer would run into each other
_LONGEST = 16  # characters of a name at the end of a line


def share_bands(
    years: Sequence[int],
    series: Mapping[str, FloatArray],
    *,
    title: str,
    colours: Mapping[str, str] | None = None,
) -> str:
    """An SVG picture of shares over years: median lines, and bands from 5 to 95 % of the draws.

    Parameters
    ----------
    years : sequence of int, length Y
    series : mapping of str to (3, Y) array
        Low, median and high by name, each 0 to 1; NaN in years before the first that is drawn.
    title : str
        What the picture shows, for those who cannot see it.
    colours : mapping of str to str or None
        Of names; in order if None.

    Examples
    --------
    >>> import numpy as np
    >>> picture = share_bands([2019, 2020], {"Huawei": np.array([[0.1, 0.2]] * 3)}, title="Radio")
    >>> picture.startswith("<svg"), "Huawei" in picture
    (True, True)
    """
    parts = [_frame(years)]
    ends = _apart([(name, _y(float(values[1, -1]))) for name, values in series.items()])
    first = {name: int(np.argmax(np.isfinite(values[1]))) for name, values in series.items()}
    for k, (name, values) in enumerate(series.items()):
        colour = (colours or {}).get(name, COLOURS[k % len(COLOURS)])
        lower, middle, upper = (_points(years, row) for row in values)
        dash = f' stroke-dasharray="{_DASHES[k % len(_DASHES)]}"' if _DASHES[k % len(_DASHES)] else ""
        parts.append(f'<polygon points="{" ".join(upper + lower[::-1])}" fill="{colour}" opacity=".1"/>')
        parts.append(
            f'<polyline points="{" ".join(middle)}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
        )
        label = f"{_text(name)} {100 * float(values[1, -1]):.0f} %"
        parts.append(
            f'<text x="{_WIDTH - _RIGHT + 5}" y="{ends[name] + 3.5:.1f}" fill="{colour}">{label}</text>'
        )
    described = "; ".join(
        f"{name}: {100 * float(v[1, first[name]]):.0f} % in {years[first[name]]}, "
        f"{100 * float(v[1, -1]):.0f} % in {years[-1]}"
        for name, v in series.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(as_xml_text(f"{title}. {described}"), quote=True)}" font-size="10">'
        + "".join(parts)
        + "</svg>"
    )


def _frame(years: Sequence[int]) -> str:
    parts = []
    for share in (0.0, 0.5, 1.0):
        y = _y(share)
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d0d7de"/>'
            f'<text x="{_LEFT - 4}" y="{y + 3.5:.1f}" text-anchor="end" fill="#57606a">'
            f"{100 * share:.0f} %</text>"
        )
    ends = (years[0], years[-1])
    between = [y for y in years if y % 5 == 0 and all(abs(y - end) >= _BETWEEN_YEARS for end in ends)]
    parts += [
        f'<text x="{_x(years, year):.1f}" y="{_HEIGHT - 7}" text-anchor="middle" fill="#57606a">{year}</text>'
        for year in dict.fromkeys((ends[0], *between, ends[1]))
    ]
    return "".join(parts)


def _points(years: Sequence[int], shares: FloatArray) -> list[str]:
    there = ((t, float(v)) for t, v in zip(years, shares, strict=True) if math.isfinite(v))
    return [f"{_x(years, t):.1f},{_y(v):.1f}" for t, v in there]


def _x(years: Sequence[int], year: int) -> float:
    span = max(years[-1] - years[0], 1)
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (year - years[0]) / span


def _y(share: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1.0 - share)


def _apart(ends: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Heights of names, moved apart until none covers another, and up again where they leave the picture."""
    ordered = sorted(ends, key=lambda end: end[1])
    heights: list[float] = []
    for _, y in ordered:
        heights.append(max(y, heights[-1] + _BETWEEN_NAMES) if heights else y)
    lowest = _HEIGHT - _BOTTOM + 2.0
    for k in range(len(heights) - 1, -1, -1):
        heights[k] = min(heights[k], lowest)
        lowest = heights[k] - _BETWEEN_NAMES
    return {name: height for (name, _), height in zip(ordered, heights, strict=True)}


def _text(name: str) -> str:
    shown = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    return escape(as_xml_text(shown))
