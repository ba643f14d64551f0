"""Small charts over years, as SVG text: medians with bands, named at their ends."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.sinks import as_xml_text

__all__ = ["COLOURS", "share_bands", "value_bands"]

# Okabe & Ito (2008), darkened where they stand out from white too little; dashes tell lines apart in print.
COLOURS = ("#0072b2", "#00805d", "#b0568c", "#4b4fa6", "#1b1f24")
_DASHES = ("", "6 3", "2 2", "8 3 2 3", "1 3")
_TOP, _BOTTOM = 8, 22
_BETWEEN_NAMES = 11.0
_BETWEEN_YEARS = 3  # labels of years that are nearer would run into each other
_LONGEST = 16  # characters of a name at the end of a line
_TICKS = 4  # about as many on an axis


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
    frame = _Frame(years, 0.0, 1.0, width=372, height=170, left=34, right=130)
    return frame.picture(series, (0.0, 0.5, 1.0), lambda share: f"{100 * share:.0f} %", title, colours or {})


def value_bands(
    years: Sequence[int],
    series: Mapping[str, FloatArray],
    *,
    title: str,
    text: Callable[[float], str],
    colours: Mapping[str, str] | None = None,
) -> str:
    """The same of any quantity, wider, on an axis that holds all bands.

    Parameters
    ----------
    years, series, title, colours
        As in :func:`share_bands`; values of any size.
    text : callable
        How a value is written, with its unit.

    Examples
    --------
    >>> import numpy as np
    >>> cost = {"silos": np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 9.0]])}
    >>> picture = value_bands([2019, 2020], cost, title="Cost", text="USD {:.0f} bn".format)
    >>> "USD 5 bn" in picture, "USD 10 bn" in picture
    (True, True)
    """
    ticks = _round_ticks([values[np.isfinite(values)] for values in series.values()])
    frame = _Frame(years, ticks[0], ticks[-1], width=480, height=230, left=62, right=118)
    return frame.picture(series, ticks, text, title, colours or {})


def _round_ticks(values: Sequence[FloatArray]) -> list[float]:
    """Round numbers around all values, 0 among them where it is near."""
    every = np.concatenate([*values, np.zeros(0)])
    low, high = (float(every.min()), float(every.max())) if every.size else (0.0, 1.0)
    if low > 0.0 and low < 0.5 * high:
        low = 0.0
    if high - low <= 1e-9 * max(abs(high), 1e-3):
        low, high = low - 0.5 * max(abs(low), 0.02), high + 0.5 * max(abs(high), 0.02)
        low = max(low, 0.0) if every.size and float(every.min()) >= 0.0 else low
    rough = (high - low) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1.0, 2.0, 2.5, 5.0, 10.0) if power * times >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * k for k in range(first, last + 1)]


@dataclass(frozen=True)
class _Frame:
    """Where years and values are on a picture."""

    years: Sequence[int]
    low: float
    high: float
    width: int
    height: int
    left: int
    right: int

    def x(self, year: int) -> float:
        span = max(self.years[-1] - self.years[0], 1)
        return self.left + (self.width - self.left - self.right) * (year - self.years[0]) / span

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return _TOP + (self.height - _TOP - _BOTTOM) * (1.0 - part)

    def picture(
        self,
        series: Mapping[str, FloatArray],
        ticks: Sequence[float],
        text: Callable[[float], str],
        title: str,
        colours: Mapping[str, str],
    ) -> str:
        parts = [self.axes(ticks, text)]
        ends = self.apart([(name, self.y(float(values[1, -1]))) for name, values in series.items()])
        first = {name: int(np.argmax(np.isfinite(values[1]))) for name, values in series.items()}
        for k, (name, values) in enumerate(series.items()):
            colour, dash = colours.get(name, COLOURS[k % len(COLOURS)]), _DASHES[k % len(_DASHES)]
            dashes = f' stroke-dasharray="{dash}"' if dash else ""
            lower, middle, upper = (self.points(row) for row in values)
            parts.append(f'<polygon points="{" ".join(upper + lower[::-1])}" fill="{colour}" opacity=".1"/>')
            line = f'points="{" ".join(middle)}" fill="none" stroke="{colour}" stroke-width="2"{dashes}'
            parts.append(f"<polyline {line}/>")
            label = f"{_text(name)} {text(float(values[1, -1]))}"
            at = f'x="{self.width - self.right + 5}" y="{ends[name] + 3.5:.1f}"'
            parts.append(f'<text {at} fill="{colour}">{label}</text>')
        described = "; ".join(
            f"{name}: {text(float(v[1, first[name]]))} in {self.years[first[name]]}, "
            f"{text(float(v[1, -1]))} in {self.years[-1]}"
            for name, v in series.items()
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" role="img" '
            f'aria-label="{escape(as_xml_text(f"{title}. {described}"), quote=True)}" font-size="10">'
            + "".join(parts)
            + "</svg>"
        )

    def axes(self, ticks: Sequence[float], text: Callable[[float], str]) -> str:
        parts = []
        for tick in ticks:
            y = self.y(tick)
            parts.append(
                f'<line x1="{self.left}" x2="{self.width - self.right}" y1="{y:.1f}" y2="{y:.1f}" '
                f'stroke="#d0d7de"/><text x="{self.left - 4}" y="{y + 3.5:.1f}" text-anchor="end" '
                f'fill="#57606a">{text(tick)}</text>'
            )
        ends = (self.years[0], self.years[-1])
        between = [
            y for y in self.years if y % 5 == 0 and all(abs(y - end) >= _BETWEEN_YEARS for end in ends)
        ]
        parts += [
            f'<text x="{self.x(year):.1f}" y="{self.height - 7}" text-anchor="middle" fill="#57606a">'
            f"{year}</text>"
            for year in dict.fromkeys((ends[0], *between, ends[1]))
        ]
        return "".join(parts)

    def points(self, values: FloatArray) -> list[str]:
        there = ((t, float(v)) for t, v in zip(self.years, values, strict=True) if math.isfinite(v))
        return [f"{self.x(t):.1f},{self.y(v):.1f}" for t, v in there]

    def apart(self, ends: Sequence[tuple[str, float]]) -> dict[str, float]:
        """Heights of names, moved until none covers another, and up again where they leave the picture."""
        ordered = sorted(ends, key=lambda end: end[1])
        heights: list[float] = []
        for _, y in ordered:
            heights.append(max(y, heights[-1] + _BETWEEN_NAMES) if heights else y)
        lowest = self.height - _BOTTOM + 2.0
        for k in range(len(heights) - 1, -1, -1):
            heights[k] = min(heights[k], lowest)
            lowest = heights[k] - _BETWEEN_NAMES
        return {name: height for (name, _), height in zip(ordered, heights, strict=True)}


def _text(name: str) -> str:
    shown = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    return escape(as_xml_text(shown))
