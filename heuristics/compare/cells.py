"""What a report's tables show, cell by cell, for whatever writes them down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from polyroute.heuristics.compare.aggregate import InstanceKey, Summary, Table
from polyroute.heuristics.compare.measures import SAME, Cell, Estimate, mean

NOTHING = "–"
BUSY = "†"
"""Marks what was measured while other work ran on the machine."""

EXPLANATION = """\
Costs are recomputed by Polyroute's checker. Cells: mean gap over the seeds to the best known cost
in percent, or the mean cost where none is known; lowest in bold. Mean gap: over the instances that
every solver solved in every run, with a 95 % bootstrap interval over instances and seeds. Win
ratio: share of instances and seeds in which the solver's cost is below the first solver's, ties
counting half and a failed run as a loss. Caught up: median time after which the first solver has
this solver's final cost. Wins: instances with the lowest mean cost, ties included. Primal integral:
the gap averaged over the budget, 100 % until the first solution, for solvers that report
improvements. Time: mean solve time, without loading and compiling; wall time is the whole
process's, from outside, and peak memory what the process itself tells."""

FOOTNOTE = f"""\
{BUSY} Some or all of these runs were disturbed: other work ran on the machine, which may have cost
them time and so quality. --quiet-machine leaves such runs out."""


@dataclass(frozen=True)
class Shown:
    """A cell: its text, whether it is the lowest of its row, and what its column is sorted by."""

    text: str
    lowest: bool = False
    value: float | None = None


EMPTY = Shown("")


@dataclass(frozen=True)
class Sheet:
    """A table as it is shown: a row an instance or a run in `body`, a figure over all in `foot`."""

    title: str
    head: tuple[str, ...]
    body: tuple[tuple[Shown, ...], ...]
    foot: tuple[tuple[Shown, ...], ...] = ()


def sheet_of(table: Table) -> Sheet:
    """Instances by solvers, and what is said of each solver over all of them."""
    body = [] if table.set is None else [_instance_row(table, key) for key in table.instances]
    head = ("instance", "best known", *table.solvers)
    return Sheet(_title(table), head, tuple(body), tuple(_summary_rows(table)))


def runs_of(table: Table) -> Sheet:
    """A row for each solver on each instance: cost, gap, what was feasible, and what it took."""
    head = tuple("instance,solver,cost,gap,feasible,routes,wall time,peak memory,busy".split(","))
    body = [
        (Shown(_instance_name(table, key)), Shown(solver), *_run_cells(table, key, cell))
        for key in table.instances
        for solver in table.solvers
        if (cell := table.cells.get((key, solver))) is not None
    ]
    return Sheet(f"Runs: {_title(table)}", head, tuple(body))


def _title(table: Table) -> str:
    threads = "1 thread" if table.threads == 1 else f"{table.threads} threads"
    return f"{'all sets' if table.set is None else table.set}, {table.budget:g} s, {threads}"


# -- instances and runs --------------------------------------------------------------------


def _instance_name(table: Table, key: InstanceKey) -> str:
    """The instance's name, with the arc rule where it was run under several."""
    twice = [other for other in table.instances if other[:2] == key[:2]]
    return key[1] if len(twice) == 1 else f"{key[1]} ({key[2]})"


def _instance_row(table: Table, key: InstanceKey) -> tuple[Shown, ...]:
    cells = [table.cells.get((key, solver)) for solver in table.solvers]
    costs = [cell.cost for cell in cells if cell and cell.solved and cell.cost is not None]
    reference = _best_known(table, key)
    known = Shown(NOTHING) if reference is None else Shown(show_cost(reference), value=reference)
    shown = [_gap_cell(cell, reference, min(costs, default=None)) for cell in cells]
    return (Shown(_instance_name(table, key)), known, *shown)


def _gap_cell(cell: Cell | None, reference: float | None, best: float | None) -> Shown:
    if cell is None:
        return Shown(NOTHING)
    gap = _gap(cell, reference)
    parts = []
    if cell.cost is not None:
        parts.append(show_cost(cell.cost) if gap is None else show_percent(gap))
    parts += _failures(cell)
    mark = f" {BUSY}" if cell.busy else ""
    lowest = cell.solved and best is not None and (cell.cost or 0.0) <= best * (1 + SAME)
    return Shown(", ".join(parts) + mark, lowest, cell.cost if gap is None else gap)


def _best_known(table: Table, key: InstanceKey) -> float | None:
    return table.references[key] if key in table.known else None


def _gap(cell: Cell, reference: float | None) -> float | None:
    return None if cell.cost is None or not reference else cell.cost / reference - 1.0


def _failures(cell: Cell) -> list[str]:
    """How runs failed, with their number where others did not."""
    return [
        status.value if count == len(cell.rows) else f"{count} × {status.value}"
        for status, count in cell.failures.items()
    ]


def _run_cells(table: Table, key: InstanceKey, cell: Cell) -> tuple[Shown, ...]:
    """Means over the seeds; the peak of memory."""
    reference = _best_known(table, key)
    gap = _gap(cell, reference)
    routes = mean([float(row.num_routes) for row in cell.rows if row.ok])
    wall = mean([row.wall_seconds for row in cell.rows])
    memory = max((row.memory_mb for row in cell.rows), default=0.0)
    feasible = sum(row.ok for row in cell.rows)
    return (
        Shown(NOTHING if cell.cost is None else show_cost(cell.cost), value=cell.cost),
        Shown(show_percent(gap), value=gap),
        Shown(", ".join([f"{feasible} of {len(cell.rows)}", *_failures(cell)]), value=feasible),
        Shown(NOTHING if routes is None else f"{routes:g}", value=routes),
        Shown(show_seconds(wall), value=wall),
        Shown(show_memory(memory), value=memory),
        Shown(
            f"{cell.busy} of {len(cell.rows)}" + (f" {BUSY}" if cell.busy else ""), value=cell.busy
        ),
    )


# -- over all instances --------------------------------------------------------------------


def _summary_rows(table: Table) -> list[tuple[Shown, ...]]:
    total = f"{len(table.common)} of {len(table.instances)} instances"
    least = min((s.gap.mean for s in table.summaries if s.gap is not None), default=None)

    def row(name: str, show: Callable[[Summary], Shown], *, lowest: bool = False) -> None:
        rows.append((Shown(name, lowest), EMPTY, *(show(summary) for summary in table.summaries)))

    rows: list[tuple[Shown, ...]] = []
    row(f"mean gap, {total}", lambda s: _estimate_cell(s.gap, least), lowest=True)
    if len(table.solvers) > 1:
        first = table.solvers[0]
        row(f"difference to {first}", lambda s: _estimate_cell(s.difference))
        row(f"win ratio against {first}", lambda s: _estimate_cell(s.win_ratio))
        row("wins", lambda s: Shown(f"{s.wins}/{len(table.instances)}"))
        row(f"caught up by {first}", lambda s: Shown(show_seconds(s.catch_up)))
    row("failed runs", _failures_cell)
    if any(summary.busy for summary in table.summaries):
        row("busy runs", _busy_cell)
    row("primal integral", lambda s: Shown(show_percent(s.primal_integral)))
    row("time", lambda s: Shown(show_seconds(s.seconds)))
    row("wall time", lambda s: Shown(show_seconds(s.wall_seconds)))
    row("peak memory", lambda s: Shown(show_memory(s.memory_mb)))
    return rows


def _estimate_cell(estimate: Estimate | None, least: float | None = None) -> Shown:
    if estimate is None:
        return Shown(NOTHING)
    text = show_percent(estimate.mean)
    if estimate.interval is not None:
        low, high = (f"{100 * bound:.2f}" for bound in estimate.interval)
        text += f" [{low}, {high}]"
    return Shown(text, estimate.mean == least, estimate.mean)


def _failures_cell(summary: Summary) -> Shown:
    told = ", ".join(f"{count} {status}" for status, count in summary.failures.items())
    return Shown(f"{told or '0'} of {summary.runs}")


def _busy_cell(summary: Summary) -> Shown:
    return Shown(f"{summary.busy} of {summary.runs}" + (f" {BUSY}" if summary.busy else ""))


# -- figures -------------------------------------------------------------------------------


def show_percent(share: float | None) -> str:
    """A share in percent."""
    return NOTHING if share is None else f"{100 * share:.2f} %"


def show_seconds(seconds: float | None) -> str:
    """A time."""
    return NOTHING if seconds is None else f"{seconds:.2f} s"


def show_memory(megabytes: float) -> str:
    """A peak of memory."""
    return f"{megabytes:.0f} MB" if megabytes else NOTHING


def show_cost(cost: float) -> str:
    """A cost, whole where it is whole."""
    return f"{cost:.0f}" if cost == int(cost) else f"{cost:.10g}"
