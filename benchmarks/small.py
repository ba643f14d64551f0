"""Where the time of a small run goes, and of a process that makes one.

    python benchmarks/small.py

Prints Markdown: one scenario and technology, 64 draws, 2019 to 2040, by part (medians, one thread each; the
years are simulated while those before are measured, so that the larger of the two counts); and seconds from
the start of a process to its first answer, with all caches warm, by part.
"""

import statistics
import subprocess
import sys
import time

import standards_net as sn
from standards_net.ensemble.observation import measure_inputs
from standards_net.ensemble.over_draws import OverDraws
from standards_net.ensemble.recorder import Recorder, Recording
from standards_net.ensemble.request import checked_request
from standards_net.model.initial_draws import draw_initial
from standards_net.model.mechanism import trajectory
from standards_net.threads import single_threaded_blas

DRAWS = 64
START = """
import time
began = time.perf_counter()
import standards_net as sn
imported = time.perf_counter()
world = sn.load_world()
loaded = time.perf_counter()
import scipy.stats
drawing = time.perf_counter()
result = sn.run(world, "silos", draws=64, rng=1, technologies="radio")
ran = time.perf_counter()
sn.run(world, "silos", draws=64, rng=1, technologies="radio")
again = time.perf_counter()
print(imported - began, loaded - imported, drawing - loaded, ran - drawing - (again - ran), again - ran)
"""


def milliseconds(call, repeats=7):
    """Median wall time of a call, and what it gives."""
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        found = call()
        taken.append(1e3 * (time.perf_counter() - start))
    return statistics.median(taken), found


def of_a_small_run(world, technology):
    """Milliseconds by part."""
    asked = {"draws": DRAWS, "rng": 1, "technologies": technology}
    taken = {}
    with single_threaded_blas():
        taken["checked, compiled"], request = milliseconds(lambda: checked_request(world, "silos", **asked))
        (scenario,) = request.scenarios
        levers = request.levers([scenario])["silos", technology]
        draws = request.drawn()[technology].under(scenario)
        block = slice(0, DRAWS)
        taken["base of 2019 drawn"], _ = milliseconds(lambda: draw_initial(world, technology, 1, block))
        setting, layout, weights = draws.setting(block, levers), request.layout(), request.weights()
        taken["years simulated"], years = milliseconds(lambda: list(trajectory(request.mechanism, setting)))

        def measured():
            recorder = Recorder(layout, OverDraws(layout).take)
            recording = Recording(recorder, block, levers)
            for state, info in years:
                recording.year(state, measure_inputs(state, info, setting, weights))
            recording.end()

        taken["years measured and recorded"], _ = milliseconds(measured)
    taken["the whole run, two threads"], _ = milliseconds(lambda: sn.run(world, "silos", **asked))
    return taken


def of_a_start():
    """Seconds by part of a process of its own."""
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    return [float(one) for one in done.stdout.split()]


def main():
    world = sn.load_world()
    for technology in world.markets:
        sn.run(world, "silos", draws=DRAWS, rng=1, technologies=technology)
    found = {technology: of_a_small_run(world, technology) for technology in world.markets}
    print(f"One scenario, {DRAWS} draws, milliseconds\n")
    print(f"| part | {' | '.join(found)} |\n|---|{'---|' * len(found)}")
    for part in next(iter(found.values())):
        print(f"| {part} | {' | '.join(f'{taken[part]:.0f}' for taken in found.values())} |")
    rows = [of_a_start() for _ in range(5)]
    parts = (
        "package imported", "world loaded", "scipy.stats imported, for Sobol points", "compiled loops loaded",
        "run",
    )  # fmt: skip
    print("\nA process up to its first answer (radio), seconds\n\n| part | seconds |\n|---|---|")
    medians = [statistics.median(column) for column in zip(*rows, strict=True)]
    for part, value in zip(parts, medians, strict=True):
        print(f"| {part} | {value:.2f} |")
    print(f"| together | {sum(medians):.2f} |")


if __name__ == "__main__":
    main()
