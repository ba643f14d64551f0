"""Docstrings as Markdown for the pages: roles become code, formulas blocks of LaTeX."""

from __future__ import annotations

import re
from typing import Any

import griffe

__all__ = ["DocstringsAsMarkdown", "as_markdown"]

_ROLE = re.compile(r":(?:func|class|mod|meth|data|attr|math):`([^`]*)`")
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
    return _ROLE.sub(r"`\1`", _MATH.sub(_formula, f"{text}\n")).rstrip("\n")


def _formula(match: re.Match[str]) -> str:
    indent = match["indent"]
    lines = [match["first"], *match["rest"].split("\n")]
    formula = [line.strip() for line in lines if line.strip()]
    return "\n".join(indent + line if line else "" for line in ("```latex", *formula, "```", "", ""))
