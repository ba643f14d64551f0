"""Another technology: satellite terminals, added by rows of tables alone, and a scenario that names it.

The figures are invented; what matters is which rows a technology needs.
"""

import tempfile
from pathlib import Path

import pandas as pd

import standards_net as sn
from standards_net.files import data_folder

VENDORS = {"constellation-us": ("USA", "us", "west", 0.7), "constellation-cn": ("CHN", "china", "china", 0.3)}
PARAMETERS = {
    # name: default, low, high; a fixed one has no ends
    "innovation": (0.02, 0.01, 0.03),
    "imitation": (0.3, 0.2, 0.4),
    "spill_over": (0.05, 0.0, 0.1),
    "lifetime": (6.0, 5.0, 8.0),
    "sector_research": (2e9, 1e9, 3e9),
    "market": (4e9, 3e9, 5e9),
    "network_value": (0.001, 0.0005, 0.002),
}


def bundled(name: str) -> pd.DataFrame:
    return pd.read_csv(data_folder() / name, keep_default_na=False, na_values=[""])


def with_satellite(folder: Path) -> None:
    """Write the five tables to which a technology adds rows: the bundled rows, and its own."""
    radio = bundled("vendors/vendors.csv").query("technology == 'radio'").iloc[0]
    markets = bundled("vendors/markets.csv").query("technology == 'iot'")
    rows = {
        "model/technologies.csv": [
            {"technology": "satellite", "name": "Satellite terminals", "meaning": "terminals"}
        ],
        "vendors/vendors.csv": [
            {**radio, "vendor": vendor, "name": vendor, "technology": "satellite", "home": home, "pole": pole,
             "standard": standard, "price_index": 1.0, "price_low": 1.0, "price_high": 1.0, "members": vendor}
            for vendor, (home, pole, standard, _) in VENDORS.items()
        ],
        "vendors/markets.csv": markets.assign(technology="satellite", deployment=0.02).to_dict("records"),
        "vendors/adoption.csv": [
            {"country": country, "technology": "satellite", "vendor": vendor, "share": share,
             "unrestricted_share": share, "log_sd": 0.2, "status": "estimated", "source": "invented"}
            for country in markets["country"]
            for vendor, (_, _, _, share) in VENDORS.items()
        ],
        "model/parameters.csv": [
            {"symbol": f"{name}_s", "name": f"{name}_satellite", "unit": "1", "default": default,
             "prior": "uniform", "low": low, "high": high, "least": 0, "group": "satellite",
             "meaning": name, "source": "invented"}
            for name, (default, low, high) in PARAMETERS.items()
        ],
    }  # fmt: skip
    for name, added in rows.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pd.concat([bundled(name), pd.DataFrame(added)]).to_csv(path, index=False)


def main() -> dict[str, float]:
    scenario = {
        "name": "two-constellations",
        "title": "Allies exclude the Chinese constellation",
        "ban": [{"who": ["us"], "vendors": ["china"], "technologies": ["satellite"], "from": 2022}],
    }
    with tempfile.TemporaryDirectory() as name:
        with_satellite(Path(name))
        world = sn.load_world(name)
    result = sn.run(world, ["status-quo-2019", scenario], draws=32, rng=1, until=2035)
    found = {}
    for who in ("DEU", "KEN"):
        shares = result.shares(who, technology="satellite", scenario="two-constellations")
        last = shares[(shares["year"] == 2035) & (shares["standard"] == "china")].iloc[0]
        found[who] = float(last["median"])
        print(f"{who}: Chinese constellation {100 * last['median']:.0f} % in 2035, {world}")
    costs = result.costs("DEU", scenario="two-constellations", technology="satellite")
    total = costs[(costs["item"] == "total") & (costs["year"] == 2035)].iloc[0]
    print(f"DEU: the exclusion costs USD {total['median'] / 1e6:.0f} m a year in 2035")
    return found


if __name__ == "__main__":
    main()
