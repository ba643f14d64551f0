"""Results of a diffusion: counts, states on request, and how each draw ended."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.checks import checked_array
from standards_net.core.arrays import FloatArray, IntArray
from standards_net.errors import StandardsNetError, one_of
from standards_net.frozen import Value, content_digest, plain_data
from standards_net.processes.process import UNASSIGNED, LabelArray

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["Diffusion"]

_SHOWN = (0.05, 0.5, 0.95)  # quantiles over draws


@dataclass(frozen=True, repr=False, eq=False)
class Diffusion(Value):
    """Ensemble of one process on one network. Built by :func:`standards_net.diffuse`.

    Arrays are read-only, and two diffusions are equal if process, labels and every value are.

    Attributes
    ----------
    process : str
    standards : tuple of str, length S
    names : sequence, length N
        Of the nodes.
    draws : (R,) array of int
        Numbers of the draws: 0, 1, ...; fewer if the run was interrupted.
    counts : (R, T + 1, S) array
        Number of nodes with each standard after each step (for shares: their sum over the nodes).
    status : (R,) array of str
        How each draw ended, values of :class:`standards_net.Status`.
    period : (R,) array of int
        Steps after which a cycling draw recurs; 0 for others.
    labels : (R, N) or (R, T + 1, N) array of uint8, or None
        Standard of each node, 255 for none: final with ``keep="final"``, of all steps with
        ``keep="all"``.
    states : (R, N, S) or (R, T + 1, N, S) array, or None
        The same for processes that move shares.
    provenance : mapping
        Versions, seed, draws, and the process with its parameters; no timestamp.
    """

    process: str
    standards: tuple[str, ...]
    names: Sequence[Any]
    draws: IntArray
    counts: IntArray | FloatArray
    status: np.ndarray
    period: IntArray
    labels: LabelArray | None
    states: FloatArray | None
    provenance: Mapping[str, Any]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything but the provenance."""
        names = [str(name) for name in self.names]
        arrays = (self.draws, self.counts, self.status, self.period, self.labels, self.states)
        return content_digest([self.process, self.standards, names], *arrays)

    @property
    def steps(self) -> int:
        """Steps that were run."""
        return int(self.counts.shape[1]) - 1

    @property
    def shares(self) -> FloatArray:
        """Shares of the standards among nodes that have one, (R, T + 1, S).

        Input of the concentration measures: ``hhi(d.shares)``. NaN while no node has a standard, which
        measures reject: select the draws and steps where ``d.adopted`` is above 0.
        """
        total = self.counts.sum(axis=2, keepdims=True).astype(np.float64)
        shares = np.full(self.counts.shape, np.nan)
        np.divide(self.counts, total, out=shares, where=total > 0)
        return shares

    @property
    def adopted(self) -> FloatArray:
        """Share of nodes that have some standard, (R, T + 1)."""
        return np.asarray(self.counts.sum(axis=2) / len(self.names))

    @property
    def adoption(self) -> FloatArray:
        """Final shares of each node, (R, N, S): input of ``fragmentation`` and ``find_blocs``.

        NaN for nodes without a standard, which measures reject: select draws in which every node has one.

        Raises
        ------
        StandardsNetError
            Final states were not kept.
        """
        if self.states is not None:
            return self.states if self.states.ndim == 3 else self.states[:, -1]
        if self.labels is None:
            raise StandardsNetError("final states were not kept; pass keep='final' or keep='all'.")
        last = self.labels if self.labels.ndim == 2 else self.labels[:, -1]
        shares: FloatArray = (last[..., None] == np.arange(len(self.standards))).astype(np.float64)
        shares[last == UNASSIGNED] = np.nan
        return shares

    def quantiles(self, standard: str, levels: Sequence[float] = _SHOWN) -> FloatArray:
        """Quantiles over draws of the share of nodes that have a standard, (levels, T + 1)."""
        if str(standard) not in self.standards:
            raise StandardsNetError(one_of("standard", standard, self.standards) + ".")
        checked_array("levels", levels, least=0.0, most=1.0)
        shares = self.counts[:, :, self.standards.index(str(standard))] / len(self.names)
        return np.asarray(np.quantile(shares, levels, axis=0))

    def to_frame(self) -> pd.DataFrame:
        """Long table: draw, step, standard, count, share of all nodes; status and period of the draw."""
        import pandas as pd

        draws, times, count = self.counts.shape
        return pd.DataFrame(
            {
                "draw": np.repeat(self.draws, times * count),
                "step": np.tile(np.repeat(np.arange(times), count), draws),
                "standard": np.tile(np.array(self.standards), draws * times),
                "count": self.counts.ravel(),
                "share": self.counts.ravel() / len(self.names),
                "status": np.repeat(self.status, times * count),
                "period": np.repeat(self.period, times * count),
            }
        )

    def to_xarray(self) -> xr.Dataset:
        """Dataset with dimensions draw, step, standard and, where states were kept, node."""
        import xarray as xr

        dims = ("draw", "step", "standard")
        # Not every netCDF format has unsigned bytes; int16 keeps 255 for none.
        labels = None if self.labels is None else self.labels.astype(np.int16)
        data: dict[str, Any] = {
            "count": (dims, self.counts, {"units": "nodes", "long_name": "nodes with the standard"}),
            "status": (("draw",), self.status, {"long_name": "how the draw ended"}),
            "period": (("draw",), self.period, {"units": "steps", "long_name": "period of a cycling draw"}),
        }
        for name, values, last in (("label", labels, ()), ("adoption", self.states, ("standard",))):
            if values is not None:
                over = ("draw", "step", "node") if values.ndim == 3 + len(last) else ("draw", "node")
                data[name] = ((*over, *last), values, {"units": "1"})
        coords = {"draw": self.draws, "step": np.arange(self.steps + 1), "standard": list(self.standards)}
        if self.labels is not None or self.states is not None:
            names = np.empty(len(self.names), dtype=object)
            names[:] = [name if isinstance(name, int | str) else str(name) for name in self.names]
            coords["node"] = names
        return xr.Dataset(data, coords, {"process": self.process, **_plain(self.provenance)})

    def __repr__(self) -> str:
        """One line."""
        return (
            f"<Diffusion: {self.process}, {len(self.names)} nodes, draw {len(self.draws)}, "
            f"step {self.steps}, standard {len(self.standards)}; {self._ends()}>"
        )

    def _ends(self) -> str:
        """Number of draws by status."""
        kinds: dict[str, int] = {}
        for status, period in zip(self.status.tolist(), self.period.tolist(), strict=True):
            kind = f"{status} with period {period}" if period else status
            kinds[kind] = kinds.get(kind, 0) + 1
        return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{html.escape(name)}</th>"
            + "".join(f"<td>{share:.1%}</td>" for share in self.quantiles(name)[:, -1])
            + "</tr>"
            for name in self.standards
        )
        return (
            f"<table><caption>{html.escape(self.process)}: share of {len(self.names):,} nodes after "
            f"{self.steps} steps, {len(self.draws):,} draws ({html.escape(self._ends())})</caption>"
            f"<tr><th>standard</th><th>5 %</th><th>median</th><th>95 %</th></tr>{rows}</table>"
        )


def _plain(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as netCDF can store them: numbers and text, and JSON text of everything else."""
    return {
        key: value if isinstance(value, int | float | str) else json.dumps(plain_data(value))
        for key, value in mapping.items()
    }
