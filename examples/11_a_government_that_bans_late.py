"""A government that bans when its networks depend too much: a policy that answers what happens.

Mexico orders Chinese vendors out, with six years' notice, as soon as their share of its radio networks passes
a threshold in most draws. What it then pays depends on how long it has waited.
"""

import numpy as np

import standards_net as sn

NOTICE = 6  # years until all equipment must be out
THRESHOLDS = (0.6, 0.8)


def main(draws: int = 32, until: int = 2035) -> dict[float, float]:
    world, costs = sn.load_world(), {}
    for threshold in THRESHOLDS:
        asked = {"draws": draws, "rng": 11, "until": until, "technologies": "radio"}
        course = sn.begin(world, "chinese-standard-lead", **asked)
        banned, paid = None, np.zeros(draws)
        while not course.done:
            share = course.values("country_share", country="MEX", standard="china")
            if banned is None and np.mean(share > threshold) > 0.5:
                banned = course.year + 1
                order = {"who": ["MEX"], "vendors": ["china"], "from": banned, "remove_by": banned + NOTICE}
                course = course.changed(ban=[order])
            course = course.step()
            paid += course.values("country_cost_usd", country="MEX") / 1e9
        when = f"bans in {banned}" if banned else "never bans"
        print(f"Threshold {threshold:.0%}: Mexico {when}, USD {np.median(paid):.2f} bn until {until}.")
        costs[threshold] = float(np.median(paid))
    return costs


if __name__ == "__main__":
    main()
