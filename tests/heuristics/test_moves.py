from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from heuristics import moves
from heuristics.arrays import DEPOT, LOAD_WEIGHT, QUEUED, Load, State, Timed
from heuristics.moves.relocate import apply_relocate, relocate_delta
from heuristics.moves.swap import apply_swap, swap_delta
from heuristics.moves.two_opt import apply_two_opt, two_opt_delta
from heuristics.moves.two_opt_star import apply_heads, apply_tails, heads_delta, tails_delta
from heuristics.routes import commit, pop_touched, undo
from tests.heuristics.random_problems import (
    FAMILIES,
    Plan,
    Rng,
    arrays,
    assert_frozen,
    assert_state,
    can_compute,
    cases,
    frozen,
    penalised,
    random_plan,
    state_of,
)
from vrp.problem import Problem

pytestmark = pytest.mark.kernels

CLIENTS = 9
ROUTES = 4

Step = tuple[tuple, tuple, Plan]
"""Arguments of the delta and of the apply function, and the plan that results."""


def changed(plan: Plan, **routes: list[int]) -> Plan:
    """The plan with some routes replaced: ``changed(plan, r2=[…])``."""
    new = [list(route) for route in plan]
    for name, visits in routes.items():
        new[int(name[1:])] = visits
    return new


def chains(plan: Plan, longest: int) -> Iterator[tuple[int, int, int]]:
    """Every stretch of up to `longest` visits: its route, from and up to."""
    for q, route in enumerate(plan):
        for i in range(len(route)):
            for j in range(i + 1, min(i + longest, len(route)) + 1):
                yield q, i, j


def relocations(plan: Plan, mirrored: bool) -> Iterator[Step]:
    for q, i, j in chains(plan, 4):
        chain, rest = plan[q][i:j], plan[q][:i] + plan[q][j:]
        for flip in (False, True) if mirrored else (False,):
            put = chain[::-1] if flip else chain
            for r, route in enumerate(plan):
                target = rest if r == q else route
                for gap in range(len(target) + 1):
                    if r == q and gap == i:
                        continue
                    around = [DEPOT, *target, DEPOT]
                    chosen = (chain[0], chain[-1], flip, r, around[gap])
                    given = target[:gap] + put + target[gap:]
                    new = changed(changed(plan, **{f"r{q}": rest}), **{f"r{r}": given})
                    yield (*chosen, around[gap + 1]), chosen, new


def swaps(plan: Plan, mirrored: bool) -> Iterator[Step]:
    for q, i, j in chains(plan, 2):
        for r, k, m in chains(plan, 2):
            if q == r and not (j < k or m < i):
                continue
            mine, theirs = plan[q][i:j], plan[r][k:m]
            swapped = {u: [u] for route in plan for u in route}
            swapped |= {u: [] for u in mine + theirs} | {mine[0]: theirs, theirs[0]: mine}
            new = [[v for u in route for v in swapped[u]] for route in plan]
            chosen = (mine[0], mine[-1], theirs[0], theirs[-1])
            yield chosen, chosen, new


def reversals(plan: Plan, mirrored: bool) -> Iterator[Step]:
    if mirrored:
        for r, i, j in chains(plan, CLIENTS):
            route = plan[r]
            chosen = (route[i], route[j - 1])
            turned = route[:i] + route[i:j][::-1] + route[j:]
            yield chosen, chosen, changed(plan, **{f"r{r}": turned})


def crossings(plan: Plan) -> Iterator[tuple[int, int, int, int]]:
    """Every two visits of different routes: route and position of both."""
    for q, i, _ in chains(plan, 1):
        for r, k, _ in chains(plan, 1):
            if q != r:
                yield q, i, r, k


def tails(plan: Plan, mirrored: bool) -> Iterator[Step]:
    for q, i, r, k in crossings(plan):
        mine, theirs = plan[q], plan[r]
        first, second = mine[: i + 1] + theirs[k:], theirs[:k] + mine[i + 1 :]
        chosen = (mine[i], theirs[k])
        yield chosen, chosen, changed(plan, **{f"r{q}": first, f"r{r}": second})


def heads(plan: Plan, mirrored: bool) -> Iterator[Step]:
    for q, i, r, k in crossings(plan) if mirrored else ():
        mine, theirs = plan[q], plan[r]
        first = mine[: i + 1] + theirs[: k + 1][::-1]
        second = mine[i + 1 :][::-1] + theirs[k + 1 :]
        chosen = (mine[i], theirs[k])
        yield chosen, chosen, changed(plan, **{f"r{q}": first, f"r{r}": second})


MOVES: dict[str, tuple[Callable, Callable, Callable[[Plan, bool], Iterator[Step]]]] = {
    "relocate": (relocate_delta, apply_relocate, relocations),
    "swap": (swap_delta, apply_swap, swaps),
    "two_opt": (two_opt_delta, apply_two_opt, reversals),
    "two_opt_star: tails": (tails_delta, apply_tails, tails),
    "two_opt_star: heads": (heads_delta, apply_heads, heads),
}


def some(rng: Rng, steps: Iterator[Step], number: int) -> list[Step]:
    """At most `number` of the steps, in random order."""
    every = list(steps)
    return [every[i] for i in rng.permutation(len(every))[:number]]


def situations(
    family: str, seed: int, number: int
) -> Iterator[tuple[Rng, Problem, Load | Timed, State, Plan]]:
    """Random states of random problems."""
    rng = np.random.default_rng(seed)
    for case in cases(number):
        problem = FAMILIES[family](rng, CLIENTS)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        plan = random_plan(rng, problem, ROUTES)
        yield rng, problem, p, state_of(rng, problem, p, plan), plan


def test_every_file_of_moves_is_tested() -> None:
    folder = Path(moves.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert {name.partition(":")[0] for name in MOVES} == files


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_delta_is_the_difference_of_two_evaluations(move: str, family: str) -> None:
    delta, _, steps = MOVES[move]
    for rng, problem, p, s, plan in situations(family, 1, 10):
        before = penalised(problem, s, plan)
        for chosen, _, new in some(rng, steps(plan, problem.is_symmetric), 60):
            true = penalised(problem, s, new) - before
            assert delta(p, s, *chosen, np.inf) == true
            cutoff = int(rng.integers(-100, 100))
            found = delta(p, s, *chosen, cutoff)
            assert found == true or (found == np.inf and true >= cutoff)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_delta_is_so_in_each_of_its_measures(move: str, family: str) -> None:
    delta, _, steps = MOVES[move]
    for rng, problem, p, s, plan in situations(family, 2, 4):
        for entry in range(-1, 3):
            s.total[LOAD_WEIGHT : LOAD_WEIGHT + 3] = 0
            s.total[LOAD_WEIGHT + entry] = 1 if entry >= 0 else 0
            before = penalised(problem, s, plan)
            for chosen, _, new in some(rng, steps(plan, problem.is_symmetric), 15):
                assert delta(p, s, *chosen, np.inf) == penalised(problem, s, new) - before


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("family", FAMILIES)
def test_an_applied_move_is_what_lists_say_and_can_be_undone(move: str, family: str) -> None:
    _, apply, steps = MOVES[move]
    for rng, problem, p, s, plan in situations(family, 3, 8):
        copies = frozen(s)
        for _, chosen, new in some(rng, steps(plan, problem.is_symmetric), 20):
            apply(p, s, *chosen)
            assert_state(problem, s, new)
            undo(p, s)
            assert_frozen(s, copies)


@pytest.mark.parametrize("family", FAMILIES)
def test_moves_in_a_row_are_undone_together_and_kept_by_a_commit(family: str) -> None:
    for rng, problem, p, s, plan in situations(family, 4, 8):
        for _ in range(4):
            copies, current = frozen(s), plan
            for _ in range(int(rng.integers(1, 6))):
                names = rng.permutation(list(MOVES))
                for name in names:
                    _, apply, steps = MOVES[name]
                    if step := some(rng, steps(current, problem.is_symmetric), 1):
                        _, chosen, current = step[0]
                        apply(p, s, *chosen)
                        break
            assert_state(problem, s, current)
            if rng.random() < 0.5:
                commit(s)
                plan = current
                copies = frozen(s)
            undo(p, s)
            assert_frozen(s, copies)
            assert_state(problem, s, plan)


def arcs(plan: Plan) -> set[frozenset[int]]:
    """The pairs of nodes that follow each other, in either direction."""
    return {frozenset(arc) for route in plan for arc in pairwise([DEPOT, *route, DEPOT])}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("family", ["cvrp", "mirrored travel times"])
def test_a_move_touches_the_ends_of_its_new_arcs(move: str, family: str) -> None:
    _, apply, steps = MOVES[move]
    for rng, problem, p, s, plan in situations(family, 5, 8):
        for _, chosen, new in some(rng, steps(plan, problem.is_symmetric), 20):
            while pop_touched(s) != DEPOT:
                pass
            apply(p, s, *chosen)
            ends = {u for arc in arcs(new) - arcs(plan) for u in arc} - {DEPOT}
            assert all(s.ints[QUEUED, u] for u in ends)
            undo(p, s)
