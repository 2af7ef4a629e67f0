from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from heuristics._jit import kernel
from heuristics.arrays import DEPOT, Load, State, Timed
from heuristics.segment import after, arc, backwards, before, between, excess, join, single
from tests.heuristics.random_problems import (
    COMPILED,
    FAMILIES,
    Plan,
    Rng,
    arrays,
    by_rule,
    can_compute,
    cases,
    cvrp,
    measure,
    random_plan,
    state_of,
)
from tests.naive import best_departure
from vrp.arcs import ArcRule
from vrp.check import evaluate
from vrp.problem import Problem, Scales
from vrp.solution import Route, Solution

pytestmark = pytest.mark.kernels

CLIENTS = 8


@kernel
def tabulate(p, out):
    """Fill `out` (N, N) with the lengths of all arcs."""
    for u in range(len(out)):
        for v in range(len(out)):
            out[u, v] = arc(p, u, v)


# What chooses a specialisation, compiled: called from Python, the plain choice would be tested.


@kernel
def piece_single(p, u):
    return single(p, u)


@kernel
def piece_before(p, s, u):
    return before(p, s, u)


@kernel
def piece_after(p, s, u):
    return after(p, s, u)


@kernel
def piece_between(p, s, u, w):
    return between(p, s, u, w)


@kernel
def piece_backwards(p, s, u, w):
    return backwards(p, s, u, w)


@kernel
def joined(p, a, b):
    return join(p, a, b)


@kernel
def excess_of(p, piece):
    return excess(p, piece)


def lengths(p: Load | Timed) -> np.ndarray:
    out = np.zeros((len(p.node), len(p.node)))
    tabulate(p, out)
    return out


def off_diagonal(table: np.ndarray) -> np.ndarray:
    return table[~np.eye(len(table), dtype=bool)]


@pytest.mark.parametrize("family", FAMILIES)
def test_arcs_are_those_of_the_problem_tabulated_and_computed(family: str) -> None:
    problem = FAMILIES[family](np.random.default_rng(1), CLIENTS)
    expected = problem.distance_matrix()
    assert (lengths(arrays(problem)) == expected).all()
    if can_compute(problem):
        assert (lengths(arrays(problem, computed=True)) == expected).all()


@pytest.mark.parametrize("rule", [rule for rule in ArcRule if rule is not ArcRule.GEO])
@pytest.mark.parametrize("side", [10, 1000, 10**7])
def test_computed_arcs_round_as_the_rule_does(rule: ArcRule, side: int) -> None:
    rng = np.random.default_rng(2)
    size = 60 if COMPILED else 12
    scales = by_rule(rule)(rng, 1).scales
    problem = Problem(coords=rng.integers(-side, side, (size, 2)), arc_rule=rule, scales=scales)
    assert (lengths(arrays(problem, computed=True)) == problem.distance_matrix()).all()


def test_computed_arcs_round_halves_up_as_the_problem_does() -> None:
    # whole triples scaled by 2, so that every length ends in .0 or .5
    triples = np.array([[0, 0], [3, 4], [5, 12], [8, 15], [7, 24], [-20, 21], [9, -40]])
    problem = Problem(coords=triples, scales=Scales(grid=2))
    table = lengths(arrays(problem, computed=True))
    assert (table == problem.distance_matrix()).all()
    assert table[0].tolist() == [0, 3, 7, 9, 13, 15, 21]


def cut(rng: Rng, visits: list[int]) -> Iterator[tuple[int, int]]:
    """Random stretches, from and up to, that make up `visits`."""
    start = 0
    while start < len(visits):
        end = int(rng.integers(start + 1, len(visits) + 1))
        yield start, end
        start = end


def fold(rng: Rng, p: Load | Timed, pieces: list) -> tuple:
    """Join neighbouring pieces in random order until one is left."""
    while len(pieces) > 1:
        i = int(rng.integers(len(pieces) - 1))
        pieces[i : i + 2] = [joined(p, pieces[i], pieces[i + 1])]
    return pieces[0]


def assert_measured(problem: Problem, p: Load | Timed, piece: tuple, visits: list[int]) -> None:
    assert excess_of(p, piece) == measure(problem, tuple(visits))[1:]
    assert piece[2] == problem.delivery[visits, 0].sum()
    if isinstance(p, Timed) and visits:
        route = evaluate(problem, Solution((Route(tuple(visits)),))).routes[0]
        assert piece[3:5] == (route.distance, route.duration)


def mixed(rng: Rng, p: Load | Timed, s: State, plan: Plan, mirrored: bool) -> tuple[tuple, Plan]:
    """A new route from the beginning of one, stretches of others and the end of one more."""
    order = rng.permutation(len(plan))
    first, *middle, last = ([*plan[r]] for r in order)
    head = first[: rng.integers(len(first) + 1)]
    tail = last[rng.integers(len(last) + 1) :]
    pieces, visits = [piece_before(p, s, head[-1] if head else DEPOT)], [*head]
    for route in middle:
        for start, end in cut(rng, route):
            stretch = route[start:end]
            kind = rng.integers(4 if mirrored else 3)
            if kind == 0:
                continue
            if kind == 1:
                pieces += [piece_single(p, u) for u in stretch]
            elif kind == 2:
                pieces.append(piece_between(p, s, stretch[0], stretch[-1]))
            else:
                pieces.append(piece_backwards(p, s, stretch[0], stretch[-1]))
                stretch.reverse()
            visits += stretch
    pieces.append(piece_after(p, s, tail[0] if tail else DEPOT))
    return fold(rng, p, pieces), visits + tail


@pytest.mark.parametrize("family", FAMILIES)
def test_pieces_joined_in_any_order_measure_what_the_checker_measures(family: str) -> None:
    rng = np.random.default_rng(3)
    late = 0
    for case in cases(100):
        problem = FAMILIES[family](rng, CLIENTS)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        plan = random_plan(rng, problem, 4)
        s = state_of(rng, problem, p, plan)
        for _ in range(5):
            # driven backwards, lengths of a lopsided matrix are others, but a piece knows them
            piece, visits = mixed(rng, p, s, plan, mirrored=True)
            assert_measured(problem, p, piece, visits)
            late += measure(problem, tuple(visits))[2] > 0
    if isinstance(p, Timed) and family != "longest route" and COMPILED:
        assert late > 25


@pytest.mark.parametrize("family", FAMILIES)
def test_a_route_cut_anywhere_and_joined_again_is_the_route(family: str) -> None:
    rng = np.random.default_rng(4)
    for _ in cases(10):
        problem = FAMILIES[family](rng, CLIENTS)
        p = arrays(problem)
        (visits,) = random_plan(rng, problem, 1)
        s = state_of(rng, problem, p, [visits])
        for i in range(-1, CLIENTS):
            head = piece_before(p, s, visits[i] if i >= 0 else DEPOT)
            for j in range(i + 1, CLIENTS + 1):
                middle = [piece_between(p, s, visits[i + 1], visits[j - 1])] if j > i + 1 else []
                tail = piece_after(p, s, visits[j] if j < CLIENTS else DEPOT)
                piece = fold(rng, p, [head, *middle, tail])
                assert_measured(problem, p, piece, visits)


@pytest.mark.parametrize("family", ["tight windows", "loose windows", "travel times"])
def test_a_route_is_as_late_and_as_long_as_the_best_departure_makes_it(family: str) -> None:
    rng = np.random.default_rng(6)
    on_time = 0
    for _ in cases(60):
        problem = FAMILIES[family](rng, 3).replace(max_duration=[40])
        p = arrays(problem)
        (visits,) = random_plan(rng, problem, 1)
        s = state_of(rng, problem, p, [visits])
        opens, closes = problem.tw_early[DEPOT, 0], problem.tw_late[DEPOT, 0]
        warp, duration, _ = best_departure(problem, tuple(visits), range(opens, closes + 1))
        whole = piece_before(p, s, visits[-1])
        whole = joined(p, whole, piece_after(p, s, DEPOT))
        assert whole[4] == duration
        assert excess_of(p, whole)[1] == warp + max(duration - 40, 0)
        on_time += warp == 0
    assert on_time or family == "tight windows" or not COMPILED


def test_the_choice_in_plain_python_is_the_compiled_one() -> None:
    rng = np.random.default_rng(5)
    for problem in (cvrp(rng, 3), FAMILIES["tight windows"](rng, 3)):
        p = arrays(problem)
        s = state_of(rng, problem, p, [[1, 2, 3]])
        assert single(p, 1) == piece_single(p, 1)
        assert before(p, s, 2) == piece_before(p, s, 2)
        assert after(p, s, 2) == piece_after(p, s, 2)
        assert between(p, s, 1, 3) == piece_between(p, s, 1, 3)
        assert backwards(p, s, 1, 3) == piece_backwards(p, s, 1, 3)
        whole = join(p, before(p, s, 1), after(p, s, 2))
        assert whole == joined(p, piece_before(p, s, 1), piece_after(p, s, 2))
        assert excess(p, whole) == excess_of(p, whole)
