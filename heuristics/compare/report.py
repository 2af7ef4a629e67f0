"""The report of a comparison, as Markdown for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from heuristics.compare.aggregate import InstanceKey, Summary, Table
from heuristics.compare.measures import Cell, Estimate
from heuristics.compare.rows import Row

NOTHING = "–"


@dataclass(frozen=True)
class Report:
    """What a report tells: the tables, and where their rows come from."""

    tables: tuple[Table, ...]
    rows: tuple[Row, ...]
    left_out: int  # rows taken while other work ran
    command: str
    rows_file: str
    remarks: tuple[str, ...] = ()

    @property
    def circumstances(self) -> dict[str, str]:
        """Machine, versions, dates, seeds and command, by name."""
        versions = dict.fromkeys(f"{row.solver} {row.version}" for row in self.rows)
        days = sorted({row.date[:10] for row in self.rows})
        facts = {
            "machine": "; ".join(dict.fromkeys(row.machine for row in self.rows)),
            "versions": ", ".join(versions),
            "Polyroute": ", ".join(dict.fromkeys(row.harness for row in self.rows)),
            "dates": " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "",
            "seeds": ", ".join(map(str, sorted({row.seed for row in self.rows}))),
            "rows": f"{len(self.rows)} in {self.rows_file}",
            "left out": f"{self.left_out} rows taken while other work ran" if self.left_out else "",
            "command": f"`{self.command}`" if self.command else "",
        }
        return {name: fact for name, fact in facts.items() if fact}


def to_json(report: Report) -> str:
    """The report as JSON: the circumstances, then a summary and the costs for each table."""
    data = {
        "circumstances": report.circumstances,
        "remarks": report.remarks,
        "tables": [
            {
                "threads": table.threads,
                "budget": table.budget,
                "set": table.set,
                "common_instances": [key[1] for key in table.common],
                "summaries": [asdict(summary) for summary in table.summaries],
                "instances": [_instance_data(table, key) for key in table.instances],
            }
            for table in report.tables
        ],
    }
    return json.dumps(data, indent=1) + "\n"


def _instance_data(table: Table, key: InstanceKey) -> dict[str, object]:
    cells = {s: table.cells[key, s] for s in table.solvers if (key, s) in table.cells}
    return {
        "set": key[0],
        "instance": key[1],
        "rule": key[2],
        "reference": table.references.get(key),
        "best_known": key in table.known,
        "solvers": {
            solver: {"cost": cell.cost, "runs": len(cell.rows), "failures": cell.failures}
            for solver, cell in cells.items()
        },
    }


# -- Markdown ------------------------------------------------------------------------------

EXPLANATION = """\
Costs are recomputed by Polyroute's checker. Cells: mean gap over the seeds to the best known cost
in percent, or the mean cost where none is known; lowest in bold. Mean gap: over the instances that
every solver solved in every run, with a 95 % bootstrap interval over instances and seeds. Primal
integral: the gap averaged over the budget, 100 % until the first solution, for solvers that report
improvements. Caught up: median time after which the first solver has this solver's final cost.
Wins: instances with the lowest mean cost, ties included. Time: mean solve time, without loading
and compiling."""


def to_markdown(report: Report) -> str:
    """The report as Markdown: circumstances, then a table for each budget and set."""
    lines = ["# Comparison", ""]
    lines += [f"- {name}: {fact}" for name, fact in report.circumstances.items()]
    lines += [f"- note: {remark}" for remark in report.remarks]
    lines += ["", EXPLANATION]
    for table in report.tables:
        lines += ["", *_table_lines(table)]
    return "\n".join(lines) + "\n"


def _table_lines(table: Table) -> list[str]:
    threads = "1 thread" if table.threads == 1 else f"{table.threads} threads"
    where = "all sets" if table.set is None else table.set
    head = ["instance", "best known", *table.solvers]
    rows = [] if table.set is None else [_instance_row(table, key) for key in table.instances]
    total = f"{len(table.common)} of {len(table.instances)} instances"
    several = len(table.solvers) > 1
    lowest = min((s.gap.mean for s in table.summaries if s.gap is not None), default=None)
    rows += [_summary_row(f"**mean gap**, {total}", table, lambda s: _show_gap(s.gap, lowest))]
    if several:
        first = table.solvers[0]
        rows += [
            _summary_row(f"difference to {first}", table, lambda s: _show_gap(s.difference)),
            _summary_row("wins", table, lambda s: f"{s.wins}/{len(table.instances)}"),
            _summary_row(f"caught up by {first}", table, lambda s: _show_seconds(s.catch_up)),
        ]
    rows += [
        _summary_row("failed runs", table, _show_failures),
        _summary_row("primal integral", table, lambda s: _show_percent(s.primal_integral)),
        _summary_row("time", table, lambda s: _show_seconds(s.seconds)),
    ]
    widths = [max(len(line[k]) for line in [head, *rows]) for k in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [_row_line(line, widths) for line in (head, rule, *rows)]
    return [f"## {where}, {table.budget:g} s, {threads}", "", *lines]


def _row_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"| {' | '.join(padded)} |"


def _instance_row(table: Table, key: InstanceKey) -> list[str]:
    cells = {s: table.cells.get((key, s)) for s in table.solvers}
    costs = [cell.cost for cell in cells.values() if cell and cell.solved and cell.cost is not None]
    reference = table.references[key] if key in table.known else None
    shown = [_show_cell(cell, reference, min(costs, default=None)) for cell in cells.values()]
    twice = [other for other in table.instances if other[:2] == key[:2]]
    name = key[1] if len(twice) == 1 else f"{key[1]} ({key[2]})"
    return [name, NOTHING if reference is None else _show_cost(reference), *shown]


def _show_cell(cell: Cell | None, reference: float | None, best: float | None) -> str:
    if cell is None:
        return NOTHING
    parts = []
    if cell.cost is not None:
        gap = cell.cost / reference - 1.0 if reference else None
        text = _show_cost(cell.cost) if gap is None else _show_percent(gap)
        lowest = cell.solved and best is not None and cell.cost <= best * (1 + 1e-9)
        parts.append(f"**{text}**" if lowest else text)
    for status, count in cell.failures.items():
        parts.append(status.value if count == 1 == len(cell.rows) else f"{count} × {status.value}")
    return ", ".join(parts)


def _summary_row(name: str, table: Table, show: Callable[[Summary], str]) -> list[str]:
    return [name, "", *(show(summary) for summary in table.summaries)]


def _show_failures(summary: Summary) -> str:
    told = ", ".join(f"{count} {status}" for status, count in summary.failures.items())
    return f"{told} of {summary.runs}" if told else f"0 of {summary.runs}"


def _show_gap(estimate: Estimate | None, lowest: float | None = None) -> str:
    if estimate is None:
        return NOTHING
    text = _show_percent(estimate.mean)
    text = f"**{text}**" if estimate.mean == lowest else text
    if estimate.interval is None:
        return text
    low, high = (f"{100 * bound:.2f}" for bound in estimate.interval)
    return f"{text} [{low}, {high}]"


def _show_percent(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:.2f} %"


def _show_seconds(seconds: float | None) -> str:
    return NOTHING if seconds is None else f"{seconds:.2f} s"


def _show_cost(cost: float) -> str:
    return f"{cost:.0f}" if cost == int(cost) else f"{cost:.10g}"
