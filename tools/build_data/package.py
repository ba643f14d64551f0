"""datapackage.json, the authoritative description of the tables, and the page rendered from it."""

from __future__ import annotations

import hashlib
import io
import json
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from standards_net.files import write_text
from standards_net.tables.render import data_page

__all__ = ["write_package"]

_DICTIONARY = Path(__file__).parent / "dictionary"


def write_package(data: Path) -> None:
    """Write ``datapackage.json`` for the tables that exist, and ``docs/data.md``."""
    tables: list[dict[str, Any]] = []
    sources: dict[str, dict[str, str]] = {}
    for name in ("countries", "vendors", "other"):
        content = tomllib.loads((_DICTIONARY / f"{name}.toml").read_text("utf-8"))
        tables += [*content.get("table", []), *content.get("file", [])]
        sources |= content.get("source", {})
    present = [t for t in tables if (data / t["path"]).is_file()]
    package = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": "standards-net",
        "title": "Adoption of 5G and IoT vendors by 196 economies, and what ties these together",
        "version": "0.1.0",
        "licenses": [{"name": "CC-BY-4.0", "title": "compilation; each table names its sources' own"}],
        "contributors": [{"title": "The standards_net authors", "role": "author"}],
        "sources": [_source(s) for s in sources.values()],
        "resources": [_resource(t, data, sources) for t in present],
    }
    text = json.dumps(package, indent=1, ensure_ascii=False) + "\n"
    write_text(data / "datapackage.json", text)
    write_text(data.parent / "docs" / "data.md", data_page(package, data))


def _source(source: dict[str, str]) -> dict[str, str]:
    return {"title": source["title"], "path": source["path"]}


def _resource(table: dict[str, Any], data: Path, sources: dict[str, dict[str, str]]) -> dict[str, Any]:
    content = (data / table["path"]).read_bytes()
    suffix = Path(table["path"]).suffix.removeprefix(".")
    resource: dict[str, Any] = {
        "name": table["name"].replace("_", "-"),
        "path": table["path"],
        "title": table["title"],
        "description": table["meaning"],
        "year": table["year"],
        "format": suffix,
        "mediatype": {"csv": "text/csv", "npz": "application/zip"}.get(suffix, "application/json"),
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "sources": [_source(sources[s]) for s in table["sources"]],
        "licenses": [{"name": n} for n in dict.fromkeys(_licence(sources[s]) for s in table["sources"])],
    }
    if "columns" in table:
        values = pd.read_csv(io.BytesIO(content), keep_default_na=False, na_values=[""])
        resource |= {"profile": "tabular-data-resource", "schema": _schema(table, values)}
    if table.get("record"):
        resource["record"] = True
    return resource


def _licence(source: dict[str, str]) -> str:
    return source["licence"].replace(" ", "-").replace("(", "").replace(")", "")


def _schema(table: dict[str, Any], values: pd.DataFrame) -> dict[str, Any]:
    fields, foreign = [], []
    for name, column in table["columns"].items():
        names = ("required", "minimum", "maximum", "pattern", "enum")
        constraints = {k: column[k] for k in names if k in column}
        field = {"name": name, "type": column["type"], "description": column["meaning"]}
        if "unit" in column:
            field["unit"] = column["unit"]
        if constraints:
            field["constraints"] = constraints
        if column.get("date"):
            field["date"] = True
        if column.get("vocabulary"):
            field["vocabulary"] = sorted(values[name].dropna().unique().tolist())
        fields.append(field)
        if "refers" in column:
            other, key = column["refers"].split(".")
            reference = {"resource": other.replace("_", "-"), "fields": [key]}
            foreign.append({"fields": [name], "reference": reference})
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if "key" in table:
        schema["primaryKey"] = table["key"]
    if foreign:
        schema["foreignKeys"] = foreign
    if "rules" in table:
        schema["rules"] = table["rules"]
    return schema
