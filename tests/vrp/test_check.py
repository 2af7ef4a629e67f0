"""The checker against figures worked out by hand and against brute force over departures."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.vrp.check import RULES, Evaluation, evaluate
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import ATTRIBUTES, NOWHERE, UNLIMITED, Objective, Problem
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Break, Reload
from tests.cases import CASES, Case, column, line, plan
from tests.naive import best_departure

ALL = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


# -- the table of cases --------------------------------------------------------------------


@ALL
def test_cost_terms_are_those_worked_out_by_hand(case: Case) -> None:
    evaluation = evaluate(case.problem, case.solution)
    assert {name: value for name, value in evaluation.terms.items() if value} == case.terms


@ALL
def test_violations_are_those_worked_out_by_hand(case: Case) -> None:
    found = evaluate(case.problem, case.solution).violations
    assert sorted(map(repr, found)) == sorted(map(repr, case.violations))


@ALL
def test_cost_is_the_sum_of_its_terms_and_of_routes_and_prizes(case: Case) -> None:
    evaluation = evaluate(case.problem, case.solution)
    assert evaluation.cost == sum(case.terms.values())
    routes = sum(route.cost for route in evaluation.routes)
    assert evaluation.cost == routes + evaluation.terms["prizes"]


@pytest.mark.parametrize("case", [c for c in CASES if c.durations], ids=lambda case: case.name)
def test_durations_are_those_worked_out_by_hand(case: Case) -> None:
    evaluation = evaluate(case.problem, case.solution)
    assert tuple(route.duration for route in evaluation.routes) == case.durations


@ALL
def test_stops_tell_the_same_story_as_the_figures(case: Case) -> None:
    evaluation = evaluate(case.problem, case.solution)
    for route, figures in zip(case.routes, evaluation.routes, strict=True):
        if not route.visits:
            assert figures.stops == ()
            continue
        assert figures.stops[0].event == "start"
        others = ("start", "end", "reload", "break")
        inner = [stop for stop in figures.stops if stop.event not in others]
        assert tuple(stop.node for stop in inner) == route.visits
        reloads = [stop.node for stop in figures.stops if stop.event == "reload"]
        assert reloads == [depot for _, depot in route.reloads]
        breaks = [stop.index for stop in figures.stops if stop.event == "break"]
        assert breaks == [index for _, index in route.breaks]
        assert figures.stops[-1].distance == figures.distance
        assert figures.load == tuple(np.max([stop.load for stop in figures.stops], axis=0))
        closed = case.problem.end_depot[route.vehicle_type] != NOWHERE
        assert (figures.stops[-1].event == "end") == closed


@ALL
def test_violations_read_as_sentences(case: Case) -> None:
    for violation in evaluate(case.problem, case.solution).violations:
        text = violation.describe(case.problem)
        assert "{" not in text
        assert "None" not in text


def test_every_declared_attribute_has_a_case() -> None:
    used = frozenset().union(*(case.problem.active for case in CASES))
    declared = {item.name for item in ATTRIBUTES if item.neutral is not None}
    structural = {
        "several_depots",
        "several_vehicle_types",
        "several_loads",
        "several_windows",
        "profiles",
        "open_routes",
        "asymmetric",
        "backhaul",
        "pairs",
        "groups",
        "reloads",
        "breaks",
        "breaks_on_the_road",
        "pins",
        "objective",
    }
    assert declared | structural <= used


def test_every_rule_is_broken_by_a_case() -> None:
    assert {violation.rule for case in CASES for violation in case.violations} == set(RULES)


# -- the schedule against brute force ------------------------------------------------------


def random_line(rng: np.random.Generator, *, slack: int) -> Problem:
    """One to five clients on a line with windows of up to `slack`, the depot open until 80."""
    num_clients = int(rng.integers(1, 6))
    early = rng.integers(0, 50, num_clients + 1)
    early[0] = rng.integers(0, 8)
    late = early + rng.integers(0, slack + 1, num_clients + 1)
    late[0] = 80
    service = rng.integers(0, 5, num_clients + 1)
    service[0] = 0
    places = rng.integers(-9, 10, num_clients + 1)
    return line(*places, tw_early=column(*early), tw_late=column(*late), service=service)


def warp_of(evaluation: Evaluation) -> int:
    return sum(violation.amount for violation in evaluation.violations)


@pytest.mark.parametrize("slack", [4, 15, 40])
def test_departure_is_the_earliest_of_least_warp_and_then_least_duration(slack: int) -> None:
    rng = np.random.default_rng(slack)
    for _ in range(200):
        problem = random_line(rng, slack=slack)
        visits = tuple(int(v) for v in rng.permutation(problem.num_clients) + 1)
        opening = int(problem.tw_early[0, 0])
        warp, duration, departure = best_departure(problem, Route(visits), range(opening, 81))
        evaluation = evaluate(problem, Solution((Route(visits),)))
        route = evaluation.routes[0]
        assert (warp_of(evaluation), route.duration) == (warp, duration)
        assert route.stops[0].leave == departure


@pytest.mark.parametrize("slack", [4, 15, 40])
def test_departure_is_the_best_with_reloads_and_breaks_too(slack: int) -> None:
    rng = np.random.default_rng(100 + slack)
    kept = sum(departs_best(*random_trips(rng, slack=slack)) for _ in range(300))
    assert kept > 20


def departs_best(problem: Problem, route: Route) -> bool:
    """Assert that a route leaves as well as it can; whether it is nowhere late then."""
    first = max((int(problem.release[node]) for node in route.trips[0]), default=0)
    earliest = max(int(problem.tw_early[0, 0]), first)
    warp, duration, departure = best_departure(problem, route, range(earliest, 81))
    evaluation = evaluate(problem, Solution((route,)))
    timed = ("time_window", "shift", "break")
    found = sum(v.amount for v in evaluation.violations if v.rule in timed)
    figures = evaluation.routes[0]
    assert (found, figures.duration) == (warp, duration)
    assert figures.stops[0].leave == departure
    return not warp


def random_trips(
    rng: np.random.Generator,
    *,
    slack: int,
    windows: int = 1,
    road: float = 0.0,
    soft: bool = False,
) -> tuple[Problem, Route]:
    """A `random_line` with releases, a route of several trips and up to two breaks on it.

    Clients and breaks have up to so many `windows`, and a share of the breaks is on the `road`.
    If `soft`, most clients may be served late at a price, and the duration is limited and paid.
    """
    problem = spread(rng, random_line(rng, slack=slack), windows)
    if soft:
        problem = softened(rng, problem)
    number = int(rng.integers(0, 3))
    early = rng.integers(0, 60, number)
    late = early + rng.integers(0, slack + 1, number)
    release = np.where(rng.random(problem.num_nodes) < 0.5, 0, rng.integers(0, 40))
    release[0] = 0
    problem = problem.replace(
        release=release,
        reloads=(Reload(0, (0,)),),
        breaks=tuple(
            Break(
                0,
                tuple((int(a) + gap, int(b) + gap) for gap in gaps(rng, windows)),
                int(rng.integers(0, 6)),
                on_the_road=bool(rng.random() < road),
            )
            for a, b in zip(early, late, strict=True)
        ),
    )
    visits = tuple(int(v) for v in rng.permutation(problem.num_clients) + 1)
    places = np.sort(rng.integers(0, len(visits) + 1, int(rng.integers(0, 3))))
    pauses = np.sort(rng.integers(0, len(visits) + 1, number))
    return problem, Route(
        visits,
        reloads=tuple((int(place), 0) for place in places),
        breaks=tuple((int(place), index) for index, place in enumerate(pauses)),
    )


def gaps(rng: np.random.Generator, windows: int) -> list[int]:
    """By how much the windows of one client or break are put off, up to so many of them."""
    if windows == 1:
        return [0]
    return np.cumsum([0, *rng.integers(17, 28, rng.integers(0, windows))]).tolist()


def spread(rng: np.random.Generator, problem: Problem, windows: int) -> Problem:
    """The problem with up to so many windows of each client, earlier by 15 and then by gaps."""
    if windows == 1:
        return problem
    shifts = np.zeros((problem.num_nodes, windows), dtype=np.int64)
    for node in problem.clients:
        own = gaps(rng, windows)
        shifts[node] = own + own[-1:] * (windows - len(own))
        shifts[node] -= min(15, int(problem.tw_early[node, 0]))
    return problem.replace(tw_early=problem.tw_early + shifts, tw_late=problem.tw_late + shifts)


def softened(rng: np.random.Generator, problem: Problem) -> Problem:
    """The problem with soft windows, and prices and limits of duration."""
    price = np.where(rng.random(problem.num_nodes) < 0.6, rng.integers(0, 4), UNLIMITED)
    price[0] = UNLIMITED
    return problem.replace(
        lateness_cost=price,
        unit_duration_cost=[int(rng.integers(0, 5))],
        max_duration=[int(rng.integers(20, 90))],
        regular_duration=[int(rng.integers(10, 70))],
        overtime_cost=[int(rng.integers(0, 4))],
    )


@pytest.mark.parametrize(
    ("windows", "road", "soft"),
    [(3, 0.0, False), (1, 0.7, False), (3, 0.7, False), (1, 0.0, True), (3, 0.7, True)],
)
def test_departure_is_the_best_over_all_windows_and_breaks_on_the_road(
    windows: int, road: float, soft: bool
) -> None:
    rng = np.random.default_rng([windows, int(10 * road), soft])
    draw = {"slack": 15, "windows": windows, "road": road, "soft": soft}
    kept = sum(departs_best(*random_trips(rng, **draw)) for _ in range(100))
    assert kept > 10


def test_a_later_release_never_makes_a_route_less_late() -> None:
    rng = np.random.default_rng(7)
    for _ in range(100):
        problem = random_line(rng, slack=20)
        visits = tuple(int(v) for v in rng.permutation(problem.num_clients) + 1)
        released = np.zeros(problem.num_nodes, dtype=np.int64)
        before = evaluate(problem, Solution((Route(visits),)))
        for release in (5, 20, 60):
            released[1:] = release
            held = evaluate(problem.replace(release=released), Solution((Route(visits),)))
            assert warp_of(held) >= warp_of(before)
            before = held


def test_duration_is_driving_service_and_waiting() -> None:
    rng = np.random.default_rng(3)
    for _ in range(100):
        problem = random_line(rng, slack=25)
        visits = tuple(int(v) for v in rng.permutation(problem.num_clients) + 1)
        route = evaluate(problem, Solution((Route(visits),))).routes[0]
        waited = sum(stop.wait for stop in route.stops)
        assert route.duration == route.distance + int(problem.service.sum()) + waited


def test_waiting_is_cut_short_to_the_end_of_an_open_shift() -> None:
    # Client 1 opens at 40: leaving at 30 avoids the wait, and the shift ends at 41 after service.
    problem = line(
        0, 10, end_depot=[NOWHERE], tw_early=column(0, 40), service=[0, 1], shift_late=[41]
    )
    evaluation = evaluate(problem, Solution(plan([1])))
    assert evaluation.feasible
    assert evaluation.routes[0].stops[0].leave == 30


def test_a_soft_client_is_not_made_later_to_save_waiting() -> None:
    # Leaving at 0, client 1 is 2 late already and client 2 waits 20; no delay may add lateness.
    problem = line(
        0,
        10,
        20,
        tw_early=column(0, 0, 40),
        tw_late=column(100, 8, 60),
        lateness_cost=[UNLIMITED, 1, UNLIMITED],
    )
    route = evaluate(problem, Solution(plan([1, 2]))).routes[0]
    assert (route.lateness, route.duration) == (2, 60)
    assert route.stops[0].leave == 0


# -- objective, names, the empty plan ------------------------------------------------------


def test_objective_lists_its_terms_in_order() -> None:
    problem = line(
        0,
        10,
        20,
        30,
        objective=tuple(Objective),
        required=[1, 1, 1, 0],
        prize=[0, 0, 0, 9],
        tw_late=column(100, 100, 18, 100),
        lateness_cost=[UNLIMITED, UNLIMITED, 5, UNLIMITED],
    )
    evaluation = evaluate(problem, Solution(plan([1], [2])))
    # vehicles; cost 20 + 40 + 2 × 5 + 9; lateness; longest route; longest arc; priority unserved
    assert evaluation.objective == (2, 79, 2, 40, 20, 9)


def test_an_empty_plan_costs_nothing_and_misses_everyone() -> None:
    evaluation = evaluate(line(0, 10, 20), Solution(()))
    assert evaluation.cost == 0
    assert evaluation.unserved == (1, 2)
    assert [violation.rule for violation in evaluation.violations] == ["missing", "missing"]


def test_violation_names_rule_amount_route_and_client() -> None:
    problem = line(0, 10, tw_late=column(100, 4), node_name=("", "order A-4711"))
    violation = evaluate(problem, Solution(plan([1]))).violations[0]
    assert violation.describe(problem) == "late by 6 on route 1 at client 1 (order A-4711)"


@pytest.mark.parametrize(
    ("route", "message"),
    [
        (Route((1,), 1), "route 1 has vehicle type 1, expected 0 to 0"),
        (Route((0,)), r"route 1 visits node 0, expected a client \(1 to 2\)"),
        (Route((3,)), r"route 1 visits node 3, expected a client \(1 to 2\)"),
        (Route((1,), reloads=((0, 1),)), "route 1 has a reload with number 1, expected 0 to 0"),
        (Route((1,), reloads=((2, 0),)), "route 1 has a reload at position 2, expected 0 to 1"),
        (
            Route((1,), reloads=((1, 0), (0, 0))),
            "route 1 has a reload at position 0, expected 1 to 1",
        ),
        (Route((1,), breaks=((0, 0),)), "route 1 has a break with number 0, but there is none"),
        (Route((1,), breaks=((-1, 0),)), "route 1 has a break at position -1, expected 0 to 1"),
    ],
)
def test_a_plan_that_names_nothing_of_the_problem_is_refused(route: Route, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        evaluate(line(0, 10, 20), Solution((route,)))
