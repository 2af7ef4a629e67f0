"""From rows to tables: means, failures, wins and intervals, as pure functions.

A gap is measured against the best known cost of an instance, or against the lowest cost among
the rows where none is known. Means are over the instances that every solver solved in every run,
so that no solver gains by failing on the hard ones; failures are counted beside. A solver that
refuses all of a table does not count there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from polyroute.heuristics.compare.measures import (
    Cell,
    Estimate,
    catch_up,
    differences,
    estimate,
    gaps,
    mean,
    median,
    primal_integral,
    wins_against,
)
from polyroute.heuristics.compare.rows import Row, Status

InstanceKey = tuple[str, str, str]  # set, instance, arc rule


@dataclass(frozen=True)
class Summary:
    """One solver over the instances of a table; `gap` and what follows over the common ones."""

    solver: str
    gap: Estimate | None
    difference: Estimate | None  # of the gap to the first solver's, run by run
    win_ratio: Estimate | None  # share of runs below the first solver's cost, ties half
    failures: dict[str, int]
    runs: int
    wins: int  # instances where no solver has a lower mean cost
    primal_integral: float | None  # None if only last solutions are reported
    catch_up: float | None  # median seconds until the first solver has this solver's final cost
    seconds: float  # mean time of the solve
    overrun: float  # longest solve over the budget, in seconds
    wall_seconds: float  # mean time of the whole process, from outside
    memory_mb: float  # peak over all runs


@dataclass(frozen=True)
class Table:
    """All runs under one budget on the instances of one set; `set` None is all of them."""

    threads: int
    budget: float
    set: str | None
    instances: tuple[InstanceKey, ...]
    solvers: tuple[str, ...]
    cells: dict[tuple[InstanceKey, str], Cell]
    references: dict[InstanceKey, float]
    known: frozenset[InstanceKey]  # instances whose reference is a best known cost
    common: tuple[InstanceKey, ...]  # instances that every solver solved in every run
    summaries: tuple[Summary, ...]


def tables(rows: Sequence[Row], rng: np.random.Generator) -> list[Table]:
    """A table for each number of threads, budget and set, and one over all sets if several."""
    names = column_names(rows)
    solvers = tuple(dict.fromkeys(names[row.solver, row.version] for row in rows))
    references, known = reference_costs(rows)
    found = []
    for threads in sorted({row.threads for row in rows}):
        for budget in sorted({row.budget for row in rows if row.threads == threads}):
            chosen = [row for row in rows if (row.threads, row.budget) == (threads, budget)]
            sets = list(dict.fromkeys(row.set for row in chosen))
            for name in [*sets, None] if len(sets) > 1 else sets:
                grouped: dict[tuple[InstanceKey, str], list[Row]] = defaultdict(list)
                for row in chosen:
                    if name is None or row.set == name:
                        grouped[instance_key(row), names[row.solver, row.version]].append(row)
                cells = {key: Cell(tuple(runs)) for key, runs in grouped.items()}
                table = _table(cells, solvers, references, known, rng)
                found.append(Table(threads, budget, name, **table))  # type: ignore[arg-type]
    return found


def _table(
    cells: dict[tuple[InstanceKey, str], Cell],
    solvers: tuple[str, ...],
    references: dict[InstanceKey, float],
    known: frozenset[InstanceKey],
    rng: np.random.Generator,
) -> dict[str, object]:
    instances = tuple(dict.fromkeys(instance for instance, _ in cells))
    solvers = tuple(s for s in solvers if any((i, s) in cells for i in instances))
    able = [s for s in solvers if not all(c.refused for (_, name), c in cells.items() if name == s)]
    common = tuple(
        instance
        for instance in instances
        if all((instance, s) in cells and cells[instance, s].solved for s in able)
    )
    wins = count_wins(cells, instances, solvers)
    summaries = []
    for solver in solvers:
        mine = [cells[i, solver] for i in instances if (i, solver) in cells]
        runs = [row for cell in mine for row in cell.rows]
        failures = sum((cell.failures for cell in mine), Counter[Status]())
        shared = [
            (cells[i, solver], cells[i, solvers[0]], references[i])
            for i in common
            if cells[i, solver].solved and cells[i, solvers[0]].solved
        ]
        timed = [row for row in runs if row.seconds]
        summaries.append(
            Summary(
                solver,
                gap=estimate([gaps(cell, best) for cell, _, best in shared], rng),
                difference=None
                if solver == solvers[0]
                else estimate(
                    [differences(cell, first, best) for cell, first, best in shared], rng
                ),
                win_ratio=None
                if solver == solvers[0]
                else estimate(
                    [
                        wins_against(cells[i, solver], cells[i, solvers[0]])
                        for i in instances
                        if (i, solver) in cells and (i, solvers[0]) in cells
                    ],
                    rng,
                ),
                failures={status.value: count for status, count in failures.items()},
                runs=len(runs),
                wins=wins[solver],
                primal_integral=None
                if all(len(row.trace) < 2 for row in runs)
                else mean(
                    [primal_integral(row, best) for cell, _, best in shared for row in cell.rows]
                ),
                catch_up=None
                if solver == solvers[0]
                else median([t for cell, first, _ in shared for t in catch_up(cell, first)]),
                seconds=mean([row.seconds for row in timed]) or 0.0,
                overrun=max((row.seconds - row.budget for row in timed), default=0.0),
                wall_seconds=mean([row.wall_seconds for row in runs]) or 0.0,
                memory_mb=max((row.memory_mb for row in runs), default=0.0),
            )
        )
    return {
        "instances": instances,
        "solvers": solvers,
        "cells": cells,
        "references": references,
        "known": known & set(instances),
        "common": common,
        "summaries": tuple(summaries),
    }


def instance_key(row: Row) -> InstanceKey:
    """What a table counts as one instance."""
    return row.set, row.instance, row.rule


def column_names(rows: Sequence[Row]) -> dict[tuple[str, str], str]:
    """The heading of each solver and version; the version is told where there are several."""
    versions: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        versions[row.solver][row.version] = None
    return {
        (solver, version): f"{solver} ({version})" if len(mine) > 1 else solver
        for solver, mine in versions.items()
        for version in mine
    }


def reference_costs(
    rows: Sequence[Row],
) -> tuple[dict[InstanceKey, float], frozenset[InstanceKey]]:
    """What gaps are measured against, and the instances where that is a best known cost."""
    references: dict[InstanceKey, float] = {}
    known = {instance_key(row): row.best_known for row in rows if row.best_known}
    for row in rows:
        key = instance_key(row)
        if row.ok and row.cost is not None:
            references[key] = min(row.cost, references.get(key, row.cost))
    return references | known, frozenset(known)


def count_wins(
    cells: dict[tuple[InstanceKey, str], Cell],
    instances: Sequence[InstanceKey],
    solvers: Sequence[str],
) -> dict[str, int]:
    """Instances where a solver's mean cost is the lowest; who failed cannot win, ties all do."""
    wins = dict.fromkeys(solvers, 0)
    for instance in instances:
        costs = {
            solver: cost
            for solver in solvers
            if (cell := cells.get((instance, solver))) is not None
            and cell.solved
            and (cost := cell.cost) is not None
        }
        for solver, cost in costs.items():
            wins[solver] += cost <= min(costs.values()) * (1 + 1e-9)
    return wins
