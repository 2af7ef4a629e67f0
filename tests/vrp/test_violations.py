"""No violation is listed twice, and no two that differ read alike."""

from __future__ import annotations

from collections import Counter

import numpy as np

from polyroute.vrp.check import evaluate
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Break
from tests.cases import column, line
from tests.effort import in_full
from tests.random_attributes import random_plan, random_problem


def test_no_two_sentences_on_a_random_plan_are_alike() -> None:
    rng = np.random.default_rng(3)
    for _ in range(in_full(4000, 400)):
        problem = random_problem(rng)
        found = evaluate(problem, random_plan(rng, problem)).violations
        told = Counter(violation.describe(problem) for violation in found)
        assert not [sentence for sentence, number in told.items() if number > 1]


def test_breaks_and_load_dimensions_are_told_apart_where_there_are_several() -> None:
    pauses = (Break(0, ((0, 99),), 1), Break(0, ((0, 99),), 2))
    problem = line(0, 10, breaks=pauses, delivery=[[0, 0], [5, 5]], capacity=[[4, 4]])
    assert [
        v.describe(problem) for v in evaluate(problem, Solution((Route((1,)),))).violations
    ] == [
        "capacity exceeded by 1 in load dimension 1 on route 1",
        "capacity exceeded by 1 in load dimension 2 on route 1",
        "break not taken, or taken too often (break 1) on route 1",
        "break not taken, or taken too often (break 2) on route 1",
    ]


def test_a_client_served_twice_by_who_may_not_is_named_once_for_each_fault() -> None:
    problem = line(0, 10, allowed=[[1], [0]], delivery=column(0, 1), capacity=[[9]])
    found = evaluate(problem, Solution((Route((1, 1)),))).violations
    assert [violation.rule for violation in found] == ["allowed", "duplicate"]
