"""PyVRP's words for a problem mean what the checker says, and its plans are as good as any."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.baselines.pyvrp.refusals import COMBINATIONS
from polyroute.heuristics.baselines.pyvrp.solver import PyVrpSolver
from polyroute.heuristics.baselines.pyvrp.translation import Translation
from polyroute.vrp.api import solve
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import UnsupportedError
from polyroute.vrp.problem import Backhaul, Problem
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Group, Pair, Reload
from tests.cases import CASES, Case, column, line
from tests.effort import in_full
from tests.oracle import optimum
from tests.random_attributes import TRAITS, random_plan, random_problem

pyvrp = pytest.importorskip("pyvrp")

SUPPORTS = PyVrpSolver.SUPPORTS
NAMES = {trait.__name__: trait for trait, needs in TRAITS if SUPPORTS.issuperset(needs.split())}


def translate(problem: Problem) -> Translation | None:
    """The problem in PyVRP's terms, None for a combination that it refuses."""
    try:
        return Translation(pyvrp, problem)
    except UnsupportedError:
        return None


def assert_same(problem: Problem, translation: Translation, solution: Solution) -> bool:
    """Assert that PyVRP finds a plan feasible just if we do, at the same cost; whether it is."""
    plan = translation.plan(solution)
    evaluation = evaluate(problem, solution)
    assert translation.solution(plan) == solution
    assert plan.is_feasible() == evaluation.feasible, evaluation.violations
    if evaluation.feasible:
        price = pyvrp.CostEvaluator([0] * translation.data.num_load_dimensions, 0, 0)
        assert price.cost(plan) - translation.offset == evaluation.cost
    return evaluation.feasible


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.problem.active <= SUPPORTS],
    ids=lambda case: case.name,
)
def test_a_plan_means_the_same_to_pyvrp_in_each_case_that_it_can_hold(case: Case) -> None:
    rules = {violation.rule for violation in case.violations}
    if rules & {"count", "duplicate", "pair", "group", "reload"}:
        pytest.skip("PyVRP's solutions cannot break this rule")
    problem = case.problem
    solution = Solution(tuple(route for route in case.routes if route.visits))
    translation = translate(problem)
    if translation is None:
        refused = any(problem.active.issuperset(pair) for pair in COMBINATIONS)
        assert problem.reloads or refused
        pytest.skip("PyVRP does not take that together")
    assert_same(problem, translation, solution)


@pytest.mark.parametrize("trait", NAMES)
def test_random_plans_mean_the_same_to_pyvrp(trait: str) -> None:
    rng = np.random.default_rng((3, *trait.encode()))
    feasible = judged = 0
    number, rare = in_full((40, 30), (12, 3))
    while judged < number:
        problem = random_problem(rng, SUPPORTS, chance=0.15, always=NAMES[trait])
        translation = translate(problem)
        if translation is not None:
            judged += 1
            plans = [random_plan(rng, problem) for _ in range(10)]
            feasible += sum(assert_same(problem, translation, plan) for plan in plans)
    assert rare < feasible < 10 * number - rare, "both kinds of plans should be met"


@pytest.mark.parametrize("trait", NAMES)
def test_pyvrp_never_beats_the_optimum_and_mostly_finds_it(trait: str) -> None:
    rng = np.random.default_rng((4, *trait.encode()))
    solved = optimal = 0
    while solved < in_full(8, 3):
        problem = random_problem(rng, SUPPORTS, chance=0.12, always=NAMES[trait])
        found = optimum(problem)
        if found is None or translate(problem) is None:
            continue
        solved += 1
        result = solve(problem, solver="pyvrp", iterations=300)
        if result.feasible:
            assert result.trace[-1].cost == result.evaluation.cost
            assert result.evaluation.objective >= found[1]
            optimal += result.evaluation.objective == found[1]
    assert optimal >= in_full(6, 2)


# -- what a translation is made of -----------------------------------------------------------


@pytest.mark.parametrize("names", COMBINATIONS, ids=" with ".join)
def test_what_is_exact_alone_but_not_together_is_refused_by_name(names: tuple[str, str]) -> None:
    problem = line(
        *(0, 10, 20),
        **{
            "several_windows": {
                "tw_early": [[0, 0], [0, 50], [0, 50]],
                "tw_late": [[200, 200], [40, 90], [40, 90]],
            },
            "pairs": {
                "pairs": (Pair(1, 2),),
                "pickup": column(0, 3, 0),
                "delivery": column(0, 0, 3),
            },
            "preference": {"preference": column(0, 1, 2)},
            "reloads": {"reloads": (Reload(0, (0,)),)},
        }[names[0]],  # type: ignore[arg-type]
    )
    assert translate(problem) is not None
    second: dict[str, object] = {names[1]: [1]}
    if names[1] == "overtime_cost":
        second["regular_duration"] = [9]
    with pytest.raises(UnsupportedError, match=f"{names[0]} with {names[1]}"):
        solve(problem.replace(**second), solver="pyvrp", iterations=1)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pairs": (Pair(1, 2), Pair(2, 3))}, "clients in several pairs"),
        ({"groups": (Group((1, 2)), Group((2, 3)))}, "clients in several groups"),
        ({"pairs": (Pair(1, 2),), "groups": (Group((2, 3)),)}, "pairs in groups"),
        ({"pairs": (Pair(1, 2),), "release": [0, 5, 0, 0]}, "pairs with release"),
        ({"pairs": (Pair(1, 2),), "pickup": column(0, 4, 0, 0)}, "goods are not just those"),
        (
            {"pairs": (Pair(1, 2),), "backhaul": Backhaul.LINEHAUL_FIRST},
            "pairs with rules for backhauls",
        ),
        ({"pairs": (Pair(1, 2),), "reloads": (Reload(0, (0,)),)}, "pairs with reloads"),
        (
            {"backhaul": Backhaul.LINEHAUL_FIRST, "reloads": (Reload(0, (0,)),)},
            "reloads with rules for backhauls",
        ),
    ],
)
def test_what_pyvrp_has_no_word_for_is_refused_in_words(
    fields: dict[str, object], message: str
) -> None:
    with pytest.raises(UnsupportedError, match=message):
        solve(line(0, 10, 20, 30, **fields), solver="pyvrp", iterations=1)


def test_a_client_of_no_demand_may_be_anywhere_among_linehauls_and_backhauls() -> None:
    problem = line(
        *(0, 10, 20, 30),
        delivery=column(0, 0, 5, 0),
        pickup=column(0, 0, 0, 5),
        backhaul=Backhaul.LINEHAUL_FIRST,
        backhaul_only_routes=False,
        count=[1],
    )
    translation = translate(problem)
    assert translation is not None
    for visits in [(1, 2, 3), (2, 1, 3), (2, 3, 1), (1, 3, 2)]:
        assert_same(problem, translation, Solution((Route(visits),)))


def test_penalties_stay_within_the_64_bits_that_pyvrp_has() -> None:
    # An overflow is what its local search never comes back from: a worse plan looks better.
    problem = line(
        *range(0, 300, 10),
        count=[3],
        service=[0, *[10**11] * 29],
        tw_late=column(*[10**12] * 30),
    )
    translation = translate(problem)
    assert translation is not None
    everybody = translation.plan(Solution((Route(tuple(problem.clients)),)))
    penalty = translation.max_penalty
    assert penalty < pyvrp.PenaltyParams().max_penalty
    price = pyvrp.CostEvaluator([penalty], penalty, penalty)
    expected = everybody.distance() + everybody.time_warp() * penalty
    assert price.penalised_cost(everybody) == pytest.approx(expected, rel=1e-6)
    assert expected < 2**62
