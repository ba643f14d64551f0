"""Two models in step: a trade model and this one exchange tariffs and adoption at the end of each year.

The trade model is a toy: importers answer Chinese vendors' share of their networks with a tariff on Chinese
equipment, the higher the larger their deficit with China. The tariff goes into next year's choice of vendors;
their new shares go back into the trade model.
"""

import numpy as np
import pandas as pd

import standards_net as sn

SECURITY_TARIFF = 0.5  # at a share of one, for a country that only imports from China


def tariffs(world: sn.World, chinese_share: np.ndarray) -> pd.DataFrame:
    """Tariff of each importer on China, from the median Chinese share of its networks."""
    china = world.countries.index("CHN")
    dependence = world.trade_usd[:, china] / world.trade_usd.sum(axis=1)
    rates = SECURITY_TARIFF * np.median(chinese_share, axis=0) * dependence / dependence.max()
    rates[china] = 0.0
    return pd.DataFrame({"CHN": rates}, index=list(world.countries))


def main(draws: int = 32, until: int = 2030) -> dict[str, float]:
    world = sn.load_world()
    course = sn.begin(world, "status-quo-2019", draws=draws, rng=11, until=until, technologies="radio")
    alone = course
    while not course.done:
        answered = tariffs(world, course.values("country_share", standard="china"))
        course, alone = course.given(tariff=answered).step(), alone.step()
        coupled, uncoupled = (float(np.median(c.values("china_share"))) for c in (course, alone))
        print(f"{course.year}: Chinese-led share {coupled:.3f} with tariffs, {uncoupled:.3f} without")
    return {"coupled": coupled, "alone": uncoupled}


if __name__ == "__main__":
    main()
