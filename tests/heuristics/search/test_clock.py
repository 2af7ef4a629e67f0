from __future__ import annotations

import pytest

from polyroute.heuristics.search import clock as stop
from polyroute.heuristics.search.clock import CALLBACK_INTERVAL, Clock
from polyroute.vrp.budget import Budget, Improvement


class Time:
    """A clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(stop, "perf_counter", time)
    return time


def test_a_clock_counts_from_its_beginning(time: Time) -> None:
    clock = Clock(Budget(time=8), None)
    time.now += 2
    assert clock.seconds == 2
    assert clock.progress == 0.25
    assert not clock.over
    time.now += 6
    assert clock.progress == 1
    assert clock.over
    time.now += 1
    assert clock.progress == 1


def test_a_reserve_is_kept_for_the_end(time: Time) -> None:
    clock = Clock(Budget(time=8), None, reserve=0.5)
    time.now += 6
    assert clock.progress == 0.8
    time.now += 1.5
    assert clock.over
    assert not clock.over_time
    time.now += 0.5
    assert clock.over_time


def test_a_reserve_takes_a_tenth_of_the_time_at_most(time: Time) -> None:
    clock = Clock(Budget(time=1), None, reserve=5)
    time.now += 0.89
    assert not clock.over
    time.now += 0.02
    assert clock.over
    untimed = Clock(Budget(iterations=10), None, reserve=5)
    time.now += 100
    assert not untimed.over
    assert not untimed.over_time


def test_progress_under_an_iteration_limit_alone_ignores_the_time(time: Time) -> None:
    clock = Clock(Budget(iterations=10), None)
    time.now += 1e6
    assert clock.progress == 0
    clock.iterations = 4
    assert clock.progress == 0.4
    assert not clock.over
    clock.iterations = 10
    assert clock.over


def test_of_two_limits_the_nearer_tells_the_progress(time: Time) -> None:
    clock = Clock(Budget(time=10, iterations=10), None)
    time.now += 5
    clock.iterations = 3
    assert clock.progress == 0.5
    clock.iterations = 8
    assert clock.progress == 0.8


def test_fewer_routes_are_better_at_any_cost_where_they_come_first(time: Time) -> None:
    clock = Clock(Budget(iterations=10), None, fewest_first=True)
    for cost, feasible, routes in [(50, False, 1), (70, True, 3), (80, True, 2), (60, True, 3)]:
        clock.report(cost, feasible, routes)
    assert [(found.cost, found.num_routes) for found in clock.trace] == [(50, 1), (70, 3), (80, 2)]


def test_the_trace_holds_what_is_better_only(time: Time) -> None:
    clock = Clock(Budget(iterations=10), None)
    for cost, feasible in [(50, False), (60, False), (40, False), (70, True), (30, False)]:
        clock.report(cost, feasible, 3)
    time.now += 1
    clock.iterations = 5
    clock.report(70, True, 3)
    clock.report(65, True, 2)
    assert clock.trace == [
        Improvement(0, 0, 50, False, 3),
        Improvement(0, 0, 40, False, 3),
        Improvement(0, 0, 70, True, 3),
        Improvement(1, 5, 65, True, 2),
    ]


def test_patience_ends_a_run_so_long_after_its_last_improvement(time: Time) -> None:
    clock = Clock(Budget(time=100, patience=2), None)
    clock.report(9, True, 1)
    time.now += 1.5
    clock.report(8, True, 1)
    time.now += 1.5
    assert not clock.over
    clock.report(8, True, 1)
    time.now += 1
    assert clock.over


@pytest.mark.parametrize(("cost", "feasible", "over"), [(7, True, True), (8, True, False)])
def test_a_target_ends_a_run_when_it_is_reached(cost: int, feasible: bool, over: bool) -> None:
    clock = Clock(Budget(iterations=5, target=7), None)
    clock.report(6, False, 1)
    assert not clock.over
    clock.report(cost, feasible, 1)
    assert clock.over == over
    assert not clock.interrupted


def test_the_callback_hears_of_improvements_and_else_now_and_then(time: Time) -> None:
    heard: list[Improvement] = []
    clock = Clock(Budget(time=100), heard.append)
    clock.report(9, True, 1)
    clock.report(8, True, 1)
    assert [found.cost for found in heard] == [9, 8]
    time.now += CALLBACK_INTERVAL / 2
    clock.report(8, True, 1)
    assert len(heard) == 2
    time.now += CALLBACK_INTERVAL
    clock.report(8, True, 1)
    clock.report(8, True, 1)
    assert [found.cost for found in heard] == [9, 8, 8]
    assert heard == [*clock.trace, clock.trace[-1]]


def test_a_callback_that_asked_to_stop_is_not_called_again(time: Time) -> None:
    heard: list[Improvement] = []

    def enough(found: Improvement) -> bool:
        heard.append(found)
        return True

    clock = Clock(Budget(time=100), enough)
    clock.report(9, True, 1)
    time.now += 2 * CALLBACK_INTERVAL
    clock.beat()
    clock.report(8, True, 1)
    assert [found.cost for found in heard] == [9]
    assert [found.cost for found in clock.trace] == [9, 8]


@pytest.mark.parametrize(("answer", "over"), [(True, True), (False, False), (None, False)])
def test_a_callback_that_returns_true_interrupts(answer: bool | None, over: bool) -> None:
    clock = Clock(Budget(time=100), lambda found: answer)
    clock.report(9, True, 1)
    assert clock.over == clock.interrupted == over
