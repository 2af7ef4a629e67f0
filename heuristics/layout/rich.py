"""A problem of any kind in the layout of kernels.

In a kernel, node 0 stands for wherever a route begins and ends, the clients follow, and behind
them the depots. Vehicle types that differ in name only are one kind there.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    ALIKE,
    ALL_GAINS,
    BACK_EARLY,
    BACK_LATE,
    BOUNDED,
    BRINGS,
    CLOSED_ARC,
    COUNT,
    DEMAND,
    DEMAND_2,
    EARLY,
    END,
    FIXED,
    FORBIDDEN,
    FORM,
    GAIN,
    GROUPED,
    IS_PICKUP,
    LASTING,
    LATE,
    LEAST_PER_TIME,
    LEAVE_EARLY,
    LEAVE_LATE,
    LONGEST,
    MAX_ROUTES,
    MIRRORED,
    MIXED,
    MOST_STOPS,
    NET,
    NET_2,
    OPTIONAL,
    OVERTIME,
    PAIRED,
    PARTNER,
    PER_LENGTH,
    PER_TIME,
    PHASED,
    PICKS,
    PROFILE,
    REGULAR,
    RELEASE,
    RICH_COLUMNS,
    RICH_ENTRIES,
    ROOM,
    ROOM_2,
    SERVICE,
    SIBLING,
    SPLIT,
    START,
    VEHICLE_COLUMNS,
    WEIGH_2,
    WEIGH_STOPS,
    WITHIN,
    Rich,
    X,
    Y,
)
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.labelled import (
    labelled_nodes,
    labelled_vehicles,
    note_labelling,
)
from polyroute.heuristics.layout.least_costs import note_least_costs, note_shortcuts
from polyroute.heuristics.layout.lengths import (
    MATRIX_NODES,
    computed_lengths,
    in_order,
    rich_tables,
    rule_row,
)
from polyroute.heuristics.layout.neighbours import nearest
from polyroute.heuristics.layout.places import longest_within, shared_places
from polyroute.heuristics.layout.profiles import Profiles
from polyroute.heuristics.layout.vehicle_kinds import VehicleKinds
from polyroute.heuristics.layout.weights import note_weights, weights_of
from polyroute.heuristics.layout.worst_case import dearest_plan
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Problem

Array = np.ndarray


def to_rich(problem: Problem, facts: Facts, kinds: VehicleKinds, neighbours: int) -> Rich:
    """The problem in the layout of kernels, with so many near clients of each.

    Raises ProblemError for a problem too large for a table of lengths that it needs.
    """
    first = problem.num_depots
    order = np.concatenate([[0], np.arange(first, problem.num_nodes), np.arange(first)])
    profiles = Profiles.of(problem)
    node, stopover = _nodes(problem, order), np.zeros((0, 0))
    vehicle = _vehicles(problem, kinds, profiles)
    if facts.labelled:
        node = labelled_nodes(problem, order, kinds.examples, node)
        vehicle, stopover = labelled_vehicles(problem, kinds.examples, vehicle)
        note_weights(problem, vehicle)
    matrix, times, closed = rich_tables(problem, facts, profiles, order, node)
    allowed = _allowed(problem, kinds)
    _note_forms(vehicle, allowed, facts)
    place = shared_places(problem)
    found = nearest(problem, facts, neighbours, place)
    near = found[order[: len(order) - first]] - (first - 1)
    p = Rich(
        node=node,
        matrix=matrix,
        times=times,
        near=np.ascontiguousarray(near, dtype=np.int32),
        near_length=np.zeros(near.shape),
        rule=rule_row(problem),
        fleet=_fleet(problem, facts, kinds, node, vehicle, closed),
        vehicle=vehicle,
        allowed=allowed,
        tie=_ties(problem),
        stopover=stopover,
        mileage=in_order(profiles.mileage(problem), order).astype(np.float64, order="C"),
        setup=in_order(profiles.setup(problem), order).astype(np.float64, order="C"),
    )
    p.fleet[ALL_GAINS] = _note_gains(problem, p)
    if not len(matrix) and problem.num_nodes <= MATRIX_NODES:
        p = p._replace(matrix=computed_lengths(p, len(node)))
    note_least_costs(p)
    p.fleet[WITHIN] = longest_within(problem, place, found, p.near_length[1:])
    if facts.labelled:
        note_shortcuts(p, facts)
    return p


def _nodes(problem: Problem, order: Array) -> Array:
    """The rows of all nodes, in that order; the first, which stands for no place, is empty."""
    node = np.zeros((len(order), RICH_COLUMNS))
    if problem.coords is not None:
        node[:, [X, Y]] = problem.coords[order]
    node[:, EARLY] = problem.tw_early[order, 0]
    node[:, LATE] = problem.tw_late[order, 0]
    node[:, SERVICE] = problem.service[order]
    node[:, RELEASE] = problem.release[order]
    brings = np.asarray(problem.delivery.any(axis=1))
    picks = np.asarray(problem.pickup.any(axis=1))
    # Who gets and gives nothing goes with those who get something: he must not stand between two
    # arcs that are allowed and hide that together they are not.
    node[:, BRINGS] = (brings | ~picks)[order]
    node[:, PICKS] = picks[order]
    loaded = problem.delivery.astype(np.float64)
    loaded[[pair.delivery for pair in problem.pairs]] = 0.0
    net = (problem.pickup - problem.delivery).astype(np.float64)
    node[:, DEMAND], node[:, NET] = loaded[order, 0], net[order, 0]
    if problem.size("L") > 1:
        node[:, DEMAND_2], node[:, NET_2] = loaded[order, 1], net[order, 1]
    node[0] = 0.0
    depots = slice(len(order) - problem.num_depots, None)
    node[depots, SERVICE] = node[depots, BRINGS] = node[depots, PICKS] = 0.0
    return node


def _vehicles(problem: Problem, kinds: VehicleKinds, profiles: Profiles) -> Array:
    """The rows of all kinds of vehicles."""
    chosen, shift = kinds.examples, 1 + problem.num_clients
    rows = np.zeros((len(chosen), VEHICLE_COLUMNS))
    start, end = problem.start_depot[chosen], problem.end_depot[chosen]
    is_open = end == NOWHERE
    early, late = problem.tw_early[:, 0], problem.tw_late[:, 0]
    rows[:, START], rows[:, END] = start + shift, np.where(is_open, NOWHERE, end + shift)
    rows[:, PROFILE] = profiles.of_types[chosen]
    rows[:, ROOM] = problem.capacity[chosen, 0]
    rows[:, ROOM_2] = problem.capacity[chosen, 1] if problem.size("L") > 1 else UNLIMITED
    rows[:, MOST_STOPS] = problem.max_stops[chosen]
    rows[:, FIXED] = problem.fixed_cost[chosen]
    rows[:, PER_LENGTH] = 1 if profiles.priced else problem.unit_distance_cost[chosen]
    rows[:, PER_TIME] = problem.unit_duration_cost[chosen]
    rows[:, REGULAR] = problem.regular_duration[chosen]
    rows[:, OVERTIME] = problem.overtime_cost[chosen]
    rows[:, LEAVE_EARLY] = np.maximum(problem.shift_early[chosen], early[start])
    rows[:, LEAVE_LATE] = np.minimum(problem.shift_late[chosen], late[start])
    rows[:, BACK_EARLY] = np.where(is_open, 0, early[end])
    rows[:, BACK_LATE] = problem.shift_late[chosen]
    rows[~is_open, BACK_LATE] = np.minimum(rows[~is_open, BACK_LATE], late[end[~is_open]])
    rows[:, LONGEST] = problem.max_distance[chosen]
    rows[:, LASTING] = problem.max_duration[chosen]
    rows[:, COUNT] = kinds.counts
    return rows


def _allowed(problem: Problem, kinds: VehicleKinds) -> Array:
    """Whom each kind may serve, (1 + C, V) uint8; without rows where everybody may be served."""
    if "allowed" not in problem.active:
        return np.zeros((0, 0), dtype=np.uint8)
    allowed = np.ones((1 + problem.num_clients, len(kinds.types)), dtype=np.uint8)
    allowed[1:] = problem.allowed[problem.num_depots :][:, kinds.examples]
    return allowed


def _note_forms(vehicle: Array, allowed: Array, facts: Facts) -> None:
    """Write which kinds are alike at the end of a route, and which from its beginning."""
    vehicle[:, ALIKE] = _alike(vehicle, allowed, [PROFILE, END, BACK_EARLY, BACK_LATE])
    if facts.labelled:  # by whom a route is driven is asked by labelling it
        vehicle[:, FORM] = np.arange(len(vehicle))
        return
    form = [ALIKE, START, LEAVE_EARLY, LEAVE_LATE]
    vehicle[:, FORM] = _alike(vehicle, np.zeros((0, 0), dtype=np.uint8), form)


def _alike(vehicle: Array, allowed: Array, columns: list[int]) -> Array:
    """A number for each kind, the same where both agree in `columns` and may serve the same."""
    names: dict[tuple[bytes, bytes], int] = {}
    found = []
    for kind, row in enumerate(vehicle):
        served = allowed[:, kind].tobytes() if len(allowed) else b""
        found.append(names.setdefault((row[columns].tobytes(), served), len(names)))
    return np.array(found, dtype=np.float64)


def _fleet(
    problem: Problem, facts: Facts, kinds: VehicleKinds, node: Array, vehicle: Array, closed: float
) -> Array:
    """What holds for all vehicles together; `closed` is the length of forbidden arcs."""
    fleet = np.zeros(RICH_ENTRIES)
    if facts.labelled:
        note_labelling(problem, fleet)
        fleet[SPLIT], fleet[BOUNDED] = facts.split, facts.bounded
    fleet[CLOSED_ARC] = closed
    fleet[FORBIDDEN] = 1.0 + dearest_plan(problem, vehicle, closed)
    fleet[MAX_ROUTES] = min(sum(kinds.counts), problem.num_clients)
    fleet[PAIRED] = bool(problem.pairs)
    fleet[GROUPED] = bool(problem.groups)
    fleet[OPTIONAL] = bool((~problem.required).any() or problem.groups)
    fleet[PHASED] = facts.phased
    fleet[MIRRORED] = problem.is_symmetric and not problem.pairs
    fleet[MIXED] = bool(
        len(set(vehicle[:, FORM])) < len(vehicle) and (vehicle[:, PER_LENGTH] > 0).all()
    )
    fleet[LEAST_PER_TIME] = vehicle[:, PER_TIME].min()
    fleet[[WEIGH_2, WEIGH_STOPS]] = weights_of(node[1 : 1 + problem.num_clients])
    return fleet


def _note_gains(problem: Problem, p: Rich) -> float:
    """Write what serving each client saves; returns what serving everybody saves."""
    first, most = problem.num_depots, p.fleet[FORBIDDEN]
    clients = slice(1, 1 + problem.num_clients)
    prize = np.where(problem.required, 0, problem.prize)[first:].astype(np.float64)
    needed = problem.required[first:].copy()
    total = prize.sum()
    for group in problem.groups:
        members = np.array(group.clients) - first
        needed[members] = group.required
        total -= most * (len(members) - 1) if group.required else 0.0
    for pin in problem.pins:
        needed[np.array(pin.visits) - first] = True
    p.node[clients, GAIN] = prize + most * needed
    return float(total + most * needed.sum())


def _ties(problem: Problem) -> Array:
    """Partners and alternatives, in the kernels' numbers."""
    shift = 1 - problem.num_depots
    tie = np.zeros((1 + problem.num_clients, 3), dtype=np.int64)
    tie[:, SIBLING] = np.arange(len(tie))
    for pair in problem.pairs:
        x, y = pair.pickup + shift, pair.delivery + shift
        tie[x, PARTNER], tie[y, PARTNER], tie[x, IS_PICKUP] = y, x, 1
    for group in problem.groups:
        members = np.array(group.clients) + shift
        tie[members, SIBLING] = np.roll(members, -1)
    return tie
