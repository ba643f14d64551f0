"""Constructors of the yearly model's mechanisms, and their registry by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from standards_net.checks import checked_count, checked_names, shown
from standards_net.errors import StandardsNetError, one_of
from standards_net.frozen import FrozenMapping
from standards_net.model import year
from standards_net.model.mechanism import Mechanism
from standards_net.model.purchase_rules import (
    AveragingRule,
    BestResponseRule,
    HeatBathRule,
    IndependentCascadeRule,
    LinearThresholdRule,
    LogitRule,
    MajorityRule,
    Outlook,
    PurchaseRule,
    QVoterRule,
    VoterRule,
)
from standards_net.model.purchasing import RulePurchases, init_with_history
from standards_net.model.setting import Setting
from standards_net.model.year import Decide, State, YearInfo

__all__ = [
    "MECHANISMS",
    "as_mechanism",
    "averaging",
    "best_response",
    "from_rule",
    "heat_bath",
    "independent_cascade",
    "is_shipped",
    "linear_threshold",
    "logit",
    "majority",
    "make_mechanism",
    "procurement",
    "q_voter",
    "vendor_choice",
    "voter",
]


@dataclass(frozen=True)
class _Step:
    """One year of the model with a given split of purchases."""

    decide: Decide

    def __call__(self, state: State, setting: Setting) -> tuple[State, YearInfo]:
        return year.step(state, setting, self.decide)


def vendor_choice() -> Mechanism:
    """Purchases split in proportion to the logit's choice probabilities: the default of a run.

    References
    ----------
    Brock, W. A. & Durlauf, S. N. (2001), Review of Economic Studies 68(2), doi:10.1111/1467-937X.00168.

    Examples
    --------
    >>> vendor_choice().name
    'vendor-choice'
    """
    return Mechanism("vendor-choice", {}, year.init, _Step(year.expected_purchases))


def procurement(operators: int = 3) -> Mechanism:
    """Operators of each country tender: each buys from one vendor, chosen by logit at contract dates.

    Parameters
    ----------
    operators : int
        Number per country.

    Raises
    ------
    StandardsNetError
        ``operators`` is not a whole number of at least 1.

    Examples
    --------
    >>> procurement(4).operators
    4
    """
    count = checked_count("operators", operators, most=1000)
    step = _Step(year.tendered_purchases)
    return Mechanism("procurement", {"operators": count}, year.init_with_contracts, step, operators=count)


def from_rule(
    rule: Callable[[Outlook], Any], name: str, parameters: Mapping[str, Any] | None = None
) -> Mechanism:
    """Make a mechanism from a purchase rule.

    Parameters
    ----------
    rule : callable
        A :class:`standards_net.model.PurchaseRule`, or any pure function of an
        :class:`standards_net.model.Outlook`.
    name : str
    parameters : mapping or None
        Recorded in the provenance of a run; the fields of a :class:`PurchaseRule` if None.

    Raises
    ------
    StandardsNetError
        While running: the rule returns an array of the wrong shape, or unknown standards.

    Examples
    --------
    >>> import standards_net as sn
    >>> from standards_net.model import VoterRule, from_rule
    >>> r = sn.run(sn.load_world(), "silos", draws=2, rng=1, years=range(2019, 2022),
    ...            mechanism=from_rule(VoterRule(), "my voter"))
    >>> r.provenance["mechanism"]["name"]
    'my voter'
    """
    function: object = rule
    if isinstance(function, type) or not callable(function):
        raise StandardsNetError(f"rule is {shown(rule)}; give a PurchaseRule, or a function of an Outlook.")
    (name,) = checked_names("name", name)
    own = rule.parameters if isinstance(rule, PurchaseRule) else {}
    weighs = rule.weighs_utility if isinstance(rule, PurchaseRule) else True
    return Mechanism(
        name,
        own if parameters is None else parameters,
        init_with_history,
        _Step(RulePurchases(rule, name)),
        random_numbers=1,
        weighs_utility=weighs,
    )


def logit() -> Mechanism:
    """Purchases by :class:`LogitRule`: the results of vendor choice, computed by standard.

    The weight of utility is the model parameter ``choice_sensitivity``, not a mechanism parameter.

    Examples
    --------
    >>> logit().weighs_utility
    True
    """
    return from_rule(LogitRule(), "logit")


def heat_bath() -> Mechanism:
    """Purchases by :class:`HeatBathRule`: one standard per year, drawn by logit (Blume 1993).

    Examples
    --------
    >>> heat_bath().name
    'heat-bath'
    """
    return from_rule(HeatBathRule(), "heat-bath")


def best_response() -> Mechanism:
    """Purchases by :class:`BestResponseRule`: the standard of largest utility (Blume 1993).

    Examples
    --------
    >>> best_response().weighs_utility
    True
    """
    return from_rule(BestResponseRule(), "best-response")


def linear_threshold(threshold: float | None = None) -> Mechanism:
    """Purchases by :class:`LinearThresholdRule` (Granovetter 1978).

    Parameters
    ----------
    threshold : float or None
        Share of ties, 0 to 1; if None, each country draws its own.

    Examples
    --------
    >>> dict(linear_threshold(0.3).parameters)
    {'threshold': 0.3}
    """
    return from_rule(LinearThresholdRule(threshold), "linear-threshold")


def independent_cascade(rate: float = 1.0) -> Mechanism:
    """Purchases by :class:`IndependentCascadeRule` (Goldenberg, Libai & Muller 2001).

    Parameters
    ----------
    rate : float
        Persuasion rate of a country all of whose ties switched last year.

    Examples
    --------
    >>> dict(independent_cascade(2.0).parameters)
    {'rate': 2.0}
    """
    return from_rule(IndependentCascadeRule(rate), "independent-cascade")


def voter() -> Mechanism:
    """Purchases by :class:`VoterRule`: copy a tied country (Clifford & Sudbury 1973).

    Examples
    --------
    >>> voter().weighs_utility
    False
    """
    return from_rule(VoterRule(), "voter")


def q_voter(q: int = 3, noise: float = 0.01) -> Mechanism:
    """Purchases by :class:`QVoterRule` (Castellano, Munoz & Pastor-Satorras 2009).

    Parameters
    ----------
    q : int
        How many tied countries must agree.
    noise : float
        Probability of taking any open standard.

    Examples
    --------
    >>> dict(q_voter(2).parameters)
    {'q': 2, 'noise': 0.01}
    """
    return from_rule(QVoterRule(q, noise), "q-voter")


def majority() -> Mechanism:
    """Purchases by :class:`MajorityRule` (Liggett 1985).

    Examples
    --------
    >>> majority().name
    'majority'
    """
    return from_rule(MajorityRule(), "majority")


def averaging(stubbornness: float = 0.5) -> Mechanism:
    """Purchases by :class:`AveragingRule` (DeGroot 1974).

    Parameters
    ----------
    stubbornness : float
        Weight of the country's own mix, 0 to 1.

    Examples
    --------
    >>> dict(averaging(0.9).parameters)
    {'stubbornness': 0.9}
    """
    return from_rule(AveragingRule(stubbornness), "averaging")


_CONSTRUCTORS: dict[str, Callable[..., Mechanism]] = {
    "vendor-choice": vendor_choice,
    "procurement": procurement,
    "logit": logit,
    "heat-bath": heat_bath,
    "best-response": best_response,
    "linear-threshold": linear_threshold,
    "independent-cascade": independent_cascade,
    "voter": voter,
    "q-voter": q_voter,
    "majority": majority,
    "averaging": averaging,
}

# Every shipped mechanism with its default parameters, by the name that ``run`` and the command line take.
MECHANISMS: Mapping[str, Mechanism] = FrozenMapping({name: make() for name, make in _CONSTRUCTORS.items()})

_ONE_URN = "its balls are drawn from a single urn, without countries"
# Processes on networks that have no counterpart in the yearly model, and why.
_WITHOUT_COUNTERPART = {
    "bass": "it models when a node first adopts, not what it buys every year",
    "arthur": "its adopters arrive one at a time and never decide again",
    "polya": _ONE_URN,
    "polya-urn": _ONE_URN,
}


def make_mechanism(name: str, parameters: Mapping[str, Any]) -> Mechanism:
    """Shipped mechanism with the given name and parameters.

    Raises
    ------
    StandardsNetError
        Unknown name or parameter.

    Examples
    --------
    >>> make_mechanism("linear_threshold", {"threshold": 0.25}) == linear_threshold(0.25)
    True
    >>> make_mechanism("best-respons", {})
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: unknown mechanism 'best-respons'; did you mean 'best-response'?
    """
    plain = "-".join(name.replace("_", " ").replace("-", " ").lower().split())
    if plain in _WITHOUT_COUNTERPART:
        raise StandardsNetError(
            f"'{name}' is a process on networks and has no counterpart in the yearly model: "
            f"{_WITHOUT_COUNTERPART[plain]}. Mechanisms are {', '.join(MECHANISMS)}; "
            "diffuse() runs processes."
        )
    if plain not in _CONSTRUCTORS:
        raise StandardsNetError(one_of("mechanism", name, _CONSTRUCTORS) + ".")
    try:
        return _CONSTRUCTORS[plain](**parameters)
    except TypeError:
        known = ", ".join(MECHANISMS[plain].parameters) or "none"
        raise StandardsNetError(
            f"mechanism '{plain}' does not take the parameters {', '.join(parameters)}; it takes {known}."
        ) from None


def is_shipped(mechanism: Mechanism) -> bool:
    """Whether name and parameters suffice to reconstruct the mechanism.

    Examples
    --------
    >>> is_shipped(voter()), is_shipped(from_rule(MajorityRule(), "voter"))
    (True, False)
    """
    try:
        return make_mechanism(mechanism.name, mechanism.parameters) == mechanism
    except StandardsNetError:
        return False


def as_mechanism(mechanism: object) -> Mechanism:
    """Return a mechanism, looking it up if given by name; reject anything else.

    Raises
    ------
    StandardsNetError
        Unknown name, a process on networks, or an object of another type.

    Examples
    --------
    >>> as_mechanism("Linear threshold").name
    'linear-threshold'
    >>> from standards_net import processes
    >>> as_mechanism(processes.logit(9.0))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: 'logit' is a process on networks, which diffuse() runs; run() ...
    """
    if isinstance(mechanism, Mechanism):
        return mechanism
    if isinstance(mechanism, str):
        return make_mechanism(mechanism, {})
    from standards_net.processes import Process

    if isinstance(mechanism, Process):
        raise StandardsNetError(_refused_process(mechanism.name))
    raise StandardsNetError(
        f"mechanism is {shown(mechanism)}; give a name ({', '.join(MECHANISMS)}) or a Mechanism, such as "
        "standards_net.model.linear_threshold(0.5)."
    )


def _refused_process(name: str) -> str:
    plain = "-".join(name.lower().split())
    if plain in _WITHOUT_COUNTERPART:
        return (
            f"'{name}' is a process on networks, which diffuse() runs; it has no counterpart in the yearly "
            f"model: {_WITHOUT_COUNTERPART[plain]}. Mechanisms are {', '.join(MECHANISMS)}."
        )
    sentence = (
        f"'{name}' is a process on networks, which diffuse() runs; "
        "run() takes a mechanism of the yearly model"
    )
    if plain in MECHANISMS:
        call = f"{plain.replace('-', '_')}({', '.join(MECHANISMS[plain].parameters)})"
        return f"{sentence}: mechanism='{plain}', or standards_net.model.{call}."
    return f"{sentence}: {', '.join(MECHANISMS)}, or a standards_net.model.Mechanism of your own."
