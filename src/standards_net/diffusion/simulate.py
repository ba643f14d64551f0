"""Run a process on a network as an ensemble: blocks of draws, threads over blocks."""

from __future__ import annotations

import functools
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.checks import checked_count, shown
from standards_net.diffusion.consistency import (
    all_decided,
    check_content,
    check_process,
    check_state,
    nobody_alone,
)
from standards_net.diffusion.initial_state import InitialState
from standards_net.diffusion.outcome import Diffusion
from standards_net.diffusion.parse_initial import parse_initial
from standards_net.diffusion.recorder import Recorder
from standards_net.errors import StandardsNetError, one_of
from standards_net.frozen import content_digest, plain_data
from standards_net.networks import Network, as_network, isolated_look_to_themselves
from standards_net.processes.process import NetworkSetting, Process
from standards_net.randomness import RandomNumbers, RNGLike, SeedLike, seed_of
from standards_net.threads import single_threaded_blas
from standards_net.world.world import World

__all__ = ["ISOLATED", "KEEP", "Interrupted", "diffuse"]

KEEP = ("counts", "final", "all")
ISOLATED = ("refuse", "keep")

_RECORDED_ENTRIES = 1000  # of an array among the parameters of a process
_MOST_DRAWS = 2**32  # numbers of draws are words of the counter that luck is drawn with
_BYTES_A_BLOCK = {"labels": 2_000_000, "shares": 1_250_000}  # states that stay near the core


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during :func:`diffuse`.

    Attributes
    ----------
    finished : Diffusion or None
        The draws that were done; None if there were none.
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
    standards: Sequence[str] | None = None,
    isolated: str = "refuse",
    progress: Callable[[int, int], None] | None = None,
) -> Diffusion:
    """Run a process on a network, many draws side by side.

    Parameters
    ----------
    graph : networkx graph, igraph.Graph, scipy sparse matrix, (N, N) array, World or Network
        Converted once, never changed. A directed edge u -> v of a graph lets u influence v; entry (i, j)
        of a matrix says how much i looks to j (:func:`standards_net.networks.as_network`).
    process : Process
        From :mod:`standards_net.processes`, or your own.
    initial : object
        Who begins with what:

        - mapping of node to standard, or of standard to a list of nodes; the others begin with none;
        - mapping of standard to a share (floats): each node draws one, or none with what is missing to 1;
        - (N,) or (draws, N) array of labels: names, or numbers with -1 for none;
        - (N, S) or (draws, N, S) array of floats: shares of each node;
        - pandas Series or DataFrame, indexed by the nodes: labels, or shares by standard;
        - :func:`standards_net.diffusion.random_seeds`: so many nodes a standard, drawn anew in each draw;
        - of a World also ``"2019"``: adoption of 5g by standard in 2019.
    steps : int
    draws : int or range
        How many, from draw 0 on; or which: ``range(17, 18)`` runs draw 17 alone, as it was among others.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed, as in SPEC 7. The same seed gives the same draws, whatever their number and the threads.
    keep : {"counts", "final", "all"}
        Whether states are kept: none, the last, or those of all steps.
    threads : int or None
        As many as there are cores if None.
    weight : str or None
        Edge attribute of a networkx or igraph graph; None takes all edges alike.
    tie : str or None
        Of a World: the kind of tie; None mixes all kinds by their default weights.
    standards : sequence of str or None
        Names and order of the standards; found in ``initial`` if None.
    isolated : {"refuse", "keep"}
        What becomes of nodes that look to nobody, where the process needs a neighbour: an error, or they
        look to themselves. So they stay as they are, unless quality, chance or noise moves them.
    progress : callable or None
        Called with (draws done, draws in all).

    Returns
    -------
    Diffusion

    Raises
    ------
    StandardsNetError
        Impossible graph, process, beginning, steps, draws, threads or keep.
    Interrupted
        Ctrl-C; what was finished is in its attribute ``finished``.

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
            f"progress is {shown(progress)}; give a function of (draws done, draws in all)."
        )
    for name, word, valid in (("keep", keep, KEEP), ("isolated", isolated, ISOLATED)):
        if str(word) not in valid:
            raise StandardsNetError(one_of(name, str(word), valid) + ".")
    check_process(process)
    network = as_network(graph, weight=weight, tie=tie)
    world = graph if isinstance(graph, World) else None
    initial_state = parse_initial(initial, network, numbers, standards, world)
    if not process.allows_isolated:
        network = isolated_look_to_themselves(network) if isolated == "keep" else network
        nobody_alone(network, process)
    if len(initial_state.standards) > process.deterministic_up_to:
        process = process._replace(deterministic=False)
    try:
        plan = process.prepare(network, initial_state.standards) if process.prepare else None
    except MemoryError:
        raise _no_memory(process, network, initial_state) from None
    seed = seed_of(rng)
    lanes = process.lanes(network) if process.lanes else 1
    # Blocks begin at multiples of the lanes; what stands there before the first draw is not shown.
    numbers, unasked = range(numbers.start // lanes * lanes, numbers.stop), numbers.start % lanes
    recorder = Recorder.empty(process, network, initial_state.standards, numbers, steps, keep)
    job = _Job(process, network, initial_state, plan, seed, steps, recorder, np.zeros(1, np.uint8))
    blocks = _blocks(network, process, initial_state, numbers, lanes, threads)
    told = None if progress is None else _without(unasked, progress)

    def outcome(rows: Any) -> Diffusion:
        return recorder.outcome(rows, _provenance(process, seed, len(numbers) - unasked))

    try:
        _in_threads(job, blocks, threads, told)
    except KeyboardInterrupt:
        done = np.flatnonzero(recorder.done[unasked:]) + unasked
        raise Interrupted(outcome(done) if len(done) else None) from None
    except MemoryError:
        raise _no_memory(process, network, initial_state) from None
    return outcome(slice(unasked, None))


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

    def carry(self, block: slice) -> int:
        """Take a block of draws, rows of the record, through all steps; return how many there were."""
        random = RandomNumbers(self.seed, self.recorder.numbers[block.start], block.stop - block.start)
        nodes = len(self.network)
        labels = self.initial_state.of(random, nodes) if self.process.moves == "labels" else _NO_LABELS
        shares = self.initial_state.shares_of(random, nodes) if self.process.moves == "shares" else None
        if self.process.moves == "labels" and not self.process.allows_unassigned:
            all_decided(labels, self.network, self.process)
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
                    f"step of process '{self.process.name}' must give back (state, seen); seen may be None."
                )
            state, report = stepped
            check_state(self.process, state, setting, "step")
            if self.recorder.step(block, step, before, state, report, setting):
                break
        check_content(self.process, state, setting)
        self.recorder.finish(block, state, setting)
        return random.draws


_NO_LABELS = np.zeros((0, 0), np.uint8)


def _in_threads(
    job: _Job, blocks: list[slice], threads: int | None, progress: Callable[[int, int], None] | None
) -> None:
    total, done = blocks[-1].stop, 0
    # Products inside a step must not start threads of their own.
    with single_threaded_blas(), ThreadPoolExecutor(threads) as pool:
        running = {pool.submit(job.carry, block) for block in blocks}
        try:
            while running:
                # A wait without an end would not let Ctrl-C through on every system.
                finished, running = _some(running)
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


def _some(running: set[Future[int]]) -> tuple[set[Future[int]], set[Future[int]]]:
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
    """Rows of blocks of draws: as many as stay near the core, whole lanes, work for every thread."""
    bytes_a_draw = len(network) * (8 * len(initial_state.standards) if process.moves == "shares" else 1)
    if process.draw_bytes:
        bytes_a_draw = process.draw_bytes(network, len(initial_state.standards))
    near = max(_BYTES_A_BLOCK[process.moves] // max(bytes_a_draw, 1), 1)
    share = -(-len(numbers) // (threads or os.cpu_count() or 1))
    size = max(min(near, share) // lanes, 1) * lanes
    return [slice(at, min(at + size, len(numbers))) for at in range(0, len(numbers), size)]


def _no_memory(process: Process, network: Network, initial_state: InitialState) -> StandardsNetError:
    return StandardsNetError(
        f"memory ran out: {process.name} with {len(initial_state.standards)} standards on {len(network):,} "
        "nodes; take fewer standards, a smaller network or fewer threads."
    )


def _numbers_of(draws: Any) -> range:
    """Numbers of the draws that are asked for."""
    if not isinstance(draws, range):
        return range(checked_count("draws", draws, most=_MOST_DRAWS))
    if draws.step != 1 or draws.start < 0 or not draws:
        raise StandardsNetError(f"draws is {draws}; a range of draws goes up one by one from 0 or more.")
    checked_count("the end of draws", draws.stop, most=_MOST_DRAWS)
    return draws


def _without(unasked: int, progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """The same, told of the draws that were asked for only."""
    return lambda done, total: progress(max(done - unasked, 0), total - unasked)


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
    """Parameters of a process as plain data; of large arrays the digest."""
    return {
        name: f"array of shape {value.shape}, sha256 {content_digest(value)}"
        if isinstance(value, np.ndarray) and value.size > _RECORDED_ENTRIES
        else plain_data(value)
        for name, value in parameters.items()
    }
