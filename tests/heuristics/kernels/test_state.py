from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import (
    BEST,
    COST,
    FORBIDDEN,
    LATENESS,
    LOAD_WEIGHT,
    OVERRUN,
    Rich,
)
from polyroute.heuristics.kernels.incumbent import is_feasible, penalised_cost
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import UNLIMITED, Problem, Quantity
from polyroute.vrp.solution import Solution
from tests.heuristics.assertions import assert_state
from tests.heuristics.checked import is_barred, measure_plan, missed, penalised
from tests.heuristics.compiled import cases
from tests.heuristics.in_arrays import arrays, can_compute
from tests.heuristics.random_problems.plain import FAMILIES
from tests.heuristics.random_problems.rich import EVERY
from tests.heuristics.states import kinds_in, random_plan, state_of

pytestmark = pytest.mark.plain

CLIENTS = 9

TABLES = ("distance", "duration")


@pytest.mark.parametrize("family", EVERY)
def test_figures_and_totals_are_the_checkers(family: str) -> None:
    rng = np.random.default_rng(1)
    for case in cases(40):
        problem = EVERY[family](rng, CLIENTS)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        plan = random_plan(rng, problem, 4, left_out=case % 3)
        s = state_of(rng, problem, p, plan)
        assert_state(problem, p, s, plan)
        barred = any(is_barred(problem, plan[r], kind) for r, kind in enumerate(kinds_in(s)))
        if not barred:
            missing = missed(problem, p, plan) if isinstance(p, Rich) else 0.0
            assert penalised_cost(s) == penalised(problem, s, plan) + missing
            assert is_feasible(s) == (not measure_plan(problem, plan, kinds_in(s))[1:].any())


@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize("what", ["distance", "duration"])
def test_a_forbidden_arc_costs_more_than_any_solution_and_takes_no_time(
    what: str, windows: bool
) -> None:
    rng = np.random.default_rng(13)
    for _ in cases(20):
        tables = {name: rng.integers(1, 50, (1, CLIENTS + 1, CLIENTS + 1)) for name in TABLES}
        tables[what][rng.random(tables[what].shape) < 0.5] = UNLIMITED
        late = np.full((CLIENTS + 1, 1), 100) if windows else None
        problem = Problem(**tables, tw_late=late)
        p = arrays(problem)
        plan = random_plan(rng, problem, 3)
        s = state_of(rng, problem, p, plan)
        evaluation = evaluate(problem, Solution.from_visits(plan))
        broken = [found.rule for found in evaluation.violations].count("unreachable")
        wall = (2 * CLIENTS + 1) * p.matrix[p.matrix < p.fleet[FORBIDDEN]].max() + 1
        assert p.fleet[FORBIDDEN] == wall
        assert s.total[COST] == evaluation.distance + broken * wall
        late_by = sum(
            found.amount for found in evaluation.violations if found.quantity is Quantity.TIME
        )
        assert s.total[LATENESS] == late_by
        assert s.total[OVERRUN] == 0


@pytest.mark.parametrize("family", EVERY)
def test_kernels_get_contiguous_arrays_of_fixed_types(family: str) -> None:
    p = arrays(EVERY[family](np.random.default_rng(2), CLIENTS))
    codes = {"near": "i", "tie": "i", "allowed": "u"}
    for name, array in zip(p._fields, p, strict=True):
        assert array.flags.c_contiguous, name
        assert array.flags.writeable, name
        assert array.dtype.kind == codes.get(name, "f"), name


def test_weights_are_the_prices_of_each_excess() -> None:
    rng = np.random.default_rng(9)
    problem = FAMILIES["mirrored travel times"](rng, CLIENTS)
    p = arrays(problem)
    plan = [[*problem.clients]]
    s = state_of(rng, problem, p, plan)
    excess = measure_plan(problem, plan)
    assert (excess[1:] > 0).all()
    for entry in range(3):
        s.total[LOAD_WEIGHT:BEST] = 0
        s.total[LOAD_WEIGHT + entry] = 7
        assert penalised_cost(s) == excess[0] + 7 * excess[1 + entry]
