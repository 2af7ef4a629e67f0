"""The reports on a comparison's rows, one for each file that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from polyroute.heuristics.compare.aggregate import tables
from polyroute.heuristics.compare.page import to_html
from polyroute.heuristics.compare.report import Report, to_json, to_markdown
from polyroute.heuristics.compare.request import Output
from polyroute.heuristics.compare.rows import Row, latest
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io import write_text


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


def check_reports(reports: Sequence[Path]) -> None:
    """Raise PolyrouteError for a report whose suffix says not what it is to be."""
    for path in reports:
        if path.suffix.lower() not in REPORT_WRITERS:
            known = ", ".join(REPORT_WRITERS)
            raise PolyrouteError(f"{path}: a report ends in one of {known}")


def write_reports(rows: Sequence[Row], output: Output, *, remarks: Sequence[str] = ()) -> str:
    """Write the reports on `rows`; returns the one in Markdown.

    Raises PolyrouteError if one cannot be written.
    """
    check_reports(output.reports)
    quiet = tuple(latest(rows).values())
    report = Report(
        tables=tuple(tables(quiet, np.random.default_rng(0))),
        rows=quiet,
        left_out=sum(row.busy for row in rows),
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
