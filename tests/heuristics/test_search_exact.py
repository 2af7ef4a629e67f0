"""The search against the exact optimum, over random combinations of all attributes it knows."""

from __future__ import annotations

import numpy as np
import pytest

from tests.heuristics.random_problems import COMPILED, anything
from tests.oracle import optimum
from vrp.api import solve
from vrp.check import evaluate
from vrp.problem import Problem

ITERATIONS = 300 if COMPILED else 20


def drawn(seed: int) -> Problem:
    """A problem of three to six clients with a few attributes, or with many."""
    rng = np.random.default_rng(seed)
    return anything(rng, int(rng.integers(3, 7)))


def assert_optimal(problem: Problem, seed: int) -> None:
    """Assert that the search finds the optimum, or that there is no plan."""
    result = solve(problem, iterations=ITERATIONS, seed=seed)
    evaluation = evaluate(problem, result.solution)
    assert result.evaluation == evaluation
    exact = optimum(problem)
    if exact is None:
        assert not evaluation.feasible
        return
    if evaluation.feasible:
        assert evaluation.objective >= exact[1]
    if COMPILED:  # else too few iterations to find it
        assert evaluation.feasible, evaluation.violations
        assert evaluation.objective == exact[1]


@pytest.mark.kernels
@pytest.mark.parametrize("seed", range(50) if COMPILED else range(5))
def test_random_problems_of_any_kind_are_solved_to_their_optimum(seed: int) -> None:
    assert_optimal(drawn(seed), seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1500))
def test_many_random_problems_of_any_kind_are_solved_to_their_optimum(seed: int) -> None:
    assert_optimal(drawn(seed), seed)
