"""Our integers in VROOM's 32 bits: exact over their common divisor where that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from polyroute.heuristics.baselines.magnitudes import (
    horizon,
    origin,
    power_of_ten,
    without_forbidden,
)
from polyroute.vrp.problem import UNLIMITED, Array, Problem

LARGEST = 2**32 - 1
"""VROOM takes lengths, times and costs, and tells the total cost, in 32 bits."""


@dataclass(frozen=True)
class Unit:
    """How many of our steps make one of VROOM's, and how many of them would have been exact."""

    steps: int
    exact: int

    @classmethod
    def of(cls, values: Sequence[Array], largest: int) -> Unit:
        """The finest unit in which the `values` are whole and `largest` fits, or a coarser one."""
        exact = int(np.gcd.reduce([int(np.gcd.reduce(array, axis=None)) for array in values])) or 1
        return cls(exact * power_of_ten(largest // exact, LARGEST), exact)

    def up(self, value: int | np.integer | Array) -> int | np.integer | Array:
        """A number of steps in VROOM's unit, rounded up."""
        return -(-value // self.steps)

    def down(self, value: int) -> int:
        """The same, rounded down."""
        return value // self.steps


@dataclass(frozen=True)
class Units:
    """VROOM's units of length, time and cost, and the time of day from which it counts."""

    length: Unit
    time: Unit
    cost: Unit
    origin: int

    @classmethod
    def of(cls, problem: Problem) -> Units:
        """The finest units that fit."""
        profiles = range(problem.size("P"))
        lengths = [without_forbidden(problem.distance_matrix(p)) for p in profiles]
        times = [without_forbidden(problem.duration_matrix(p)) for p in profiles]
        rates = [*zip(problem.profile.tolist(), problem.unit_distance_cost.tolist(), strict=True)]
        costs = [arc_costs(problem, rates.index(key)) for key in {*rates}]
        dearest = 2 * max(int(cost.max()) for cost in costs) + int(problem.fixed_cost.max())
        limits = problem.max_distance[problem.max_distance < UNLIMITED]
        longest = max(int(length.max()) for length in lengths)
        begin = origin(problem)
        stays = [problem.service, *([] if problem.setup is None else [problem.setup])]
        clocks = [np.array([bound - begin for bound in _clocks(problem)], dtype=np.int64)]
        clocks += [np.array([pause.duration for pause in problem.breaks], dtype=np.int64)]
        return cls(
            Unit.of(lengths, max(longest, int(limits.max(initial=0)))),
            Unit.of([*times, *stays, *clocks], horizon(problem) - begin),
            Unit.of([*costs, problem.fixed_cost], problem.num_clients * dearest),
            begin,
        )

    def with_coarser_costs(self) -> Units:
        """The same with a coarser unit of cost."""
        return replace(self, cost=replace(self.cost, steps=10 * self.cost.steps))

    @property
    def note(self) -> str | None:
        """What is rounded, None where nothing is."""
        named = (("lengths", self.length), ("times", self.time), ("costs", self.cost))
        coarse = [f"{what} to {u.steps} steps" for what, u in named if u.steps > u.exact]
        return f"rounded, on the safe side: {', '.join(coarse)}" if coarse else None


def arc_costs(problem: Problem, vehicle_type: int) -> Array:
    """What a vehicle type pays for each arc, (N, N)."""
    profile, rate = int(problem.profile[vehicle_type]), problem.unit_distance_cost[vehicle_type]
    distance = problem.distance_matrix(profile)
    closed = distance >= UNLIMITED
    costs = np.where(closed, 0, distance) * int(rate)
    if problem.arc_cost is not None:
        costs += problem.arc_cost[profile]
        np.fill_diagonal(costs, 0)
    return without_forbidden(np.where(closed, UNLIMITED, costs))


def _clocks(problem: Problem) -> list[int]:
    """Every time of day that the problem names."""
    bounds = [*problem.tw_early.flat, *problem.tw_late.flat]
    bounds += [*problem.shift_early, *problem.shift_late]
    bounds += [bound for pause in problem.breaks for window in pause.windows for bound in window]
    return [int(bound) for bound in bounds if 0 < bound < UNLIMITED]
