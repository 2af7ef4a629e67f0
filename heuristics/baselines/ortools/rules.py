"""The rules of OR-Tools' model but those on time: arcs, counts, loads, distances and pins."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from polyroute.heuristics.baselines.magnitudes import without_forbidden
from polyroute.heuristics.baselines.ortools.routing import Routing
from polyroute.vrp.problem import UNLIMITED, Backhaul


def add_rules(routing: Routing, dearest: int) -> None:
    """Give the model its rules; who breaks a soft one pays `dearest` at least."""
    _add_bars(routing, dearest)
    _add_stops_and_pairs(routing)
    _add_backhauls(routing)
    _add_loads(routing)
    _add_distances(routing)
    _add_pins(routing)


def _add_bars(routing: Routing, dearest: int) -> None:
    """Whoever uses a forbidden arc or visits whom he may not pays the dearest plan for each.

    Were it not possible at all, the greedy start would often find no plan to improve upon.
    """
    problem, model = routing.problem, routing.model
    bars = []
    for v in range(problem.num_vehicle_types):
        profile = int(problem.profile[v])
        barred = problem.distance_matrix(profile) >= UNLIMITED
        barred |= problem.duration_matrix(profile) >= UNLIMITED
        bars.append((barred | ~problem.allowed[:, v]).astype(np.int64))
    if any(barred.any() for barred in bars):
        most = [problem.num_nodes] * len(routing.types)
        routing.add_sum("bars", lambda v: bars[v], most)
        dimension = model.GetDimensionOrDie("bars")
        for vehicle in range(len(routing.types)):
            dimension.SetCumulVarSoftUpperBound(model.End(vehicle), 0, dearest)


def _add_stops_and_pairs(routing: Routing) -> None:
    """The number of stops, by which a pair's ends are in order, too."""
    problem, model = routing.problem, routing.model
    solver = model.solver()
    if problem.active & {"max_stops", "pairs"}:
        client = np.arange(problem.num_nodes) >= problem.num_depots
        most = np.minimum(problem.max_stops, problem.num_clients)
        routing.add_count("stops", client, [int(most[v]) for v in routing.types])
    for pair in problem.pairs:
        order = model.GetDimensionOrDie("stops")
        first, last = routing.index(pair.pickup), routing.index(pair.delivery)
        model.AddPickupAndDelivery(first, last)
        solver.Add(model.VehicleVar(first) == model.VehicleVar(last))
        solver.Add(order.CumulVar(first) <= order.CumulVar(last))


def _add_backhauls(routing: Routing) -> None:
    """Linehauls before backhauls, and no route of backhauls alone: by counts of either."""
    problem, model = routing.problem, routing.model
    if problem.backhaul is Backhaul.NONE:
        return
    everybody = [problem.num_clients] * len(routing.types)
    delivers = problem.delivery.sum(axis=1) > 0
    if problem.backhaul is Backhaul.LINEHAUL_FIRST:
        takes = problem.pickup.sum(axis=1) > 0
        picked = routing.add_count("picked up", takes, everybody)
        for node in np.flatnonzero(delivers):
            picked.CumulVar(routing.index(int(node))).SetMax(0)
    if not problem.backhaul_only_routes:
        brought = routing.add_count("delivered", delivers, everybody)
        for vehicle in range(len(routing.types)):
            some = brought.CumulVar(model.End(vehicle))
            model.solver().Add(some >= model.ActiveVehicleVar(vehicle))


def _add_loads(routing: Routing) -> None:
    """What is on board; where goods are picked up, it begins with what the route delivers.

    A vehicle under way begins with what it carries, whatever it delivers.
    """
    problem, model = routing.problem, routing.model
    from_pairs = [pair.delivery for pair in problem.pairs]
    loaded = problem.delivery.copy()
    loaded[from_pairs] = 0
    both = bool(problem.active & {"pickup", "pairs", "under_way"})
    for dim in range(problem.size("L")):
        total = int(problem.delivery[:, dim].sum() + problem.pickup[:, dim].sum())
        total += int(problem.on_board[:, dim].max())
        room = [min(int(problem.capacity[v, dim]), total) for v in routing.types]
        most = [total if problem.under_way[v] else room[k] for k, v in enumerate(routing.types)]
        brought = routing.add_count(f"brought {dim}", loaded[:, dim], most)
        if not both:
            continue
        change = problem.pickup[:, dim] - problem.delivery[:, dim]
        load = routing.add_count(f"load {dim}", change, room, from_zero=False)
        for k, v in enumerate(routing.types):
            begin, end = load.CumulVar(model.Start(k)), brought.CumulVar(model.End(k))
            on_board = int(problem.on_board[v, dim])
            model.solver().Add(begin == (on_board if problem.under_way[v] else end))


def _add_distances(routing: Routing) -> None:
    problem = routing.problem
    if "max_distance" in problem.active:
        matrices = [without_forbidden(problem.distance_matrix(p)) for p in range(problem.size("P"))]
        routing.add_sum(
            "distance",
            lambda v: matrices[problem.profile[v]],
            [int(problem.max_distance[v]) for v in routing.types],
        )


def _add_pins(routing: Routing) -> None:
    """The first visits of a vehicle, where they are given; it is the only one of its type."""
    model = routing.model
    for pin in routing.problem.pins:
        begin = model.Start(routing.types.index(pin.vehicle_type))
        chain = [begin, *(routing.index(node) for node in pin.visits)]
        for here, onward in pairwise(chain):
            model.solver().Add(model.NextVar(here) == onward)
