"""Files of the estimate: the table, the draws, and the scores."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standards_net.files import write_bytes, write_text
from tools.fit_baseline.evidence import CORE_VENDORS, VENDORS, Evidence

__all__ = ["firm_operators", "fit_table", "quantised", "write_draws", "write_scores", "write_table"]

Floats = NDArray[np.float64]

_SCALE = 65535
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRM = 0.95  # part of an operator's base that the census knows
_FIRM_CONFIDENCE = ("high", "medium")


def quantised(shares: Floats) -> NDArray[np.uint16]:
    """Shares as whole numbers of 1/65535 that add up to it exactly: largest remainders, along the last axis.

    Examples
    --------
    >>> quantised(np.array([[0.5, 0.25, 0.25]])).sum()
    np.uint64(65535)
    """
    exact = shares / shares.sum(axis=-1, keepdims=True) * _SCALE
    whole = np.floor(exact)
    short = np.rint(_SCALE - whole.sum(axis=-1, keepdims=True))
    rank = np.argsort(np.argsort(-(exact - whole), axis=-1, kind="stable"), axis=-1, kind="stable")
    return (whole + (rank < short)).astype(np.uint16)


def firm_operators(census: pd.DataFrame) -> set[tuple[str, str, str]]:
    """What the census states firmly: all vendors of the operator known, confidence not low."""
    named = census[census["vendor"] != "unknown"]
    known = named.groupby(["country", "operator"])["share"].transform("sum") >= _FIRM
    firm = named[known & named["confidence"].isin(_FIRM_CONFIDENCE)]
    return set(zip(firm["country"], firm["operator"], firm["vendor"], strict=True))


def fit_table(evidence: Evidence, technology: str, base: str, vendors: tuple[str, ...], shares: Floats,
              free: Floats, firm: set[tuple[str, str, str]]) -> pd.DataFrame:  # fmt: skip
    """Posterior mean and interval by unit and vendor; ``shares`` and ``free`` are by (draw, unit, vendor).

    ``free`` is the mean without exclusion by policy, the same as the mean where there was none.
    """
    units = evidence.units
    mean, (low, high) = shares.mean(axis=0), np.quantile(shares, [0.05, 0.95], axis=0)
    free_mean = free.mean(axis=0)
    rows = []
    for u, unit in enumerate(units.itertuples(index=False)):
        for v, vendor in enumerate(vendors):
            status = "reported" if (unit.country, unit.operator, vendor) in firm else "estimated"
            rows.append((unit.country, unit.operator, technology, base, vendor, mean[u, v], free_mean[u, v],
                         low[u, v], high[u, v], status))  # fmt: skip
    columns = ["country", "operator", "technology", "base", "vendor", "share", "unrestricted_share", "low",
               "high", "status"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).round(5)


def write_table(path: Path, parts: list[pd.DataFrame]) -> None:
    """Write the table, radio first."""
    write_text(path, pd.concat(parts).to_csv(index=False, lineterminator="\n"))


def write_draws(path: Path, evidence: Evidence, radio: Floats, core: Floats) -> None:
    """Write joint draws, by (unit, vendor, draw), so that the same draws give the same bytes."""
    arrays = {
        "radio": np.moveaxis(quantised(radio), 0, -1),
        "core": np.moveaxis(quantised(core), 0, -1),
        "country": evidence.units["country"].to_numpy(dtype=str),
        "operator": evidence.units["operator"].to_numpy(dtype=str),
        "radio_vendors": np.array(VENDORS, dtype=str),
        "core_vendors": np.array(CORE_VENDORS, dtype=str),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
            archive.writestr(entry, content.getvalue(), zipfile.ZIP_DEFLATED, 9)
    write_bytes(path, stream.getvalue())


def write_scores(path: Path, scores: dict[str, Any]) -> None:
    """Write the scores."""
    write_text(path, json.dumps(scores, indent=1, ensure_ascii=False) + "\n")
