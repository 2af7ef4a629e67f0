"""Rows that other work disturbed: kept and marked, or left out where only quiet ones are wanted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from polyroute.heuristics.compare.__main__ import main
from polyroute.heuristics.compare.aggregate import tables
from polyroute.heuristics.compare.cells import BUSY, FOOTNOTE
from polyroute.heuristics.compare.curves import to_svg
from polyroute.heuristics.compare.page import to_html
from polyroute.heuristics.compare.report import Report, to_json, to_markdown
from polyroute.heuristics.compare.rows import Row, append_row, latest
from polyroute.heuristics.compare.write import NoRowsError
from tests.heuristics.compare.test_compare import QUIET, compare, instance, plan_writer
from tests.heuristics.rows import make_row

__all__ = ["instance"]  # a fixture

BUSY_MACHINE = replace(QUIET, spare=-100.0)


def report_on(*rows: Row) -> Report:
    found = tuple(tables(rows, np.random.default_rng(0)))
    return Report(found, rows, 0, "", "rows.jsonl")


def test_rows_of_a_busy_machine_are_kept_and_run_once(instance: Path, tmp_path: Path) -> None:
    solver = plan_writer(tmp_path, "good")
    found = compare(instance, solver, limits=BUSY_MACHINE, times=(0.1, 0.2))
    assert [row.busy for row in found.rows] == [True, True]
    assert "2 of 2 rows were taken while other work ran" in found.report
    assert f"100 {BUSY}" in found.report
    again = compare(instance, solver, limits=BUSY_MACHINE, times=(0.1, 0.2), resume=True)
    assert again.rows == found.rows


def test_who_demands_a_quiet_machine_is_told_that_it_was_none(
    instance: Path, tmp_path: Path
) -> None:
    solver, report = plan_writer(tmp_path, "good"), tmp_path / "table.md"
    report.write_text("an older report\n")
    demand = {"quiet": True, "reports": [report]}
    with pytest.raises(NoRowsError, match="all 1 were taken while other work ran, no row is left"):
        compare(instance, solver, limits=BUSY_MACHINE, **demand)
    assert report.read_text() == "an older report\n"
    calm = compare(instance, solver, resume=True, **demand)
    assert [row.busy for row in calm.rows] == [True, False]
    assert BUSY not in calm.report
    assert "rows taken while other work ran" not in calm.report
    assert (tmp_path / "calls").read_text().split() == ["0", "0"]


def test_rows_that_are_left_out_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "rows.jsonl"
    append_row(file, make_row("a", busy=True))
    demand = ["--rows", "rows.jsonl", "--quiet-machine"]
    assert main(demand) == 4
    assert "all 1 were taken while other work ran" in capsys.readouterr().err
    append_row(file, make_row("b"))
    assert main(demand) == 0
    assert "- left out: 1 rows taken while other work ran" in capsys.readouterr().out


def test_the_last_quiet_row_counts_else_the_last() -> None:
    calm, loud, louder = make_row("a", 1.0), make_row("a", 2.0, busy=True), make_row("a", 3.0)
    louder = replace(louder, busy=True)
    for quiet in (False, True):
        assert [*latest([loud, calm, louder], quiet=quiet).values()] == [calm]
    assert [*latest([loud, louder], quiet=False).values()] == [louder]
    assert latest([loud, louder], quiet=True) == {}


def test_every_report_marks_them_and_no_other() -> None:
    trace = ((0.2, 120.0), (0.9, 106.0))
    rows = [make_row("calm", 105.0, trace=trace), make_row("loud", 107.0, trace=trace)]
    quiet, mixed = report_on(*rows), report_on(rows[0], replace(rows[1], busy=True))
    for write in (to_markdown, to_html, to_svg):
        assert BUSY not in write(quiet)
        assert BUSY in write(mixed)
    markdown = to_markdown(mixed)
    assert FOOTNOTE in markdown
    marked = [line for line in markdown.splitlines() if BUSY in line and line.startswith("|")]
    cells = [cell.strip() for line in marked for cell in line.split("|") if BUSY in cell]
    assert cells == [f"7.00 % {BUSY}", f"1 of 1 {BUSY}", f"1 of 1 {BUSY}"]
    solvers = json.loads(to_json(mixed))["tables"][0]["instances"][0]["solvers"]
    assert (solvers["calm"]["busy"], solvers["loud"]["busy"]) == ([False], [True])
