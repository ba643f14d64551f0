"""The scorecard in words, for the command, the report and the page."""

from __future__ import annotations

import pandas as pd

from standards_net.evidence.rules import RULES

__all__ = ["MODEL", "in_points", "score_sentences"]

MODEL = "model, own reports left out"
_MAIN = "all but zeros by order"


def score_sentences(table: pd.DataFrame) -> list[str]:
    """What the scorecard says, failures included.

    Parameters
    ----------
    table : DataFrame
        From :func:`standards_net.evidence.scorecard`.

    Returns
    -------
    list of str
        One finding each.
    """
    rows = table.set_index(["reports", "forecast"])
    found = []
    for which in ("all reports", _MAIN):
        model = rows.loc[which, MODEL]
        rules = rows.loc[which].loc[list(RULES)]
        best = rules["error"].idxmin()
        gap = model["error"] - rules.loc[best, "error"]
        within = "within" if gap <= rules.loc[best, "error_se"] else "beyond"
        beats = [name for name in RULES if model["error"] < rules.loc[name, "error"]]
        errors = _points(model, "error"), _points(rules.loc[best], "error")
        about = f"{which.capitalize()} (n = {model['n']:.0f}): the median misses by {errors[0]} points"
        found.append(
            f"{about}, less than {len(beats)} of {len(rules)} simple rules; the best of them ({best}) misses "
            f"by {errors[1]}, and the model is {within} its standard error of it."
            if gap > 0.0
            else f"{about}, the best simple rule ({best}) by {errors[1]}."
        )
        found.append(
            f"Its 90 % intervals hold {_percent(model, 'inside_90')} % of them, its 50 % intervals "
            f"{_percent(model, 'inside_50')} %; CRPS {model['crps']:.3f} (± {model['crps_se']:.3f})."
        )
    prior = rows.loc["all reports", "model, priors alone"]
    model = rows.loc["all reports", MODEL]
    gap = 100 * (model["crps"] - prior["crps"])
    found.append(
        f"The calibrated model scores {abs(gap):.1f} points of CRPS {'worse' if gap > 0 else 'better'} than "
        f"the priors alone ({100 * model['crps']:.1f} against {100 * prior['crps']:.1f}), "
        f"{'within' if abs(gap) <= 100 * model['crps_se'] else 'beyond'} its standard error: most of what a "
        "country does is its own."
    )
    world = rows.loc["world share of revenue", "model"]
    found.append(
        f"World shares of revenue (n = {world['n']:.0f}): off by {100 * world['error']:.1f} points; 90 % "
        f"intervals hold {100 * world['inside_90']:.0f} %."
    )
    return found


def in_points(table: pd.DataFrame) -> pd.DataFrame:
    """The scorecard for people: points and per cent, standard errors beside."""
    shown = {"reports": table["reports"], "forecast": table["forecast"], "n": table["n"].astype(int)}
    for name, title in (("error", "error, points"), ("crps", "CRPS, points")):
        shown[title] = [_points(row, name) for _, row in table.iterrows()]
    for name, title in (("inside_50", "inside 50 %"), ("inside_90", "inside 90 %")):
        shown[title] = [_percent(row, name) for _, row in table.iterrows()]
    shown["log score"] = [_plain(row, "log_score") for _, row in table.iterrows()]
    return pd.DataFrame(shown)


def _points(row: pd.Series, name: str) -> str:
    return _with_error(100 * row[name], 100 * row[f"{name}_se"], 1)


def _percent(row: pd.Series, name: str) -> str:
    return _with_error(100 * row[name], 100 * row[f"{name}_se"], 0)


def _plain(row: pd.Series, name: str) -> str:
    return _with_error(row[name], row[f"{name}_se"], 2)


def _with_error(value: float, error: float, digits: int) -> str:
    if value != value:  # NaN: a rule has no interval
        return ""
    return f"{value:.{digits}f}" + (f" (± {error:.{digits}f})" if error == error else "")
