"""A gallery of pictures, each with the code that draws it: docs/gallery.md and docs/img/gallery/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from standards_net.drawing.charts.figures import save_figure

__all__ = ["write_gallery"]

_PAGE, _PICTURES = Path("docs/gallery.md"), Path("docs/img/gallery")
_FIRST = """
import numpy as np

import standards_net as sn

world = sn.load_world()
scenarios = ["status-quo-2019", "as-happened-2025", "bipolar-forced", "6g-split-2030"]
result = sn.run(world, scenarios, draws=64, rng=1, technologies=["radio", "iot"], snapshots=[2040])
"""
_HEAD = """# Gallery

Each picture with the code that draws it. All begin with

```python
{first}
```

and each ends with a `figure` that `sn.drawing.save_figure(figure, "picture.png")` writes, or `.svg`. Shapes and hatching say what colour
does; titles name scenario, technology and year; a line below says what the picture rests on.
"""
# Name of the file, heading, what it shows, code.
_PIECES = (
    (
        "map", "Who leads where",
        "The dominant standard of each economy, pale where the draws disagree.",
        'figure = sn.drawing.bloc_map(world, result, "bipolar-forced", 2040, "radio")',
    ),
    (
        "fan", "A measure over the years",
        "Medians with bands from 5 to 95 % of the draws.",
        """
bands = sn.drawing.course(result, "market_fragmentation", "radio", scenarios)
figure = sn.drawing.fan_chart(
    result.coords["year"],
    bands,
    title="Market fragmentation, radio",
    ylabel="effective markets",
    source=sn.drawing.source_line(result),
)
""",
    ),
    (
        "difference", "A paired difference",
        "Scenario less baseline, draw by draw: what both are uncertain about cancels.",
        """
base, split = (
    result.values("total_usd", scenario=name, technology="radio")
    for name in ("as-happened-2025", "6g-split-2030")
)
low, median, high = np.quantile((split - base) / 1e9, [0.05, 0.5, 0.95], axis=0)
figure = sn.drawing.fan_chart(
    result.coords["year"],
    {"6g splits": (low, median, high)},
    title="What a split of 6g costs the world, radio: 6g-split-2030 less as-happened-2025",
    ylabel="USD bn of 2019 a year",
    source=sn.drawing.source_line(result),
)
""",
    ),
    (
        "network", "Who supplies whom",
        "Economies and vendors joined by adoption. `sn.drawing.draw_result(world, result, path)` writes the interactive page.",
        """
data = sn.drawing.network_data(world, result, "radio", ["as-happened-2025"], [2040])
figure = sn.drawing.network_figure(data, "as-happened-2025", 2040)
""",
    ),
    (
        "together", "Who ends up together",
        "How often pairs of economies have the same dominant standard.",
        """
codes = ["USA", "DEU", "FRA", "GBR", "JPN", "KOR", "IND", "BRA", "ZAF", "IDN", "SAU", "KEN", "RUS", "CHN"]
shares = result.values("snapshot_share", scenario="as-happened-2025", snapshot=2040, technology="radio")
leading = shares[:, [world.countries.index(code) for code in codes]].argmax(axis=2)
figure = sn.drawing.heat_map(
    (leading[:, :, None] == leading[:, None, :]).mean(axis=0),
    codes,
    title="Same dominant standard in 2040: as-happened-2025, radio",
    colour_label="share of draws",
    source=sn.drawing.source_line(result),
)
""",
    ),
    (
        "costs", "What it costs whom",
        "Medians and intervals side by side.",
        """
rows = []
for code in ("USA", "CHN", "DEU", "GBR", "IND", "BRA", "KEN"):
    costs = result.costs(code, scenario="bipolar-forced", technology="radio")
    one = costs[(costs["year"] == 2030) & (costs["item"] == "total")].iloc[0]
    gdp = float(world.table.loc[code, "gdp_usd"])
    values = (100 * float(one[name]) / gdp for name in ("median", "low", "high"))
    rows.append((world.table.loc[code, "name"], *values, np.nan))
figure = sn.drawing.interval_chart(
    rows,
    title="Cost of two closed blocs in 2030, radio",
    xlabel="per cent of the GDP of 2019",
    source=sn.drawing.source_line(result),
)
""",
    ),
)  # fmt: skip


def write_gallery() -> list[Path]:
    """Draw every picture by its code, and write the page."""
    names: dict[str, Any] = {}
    exec(_FIRST, names)
    parts, written = [_HEAD.format(first=_FIRST.strip())], [_PAGE]
    for file, heading, words, code in _PIECES:
        exec(code, names)
        written.append(save_figure(names["figure"], _PICTURES / f"{file}.png"))
        parts.append(
            f"## {heading}\n\n{words}\n\n![{heading}](img/gallery/{file}.png)\n\n```python\n{code.strip()}\n```\n"
        )
    _PAGE.write_text("\n".join(parts), "utf-8")
    return written
