"""UNIX standards in 1988: the published landscape of Axelrod and Bennett (1993), reproduced exactly.

Nine firms chose between two alliances. Rivals of the same type (workstation specialists, computer
generalists) are hostile to each other, firms of different types neutral; sizes are shares of the market.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from standards_net.alignment.landscapes.landscape_theory import Landscape, landscape
from standards_net.alignment.landscapes.propensity import lowest_minima, read_landscape, recode_propensity
from standards_net.files import data_folder

PAIRS = (
    ("Sun", "AT&T"),
    ("Sun", "Prime"),
    ("AT&T", "IBM"),
    ("AT&T", "DEC"),
    ("DEC", "HP"),
    ("Sun", "Apollo"),
)


def robust_to(sizes: np.ndarray, propensity: np.ndarray, sign: float) -> float:
    """Largest propensity between firms of different types, of one sign, that keeps the same two minima."""
    minima = [found.labels for found in landscape(sizes, propensity).minima]
    same, other = 0.0, 1.0
    while other - same > 1e-9:
        middle = (same + other) / 2
        distant = np.where(propensity == 0.0, sign * middle, propensity)
        found = {minimum.labels for minimum in landscape(sizes, distant).minima}
        same, other = (middle, other) if found == set(minima) else (same, middle)
    return same


def together(labels: np.ndarray, weights: np.ndarray, names: Sequence[str]) -> dict[tuple[str, str], float]:
    """Share of the draws in which each pair is in the same bloc."""
    bloc = {name: labels[:, i] for i, name in enumerate(names)}
    return {pair: float(weights @ (bloc[pair[0]] == bloc[pair[1]]) / weights.sum()) for pair in PAIRS}


def main(draws: int = 1000) -> dict[str, Any]:
    names, sizes, propensity = read_landscape("unix1988")
    unix = landscape(sizes, propensity, names=names)
    published = pd.read_csv(data_folder() / "landscapes" / "unix1988_published.csv", index_col="firm")
    actual = unix.energy(published["actual_alliance"].to_dict())
    first = published["configuration_1"].loc[list(names)].to_numpy()
    right = first == published["actual_alliance"].map({"UI": "A", "OSF": "B"}).loc[list(names)].to_numpy()
    every = [unix.energy((0, *rest)) for rest in product((0, 1), repeat=len(names) - 1)]
    found = {
        "configurations": unix.configurations,
        "minima": len(unix.minima),
        "energies": [minimum.energy for minimum in unix.minima],
        "basins": [minimum.basin_size for minimum in unix.minima],
        "published": [unix.descend(published[f"configuration_{k}"].to_dict()) for k in (1, 2)],
        "actual": actual,
        "below_actual": sum(energy < actual - unix.tolerance for energy in every),
        "size_right": float(100 * sizes[right].sum() / sizes.sum()),
        "robust": [robust_to(sizes, propensity, sign) for sign in (-1.0, 1.0)],
        "base": together(*lowest_minima(sizes, [propensity]), names),
        "recoded": together(
            *lowest_minima(sizes, recode_propensity(propensity, draws, changes=3, rng=1988)), names
        ),
    }
    show(unix, found, right.sum(), draws)
    return found


def show(unix: Landscape, found: dict[str, Any], right: int, draws: int) -> None:
    """Print published results beside those computed here."""
    minima = [minimum.labels for minimum in unix.minima]
    same = sorted(found["published"]) == minima
    rows = (
        ("configurations", "256", f"{found['configurations']}"),
        ("minima", "2", f"{found['minima']}, {'the same' if same else 'DIFFERENT'}"),
        ("their energies", "equal", ", ".join(f"{energy:.1f}" for energy in found["energies"])),
        ("their basins", "equal", ", ".join(map(str, found["basins"]))),
        ("firms placed correctly", "8 of 9", f"{right} of {len(unix.names)}"),
        ("size placed correctly", "97 %", f"{found['size_right']:.2f} %"),
        ("energy of the actual outcome", "", f"{found['actual']:.1f}"),
        ("configurations below it", "", f"{found['below_actual']}"),
        ("same minima while |p| of distant firms <", "", f"{min(found['robust']):.6f}"),
    )
    print(f"{'UNIX 1988':<42}{'published':>12}  here")
    for what, theirs, ours in rows:
        print(f"{what:<42}{theirs:>12}  {ours}")
    members = unix.to_frame()
    for k, labels in enumerate(found["published"], start=1):
        row = members.loc[minima.index(labels)]
        print(f"\nConfiguration {k}: {row['bloc_1']}\n{'against':>15}: {row['bloc_2']}")
    print(
        f"\n{'In the same alliance, per cent':<30}{'as coded':>10}{f'three pairs recoded, {draws} draws':>36}"
    )
    for pair in PAIRS:
        before, after = 100 * found["base"][pair], 100 * found["recoded"][pair]
        print(f"{' and '.join(pair):<30}{before:>10.0f}{after:>36.0f}")


if __name__ == "__main__":
    main()
