"""Does it matter that operators choose, not countries? The same rule applied at both levels.

Each year every node picks a standard with logit probabilities that depend on its influencers: first 196
countries linked by ties, then 20,000 firms with the same country blocks (``synthetic_market``), of which
the largest are the operators on record. Then two features of the lower level only: groups that buy
together across borders, and national champions that start with another standard.
"""

import numpy as np

import standards_net as sn
from standards_net.processes import heat_bath

SIZE, STEPS, SENSITIVITY = 20_000, 10, 4.0


def by_country(labels: np.ndarray, market: sn.world.SyntheticMarket) -> np.ndarray:
    """Shares of the standards in each country, by size of the firms, (draws, countries, standards)."""
    shape = (len(labels), len(market.countries), len(market.standards))
    shares = np.zeros(shape)
    for s in range(shape[2]):
        held = (labels == s) * market.weight
        for draw, row in enumerate(held):
            shares[draw, :, s] = np.bincount(market.country, row, minlength=shape[1])
    return shares / shares.sum(axis=2, keepdims=True)


def main(draws: int = 64, size: int = SIZE) -> dict[str, dict[str, float]]:
    world = sn.load_world()
    weights = world.market("radio").share
    rule, found = heat_bath(SENSITIVITY), {}

    def report(what: str, adoption: np.ndarray) -> None:
        chinese = adoption[:, :, world.standards.index("china")] @ weights
        beta = sn.fragmentation(adoption, weights).beta
        found[what] = {"china": float(np.median(chinese)), "beta": float(np.median(beta))}
        spread = [np.quantile(values, [0.05, 0.5, 0.95]) for values in (chinese, beta)]
        cells = "   ".join(f"{m:6.3f} [{low:6.3f}, {high:6.3f}]" for low, m, high in spread)
        found[what]["beta_width"] = float(spread[1][2] - spread[1][0])
        print(f"{what:<42} {cells}")

    settings = {"steps": STEPS, "draws": draws, "keep": "final", "standards": world.standards}
    print(f"{'median [5 %, 95 %] of the draws':<42} {'Chinese-led share':<24}   effective markets (beta)")
    countries = sn.diffuse(world, rule, initial="2019", rng=1, **settings)
    report("196 countries that look abroad", countries.adoption)
    # Firms have four fifths of their contacts at home; for countries this is an equal weight on themselves.
    inward = heat_bath(SENSITIVITY, compatibility=0.2 * np.eye(3), switching_cost=0.8)
    countries = sn.diffuse(world, inward, initial="2019", rng=1, **settings)
    report("196 countries that look four fifths home", countries.adoption)
    market = sn.synthetic_market(world, size, rng=1)
    # Groups that buy together: as if each pair of members were linked by ten contacts.
    grouped, alone = market.matrix + 9.0 * market.group_matrix, market.matrix - market.group_matrix
    steered = np.where(market.champion, world.standards.index("west"), market.standard)
    settings |= {"rng": 1, "isolated": "keep"}
    for what, graph, start in (
        (f"{size:,} firms, no ties within groups", alone, market.standard),
        (f"{size:,} firms, groups buy together", grouped, market.standard),
        (f"{size:,} firms, champions begin with west", market.matrix, steered),
    ):
        firms = sn.diffuse(graph, rule, initial=start, **settings)
        report(what, by_country(firms.labels, market))
    return found


if __name__ == "__main__":
    main()
