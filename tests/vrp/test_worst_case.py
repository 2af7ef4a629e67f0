"""No plan exceeds the worst case, whatever it breaks; and days of any year have room."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import UNLIMITED, Problem, WorstCase
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Break
from tests.cases import CASES, Case
from tests.effort import in_full
from tests.random_attributes import random_plan, random_problem


def assert_within(problem: Problem, solution: Solution) -> None:
    """Every total of the plan, and of each of its routes, stays within the worst case."""
    worst, found = WorstCase.of(problem), evaluate(problem, solution)
    late = sum(item.amount for item in found.violations if item.rule in ("time_window", "shift"))
    assert found.distance <= worst.distance
    assert abs(found.cost) <= worst.cost
    if problem.has_time:
        assert found.duration <= worst.time
        assert late <= worst.time
    for route in found.routes:
        assert max(route.load) <= worst.load
        for stop in route.stops if problem.has_time else ():
            assert max(stop.leave, stop.arrive) <= worst.time


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_case_exceeds_the_worst(case: Case) -> None:
    assert_within(case.problem, case.solution)


@pytest.mark.parametrize("seed", range(in_full(4000, 150)))
def test_no_random_plan_exceeds_the_worst(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    assert_within(problem, random_plan(rng, problem))


@pytest.mark.parametrize(("origin", "scale"), [(1_750_000_000, 100), (1_750_000_000, 1000)])
def test_a_day_of_any_year_is_taken(origin: int, scale: int) -> None:
    """A thousand clients, breaks and paid time, in milliseconds since 1970."""
    size, day = 1001, 10 * 3600 * scale
    first = origin * scale
    rng = np.random.default_rng(1)
    early = first + rng.integers(0, day // 2, size)
    early[0] = first
    late = early + rng.integers(3600 * scale, day // 2, size)
    problem = Problem(
        distance=rng.integers(1, 3600, (1, size, size)) * scale,
        duration=rng.integers(1, 3600, (1, size, size)) * scale,
        tw_early=early[:, None],
        tw_late=late[:, None],
        service=np.append(0, rng.integers(0, 900 * scale, size - 1)),
        count=[50],
        unit_duration_cost=[3],
        shift_early=[first],
        shift_late=[first + day],
        breaks=(Break(0, ((first + day // 3, first + day // 2),), 1800 * scale),),
    )
    assert WorstCase.of(problem).cost < UNLIMITED // 100
    plan = Solution((Route((*range(1, size),), breaks=((size // 2, 0),)),))
    assert_within(problem, plan)
