"""Runs over a Dask client: worker processes of this machine or of many.

How workers come about (local, SSH, Kubernetes, SLURM) is the client's business; they need this package, and
one thread for each piece that they are to run at a time. A worker that is lost costs the pieces that it had.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from standards_net.checks import shown
from standards_net.ensemble.pieces import Part, Piece
from standards_net.ensemble.run import run as _run
from standards_net.errors import StandardsNetError
from standards_net.results import Result
from standards_net.scenario import ScenarioLike
from standards_net.world.world import World

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["executor", "run"]


def executor(client: Client) -> Executor:
    """Executor that runs pieces on a client's workers, for :func:`standards_net.run` and ``stream``.

    Parameters
    ----------
    client : distributed.Client

    Raises
    ------
    StandardsNetError
        Something else, or a client without workers.

    Examples
    --------
    >>> from distributed import Client  # doctest: +SKIP
    >>> sn.run(world, "silos", draws=100_000, executor=executor(Client("tcp://...")))  # doctest: +SKIP
    """
    return _OverClient(client)


def run(
    client: Client, world: World, scenarios: ScenarioLike | Sequence[ScenarioLike], **asked: Any
) -> Result:
    """Run over a client: the bytes of :func:`standards_net.run`, whose arguments it takes.

    Parameters
    ----------
    client : distributed.Client
    world, scenarios, **asked
        As in :func:`standards_net.run`.
    """
    if "executor" in asked:
        raise StandardsNetError("the executor is the client; leave it out.")
    return _run(world, scenarios, executor=executor(client), **asked)


class _OverClient(Executor):
    """Submits to a client; the world is sent once, and again by Dask where a worker was lost."""

    def __init__(self, client: Any) -> None:
        threads = getattr(client, "nthreads", None)
        if not callable(threads) or not callable(getattr(client, "submit", None)):
            raise StandardsNetError(f"client is {shown(client)}; give a distributed.Client.")
        if getattr(client, "asynchronous", False) or getattr(client, "status", "running") != "running":
            raise StandardsNetError("the client is closed or asynchronous; give one that is open and waits.")
        self._max_workers = sum(threads().values())
        if not self._max_workers:
            raise StandardsNetError(
                "the client has no workers; start some, or wait for them: wait_for_workers."
            )
        self._client, self._worlds = client, dict[str, Any]()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """A future of the client."""
        if function is not Piece.run:
            return self._client.submit(function, *args, pure=False, **kwargs)
        (piece,) = args
        world: World = piece.request.world
        if world.digest not in self._worlds:
            packed = zlib.compress(pickle.dumps(world), 1)
            self._worlds[world.digest] = self._client.submit(_unpacked, packed, pure=False)
        light = replace(piece, request=replace(piece.request, world=None))
        return _PartToCome(self._client.submit(_run_piece, light, self._worlds[world.digest], pure=False))


class _PartToCome:
    """A future of the client that tells of lost workers as executors do."""

    def __init__(self, future: Any) -> None:
        self._future = future

    def result(self) -> Part:
        """The part, once it is there."""
        from distributed import KilledWorker

        try:
            part: Part = self._future.result()
        except KilledWorker as error:
            raise BrokenExecutor(str(error)) from None
        return part

    def cancel(self) -> bool:
        """Give the piece up."""
        self._future.cancel()
        return True


def _unpacked(packed: bytes) -> World:
    """The world, in a worker."""
    world: World = pickle.loads(zlib.decompress(packed))
    return world


def _run_piece(piece: Piece, world: World) -> Part:
    """A part, in a worker."""
    return replace(piece, request=replace(piece.request, world=world)).run()
