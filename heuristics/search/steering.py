"""Steering of prices: what is exceeded gets dearer until enough solutions are feasible.

Vidal et al. (2012), Operations Research 60:611, adapt penalties so; here after each slice.
"""

from __future__ import annotations

from math import exp, log

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    BEST,
    DISTANCE_WEIGHT,
    LATENESS,
    LOAD_WEIGHT,
    OVERLOAD,
    OVERRUN,
    TIME_WEIGHT,
)
from polyroute.heuristics.search.setting import PRICE_RANGE, Setting

Array = np.ndarray

STEER_EVERY = 100
"""Iterations for one step of the prices."""

LEAST_STEPS = 300
"""Steps of the prices in a run, however short, so that they can find their level."""

LEAST_PRICES = np.array([1.0, 1.0 / PRICE_RANGE, 1.0 / PRICE_RANGE])
"""The least prices, in the first ones. Were load any cheaper, whole routes would be merged into
overloaded ones, and the search would fall apart each time that prices come down."""


def steps_of(iterations: int, progress: float) -> float:
    """Steps for so many iterations that are that share of a run."""
    return max(iterations / STEER_EVERY, progress * LEAST_STEPS)


def remembered(known: float, share: float, steps: float, memory: float) -> float:
    """The share of feasible solutions lately, after so many steps with `share` of them."""
    return known + (1.0 - (1.0 - memory) ** steps) * (share - known)


def steer(total: Array, setting: Setting, share: float, found: bool, steps: float) -> None:
    """Adapt the prices in `total` to the share of feasible solutions lately.

    What is not exceeded does not get dearer; as long as none is `found`, the rest does fast.
    """
    params = setting.params
    up = _raised(params.penalty_up if found else params.penalty_rush, steps)
    down = _raised(params.penalty_down, steps)
    for excess, weight in (
        (OVERLOAD, LOAD_WEIGHT),
        (LATENESS, TIME_WEIGHT),
        (OVERRUN, DISTANCE_WEIGHT),
    ):
        if share >= params.feasible_share:
            total[weight] *= down
        elif total[excess] > 0:
            total[weight] *= up
    prices, first = total[LOAD_WEIGHT:BEST], setting.first_prices
    np.clip(prices, first * LEAST_PRICES, first * PRICE_RANGE, out=prices)


def _raised(factor: float, steps: float) -> float:
    """The factor of so many steps, as far as the range of the prices goes."""
    most = 2.0 * log(PRICE_RANGE)
    return exp(min(max(log(factor) * steps, -most), most))
