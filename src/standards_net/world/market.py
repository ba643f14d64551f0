"""One technology of the world: its vendors, and the installed base of each country and operator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.frozen import Value

__all__ = ["Market", "Operators"]


@dataclass(frozen=True, eq=False)
class Operators(Value):
    """The operators that buy, O in all, and draws of their installed base of 2019. Arrays are read-only.

    Attributes
    ----------
    names : tuple of str, length O
        Names are unique within a country; ``all operators`` stands for a country without named ones.
    country_of : (O,) array of int
        Index of each operator's country; operators of a country stand together.
    weight : (O,) array
        Share of the country's subscribers; sums to 1 in each country.
    adoption : (O, V) array
        Mean shares of the installed base; rows sum to 1.
    draws : (O, V, M) array of uint16
        Joint draws of the posterior of these shares, in units of 1/65535. Draw m belongs together over
        operators and technologies.
    sampled : (O,) array of bool
        False where the draws do not apply: there the country's own row of the adoption table counts.
    """

    names: tuple[str, ...]
    country_of: IntArray
    weight: FloatArray
    adoption: FloatArray
    draws: np.ndarray
    sampled: BoolArray


@dataclass(frozen=True, eq=False)
class Market(Value):
    """One technology: its vendors and the installed base of 2019 by country. Arrays are read-only.

    Attributes
    ----------
    technology : str
        Short name, such as ``radio``.
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
    pace, pace_sd : (N,) array or None
        Speed of deployment after launch relative to the rates of the parameters, and the standard deviation
        of its logarithm; 1 and 0 everywhere if None.
    label : str
        Name for people.
    bases : tuple of str
        Older and newer installed base, such as ``("4g", "5g")``: then adoption is of the older base in 2019,
        and deployment of the newer one replaces it. Empty if there is one base.
    operators : Operators or None
        Who buys; None if each country buys as one.
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
    pace: FloatArray | None = None
    pace_sd: FloatArray | None = None
    label: str = ""
    bases: tuple[str, ...] = ()
    operators: Operators | None = None

    @property
    def country_of(self) -> IntArray:
        """Index of each buyer's country, (O,): operators where they are known, else countries."""
        return np.arange(len(self.share)) if self.operators is None else self.operators.country_of

    @property
    def weight(self) -> FloatArray:
        """Part of each buyer in its country's market, (O,); sums to 1 in each country."""
        return np.ones(len(self.share)) if self.operators is None else self.operators.weight
