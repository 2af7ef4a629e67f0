"""Assertions that a state, or a delta, is what the checker says of its plan."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    ARC_IN,
    ARC_OUT,
    COST,
    COUNTED,
    DEPOT,
    FIRST,
    FORBIDDEN,
    KIND,
    LABELLED,
    LOAD_WEIGHT,
    MISSED,
    NEXT,
    POS,
    PRE_OPEN,
    PREV,
    ROUTE,
    ROUTE_LOAD,
    SIZE,
    STATE_COLUMNS,
    UNCOUNTED,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.cost.proposals import standing
from polyroute.vrp.problem import Problem
from tests.heuristics.checked import (
    arc_cost,
    is_allowed,
    is_barred,
    measure,
    measure_plan,
    missed,
    penalised,
    taken_along,
    wall,
)
from tests.heuristics.in_arrays import everybody, node_of
from tests.heuristics.random_problems.plain import Array
from tests.heuristics.states import Plan, kinds_in, plan_of, s_kinds


def assert_delta(
    problem: Problem, p: Load | Timed | Rich, s: State, plan: Plan, new: Plan, found: float
) -> None:
    """Assert that going from `plan`, which `s` holds, to `new` changes the penalised cost so.

    Under `Rich` it is infinite where somebody may not be served, or a pair is torn, and at least
    the constant FORBIDDEN more where the new routes are barred. Where routes are labelled, it may
    be infinite for whatever does not pay.
    """
    if not isinstance(p, Rich):
        assert found == penalised(problem, s, new) - penalised(problem, s, plan)
        return
    kinds = kinds_in(s)
    routes = [r for r, route in enumerate(new) if route != plan[r]]
    if not all(is_allowed(problem, new[r], kinds[r]) for r in routes):
        assert found == np.inf
        return
    before = sum(standing(p, s, r) for r in routes)
    found += before
    ended_early = p.fleet[LABELLED] != 0 and found == np.inf
    if any(is_barred(problem, new[r], kinds[r]) for r in routes):
        assert ended_early or wall(problem, p) <= found < np.inf
        return
    cost, *excess = measure_plan(problem, [new[r] for r in routes], [kinds[r] for r in routes])
    expected = cost + s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3] @ np.array(excess)
    if ended_early:
        assert expected >= before
    else:
        assert found == expected


def assert_state(problem: Problem, p: Load | Timed | Rich, s: State, plan: Plan) -> None:
    """Assert that links, shapes, figures and totals are those of `plan`."""
    assert plan_of(s) == plan
    served = set()
    kinds = kinds_in(s)
    for r, visits in enumerate(plan):
        around = [DEPOT, *visits, DEPOT]
        assert s.shape[r, FIRST : SIZE + 1].tolist() == [around[1], around[-2], len(visits)]
        assert s.shape[r, COUNTED] == (kinds[r] if visits else UNCOUNTED)
        barred = is_barred(problem, visits, kinds[r])
        for pos, u in enumerate(visits):
            link = [0] * 4
            link[PREV], link[NEXT], link[ROUTE], link[POS] = around[pos], around[pos + 2], r, pos
            assert s.link[u].tolist() == link
            for column, ends in ((ARC_IN, around[pos : pos + 2]), (ARC_OUT, around[pos + 1 :][:2])):
                if s.cum[u, column] >= p.fleet[FORBIDDEN]:
                    assert barred
                else:
                    assert s.cum[u, column] == arc_cost(problem, kinds[r], *ends)
            assert u not in served
            served.add(u)
        assert_figures(problem, p, s, r, visits)
        if isinstance(p, Rich):
            assert_open_pairs(problem, s, visits)
    for u in set(everybody(problem)) - served:
        assert s.link[u, ROUTE] < 0
    assert s.total[:LOAD_WEIGHT].tolist() == s.figure[:, :ROUTE_LOAD].sum(axis=0).tolist()
    if isinstance(p, Rich):
        assert s.total[MISSED] == missed(problem, p, plan)
        used = [sum(bool(plan[r]) for r in range(len(plan)) if kinds[r] == k) for k in s_kinds(s)]
        assert s.used.tolist() == used


def assert_figures(
    problem: Problem, p: Load | Timed | Rich, s: State, r: int, visits: list[int]
) -> None:
    """Assert that the figures of route `r` are the checker's; its cost a wall's if it is barred."""
    kind = int(s.shape[r, KIND])
    if is_barred(problem, visits, kind):
        assert s.figure[r, COST] >= wall(problem, p)
    else:
        assert tuple(s.figure[r, :ROUTE_LOAD]) == measure(problem, tuple(visits), kind)
        assert not isinstance(p, Rich) or s.figure[r, COST] < p.fleet[FORBIDDEN]
    assert s.figure[r, ROUTE_LOAD] == taken_along(problem, visits)


def assert_open_pairs(problem: Problem, s: State, visits: list[int]) -> None:
    """Assert that the number of pairs begun and not ended is kept of each visit."""
    firsts = {pair.pickup for pair in problem.pairs}
    lasts = {pair.delivery for pair in problem.pairs}
    opened = 0
    for u in visits:
        opened += (node_of(problem, u) in firsts) - (node_of(problem, u) in lasts)
        assert s.cum[u, PRE_OPEN] == opened


def frozen(s: State) -> dict[str, Array]:
    """Copies of the arrays that make up the current solution.

    Under `Rich` rows of who is on no route, and the kind of an empty one, mean nothing.
    """
    names = ("link", "cum", "shape", "figure", "total", "used")
    copies = {name: getattr(s, name).copy() for name in names}
    if s.cum.shape[1] == STATE_COLUMNS:
        absent = s.link[:, ROUTE] < 0
        copies["cum"][absent] = copies["link"][absent] = ABSENT
        copies["shape"][s.shape[:, SIZE] == 0, KIND] = 0
    return copies


def assert_frozen(s: State, copies: dict[str, Array]) -> None:
    """Assert that the current solution is the one that `frozen` copied."""
    for name, array in frozen(s).items():
        assert np.array_equal(copies[name], array), name
