"""What is measured on rows: gaps, their means with intervals, and how fast they close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from polyroute.heuristics.compare.rows import Row, Status

Array = np.ndarray
Interval = tuple[float, float]

RESAMPLES = 2000
LEVEL = 0.95

SAME = 1e-9
"""Costs that differ by less, relatively, are equal."""


@dataclass(frozen=True)
class Cell:
    """The runs of one solver on one instance under one budget."""

    rows: tuple[Row, ...]

    @property
    def solved(self) -> bool:
        """Whether there are runs and all gave a feasible solution."""
        return bool(self.rows) and all(row.ok for row in self.rows)

    @property
    def refused(self) -> bool:
        """Whether the solver took none of it on."""
        return all(row.status is Status.REFUSED for row in self.rows)

    @property
    def cost(self) -> float | None:
        """Mean cost of the feasible runs."""
        costs = [row.cost for row in self.rows if row.ok and row.cost is not None]
        return sum(costs) / len(costs) if costs else None

    @property
    def busy(self) -> int:
        """How many runs were disturbed by other work."""
        return sum(row.busy for row in self.rows)

    @property
    def failures(self) -> Counter[Status]:
        """How many runs ended how, but well."""
        return Counter(row.status for row in self.rows if not row.ok)


@dataclass(frozen=True)
class Estimate:
    """A mean with its bootstrap interval, which needs two instances."""

    mean: float
    interval: Interval | None


def gaps(cell: Cell, reference: float) -> Array:
    """Cost over the reference, less one, for each run of a solved cell; 0 where both are 0."""
    costs = np.array([row.cost for row in cell.rows], dtype=np.float64)
    return costs / reference - 1.0 if reference else np.where(costs == 0.0, 0.0, np.inf)


def differences(cell: Cell, first: Cell, reference: float) -> Array:
    """Gap less the first solver's, for the seeds that both ran."""
    mine = dict(zip((row.seed for row in cell.rows), gaps(cell, reference), strict=True))
    theirs = dict(zip((row.seed for row in first.rows), gaps(first, reference), strict=True))
    return np.array([mine[seed] - theirs[seed] for seed in mine if seed in theirs])


def wins_against(cell: Cell, first: Cell) -> Array:
    """1 for each seed that ends below the first solver's cost, 1/2 for a tie, 0 for a loss.

    A failed run loses against a feasible one. What either refused, and what both failed on,
    decides nothing.
    """
    theirs = {row.seed: row for row in first.rows}
    found = []
    for mine in cell.rows:
        other = theirs.get(mine.seed)
        if other is None or Status.REFUSED in (mine.status, other.status):
            continue
        if mine.cost is not None and other.cost is not None and mine.ok and other.ok:
            less = other.cost - mine.cost
            found.append(0.5 if abs(less) <= SAME * abs(other.cost) else float(less > 0.0))
        elif mine.ok or other.ok:
            found.append(float(mine.ok))
    return np.array(found)


def estimate(values: Sequence[Array], rng: np.random.Generator) -> Estimate | None:
    """The mean over instances of the mean over seeds; None without instances."""
    values = [of_instance for of_instance in values if len(of_instance)]
    if not values:
        return None
    center = float(np.mean([of_instance.mean() for of_instance in values]))
    return Estimate(center, bootstrap_interval(values, rng))


def bootstrap_interval(values: Sequence[Array], rng: np.random.Generator) -> Interval | None:
    """Percentile interval of the mean, resampling instances and then seeds within them.

    `values` holds one array of runs an instance. None with fewer than two instances.
    """
    if len(values) < 2:
        return None
    counts = np.array([len(of_instance) for of_instance in values])
    padded = np.zeros((len(values), counts.max()))
    for row, of_instance in zip(padded, values, strict=True):
        row[: len(of_instance)] = of_instance
    means = np.empty(RESAMPLES)
    for k in range(RESAMPLES):
        picked = rng.integers(len(values), size=len(values))
        drawn = (rng.random((len(values), counts.max())) * counts[picked, None]).astype(np.int64)
        used = np.arange(counts.max()) < counts[picked, None]  # as many draws as it has seeds
        sample = np.where(used, padded[picked[:, None], drawn], 0.0)
        means[k] = (sample.sum(axis=1) / counts[picked]).mean()
    tail = 50.0 * (1.0 - LEVEL)
    low, high = np.percentile(means, [tail, 100.0 - tail])
    return float(low), float(high)


def primal_integral(row: Row, reference: float) -> float:
    """The gap averaged over the budget, 1 until there is a solution (Berthold 2013).

    It follows the improvements that the solver reports; one that reports only its last has a
    gap of 1 until then.
    """
    area, since, height = 0.0, 0.0, 1.0
    for seconds, cost in row.trace:
        until = min(seconds, row.budget)
        area += height * (until - since)
        since = until
        height = min(max(cost / reference - 1.0, 0.0), 1.0) if reference else 0.0
    return (area + height * (row.budget - since)) / row.budget


def catch_up(cell: Cell, first: Cell) -> list[float]:
    """Seconds until the first solver has the final cost of each run; inf if never."""
    by_seed = {row.seed: row for row in first.rows}
    return [
        next((t for t, cost in by_seed[row.seed].trace if cost <= row.cost), float("inf"))
        for row in cell.rows
        if row.cost is not None and row.seed in by_seed
    ]


def mean(values: Sequence[float]) -> float | None:
    """The mean; None without values."""
    return sum(values) / len(values) if values else None


def median(values: Sequence[float]) -> float | None:
    """The upper median; None without values, or if it is infinite."""
    if not values:
        return None
    middle = sorted(values)[len(values) // 2]
    return middle if middle < float("inf") else None
