"""A custom scenario: what changes if India joins the allied ban in 2024."""

import numpy as np

import standards_net as sn


def main(draws: int = 200) -> dict[str, float]:
    world = sn.load_world()
    mine = {
        "name": "india-joins",
        "title": "The broad allied ban, and India joins in 2024",
        "extends": "broad-allied-ban",
        "alignment": [{"who": ["IND"], "pole": "us", "from": 2024}],
        "ban": [{"who": ["IND"], "vendors": ["china"], "from": 2024, "remove_by": 2030}],
    }
    result = sn.run(world, ["broad-allied-ban", mine], draws=draws, rng=1)
    table = result.against("broad-allied-ban").set_index(["technology", "measure"])
    found = {}
    for measure in ("beta", "interoperability_loss", "china_share", "total_usd"):
        row = table.loc[("radio", measure)]
        found[measure] = float(row["median"])
        print(
            f"{measure:<22} changes by {row['median']:+.3g} [{row['low']:+.3g}, {row['high']:+.3g}], "
            f"up in {100 * row['share_above_zero']:.0f} % of draws"
        )
    share = result.values("snapshot_share", scenario="india-joins", snapshot=2040, technology="radio")
    india = share[:, world.countries.index("IND"), result.position("standard", "china")]
    found["india"] = float(np.median(india))
    print(f"Chinese-led share in India in 2040: {100 * found['india']:.1f} %")
    return found


if __name__ == "__main__":
    main()
