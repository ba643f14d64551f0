r"""Rules: what the purchases of a country go to in a year, by standard.

A rule is a pure function of an :class:`Outlook`. It answers with one standard for each country and draw,
(R, N), ``UNDECIDED`` where it leaves the decision to the logit, or with shares, (R, N, S). What may not be
sold is taken out of the answer afterwards (``mechanisms.py``).

**Prices, affinity, finance, restrictions, quality and lock-in act only in rules that weigh utility**: the
logit, the heat bath and best response. The others look at what tied countries have and do; of all levers
only bans, which say what may be sold, bear on their choice between standards. Among the vendors of a
standard purchases split by logit under every rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray, row_sum
from standards_net.processes.checks import checked_count, checked_number

__all__ = [
    "UNDECIDED",
    "Outlook",
    "Rule",
    "averaging_rule",
    "best_response_rule",
    "heat_bath_rule",
    "independent_cascade_rule",
    "linear_threshold_rule",
    "logit_rule",
    "majority_rule",
    "q_voter_rule",
    "voter_rule",
]

UNDECIDED = -1


class Outlook(NamedTuple):
    """What countries see when they decide what to buy in a year. R draws, N countries, S standards.

    Ties are mixed by the weights of the draw (``core.choice.tie_average``); a country that nobody can
    sell to is still tied. Where a rule does not look at ``tied`` or ``newly`` they are not a number.
    """

    held: IntArray  # (R, N), standard with the largest share of the base
    bought: IntArray  # (R, N), standard that most of last year's purchases went to; at first what is held
    tied: FloatArray  # (R, N, S), weight of the tied countries that hold each standard
    adoption: FloatArray  # (R, N, S), shares of the base
    tied_adoption: FloatArray  # (R, N, S), the same among tied countries
    newly: FloatArray  # (R, N, S), as tied, of countries that bought another standard last year than before
    utility: FloatArray  # (R, N, S), log weight in the logit; minus infinity where it may not be sold
    open: BoolArray  # (N, S), whether some vendor of the standard may be sold there
    luck: FloatArray  # (R, N), uniform, belongs to country, year and draw
    temper: FloatArray  # (R, N), uniform, belongs to country and draw, the same every year
    year: int  # 1 is the first in which anything is bought


@dataclass(frozen=True)
class Rule:
    """A pure function of an outlook, and which of its costly parts it looks at.

    Attributes
    ----------
    decide : callable
        ``decide(outlook)`` gives (R, N) standards or (R, N, S) shares.
    looks_at : frozenset of str
        Of ``tied``, ``newly`` and ``utility``.

    Examples
    --------
    >>> best_response_rule().weighs, voter_rule().weighs
    (True, False)
    """

    decide: Callable[[Outlook], IntArray | FloatArray]
    looks_at: frozenset[str] = frozenset({"tied", "newly", "utility"})

    def __call__(self, outlook: Outlook) -> IntArray | FloatArray:
        """What the purchases go to."""
        return self.decide(outlook)

    @property
    def weighs(self) -> bool:
        """Whether prices, quality, affinity, finance and lock-in act on the choice of the standard."""
        return "utility" in self.looks_at


def logit_rule() -> Rule:
    r"""Purchases split by logit: the default of the study, and no other answers than vendor choice has.

    .. math:: s_{is} = e^{w_{is}} / \sum_t e^{w_{it}}

    References
    ----------
    Brock, W. A. & Durlauf, S. N. (2001), Review of Economic Studies 68(2), doi:10.1111/1467-937X.00168.

    Examples
    --------
    >>> logit_rule().weighs
    True
    """
    return Rule(lambda o: np.full(o.held.shape, UNDECIDED), frozenset({"utility"}))


def heat_bath_rule() -> Rule:
    r"""One standard for all purchases of the year, drawn with the probabilities of the logit.

    .. math:: P(s) = e^{w_{is}} / \sum_t e^{w_{it}}

    References
    ----------
    Blume, L. E. (1993), Games and Economic Behavior 5(3), doi:10.1006/game.1993.1023.

    Examples
    --------
    >>> heat_bath_rule().looks_at
    frozenset({'utility'})
    """

    def decide(o: Outlook) -> IntArray:
        best = o.utility.max(axis=-1, keepdims=True)
        return _drawn(np.exp(o.utility - best), o.luck)

    return Rule(decide, frozenset({"utility"}))


def best_response_rule() -> Rule:
    r"""The standard of the largest weight in the logit: the limit of no noise.

    .. math:: s = \arg\max_t w_{it}

    The weight adds up a standard's vendors, so that several middling ones can be worth one good one. Of
    equal standards the one held is kept.

    References
    ----------
    Blume, L. E. (1993), Games and Economic Behavior 5(3), doi:10.1006/game.1993.1023.

    Examples
    --------
    >>> best_response_rule().weighs
    True
    """
    return Rule(lambda o: _leader(o.utility, o.held)[0], frozenset({"utility"}))


def linear_threshold_rule(threshold: float | None = None) -> Rule:
    r"""Go over to what leads among tied countries once it reaches the country's threshold.

    .. math:: s = \arg\max_t \bar h_{it} \ \text{if}\ \max_t \bar h_{it} \ge \theta_i,\
        \text{else what is held}

    with :math:`\bar h` the weight of tied countries that hold the standard, among those that may be sold.

    Parameters
    ----------
    threshold : float or None
        ``theta``, 0 to 1; if None each country has one of its own in each draw, uniform.

    References
    ----------
    Granovetter, M. (1978), American Journal of Sociology 83(6), doi:10.1086/226707.
    Kempe, D., Kleinberg, J. & Tardos, E. (2003), KDD '03, doi:10.1145/956750.956769.

    Examples
    --------
    >>> linear_threshold_rule(2.0)
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: threshold is 2.0; it must be a number from 0 to 1.
    """
    fixed = None if threshold is None else checked_number("threshold", threshold, least=0.0, most=1.0)

    def decide(o: Outlook) -> IntArray:
        leader, share = _leader(np.where(o.open, o.tied, 0.0), o.held)
        reached = (share >= (o.temper if fixed is None else fixed)) & (share > 0.0)
        return np.where(reached, leader, o.held)

    return Rule(decide, frozenset({"tied"}))


def independent_cascade_rule(rate: float = 1.0) -> Rule:
    r"""Each tied country that went over last year convinces with a chance; who is convinced stays so.

    .. math:: P(\text{stay}) = e^{-\rho \sum_t \bar n_{it}}, \qquad
        P(s) = \frac{\bar n_{is}}{\sum_t \bar n_{it}} \bigl(1 - e^{-\rho \sum_t \bar n_{it}}\bigr)

    with :math:`\bar n` the weight of tied countries that bought another standard last year than the year
    before: tie by tie, country j convinces with probability :math:`1 - e^{-\rho W_{ij}}`. Otherwise a
    country goes on buying what it bought. Nobody has just gone over in the first year: a cascade starts
    where a ban closes a country to what it buys, so that it must go over.

    Parameters
    ----------
    rate : float
        ``rho``; 1: a country all of whose ties went over is convinced with probability 0.63.

    References
    ----------
    Goldenberg, J., Libai, B. & Muller, E. (2001), Marketing Letters 12(3), doi:10.1023/A:1011122126881.
    Kempe, D., Kleinberg, J. & Tardos, E. (2003), KDD '03, doi:10.1145/956750.956769.

    Examples
    --------
    >>> independent_cascade_rule(0.5).looks_at
    frozenset({'newly'})
    """
    checked = checked_number("rate", rate, least=0.0)

    def decide(o: Outlook) -> IntArray:
        new = np.where(o.open, o.newly, 0.0)
        total = row_sum(new)[..., None]
        part = np.divide(new, total, out=np.zeros_like(new), where=total > 0.0)
        return _or_else(-np.expm1(-checked * total) * part, o.luck, o.bought)

    return Rule(decide, frozenset({"newly"}))


def voter_rule() -> Rule:
    r"""Copy a tied country, drawn by the weight of the tie.

    .. math:: P(s) = \bar h_{is} / \sum_{t\ \mathrm{open}} \bar h_{it}

    References
    ----------
    Clifford, P. & Sudbury, A. (1973), Biometrika 60(3), doi:10.1093/biomet/60.3.581.
    Holley, R. A. & Liggett, T. M. (1975), Annals of Probability 3(4), doi:10.1214/aop/1176996306.

    Examples
    --------
    >>> voter_rule().weighs
    False
    """

    def decide(o: Outlook) -> IntArray:
        found = _drawn(np.where(o.open, o.tied, 0.0), o.luck)
        return np.where(found == UNDECIDED, o.held, found)

    return Rule(decide, frozenset({"tied"}))


def q_voter_rule(q: int = 3, noise: float = 0.01) -> Rule:
    r"""Go over when q tied countries, drawn by weight, all hold the same; now and then buy anything.

    .. math:: P(s) = (1 - \epsilon)\,\bar h_{is}^q + \epsilon / S_{\mathrm{open}}, \quad
        \text{else what is held}

    Parameters
    ----------
    q : int
        How many are asked, with replacement.
    noise : float
        ``epsilon``: chance to take any open standard, whatever others hold.

    References
    ----------
    Castellano, C., Munoz, M. A. & Pastor-Satorras, R. (2009), Physical Review E 80, 041129,
    doi:10.1103/PhysRevE.80.041129.

    Examples
    --------
    >>> q_voter_rule(q=0)
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: q is 0; it must be a whole number of at least 1.
    """
    asked, free = checked_count("q", q), checked_number("noise", noise, least=0.0, most=1.0)

    def decide(o: Outlook) -> IntArray:
        agree = (1.0 - free) * o.tied**asked + free / np.maximum(o.open.sum(axis=-1, keepdims=True), 1)
        return _or_else(np.where(o.open, agree, 0.0), o.luck, o.held)

    return Rule(decide, frozenset({"tied"}))


def majority_rule() -> Rule:
    r"""The standard that weighs most among tied countries; of equal ones the one held is kept.

    .. math:: s = \arg\max_t \bar h_{it}

    References
    ----------
    Liggett, T. M. (1985), Interacting Particle Systems, doi:10.1007/978-1-4613-8542-4.

    Examples
    --------
    >>> majority_rule().looks_at
    frozenset({'tied'})
    """

    def decide(o: Outlook) -> IntArray:
        leader, share = _leader(np.where(o.open, o.tied, 0.0), o.held)
        return np.where(share > 0.0, leader, o.held)

    return Rule(decide, frozenset({"tied"}))


def averaging_rule(stubbornness: float = 0.5) -> Rule:
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
    >>> averaging_rule().looks_at
    frozenset()
    """
    own = checked_number("stubbornness", stubbornness, least=0.0, most=1.0)
    return Rule(lambda o: own * o.adoption + (1.0 - own) * o.tied_adoption, frozenset())


def _leader(values: FloatArray, held: IntArray) -> tuple[IntArray, FloatArray]:
    """Place and size of the largest entry of each row; what is held wins where it is as large."""
    largest = values.max(axis=-1)
    own = np.take_along_axis(values, held[..., None], axis=-1)[..., 0]
    return np.where(own >= largest, held, values.argmax(axis=-1)), largest


def _drawn(weights: FloatArray, luck: FloatArray) -> IntArray:
    """One entry of each row, drawn by weight; ``UNDECIDED`` where all are 0."""
    steps = np.cumsum(weights, axis=-1)
    total = steps[..., -1]
    place = (luck * total)[..., None] >= steps
    # Rounding can leave luck * total at the last step: the last entry with a chance is drawn then.
    last = weights.shape[-1] - 1 - np.argmax(weights[..., ::-1] > 0.0, axis=-1)
    return np.where(total > 0.0, np.minimum(place.sum(axis=-1), last), UNDECIDED)


def _or_else(chances: FloatArray, luck: FloatArray, otherwise: IntArray) -> IntArray:
    """One entry of each row with these chances, which may add up to less than 1; otherwise something else."""
    place = (luck[..., None] >= np.cumsum(chances, axis=-1)).sum(axis=-1)
    return np.where(place < chances.shape[-1], place, otherwise)
