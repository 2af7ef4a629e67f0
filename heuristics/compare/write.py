"""The reports on a comparison's rows, one for each file that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from polyroute.heuristics.compare.aggregate import tables
from polyroute.heuristics.compare.page import to_html
from polyroute.heuristics.compare.report import Report, to_json, to_markdown
from polyroute.heuristics.compare.request import Output
from polyroute.heuristics.compare.rows import Row, latest
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io import write_text
from polyroute.vrp.io.files import identity


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


class NoRowsError(PolyrouteError):
    """There is nothing to report on."""


def check_outputs(output: Output, read: Mapping[Path, str]) -> None:
    """Raise PolyrouteError for a report of an unknown suffix, and where a file would be destroyed.

    `read` names what the comparison reads, each with what it is.
    """
    taken = {identity(path): what for path, what in read.items()}
    for path in output.reports:
        if path.suffix.lower() not in REPORT_WRITERS:
            known = ", ".join(REPORT_WRITERS)
            raise PolyrouteError(f"{path}: a report ends in one of {known}")
    written = [(output.rows_file, "the file of rows")]
    written += [(path, "another report") for path in output.reports]
    for path, what in written:
        if identity(path) in taken:
            known = taken[identity(path)]
            raise PolyrouteError(f"{path} is {known}, writing to it would destroy it")
        taken[identity(path)] = what


def write_reports(rows: Sequence[Row], output: Output, *, remarks: Sequence[str] = ()) -> str:
    """Write the reports on `rows`; returns the one in Markdown.

    Raises NoRowsError where no row counts, and PolyrouteError if a report cannot be written.
    """
    counting = tuple(latest(rows, quiet=output.quiet).values())
    if not counting:
        busy = f"all {len(rows)} were taken while other work ran, " if rows else ""
        raise NoRowsError(f"{output.rows_file}: {busy}no row is left to report on")
    left_out = {row.key for row in rows} - {row.key for row in counting}
    report = Report(
        tables=tuple(tables(counting, np.random.default_rng(0))),
        rows=counting,
        left_out=len(left_out),
        command=output.command,
        rows_file=output.rows_file.name,
        remarks=tuple(remarks),
    )
    for path in output.reports:
        try:
            write_text(path, REPORT_WRITERS[path.suffix.lower()](report))
        except OSError as error:
            raise PolyrouteError(f"{path}: cannot be written: {error.strerror}") from None
    return to_markdown(report)
