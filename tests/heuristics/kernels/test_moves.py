from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from polyroute.heuristics.kernels import moves
from polyroute.heuristics.kernels.arrays import (
    DEPOT,
    KIND,
    LOAD_WEIGHT,
    QUEUED,
    ROUTE,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.losses import heads_loss, tails_loss
from polyroute.heuristics.kernels.cost.reliefs import LEAST_GAIN, relief
from polyroute.heuristics.kernels.touched import pop_touched
from polyroute.heuristics.kernels.undo_log import commit, undo
from polyroute.vrp.problem import Problem
from tests.heuristics.assertions import assert_delta, assert_frozen, assert_state, frozen
from tests.heuristics.checked import is_barred, is_legal, legs_of, length_of, taken_along
from tests.heuristics.compiled import cases
from tests.heuristics.in_arrays import arrays, can_compute
from tests.heuristics.random_problems.plain import FAMILIES, Rng
from tests.heuristics.random_problems.rich import EVERY
from tests.heuristics.slow_moves import MOVES, Step
from tests.heuristics.states import Plan, plan_of, random_plan, state_of

pytestmark = pytest.mark.plain

CLIENTS = 9
ROUTES = 4


def some(rng: Rng, steps: Iterator[Step], number: int) -> list[Step]:
    """At most `number` of the steps, in random order."""
    every = list(steps)
    return [every[i] for i in rng.permutation(len(every))[:number]]


def situations(
    family: str, seed: int, number: int
) -> Iterator[tuple[Rng, Problem, Load | Timed | Rich, State, Plan]]:
    """Random states of random problems."""
    rng = np.random.default_rng(seed)
    for case in cases(number if family in FAMILIES else number // 2):
        problem = EVERY[family](rng, CLIENTS)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        plan = random_plan(rng, problem, ROUTES)
        yield rng, problem, p, state_of(rng, problem, p, plan), plan


def is_mirrored(problem: Problem) -> bool:
    """Whether stretches may be driven backwards."""
    return problem.is_symmetric and not problem.pairs


def test_every_file_of_moves_is_tested() -> None:
    folder = Path(moves.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert {name.partition(":")[0] for name in MOVES} == files


def lengthens(problem: Problem, p: Load | Timed | Rich, plan: Plan, new: Plan) -> float:
    """The change in length, which nothing under `Rich` may ask for."""
    if isinstance(p, Rich):
        return np.nan
    return length_of(problem, new) - length_of(problem, plan)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("family", EVERY)
def test_a_delta_is_the_difference_of_two_evaluations(move: str, family: str) -> None:
    delta, _, steps = MOVES[move]
    for rng, problem, p, s, plan in situations(family, 1, 10):
        for chosen, _, new in some(rng, steps(plan, is_mirrored(problem)), 60):
            found = delta(p, s, *chosen, lengthens(problem, p, plan, new))
            assert_delta(problem, p, s, plan, new, found)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("family", EVERY)
def test_a_delta_is_so_in_each_of_its_measures(move: str, family: str) -> None:
    delta, _, steps = MOVES[move]
    for rng, problem, p, s, plan in situations(family, 2, 4):
        for entry in range(-1, 3):
            s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3] = 0
            s.total[LOAD_WEIGHT + entry] = 1 if entry >= 0 else 0
            for chosen, _, new in some(rng, steps(plan, is_mirrored(problem)), 15):
                found = delta(p, s, *chosen, lengthens(problem, p, plan, new))
                assert_delta(problem, p, s, plan, new, found)


def legal(problem: Problem, s: State, steps: Iterator[Step]) -> Iterator[Step]:
    """The steps that tear no pair and give nobody to a vehicle that may not serve him."""
    return (step for step in steps if is_legal(problem, s, step[2]))


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("family", EVERY)
def test_an_applied_move_is_what_lists_say_and_can_be_undone(move: str, family: str) -> None:
    _, apply, steps = MOVES[move]
    for rng, problem, p, s, plan in situations(family, 3, 8):
        copies = frozen(s)
        every = legal(problem, s, steps(plan, is_mirrored(problem)))
        for _, chosen, new in some(rng, every, 20):
            apply(p, s, *chosen)
            assert_state(problem, p, s, new)
            undo(p, s)
            assert_frozen(s, copies)


@pytest.mark.parametrize("family", EVERY)
def test_moves_in_a_row_are_undone_together_and_kept_by_a_commit(family: str) -> None:
    for rng, problem, p, s, plan in situations(family, 4, 8):
        for _ in range(4):
            copies, current = frozen(s), plan
            for _ in range(int(rng.integers(1, 6))):
                names = rng.permutation(list(MOVES))
                for name in names:
                    _, apply, steps = MOVES[name]
                    every = legal(problem, s, steps(current, is_mirrored(problem)))
                    if step := some(rng, every, 1):
                        _, chosen, current = step[0]
                        apply(p, s, *chosen)
                        break
            assert_state(problem, p, s, current)
            if rng.random() < 0.5:
                commit(s)
                plan = current
                copies = frozen(s)
            undo(p, s)
            assert_frozen(s, copies)
            assert_state(problem, p, s, plan)


def loss_of(name: str, p: Load | Timed | Rich, s: State, chosen: tuple, new: Plan) -> float:
    """What a move does to arcs, as far as the local search knows before it prices the move."""
    ends = {"two_opt_star: tails": tails_loss, "two_opt_star: heads": heads_loss}
    if name in ends:
        u, v = chosen
        return float(ends[name](p, s, u, v, leg(p, s, s.link[u, ROUTE], u, v)))
    return legs_of(p, s, new) - legs_of(p, s, plan_of(s))


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("family", EVERY)
def test_no_move_saves_more_than_the_relief_beyond_its_arcs(move: str, family: str) -> None:
    delta, _, steps = MOVES[move]
    for rng, problem, p, s, plan in situations(family, 6, 10):
        loads = [taken_along(problem, route) for route in plan]
        every = legal(problem, s, steps(plan, is_mirrored(problem)))
        for chosen, _, new in some(rng, every, 60):
            changed = [r for r, route in enumerate(plan) if route != new[r]]
            if not changed:
                continue
            q, r = changed[0], changed[-1]
            load = loads[q] - taken_along(problem, new[q]) if q != r else 0
            loss = loss_of(move, p, s, chosen, new)
            if loss == np.inf:
                assert isinstance(p, Rich)
                continue
            gain = loss - delta(p, s, *chosen, loss)
            most = relief(p, s, q, r, float(load)) - LEAST_GAIN
            if isinstance(p, Rich):
                if any(is_barred(problem, plan[r], int(s.shape[r, KIND])) for r in changed):
                    continue  # arcs inside of a stretch that is turned may be forbidden one way
                if move == "relocate" and len(plan[q]) > 1 and not new[q]:
                    continue  # only a visit that is alone on its route is known to spare a vehicle
                if move == "relocate" and len(plan[r]) > 1 and not new[r]:
                    continue
            assert gain <= most + 1e-9
            if isinstance(p, Load):
                assert gain == pytest.approx(most)


def arcs(plan: Plan) -> set[frozenset[int]]:
    """The pairs of nodes that follow each other, in either direction."""
    return {frozenset(arc) for route in plan for arc in pairwise([DEPOT, *route, DEPOT])}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("family", ["cvrp", "mirrored travel times", "mixed fleet"])
def test_a_move_touches_the_ends_of_its_new_arcs(move: str, family: str) -> None:
    _, apply, steps = MOVES[move]
    for rng, problem, p, s, plan in situations(family, 5, 8):
        for _, chosen, new in some(rng, steps(plan, is_mirrored(problem)), 20):
            while pop_touched(s) != DEPOT:
                pass
            apply(p, s, *chosen)
            ends = {u for arc in arcs(new) - arcs(plan) for u in arc} - {DEPOT}
            assert all(s.ints[QUEUED, u] for u in ends)
            undo(p, s)
