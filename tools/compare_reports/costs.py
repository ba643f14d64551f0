"""Published estimates of the cost of exclusion, each beside a scenario of ours that asks the same question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

import standards_net as sn

__all__ = ["cost_table"]

_DIRECT = ("equipment", "replacement")


@dataclass(frozen=True)
class _Question:
    """A published figure and how to ask the model for the same."""

    source: str
    asks: str
    published: str
    scenario: Mapping[str, Any]
    baseline: str
    group: str
    items: tuple[str, ...]
    years: range
    yearly: bool

    def answer(self, result: sn.Result) -> np.ndarray:
        """USD by draw: the items' sum or yearly mean over the years, less the baseline's."""
        item = [result.position("item", name) for name in self.items]
        at = [result.position("year", year) for year in self.years]

        def cost(scenario: str) -> np.ndarray:
            found = result.values("group_cost_usd", scenario=scenario, group=self.group)
            together = found.sum(axis=2)[..., item].sum(axis=-1)[:, at]  # technologies, then items
            return np.asarray(together.mean(axis=1) if self.yearly else together.sum(axis=1))

        return cost(str(self.scenario["name"])) - (cost(self.baseline) if self.baseline else 0.0)


def _ban(who: str, name: str, *, vendors: str = "china", by: int | None = None) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "who": [who], "vendors": [vendors], "technologies": ["radio", "core"], "from": 2020, "remove_by": by,
    }  # fmt: skip
    title = f"Exclusion of {vendors} in {who}"
    return {"name": name, "title": title, "extends": "status-quo-2019", "ban": [entry]}


def _questions() -> list[_Question]:
    europe = _ban("Europe", "europe-excludes", by=2025)
    quo = "status-quo-2019"
    found = [
        _Question("GSMA 2019", "extra cost of a ban in Europe, 2020 to 2025", "EUR 55 bn", europe, quo,
                  "Europe", (*_DIRECT, "scale"), range(2020, 2026), False),
        _Question("Strand Consult 2019", "replacing Chinese radio equipment in Europe", "USD 3.5 bn", europe,
                  quo, "Europe", ("replacement",), range(2020, 2026), False),
        _Question("US programme 2022", "replacing Chinese equipment of small carriers", "USD 4.98 bn",
                  _ban("USA", "usa-replaces", by=2026), quo, "USA", ("replacement",), range(2020, 2027), False),
    ]  # fmt: skip
    oxford = {"CAN": "0.1 to 0.4", "DEU": "0.2 to 0.6", "FRA": "0.2 to 0.6", "GBR": "0.2 to 0.7"}
    for code, published in oxford.items():
        scenario = _ban(code, f"{code.lower()}-without-huawei", vendors="huawei")
        found.append(
            _Question("Oxford Economics 2019", f"dearer 5g investment without Huawei, {code}",
                      f"USD {published} bn a year", scenario, quo, code, ("equipment",), range(2020, 2030), True)
        )  # fmt: skip
    found.append(
        _Question("Oxford Economics 2019", "dearer 5g investment without Huawei, USA",
                  "USD 0.5 to 1.5 bn a year", {"name": quo}, "", "USA", ("equipment",), range(2020, 2030), True)
    )  # fmt: skip
    return found


def cost_table(world: sn.World, draws: int, rng: int) -> pd.DataFrame:
    """One row per published figure: what it is, and ours with its interval, USD bn."""
    questions = _questions()
    scenarios: dict[str, Any] = {"status-quo-2019": "status-quo-2019"}
    scenarios |= {str(q.scenario["name"]): q.scenario for q in questions if "ban" in q.scenario}
    groups = sorted({q.group for q in questions})
    result = sn.run(
        world, list(scenarios.values()), draws=draws, rng=rng, until=2030, groups=groups,
        technologies=["radio", "core"],
    )  # fmt: skip
    rows = []
    for question in questions:
        low, median, high = np.quantile(question.answer(result) / 1e9, (0.05, 0.5, 0.95))
        unit = "a year" if question.yearly else "in total"
        ours = f"USD {median:.1f} [{low:.1f}, {high:.1f}] bn {unit}"
        rows.append((question.source, question.asks, question.published, ours, " + ".join(question.items)))
    return pd.DataFrame(rows, columns=["source", "question", "published", "ours", "items of ours"])
