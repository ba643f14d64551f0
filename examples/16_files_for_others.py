"""One run for users of other programs: NetCDF, IAMC, GraphML, GEXF, JSON.

Writes into results/for_others: R, Julia and Panoply read result.nc, pyam iamc.csv, Gephi and Cytoscape the
graphs.
"""

from pathlib import Path

import standards_net as sn
from standards_net.results import write_graph


def main(folder: str = "results/for_others", draws: int = 64) -> list[str]:
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    result = sn.run(sn.load_world(), ["one-standard", "silos"], draws=draws, rng=11, until=2035)
    result.save(place / "result.nc")
    result.condensed().save(place / "condensed.nc")
    for regions in ("world", "groups", "countries"):
        table = result.to_iamc(regions, quantiles=(0.05, 0.5, 0.95))
        table.to_csv(place / f"iamc_{regions}.csv", index=False)
    for ending in ("graphml", "gexf", "json"):
        graph = result.to_networkx("silos", 2035, "radio", min_share=0.01)
        write_graph(graph, place / f"silos_2035_radio.{ending}")
    written = sorted(path.name for path in place.iterdir())
    print("\n".join(f"{place / name}: {(place / name).stat().st_size / 1e6:.2f} MB" for name in written))
    return written


if __name__ == "__main__":
    main()
