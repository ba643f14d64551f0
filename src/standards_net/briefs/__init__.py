"""What a scenario means for one country: a page for whoever must brief somebody."""

from standards_net.briefs.brief import CountryBrief, brief_of, forecasts_of
from standards_net.briefs.page import brief_page
from standards_net.briefs.simulated import CountryRuns, run_countries
from standards_net.briefs.write import write_briefs

__all__ = [
    "CountryBrief", "CountryRuns", "brief_of", "brief_page", "forecasts_of", "run_countries", "write_briefs",
]  # fmt: skip
