"""A result as file, as IAMC table and as a snippet of HTML."""

from __future__ import annotations

import io
import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.errors import StandardsNetError
from standards_net.files import write_bytes
from standards_net.results.result import INTERVAL, Result, Variable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["html_summary", "iamc_table", "load_result", "packed", "save_result"]

_HEADER = "header.json"

_IAMC_NAMES = {
    "beta": "Fragmentation|Effective Technology Markets",
    "gamma": "Fragmentation|Effective Standards",
    "interoperability_loss": "Interoperability Loss",
    "largest_bloc_share": "Largest Bloc Share",
    "china_share": "Market Share|Chinese-led Standard",
    "deployment": "Deployment",
    "exchange_usd": "Cost|Exchange Value Lost",
    "scale_usd": "Cost|Scale Lost",
    "double_running_usd": "Cost|Double Running",
    "replacement_usd": "Cost|Replacement",
    "total_usd": "Cost",
}


def save_result(result: Result, path: str | Path) -> Path:
    """Write a result to one compressed ``.npz`` file."""
    path = Path(path)
    if path.suffix != ".npz":
        raise StandardsNetError(f"{path.name}: a result is saved as .npz; name the file so.")
    return write_bytes(path, packed(result))


def packed(result: Result) -> bytes:
    """Content of the ``.npz`` file of a result."""
    header = {
        "coords": {k: list(v) for k, v in result.coords.items()},
        "provenance": dict(result.provenance),
        "variables": {
            n: {"dims": v.dims, "unit": v.unit, "meaning": v.meaning} for n, v in result.variables.items()
        },
    }
    text = json.dumps(header, sort_keys=True).encode("utf-8")
    arrays: dict[str, Any] = {n: v.values for n, v in result.variables.items()}
    arrays[_HEADER] = np.frombuffer(text, dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def load_result(path: str | Path) -> Result:
    """Read a result that :meth:`Result.save` wrote.

    Raises
    ------
    StandardsNetError
        No such file, or not a saved result.
    """
    path = Path(path)
    if not path.is_file():
        raise StandardsNetError(f"{path}: there is no such file.")
    try:
        with np.load(path, allow_pickle=False) as stored:
            header = json.loads(stored[_HEADER].tobytes().decode("utf-8"))
            variables = {
                n: Variable(tuple(v["dims"]), stored[n], v["unit"], v["meaning"])
                for n, v in header["variables"].items()
            }
    except (OSError, ValueError, KeyError, EOFError):
        raise StandardsNetError(
            f"{path.name} is not a saved result; Result.save writes such files."
        ) from None
    coords = {k: tuple(v) for k, v in header["coords"].items()}
    return Result(coords, variables, header["provenance"])


def iamc_table(result: Result) -> pd.DataFrame:
    """World measures, median and interval, as model / scenario / region / variable / unit / year."""
    import pandas as pd

    rows = []
    suffixes = ("|5th Percentile", "", "|95th Percentile")
    for name, label in _IAMC_NAMES.items():
        if name not in result.variables:
            continue
        variable = result[name]
        found = np.quantile(variable.values, INTERVAL, axis=1)
        unit = "" if variable.unit == "1" else variable.unit
        for q, suffix in enumerate(suffixes):
            for s, scenario in enumerate(result.coords["scenario"]):
                for k, technology in enumerate(result.coords["technology"]):
                    full = f"Standards|{technology.upper()}|{label}{suffix}"
                    values = dict(zip(result.coords["year"], found[q, s, :, k], strict=True))
                    rows += [
                        ("standards_net", scenario, "World", full, unit, year, float(value))
                        for year, value in values.items()
                    ]
    columns = ["model", "scenario", "region", "variable", "unit", "year", "value"]
    return pd.DataFrame(rows, columns=columns)


def html_summary(result: Result) -> str:
    """Short table for notebooks: no script, nothing loaded from elsewhere."""
    year = result.coords["year"][-1]
    head = "<tr><th>scenario</th><th>technology</th><th>effective markets</th><th>loss</th></tr>"
    rows = []
    for scenario in result.coords["scenario"]:
        for technology in result.coords["technology"]:
            cells = [escape(str(scenario)), escape(str(technology))]
            for name in ("beta", "interoperability_loss"):
                values = result.values(name, scenario=scenario, year=year, technology=technology)
                low, middle, high = np.quantile(values, INTERVAL)
                cells.append(f"{middle:.3f} [{low:.3f}, {high:.3f}]")
            rows.append("<tr>" + "".join(f"<td>{c}</td>" for c in cells) + "</tr>")
    caption = f"<caption>{escape(repr(result))}: {year}, median and 5 to 95 % of draws</caption>"
    return f"<table>{caption}<thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
