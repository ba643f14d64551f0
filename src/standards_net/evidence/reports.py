"""What was reported after 2019: Chinese vendors' shares of 5g radio, by country and of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standards_net.errors import StandardsNetError
from standards_net.tables import read_tables
from standards_net.world.world import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CHINESE", "share_reports", "world_share_reports"]

CHINESE = ("huawei", "zte")


def share_reports(world: World) -> pd.DataFrame:
    """Chinese vendors' share of a country's 5g radio base.

    China itself is left out: its home market is no choice between the two.

    Returns
    -------
    DataFrame
        ``country``, ``year``, ``share``, and ``bound``: ``above`` where only "more than" was reported.

    Raises
    ------
    StandardsNetError
        None of these countries is in the world.

    Examples
    --------
    >>> import standards_net as sn
    >>> share_reports(sn.load_world()).columns.tolist()
    ['country', 'year', 'share', 'bound']
    """
    table = read_tables().frames["country_radio_shares"]
    rows = table[
        (table["generation"] == "5g")
        & (table["vendor"] == "huawei+zte")
        & table["operator"].isna()
        & table["country"].isin(world.countries)
        & (table["country"] != "CHN")
        & table["year"].between(2020, 2025)
    ]
    if rows.empty:
        raise StandardsNetError(
            "no country of this world has a reported 5g share; the scorecard needs some of those in "
            "vendors/country_radio_shares.csv."
        )
    rows = rows.sort_values(["country", "year"]).drop_duplicates(["country", "year"])
    return rows[["country", "year", "share", "bound"]].reset_index(drop=True)


def world_share_reports() -> pd.DataFrame:
    """Share of Chinese vendors together in world radio revenue, in years in which both are reported.

    Returns
    -------
    DataFrame
        ``year``, ``share``.

    Examples
    --------
    >>> bool(world_share_reports()["year"].min() >= 2019)
    True
    """
    table = read_tables().frames["reported_shares"]
    rows = table[
        (table["technology"] == "radio") & (table["market"] == "world") & table["vendor"].isin(CHINESE)
    ]
    total = rows.groupby("year")["share"].sum(min_count=len(CHINESE))
    both = total[rows.groupby("year")["vendor"].nunique() == len(CHINESE)].dropna()
    return both[both.index >= 2019].rename("share").reset_index()
