"""Digital television, a standards war that is over: who chose which standard, by the model's choice.

Four families (ATSC, DVB, ISDB, DTMB) were chosen by 181 countries from 1998 on. The choice is fitted to
distance, borders, languages and colonial history, and scored on countries that were left out, beside
simple rules on the same countries. Those inside the area of the Geneva plan of 2006, which planned DVB,
and the originators are known but not scored: their choice was no question.
"""

from typing import Any

import numpy as np
import pandas as pd

import standards_net as sn
from standards_net.files import data_folder

EARTH_KM = 6371.0
REACHES_KM = {"near": 1000.0, "far": 3000.0}
SHARED = {
    "border": "border",
    "common_language": "language",
    "colonial_tie": "colonial tie",
    "common_coloniser": "coloniser",
}


def distances_km(places: pd.DataFrame) -> pd.DataFrame:
    """Great-circle distances between capitals."""
    north, east = np.radians(places["latitude"].to_numpy()), np.radians(places["longitude"].to_numpy())
    cosine = np.outer(np.sin(north), np.sin(north))
    cosine += np.outer(np.cos(north), np.cos(north)) * np.cos(np.subtract.outer(east, east))
    found = EARTH_KM * np.arccos(np.clip(cosine, -1.0, 1.0))
    return pd.DataFrame(found, index=places.index, columns=places.index)


def ties_between(places: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Weights of each kind of tie: nearness that fades with distance, and what two countries share."""
    away = distances_km(places)
    ties = {name: np.exp(-away / reach) for name, reach in REACHES_KM.items()}
    pairs = pd.read_csv(data_folder() / "history" / "ties.csv", keep_default_na=False)
    for column, name in SHARED.items():
        square = pd.DataFrame(0.0, index=places.index, columns=places.index)
        for country, other in pairs.loc[pairs[column] == 1, ["country", "other"]].itertuples(index=False):
            square.loc[country, other] = square.loc[other, country] = 1.0
        ties[name] = square
    return ties


def rule_scores(chosen: pd.Series, away: pd.DataFrame, group_of: pd.Series) -> dict[str, float]:
    """Accuracy of simple rules over the countries in ``group_of``, when a whole group is unknown."""
    right: dict[str, list[bool]] = {"majority": [], "nearest": [], "five nearest": []}
    for country, group in group_of.items():
        hidden = group_of.index[group_of == group]
        known = chosen.drop(hidden)
        near = known.loc[away.loc[country, known.index].sort_values(kind="stable").index]
        outside = known[known.index.isin(group_of.index)]
        said = {"majority": outside, "nearest": near.iloc[:1], "five nearest": near.iloc[:5]}
        for rule, voters in said.items():
            right[rule].append(voters.mode().iloc[0] == chosen[country])
    return {rule: float(np.mean(hits)) for rule, hits in right.items()}


def main() -> dict[str, Any]:
    table = pd.read_csv(data_folder() / "history" / "digital_television.csv", index_col="country")
    chosen = table["family"]
    ties = ties_between(table)
    fitted = sn.fit_choice(ties, chosen, rng=2006)
    scored = table[(table["ge06_area"] == 0) & (table["originator"] == 0)]
    alone = pd.Series(scored.index, index=scored.index)
    away = distances_km(table)
    found: dict[str, Any] = {
        "coefficients": fitted.coefficients,
        "countries": fitted.cross_validate(alone),
        "subregions": fitted.cross_validate(scored["subregion"]),
        "with years": sn.fit_choice(ties, chosen, years=table["year"], rng=2006).cross_validate(alone),
        "country rules": rule_scores(chosen, away, alone),
        "subregion rules": rule_scores(chosen, away, scored["subregion"]),
        "surprises": surprises(fitted, chosen[scored.index]),
    }
    # Their own subregion is what a country left out can look at, and a whole subregion left out cannot.
    own = [
        scored["family"].drop(country)[scored["subregion"].drop(country) == row.subregion].mode()
        for country, row in scored.iterrows()
    ]
    hits = [
        len(mode) > 0 and mode.iloc[0] == family for mode, family in zip(own, scored["family"], strict=True)
    ]
    found["country rules"]["own subregion"] = float(np.mean(hits))

    print("Coefficients, log-odds:")
    print(found["coefficients"].round(2).to_string())
    for which in ("countries", "subregions"):
        score = found[which]
        print(
            f"\n{which} left out: {score['accuracy']:.2f} (± {score['accuracy_se']:.2f}) of {score['n']:.0f} "
            f"right, log score {score['log_score']:.2f} (± {score['log_score_se']:.2f})"
        )
        rules = found["country rules" if which == "countries" else "subregion rules"]
        print("beside it: " + ", ".join(f"{rule} {accuracy:.2f}" for rule, accuracy in rules.items()))
    print("\nLeast expected: " + ", ".join(found["surprises"].index))
    return found


def surprises(fitted: sn.FittedChoice, chosen: pd.Series) -> pd.Series:
    """Probabilities of the five choices that were least expected, given what all others chose."""
    probability = fitted.predict(chosen.index)
    own = pd.Series([probability.loc[unit, family] for unit, family in chosen.items()], index=chosen.index)
    return own.sort_values().head(5)


if __name__ == "__main__":
    main()
