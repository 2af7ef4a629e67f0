"""Plans with their figures: what each route costs, and what it exceeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from polyroute.heuristics.kernels.arrays import DEPOT, GAIN, GROUPED, Load, Rich, Timed
from polyroute.heuristics.kernels.plan import NOT_SERVED, Plan, joined

Array = np.ndarray


class Costed(NamedTuple):
    """A plan, and what each of its routes costs."""

    plan: Plan
    lengths: Array  # (R,) float64
    excess: Array  # (R,) float64: over all limits

    @property
    def cost(self) -> float:
        """The length of all routes."""
        return float(self.lengths.sum())

    @property
    def exceeded(self) -> float:
        """What the routes exceed, over all limits."""
        return float(self.excess.sum())

    def select(self, routes: Array) -> Costed:
        """Some of the routes alone, given by their numbers."""
        return Costed(self.plan.select(routes), self.lengths[routes], self.excess[routes])

    def renamed(self, names: Array) -> Costed:
        """The same routes over `names` (N,) instead of the nodes' numbers."""
        return self._replace(plan=self.plan._replace(visits=names[self.plan.visits]))


def joined_costed(parts: Sequence[Costed]) -> Costed:
    """The routes of all `parts`."""
    return Costed(
        joined([part.plan for part in parts]),
        np.concatenate([part.lengths for part in parts]),
        np.concatenate([part.excess for part in parts]),
    )


def with_missing(p: Load | Timed | Rich, served: Costed, missed: float) -> Costed:
    """The plan with all who are left out, and what that costs: `missed`, all together."""
    if not isinstance(p, Rich):
        return served
    absent = np.ones(len(p.near), dtype=bool)
    absent[served.plan.visits] = absent[DEPOT] = False
    left_out = np.flatnonzero(absent)
    if not len(left_out):
        return served
    kinds = np.full(len(left_out), NOT_SERVED, dtype=np.int64)
    costs = p.node[left_out, GAIN].copy()
    if p.fleet[GROUPED] != 0.0:
        costs[:] = 0.0
        costs[0] = missed
    alone = Plan(left_out, np.arange(len(left_out) + 1, dtype=np.int64), kinds)
    return joined_costed([served, Costed(alone, costs, np.zeros(len(left_out)))])
