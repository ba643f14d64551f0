"""Deployment: growth of the share of a market that is served at all."""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray

__all__ = ["bass_curve", "deployment_step"]


def deployment_step(
    deployment: FloatArray,
    innovation: FloatArray | float,
    imitation: FloatArray | float,
    speed: FloatArray | float = 1.0,
    years: float = 1.0,
) -> FloatArray:
    r"""Advance deployment by the exact solution of the generalised Bass equation.

    .. math:: \dot D = x\,(p + q D)(1 - D)

    with ``p`` and the speed ``x`` constant over the step. Spill-over from tied countries enters ``p``:
    pass ``innovation = p_i + q_x (W D)_i``. The step is exact for any length, so ``q_x = 0``
    reproduces the Bass curve and deployment never leaves [0, 1].

    Parameters
    ----------
    deployment : (..., N) array
        Share of the potential market served, 0 to 1.
    innovation : (..., N) array or float
        Rate of adoption that does not depend on earlier adoption, per year.
    imitation : (..., N) array or float
        Rate per unit of deployment reached, per year.
    speed : (..., N) array or float
        Multiplier of both rates (Bass, Krishnan & Jain 1994): above 1 where the product has become
        cheaper or better.
    years : float
        Length of the step.

    Returns
    -------
    (..., N) array
        Deployment after the step.

    References
    ----------
    Bass, F. M. (1969), Management Science 15(5), doi:10.1287/mnsc.15.5.215.
    Bass, F. M., Krishnan, T. V. & Jain, D. C. (1994), Marketing Science 13(3),
    doi:10.1287/mksc.13.3.203.

    Examples
    --------
    >>> import numpy as np
    >>> float(deployment_step(np.array(0.0), 0.03, 0.38, years=10.0).round(6))
    0.812803
    """
    reached = innovation + imitation * deployment
    left = (1.0 - deployment) * np.exp(-speed * (innovation + imitation) * years)
    denominator = reached + imitation * left
    moving = denominator > 0.0
    after = (reached - innovation * left) / np.where(moving, denominator, 1.0)
    return np.where(moving, after, deployment)


def bass_curve(years: FloatArray | float, innovation: float, imitation: float) -> FloatArray:
    r"""Closed form of Bass diffusion from an empty market.

    .. math:: F(t) = \frac{1 - e^{-(p+q)t}}{1 + (q/p)\,e^{-(p+q)t}}

    Parameters
    ----------
    years : array or float
        Time since launch.
    innovation, imitation : float
        ``p > 0`` and ``q >= 0``, per year.

    References
    ----------
    Bass, F. M. (1969), Management Science 15(5), doi:10.1287/mnsc.15.5.215.

    Examples
    --------
    >>> float(bass_curve(5.0, 0.03, 0.38).round(5))
    0.3312
    """
    decay = np.exp(-(innovation + imitation) * np.asarray(years, dtype=np.float64))
    return (1.0 - decay) / (1.0 + imitation / innovation * decay)
