"""Slow twins of the moves, on lists: every legal one, with the arguments of its kernels."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from polyroute.heuristics.kernels.arrays import DEPOT
from polyroute.heuristics.kernels.moves.relocate import apply_relocate, relocate_delta
from polyroute.heuristics.kernels.moves.swap import apply_swap, swap_delta
from polyroute.heuristics.kernels.moves.two_opt import apply_two_opt, two_opt_delta
from polyroute.heuristics.kernels.moves.two_opt_star import (
    apply_heads,
    apply_tails,
    heads_delta,
    tails_delta,
)
from tests.heuristics.states import Plan

Step = tuple[tuple, tuple, Plan]
"""Arguments of the delta and of the apply function, and the plan that results."""


def changed(plan: Plan, routes: dict[int, list[int]]) -> Plan:
    """The plan with some of its routes replaced."""
    return [list(routes.get(r, route)) for r, route in enumerate(plan)]


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
                    new = changed(plan, {q: rest} | {r: given})
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
        for r, i, j in chains(plan, max(map(len, plan))):
            route = plan[r]
            chosen = (route[i], route[j - 1])
            turned = route[:i] + route[i:j][::-1] + route[j:]
            yield chosen, chosen, changed(plan, {r: turned})


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
        yield chosen, chosen, changed(plan, {q: first, r: second})


def heads(plan: Plan, mirrored: bool) -> Iterator[Step]:
    for q, i, r, k in crossings(plan) if mirrored else ():
        mine, theirs = plan[q], plan[r]
        first = mine[: i + 1] + theirs[: k + 1][::-1]
        second = mine[i + 1 :][::-1] + theirs[k + 1 :]
        chosen = (mine[i], theirs[k])
        yield chosen, chosen, changed(plan, {q: first, r: second})


MOVES: dict[str, tuple[Callable, Callable, Callable[[Plan, bool], Iterator[Step]]]] = {
    "relocate": (relocate_delta, apply_relocate, relocations),
    "swap": (swap_delta, apply_swap, swaps),
    "two_opt": (two_opt_delta, apply_two_opt, reversals),
    "two_opt_star: tails": (tails_delta, apply_tails, tails),
    "two_opt_star: heads": (heads_delta, apply_heads, heads),
}
"""Each move by name: its delta, its apply function, and all that it can do to a plan."""
