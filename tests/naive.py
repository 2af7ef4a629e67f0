"""Slow obvious twins: what a search must find, found by looking at everything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, combinations_with_replacement, permutations, product

from polyroute.vrp.check import Evaluation, evaluate
from polyroute.vrp.problem import UNLIMITED, Problem
from polyroute.vrp.solution import Route, Solution

Block = frozenset[int]


def best_solution(problem: Problem) -> tuple[Solution, Evaluation] | None:
    """The best feasible solution of at most seven clients, None where there is none.

    Every route is the cheapest order of its clients for its vehicle type, with reloads before any
    of them and breaks anywhere; all partitions of clients into such routes are judged by the
    checker. So the objective may be cost, or vehicles and cost; a pair stays on one route, optional
    clients and groups may stay away.
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


def best_departure(problem: Problem, route: Route, departures: range) -> tuple[int, int, int]:
    """Warp, duration and departure of a closed route on a vehicle of type 0 that leaves best.

    That is with the least warp, excess of duration, cost, lateness and duration, and earliest.
    Nothing keeps the vehicle from any of the `departures`.
    """
    times = problem.duration_matrix().tolist()
    most, regular = int(problem.max_duration[0]), int(problem.regular_duration[0])
    price, overtime = int(problem.unit_duration_cost[0]), int(problem.overtime_cost[0])
    found = []
    for departure in departures:
        warp, late, paid, duration = _drive(problem, times, route, departure)
        paid += price * duration + overtime * max(duration - regular, 0)
        found.append((warp, max(duration - most, 0), paid, late, duration, departure))
    warp, _, _, _, duration, departure = min(found)
    return warp, duration, departure


def _drive(
    problem: Problem, times: list[list[int]], route: Route, departure: int
) -> tuple[int, int, int, int]:
    """Warp, soft lateness, its cost and duration of a closed route that leaves depot 0 then."""
    clock, warp, duration, here = departure, 0, 0, 0
    soft = paid = 0
    cuts = [at for at, _ in route.reloads] + [len(route.visits)]
    for position, client in enumerate((*route.visits, 0)):
        stops = []  # where, the windows, how long
        for number, (at, depot) in enumerate(route.reloads):
            if at == position:
                trip = route.visits[at : cuts[number + 1]]
                release = max((int(problem.release[node]) for node in trip), default=0)
                early, late = int(problem.tw_early[depot, 0]), int(problem.tw_late[depot, 0])
                stops.append((depot, [(max(early, release), late)], 0))
        early, late = problem.tw_early[client].tolist(), problem.tw_late[client].tolist()
        stops.append((client, sorted(zip(early, late, strict=True)), int(problem.service[client])))
        due = [problem.breaks[index] for at, index in route.breaks if at == position]
        for left, (place, windows, stay) in enumerate(stops, start=1 - len(stops)):
            leg = times[here][place]
            for number, pause in enumerate(() if left else due):
                moves = all(later.on_the_road for later in due[number:])
                early, late = next((w for w in pause.windows if clock <= w[1]), pause.windows[-1])
                while clock < early:
                    clock, duration, leg = clock + 1, duration + 1, leg - (moves and leg > 0)
                warp += max(clock - late, 0)
                clock, duration = min(clock, late) + pause.duration, duration + pause.duration
            here, clock, duration = place, clock + leg, duration + leg
            early, late = next((w for w in windows if clock <= w[1]), windows[-1])
            begin = max(clock, early)
            duration += begin - clock + stay
            price = int(problem.lateness_cost[place])
            if price < UNLIMITED:
                soft += max(begin - late, 0)
                paid += max(begin - late, 0) * price
            else:
                warp += max(begin - late, 0)
                begin = min(begin, late)
            clock = begin + stay
    return warp, soft, paid, duration


def _cheapest_routes(problem: Problem) -> dict[Block, list[Route]]:
    """For each set of clients, the cheapest order for each vehicle type that can serve it."""
    routes: dict[Block, list[Route]] = {}
    for size in range(1, problem.num_clients + 1):
        for clients in combinations(problem.clients, size):
            for kind in range(problem.num_vehicle_types):
                cheapest: tuple[int, Route] | None = None
                for route in _orders(problem, clients, kind):
                    evaluation = evaluate(problem, Solution((route,)))
                    broken = any(found.route is not None for found in evaluation.violations)
                    cost = evaluation.routes[0].cost
                    if not broken and (cheapest is None or cost < cheapest[0]):
                        cheapest = cost, route
                if cheapest is not None:
                    routes.setdefault(frozenset(clients), []).append(cheapest[1])
    return routes


def _orders(problem: Problem, clients: tuple[int, ...], kind: int) -> Iterator[Route]:
    """Every order of the clients, with every way to reload before some and to take all breaks."""
    depots: list[int] = []
    most = 0
    for reload in problem.reloads:
        if reload.vehicle_type == kind:
            depots, most = list(reload.depots), reload.most
    breaks = [i for i, pause in enumerate(problem.breaks) if pause.vehicle_type == kind]
    places = range(len(clients) + 1)
    for visits in permutations(clients):
        for chosen in product((None, *depots), repeat=len(clients)):
            reloads = tuple((at, depot) for at, depot in enumerate(chosen) if depot is not None)
            if len(reloads) > most:
                continue
            for order in permutations(breaks):
                for positions in combinations_with_replacement(places, len(breaks)):
                    taken = tuple(zip(positions, order, strict=True))
                    yield Route(visits, kind, reloads, taken)


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
