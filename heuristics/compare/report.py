"""The report of a comparison, as Markdown for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from polyroute.heuristics.compare.aggregate import InstanceKey, Table
from polyroute.heuristics.compare.cells import (
    BUSY,
    EXPLANATION,
    FOOTNOTE,
    Sheet,
    Shown,
    runs_of,
    sheet_of,
)
from polyroute.heuristics.compare.measures import SAME
from polyroute.heuristics.compare.rows import Row


@dataclass(frozen=True)
class Report:
    """What a report tells: the tables, and where their rows come from."""

    tables: tuple[Table, ...]
    rows: tuple[Row, ...]
    left_out: int  # rows taken while other work ran, where only quiet ones are wanted
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
            "busy": self._busy(),
            "left out": f"{self.left_out} rows taken while other work ran" if self.left_out else "",
            "claimed costs": self._claims(),
            "command": f"`{self.command}`" if self.command else "",
        }
        return {name: fact for name, fact in facts.items() if fact}

    @property
    def busy(self) -> int:
        """Rows that were taken while other work ran."""
        return sum(row.busy for row in self.rows)

    def _busy(self) -> str:
        """How much of what is told was disturbed."""
        if not self.busy:
            return ""
        return f"{self.busy} of {len(self.rows)} rows were taken while other work ran ({BUSY})"

    def _claims(self) -> str:
        """Whether what each solver claims its plans to cost is what the checker finds."""
        told = []
        for solver in dict.fromkeys(row.solver for row in self.rows):
            rows = [row for row in self.rows if row.solver == solver]
            off = [row.disagreement for row in rows if row.disagreement is not None]
            differ = [share for share in off if share > SAME]
            if differ:
                told.append(
                    f"{solver} differs in {len(differ)} of {len(off)} runs, "
                    f"by {100 * max(differ):.2g} % at most"
                )
            elif off:
                told.append(f"{solver} agrees with the checker in all {len(off)} runs")
        return "; ".join(told)

    @property
    def errors(self) -> dict[str, str]:
        """Why runs failed that have no plan: the first of each solver's, by solver and reason."""
        failed = [row for row in self.rows if row.error]
        return dict(
            (f"{row.solver}: {row.error}", f"{row.set}/{row.instance}") for row in failed[::-1]
        )


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
            solver: {
                "cost": cell.cost,
                "runs": len(cell.rows),
                "feasible": sum(row.ok for row in cell.rows),
                "failures": cell.failures,
                "wall_seconds": [row.wall_seconds for row in cell.rows],
                "memory_mb": [row.memory_mb for row in cell.rows],
                "busy": [row.busy for row in cell.rows],
            }
            for solver, cell in cells.items()
        },
    }


# -- Markdown ------------------------------------------------------------------------------


def to_markdown(report: Report) -> str:
    """The report as Markdown: circumstances, a table for each budget and set, then all runs."""
    lines = ["# Comparison", ""]
    lines += [f"- {name}: {fact}" for name, fact in report.circumstances.items()]
    lines += [f"- note: {remark}" for remark in report.remarks]
    lines += [f"- failed: {what} (first on {where})" for what, where in report.errors.items()]
    lines += ["", EXPLANATION]
    if report.busy:
        lines += ["", FOOTNOTE]
    for table in report.tables:
        lines += ["", *_sheet_lines(sheet_of(table))]
    for table in report.tables:
        if table.set is not None:
            lines += ["", *_sheet_lines(runs_of(table))]
    return "\n".join(lines) + "\n"


def _sheet_lines(sheet: Sheet) -> list[str]:
    rows = [sheet.head, *([_bold(cell) for cell in row] for row in (*sheet.body, *sheet.foot))]
    widths = [max(len(row[k]) for row in rows) for k in range(len(sheet.head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    head, *others = rows
    lines = [_row_line(row, widths) for row in (head, rule, *others)]
    return [f"## {sheet.title}", "", *lines]


def _bold(cell: Shown) -> str:
    return f"**{cell.text}**" if cell.lowest else cell.text


def _row_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"| {' | '.join(padded)} |"
