"""Exponentials of whole arrays in place, by polynomials that the compiler vectorises.

exp x = 2^k 2^t with k the nearest integer to x / ln 2 and t = x / ln 2 - k: a Taylor polynomial gives
2^t, and k is added to the exponent bits. Relative errors are below 1e-14 (double) and 3e-7 (single);
arguments are clipped so that the result is a normal number.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray
from standards_net.core.compiled import compiled

__all__ = ["exponential", "exponential_single"]

_LOG2_E = 1.4426950408889634
_LN_2_HIGH, _LN_2_LOW = 0.6931471803691238, 1.9082149292705877e-10  # their sum is ln 2; k * high is exact
_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the nearest integer in the low bits
_MAX = 708.0
_P2, _P3, _P4, _P5, _P6, _P7 = (1.0 / math.factorial(k) for k in range(2, 8))
_P8, _P9, _P10, _P11 = (1.0 / math.factorial(k) for k in range(8, 12))

_LOG2_E_SINGLE, _ROUND_SINGLE = np.float32(_LOG2_E), np.float32(12582912.0)  # 1.5 * 2**23
_LN_2_HIGH_SINGLE, _LN_2_LOW_SINGLE = np.float32(0.693145751953125), np.float32(1.428606765330187e-06)
_MAX_SINGLE, _ONE = np.float32(87.0), np.float32(1.0)
_S2, _S3, _S4, _S5, _S6, _S7 = (np.float32(1.0 / math.factorial(k)) for k in range(2, 8))


@partial(compiled, contract=True)
def exponential(values: FloatArray) -> None:
    """Replace values (M, R) by their exponentials.

    Examples
    --------
    >>> x = np.array([[0.0, 1.0, -2.5]])
    >>> exponential(x)
    >>> bool(np.allclose(x, np.exp([[0.0, 1.0, -2.5]]), rtol=1e-14))
    True
    """
    for m in range(values.shape[0]):
        for r in range(values.shape[1]):
            x = values[m, r]
            x = x if x < _MAX else _MAX
            x = x if x > -_MAX else -_MAX
            shifted = x * _LOG2_E + _ROUND
            k = shifted - _ROUND
            t = (x - k * _LN_2_HIGH) - k * _LN_2_LOW
            p = _P7 + t * (_P8 + t * (_P9 + t * (_P10 + t * _P11)))
            p = 1.0 + t * (1.0 + t * (_P2 + t * (_P3 + t * (_P4 + t * (_P5 + t * (_P6 + t * p))))))
            bits = np.float64(p).view(np.int64) + (np.float64(shifted).view(np.int64) << 52)
            values[m, r] = np.int64(bits).view(np.float64)


@partial(compiled, contract=True)
def exponential_single(values: npt.NDArray[np.float32]) -> None:
    """As :func:`exponential`, in single precision.

    Examples
    --------
    >>> x = np.array([[0.0, 1.0, -2.5]], dtype=np.float32)
    >>> exponential_single(x)
    >>> bool(np.allclose(x, np.exp([[0.0, 1.0, -2.5]]), rtol=3e-7))
    True
    """
    for m in range(values.shape[0]):
        for r in range(values.shape[1]):
            x = values[m, r]
            x = x if x < _MAX_SINGLE else _MAX_SINGLE
            x = x if x > -_MAX_SINGLE else -_MAX_SINGLE
            shifted = x * _LOG2_E_SINGLE + _ROUND_SINGLE
            k = shifted - _ROUND_SINGLE
            t = (x - k * _LN_2_HIGH_SINGLE) - k * _LN_2_LOW_SINGLE
            p = _S2 + t * (_S3 + t * (_S4 + t * (_S5 + t * (_S6 + t * _S7))))
            p = _ONE + t * (_ONE + t * p)
            bits = np.int32(np.float32(p).view(np.int32)) + np.int32(
                np.float32(shifted).view(np.int32) << np.int32(23)
            )
            values[m, r] = np.int32(bits).view(np.float32)
