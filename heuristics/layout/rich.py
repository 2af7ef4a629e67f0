"""A problem of any kind in the layout of kernels, and its plans in the problem's own numbers.

In a kernel, node 0 stands for wherever a route begins and ends, the clients follow, and behind
them the depots. Vehicle types that differ in name only are one kind there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    ALIKE,
    ALL_GAINS,
    BACK_EARLY,
    BACK_LATE,
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
    GATE,
    GROUPED,
    HOME,
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
    START,
    VEHICLE_COLUMNS,
    WEIGH_2,
    WEIGH_STOPS,
    Rich,
    X,
    Y,
)
from polyroute.heuristics.kernels.plan import NOT_SERVED, Plan, plan_of
from polyroute.heuristics.kernels.tables import lengths_between
from polyroute.heuristics.layout.exact import (
    Stopovers,
    breaks_of,
    dearest_stopovers,
    fixed_visits,
    followers,
    is_exact,
    note_shortcuts,
    note_weights,
    power_of_two,
    stopover_signature,
    time_of_stopovers,
    walked_entries,
    walked_node,
    walked_vehicle,
)
from polyroute.heuristics.layout.neighbours import nearest
from polyroute.heuristics.layout.plain import (
    MATRIX_NODES,
    computed_lengths,
    is_given,
    rule_row,
)
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import ATTRIBUTES, NOWHERE, UNLIMITED, Backhaul, Problem
from polyroute.vrp.solution import Route, Solution

Array = np.ndarray

LARGEST_TABLE = 20_000
"""Nodes up to which a table of lengths may be made where they cannot be computed one by one."""


@dataclass(frozen=True)
class VehicleKinds:
    """Which vehicle types each kind of vehicle stands for."""

    types: tuple[tuple[int, ...], ...]
    counts: tuple[int, ...]  # of each kind, at most one vehicle a client
    limits: tuple[int, ...]  # of each vehicle type

    @classmethod
    def of(cls, problem: Problem) -> VehicleKinds:
        """Put vehicle types together that differ in name and number only; leave unused ones out."""
        groups: dict[bytes, list[int]] = {}
        for kind in range(problem.num_vehicle_types):
            if problem.count[kind] > 0:
                groups.setdefault(_signature(problem, kind), []).append(kind)
        most = problem.num_clients
        limits = [min(int(count), most) for count in problem.count]
        counts = [min(sum(limits[kind] for kind in group), most) for group in groups.values()]
        return cls(tuple(map(tuple, groups.values())), tuple(counts), tuple(limits))


def _signature(problem: Problem, kind: int) -> bytes:
    """All that matters of a vehicle type, but its number."""
    rows = []
    for item in ATTRIBUTES:
        if "V" in item.axes and item.name != "count":
            row = np.take(getattr(problem, item.name), kind, axis=item.axes.index("V"))
            rows.append(np.ascontiguousarray(row).tobytes())
    rows.append(stopover_signature(problem, kind))
    return b"|".join(rows)


def to_rich(problem: Problem, kinds: VehicleKinds, neighbours: int) -> Rich:
    """The problem in the layout of kernels, with so many near clients of each.

    Raises ProblemError for a problem too large for a table of lengths that it needs.
    """
    first, size = problem.num_depots, problem.num_clients
    order = np.concatenate([[0], np.arange(first, problem.num_nodes), np.arange(first)])
    chosen = [types[0] for types in kinds.types]
    fleet = np.zeros(RICH_ENTRIES)
    vehicle = _vehicles(problem, kinds, chosen)
    vehicle[:, START] += 1 + size
    vehicle[vehicle[:, END] >= 0, END] += 1 + size
    node = _nodes(problem, order)
    stopover = np.zeros((0, 0))
    exact = is_exact(problem)
    if exact:
        walked_entries(problem, fleet)
        node = walked_node(problem, order, chosen, node)
        vehicle, stopover = walked_vehicle(problem, chosen, vehicle)
    matrix, times, closed = _tables(problem, order, node, vehicle)
    fleet[CLOSED_ARC] = closed
    fleet[FORBIDDEN] = 1.0 + _dearest_plan(problem, vehicle, closed)
    fleet[MAX_ROUTES] = min(sum(kinds.counts), size)
    fleet[PAIRED] = bool(problem.pairs)
    fleet[GROUPED] = bool(problem.groups)
    fleet[OPTIONAL] = bool((~problem.required).any() or problem.groups)
    fleet[PHASED] = problem.backhaul is Backhaul.LINEHAUL_FIRST and not exact
    fleet[MIRRORED] = problem.is_symmetric and not problem.pairs
    tie = _ties(problem)
    fleet[ALL_GAINS] = _gains(problem, node, fleet[FORBIDDEN])
    allowed = np.zeros((0, 0), dtype=np.uint8)
    if "allowed" in problem.active:
        allowed = np.ones((1 + size, len(chosen)), dtype=np.uint8)
        allowed[1:] = problem.allowed[first:][:, chosen]
    vehicle[:, ALIKE] = _alike(vehicle, allowed, [PROFILE, END, BACK_EARLY, BACK_LATE])
    form = [ALIKE, START, LEAVE_EARLY, LEAVE_LATE]
    vehicle[:, FORM] = _alike(vehicle, np.zeros((0, 0), dtype=np.uint8), form)
    if exact:  # by whom a route is driven is asked by walking it
        vehicle[:, FORM] = np.arange(len(vehicle))
    fleet[MIXED] = bool(
        len(set(vehicle[:, FORM])) < len(vehicle) and (vehicle[:, PER_LENGTH] > 0).all()
    )
    fleet[LEAST_PER_TIME] = vehicle[:, PER_TIME].min()
    fleet[[WEIGH_2, WEIGH_STOPS]] = _weights(node[1 : 1 + size])
    if exact:
        note_weights(problem, vehicle)
    near = nearest(problem, neighbours)
    near = near[np.concatenate([[0], np.arange(first, problem.num_nodes)])] - (first - 1)
    p = Rich(
        node=node,
        matrix=matrix,
        times=times,
        near=np.ascontiguousarray(near, dtype=np.int32),
        near_length=np.zeros(near.shape),
        rule=rule_row(problem),
        fleet=fleet,
        vehicle=vehicle,
        allowed=allowed,
        tie=tie,
        stopover=stopover,
    )
    if not len(matrix) and problem.num_nodes <= MATRIX_NODES:
        p = p._replace(matrix=computed_lengths(p, len(node)))
    _note_least_costs(p, size)
    if exact:
        note_shortcuts(problem, p)
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


def _vehicles(problem: Problem, kinds: VehicleKinds, chosen: list[int]) -> Array:
    """The rows of all kinds of vehicles, their depots in the problem's numbers."""
    rows = np.zeros((len(chosen), VEHICLE_COLUMNS))
    start, end = problem.start_depot[chosen], problem.end_depot[chosen]
    early, late = problem.tw_early[:, 0], problem.tw_late[:, 0]
    rows[:, START], rows[:, END] = start, end
    rows[:, PROFILE] = problem.profile[chosen]
    rows[:, ROOM] = problem.capacity[chosen, 0]
    rows[:, ROOM_2] = problem.capacity[chosen, 1] if problem.size("L") > 1 else UNLIMITED
    rows[:, MOST_STOPS] = problem.max_stops[chosen]
    rows[:, FIXED] = problem.fixed_cost[chosen]
    rows[:, PER_LENGTH] = problem.unit_distance_cost[chosen]
    rows[:, PER_TIME] = problem.unit_duration_cost[chosen]
    rows[:, REGULAR] = problem.regular_duration[chosen]
    rows[:, OVERTIME] = problem.overtime_cost[chosen]
    rows[:, LEAVE_EARLY] = np.maximum(problem.shift_early[chosen], early[start])
    rows[:, LEAVE_LATE] = np.minimum(problem.shift_late[chosen], late[start])
    is_open = end == NOWHERE
    rows[:, BACK_EARLY] = np.where(is_open, 0, early[end])
    rows[:, BACK_LATE] = problem.shift_late[chosen]
    rows[~is_open, BACK_LATE] = np.minimum(rows[~is_open, BACK_LATE], late[end[~is_open]])
    rows[:, LONGEST] = problem.max_distance[chosen]
    rows[:, LASTING] = problem.max_duration[chosen]
    rows[:, COUNT] = kinds.counts
    return rows


def _tables(
    problem: Problem, order: Array, node: Array, vehicle: Array
) -> tuple[Array, Array, float]:
    """Lengths, travel times as far as they are given apart, and the length of forbidden arcs.

    That is a power of two above the length of any plan, so that a route's length tells how many
    of them it has.
    """
    nothing = np.zeros((0, 0, 0))
    phased = problem.backhaul is Backhaul.LINEHAUL_FIRST and not is_exact(problem)
    barred = phased and not problem.backhaul_only_routes
    tabulated = phased and (barred or problem.num_nodes <= MATRIX_NODES)
    if not is_given(problem) and not tabulated:
        span = problem.coords.max(axis=0) - problem.coords.min(axis=0)
        longest = (float(np.hypot(*span)) / problem.scales.grid + 2.0) * problem.scales.length
        return nothing, nothing, _closed_length(problem, longest)
    if problem.num_nodes > LARGEST_TABLE:
        raise ProblemError(
            f"{problem.num_nodes} nodes need a table of lengths, "
            f"expected at most {LARGEST_TABLE} for that"
        )
    profiles = range(problem.size("P"))
    matrix = np.stack([problem.distance_matrix(i)[order][:, order] for i in profiles])
    times = np.stack([problem.duration_matrix(i)[order][:, order] for i in profiles])
    forbidden = (matrix >= UNLIMITED) | (times >= UNLIMITED)
    if phased:
        follows = np.outer(node[:, PICKS] != 0, node[:, BRINGS] != 0)
        forbidden |= follows[None]
    if barred:
        only_picks = (node[:, PICKS] != 0) & (node[:, BRINGS] == 0)
        depots = np.arange(len(order) - problem.num_depots, len(order))
        forbidden[:, depots[:, None], np.flatnonzero(only_picks)[None, :]] = True
    closed = _closed_length(problem, float(matrix.max(where=~forbidden, initial=0)))
    apart = problem.duration is not None or forbidden.any()
    lengths = matrix.astype(np.float64, order="C")
    lengths[forbidden] = closed
    return lengths, times.astype(np.float64, order="C") if apart else nothing, closed


def _closed_length(problem: Problem, longest: float) -> float:
    return float(2 ** int(np.ceil(np.log2((2 * problem.num_clients + 1) * longest + 2.0))))


def _dearest_plan(problem: Problem, vehicle: Array, closed: float) -> float:
    """More than any plan costs that goes over no forbidden arc."""
    clocks = [problem.tw_early.max(), problem.service.max(), problem.release.max()]
    time = closed + (2.0 * problem.num_clients + 1.0) * float(sum(clocks))
    time += time_of_stopovers(problem)
    if problem.duration is not None:
        allowed = problem.duration[problem.duration < UNLIMITED]
        time += (2.0 * problem.num_clients + 1.0) * float(allowed.max(initial=0))
    timed = vehicle[:, PER_TIME].max() + vehicle[:, OVERTIME].max()
    total = closed * vehicle[:, PER_LENGTH].max() + (time * timed if timed else 0.0)
    total += problem.num_clients * vehicle[:, FIXED].max()
    return float(total + problem.prize.sum()) + dearest_stopovers(problem, time)


def _gains(problem: Problem, node: Array, most: float) -> float:
    """Write what serving each client saves; returns what serving everybody saves."""
    first = problem.num_depots
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
    node[clients, GAIN] = prize + most * needed
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


def _weights(clients: Array) -> tuple[float, float]:
    """What a unit of the second load and a stop weigh, in units of the first load.

    Powers of two, so that sums of excess are exact: what is exceeded no more must leave nothing.
    """
    loads = [
        max(float(np.maximum(clients[:, of], np.abs(clients[:, net])).mean()), 1e-9)
        for of, net in ((DEMAND, NET), (DEMAND_2, NET_2))
    ]
    second = loads[0] / loads[1] if min(loads) > 1e-6 else 1.0
    return power_of_two(second), power_of_two(max(loads[0], 1.0))


def _alike(vehicle: Array, allowed: Array, columns: list[int]) -> Array:
    """A number for each kind, the same where both agree in `columns` and may serve the same."""
    names: dict[tuple[bytes, bytes], int] = {}
    found = []
    for kind, row in enumerate(vehicle):
        served = allowed[:, kind].tobytes() if len(allowed) else b""
        found.append(names.setdefault((row[columns].tobytes(), served), len(names)))
    return np.array(found, dtype=np.float64)


def _note_least_costs(p: Rich, size: int) -> None:
    """Write the least that any vehicle pays for coming to each client, and between near ones."""
    clients = np.arange(1, 1 + size)
    come = np.full(size, np.inf)
    go = np.full(size, np.inf)
    for row in p.vehicle:
        come = np.minimum(come, _cost_between(p, row, np.full(size, int(row[START])), clients))
        end = int(row[END])
        left = np.zeros(size) if end < 0 else _cost_between(p, row, clients, np.full(size, end))
        go = np.minimum(go, left)
    p.node[clients, HOME] = np.where(come < p.fleet[FORBIDDEN], come, go)
    p.node[clients, GATE] = np.minimum(come, go)
    heads = p.near[1:]
    tails = np.broadcast_to(clients[:, None], heads.shape)
    best = np.full(heads.shape, np.inf)
    of_a_kind = p.vehicle[:, [PROFILE, PER_LENGTH, PER_TIME]]
    for kind in np.unique(of_a_kind, axis=0, return_index=True)[1]:
        for tail, head in ((tails, heads), (heads, tails)):
            best = np.minimum(best, _cost_between(p, p.vehicle[kind], tail, head))
    p.near_length[1:] = best


def _cost_between(p: Rich, row: Array, tail: Array, head: Array) -> Array:
    """What a vehicle pays for arcs."""
    profile = int(row[PROFILE])
    length = p.matrix[profile, tail, head] if len(p.matrix) else _computed(p, tail, head)
    time = p.times[profile, tail, head] if len(p.times) else length
    cost = length * row[PER_LENGTH] + time * row[PER_TIME]
    return np.where(length >= p.fleet[CLOSED_ARC], p.fleet[FORBIDDEN], cost)


def _computed(p: Rich, tail: Array, head: Array) -> Array:
    """Lengths in the plane, from the kernels' own rows."""
    flat = np.empty(tail.size)
    lengths_between(p, np.ascontiguousarray(tail).ravel(), np.ascontiguousarray(head).ravel(), flat)
    return flat.reshape(tail.shape)


# -- plans -----------------------------------------------------------------------------------------


def to_plan(problem: Problem, kinds: VehicleKinds, start: Solution) -> Plan:
    """A given start in the kernels' numbers, each client at his first place only.

    Who may not be served there is left out: by a vehicle that may not, beside an alternative, or
    without the other end of his pair on its right side. Who is pinned is where he must be. Reloads
    and breaks are left out: walking finds them.
    """
    kind_of = {one: kind for kind, types in enumerate(kinds.types) for one in types}
    rivals = {u: group.clients for group in problem.groups for u in group.clients}
    shift = 1 - problem.num_depots
    seen: set[int] = set()
    routes: list[list[int]] = []
    driven: list[int] = []
    for route in start.routes:
        if route.vehicle_type in kind_of:
            new = []
            for u in _with_partners(problem, route.visits):
                if u not in seen and problem.allowed[u, route.vehicle_type]:
                    new.append(u)
                    seen.update(rivals.get(u, (u,)))
            whole = _with_partners(problem, new)
            seen.difference_update(set(new).difference(whole))
            routes.append([u + shift for u in whole])
            driven.append(kind_of[route.vehicle_type])
    for kind_type, clients in fixed_visits(problem).items():
        _put_in_place(problem, kind_of[kind_type], clients, routes, driven)
    return plan_of(routes, driven)


def _put_in_place(
    problem: Problem, kind: int, clients: list[int], routes: list[list[int]], driven: list[int]
) -> None:
    """Let the route of the one vehicle of that kind begin with `clients`.

    On it are also the deliveries that belong to these, last unless they were there.
    """
    if kind not in driven:
        routes.append([])
        driven.append(kind)
    mine = routes[driven.index(kind)]
    shift = 1 - problem.num_depots
    pinned = [u + shift for u in clients]
    mine += [u + shift for u in followers(problem, clients) if u + shift not in mine]
    rivals = {
        u + shift
        for group in problem.groups
        for u in group.clients
        if not set(clients).isdisjoint(group.clients)
    }
    for route in routes:
        moved = rivals.union(pinned if route is mine else pinned + mine)
        route[:] = [u for u in route if u not in moved]
    mine[:0] = pinned


def _with_partners(problem: Problem, visits: Sequence[int]) -> list[int]:
    """The visits of a route at their first places, without ends of pairs that are torn."""
    place = {u: position for position, u in enumerate(dict.fromkeys(visits))}
    for pair in problem.pairs:
        ends = place.get(pair.pickup), place.get(pair.delivery)
        if ends[0] is None or ends[1] is None or ends[0] > ends[1]:
            place.pop(pair.pickup, None)
            place.pop(pair.delivery, None)
    return list(place)


def to_solution(
    problem: Problem, kinds: VehicleKinds, plan: Plan, stopovers: Sequence[Stopovers] | None = None
) -> Solution:
    """A plan of the search in the problem's numbers and vehicle types, routes with `stopovers`."""
    left = list(kinds.limits)
    shift = problem.num_depots - 1
    routes = []
    for index, (visits, kind) in enumerate(zip(plan.lists(), plan.kinds.tolist(), strict=True)):
        if kind == NOT_SERVED:
            continue
        types: Sequence[int] = kinds.types[kind]
        chosen = next((one for one in types if left[one] > 0), types[0])
        left[chosen] -= 1
        reloads, breaks = ((), ()) if stopovers is None else stopovers[index]
        known = breaks_of(problem, chosen)
        named = tuple((position, known[number]) for position, number in breaks)
        routes.append(Route(tuple(u + shift for u in visits), chosen, reloads, named))
    return Solution(tuple(routes))
