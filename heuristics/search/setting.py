"""What all workers of a run share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.scale import fallen

Array = np.ndarray

PRICE_RANGE = 1e4
"""Prices stay within this factor of the first ones, on problems without a solution too."""


@dataclass(frozen=True)
class Setting:
    """Parameters, temperatures and prices, in the units of the problem."""

    params: SearchParams
    hot: float  # initial temperature
    cold: float  # final temperature
    first_prices: Array  # (3,): of a unit too much of load, of time and of distance
    depot: Array  # the depot's row of `cum`
    flat: bool  # whether nodes have positions in the plane
    falls: int = 1  # how often the temperature falls

    @property
    def highest_prices(self) -> Array:
        """Prices that hardly any saving can pay, (3,)."""
        return self.first_prices * PRICE_RANGE

    def temperature(self, cooled: float) -> float:
        """The temperature when that share of the cooling, from 0 to 1, is over."""
        return self.hot * (self.cold / self.hot) ** fallen(cooled, self.falls)
