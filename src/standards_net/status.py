"""How a draw ended: one vocabulary for runs of the yearly model and for diffusions."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Status"]


class Status(StrEnum):
    """How a draw stood when its run ended.

    Members are strings, so arrays of statuses compare with them: ``result.status == Status.SETTLED``.

    Examples
    --------
    >>> Status("settled") is Status.SETTLED
    True
    >>> Status.CYCLING.meaning
    'the state recurs with a fixed period'
    """

    SETTLED = "settled"
    CYCLING = "cycling"
    MOVING = "still moving"

    @property
    def meaning(self) -> str:
        """What the status says, in words."""
        return {
            Status.SETTLED: "nothing changed any more",
            Status.CYCLING: "the state recurs with a fixed period",
            Status.MOVING: "something still changed in the last step",
        }[self]
