"""The harness: the same instances and budgets for every solver, one table at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, object]
"""What is kept of one run, as it stands in the rows file."""


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
    progress: Callable[[str], None] | None = None,
) -> ComparisonResult:
    """Run every solver on every instance, alone on the machine, and write the reports.

    Parameters
    ----------
    instances
        Problem files, read anew by each run's own process.
    solvers
        Names from `vrp.api.SOLVERS`, or ``cmd:PROGRAM {file} {seconds} {seed} {out}``.
    times, seeds, first_seed, threads
        Budgets in seconds; seeds `first_seed` to `first_seed + seeds - 1`; threads of each run.
    format, round
        As for `vrp.api.read`.
    params
        Parameters by solver name, as text.
    bks
        Best known costs: a file as in ``bks.json``, or a JSON object of costs by name.
    reports
        Files to write, ``.md`` or ``.json``.
    rows
        Where rows are appended, one JSON object a line; default: the first report's path with the
        suffix ``.jsonl``, else ``comparison.jsonl``.
    resume
        Go on with an existing rows file, skipping the runs that it holds.
    command
        The command line that repeats this comparison, told in the report.
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
    raise NotImplementedError
