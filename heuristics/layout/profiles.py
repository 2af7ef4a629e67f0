"""What vehicles drive by in kernels: a problem's profiles, each at the prices of its arcs.

A kernel knows lengths that are paid at a rate. Where arcs have costs of their own, these and the
price of the distance are the length, one profile a rate, and distances stand apart for limits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polyroute.vrp.problem import UNLIMITED, Problem

Array = np.ndarray


@dataclass(frozen=True)
class Profiles:
    """The kernels' profiles: of each vehicle type, and what each is made of."""

    of_types: Array  # (V,)
    made_of: tuple[tuple[int, int], ...]  # the problem's profile, and the price of a distance
    priced: bool  # whether lengths are prices

    @classmethod
    def of(cls, problem: Problem) -> Profiles:
        """The profiles of `problem`."""
        if "arc_cost" not in problem.active:
            made_of = tuple((profile, 1) for profile in range(problem.size("P")))
            return cls(problem.profile, made_of, priced=False)
        rates = zip(problem.profile.tolist(), problem.unit_distance_cost.tolist(), strict=True)
        known: dict[tuple[int, int], int] = {}
        of_types = [known.setdefault(key, len(known)) for key in rates]
        return cls(np.array(of_types), tuple(known), priced=True)

    def lengths(self, problem: Problem) -> Array:
        """The lengths of all profiles, (P, N, N) int64."""
        return np.stack([self._lengths(problem, *key) for key in self.made_of])

    def _lengths(self, problem: Problem, profile: int, rate: int) -> Array:
        distance = problem.distance_matrix(profile)
        if not self.priced:
            return distance
        price = problem.arc_cost[profile] + rate * np.where(distance >= UNLIMITED, 0, distance)
        np.fill_diagonal(price, 0)
        return np.where(distance >= UNLIMITED, UNLIMITED, price)

    def times(self, problem: Problem) -> Array:
        """The travel times of all profiles, (P, N, N) int64."""
        return np.stack([problem.duration_matrix(profile) for profile, _ in self.made_of])

    def mileage(self, problem: Problem) -> Array:
        """Distances where limits go by them and lengths are prices, else (0, 0, 0)."""
        if not self.priced or "max_distance" not in problem.active:
            return np.zeros((0, 0, 0), dtype=np.int64)
        tables = np.stack([problem.distance_matrix(profile) for profile, _ in self.made_of])
        return np.where(tables >= UNLIMITED, 0, tables)

    def setup(self, problem: Problem) -> Array:
        """The setup by the arc that was driven, (0, 0, 0) where there is none."""
        if "setup" not in problem.active:
            return np.zeros((0, 0, 0), dtype=np.int64)
        return np.stack([problem.setup[profile] for profile, _ in self.made_of])
