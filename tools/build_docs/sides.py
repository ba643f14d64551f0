"""The page on estimated politics: equations, coefficients, scores beside rules, examples."""

from __future__ import annotations

import numpy as np

from standards_net.alignment import restrictions, sides
from standards_net.politics import FEATURES, load_politics
from standards_net.politics.estimate import DOMAINS, Coefficients
from standards_net.world import World, load_world

__all__ = ["sides_page"]

_SHOWN = (
    "AUS", "BLR", "BRA", "CAN", "DEU", "EGY", "GBR", "HUN", "IDN", "IND", "IRN", "JPN", "KOR", "MEX", "NIC",
    "PAK", "PHL", "POL", "RUS", "SAU", "SGP", "TUR", "TWN", "VEN", "VNM", "ZAF",
)  # fmt: skip

_HEAD = """# Who sides with whom

Rendered by `make docs` from `data/politics/`; `make sides` repeats the fit, from the tables of this repository alone.
`standards-net sides [COUNTRY]` prints the chances, `standards_net.alignment.sides`, `side_drivers` and `restrictions`
return them.

**Sides.** From 2019 to 2022 countries were asked to sign one side's statements: on Hong Kong in the Human Rights
Council, on 5g security (Clean Network, bilateral statements), on data security (China's initiative and its regional
agreements). Who signed on one side took it; who signed neither, or both, is nonaligned. A multinomial logit with an
intercept for each domain predicts the side from seven features of 2019; the chance of a side is its mean over the two
domains.

**Restrictions.** Whether and when a country restricted Chinese network vendors up to 2025 (`policies.csv`) is a logit
hazard with the same features and a deviation for each year; whether those who restrict exclude, a logit of its own.
Years after 2025 repeat the mean hazard of the last three.

Slopes have normal priors around 0 whose width the evidence chooses; chances are means over the approximate posterior.
The features were cut from twenty (arms, troops, regime, finance and memberships were tried too) after their scores had been
seen: the larger set scored a little worse. Levels of the guarantee are graded by judgement, with hindsight. About ten rows of policy rest on Clean Network or bilateral statements: sides in
technology and restrictions are not independent labels.
"""


def sides_page() -> str:
    """The rendered page."""
    world, fit = load_world(), load_politics()
    width = len(DOMAINS) + len(FEATURES)
    us, china = fit.sides.mode[:width], fit.sides.mode[width:]
    error = np.sqrt(np.diag(fit.sides.covariance))
    n = len(fit.years)
    lines = [
        _HEAD,
        "## Coefficients",
        "",
        "Log-odds for one standard deviation of the feature, with standard errors: siding rather than not, restricting "
        "in a year, excluding if one restricts.",
        "",
        "| feature | meaning | to the United States | to China | restricts | excludes |",
        "|---|---|---|---|---|---|",
    ]
    for f, (name, meaning) in enumerate(FEATURES.items()):
        at = len(DOMAINS) + f
        cells = [
            f"{us[at]:+.2f} ({error[at]:.2f})",
            f"{china[at]:+.2f} ({error[width + at]:.2f})",
            _with_error(fit.restriction, 1 + n + f),
            _with_error(fit.exclusion, 1 + f),
        ]
        lines.append(f"| `{name}` | {meaning} | {' | '.join(cells)} |")
    years = ", ".join(
        f"{year} {100 / (1 + np.exp(-fit.restriction.mode[0] - fit.restriction.mode[1 + k])):.1f}"
        for k, year in enumerate(fit.years)
    )
    lines += ["", f"Hazard of a country with mean features, per cent a year: {years}.", ""]
    return "\n".join([*lines, *_scores(), *_chances(world), *_weaknesses()])


def _with_error(equation: Coefficients, at: int) -> str:
    return f"{equation.mode[at]:+.2f} ({equation.covariance[at, at] ** 0.5:.2f})"


def _scores() -> list[str]:
    scores = load_politics().scores
    lines = [
        "## Scores out of sample",
        "",
        "Area under the curve and Brier score of countries left out in ten folds (mean of five partitions) and of whole "
        "subregions left out; standard errors over countries. Targets: .88 and .115 in ten folds.",
        "",
        "| chance | n | happened | area | ± | Brier | ± | Brier of the base rate |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, s in scores.items():
        if "auc_se" in s:
            lines.append(
                f"| {name} | {s['n']} | {s['happened']} | {s['auc']:.3f} | {s['auc_se']:.3f} | {s['brier']:.3f} | "
                f"{s['brier_se']:.3f} | {s['brier_of_base_rate']:.3f} |"
            )
        elif "auc" in s:
            lines.append(f"| {name} (fitted) | {s['n']} | | {s['auc']:.3f} | | {s['brier']:.3f} | | |")
    lines.append("")
    for name, s in scores.items():
        if "log_score" in s:
            lines.append(
                f"- {name}: log score {s['log_score']:.2f} of {s['n']} choices between three; base rates "
                f"{s['log_score_of_base_rates']:.2f}."
            )
    return [*lines, ""]


def _chances(world: World) -> list[str]:
    table = sides(world).set_index("country")
    by_2025 = restrictions(world, until=2025).query("year == 2025").set_index("country")
    lines = [
        "## Chances",
        "",
        "Per cent, with 5 and 95 % of the posterior; restrictions by 2025, seen from 2019, beside what is on record.",
        "",
        "| country | United States | China | neither | restricts by 2025 | on record |",
        "|---|---|---|---|---|---|",
    ]
    for code in _SHOWN:
        row, policy = table.loc[code], by_2025.loc[code]
        cells = [_percent(row, side) for side in ("us", "china", "nonaligned")]
        status = world.policies["status_latest"].get(code)
        recorded = status.replace("_", " ") if isinstance(status, str) else ""
        lines.append(f"| {code} | {' | '.join(cells)} | {_percent(policy, 'restricts')} | {recorded} |")
    return [*lines, ""]


def _percent(row: object, name: str) -> str:
    mean, low, high = (100 * row[f"{name}{end}"] for end in ("", "_low", "_high"))  # type: ignore[index]
    return f"{mean:.0f} [{low:.0f}, {high:.0f}]"


def _weaknesses() -> list[str]:
    return [
        "## What it does not know",
        "",
        "- Signing a statement is cheap; a bloc with its own standard is not. Chances of siding are about the former.",
        "- With a whole subregion left out, siding with China on technology is predicted less well: regional agreements "
        "(Arab League, Central Asia) were signed by all their members at once.",
        "- Territorial disputes move few countries much (India, Vietnam, the Philippines, Japan): their intervals are wide.",
        '- Runs that draw policy (`policies = "drawn"`) use the mean chance of each country and year; countries are drawn '
        "independently of each other, given the features.",
        "",
    ]
