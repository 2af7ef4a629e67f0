from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.compare.aggregate import Table, tables
from polyroute.heuristics.compare.measures import bootstrap_interval, primal_integral
from polyroute.heuristics.compare.report import Report, to_markdown
from polyroute.heuristics.compare.rows import Row, Status
from tests.heuristics.rows import make_row


def table(*rows: Row) -> Table:
    """The one table of `rows`."""
    (found,) = tables(rows, np.random.default_rng(0))
    return found


def mean_gaps(found: Table) -> list[float | None]:
    return [None if s.gap is None else round(s.gap.mean, 9) for s in found.summaries]


def test_the_mean_gap_is_over_instances_and_then_seeds() -> None:
    found = table(
        make_row("a", 110.0), make_row("a", 120.0, seed=1), make_row("a", 101.0, instance="other")
    )
    assert mean_gaps(found) == [0.08]  # (0.15 + 0.01) / 2, not (0.10 + 0.20 + 0.01) / 3
    gap = found.summaries[0].gap
    assert gap is not None
    # the instance at 10 and 20 % is drawn twice in 1 of 4, all four seeds at 20 % in 1 of 64
    assert gap.interval == pytest.approx((0.01, 0.175))


def test_the_mean_is_over_the_instances_that_all_solved() -> None:
    found = table(
        make_row("a", 110.0),
        make_row("b", None),
        make_row("a", 102.0, instance="other"),
        make_row("b", 105.0, instance="other"),
    )
    assert [key[1] for key in found.common] == ["other"]
    assert mean_gaps(found) == [0.02, 0.05]
    first, second = found.summaries
    assert first.difference is None
    assert second.difference is not None
    assert second.difference.mean == pytest.approx(0.03)
    assert (first.failures, second.failures) == ({}, {"crash": 1})
    assert (first.wins, second.wins) == (2, 0)


def test_one_failed_seed_takes_the_instance_out_of_the_mean() -> None:
    found = table(make_row("a"), make_row("a", None, seed=1), make_row("b"), make_row("b", seed=1))
    assert found.common == ()
    assert [summary.wins for summary in found.summaries] == [0, 1]


def test_an_instance_that_one_solver_has_not_run_is_not_in_the_mean() -> None:
    found = table(make_row("a"), make_row("b"), make_row("a", 200.0, instance="other"))
    assert mean_gaps(found) == [0.1, 0.1]


def test_ties_are_wins_for_all() -> None:
    assert [s.wins for s in table(make_row("a"), make_row("b")).summaries] == [1, 1]


def test_a_solver_that_refuses_everything_does_not_empty_the_mean() -> None:
    found = table(make_row("a"), make_row("b", None, status=Status.REFUSED))
    assert mean_gaps(found) == [0.1, None]


def test_without_a_best_known_cost_the_best_here_is_the_reference() -> None:
    found = table(make_row("a", 110.0, best_known=None), make_row("b", 121.0, best_known=None))
    assert not found.known
    assert mean_gaps(found) == [0.0, 0.1]


def test_each_budget_and_set_has_its_table_and_several_sets_one_for_all() -> None:
    rows = [make_row("a", budget=b, set=s) for b in (1.0, 10.0) for s in ("x", "y")]
    found = tables(rows, np.random.default_rng(0))
    assert [(t.budget, t.set) for t in found] == [(b, s) for b in (1, 10) for s in ("x", "y", None)]
    assert len(found[2].instances) == 2


def test_versions_of_one_solver_are_columns_of_their_own() -> None:
    found = table(make_row("a", version="1"), make_row("a", 105.0, version="2"), make_row("b"))
    assert found.solvers == ("a (1)", "a (2)", "b")


def test_the_interval_holds_the_mean_and_needs_two_instances() -> None:
    rng = np.random.default_rng(1)
    values = [rng.normal(0.05, 0.01, 4) for _ in range(30)]
    interval = bootstrap_interval(values, rng)
    assert interval is not None
    assert interval[0] < np.mean(values) < interval[1]
    assert interval[1] - interval[0] < 0.02
    assert bootstrap_interval(values[:1], rng) is None


def test_an_instance_with_fewer_seeds_keeps_its_weight() -> None:
    values = [np.zeros(1), np.ones(5)]
    assert bootstrap_interval(values, np.random.default_rng(0)) == (0.0, 1.0)


def test_seeds_within_an_instance_widen_the_interval() -> None:
    same = [np.full(2, 0.5)] * 10
    spread = [np.array([0.0, 1.0])] * 10
    rng = np.random.default_rng(0)
    assert bootstrap_interval(same, rng) == (0.5, 0.5)
    interval = bootstrap_interval(spread, rng)
    assert interval is not None
    assert interval[0] < 0.4 < 0.6 < interval[1]


def test_the_primal_integral_follows_the_improvements() -> None:
    # nothing for 0.2 s, then 50 % for 0.3 s, then 10 % for the last half second
    trace = ((0.2, 150.0), (0.5, 110.0))
    assert primal_integral(make_row("a", trace=trace), 100.0) == pytest.approx(0.2 + 0.15 + 0.05)
    assert primal_integral(make_row("a"), 100.0) == 1.0


def test_the_primal_integral_is_kept_from_solvers_that_report_their_last_only() -> None:
    found = table(
        make_row("a", trace=((1.0, 110.0),)), make_row("b", trace=((0.1, 120.0), (0.5, 110.0)))
    )
    assert [s.primal_integral is None for s in found.summaries] == [True, False]


def test_catching_up_is_timed_against_the_first_solver() -> None:
    first = make_row("a", 110.0, trace=((0.1, 130.0), (0.4, 115.0), (0.9, 110.0)))
    found = table(first, make_row("b", 120.0), make_row("c", 105.0))
    assert [summary.catch_up for summary in found.summaries] == [None, 0.4, None]


def test_the_win_ratio_is_paired_by_instance_and_seed() -> None:
    found = table(
        make_row("a", 110.0),
        make_row("b", 105.0),  # won
        make_row("a", 110.0, seed=1),
        make_row("b", 110.0, seed=1),  # a tie
        make_row("a", 110.0, instance="other"),
        make_row("b", None, instance="other"),  # lost by failing
        make_row("a", None, instance="third"),
        make_row("b", None, instance="third"),  # decides nothing
        make_row("a", 110.0, instance="fourth"),
        make_row("b", None, instance="fourth", status=Status.REFUSED),  # neither
    )
    first, second = found.summaries
    assert first.win_ratio is None
    assert second.win_ratio is not None
    assert second.win_ratio.mean == pytest.approx((0.75 + 0.0) / 2)


def test_the_runs_tell_cost_gap_feasibility_time_and_memory() -> None:
    rows = (
        make_row("a", 110.0, num_routes=3, wall_seconds=2.5, memory_mb=120.0),
        make_row("a", None, seed=1, wall_seconds=1.5, memory_mb=180.0, error="out of ideas"),
    )
    text = to_markdown(Report((table(*rows),), rows, 0, "", ""))
    line = [line for line in text.splitlines() if line.startswith("| tiny")][-1]
    told = [cell.strip() for cell in line.strip("|").split("|")]
    assert told == [
        "tiny",
        "a",
        "110",
        "10.00 %",
        "1 of 2, 1 × crash",
        "3",
        "2.00 s",
        "180 MB",
        "0 of 2",
    ]
    assert "- failed: a: out of ideas (first on toys/tiny)" in text


def test_a_claim_that_the_checker_denies_is_told() -> None:
    honest = make_row("a", 110.0, trace=((0.1, 120.0), (0.5, 110.0)))
    boaster = make_row("b", 110.0, trace=((0.1, 99.0),))
    rows = (honest, boaster, make_row("c"))
    told = Report((), rows, 0, "", "").circumstances["claimed costs"]
    assert (
        told == "a agrees with the checker in all 1 runs; b differs in 1 of 1 runs, by 10 % at most"
    )


def test_only_the_lowest_mean_is_bold() -> None:
    rows = (make_row("a", 110.0), make_row("b", 105.0))
    lines = to_markdown(Report((table(*rows),), rows, 0, "", "")).splitlines()
    (means,) = (line for line in lines if "mean gap" in line and line.startswith("|"))
    assert "| 10.00 % |" in means
    assert "| **5.00 %** |" in means
