"""Processes on networks compared with other programs, on the same graphs and tasks, in one run.

    python benchmarks/diffusion.py [--peers PYTHON] [--graph-tool PYTHON] [--only heat-bath ...]

Prints Markdown. `--peers` is a Python that has cynetdiff, pynetim, ndlib and mesa, `--graph-tool` one that
has graph-tool (benchmarks/peers/README.md describes how to install them); missing peers are reported.
Runs of the package and of a peer alternate, so that a noisy machine affects both; times are medians, on one
thread unless a row says two.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

import standards_net as sn
from standards_net.networks import as_network
from standards_net.processes import (
    heat_bath,
    independent_cascade,
    linear_threshold,
    logit,
    majority,
    q_voter,
    voter,
)

HERE = pathlib.Path(__file__).parent
REST = 0.3  # seconds before each run: BLAS threads keep spinning for a while
TURNS = 3  # runs of the package and of each peer, alternating
THIRDS, HALVES = {"a": 0.3334, "b": 0.3333, "c": 0.3333}, {"a": 0.5, "b": 0.5}


class Bench:
    """Interpreters of the peers, and graphs that are made once."""

    def __init__(self, options, folder):
        self.pythons = {
            "graph_tool": options.graph_tool,
            "networkx": sys.executable,
            **dict.fromkeys(("cynetdiff", "pynetim", "ndlib", "mesa"), options.peers),
        }
        self.folder = pathlib.Path(folder)

    def file(self, kind, n, weights=None):
        """Path of a saved graph, made if missing."""
        path = self.folder / f"{kind}-{n}-{weights}.npz"
        if not path.exists():
            wanted = [kind, str(n), str(path), *(("--weights", weights) if weights else ())]
            subprocess.run([sys.executable, HERE / "peers" / "graphs.py", *wanted], check=True)
        return path

    def network(self, kind, n, weights=None):
        """Network of the package: its rows hold influencers, those of the file followers."""
        with np.load(self.file(kind, n, weights)) as file:
            values = file["weights"] if weights else np.ones(len(file["indices"]))
            influences = sp.csr_array((values, file["indices"], file["indptr"]), shape=(n, n))
            seeds = [int(node) for node in file["seeds"]] if "seeds" in file.files else []
        return as_network(influences.T.tocsr()), seeds

    def peer(self, name, task, graph, *more):
        """Seconds per update or replicate, or None if the peer is missing."""
        python, out = self.pythons[name], self.folder / "out.json"
        if python is None:
            return None
        script = HERE / "peers" / f"run_{name}.py"
        wanted = [python, script, task, self.file(*graph), out, "--repeats", "1", *map(str, more)]
        subprocess.run(wanted, check=True, stderr=subprocess.DEVNULL)
        report = json.loads(out.read_text())
        if "missing" in report:
            self.pythons[name] = None
            return None
        return statistics.median(report["repeats"]) / report["updates"]


def ours(network, process, updates, **settings):
    """Seconds per update of the whole call, with the graph converted before."""
    settings = {"rng": 1, "threads": 1, **settings}
    before = time.perf_counter()
    sn.diffuse(network, process, **settings)
    return (time.perf_counter() - before) / updates


def alternating(work, peers):
    """Median times of the package and of each peer, in alternating runs."""
    work()  # compiles
    mine, theirs = [], {name: [] for name in peers}
    for _ in range(TURNS):
        for name, peer in peers.items():
            time.sleep(REST)
            theirs[name].append(peer())
        time.sleep(REST)
        mine.append(work())
    found = {name: None if None in times else statistics.median(times) for name, times in theirs.items()}
    return statistics.median(mine), found


def rows(title, unit, scale, cases):
    """Print a table: task, package, peers, ratios and targets."""
    print(
        f"\n## {title}\n\n| task | package, {unit} | peer | peer, {unit} | ratio | target |\n"
        + "|---" * 6
        + "|"
    )
    for task, work, peers, aims in cases:
        mine, theirs = alternating(work, peers)
        for name, seconds in theirs.items():
            shown = ("not installed", "") if seconds is None else (
                f"{seconds * scale:,.1f}", f"{seconds / mine:,.1f}"
            )  # fmt: skip
            aim = f"at least {aims[name]}" if name in aims else ""
            print(f"| {task} | {mine * scale:,.2f} | {name} | {shown[0]} | {shown[1]} | {aim} |", flush=True)


def heat_bath_rows(bench):
    n, steps = 100_000, 30
    network, _ = bench.network("regular", n)
    graph = ("regular", n)

    def work(update, draws):
        settings = {"initial": THIRDS, "steps": steps, "draws": draws}
        return lambda: ours(network, heat_bath(2.0, update=update), n * steps * draws, **settings)

    sync = {
        "graph-tool": lambda: bench.peer("graph_tool", "potts_sync", graph, "--updates", 3),
        "NDlib (voter, n = 1,000)": lambda: bench.peer(
            "ndlib", "voter", ("regular", 1000), "--updates", 2000
        ),
        "Mesa (n = 1,000)": lambda: bench.peer("mesa", "heat_bath", ("regular", 1000), "--updates", 5),
    }
    turns = {"graph-tool": lambda: bench.peer("graph_tool", "potts_async", graph, "--updates", 3)}
    aims = {"graph-tool": 100, "NDlib (voter, n = 1,000)": 1000, "Mesa (n = 1,000)": 1000}
    one = {"graph-tool": 20}
    rows(
        "Heat bath, three standards, 10 neighbours, n = 100,000", "ns per update", 1e9,
        [
            ("synchronous, 64 draws", work("synchronous", 64), sync, aims),
            ("synchronous, one draw", work("synchronous", 1), {"graph-tool": sync["graph-tool"]}, one),
            ("asynchronous, 64 draws", work("asynchronous", 64), turns, {}),
            ("asynchronous, one draw", work("asynchronous", 1), turns, {}),
        ],
    )  # fmt: skip


def opinion_rows(bench):
    n = 10_000
    network, _ = bench.network("regular", n)
    graph = ("regular", n)

    def work(process, draws=1, steps=1600):
        settings = {"initial": HALVES, "steps": steps, "draws": draws}
        return lambda: ours(network, process, n * steps * draws, **settings)

    def graph_tool(task, *more):
        return {"graph-tool": lambda: bench.peer("graph_tool", task, graph, "--updates", 30, *more)}

    ndlib = {"NDlib": lambda: bench.peer("ndlib", "q_voter", graph, "--updates", 300)}
    noisy, of_majority = majority(noise=0.5), ("majority_async", "--noise", 0.5)
    rows(
        "Opinions, asynchronous, 10 neighbours, n = 10,000", "ns per update", 1e9,
        [
            ("voter, one draw", work(voter()), graph_tool("voter_async"), {"graph-tool": 8}),
            ("voter, 16 draws", work(voter(), 16, 100), graph_tool("voter_async"), {"graph-tool": 8}),
            ("majority, noise 0.5", work(noisy), graph_tool(*of_majority), {"graph-tool": 4}),
            ("q-voter, q = 4, 16 draws", work(q_voter(4), 16, 20), ndlib, {"NDlib": 100}),
        ],
    )  # fmt: skip


def cascade_rows(bench):
    draws = 1000
    cases = []
    for task, process, kind, n, weights, more in (
        ("cascade, sparse", independent_cascade(), "ba", 10_000, "uniform", ()),
        ("threshold, sparse", linear_threshold(), "ba", 10_000, "cascade", ()),
        ("cascade, dense, reaching half", independent_cascade(), "dense", 200, "random", ()),
        ("cascade, dense, reaching nearly all", independent_cascade(), "dense", 200, "strong", ()),
        ("threshold, dense", linear_threshold(), "dense", 200, "threshold", ()),
    ):
        network, seeds = bench.network(kind, n, weights)
        short = "ic" if "cascade" in task else "lt"
        settings = {"initial": {"a": seeds}, "steps": 60, "draws": draws}

        def work(network=network, process=process, settings=settings):
            return ours(network, process, draws, **settings)

        def of(name, short=short, graph=(kind, n, weights), more=more):
            return lambda: bench.peer(name, short, graph, *more)

        peers = {"CyNetDiff": of("cynetdiff"), "PyNetIM": of("pynetim")}
        cases.append((task, work, peers, {"CyNetDiff": 8, "PyNetIM": 2}))
    rows("Cascades, 1,000 draws", "us per draw", 1e6, cases)


def one_at_a_time(ties, shares, beta, steps):
    """Plain numpy as usually written for one replicate: three standards."""
    for start in shares:
        x = start
        for _ in range(steps):
            odds = np.exp(beta * (ties @ x))
            x = odds / odds.sum(axis=1, keepdims=True)


def blocked(ties, shares, beta, steps):
    """Plain numpy with 64 replicates side by side."""
    nodes = shares.shape[1]
    for at in range(0, len(shares), 64):
        x = np.ascontiguousarray(shares[at : at + 64].transpose(1, 2, 0))
        for _ in range(steps):
            odds = np.exp(beta * (ties @ x.reshape(nodes, -1))).reshape(x.shape)
            x = odds / odds.sum(axis=1, keepdims=True)


def logit_rows(bench):
    n, steps, draws, beta = 200, 40, 1024, 2.77  # near the critical sensitivity: nothing settles early
    network, _ = bench.network("dense", n, "threshold")
    ties = network.shares.toarray() if sp.issparse(network.shares) else network.shares
    network = as_network(ties)
    start = np.random.default_rng(1).dirichlet(np.ones(3), (draws, n))

    def plain(function, threads, many):
        def work():
            with threadpool_limits(threads):
                before = time.perf_counter()
                function(ties, start[:many], beta, steps)
            return (time.perf_counter() - before) / many / steps

        return work

    def work(precision, threads):
        process = logit(beta, precision=precision)
        settings = {"initial": start, "steps": steps, "draws": draws, "threads": threads}
        return lambda: ours(network, process, draws * steps, **settings)

    cases = []
    for threads in (1, 2):
        peers = {
            "numpy, one at a time": plain(one_at_a_time, threads, 16),
            "numpy, blocked": plain(blocked, threads, draws),
        }
        aims = {"numpy, one at a time": 15, "numpy, blocked": 2} if threads == 2 else {}
        cases.append((f"double, {threads} thread{'s'[: threads - 1]}", work("double", threads), peers, aims))
        of_double = {"ours, double": work("double", threads)}
        aims = {"ours, double": 2}
        cases.append(
            (f"single, {threads} thread{'s'[: threads - 1]}", work("single", threads), of_double, aims)
        )
    mesa = {"Mesa": lambda: n * bench.peer("mesa", "logit", ("dense", n, "threshold"), "--beta", beta)}
    if bench.pythons["mesa"] is not None:
        cases.append(("double, 1 thread", work("double", 1), mesa, {}))
    rows("Logit, 200 countries, three standards, 1,024 draws of 40 steps", "us per draw and step", 1e6, cases)


def conversion_rows(bench):
    import networkx as nx

    with np.load(bench.file("regular", 100_000)) as file:
        indptr, indices = file["indptr"], file["indices"]
    sources = np.repeat(np.arange(100_000), np.diff(indptr))
    plain = nx.Graph(
        zip(sources[sources < indices].tolist(), indices[sources < indices].tolist(), strict=True)
    )
    weighted = plain.copy()
    for index, (_, _, data) in enumerate(weighted.edges(data=True)):
        data["weight"] = 1.0 + index % 7
    cases = []
    for task, graph in (("unweighted", plain), ("weighted", weighted)):

        def work(graph=graph):
            before = time.perf_counter()
            as_network(graph)
            return time.perf_counter() - before

        def scipy(graph=graph):
            before = time.perf_counter()
            nx.to_scipy_sparse_array(graph)
            return time.perf_counter() - before

        cases.append((task, work, {"networkx to scipy": scipy}, {"networkx to scipy": 1}))
    rows("Conversion of a networkx graph with 500,000 edges", "ms", 1e3, cases)


MILLION = """
import resource, time, numpy as np, scipy.sparse as sp, standards_net as sn
from standards_net.processes import heat_bath
rng, n = np.random.default_rng(1), 1_000_000
one, other = rng.integers(0, n, (2, 10_000_000), dtype=np.int32)
kept = one != other
one, other = one[kept], other[kept]
half = sp.coo_array((np.ones(len(one), np.float32), (one, other)), shape=(n, n)).tocsr()
graph = half + half.T
graph.data[:] = 1.0
del one, other, half, kept
begun = time.perf_counter()
d = sn.diffuse(graph, heat_bath(2.0), initial={"a": 0.4, "b": 0.3, "c": 0.3}, steps=3, draws=64, rng=1,
               isolated="keep")
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, graph.nnz // 2)
"""

SMALL = """
import time; begun = time.perf_counter()
import networkx as nx, standards_net as sn
from standards_net.processes import voter
sn.diffuse(nx.karate_club_graph(), voter(), initial={"a": 0.5, "b": 0.5}, steps=10, draws=10, rng=1)
print(time.perf_counter() - begun)
"""


def large_and_first_rows(bench):
    print("\n## A million nodes, and the first call\n")
    done = subprocess.run([sys.executable, "-c", MILLION], capture_output=True, text=True, check=True)
    seconds, gib, edges = map(float, done.stdout.split())
    print(
        f"- {edges / 1e6:.1f} million edges between a million nodes, heat bath, 64 draws, 3 steps: ", end=""
    )
    print(f"{seconds:.0f} s, at most {gib:.2f} GiB in the process, including the graph (target: 2 GiB).")
    for what in ("on a fresh installation", "after that"):
        fresh = os.environ | {"NUMBA_CACHE_DIR": str(bench.folder / "compiled")}
        done = subprocess.run(
            [sys.executable, "-c", SMALL], capture_output=True, text=True, check=True, env=fresh
        )
        print(f"- Import and a small run of the voter model {what}: {float(done.stdout):.1f} s.")


PARTS = {
    "heat-bath": heat_bath_rows,
    "opinions": opinion_rows,
    "cascades": cascade_rows,
    "logit": logit_rows,
    "hand-over": conversion_rows,
    "large": large_and_first_rows,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", help="Python with cynetdiff, pynetim, ndlib and mesa")
    parser.add_argument("--graph-tool", help="Python with graph-tool")
    parser.add_argument("--only", nargs="*", choices=PARTS, help="some tables only")
    options = parser.parse_args()
    print("# Processes on networks")
    subprocess.run([sys.executable, HERE / "peers" / "limits.py"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        for name in options.only or PARTS:
            PARTS[name](bench)


if __name__ == "__main__":
    main()
