"""The harness: the same instances and budgets for every solver, one table at the end.

Each run has a process of its own and the machine to itself. For each instance, budget and seed
all solvers run in turn, so that what disturbs the machine disturbs them alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from polyroute.heuristics.compare.aggregate import tables
from polyroute.heuristics.compare.known import BestKnown
from polyroute.heuristics.compare.machine import load_average
from polyroute.heuristics.compare.page import to_html
from polyroute.heuristics.compare.plan import Entrant, Limits, blank_row, prepare
from polyroute.heuristics.compare.process import Job, run_job
from polyroute.heuristics.compare.report import Report, to_json, to_markdown
from polyroute.heuristics.compare.rows import Row, append_row, latest, mend, read_rows
from polyroute.vrp.api import read
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io import write_text
from polyroute.vrp.problem import Problem


def _to_svg(report: Report) -> str:
    from polyroute.heuristics.compare.curves import to_svg  # imports matplotlib

    return to_svg(report)


REPORT_WRITERS: dict[str, Callable[[Report], str]] = {
    ".md": to_markdown,
    ".html": to_html,
    ".json": to_json,
    ".svg": _to_svg,
}
"""Suffixes of reports, and what makes their text."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ComparisonResult:
    """Every row of the comparison, old ones included, and the report as text (Markdown)."""

    rows: tuple[Row, ...]
    report: str
    interrupted: bool


def run_comparison(
    instances: Sequence[Path],
    *,
    solvers: Sequence[str],
    times: Sequence[float] = (10.0,),
    seeds: int = 1,
    first_seed: int = 0,
    threads: int = 1,
    format: str | None = None,
    round: str | None = None,
    params: Mapping[str, Mapping[str, str]] | None = None,
    bks: Path | None = None,
    reports: Sequence[Path] = (),
    rows: Path | None = None,
    resume: bool = False,
    command: str = "",
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> ComparisonResult:
    """Run every solver on every instance, alone on the machine, and write the reports.

    Parameters
    ----------
    instances
        Problem files, read anew by each run's own process.
    solvers
        Names from `vrp.api.SOLVERS`, with parameters if wanted (``search:granular=30``), or
        ``cmd:PROGRAM {file} {seconds} {seed} {out}``: any program that writes a CVRPLIB ``.sol``.
    times, seeds, first_seed, threads
        Budgets in seconds; seeds `first_seed` to `first_seed + seeds - 1`; threads of each run.
    format, round
        As for `vrp.api.read`.
    params
        Parameters by solver name, as text.
    bks
        Best known costs: a file as in ``bks.json``, or a JSON object of costs by name.
    reports
        Files to write, ``.md``, ``.html``, ``.json`` or ``.svg`` (gap against time).
    rows
        Where rows are appended, one JSON object a line; default: the first report's path with the
        suffix ``.jsonl``, else ``comparison.jsonl``.
    resume
        Go on with an existing rows file, skipping the runs that it holds. A run whose row was
        disturbed by other work is repeated.
    command
        The command line that repeats this comparison, told in the report.
    limits
        When a run is killed and when it counts as disturbed.
    progress
        Called with one sentence for each run.

    Returns
    -------
    The rows and the report; `interrupted` after Ctrl-C, which ends the run in hand.

    Raises
    ------
    PolyrouteError
        If a solver is unknown, a file is missing or unreadable, or the rows file exists and
        `resume` is False.
    """
    tell = progress or (lambda sentence: None)
    limits = limits or Limits()
    _check_reports(reports)
    entrants = {e.label: e for e in (Entrant.parse(label, params or {}) for label in solvers)}
    prepared, remarks = prepare(instances, format, round, BestKnown.read(bks))
    for remark in remarks:
        tell(remark)
    file = rows or (reports[0].with_suffix(".jsonl") if reports else Path("comparison.jsonl"))
    earlier = _open_rows(file, resume=resume, tell=tell)
    done = latest(earlier)
    plan = {
        instance: [
            blank_row(instance, entrant, budget, seed, threads)
            for budget in times
            for seed in range(first_seed, first_seed + seeds)
            for entrant in entrants.values()
        ]
        for instance in prepared
    }
    total = sum(blank.key not in done for blanks in plan.values() for blank in blanks)
    taken: list[Row] = []
    interrupted = False
    try:
        for instance, blanks in plan.items():
            missing = [blank for blank in blanks if blank.key not in done]
            if not missing:
                continue
            problem = read(instance.path, format=format, round=round)
            for blank in missing:
                entrant = entrants[blank.solver]
                job = Job(
                    instance=instance.path,
                    format=format,
                    round=round,
                    solver=entrant.name,
                    params=entrant.params,
                    budget=blank.budget,
                    seed=blank.seed,
                    threads=threads,
                    limit=limits.kill_after(blank.budget),
                )
                row = _run(job, problem, blank, limits)
                append_row(file, row)
                taken.append(row)
                tell(f"{len(taken)} of {total}: {_sentence(row)}")
    except KeyboardInterrupt:
        interrupted = True
        tell(f"interrupted: {total - len(taken)} of {total} runs are missing")
    planned = {blank.key: blank for blanks in plan.values() for blank in blanks}
    order = {key: place for place, key in enumerate(planned)}
    found = [
        replace(row, best_known=planned[row.key].best_known)
        for row in (*earlier, *taken)
        if row.key in planned
    ]
    found.sort(key=lambda row: order[row.key])
    text = write_reports(found, reports, command=command, rows_file=file, remarks=remarks)
    return ComparisonResult(tuple(found), text, interrupted)


def write_reports(
    rows: Sequence[Row],
    reports: Sequence[Path],
    *,
    command: str,
    rows_file: Path,
    remarks: Sequence[str] = (),
) -> str:
    """Write the reports on `rows`; returns the one in Markdown."""
    _check_reports(reports)
    quiet = tuple(latest(rows).values())
    report = Report(
        tables=tuple(tables(quiet, np.random.default_rng(0))),
        rows=quiet,
        left_out=sum(row.busy for row in rows),
        command=command,
        rows_file=rows_file.name,
        remarks=tuple(remarks),
    )
    for path in reports:
        try:
            write_text(path, REPORT_WRITERS[path.suffix.lower()](report))
        except OSError as error:
            raise PolyrouteError(f"{path}: cannot be written: {error.strerror}") from None
    return to_markdown(report)


def _check_reports(reports: Sequence[Path]) -> None:
    for path in reports:
        if path.suffix.lower() not in REPORT_WRITERS:
            known = ", ".join(REPORT_WRITERS)
            raise PolyrouteError(f"{path}: a report ends in one of {known}")


def _open_rows(file: Path, *, resume: bool, tell: Progress) -> list[Row]:
    if not file.exists():
        return []
    if not resume:
        raise PolyrouteError(f"{file} exists; --resume goes on with it, --rows names another file")
    earlier = read_rows(file)
    if mend(file):
        tell(f"{file}: the last line was cut short and is dropped")
    return earlier


def _run(job: Job, problem: Problem, blank: Row, limits: Limits) -> Row:
    load = load_average()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    busy = limits.disturbed(load, job.threads)
    return run_job(job, problem, replace(blank, load_average=load, busy=busy, date=now))


def _sentence(row: Row) -> str:
    """One line on a run that has ended."""
    what = f"{row.set}/{row.instance}, {row.budget:g} s, seed {row.seed}, {row.solver}: "
    if row.cost is None:
        what += f"{row.status.value}, {row.error}"
    else:
        what += f"{row.cost:g}" if row.ok else f"{row.status.value} ({row.violations[0]})"
        what += f" ({row.gap:+.2%})" if row.gap is not None else ""
    return f"{what}, {row.seconds:.2f} s" + (", disturbed by other work" if row.busy else "")
