"""Slow obvious twins: what a search must find, found by looking at everything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise, permutations

from vrp.check import Evaluation, evaluate
from vrp.problem import Problem
from vrp.solution import Route, Solution

Block = frozenset[int]


def best_solution(problem: Problem) -> tuple[Solution, Evaluation] | None:
    """The best feasible solution of at most seven clients, None where there is none.

    Every route is the cheapest order of its clients for its vehicle type; all partitions of
    clients into such routes are judged by the checker. So the objective may be cost, or vehicles
    and cost; a pair stays on one route, optional clients and groups may stay away.
    """
    assert problem.num_clients <= 7, "brute force grows beyond patience"
    routes = _cheapest_routes(problem)
    best: tuple[Solution, Evaluation] | None = None
    for served in _servable(problem):
        for plan in _partitions(served, routes):
            solution = Solution(plan)
            evaluation = evaluate(problem, solution)
            if not evaluation.feasible:
                continue
            if best is None or evaluation.objective < best[1].objective:
                best = solution, evaluation
    return best


def best_departure(
    problem: Problem, visits: tuple[int, ...], departures: range
) -> tuple[int, int, int]:
    """Least warp of a closed route, the least duration with it, the earliest departure for both."""
    return min((*_drive(problem, visits, departure), departure) for departure in departures)


def _drive(problem: Problem, visits: tuple[int, ...], departure: int) -> tuple[int, int]:
    """Total warp and duration of a closed route that leaves the depot at `departure`."""
    clock, warp, duration = departure, 0, 0
    times = problem.duration_matrix()
    for tail, head in pairwise((0, *visits, 0)):
        step = int(times[tail, head]) + (int(problem.service[tail]) if tail else 0)
        early, late = int(problem.tw_early[head, 0]), int(problem.tw_late[head, 0])
        wait = max(early - clock - step, 0)
        warp += max(clock + step - late, 0)
        duration += step + wait
        clock = min(clock + step + wait, late)
    return warp, duration


def _cheapest_routes(problem: Problem) -> dict[Block, list[Route]]:
    """For each set of clients, the cheapest order for each vehicle type that can serve it."""
    routes: dict[Block, list[Route]] = {}
    for size in range(1, problem.num_clients + 1):
        for clients in combinations(problem.clients, size):
            for kind in range(problem.num_vehicle_types):
                cheapest: tuple[int, Route] | None = None
                for visits in permutations(clients):
                    route = Route(visits, kind)
                    evaluation = evaluate(problem, Solution((route,)))
                    broken = any(found.route is not None for found in evaluation.violations)
                    cost = evaluation.routes[0].cost
                    if not broken and (cheapest is None or cost < cheapest[0]):
                        cheapest = cost, route
                if cheapest is not None:
                    routes.setdefault(frozenset(clients), []).append(cheapest[1])
    return routes


def _servable(problem: Problem) -> Iterator[tuple[int, ...]]:
    """Every set of clients that leaves out none who is required on his own account."""
    grouped = {node for group in problem.groups for node in group.clients}
    needed = {node for node in problem.clients if problem.required[node]} - grouped
    optional = [node for node in problem.clients if node not in needed]
    for size in range(len(optional) + 1):
        for chosen in combinations(optional, size):
            yield tuple(sorted(needed.union(chosen)))


def _partitions(
    clients: tuple[int, ...], routes: dict[Block, list[Route]]
) -> Iterator[tuple[Route, ...]]:
    """Every way to serve `clients` by `routes`, the first client's route first."""
    if not clients:
        yield ()
        return
    first, rest = clients[0], clients[1:]
    for size in range(len(rest) + 1):
        for others in combinations(rest, size):
            left = tuple(node for node in rest if node not in others)
            for route in routes.get(frozenset((first, *others)), ()):
                for remaining in _partitions(left, routes):
                    yield (route, *remaining)
