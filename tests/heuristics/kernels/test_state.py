from __future__ import annotations

from collections import deque

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import (
    BEST,
    COST,
    DEPOT,
    FORBIDDEN,
    LATENESS,
    LOAD_WEIGHT,
    NUM_DIRTY,
    NUM_LOGGED,
    NUM_QUEUED,
    NUM_SAVED,
    OVERRUN,
    ROUTE,
    SIZE,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.plan import linked
from polyroute.heuristics.kernels.state import (
    commit,
    free_route,
    is_feasible,
    keep_best,
    keep_if_best,
    link_in,
    penalised_cost,
    pop_touched,
    refresh,
    save,
    touch,
    touch_all,
    undo,
    unlink,
)
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import UNLIMITED, Problem, Quantity
from polyroute.vrp.solution import Solution
from tests.heuristics.random_problems import (
    EVERY,
    FAMILIES,
    Plan,
    Rng,
    arrays,
    assert_frozen,
    assert_state,
    can_compute,
    cases,
    cvrp,
    frozen,
    is_barred,
    kinds_in,
    load_visits,
    measure_plan,
    missed,
    no_routes,
    penalised,
    plan_of,
    random_plan,
    state_of,
)

pytestmark = pytest.mark.plain

CLIENTS = 9
TABLES = ("distance", "duration")
SOME = ("cvrp", "tsp", "tight windows", "mirrored travel times", "mixed fleet", "mixed pickups")
"""Classes in which anybody may be on any route, at a price."""


def edit(rng: Rng, p: Load | Timed | Rich, s: State, plan: Plan, number: int) -> None:
    """Move random clients to random places, in the state and in `plan`; saves and refreshes."""
    changed = set()
    for _ in range(number):
        u = int(rng.choice([node for route in plan for node in route]))
        q, r = int(s.link[u, ROUTE]), int(rng.integers(len(plan)))
        save(s, q)
        save(s, r)
        unlink(p, s, u)
        plan[q].remove(u)
        at = int(rng.integers(len(plan[r]) + 1))
        link_in(p, s, u, r, plan[r][at - 1] if at else DEPOT)
        plan[r].insert(at, u)
        changed |= {q, r}
    for r in changed:
        refresh(p, s, r)


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
    kinds = {"near": "i", "tie": "i", "allowed": "u"}
    for name, array in zip(p._fields, p, strict=True):
        assert array.flags.c_contiguous, name
        assert array.flags.writeable, name
        assert array.dtype.kind == kinds.get(name, "f"), name


@pytest.mark.parametrize("family", SOME)
def test_relinked_routes_are_those_of_a_list(family: str) -> None:
    rng = np.random.default_rng(3)
    for _ in cases(20):
        problem = EVERY[family](rng, CLIENTS)
        p = arrays(problem)
        plan = random_plan(rng, problem, 4)
        s = state_of(rng, problem, p, plan)
        for _ in range(6):
            edit(rng, p, s, plan, 3)
            assert_state(problem, p, s, plan)


@pytest.mark.parametrize("family", SOME)
def test_undo_puts_back_what_was_before_the_last_commit(family: str) -> None:
    rng = np.random.default_rng(4)
    for _ in cases(20):
        problem = EVERY[family](rng, CLIENTS)
        p = arrays(problem)
        plan = random_plan(rng, problem, 4)
        s = state_of(rng, problem, p, plan)
        for _ in range(6):
            copies, kept = frozen(s), [list(route) for route in plan]
            for _ in range(int(rng.integers(1, 4))):
                edit(rng, p, s, plan, int(rng.integers(1, 5)))
            if rng.random() < 0.5:
                commit(s)
                assert_state(problem, p, s, plan)
            else:
                undo(p, s)
                plan = kept
                assert_frozen(s, copies)
                assert_state(problem, p, s, plan)
            assert s.tally[NUM_LOGGED] == s.tally[NUM_SAVED] == 0


def test_a_full_log_has_room_for_every_client_and_route() -> None:
    rng = np.random.default_rng(5)
    problem = cvrp(rng, CLIENTS)
    p = arrays(problem)
    s = state_of(rng, problem, p, [[u] for u in problem.clients])
    for r in range(CLIENTS):
        save(s, r)
        save(s, r)
    assert s.tally[NUM_LOGGED] == 4 * CLIENTS <= len(s.log)


def test_a_client_left_out_and_undone_is_back() -> None:
    rng = np.random.default_rng(6)
    problem = cvrp(rng, 3)
    p = arrays(problem)
    s = state_of(rng, problem, p, [[1, 2, 3]])
    copies = frozen(s)
    save(s, 0)
    unlink(p, s, 2)
    refresh(p, s, 0)
    assert_state(problem, p, s, [[1, 3]])
    undo(p, s)
    assert_frozen(s, copies)


def test_a_free_route_is_empty_and_none_is_left_when_all_are_in_use() -> None:
    rng = np.random.default_rng(7)
    problem = cvrp(rng, 4)
    p = arrays(problem)
    s = no_routes(problem, p, 3)
    assert free_route(s) >= 0
    load_visits(p, s, [[*problem.clients]])
    plan = plan_of(s)
    full = 0
    for _ in range(200):
        edit(rng, p, s, plan, 2)
        if rng.random() < 0.3:
            commit(s)
        elif rng.random() < 0.5:
            undo(p, s)
            plan = plan_of(s)
        r = free_route(s)
        full += all(plan)
        assert r == -1 if all(plan) else s.shape[r, SIZE] == 0
    assert full > 0


def kept(s: State) -> Plan:
    return sorted(linked(s.best, s.best_shape).lists())


@pytest.mark.parametrize("family", SOME)
def test_the_best_kept_is_a_copy_of_what_was_current(family: str) -> None:
    rng = np.random.default_rng(8)
    for _ in cases(10):
        problem = EVERY[family](rng, CLIENTS)
        p = arrays(problem)
        plan = random_plan(rng, problem, 4)
        s = state_of(rng, problem, p, plan)
        expected: Plan | None = None
        for _ in range(20):
            edit(rng, p, s, plan, 3)
            if rng.random() < 0.4:
                keep_best(s)
                assert s.tally[NUM_DIRTY] == 0
                assert s.total[BEST] == measure_plan(problem, plan, kinds_in(s))[0]
                assert np.array_equal(s.best[1:], s.link[1:])
                assert np.array_equal(s.best_shape, s.shape)
                expected = sorted(list(route) for route in plan if route)
            if rng.random() < 0.5:
                undo(p, s)
                plan = plan_of(s)
            else:
                commit(s)
            if expected is not None:
                assert kept(s) == expected


def test_only_a_feasible_and_shorter_solution_becomes_the_best() -> None:
    problem = Problem(
        coords=np.array([[0, 0], [10, 0], [20, 0]]),
        delivery=np.array([[0], [4], [5]]),
        capacity=np.array([[8]]),
    )
    p = arrays(problem)
    s = no_routes(problem, p, 2)
    load_visits(p, s, [[1, 2]])  # 1 too much on board
    keep_if_best(s)
    assert s.total[BEST] == np.inf
    save(s, 0)
    save(s, 1)
    unlink(p, s, 2)
    refresh(p, s, 0)
    link_in(p, s, 2, int(free_route(s)), DEPOT)
    refresh(p, s, s.link[2, ROUTE])
    keep_if_best(s)
    assert s.total[BEST] == 20 + 40
    assert kept(s) == [[1], [2]]
    undo(p, s)
    keep_if_best(s)
    assert kept(s) == [[1], [2]]


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


def test_touched_nodes_queue_once_and_leave_in_order() -> None:
    rng = np.random.default_rng(10)
    problem = cvrp(rng, CLIENTS)
    s = no_routes(problem, arrays(problem), 1)
    queue: deque[int] = deque()
    for _ in range(300):
        if rng.random() < 0.55:
            u = int(rng.integers(CLIENTS + 1))
            touch(s, u)
            if u != DEPOT and u not in queue:
                queue.append(u)
        else:
            assert pop_touched(s) == (queue.popleft() if queue else DEPOT)
        assert s.tally[NUM_QUEUED] == len(queue)


def test_touching_all_leaves_out_who_is_on_no_route() -> None:
    rng = np.random.default_rng(11)
    problem = cvrp(rng, 5)
    p = arrays(problem)
    s = state_of(rng, problem, p, [[4, 2], [5]])
    touch_all(s)
    assert [pop_touched(s) for _ in range(4)] == [2, 4, 5, DEPOT]
