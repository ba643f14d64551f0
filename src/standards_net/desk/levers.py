"""What a reader of the desk can change: each lever turns a few choices into entries of a scenario file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from standards_net.frozen import FrozenMapping

__all__ = ["LEVERS", "Field", "Lever"]

Entries = dict[str, Any]
Arguments = Mapping[str, Any]

_NEXT = 2026  # first year that a reader can still decide on
_ALL = "all"
_BN = 1e9


@dataclass(frozen=True)
class Field:
    """A choice within a lever.

    Attributes
    ----------
    name, label : str
    kind : str
        ``who``, ``vendors``, ``side``, ``technology``, ``year``, ``flag``, or ``amount`` for a slider.
    default : str, int, float, bool or None
        None, of a year: may be left empty.
    low, high, step : float
        Ends of a slider.
    unit : str
        Behind the value of a slider.
    """

    name: str
    label: str
    kind: str
    default: str | float | bool | None
    low: float = 0.0
    high: float = 1.0
    step: float = 0.05
    unit: str = ""


@dataclass(frozen=True)
class Lever:
    """Something that can be changed.

    Attributes
    ----------
    name, title, meaning : str
    fields : tuple of Field
    entries : callable
        ``entries(arguments)``: what a scenario file says for these choices.
    once_for : tuple of str or None
        Choices for which one setting holds: a later one replaces it. None if settings add up.
    """

    name: str
    title: str
    meaning: str
    fields: tuple[Field, ...]
    entries: Callable[[Arguments], Entries]
    once_for: tuple[str, ...] | None = None

    @property
    def defaults(self) -> dict[str, Any]:
        """Its choices before anybody moves it."""
        return {field.name: field.default for field in self.fields}


def _exclude(given: Arguments) -> Entries:
    ban = {
        "who": [given["who"]], "vendors": [given["vendors"]], "technologies": [given["technology"]],
        "from": given["since"],
    }  # fmt: skip
    if given["remove_by"] is not None:
        ban["remove_by"] = given["remove_by"]
    return {"ban": [ban]}


def _lift(given: Arguments) -> Entries:
    lift = {"who": [given["who"]], "vendors": [given["vendors"]], "from": given["since"]}
    return {"lift": [{**lift, "technologies": [given["technology"]]}]}


def _stand(given: Arguments) -> Entries:
    return {"alignment": [{"who": [given["who"]], "pole": given["side"], "from": given["since"]}]}


def _leave(given: Arguments) -> Entries:
    leaving = {"who": [given["who"]], "vendors": [given["vendors"]], "from": given["since"]}
    return {"exit": [{**leaving, "technologies": [given["technology"]]}]}


def _standards(given: Arguments) -> Entries:
    moved = {
        "value": given["compatibility"], "from": given["since"], "to": max(given["to"], given["since"]),
        "technologies": [given["technology"]], "new_equipment_only": given["new_only"],
    }  # fmt: skip
    return {"compatibility": [{"between": ["china", other], **moved} for other in ("west", "open")]}


def _finance(given: Arguments) -> Entries:
    return {
        "finance": [
            {"who": [given["who"]], "vendors": ["china"], "strength": given["times"], "from": given["since"]}
        ]
    }


def _research(given: Arguments) -> Entries:
    budget = {"vendors": [given["vendors"]], "usd_per_year": given["usd_bn"] * _BN, "from": given["since"]}
    return {"investment": [budget]}


def _retaliate(given: Arguments) -> Entries:
    entries: Entries = {"parameters": {"retaliation_rate": {"times": given["times"]}}}
    if given["closes"]:
        closed = {"who": ["CHN", "HKG"], "vendors": ["west", "open"], "from": given["since"]}
        entries["ban"] = [{**closed, "remove_by": given["since"] + 5}]
    return entries


def _since(default: int = _NEXT) -> Field:
    return Field("since", "from", "year", default)


_WHO = Field("who", "who", "who", "DEU")
_VENDORS = Field("vendors", "vendors", "vendors", "china")
_TECHNOLOGY = Field("technology", "technology", "technology", _ALL)

LEVERS: Mapping[str, Lever] = FrozenMapping(
    {
        lever.name: lever
        for lever in (
            Lever(
                "exclude", "Exclude vendors",
                "Countries buy no more from vendors; with a second year, what is installed is out by then.",
                (_WHO, _VENDORS, _TECHNOLOGY, _since(), Field("remove_by", "installed out by", "year", None)),
                _exclude,
            ),
            Lever(
                "lift", "Lift exclusions", "What countries have excluded, they may buy again.",
                (_WHO, _VENDORS, _TECHNOLOGY, _since()), _lift,
            ),
            Lever(
                "stand", "Choose a side",
                "Countries stand with a side. Exclusions of its vendors stay until they are lifted.",
                (Field("who", "who", "who", "IND"), Field("side", "side", "side", "us"), _since()), _stand,
            ),
            Lever(
                "leave", "Vendors leave", "Vendors sell nothing more in countries; spares last five years.",
                (
                    Field("vendors", "vendors", "vendors", "west"), Field("who", "from", "who", "RUS"),
                    _TECHNOLOGY, _since(),
                ),
                _leave,
            ),
            Lever(
                "standards", "Standards split, or stay together",
                "How well Chinese-led equipment and all other work together: 100 % is one standard. "
                "That standards split is an assumption.",
                (
                    Field("compatibility", "work together", "amount", 1.0, unit="%"),
                    _TECHNOLOGY, _since(2028), Field("to", "reached in", "year", 2032),
                    Field("new_only", "new equipment only", "flag", False),
                ),
                _standards, once_for=("technology",),
            ),
            Lever(
                "finance", "Finance by China",
                "Vendor finance as a multiple of what receptive countries had in 2019.",
                (
                    Field("times", "strength", "amount", 1.0, high=3.0, step=0.25, unit="times"),
                    Field("who", "in", "who", _ALL), _since(),
                ),
                _finance, once_for=("who",),
            ),
            Lever(
                "research", "Research", "A budget on top of what vendors spend, for good.",
                (
                    Field("usd_bn", "budget", "amount", 0.0, high=20.0, step=0.5, unit="USD bn a year"),
                    Field("vendors", "of vendors", "vendors", "west"), _since(),
                ),
                _research, once_for=("vendors",),
            ),
            Lever(
                "retaliate", "Retaliation",
                "Losses on exports to the homes of excluded vendors, as a multiple of what each draw has.",
                (
                    Field("times", "strength", "amount", 1.0, high=5.0, step=0.25, unit="times"),
                    Field("closes", "China closes its market to western vendors", "flag", False), _since(),
                ),
                _retaliate, once_for=(),
            ),
        )
    }
)  # fmt: skip
