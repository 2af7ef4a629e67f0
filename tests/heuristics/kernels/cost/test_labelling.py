from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import (
    BEST,
    FIRST_ROOM,
    FORBIDDEN,
    LOAD_WEIGHT,
    PATH,
    WEIGH_STOPS,
    Rich,
    State,
)
from polyroute.heuristics.kernels.cost.labelling import label_path
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import columns_of, empty_state
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.plans import to_plan
from polyroute.heuristics.layout.rich import to_rich
from polyroute.heuristics.layout.stopovers import _read_stopovers, breaks_of
from polyroute.heuristics.layout.vehicle_kinds import VehicleKinds
from polyroute.vrp.api import read, solve
from polyroute.vrp.check import Violation, judge_route
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Pair, Pin
from tests.benchmarks import benchmark
from tests.effort import CHECKED_IN_FULL
from tests.oracle import with_stopovers
from tests.random_attributes import TRAITS, random_plan, random_problem

pytestmark = [pytest.mark.both, *CHECKED_IN_FULL]

LOAD = ("capacity", "negative_load", "break_load", "max_stops")
TIME = ("time_window", "shift", "break", "max_duration")
DISTANCE = ("max_distance", "max_driving")
NEVER = ("unreachable", "backhaul_order", "backhaul_only", "pin")
"""Rules that count as load, time and distance too much, and those that are never paid for."""

TRAIT = {trait.__name__: trait for trait, _ in TRAITS}
PRICES = np.array([40.0, 30.0, 20.0])


def state_of(p: Rich) -> State:
    p.fleet[WEIGH_STOPS] = p.vehicle[:, FIRST_ROOM + 2 :: 3] = 1.0
    s = empty_state(p, np.zeros(columns_of(p)), 1, seeded(0))
    s.total[LOAD_WEIGHT:BEST] = PRICES
    return s


def excess(found: tuple[Violation, ...], rules: tuple[str, ...]) -> int:
    return sum(item.amount for item in found if item.rule in rules)


def labelled(problem: Problem, p: Rich, s: State, kinds: VehicleKinds, route: Route) -> Route:
    """Label a route, compare with the checker, and return the route with its stopovers."""
    kind = next(k for k, types in enumerate(kinds.types) if route.vehicle_type in types)
    visits = [node - problem.num_depots + 1 for node in route.visits]
    s.ints[PATH, : len(visits)] = visits
    cost, load, time, distance = label_path(p, s, kind, len(visits), np.inf)
    stopovers = _read_stopovers(p, s.labels, kind)
    order = breaks_of(problem, route.vehicle_type)
    told = replace(
        route,
        reloads=stopovers.reloads,
        breaks=tuple((at, order[number]) for at, number in stopovers.breaks),
    )
    figures, found = judge_route(problem, told)
    assert {item.rule for item in found} <= {*LOAD, *TIME, *DISTANCE, *NEVER, "allowed"}
    assert load == excess(found, LOAD)
    assert time == excess(found, TIME)
    assert distance == excess(found, DISTANCE)
    # A client who is pinned is in his place on this route, or breaks the rule on any other.
    never, rest = divmod(cost - figures.cost, p.fleet[FORBIDDEN])
    assert rest == 0.0
    pinned = {node for pin in problem.pins for node in pin.visits}
    own = [pin for pin in problem.pins if pin.vehicle_type == route.vehicle_type]
    mine = {n for pin in own for n in pin.visits if problem.allowed[n, route.vehicle_type]}
    elsewhere = not pinned.isdisjoint(set(route.visits) - mine)
    assert (never > 0) == (elsewhere or excess(found, NEVER) > 0)
    return told


@pytest.mark.parametrize("trait", [trait for trait, _ in TRAITS], ids=lambda trait: trait.__name__)
def test_labelling_is_the_checkers_on_random_routes(trait) -> None:
    rng = np.random.default_rng(sum(map(ord, trait.__name__)))
    seen = 0
    while seen < 60:
        problem = random_problem(rng, clients=int(rng.integers(3, 8)), always=trait)
        if not Facts.of(problem).labelled:
            continue
        seen += 1
        kinds = VehicleKinds.of(problem)
        p = to_rich(problem, Facts.of(problem), kinds, 10)
        s = state_of(p)
        for route in random_plan(rng, problem).routes:
            labelled(problem, p, s, kinds, route)


def test_labelling_reloads_and_breaks_as_cheaply_as_can_be_on_most_routes() -> None:
    rng = np.random.default_rng(7)
    routes = dearer = 0
    while routes < 40:
        problem = random_problem(rng, clients=4, always=TRAIT["reloads"])
        if problem.pairs or not Facts.of(problem).labelled:
            continue
        kinds = VehicleKinds.of(problem)
        p = to_rich(problem, Facts.of(problem), kinds, 10)
        s = state_of(p)
        for route in random_plan(rng, problem).routes:
            told = labelled(problem, p, s, kinds, route)
            best = min(
                price(problem, one)
                for one in with_stopovers(problem, route.visits, told.vehicle_type)
            )
            routes += 1
            dearer += price(problem, told) > best
    assert dearer <= routes // 10


def price(problem: Problem, route: Route) -> float:
    """What a route costs, its excess priced; rules that are never paid for cost most."""
    figures, found = judge_route(problem, route)
    paid = [excess(found, rules) for rules in (LOAD, TIME, DISTANCE)]
    return figures.cost + float(PRICES @ paid) + 1e9 * excess(found, NEVER)


def test_a_limit_hides_only_what_is_not_below_it() -> None:
    rng = np.random.default_rng(8)
    for _ in range(40):
        problem = random_problem(rng, clients=5, always=TRAIT["reloads"])
        if not Facts.of(problem).labelled:
            continue
        p = to_rich(problem, Facts.of(problem), VehicleKinds.of(problem), 10)
        s = state_of(p)
        s.ints[PATH, :5] = 1 + rng.permutation(5)
        figures = label_path(p, s, 0, 5, np.inf)
        total = figures[0] + PRICES @ figures[1:]
        assert label_path(p, s, 0, 5, total + 1.0) == figures
        assert label_path(p, s, 0, 5, total)[0] == np.inf


def test_pinned_visits_come_first_in_a_start() -> None:
    problem = Problem(
        coords=[[x, 0] for x in range(6)],
        delivery=[[0], [0], [0], [4], [1], [1]],
        pickup=[[0], [0], [4], [0], [0], [0]],
        pairs=(Pair(2, 3),),
        pins=(Pin(1, (2, 4)),),
        count=[3, 1],
    )
    for routes in ((), (Route((1, 4), 0), Route((5,), 1)), (Route((2, 3, 1), 0),)):
        plan = to_plan(problem, VehicleKinds.of(problem), Solution(routes))
        mine = plan.lists()[plan.kinds.tolist().index(1)]
        assert mine[:2] == [2, 4]
        assert 3 in mine
        assert len(set(plan.visits.tolist())) == len(plan.visits)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "optimum"), [("RC204R0.25", 17494), ("C201R0.5", 15006)])
def test_published_optima_with_reloads_are_nearly_reached(name: str, optimum: int) -> None:
    problem = read(benchmark(f"mtvrptwr/{name}.vrp"), round="trunc1")
    result = solve(problem, iterations=3000, seed=0, threads=1)
    assert result.feasible
    assert result.evaluation.cost * 10 <= 1.02 * optimum * problem.scales.cost
    assert any(route.reloads for route in result.solution.routes)
