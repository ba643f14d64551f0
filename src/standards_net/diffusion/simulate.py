"""Run a process on a network as an ensemble: blocks of draws, threads over blocks."""

from __future__ import annotations

import functools
import os
import platform
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.checks import checked_count, shown
from standards_net.diffusion.consistency import (
    check_assigned,
    check_content,
    check_no_isolated,
    check_process,
    check_state,
)
from standards_net.diffusion.initial_state import InitialState
from standards_net.diffusion.outcome import Diffusion
from standards_net.diffusion.parse_initial import parse_initial
from standards_net.diffusion.recorder import Recorder
from standards_net.errors import StandardsNetError, one_of
from standards_net.frozen import content_digest, plain_data
from standards_net.networks import Network, as_network, self_loops_for_isolated
from standards_net.processes.process import NetworkSetting, Process
from standards_net.progress import Progress
from standards_net.randomness import RandomNumbers, RNGLike, SeedLike, seed_of
from standards_net.threads import single_threaded_blas
from standards_net.world.world import World

__all__ = ["ISOLATED", "KEEP", "Interrupted", "diffuse"]

KEEP = ("counts", "final", "all")
ISOLATED = ("refuse", "keep")

_MAX_RECORDED = 1000  # entries of an array parameter; of larger ones the digest is recorded
_MAX_DRAWS = 2**32  # the number of a draw is a word of the counter of the random number generator
_BYTES_PER_BLOCK = {"labels": 2_000_000, "shares": 1_250_000}  # states that stay in cache


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during :func:`diffuse`.

    Attributes
    ----------
    finished : Diffusion or None
        The draws that were finished; None if there were none.
    """

    def __init__(self, finished: Diffusion | None) -> None:
        kept = "no draw was finished"
        if finished is not None:
            kept = f"{len(finished.draws)} draws were finished and are kept in .finished"
        super().__init__(f"interrupted; {kept}")
        self.finished = finished


def diffuse(
    graph: Any,
    process: Process,
    *,
    initial: Any,
    steps: int,
    draws: int | range = 1,
    rng: RNGLike | SeedLike | None = None,
    keep: str = "counts",
    threads: int | None = None,
    weight: str | None = "weight",
    tie: str | None = None,
    parallel: str | None = None,
    standards: Sequence[str] | None = None,
    isolated: str = "refuse",
    progress: Progress | None = None,
) -> Diffusion:
    """Run a process on a network, many draws side by side.

    Parameters
    ----------
    graph : networkx graph, igraph.Graph, scipy sparse matrix, (N, N) array, World or Network
        Converted once, never changed. A directed edge u -> v of a graph lets u influence v; entry (i, j)
        of a matrix is the weight with which j influences i (:func:`standards_net.networks.as_network`).
    process : Process
        From :mod:`standards_net.processes`, or your own.
    initial : object
        Initial state, one of:

        - mapping of node to standard, or of standard to a list of nodes; the others start with none;
        - mapping of standard to a share (floats): each node draws one, or none with what is
          missing to 1;
        - (N,) or (draws, N) array of labels: names, or numbers with -1 for none;
        - (N, S) or (draws, N, S) array of floats: shares of each node;
        - pandas Series or DataFrame, indexed by the nodes: labels, or shares by standard;
        - :func:`standards_net.diffusion.random_seeds`: the given number of nodes per standard,
          drawn anew in each draw;
        - for a World also ``"2019"``: adoption of 5g by standard in 2019.
    steps : int
    draws : int or range
        Number of draws, or their numbers: ``range(17, 18)`` runs draw 17 alone, with the same result as
        among others.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed, as in SPEC 7. The same seed gives the same draws, whatever their number and the threads.
    keep : {"counts", "final", "all"}
        States to keep: none, the last, or those of all steps.
    threads : int or None
        One per core if None.
    weight : str or None
        Edge attribute of a networkx or igraph graph; None gives all edges weight 1.
    tie : str or None
        Kind of tie of a World; None mixes all kinds by their default weights.
    parallel : {"sum", "max"} or None
        How to join parallel ties (:func:`standards_net.networks.as_network`); refused if None.
    standards : sequence of str or None
        Names and order of the standards; found in ``initial`` if None.
    isolated : {"refuse", "keep"}
        Treatment of nodes without influencers, if the process requires one: an error, or a self-loop.
        With a self-loop they keep their state, unless quality, random choice or noise changes it.
    progress : callable or None
        Called with (draws done, total draws).

    Returns
    -------
    Diffusion

    Raises
    ------
    StandardsNetError
        Invalid graph, process, initial state, steps, draws, threads or keep.
    Interrupted
        Ctrl-C; the finished draws are in its attribute ``finished``.

    Examples
    --------
    >>> import standards_net as sn
    >>> from standards_net.processes import heat_bath
    >>> d = sn.diffuse(sn.load_world(), heat_bath(3.0), initial="2019", steps=10, draws=16, rng=7)
    >>> d.standards, d.counts.shape
    (('china', 'west', 'open'), (16, 11, 3))
    """
    numbers = _numbers_of(draws)
    checked_count("threads", 1 if threads is None else threads)
    checked_count("steps", steps, 0)
    if progress is not None and not callable(progress):
        raise StandardsNetError(
            f"progress is {shown(progress)}; give a function of (draws done, total draws)."
        )
    for name, value, valid in (("keep", keep, KEEP), ("isolated", isolated, ISOLATED)):
        if str(value) not in valid:
            raise StandardsNetError(one_of(name, value, valid) + ".")
    check_process(process)
    network = as_network(graph, weight=weight, tie=tie, parallel=parallel)
    world = graph if isinstance(graph, World) else None
    initial_state = parse_initial(initial, network, numbers, standards, world)
    if not process.allows_isolated:
        network = self_loops_for_isolated(network) if isolated == "keep" else network
        check_no_isolated(network, process)
    if len(initial_state.standards) > process.deterministic_up_to:
        process = process._replace(deterministic=False)
    try:
        plan = process.prepare(network, initial_state.standards) if process.prepare else None
    except MemoryError:
        raise _no_memory(process, network, initial_state) from None
    seed = seed_of(rng)
    lanes = process.lanes(network) if process.lanes else 1
    # Blocks start at multiples of the lanes; draws before the first requested one are not returned.
    numbers, extra = range(numbers.start // lanes * lanes, numbers.stop), numbers.start % lanes
    recorder = Recorder.empty(process, network, initial_state.standards, numbers, steps, keep)
    job = _Job(process, network, initial_state, plan, seed, steps, recorder, np.zeros(1, np.uint8))
    blocks = _blocks(network, process, initial_state, numbers, lanes, threads)
    report = None if progress is None else _requested_only(extra, progress)

    def outcome(rows: Any) -> Diffusion:
        return recorder.outcome(rows, _provenance(process, seed, len(numbers) - extra))

    try:
        _in_threads(job, blocks, threads, report)
    except KeyboardInterrupt:
        done = np.flatnonzero(recorder.done[extra:]) + extra
        raise Interrupted(outcome(done) if len(done) else None) from None
    except MemoryError:
        raise _no_memory(process, network, initial_state) from None
    return outcome(slice(extra, None))


@dataclass(frozen=True)
class _Job:
    process: Process
    network: Network
    initial_state: InitialState
    plan: Any
    seed: int
    steps: int
    recorder: Recorder
    stop: npt.NDArray[np.uint8]

    def simulate(self, block: slice) -> int:
        """Simulate a block of draws, given as rows of the record; return the number of draws."""
        random = RandomNumbers(self.seed, self.recorder.numbers[block.start], block.stop - block.start)
        nodes = len(self.network)
        labels = self.initial_state.of(random, nodes) if self.process.moves == "labels" else _NO_LABELS
        shares = self.initial_state.shares_of(random, nodes) if self.process.moves == "shares" else None
        if self.process.moves == "labels" and not self.process.allows_unassigned:
            check_assigned(labels, self.network, self.process)
        setting = NetworkSetting(
            self.network, self.initial_state.standards, labels, shares, random, self.plan, self.stop
        )
        state = self.process.init(setting)
        check_state(self.process, state, setting, "init")
        self.recorder.start(block, state)
        for step in range(1, self.steps + 1):
            if self.stop[0]:
                return 0
            before = state
            stepped: Any = self.process.step(state, setting)
            if not (isinstance(stepped, tuple) and len(stepped) == 2 and hasattr(stepped[0], "step")):
                raise StandardsNetError(
                    f"step of process '{self.process.name}' must return (state, report); report may be None."
                )
            state, report = stepped
            check_state(self.process, state, setting, "step")
            if self.recorder.step(block, step, before, state, report, setting):
                break
        check_content(self.process, state, setting)
        self.recorder.finish(block, state, setting)
        return random.draws


_NO_LABELS = np.zeros((0, 0), np.uint8)


def _in_threads(job: _Job, blocks: list[slice], threads: int | None, progress: Progress | None) -> None:
    total, done = blocks[-1].stop, 0
    # Products inside a step must not start threads of their own.
    with single_threaded_blas(), ThreadPoolExecutor(threads) as pool:
        running = {pool.submit(job.simulate, block) for block in blocks}
        try:
            while running:
                # A wait without a timeout would block Ctrl-C on some systems.
                finished, running = _wait_briefly(running)
                done += sum(future.result() for future in finished)
                if progress is not None and finished:
                    progress(done, total)
        except BaseException:
            job.stop[0] = 1
            for future in running:
                future.cancel()
            raise


@functools.cache
def _version() -> str:
    return version("standards-net")


def _wait_briefly(running: set[Future[int]]) -> tuple[set[Future[int]], set[Future[int]]]:
    finished, rest = wait(running, timeout=0.1, return_when=FIRST_EXCEPTION)
    return finished, rest


def _blocks(
    network: Network,
    process: Process,
    initial_state: InitialState,
    numbers: range,
    lanes: int,
    threads: int | None,
) -> list[slice]:
    """Rows of the blocks of draws: small enough for the cache, whole lanes, work for every thread."""
    bytes_per_draw = len(network) * (8 * len(initial_state.standards) if process.moves == "shares" else 1)
    if process.draw_bytes:
        bytes_per_draw = process.draw_bytes(network, len(initial_state.standards))
    cached = max(_BYTES_PER_BLOCK[process.moves] // max(bytes_per_draw, 1), 1)
    share = -(-len(numbers) // (threads or os.cpu_count() or 1))
    size = max(min(cached, share) // lanes, 1) * lanes
    return [slice(at, min(at + size, len(numbers))) for at in range(0, len(numbers), size)]


def _no_memory(process: Process, network: Network, initial_state: InitialState) -> StandardsNetError:
    return StandardsNetError(
        f"out of memory: {process.name} with {len(initial_state.standards)} standards on {len(network):,} "
        "nodes; use fewer standards, a smaller network or fewer threads."
    )


def _numbers_of(draws: Any) -> range:
    """Numbers of the requested draws."""
    if not isinstance(draws, range):
        return range(checked_count("draws", draws, most=_MAX_DRAWS))
    if draws.step != 1 or draws.start < 0 or not draws:
        raise StandardsNetError(f"draws is {draws}; a range starts at 0 or more and has step 1.")
    checked_count("the end of draws", draws.stop, most=_MAX_DRAWS)
    return draws


def _requested_only(extra: int, progress: Progress) -> Progress:
    """The same, called with numbers of requested draws only."""
    return lambda done, total: progress(max(done - extra, 0), total - extra)


def _provenance(process: Process, seed: int, draws: int) -> dict[str, Any]:
    return {
        "standards_net": _version(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "process": {"name": process.name, "parameters": _recorded(process.parameters)},
        "seed": seed,
        "draws": draws,
    }


def _recorded(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a process as plain data; large arrays as their digest."""
    return {
        name: f"array of shape {value.shape}, sha256 {content_digest(value)}"
        if isinstance(value, np.ndarray) and value.size > _MAX_RECORDED
        else plain_data(value)
        for name, value in parameters.items()
    }
