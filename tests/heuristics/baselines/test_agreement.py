"""What OR-Tools and PyVRP claim a plan to cost is what the checker finds, on every variant."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from polyroute.data.routefinder import VARIANTS, draw, npz
from polyroute.vrp.api import solve
from polyroute.vrp.io.routefinder import read_routefinder
from polyroute.vrp.problem import Problem

SIZE, SEED = 20, 1
SECONDS = {"ortools": 0.2, "pyvrp": 0.1}


@cache
def problem_of(variant: str) -> Problem:
    rng = np.random.default_rng([SEED, list(VARIANTS).index(variant)])
    return read_routefinder(npz(draw(VARIANTS[variant], SIZE, 1, rng)))


@pytest.mark.parametrize("solver", SECONDS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_baseline_claims_what_the_checker_finds(variant: str, solver: str) -> None:
    pytest.importorskip(solver)
    result = solve(problem_of(variant), solver=solver, time=SECONDS[solver])
    assert result.feasible, result.evaluation.violations
    assert result.trace[-1].cost == result.evaluation.cost
    assert result.trace[-1].num_routes == result.evaluation.num_routes
