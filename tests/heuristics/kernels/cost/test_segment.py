from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pytest

from polyroute.heuristics.jit.options import kernel
from polyroute.heuristics.kernels.arrays import (
    CAPACITY,
    DEPOT,
    FORBIDDEN,
    KIND,
    NEXT,
    PIECE_DIST,
    PIECE_DUR,
    PIECE_LOAD,
    PIECE_STOPS,
    PREV,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.cost.arcs import arc, length_by
from polyroute.heuristics.kernels.cost.losses import heads_loss, tails_loss
from polyroute.heuristics.kernels.cost.pieces import after, before, join_single
from polyroute.heuristics.kernels.cost.pieces import measure as measure_route
from polyroute.heuristics.kernels.cost.proposals import beyond, proposal, standing
from polyroute.heuristics.kernels.cost.reliefs import allowance, relief
from polyroute.heuristics.kernels.cost.segment import (
    after_load,
    after_timed,
    before_load,
    before_timed,
    between_load,
    between_timed,
    excess_timed,
    join_load,
    join_timed,
    reversed_timed,
    single_load,
    single_timed,
)
from polyroute.heuristics.kernels.cost.segment_rich import (
    after_rich,
    before_rich,
    join_rich,
    single_rich,
)
from polyroute.heuristics.kernels.cost.vehicle_cost import cost_rich, excess_rich
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import Problem, Scales
from polyroute.vrp.solution import Route, Solution
from tests.heuristics.checked import is_allowed, is_barred, judged, measure, taken_along
from tests.heuristics.compiled import COMPILED, cases
from tests.heuristics.in_arrays import arrays, can_compute
from tests.heuristics.random_problems.plain import BY_RULE, FAMILIES, Rng, by_rule
from tests.heuristics.random_problems.rich import JOINED
from tests.heuristics.states import Plan, load_visits, no_routes, random_plan, state_of
from tests.naive import best_departure
from tests.processes import printed

pytestmark = pytest.mark.both

CLIENTS = 8


@kernel
def tabulate(p, out):
    """Fill `out` (N, N) with the lengths of all arcs."""
    for u in range(len(out)):
        for v in range(len(out)):
            out[u, v] = arc(p, u, v)


class Pieces(NamedTuple):
    """What one specialisation does to pieces. A vehicle of kind `k` drives route `r` of `s`."""

    single: Callable  # p, u
    before: Callable  # p, s, r, u
    after: Callable  # p, s, r, u
    between: Callable  # p, s, k, u, w
    backwards: Callable  # p, s, k, u, w
    join: Callable  # p, k, a, b
    excess: Callable  # p, k, piece


def _stretch_rich(p: Rich, s: State, k: int, u: int, w: int, step: int) -> tuple:
    piece = single_rich(p, u)
    while u != w:
        u = int(s.link[u, step])
        piece = join_rich(p, k, piece, single_rich(p, u))
    return piece


PIECES = {
    Load: Pieces(
        single_load,
        lambda p, s, r, u: before_load(s, u),
        lambda p, s, r, u: after_load(p, s, u),
        lambda p, s, k, u, w: (u, w, between_load(p, s, u, w)),
        lambda p, s, k, u, w: (w, u, between_load(p, s, u, w)),
        lambda p, k, a, b: join_load(a, b),
        lambda p, k, piece: (max(piece[PIECE_LOAD] - p.fleet[CAPACITY], 0.0), 0.0, 0.0),
    ),
    Timed: Pieces(
        single_timed,
        lambda p, s, r, u: before_timed(s, u),
        lambda p, s, r, u: after_timed(s, u),
        lambda p, s, k, u, w: between_timed(p, s, u, w),
        lambda p, s, k, u, w: reversed_timed(p, s, u, w),
        lambda p, k, a, b: join_timed(p, a, b),
        lambda p, k, piece: excess_timed(p, piece),
    ),
    Rich: Pieces(
        single_rich,
        before_rich,
        after_rich,
        lambda p, s, k, u, w: _stretch_rich(p, s, k, u, w, NEXT),
        lambda p, s, k, u, w: _stretch_rich(p, s, k, w, u, PREV),
        join_rich,
        excess_rich,
    ),
}


# What chooses a specialisation, compiled: called from Python, the plain choice would be tested.


@kernel
def chosen_before(p, s, r, u):
    return before(p, s, r, u)


@kernel
def chosen_after(p, s, r, u):
    return after(p, s, r, u)


@kernel
def chosen_join_single(p, s, r, piece, u):
    return join_single(p, s, r, piece, u)


@kernel
def chosen_measure(p, s, r, legs):
    return measure_route(p, s, r, legs)


@kernel
def chosen_proposal(p, s, r, a, u, w, flip, b):
    return proposal(p, s, r, a, u, w, flip, DEPOT, DEPOT, False, DEPOT, DEPOT, False, b, np.inf)


@kernel
def chosen_bounds(p, s, q, r, load):
    return standing(p, s, q), beyond(p, load), allowance(p, s, q), relief(p, s, q, r, load)


@kernel
def chosen_losses(p, s, u, v, there):
    return tails_loss(p, s, u, v, there), heads_loss(p, s, u, v, there)


@kernel
def tabulate_by(p, kind, out):
    """Fill `out` (N, N) with the lengths of all arcs for one kind of vehicle."""
    for u in range(len(out)):
        for v in range(len(out)):
            out[u, v] = length_by(p, kind, u, v)


def lengths(p: Load | Timed) -> np.ndarray:
    out = np.zeros((len(p.node), len(p.node)))
    tabulate(p, out)
    return out


def off_diagonal(table: np.ndarray) -> np.ndarray:
    return table[~np.eye(len(table), dtype=bool)]


@pytest.mark.parametrize("family", BY_RULE | FAMILIES)
def test_arcs_are_those_of_the_problem_tabulated_and_computed(family: str) -> None:
    problem = (BY_RULE | FAMILIES)[family](np.random.default_rng(1), CLIENTS)
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


def fold(rng: Rng, p: Load | Timed | Rich, kind: int, pieces: list) -> tuple:
    """Join neighbouring pieces in random order until one is left."""
    while len(pieces) > 1:
        i = int(rng.integers(len(pieces) - 1))
        pieces[i : i + 2] = [PIECES[type(p)].join(p, kind, pieces[i], pieces[i + 1])]
    return pieces[0]


def assert_measured(
    problem: Problem, p: Load | Timed | Rich, kind: int, piece: tuple, visits: list[int]
) -> None:
    if isinstance(p, Rich):
        assert_measured_rich(problem, p, kind, piece, visits)
        return
    if is_barred(problem, visits, kind):
        return  # a forbidden arc is long to `Load` and `Timed`, and no route keeps it
    assert PIECES[type(p)].excess(p, kind, piece) == measure(problem, tuple(visits))[1:]
    assert piece[PIECE_LOAD] == problem.delivery[visits, 0].sum()
    if isinstance(p, Timed) and visits:
        route = evaluate(problem, Solution((Route(tuple(visits)),))).routes[0]
        assert (piece[PIECE_DIST], piece[PIECE_DUR]) == (route.distance, route.duration)


def assert_measured_rich(
    problem: Problem, p: Rich, kind: int, piece: tuple, visits: list[int]
) -> None:
    """Assert cost and excess, or that a route that goes over a forbidden arc costs a wall."""
    cost = cost_rich(p, kind, piece)
    if not visits:
        return
    if is_barred(problem, visits, kind):
        assert cost >= p.fleet[FORBIDDEN]
        return
    found = tuple(violation.rule for violation in judged(problem, tuple(visits), kind)[1])
    if "allowed" in found or "negative_load" in found:
        return
    assert (cost, *excess_rich(p, kind, piece)) == measure(problem, tuple(visits), kind)
    assert piece[PIECE_LOAD] == taken_along(problem, visits)
    assert piece[PIECE_STOPS] == len(visits)


def mixed(
    rng: Rng, p: Load | Timed | Rich, s: State, plan: Plan, mirrored: bool
) -> tuple[tuple, Plan]:
    """A new route from the beginning of one, stretches of others and the end of one more.

    All routes are driven by vehicles of one kind.
    """
    order = rng.permutation(len(plan))
    kind, of = int(s.shape[0, KIND]), PIECES[type(p)]
    first, *middle, last = ([*plan[r]] for r in order)
    head = first[: rng.integers(len(first) + 1)]
    tail = last[rng.integers(len(last) + 1) :]
    pieces, visits = [of.before(p, s, order[0], head[-1] if head else DEPOT)], [*head]
    for route in middle:
        for start, end in cut(rng, route):
            stretch = route[start:end]
            how = rng.integers(4 if mirrored else 3)
            if how == 0:
                continue
            if how == 1:
                pieces += [of.single(p, u) for u in stretch]
            elif how == 2:
                pieces.append(of.between(p, s, kind, stretch[0], stretch[-1]))
            else:
                pieces.append(of.backwards(p, s, kind, stretch[0], stretch[-1]))
                stretch.reverse()
            visits += stretch
    pieces.append(of.after(p, s, order[-1], tail[0] if tail else DEPOT))
    return fold(rng, p, kind, pieces), visits + tail


def state_by(rng: Rng, problem: Problem, p: Load | Timed | Rich, plan: Plan) -> tuple[State, int]:
    """A state whose routes are driven by vehicles of one random kind, and that kind."""
    s = no_routes(problem, p, len(plan))
    kind = int(rng.integers(len(s.used)))
    load_visits(p, s, plan, [kind] * len(plan))
    return s, kind


@pytest.mark.plain
@pytest.mark.parametrize("family", JOINED)
def test_pieces_joined_in_any_order_measure_what_the_checker_measures(family: str) -> None:
    rng = np.random.default_rng(3)
    late = 0
    for case in cases(100):
        problem = JOINED[family](rng, CLIENTS)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        plan = random_plan(rng, problem, 4)
        if not plan:
            continue
        s, kind = state_by(rng, problem, p, plan)
        for _ in range(5):
            # driven backwards, lengths of a lopsided matrix are others, but a piece knows them
            if len(plan) == 1:
                break
            piece, visits = mixed(rng, p, s, plan, mirrored="pairs" not in problem.active)
            if is_allowed(problem, visits, kind) or "pairs" not in problem.active:
                assert_measured(problem, p, kind, piece, visits)
            if isinstance(p, Timed) and not is_barred(problem, visits, kind):
                late += measure(problem, tuple(visits))[2] > 0
    if isinstance(p, Timed) and family != "longest route" and COMPILED:
        assert late > 25


@pytest.mark.plain
@pytest.mark.parametrize("family", JOINED)
def test_a_route_cut_anywhere_and_joined_again_is_the_route(family: str) -> None:
    rng = np.random.default_rng(4)
    for _ in cases(10):
        problem = JOINED[family](rng, CLIENTS)
        p = arrays(problem)
        (visits,) = random_plan(rng, problem, 1)
        s, kind = state_by(rng, problem, p, [visits])
        of, size = PIECES[type(p)], len(visits)
        for i in range(-1, size):
            head = of.before(p, s, 0, visits[i] if i >= 0 else DEPOT)
            for j in range(i + 1, size + 1):
                middle = []
                if j > i + 1:
                    middle = [of.between(p, s, kind, visits[i + 1], visits[j - 1])]
                tail = of.after(p, s, 0, visits[j] if j < size else DEPOT)
                piece = fold(rng, p, kind, [head, *middle, tail])
                assert_measured(problem, p, kind, piece, visits)


@pytest.mark.plain
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
        warp, duration, _ = best_departure(problem, Route(tuple(visits)), range(opens, closes + 1))
        whole = join_timed(p, before_timed(s, visits[-1]), after_timed(s, DEPOT))
        assert whole[PIECE_DUR] == duration
        assert excess_timed(p, whole)[1] == warp + max(duration - 40, 0)
        on_time += warp == 0
    assert on_time or family == "tight windows" or not COMPILED


def choices(family: str) -> list[object]:
    """What is chosen by the class of arrays, on one small state."""
    rng = np.random.default_rng(5)
    problem = JOINED[family](rng, 4)
    p = arrays(problem)
    s = state_of(rng, problem, p, [[1, 2, 3], [4]])
    piece = chosen_before(p, s, 0, 2)
    return [
        piece,
        chosen_after(p, s, 0, 2),
        chosen_join_single(p, s, 0, piece, 4),
        chosen_measure(p, s, 0, 90.0),
        [chosen_proposal(p, s, 1, DEPOT, 1, 2, flip, 4) for flip in (False, True)],
        chosen_bounds(p, s, 0, 1, 5.0),
        chosen_losses(p, s, 2, 4, 7.0),
    ]


def told() -> str:
    """The choices of each class, in JSON."""
    families = ("cvrp", "tight windows", "mixed fleet")
    return json.dumps([choices(family) for family in families], default=float)


SCRIPT = """
from tests.heuristics.kernels.cost.test_segment import told
print(told())
"""


@pytest.mark.skipif(not COMPILED, reason="asks what is compiled")
def test_the_choice_in_plain_python_is_the_compiled_one() -> None:
    assert json.loads(told()) == json.loads(printed(SCRIPT, NUMBA_DISABLE_JIT="1"))
