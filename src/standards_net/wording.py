"""Numbers in words: intervals with their units, shares of draws, likelihoods.

Likelihood words are those of Mastrandrea, M. D. et al. (2010), Guidance Note for Lead Authors of the IPCC
Fifth Assessment Report on Consistent Treatment of Uncertainties, IPCC.
"""

from __future__ import annotations

from standards_net.core.arrays import FloatArray

__all__ = [
    "LEAST_MONEY", "LEAST_SHARE", "LIKELIHOODS", "chance_of_more", "interval_text", "likelihood_word",
    "money_text", "percent", "points_text", "scale_and_digits", "share_interval", "share_text",
]  # fmt: skip

_Z = 1.959963984540054  # of a 95 % interval
_TRILLION = 1e-12
_MONEY = ((1e12, 1e12, "tn"), (1e9, 1e9, "bn"), (0.0, 1e6, "m"))
LEAST_MONEY, LEAST_SHARE = 5e4, 5e-4  # USD, and a share: smaller ones are printed as 0
_SHOWN_WHOLE = 0.1  # shares from which on whole per cent are shown
_LIKELY = (
    (0.99, "virtually certain"),
    (0.95, "extremely likely"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.50, "more likely than not"),
)
_UNLIKELY = (
    (0.01, "exceptionally unlikely"),
    (0.05, "extremely unlikely"),
    (0.10, "very unlikely"),
    (0.33, "unlikely"),
)
# What each word says of a probability, in per cent.
LIKELIHOODS = {
    "virtually certain": "99 to 100",
    "extremely likely": "95 to 100",
    "very likely": "90 to 100",
    "likely": "66 to 100",
    "more likely than not": "50 to 100",
    "about as likely as not": "33 to 66",
    "unlikely": "0 to 33",
    "very unlikely": "0 to 10",
    "extremely unlikely": "0 to 5",
    "exceptionally unlikely": "0 to 1",
}


def share_interval(share: float, draws: int) -> tuple[float, float]:
    """95 % interval of a share of independent draws (Wilson 1927, doi:10.1080/01621459.1927.10502953).

    Examples
    --------
    >>> [round(end, 3) for end in share_interval(0.5, 100)]
    [0.404, 0.596]
    """
    weight = _Z**2 / draws
    middle = (share + weight / 2.0) / (1.0 + weight)
    reach = _Z * (share * (1.0 - share) / draws + weight / (4.0 * draws)) ** 0.5 / (1.0 + weight)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def likelihood_word(low: float, high: float) -> str:
    """Likelihood word that an interval of a probability supports as a whole.

    Examples
    --------
    >>> likelihood_word(0.992, 1.0), likelihood_word(0.4, 0.6), likelihood_word(0.0, 0.04)
    ('virtually certain', 'about as likely as not', 'extremely unlikely')
    """
    for least, word in _LIKELY:
        if low >= least:
            return word
    for most, word in _UNLIKELY:
        if high <= most:
            return word
    return "about as likely as not"


def percent(share: float) -> str:
    """A share for a sentence: whole per cent, without calling all what is not all.

    Examples
    --------
    >>> percent(0.998), percent(0.5), percent(1.0)
    ('over 99 %', '50 %', '100 %')
    """
    if 0.99 < share < 1.0:
        return "over 99 %"
    return "under 1 %" if 0.0 < share < 0.01 else f"{100 * share:.0f} %"


def interval_text(median: float, low: float, high: float, unit: str) -> str:
    """Number and interval for a sentence, formatted for the unit.

    Examples
    --------
    >>> interval_text(0.123, 0.1, 0.2, "points")
    '12.3 [10.0, 20.0] percentage points'
    >>> interval_text(2.5e9, 1e9, 4e9, "USD per year")
    'USD 2.5 bn [1.0, 4.0] a year'
    """
    scale, digits = scale_and_digits(unit, median)
    middle, least, most = (f"{round(scale * x, digits) + 0.0:.{digits}f}" for x in (median, low, high))
    if unit.startswith("USD"):
        tail = " a year" if unit.endswith("per year") else ""
        return f"USD {middle} {'tn' if scale == _TRILLION else 'bn'} [{least}, {most}]{tail}"
    names = {"points": " percentage points", "%": " %", "states": "", "1": ""}
    return f"{middle} [{least}, {most}]{names.get(unit, f' {unit}')}"


def scale_and_digits(unit: str, size: float) -> tuple[float, int]:
    """What a number of a unit is multiplied by in print, and the digits that it is rounded to."""
    if unit.startswith("USD"):
        return _TRILLION if abs(size) >= 1e12 else 1e-9, 1
    return {"points": (100.0, 1), "%": (100.0, 1), "states": (1.0, 0)}.get(unit, (1.0, 2))


def money_text(median: float, low: float, high: float) -> str:
    """An amount in USD with its interval, in millions, billions or trillions as its size asks for.

    Examples
    --------
    >>> money_text(2.5e6, -1e6, 4e7), money_text(0.0, 0.0, 0.0), money_text(1.2e9, 1e9, 3.5e9)
    ('USD 2.5 m [-1.0, 40.0]', 'USD 0', 'USD 1.2 bn [1.0, 3.5]')
    """
    size = max(abs(low), abs(median), abs(high))
    if size < LEAST_MONEY:
        return "USD 0"
    scale, unit = next((scale, unit) for least, scale, unit in _MONEY if size >= least)
    middle, least, most = (f"{round(x / scale, 1) + 0.0:,.1f}" for x in (median, low, high))
    return f"USD {middle} {unit} [{least}, {most}]"


def share_text(median: float, low: float, high: float) -> str:
    """A share with its interval, in per cent.

    Examples
    --------
    >>> share_text(0.123, 0.05, 0.2), share_text(0.004, 0.0, 0.012), share_text(0.0, 0.0, 0.0)
    ('12 % [5, 20]', '0.4 % [0.0, 1.2]', '0 %')
    """
    if max(abs(low), abs(median), abs(high)) < LEAST_SHARE:
        return "0 %"
    digits = 0 if max(abs(low), abs(high)) >= _SHOWN_WHOLE else 1
    middle, least, most = (f"{round(100.0 * x, digits) + 0.0:.{digits}f}" for x in (median, low, high))
    return f"{middle} % [{least}, {most}]"


def points_text(median: float, low: float, high: float) -> str:
    """A difference of shares with its interval, in percentage points.

    Examples
    --------
    >>> points_text(0.123, -0.05, 0.2), points_text(0.0, 0.0, 0.0)
    ('+12 points [-5, +20]', 'no difference')
    """
    if max(abs(low), abs(median), abs(high)) < LEAST_SHARE:
        return "no difference"
    digits = 0 if max(abs(low), abs(high)) >= _SHOWN_WHOLE else 1
    middle, least, most = (f"{round(100.0 * x, digits) + 0.0:+.{digits}f}" for x in (median, low, high))
    return f"{middle} points [{least}, {most}]"


def chance_of_more(differences: FloatArray, more: str, less: str, least: float = LEAST_SHARE) -> str:
    """Whether draws of a difference are above or below 0, in a likelihood word that their number supports.

    Parameters
    ----------
    differences : (R,) array
    more, less : str
        What differences above and below 0 are called.
    least : float
        Smaller differences count as none: they would be printed as 0.

    Examples
    --------
    >>> import numpy as np
    >>> chance_of_more(np.ones(64), "higher", "lower"), chance_of_more(np.zeros(64), "higher", "lower")
    ('very likely higher', 'the same in every draw')
    >>> chance_of_more(np.array([-1.0, 1.0] * 32), "higher", "lower")
    'about as likely higher as lower'
    >>> chance_of_more(np.array([0.0, 0.0, 0.0, 1.0] * 16), "higher", "lower")
    'higher in 25 % of draws, else the same'
    """
    above, below = float((differences > least).mean()), float((differences < -least).mean())
    if above == below == 0.0:
        return "the same in every draw"
    (share, word), (other, _) = sorted([(above, more), (below, less)], reverse=True)
    low, high = share_interval(share, len(differences))
    if low >= _LIKELY[-1][0]:
        return f"{likelihood_word(low, high)} {word}"
    if other == 0.0:
        return f"{word} in {percent(share)} of draws, else the same"
    if min(above, below) >= 1.0 / 3.0:
        return f"about as likely {more} as {less}"
    return "not decided by these draws"
