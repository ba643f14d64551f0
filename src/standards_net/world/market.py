"""One technology of the world: its vendors and the installed base of each country."""

from __future__ import annotations

from dataclasses import dataclass

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.frozen import Value

__all__ = ["Market"]


@dataclass(frozen=True, eq=False)
class Market(Value):
    """One technology: its vendors and the installed base of 2019 by country. Arrays are read-only.

    Attributes
    ----------
    technology : str
        ``5g`` or ``iot``.
    vendors, vendor_names : tuple of str, length V
    vendor_poles : tuple of str
        Pole to which the vendor belongs, or ''.
    vendor_standards : tuple of str
        Standard that the vendor implements.
    vendor_homes : tuple of str
        Home economy of the vendor, or '' for pools of several.
    price_index : (V,) array
        Price level of 2019, relative to Ericsson and Nokia.
    share : (N,) array
        Market size: share of world demand, summing to 1.
    adoption : (N, V) array
        Shares of the installed base in 2019; rows sum to 1.
    unrestricted : (N, V) array
        Shares expected if no policy excluded a vendor; rows sum to 1.
    log_sd : (N, V) array
        Standard deviation of the log of the shares.
    factors : (N, V, K) array
        Loadings of these errors on the K random numbers of a country; rows of length 1.
    estimated : (N,) array of bool
        Whether no share of the country was observed.
    deployment : (N,) array
        Share of the potential market served at the end of 2019.
    launch_year : (N,) array
        Year of first commercial service.
    launch_estimated : (N,) array of bool
    """

    technology: str
    vendors: tuple[str, ...]
    vendor_names: tuple[str, ...]
    vendor_poles: tuple[str, ...]
    vendor_standards: tuple[str, ...]
    vendor_homes: tuple[str, ...]
    price_index: FloatArray
    share: FloatArray
    adoption: FloatArray
    unrestricted: FloatArray
    log_sd: FloatArray
    factors: FloatArray
    estimated: BoolArray
    deployment: FloatArray
    launch_year: FloatArray
    launch_estimated: BoolArray
