"""The harness: the same instances and budgets for every solver, one table at the end.

Each run has a process of its own and the machine to itself. For each instance, budget and seed
all solvers run in turn, so that what disturbs the machine disturbs them alike.
"""

from __future__ import annotations

import shlex
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from polyroute.heuristics.compare.job import Job, run_job
from polyroute.heuristics.compare.machine import load_average
from polyroute.heuristics.compare.plan import Plan, make_plan
from polyroute.heuristics.compare.request import Comparison, Output
from polyroute.heuristics.compare.rows import Row, append_row, latest, mend, read_rows
from polyroute.heuristics.compare.write import NoRowsError, check_outputs, write_reports
from polyroute.vrp.api import read
from polyroute.vrp.errors import STREAM, PolyrouteError

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ComparisonResult:
    """Every row of the comparison, old ones included, and the report as text (Markdown)."""

    rows: tuple[Row, ...]
    report: str
    interrupted: int = 0  # the signal that ended it


def run_comparison(
    comparison: Comparison, output: Output | None = None, *, progress: Progress | None = None
) -> ComparisonResult:
    """Run every solver on every instance, alone on the machine, and write the reports.

    `progress` is called with one sentence for each run. Ctrl-C ends the run in hand, of which
    nothing is left, and the reports tell of the others.

    Raises
    ------
    PolyrouteError
        If a solver is unknown, a file is missing or unreadable or would be written over, or the
        rows file exists and the comparison is not to resume.
    NoRowsError
        If only quiet rows count, and there is none.
    """
    output = output or Output()
    if any(str(path) == STREAM for path in comparison.instances):
        raise PolyrouteError("each run reads its instance anew, expected files, not '-'")
    tell = progress or (lambda sentence: None)
    check_outputs(output, _read(comparison))
    plan = make_plan(comparison)
    for remark in plan.remarks:
        tell(remark)
    earlier = _open_rows(output, tell)
    missing = plan.without(latest(earlier, quiet=output.quiet))
    total = missing.num_runs
    taken: list[Row] = []
    interrupted = 0
    try:
        for row in _runs(comparison, missing):
            append_row(output.rows_file, row)
            taken.append(row)
            tell(f"{len(taken)} of {total}: {_sentence(row)}")
    except KeyboardInterrupt as end:
        interrupted = int(getattr(end, "number", signal.SIGINT))
        tell(f"interrupted: {total - len(taken)} of {total} runs are missing")
    rows = plan.rows_among([*earlier, *taken])
    try:
        text = write_reports(rows, output, remarks=plan.remarks)
    except NoRowsError as error:
        if not interrupted:
            raise
        text = f"{error}\n"
    return ComparisonResult(tuple(rows), text, interrupted)


def _read(comparison: Comparison) -> dict[Path, str]:
    """What a comparison reads, each with what it is: files that a program is given, too."""
    read = {path: "an instance" for path in comparison.instances}
    if comparison.bks is not None:
        read[comparison.bks] = "the file of best known costs"
    for solver in comparison.solvers:
        if solver.startswith("cmd:"):
            words = shlex.split(solver.removeprefix("cmd:"))
            read |= {Path(word): "read by a solver" for word in words if Path(word).is_file()}
    return read


def _open_rows(output: Output, tell: Progress) -> list[Row]:
    """The rows that there are to go on with."""
    file = output.rows_file
    if not file.exists():
        return []
    if not output.resume:
        raise PolyrouteError(f"{file} exists; --resume goes on with it, --rows names another file")
    earlier = read_rows(file)
    if mend(file):
        tell(f"{file}: the last line was cut short and is dropped")
    return earlier


def _runs(comparison: Comparison, plan: Plan) -> Iterator[Row]:
    """Run what is planned, one after the other, and tell each run's row as it ends."""
    for instance, blanks in plan.blanks.items():
        problem = read(instance.path, format=comparison.format, round=comparison.round)
        for blank in blanks:
            entrant = plan.entrants[blank.solver]
            job = Job(
                instance=instance.path,
                format=comparison.format,
                round=comparison.round,
                solver=entrant.name,
                params=entrant.params,
                budget=blank.budget,
                seed=blank.seed,
                threads=blank.threads,
                limit=comparison.limits.kill_after(blank.budget),
            )
            load = load_average()
            row = replace(
                blank,
                load_average=load,
                busy=comparison.limits.disturbed(load, blank.threads),
                date=datetime.now(UTC).isoformat(timespec="seconds"),
            )
            yield run_job(job, problem, row)


def _sentence(row: Row) -> str:
    """One line on a run that has ended."""
    what = f"{row.set}/{row.instance}, {row.budget:g} s, seed {row.seed}, {row.solver}: "
    if row.cost is None:
        what += f"{row.status.value}, {row.error}"
    else:
        what += f"{row.cost:g}" if row.ok else f"{row.status.value} ({row.violations[0]})"
        what += f" ({row.gap:+.2%})" if row.gap is not None else ""
    return f"{what}, {row.seconds:.2f} s" + (", disturbed by other work" if row.busy else "")
