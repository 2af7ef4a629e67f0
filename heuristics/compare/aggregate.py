"""From rows to tables: means, failures, wins and intervals, as pure functions.

A gap is measured against the best known cost of an instance, or against the lowest cost among
the rows where none is known. Means are over the instances that every solver solved in every run,
so that no solver gains by failing on the hard ones; failures are counted beside. A solver that
refuses all of a table does not count there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from polyroute.heuristics.compare.measures import (
    SAME,
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
from polyroute.heuristics.compare.rows import Row

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
    busy: int  # runs while other work ran on the machine


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
    every = tuple(dict.fromkeys(names[row.solver, row.version] for row in rows))
    references, known = reference_costs(rows)
    found = []
    for threads, budget, name, chosen in _groups(rows):
        cells = _cells(chosen, names)
        instances = tuple(dict.fromkeys(instance for instance, _ in cells))
        solvers = tuple(s for s in every if any((i, s) in cells for i in instances))
        table = Table(
            threads=threads,
            budget=budget,
            set=name,
            instances=instances,
            solvers=solvers,
            cells=cells,
            references=references,
            known=known & set(instances),
            common=common_instances(cells, instances, solvers),
            summaries=(),
        )
        found.append(replace(table, summaries=_summaries(table, rng)))
    return found


def _groups(rows: Sequence[Row]) -> Iterator[tuple[int, float, str | None, list[Row]]]:
    """Threads, budget, set (None for all of several), and the rows of a table."""
    for threads in sorted({row.threads for row in rows}):
        for budget in sorted({row.budget for row in rows if row.threads == threads}):
            chosen = [row for row in rows if (row.threads, row.budget) == (threads, budget)]
            sets = list(dict.fromkeys(row.set for row in chosen))
            for name in sets:
                yield threads, budget, name, [row for row in chosen if row.set == name]
            if len(sets) > 1:
                yield threads, budget, None, chosen


def _cells(
    rows: Sequence[Row], names: dict[tuple[str, str], str]
) -> dict[tuple[InstanceKey, str], Cell]:
    """The runs of each solver on each instance."""
    grouped: dict[tuple[InstanceKey, str], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[instance_key(row), names[row.solver, row.version]].append(row)
    return {key: Cell(tuple(runs)) for key, runs in grouped.items()}


def common_instances(
    cells: dict[tuple[InstanceKey, str], Cell],
    instances: Sequence[InstanceKey],
    solvers: Sequence[str],
) -> tuple[InstanceKey, ...]:
    """What every solver solved in every run; one that refused all of it does not count."""
    able = [s for s in solvers if not all(c.refused for (_, name), c in cells.items() if name == s)]
    return tuple(
        instance
        for instance in instances
        if all((instance, s) in cells and cells[instance, s].solved for s in able)
    )


def _summaries(table: Table, rng: np.random.Generator) -> tuple[Summary, ...]:
    wins = count_wins(table.cells, table.instances, table.solvers)
    return tuple(_summary(table, solver, wins[solver], rng) for solver in table.solvers)


def _summary(table: Table, solver: str, wins: int, rng: np.random.Generator) -> Summary:
    """One solver's figures, those against the first solver None for the first itself."""
    cells, first = table.cells, table.solvers[0]
    runs = [row for i in table.instances if (i, solver) in cells for row in cells[i, solver].rows]
    shared = [
        (cells[i, solver], cells[i, first], table.references[i])
        for i in table.common
        if cells[i, solver].solved and cells[i, first].solved
    ]
    both = [
        (cells[i, solver], cells[i, first])
        for i in table.instances
        if (i, solver) in cells and (i, first) in cells
    ]
    gap = estimate([gaps(cell, best) for cell, _, best in shared], rng)
    difference = win_ratio = caught_up = None
    if solver != first:
        difference = estimate([differences(cell, other, best) for cell, other, best in shared], rng)
        win_ratio = estimate([wins_against(cell, other) for cell, other in both], rng)
        caught_up = median([t for cell, other, _ in shared for t in catch_up(cell, other)])
    integral = None
    if any(len(row.trace) >= 2 for row in runs):
        integral = mean(
            [primal_integral(row, best) for cell, _, best in shared for row in cell.rows]
        )
    failures = Counter(row.status for row in runs if not row.ok)
    timed = [row for row in runs if row.seconds]
    return Summary(
        solver,
        gap=gap,
        difference=difference,
        win_ratio=win_ratio,
        failures={status.value: count for status, count in failures.items()},
        runs=len(runs),
        wins=wins,
        primal_integral=integral,
        catch_up=caught_up,
        seconds=mean([row.seconds for row in timed]) or 0.0,
        overrun=max((row.seconds - row.budget for row in timed), default=0.0),
        wall_seconds=mean([row.wall_seconds for row in runs]) or 0.0,
        memory_mb=max((row.memory_mb for row in runs), default=0.0),
        busy=sum(row.busy for row in runs),
    )


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
            wins[solver] += cost <= min(costs.values()) * (1 + SAME)
    return wins
