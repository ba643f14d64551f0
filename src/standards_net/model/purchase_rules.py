r"""Purchase rules: how a country's purchases of a year split among standards.

A rule is a pure function of an :class:`Outlook`. It returns one standard for each country and draw,
(R, N), ``UNDECIDED`` where it leaves the decision to the logit, or shares, (R, N, S). Standards that may
not be sold are removed from the result afterwards (``purchasing.py``).

**Prices, affinity, finance, restrictions, quality and lock-in act only in utility-based rules**: the
logit, the heat bath and best response. The others depend on what tied countries hold and buy; of all
levers only bans, which restrict what may be sold, affect their choice between standards. Among the
vendors of a standard purchases split by logit under every rule.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import Any, ClassVar, NamedTuple

import numpy as np

from standards_net.checks import checked_count, checked_number
from standards_net.core.arrays import BoolArray, FloatArray, IntArray, row_sum

__all__ = [
    "UNDECIDED",
    "AveragingRule",
    "BestResponseRule",
    "HeatBathRule",
    "IndependentCascadeRule",
    "LinearThresholdRule",
    "LogitRule",
    "MajorityRule",
    "Outlook",
    "PurchaseRule",
    "QVoterRule",
    "VoterRule",
]

UNDECIDED = -1


class Outlook(NamedTuple):
    """Inputs to the purchase decisions of a year. R draws, N countries, S standards.

    Ties are mixed by the weights of the draw (``core.choice.tie_average``); a country that no vendor may
    sell to is still tied. ``tied`` and ``newly`` are NaN where the rule does not need them.
    """

    held: IntArray  # (R, N), standard with the largest share of the base
    bought: IntArray  # (R, N), standard of most of last year's purchases; initially the one held
    tied: FloatArray  # (R, N, S), weight of the tied countries that hold each standard
    adoption: FloatArray  # (R, N, S), shares of the base
    tied_adoption: FloatArray  # (R, N, S), the same among tied countries
    newly: FloatArray  # (R, N, S), as tied, of countries that bought another standard last year than before
    utility: FloatArray  # (R, N, S), log weight in the logit; minus infinity where it may not be sold
    open: BoolArray  # (N, S), whether some vendor of the standard may be sold there
    random: FloatArray  # (R, N), uniform, keyed by country, year and draw
    threshold_draw: FloatArray  # (R, N), uniform, keyed by country and draw, the same every year
    year: int  # 1 is the first year with purchases


@dataclass(frozen=True)
class PurchaseRule(ABC):
    """A pure function of an outlook; its fields are its parameters.

    A custom rule is a subclass, or any function of an :class:`Outlook`.

    Attributes
    ----------
    needs : frozenset of str
        The costly parts of the outlook that the rule reads, among ``tied``, ``newly`` and ``utility``.

    Examples
    --------
    >>> BestResponseRule().weighs_utility, VoterRule().weighs_utility
    (True, False)
    """

    needs: ClassVar[frozenset[str]] = frozenset({"tied", "newly", "utility"})

    @abstractmethod
    def __call__(self, outlook: Outlook) -> IntArray | FloatArray:
        """Standards (R, N) or shares (R, N, S) of the year's purchases."""

    @property
    def weighs_utility(self) -> bool:
        """Whether prices, quality, affinity, finance and lock-in act on the choice of the standard."""
        return "utility" in self.needs

    @property
    def parameters(self) -> dict[str, Any]:
        """The rule's parameters by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def _set(self, name: str, value: float) -> None:
        object.__setattr__(self, name, value)


@dataclass(frozen=True)
class LogitRule(PurchaseRule):
    r"""Purchases split by logit, with the same results as vendor choice, the default of the study.

    .. math:: s_{is} = e^{w_{is}} / \sum_t e^{w_{it}}

    References
    ----------
    Brock, W. A. & Durlauf, S. N. (2001), Review of Economic Studies 68(2), doi:10.1111/1467-937X.00168.

    Examples
    --------
    >>> LogitRule().weighs_utility
    True
    """

    needs = frozenset({"utility"})

    def __call__(self, outlook: Outlook) -> IntArray:
        """Every decision is left to the logit."""
        return np.full(outlook.held.shape, UNDECIDED)


@dataclass(frozen=True)
class HeatBathRule(PurchaseRule):
    r"""One standard for all purchases of the year, drawn with the probabilities of the logit.

    .. math:: P(s) = e^{w_{is}} / \sum_t e^{w_{it}}

    References
    ----------
    Blume, L. E. (1993), Games and Economic Behavior 5(3), doi:10.1006/game.1993.1023.

    Examples
    --------
    >>> HeatBathRule().needs
    frozenset({'utility'})
    """

    needs = frozenset({"utility"})

    def __call__(self, outlook: Outlook) -> IntArray:
        """One standard, drawn at random."""
        best = outlook.utility.max(axis=-1, keepdims=True)
        return _drawn(np.exp(outlook.utility - best), outlook.random)


@dataclass(frozen=True)
class BestResponseRule(PurchaseRule):
    r"""The standard with the largest weight in the logit: the limit without noise.

    .. math:: s = \arg\max_t w_{it}

    The weight sums over a standard's vendors, so that several mediocre ones can match a good one. If
    standards are equal, the one held is kept.

    References
    ----------
    Blume, L. E. (1993), Games and Economic Behavior 5(3), doi:10.1006/game.1993.1023.

    Examples
    --------
    >>> BestResponseRule().weighs_utility
    True
    """

    needs = frozenset({"utility"})

    def __call__(self, outlook: Outlook) -> IntArray:
        """The best standard."""
        return _leader(outlook.utility, outlook.held)[0]


@dataclass(frozen=True)
class LinearThresholdRule(PurchaseRule):
    r"""Switch to the standard that leads among tied countries once its share reaches the threshold.

    .. math:: s = \arg\max_t \bar h_{it} \ \text{if}\ \max_t \bar h_{it} \ge \theta_i,\
        \text{else what is held}

    with :math:`\bar h` the weight of tied countries that hold the standard, among those that may be sold.

    Parameters
    ----------
    threshold : float or None
        ``theta``, 0 to 1; if None, drawn uniformly for each country in each draw.

    References
    ----------
    Granovetter, M. (1978), American Journal of Sociology 83(6), doi:10.1086/226707.
    Kempe, D., Kleinberg, J. & Tardos, E. (2003), KDD '03, doi:10.1145/956750.956769.

    Examples
    --------
    >>> LinearThresholdRule(2.0)
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: threshold is 2.0; it must be a number from 0 to 1.
    """

    threshold: float | None = None

    needs = frozenset({"tied"})

    def __post_init__(self) -> None:
        if self.threshold is not None:
            self._set("threshold", checked_number("threshold", self.threshold, least=0.0, most=1.0))

    def __call__(self, outlook: Outlook) -> IntArray:
        """The leading standard where its share reaches the threshold."""
        leader, share = _leader(np.where(outlook.open, outlook.tied, 0.0), outlook.held)
        threshold = outlook.threshold_draw if self.threshold is None else self.threshold
        return np.where((share >= threshold) & (share > 0.0), leader, outlook.held)


@dataclass(frozen=True)
class IndependentCascadeRule(PurchaseRule):
    r"""Each tied country that switched last year persuades with some probability; a switch lasts.

    .. math:: P(\text{stay}) = e^{-\rho \sum_t \bar n_{it}}, \qquad
        P(s) = \frac{\bar n_{is}}{\sum_t \bar n_{it}} \bigl(1 - e^{-\rho \sum_t \bar n_{it}}\bigr)

    with :math:`\bar n` the weight of tied countries that bought another standard last year than the year
    before: tie by tie, country j persuades with probability :math:`1 - e^{-\rho W_{ij}}`. Otherwise a
    country continues to buy what it bought. No country has just switched in the first year: a cascade
    starts where a ban excludes what a country buys, so that it must switch.

    Parameters
    ----------
    rate : float
        ``rho``; 1: a country all of whose ties switched is persuaded with probability 0.63.

    References
    ----------
    Goldenberg, J., Libai, B. & Muller, E. (2001), Marketing Letters 12(3), doi:10.1023/A:1011122126881.
    Kempe, D., Kleinberg, J. & Tardos, E. (2003), KDD '03, doi:10.1145/956750.956769.

    Examples
    --------
    >>> IndependentCascadeRule(0.5).needs
    frozenset({'newly'})
    """

    rate: float = 1.0

    needs = frozenset({"newly"})

    def __post_init__(self) -> None:
        self._set("rate", checked_number("rate", self.rate, least=0.0))

    def __call__(self, outlook: Outlook) -> IntArray:
        """A standard that tied countries just switched to, drawn at random, or the one bought before."""
        new = np.where(outlook.open, outlook.newly, 0.0)
        total = row_sum(new)[..., None]
        part = np.divide(new, total, out=np.zeros_like(new), where=total > 0.0)
        return _or_else(-np.expm1(-self.rate * total) * part, outlook.random, outlook.bought)


@dataclass(frozen=True)
class VoterRule(PurchaseRule):
    r"""Copy a tied country, drawn by the weight of the tie.

    .. math:: P(s) = \bar h_{is} / \sum_{t\ \mathrm{open}} \bar h_{it}

    References
    ----------
    Clifford, P. & Sudbury, A. (1973), Biometrika 60(3), doi:10.1093/biomet/60.3.581.
    Holley, R. A. & Liggett, T. M. (1975), Annals of Probability 3(4), doi:10.1214/aop/1176996306.

    Examples
    --------
    >>> VoterRule().weighs_utility
    False
    """

    needs = frozenset({"tied"})

    def __call__(self, outlook: Outlook) -> IntArray:
        """The standard of a tied country, drawn at random."""
        found = _drawn(np.where(outlook.open, outlook.tied, 0.0), outlook.random)
        return np.where(found == UNDECIDED, outlook.held, found)


@dataclass(frozen=True)
class QVoterRule(PurchaseRule):
    r"""Switch when q tied countries, drawn by weight, all hold the same; with some noise pick any standard.

    .. math:: P(s) = (1 - \epsilon)\,\bar h_{is}^q + \epsilon / S_{\mathrm{open}}, \quad
        \text{else what is held}

    Parameters
    ----------
    q : int
        Number of tied countries sampled, with replacement.
    noise : float
        ``epsilon``: probability of taking any open standard, whatever others hold.

    References
    ----------
    Castellano, C., Munoz, M. A. & Pastor-Satorras, R. (2009), Physical Review E 80, 041129,
    doi:10.1103/PhysRevE.80.041129.

    Examples
    --------
    >>> QVoterRule(q=0)
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: q is 0; it must be a whole number of at least 1.
    """

    q: int = 3
    noise: float = 0.01

    needs = frozenset({"tied"})

    def __post_init__(self) -> None:
        self._set("q", checked_count("q", self.q))
        self._set("noise", checked_number("noise", self.noise, least=0.0, most=1.0))

    def __call__(self, outlook: Outlook) -> IntArray:
        """A standard that q tied countries agree on, drawn at random, or what is held."""
        choices = np.maximum(outlook.open.sum(axis=-1, keepdims=True), 1)
        agree = (1.0 - self.noise) * outlook.tied**self.q + self.noise / choices
        return _or_else(np.where(outlook.open, agree, 0.0), outlook.random, outlook.held)


@dataclass(frozen=True)
class MajorityRule(PurchaseRule):
    r"""The standard with the largest weight among tied countries; of equal ones the one held.

    .. math:: s = \arg\max_t \bar h_{it}

    References
    ----------
    Liggett, T. M. (1985), Interacting Particle Systems, doi:10.1007/978-1-4613-8542-4.

    Examples
    --------
    >>> MajorityRule().needs
    frozenset({'tied'})
    """

    needs = frozenset({"tied"})

    def __call__(self, outlook: Outlook) -> IntArray:
        """The leading standard among tied countries."""
        leader, share = _leader(np.where(outlook.open, outlook.tied, 0.0), outlook.held)
        return np.where(share > 0.0, leader, outlook.held)


@dataclass(frozen=True)
class AveragingRule(PurchaseRule):
    r"""Purchases repeat the country's own mix and that of tied countries, averaged.

    .. math:: s_i = a\,b_i + (1 - a) \sum_j W_{ij} b_j

    Parameters
    ----------
    stubbornness : float
        ``a``, 0 to 1: weight of the country's own mix of standards.

    References
    ----------
    DeGroot, M. H. (1974), Journal of the American Statistical Association 69(345),
    doi:10.1080/01621459.1974.10480137.

    Examples
    --------
    >>> AveragingRule().needs
    frozenset()
    """

    stubbornness: float = 0.5

    needs = frozenset()

    def __post_init__(self) -> None:
        self._set("stubbornness", checked_number("stubbornness", self.stubbornness, least=0.0, most=1.0))

    def __call__(self, outlook: Outlook) -> FloatArray:
        """The average, as shares."""
        own = self.stubbornness
        return own * outlook.adoption + (1.0 - own) * outlook.tied_adoption


def _leader(values: FloatArray, held: IntArray) -> tuple[IntArray, FloatArray]:
    """Index and value of the largest entry of each row; ``held`` wins if it is as large."""
    largest = values.max(axis=-1)
    own = np.take_along_axis(values, held[..., None], axis=-1)[..., 0]
    return np.where(own >= largest, held, values.argmax(axis=-1)), largest


def _drawn(weights: FloatArray, random: FloatArray) -> IntArray:
    """Index of one entry per row, drawn by weight; ``UNDECIDED`` where all are 0."""
    steps = np.cumsum(weights, axis=-1)
    total = steps[..., -1]
    passed = (random * total)[..., None] >= steps
    # Rounding can leave random * total at the last step: the last entry of positive weight is drawn then.
    last = weights.shape[-1] - 1 - np.argmax(weights[..., ::-1] > 0.0, axis=-1)
    return np.where(total > 0.0, np.minimum(passed.sum(axis=-1), last), UNDECIDED)


def _or_else(probabilities: FloatArray, random: FloatArray, otherwise: IntArray) -> IntArray:
    """Index of one entry per row, drawn with the given probabilities (sum at most 1); else ``otherwise``."""
    index = (random[..., None] >= np.cumsum(probabilities, axis=-1)).sum(axis=-1)
    return np.where(index < probabilities.shape[-1], index, otherwise)
