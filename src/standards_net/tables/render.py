"""The data dictionary as a page for readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

__all__ = ["data_page"]

_INTRO = """# The data

Rendered from `data/datapackage.json` by `python -m tools.build_data`; do not edit by hand. A missing value is an
empty cell. Every table names its sources, licences and year; rows carry `status` (observed, derived, estimated),
`confidence` or `source_type` where they differ. Rows with `source_type` *general_knowledge* are recalled, not
read in a document.

Decisions:

- North Korea is left out: no GDP is published. Hong Kong, Kosovo, Palestine and Taiwan are full economies.
- Taiwan's trade partners are those of 2015; Liechtenstein, Monaco and Kosovo have estimated trade.
- Policies concern network equipment; no economy excluded iot modules in these records.
"""


def data_page(package: dict[str, Any], data: Path) -> str:
    """Markdown page of a data package.

    Parameters
    ----------
    package : dict
        Content of ``datapackage.json``.
    data : Path
        Folder of the tables, for counts.
    """
    return "\n".join([_INTRO, *(_section(r, data) for r in package["resources"])])


def _section(resource: dict[str, Any], data: Path) -> str:
    lines = [
        f"## {resource['title']}",
        "",
        f"`data/{resource['path']}`. {resource['description']}",
        "",
    ]
    sources = "; ".join(f"{s['title']} ({s['path']})" for s in resource["sources"])
    licences = ", ".join(entry["name"] for entry in resource["licenses"])
    lines += [f"Year: {resource['year']}. Sources: {sources}. Licences: {licences}."]
    if "schema" not in resource:
        return "\n".join([*lines, ""])
    table = pd.read_csv(data / resource["path"], keep_default_na=False, na_values=[""])
    lines += [
        "",
        _coverage(table),
        "",
        "| column | type | unit | bounds | meaning |",
        "|---|---|---|---|---|",
    ]
    for field in resource["schema"]["fields"]:
        cells = (
            f"`{field['name']}`",
            field["type"],
            field.get("unit", ""),
            _bounds(field),
            field["description"],
        )
        lines.append("| " + " | ".join(cells) + " |")
    if rules := [_in_words(rule) for rule in resource["schema"].get("rules", [])]:
        lines += ["", "Rules: " + "; ".join(rules) + "."]
    return "\n".join([*lines, ""])


def _in_words(rule: dict[str, Any]) -> str:
    """A rule of a table in words."""
    columns = " and ".join(f"`{name}`" for name in rule["columns"])
    least, most = rule.get("least"), rule.get("most")
    if rule["kind"] == "sum":
        by = " and ".join(f"`{name}`" for name in rule["by"])
        return f"{columns} adds up to {'' if least == most else 'at most '}{most:g} by {by}"
    if rule["kind"] == "length":
        return f"the squares of `{rule['columns'][0]}` to `{rule['columns'][-1]}` add up to at most {most:g}"
    if rule["kind"] == "ratio":
        return f"`{rule['columns'][0]}` over `{rule['columns'][1]}` is plausible from {least:g} to {most:g}"
    if rule["kind"] == "member":
        joined, left, flag = (f"`{name}`" for name in rule["columns"])
        return f"{flag} is 1 only where {joined} and {left} say that it holds at the end of {least:g}"
    return {
        "year": f"`{rule['columns'][-1]}` is the year of `{rule['columns'][0]}`",
        "order": "not falling from " + " to ".join(f"`{name}`" for name in rule["columns"]),
        "pair": f"{columns} name each pair once, in either order, and never one economy twice",
        "every": "every economy has a row" if not rule.get("warns") else "every economy should have a row",
    }[str(rule["kind"])]


def _coverage(table: pd.DataFrame) -> str:
    said = [f"{len(table):,} rows"]
    for column in ("status", "launch_status", "confidence", "source_type"):
        if column in table:
            counts = table[column].value_counts().sort_index()
            said.append(f"{column}: " + ", ".join(f"{n:,} {name}" for name, n in counts.items()))
    gaps = {c: int(table[c].isna().sum()) for c in table if table[c].isna().any()}
    if gaps:
        said.append("empty: " + ", ".join(f"{n:,} {name}" for name, n in gaps.items()))
    return "; ".join(said) + "."


def _bounds(field: dict[str, Any]) -> str:
    limits = field.get("constraints", {})
    said = []
    if "minimum" in limits or "maximum" in limits:
        said.append(f"{limits.get('minimum', '')} to {limits.get('maximum', '')}")
    if "enum" in limits:
        said.append(", ".join(limits["enum"]))
    if "pattern" in limits:
        said.append(f"`{limits['pattern']}`")
    if limits.get("required"):
        said.append("required")
    return "; ".join(said)
