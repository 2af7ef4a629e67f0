from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from polyroute.heuristics.compare.curves import to_svg
from polyroute.heuristics.compare.report import Report
from polyroute.heuristics.compare.series import points, trace
from tests.heuristics.rows import make_row


def test_a_point_is_the_mean_gap_under_a_budget_that_solved_everything() -> None:
    rows = [
        make_row("a", 130.0, budget=1.0),
        make_row("a", None, budget=1.0, instance="other"),
        make_row("a", 120.0, budget=10.0),
        make_row("a", 110.0, budget=10.0, instance="other"),
    ]
    budgets, gaps = points(rows, rows)
    assert budgets == [10.0]
    assert gaps == pytest.approx([0.15])


def test_a_trace_begins_when_every_instance_has_a_plan() -> None:
    rows = [
        make_row("a", 110.0, budget=10.0, trace=((0.5, 140.0), (4.0, 110.0))),
        make_row("a", 100.0, budget=10.0, trace=((2.0, 120.0),), instance="other"),
        make_row("a", 150.0, budget=1.0, trace=((0.1, 150.0),)),
    ]
    seconds, gaps = trace(rows, rows)
    assert seconds[[0, -1]] == pytest.approx([2.0, 10.0])
    before, after = seconds < 3.99, seconds > 4.01
    assert np.allclose(gaps[before], (0.4 + 0.2) / 2)
    assert np.allclose(gaps[after], (0.1 + 0.2) / 2)


def test_a_trace_needs_a_run_that_reports_on_every_instance() -> None:
    rows = [
        make_row("a", 110.0, trace=((0.5, 110.0),)),
        make_row("a", None, instance="other"),
    ]
    assert not len(trace(rows, rows)[0])


def test_a_plan_beyond_the_budget_makes_no_trace() -> None:
    rows = [make_row("a", trace=((1.5, 110.0),))]
    assert not len(trace(rows, rows)[0])


def test_what_a_solver_has_not_run_leaves_no_point() -> None:
    rows = [make_row("a"), make_row("b"), make_row("b", instance="other")]
    assert points(rows[:1], rows) == ([], [])
    assert points(rows[1:], rows)[0] == [1.0]


def test_the_picture_names_sets_and_solvers() -> None:
    rows = tuple(
        make_row(solver, 105.0 + number, set=name, budget=budget, trace=((0.2, 120.0),))
        for number, solver in enumerate(["search", "peer"])
        for name in ("toys", "games")
        for budget in (1.0, 10.0)
    )
    picture = to_svg(Report((), rows, 0, "", "rows.jsonl"))
    assert ElementTree.fromstring(picture).tag.endswith("svg")
    for word in ("search", "peer", "toys", "games"):
        assert word in picture


def test_two_versions_of_a_solver_are_two_curves() -> None:
    rows = tuple(make_row("a", 100.0 + 10 * v, version=str(v)) for v in (1, 2))
    picture = to_svg(Report((), rows, 0, "", "rows.jsonl"))
    assert "a (1)" in picture
    assert "a (2)" in picture
