"""Custom data: tables that override the bundled ones, and measures of observed shares without a run.

Here Kenya's adoption of 2019 is replaced by a guess; all other data stay as bundled.
"""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

import standards_net as sn
from standards_net.files import data_folder


def own_tables(folder: Path) -> None:
    """Write vendors/adoption.csv with Kenya's 5g shares replaced."""
    table = pd.read_csv(data_folder() / "vendors" / "adoption.csv", keep_default_na=False)
    kenya = (table["country"] == "KEN") & (table["technology"] == "radio")
    mine = {"huawei": 0.62, "zte": 0.08, "ericsson": 0.18, "nokia": 0.12}
    shares = table.loc[kenya, "vendor"].map(mine).fillna(0.0)
    table.loc[kenya, ["share", "unrestricted_share"]] = np.column_stack([shares, shares])
    table.loc[kenya, ["log_sd", "status", "source"]] = [0.05, "observed", "our own survey"]
    (folder / "vendors").mkdir()
    table.to_csv(folder / "vendors" / "adoption.csv", index=False)


def main() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own_tables(folder)
        mine, shipped = sn.load_world(folder), sn.load_world()
    found = {}
    for label, world in (("shipped", shipped), ("mine", mine)):
        market = world.market("radio")
        west = np.array([s != "china" for s in market.vendor_standards])
        shares = np.column_stack(
            [market.adoption[:, ~west].sum(axis=1), market.adoption[:, west].sum(axis=1)]
        )
        together = np.array([[1.0, 0.5], [0.5, 1.0]])
        loss = sn.interoperability_loss(shares, world.exchange, together)
        kenya = world.countries.index("KEN")
        found[label] = float(shares[kenya, 0])
        print(
            f"{label:<8} Chinese share in Kenya {100 * shares[kenya, 0]:.0f} %, effective markets "
            f"{sn.fragmentation(shares, market.share, together).beta:.3f}, world loss {100 * loss:.2f} %"
        )
    return found


if __name__ == "__main__":
    main()
