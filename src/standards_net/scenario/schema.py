"""Schema of scenario files: the pydantic models behind the TOML, and the JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from standards_net.checks import LAST_YEAR
from standards_net.frozen import FrozenMapping

__all__ = [
    "DATED",
    "Agreement",
    "Alignment",
    "Ban",
    "Compatibility",
    "Exit",
    "Finance",
    "Investment",
    "Lift",
    "Pole",
    "Quality",
    "Restriction",
    "ScenarioFile",
    "Supply",
    "Times",
    "json_schema",
]

Year = Annotated[int, Field(ge=1990, le=2200)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
# Lists of dated entries; all else of a scenario holds from the beginning.
DATED = (
    "alignment", "lift", "ban", "restriction", "exit", "supply", "finance", "quality", "investment",
    "compatibility", "agreement",
)  # fmt: skip

_MOST = 1000  # entries of a list: more is a mistake
Word = Annotated[str, Field(min_length=1, max_length=100)]
Names = Annotated[tuple[Word, ...], Field(min_length=1, max_length=_MOST)]
NewName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]
_T = TypeVar("_T")
_ReadOnly = Annotated[_T, AfterValidator(FrozenMapping)]


_TECHNOLOGIES: Any = Field(("all",), description="Technologies such as 'radio', 'core' and 'iot', or 'all'.")


_NUMBERS: tuple[Any, ...] = (int, float, int | None, float | None)  # whole ones in even places


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, value: Any, info: ValidationInfo) -> Any:
        """Pydantic would read ``true`` and ``"1"`` as the number 1, and ``"yes"`` as true."""
        kind = cls.model_fields[str(info.field_name)].annotation
        if kind in _NUMBERS and isinstance(value, bool | str):
            whole = "whole " if kind in _NUMBERS[::2] else ""
            raise ValueError(f"{_written(value)} is not valid; give a {whole}number")
        if kind is bool and not isinstance(value, bool):
            raise ValueError(f"{_written(value)} is not valid; give true or false")
        return value


class _Dated(_Entry):
    since: Year = Field(alias="from", description="First year in force.")
    until: Year | None = Field(None, description="Last year in force; for good if left out.")

    @model_validator(mode="after")
    def _ordered(self) -> _Dated:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"'until' is {self.until}, before 'from' {self.since}")
        return self


class _ByCountry(_Dated):
    who: Names = Field(description="Country codes (ISO 3166-1 alpha-3), groups, poles or 'all'.")
    but: tuple[Word, ...] = Field(
        (), max_length=_MOST, description="Countries or groups to leave out of 'who'."
    )
    as_of: Literal[2019, 2025] = Field(2019, description="Year of the membership lists.")


class Alignment(_ByCountry):
    """Countries join a pole, or choose one by a rule."""

    pole: str | None = Field(None, description="A pole, or 'nonaligned'.")
    rule: Literal["affinity", "trade"] | None = Field(
        None, description="Let each country join the pole it leans to, or trades most with."
    )
    poles: tuple[str, ...] = Field(
        ("us", "china"), min_length=1, description="Poles that a rule may choose from."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Alignment:
        if (self.pole is None) == (self.rule is None):
            raise ValueError("give either 'pole' or 'rule', not both or neither")
        if self.pole is not None and "poles" in self.model_fields_set:
            raise ValueError("'poles' is what a rule chooses from; leave it out beside 'pole'")
        return self


class _OnVendors(_ByCountry):
    vendors: Names = Field(description="Vendors, standards or poles whose vendors are meant.")
    technologies: Names = _TECHNOLOGIES


class Ban(_OnVendors):
    """Countries stop buying from vendors, or cap their share; with 'remove_by' the base goes too."""

    remove_by: Year | None = Field(
        None, description="Year by whose end installed equipment is out; else it ages out."
    )
    bases: tuple[str, ...] = Field(
        (), description="Bases that the ban is about, such as '5g'; all of the technology if left out."
    )
    cap: Share = Field(
        0.0,
        description="Share of the newer base that the vendors together may keep; 0 excludes them.",
    )
    share_of_market: Share = Field(
        1.0, description="Share of the market that is bound; the rest buys freely."
    )
    share_by: Literal["operators", "areas"] = Field(
        "operators",
        description="Whether 'share_of_market' means whole operators, drawn by their size, or areas: "
        "the same part of every operator's network.",
    )
    compliance: Share = Field(1.0, description="Probability that the order binds in a country.")
    delay_years: float = Field(
        0.0, ge=0.0, le=50.0, description="Median delay (log-normal) until an order that binds takes effect."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Ban:
        if self.cap > 0.0 and self.remove_by is not None:
            raise ValueError("'cap' and 'remove_by' exclude each other: what is capped stays installed")
        if self.cap > 0.0 and (self.bases or self.share_of_market < 1.0):
            raise ValueError(
                "'cap' is on the newer base of the whole market; leave out 'bases' and 'share_of_market'"
            )
        if self.remove_by is not None and self.remove_by < self.since:
            raise ValueError(f"'remove_by' is {self.remove_by}, before 'from' {self.since}")
        if self.remove_by is not None and self.until is not None and self.remove_by > self.until:
            raise ValueError(
                f"'remove_by' is {self.remove_by}, after 'until' {self.until}: the order would end before "
                "all is removed"
            )
        return self


class Exit(_OnVendors):
    """Vendors leave countries: they sell nothing more; what is installed runs while spares last."""

    spares_years: int = Field(
        5, ge=1, le=50, description="Years over which the installed equipment goes out of service."
    )


class Supply(_OnVendors):
    """What vendors can supply changes: capacity, price or quality (export controls, shortages, exits)."""

    who: Names = Field(("all",), description="Countries where buyers feel it; all if left out.")
    capacity: float = Field(
        1.0, gt=0.0, le=1.0, description="Part of the orders it would win that a vendor can fulfil."
    )
    price: float = Field(1.0, ge=0.1, le=10.0, description="Factor on the vendor's price.")
    quality: float = Field(0.0, ge=-10.0, le=10.0, description="Change of appeal, in log-odds of choice.")

    @model_validator(mode="after")
    def _changes_something(self) -> Supply:
        if (self.capacity, self.price, self.quality) == (1.0, 1.0, 0.0):
            raise ValueError("give 'capacity', 'price' or 'quality': this entry changes nothing")
        if self.price == 1.0 and "all" in self.vendors:
            raise ValueError("a shortage of all vendors alike changes no choice; name those that are short")
        return self


class Lift(_OnVendors):
    """Bans and restrictions that records or the scenarios extended have put on vendors end."""


class Restriction(_OnVendors):
    """Vendors lose appeal short of exclusion (core bans, high-risk areas)."""

    strength: Share = 1.0


class Finance(_OnVendors):
    """Vendor finance, as multiple of what receptive countries had in 2019."""

    strength: float = Field(1.0, ge=0.0, le=10.0)


class Quality(_Dated):
    """A jump in the appeal of vendors' products everywhere."""

    vendors: Names
    technologies: Names = _TECHNOLOGIES
    shift: float = Field(ge=-10.0, le=10.0, description="In log-odds of choice.")

    @model_validator(mode="after")
    def _of_some(self) -> Quality:
        if "all" in self.vendors:
            raise ValueError("a shift of all vendors alike changes no choice; name those that gain")
        return self


class Investment(_Dated):
    """A research budget, split by market size among technologies, in equal parts among vendors."""

    vendors: Names
    technologies: Names = _TECHNOLOGIES
    usd_per_year: float = Field(ge=0.0, le=1e13)


class Compatibility(_Entry):
    """Two standards move to a compatibility, in a straight line from where they stand before 'from'."""

    between: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]
    value: Share
    since: Year = Field(alias="from")
    to: Year | None = Field(None, description="Year in which the value is reached; 'from' if left out.")
    new_equipment_only: bool = Field(
        False, description="Only what is bought from then on follows the split; what is older works with all."
    )
    technologies: Names = _TECHNOLOGIES

    @model_validator(mode="after")
    def _ordered(self) -> Compatibility:
        if self.to is not None and self.to < self.since:
            raise ValueError(f"'to' is {self.to}, before 'from' {self.since}")
        return self


class Agreement(_Dated):
    """A multilateral agreement that holds compatibility between two standards."""

    between: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]
    strength: Share = 1.0
    technologies: Names = _TECHNOLOGIES


class Pole(_Entry):
    """A pole beyond 'us' and 'china': who leads it, whose products it favours, whom it rivals."""

    name: NewName
    leaders: Names
    vendors: tuple[Word, ...] = ()
    rivals: tuple[Word, ...] = ("china",)


class Times(_Entry):
    """A parameter as a multiple of what each draw gives it."""

    times: Annotated[float, Field(ge=0.0, le=1e6)]


def _form_of_parent(value: Any) -> str:
    return "content" if isinstance(value, dict | BaseModel) else "name"


_Extended = Annotated[
    Annotated[str, Tag("name")] | Annotated["ScenarioFile", Tag("content")], Discriminator(_form_of_parent)
]


class ScenarioFile(_Entry):
    """A named set of alignments, policies and parameter changes over time."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)]
    title: Annotated[str, Field(min_length=1, max_length=300)]
    description: Annotated[str, Field(max_length=10_000)] = ""
    serves: tuple[Word, ...] = Field((), description="Arguments (B1 to B16) or published scenarios.")
    extends: _Extended | None = Field(
        None, description="Scenario whose entries come first: its name, or its content."
    )
    policies: Literal["2019-10", "latest", "none", "drawn"] | None = Field(
        None,
        description="Recorded policies to start from; '2019-10' if no parent says otherwise. 'drawn': those "
        "on record before 'drawn_from', and from then on restrictions drawn from their estimated chances.",
    )
    drawn_from: Annotated[int, Field(ge=2020, le=LAST_YEAR)] | None = Field(
        None, description="First year in which restrictions are drawn; 2020 if no parent says otherwise."
    )
    standards: _ReadOnly[dict[Word, NewName]] = Field(
        {},
        validate_default=True,
        description="Vendor = standard: moves a vendor to another, possibly new, standard.",
    )
    pole: tuple[Pole, ...] = ()
    alignment: tuple[Alignment, ...] = ()
    lift: tuple[Lift, ...] = ()
    ban: tuple[Ban, ...] = ()
    restriction: tuple[Restriction, ...] = ()
    exit: tuple[Exit, ...] = ()
    supply: tuple[Supply, ...] = ()
    finance: tuple[Finance, ...] = ()
    quality: tuple[Quality, ...] = ()
    investment: tuple[Investment, ...] = ()
    compatibility: tuple[Compatibility, ...] = ()
    agreement: tuple[Agreement, ...] = ()
    parameters: _ReadOnly[dict[str, float | Times]] = Field({}, validate_default=True)

    @field_validator("title", "description")
    @classmethod
    def _printable(cls, value: str) -> str:
        wrong = next((c for c in value if not c.isprintable() and c not in "\n\t"), None)
        if wrong is not None:
            raise ValueError(f"{wrong!r} is a control character or an invisible one; remove it")
        return value

    @field_validator("parameters", mode="before")
    @classmethod
    def _parameters_as_written(cls, value: Any) -> Any:
        for name, given in value.items() if isinstance(value, dict) else ():
            number = given.get("times") if isinstance(given, dict) else given
            if isinstance(number, bool | str):
                raise ValueError(f"{name}: {_written(number)} is not valid; give a number")
        return value


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, as published in ``data/scenarios/scenario.schema.json``.

    Examples
    --------
    >>> json_schema()["title"]
    'ScenarioFile'
    """
    schema = ScenarioFile.model_json_schema(by_alias=True)
    # The schema is recursive, so it is among the definitions.
    return {**schema["$defs"]["ScenarioFile"], "$defs": schema["$defs"]}
