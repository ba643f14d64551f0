"""Docstrings as Markdown for the pages: roles become code, formulas blocks of LaTeX."""

from __future__ import annotations

import re
from typing import Any

import griffe

__all__ = ["DocstringsAsMarkdown", "as_markdown"]

_ROLE = re.compile(r":(?:func|class|mod|meth|data|attr|math):`([^`]*)`")
_POWER = re.compile(r"(\w)\*\*(?=[-\w])")
_CODE = re.compile(r"(`+[^`]*`+)")
_EXAMPLE = re.compile(r"\s*(>>>|\.\.\.)")
_MATH = re.compile(
    r"^(?P<indent>[ ]*)\.\. math::[ ]*(?P<first>[^\n]*)\n(?P<rest>(?:(?P=indent)[ ]+[^\n]*\n|\n)*)", re.M
)


class DocstringsAsMarkdown(griffe.Extension):
    """Applies :func:`as_markdown` to every docstring before it is rendered."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """One object of the package."""
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(text: str) -> str:
    r"""Text of a docstring without reStructuredText.

    Examples
    --------
    >>> as_markdown(":func:`run` solves :math:`x = 1`")
    '`run` solves `x = 1`'
    """
    plain = _ROLE.sub(r"`\1`", _MATH.sub(_formula, f"{text}\n")).rstrip("\n")
    return "\n".join(line if _EXAMPLE.match(line) else _escaped(line) for line in plain.split("\n"))


def _escaped(line: str) -> str:
    """Powers outside of code, which would begin bold letters."""
    parts = _CODE.split(line)
    return "".join(part if at % 2 else _POWER.sub(r"\1\*\*", part) for at, part in enumerate(parts))


def _formula(match: re.Match[str]) -> str:
    indent = match["indent"]
    lines = [match["first"], *match["rest"].split("\n")]
    formula = [line.strip() for line in lines if line.strip()]
    return "\n".join(indent + line if line else "" for line in ("```latex", *formula, "```", "", ""))
