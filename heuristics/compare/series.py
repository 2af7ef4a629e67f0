"""Gap against time, a panel a set: what each solver has after so many seconds.

A point is the mean gap of the runs under one budget, where all of the set's instances were solved.
A trace is what the runs under the longest budget had on their way, as the solver itself claims,
from the moment that all instances have a plan. The two differ for a search that plans ahead for its
budget, as annealing does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from polyroute.heuristics.compare.aggregate import (
    InstanceKey,
    column_names,
    instance_key,
    reference_costs,
)
from polyroute.heuristics.compare.cells import BUSY
from polyroute.heuristics.compare.rows import Row
from polyroute.vrp.draw.colours import CHROMA, FIRST_HUE, GOLDEN_ANGLE, hex_colour

Array = np.ndarray

LEAST_SECONDS = 0.01
POINTS = 200
LIGHTNESS = 0.55


@dataclass(frozen=True)
class Curve:
    """One solver on one set; gaps are shares."""

    label: str  # marked where some of its runs were disturbed
    colour: str
    budgets: list[float]
    means: list[float]  # mean gap under each budget
    seconds: Array  # (K,)
    gaps: Array  # (K,) mean gap by then


@dataclass(frozen=True)
class Panel:
    """The curves of one set."""

    set: str
    curves: tuple[Curve, ...]


def panels(rows: Sequence[Row]) -> list[Panel]:
    """A panel for each set, of the runs with the fewest threads."""
    threads = min((row.threads for row in rows), default=1)
    rows = [row for row in rows if row.threads == threads]
    names = column_names(rows)
    found = []
    for name in dict.fromkeys(row.set for row in rows):
        curves = []
        for place, (entrant, label) in enumerate(names.items()):
            mine = [row for row in rows if row.set == name and (row.solver, row.version) == entrant]
            colour = hex_colour(LIGHTNESS, CHROMA, FIRST_HUE + place * GOLDEN_ANGLE)
            marked = f"{label} {BUSY}" if any(row.busy for row in mine) else label
            curves.append(Curve(marked, colour, *points(mine, rows), *trace(mine, rows)))
        found.append(Panel(name, tuple(curves)))
    return found


def points(rows: Sequence[Row], all_rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """Budgets, and the mean gap under each; only where all of the set was solved in every run."""
    whole = _instances(rows, all_rows)
    budgets: list[float] = []
    means: list[float] = []
    for budget in sorted({row.budget for row in rows}):
        mine = [row for row in rows if row.budget == budget]
        if {instance_key(row) for row in mine if row.ok} == whole and all(r.ok for r in mine):
            budgets.append(budget)
            means.append(float(np.mean(_gaps(mine, all_rows))))
    return budgets, means


def trace(rows: Sequence[Row], all_rows: Sequence[Row]) -> tuple[Array, Array]:
    """Seconds, and the mean gap that the runs under the longest budget had by then.

    Nothing before every one of them has a plan, or if one reports no improvements in time.
    """
    longest = max((row.budget for row in rows), default=0.0)
    mine = [row for row in rows if row.budget == longest and row.trace]
    if not mine or {instance_key(row) for row in mine} != _instances(rows, all_rows):
        return np.empty(0), np.empty(0)
    references, _ = reference_costs(all_rows)
    begin = max(max(row.trace[0][0] for row in mine), LEAST_SECONDS)
    if begin >= longest:  # a solver that overruns its budget and reports at the end only
        return np.empty(0), np.empty(0)
    seconds = np.geomspace(begin, longest, POINTS)
    gaps = np.empty((len(mine), POINTS))
    for i, row in enumerate(mine):
        times, costs = (np.array(column) for column in zip(*row.trace, strict=True))
        now = np.maximum(np.searchsorted(times, seconds, side="right") - 1, 0)
        gaps[i] = costs[now] / references[instance_key(row)] - 1.0
    return seconds, gaps.mean(axis=0)


def _instances(rows: Sequence[Row], all_rows: Sequence[Row]) -> set[InstanceKey]:
    """The instances of the sets that `rows` are on, whoever ran them."""
    sets = {row.set for row in rows}
    return {instance_key(row) for row in all_rows if row.set in sets}


def _gaps(rows: Sequence[Row], all_rows: Sequence[Row]) -> list[float]:
    """The gap of each feasible run."""
    references, _ = reference_costs(all_rows)
    costs = [(row.cost, references[instance_key(row)]) for row in rows]
    return [cost / reference - 1.0 for cost, reference in costs if cost is not None]
