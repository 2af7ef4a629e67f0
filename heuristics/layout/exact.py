"""What walked routes (`kernels.cost.labelling`) need of a problem, behind the other columns.

And back again: where a vehicle reloads and takes its breaks, which no plan of the search says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    BEST,
    BOUND,
    CLOSED_ARC,
    DELIVERS,
    END,
    FIRST_BREAK,
    FIRST_DEPOT,
    FIRST_ROOM,
    FIRST_WINDOW,
    FORBIDDEN,
    FREE_TO_GO,
    LABELLED,
    LAST_BREAK,
    LAST_DEPOT,
    LEAP,
    LINEHAUL_DUE,
    LINEHAULS_FIRST,
    LOAD_WEIGHT,
    LOADS,
    MOST_EARNED,
    MOST_RELOADS,
    PATH,
    PER_LENGTH,
    PER_TIME,
    PIN_KIND,
    PIN_PLACE,
    PINNED,
    PINS,
    PRICE,
    PROFILE,
    READY,
    RELOAD_NODE,
    ROOM,
    SHORTCUT,
    START,
    UNDER_WAY,
    WINDOWS,
    Rich,
)
from polyroute.heuristics.kernels.cost.labelling import label_route
from polyroute.heuristics.kernels.cost.labels import AT, PARENT, SINCE, TAKEN_AT
from polyroute.heuristics.kernels.plan import NOT_SERVED, Plan
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.state import columns_of, empty_state
from polyroute.heuristics.layout.plain import is_given
from polyroute.vrp.problem import UNLIMITED, Backhaul, Problem

Array = np.ndarray

WALKED = frozenset(
    "several_windows lateness_cost preference under_way ready_time on_board reloads breaks "
    "pins".split()
)
"""What pieces cannot tell, whatever else there is."""


def is_exact(problem: Problem) -> bool:
    """Whether routes must be walked; otherwise pieces tell all of a route."""
    if not WALKED.isdisjoint(problem.active) or problem.size("L") > 2:
        return True
    if problem.backhaul is Backhaul.NONE:
        return False
    if problem.backhaul is Backhaul.MIXED or problem.pairs:
        return not problem.backhaul_only_routes
    clients = slice(problem.num_depots, None)
    moved = problem.delivery[clients].any(axis=1) | problem.pickup[clients].any(axis=1)
    return not moved.all()


def breaks_of(problem: Problem, vehicle_type: int) -> list[int]:
    """The breaks of a vehicle type in the order of their windows, as indices."""
    mine = [i for i, item in enumerate(problem.breaks) if item.vehicle_type == vehicle_type]
    return sorted(mine, key=lambda i: problem.breaks[i].windows)


def stopover_signature(problem: Problem, vehicle_type: int) -> bytes:
    """All that reloads, breaks and pins say of a vehicle type, but its number."""
    reloads = [
        (sorted(item.depots), item.most)
        for item in problem.reloads
        if item.vehicle_type == vehicle_type
    ]
    breaks = [problem.breaks[i] for i in breaks_of(problem, vehicle_type)]
    rests = [(item.windows, item.duration, item.max_load) for item in breaks]
    pins = [item.visits for item in problem.pins if item.vehicle_type == vehicle_type]
    return repr((reloads, rests, pins)).encode()


def dearest_stopovers(problem: Problem, time: float) -> float:
    """More than lateness and preferences can make one plan dearer than another."""
    prices = problem.lateness_cost[problem.lateness_cost < UNLIMITED]
    earned = problem.preference.max(axis=1).sum()
    return time * float(prices.max(initial=0)) + float(earned)


def time_of_stopovers(problem: Problem) -> float:
    """The time that vehicles on `num_clients` routes spend on breaks, at most, and underway."""
    bounds = [b for item in problem.breaks for window in item.windows for b in window]
    latest = max([float(b) for b in bounds if b < UNLIMITED], default=0.0)
    lasting = sum(item.duration + latest for item in problem.breaks)
    return (lasting + float(problem.ready_time.max())) * (problem.num_clients + 1)


def walked_node(problem: Problem, order: Array, chosen: Sequence[int], node: Array) -> Array:
    """The rows of `node` with the columns for walking, in the order of the kernels."""
    windows, loads = problem.size("W"), problem.size("L")
    columns = FIRST_WINDOW + 2 * (windows + loads) + len(chosen)
    wide = np.zeros((len(node), columns))
    wide[:, : node.shape[1]] = node
    wide[:, PRICE] = problem.lateness_cost[order]
    wide[:, DELIVERS] = problem.delivery[order].any(axis=1)
    wide[:, PIN_KIND], wide[:, PIN_PLACE] = FREE_TO_GO, BOUND
    sorting = np.argsort(problem.tw_early, axis=1, kind="stable")
    for column, bounds in enumerate((problem.tw_early, problem.tw_late)):
        sorted_bounds = np.take_along_axis(bounds, sorting, axis=1)[order]
        wide[:, FIRST_WINDOW + column : FIRST_WINDOW + 2 * windows : 2] = sorted_bounds
    first, end = FIRST_WINDOW + 2 * windows, columns - len(chosen)
    goods = problem.delivery.copy()
    goods[[pair.delivery for pair in problem.pairs]] = 0
    wide[:, first:end:2] = goods[order]
    wide[:, first + 1 : end : 2] = (problem.pickup - problem.delivery)[order]
    wide[:, end:] = problem.preference[order][:, chosen]
    wide[:, MOST_EARNED] = wide[:, end:].max(axis=1)
    shift = 1 - problem.num_depots
    for pin in problem.pins:
        wide[np.array(pin.visits) + shift, PIN_PLACE] = UNLIMITED
    for kind_type, clients in fixed_visits(problem).items():
        bound = np.array(clients + followers(problem, clients), dtype=np.int64) + shift
        wide[bound, PIN_KIND] = list(chosen).index(kind_type)
        wide[bound[: len(clients)], PIN_PLACE] = np.arange(len(clients))
    wide[0] = 0.0
    return wide


def fixed_visits(problem: Problem) -> dict[int, list[int]]:
    """For each vehicle type with a pin, the pinned clients who can be where they must be.

    They end with the first who cannot: whom it may not serve, whose pickup is not before him, or
    whose alternative is pinned, too. Such a problem has no plan.
    """
    first = {pair.delivery: pair.pickup for pair in problem.pairs}
    found: dict[int, list[int]] = {}
    seen: set[int] = set()
    for pin in problem.pins:
        mine = found.setdefault(pin.vehicle_type, [])
        for client in pin.visits:
            rivals = [group for group in problem.groups if client in group.clients]
            if (
                not problem.allowed[client, pin.vehicle_type]
                or first.get(client, client) not in {*mine, client}
                or any(not seen.isdisjoint(group.clients) for group in rivals)
            ):
                break
            mine.append(client)
            seen.add(client)
    return found


def followers(problem: Problem, clients: list[int]) -> list[int]:
    """The deliveries of pickups among `clients` that are not among these."""
    return [
        pair.delivery
        for pair in problem.pairs
        if pair.pickup in clients and pair.delivery not in clients
    ]


def walked_vehicle(problem: Problem, chosen: Sequence[int], vehicle: Array) -> tuple[Array, Array]:
    """The rows of `vehicle` with the columns for walking, and the rows of `stopover`."""
    loads, shift = problem.size("L"), 1 + problem.num_clients
    wide = np.zeros((len(vehicle), FIRST_ROOM + 3 * loads))
    wide[:, : vehicle.shape[1]] = vehicle
    wide[:, UNDER_WAY] = problem.under_way[list(chosen)]
    wide[:, READY] = problem.ready_time[list(chosen)]
    wide[:, FIRST_ROOM::3] = problem.capacity[list(chosen)]
    wide[:, FIRST_ROOM + 1 :: 3] = problem.on_board[list(chosen)]
    rows: list[list[float]] = []
    for row, kind in zip(wide, chosen, strict=True):
        row[FIRST_DEPOT] = len(rows)
        for item in problem.reloads:
            if item.vehicle_type == kind and item.most > 0:
                row[MOST_RELOADS] = item.most
                rows += [
                    [depot + shift, problem.tw_early[depot, 0], problem.tw_late[depot, 0]]
                    for depot in sorted(item.depots)
                ]
        row[LAST_DEPOT] = row[FIRST_BREAK] = len(rows)
        for index in breaks_of(problem, kind):
            pause = problem.breaks[index]
            bounds = [bound for window in pause.windows for bound in window]
            head = [pause.duration, bool(pause.max_load), len(pause.windows)]
            rows.append([*head, *bounds, *pause.max_load])
        row[LAST_BREAK] = len(rows)
        row[PINS] = sum(len(pin.visits) for pin in problem.pins if pin.vehicle_type == kind)
        if row[MOST_RELOADS] > 0 or row[UNDER_WAY] != 0:
            row[ROOM] = UNLIMITED  # what it carries in all may be more than is ever on board
    stopover = np.zeros((len(rows), max(map(len, rows), default=0)))
    for i, values in enumerate(rows):
        stopover[i, : len(values)] = values
    return wide, stopover


def walked_entries(problem: Problem, fleet: Array) -> None:
    """Fill the entries of `fleet` for walking."""
    fleet[LABELLED] = 1.0
    fleet[WINDOWS], fleet[LOADS] = problem.size("W"), problem.size("L")
    fleet[LINEHAULS_FIRST] = problem.backhaul is Backhaul.LINEHAUL_FIRST
    ruled = problem.backhaul is not Backhaul.NONE
    fleet[LINEHAUL_DUE] = ruled and not problem.backhaul_only_routes
    fleet[PINNED] = bool(problem.pins)


def note_weights(problem: Problem, vehicle: Array) -> None:
    """Write what a unit too much weighs in each load dimension, in units of the first one.

    Powers of two, so that sums of excess are exact: what is exceeded no more must leave nothing.
    """
    moved = np.maximum(problem.delivery, problem.pickup)[problem.num_depots :].mean(axis=0)
    for dim, mean in enumerate(moved.tolist()):
        known = min(mean, float(moved[0])) > 1e-6
        vehicle[:, FIRST_ROOM + 3 * dim + 2] = power_of_two(moved[0] / mean) if known else 1.0


def power_of_two(value: float) -> float:
    """The nearest power of two, within bounds that leave sums exact."""
    return float(2.0 ** np.clip(np.round(np.log2(value)), -9, 20))


def note_shortcuts(problem: Problem, p: Rich) -> None:
    """Write what each kind of vehicle can save at most on an arc by passing by a depot."""
    if not len(p.matrix) or not len(p.stopover):
        return
    nodes = np.arange(1, len(p.node))
    grid = np.ix_(nodes, nodes)
    for row in p.vehicle:
        rows = slice(int(row[FIRST_DEPOT]), int(row[LAST_DEPOT]))
        gates = p.stopover[rows, RELOAD_NODE].astype(int) - 1
        profile = int(row[PROFILE])
        length = p.matrix[profile][grid]
        time = p.times[profile][grid] if len(p.times) else length
        cost = length * row[PER_LENGTH] + time * row[PER_TIME]
        cost = np.where(length >= p.fleet[CLOSED_ARC], p.fleet[FORBIDDEN], cost)
        np.fill_diagonal(cost, 0.0)
        clients = np.arange(len(p.near) - 1)
        tails = np.append(clients, int(row[START]) - 1)
        heads = np.append(clients, int(row[END]) - 1) if row[END] >= 0 else clients
        for gate in gates:
            for table in (cost, time):
                direct = table[np.ix_(tails, heads)]
                saved = direct - table[tails, gate][:, None] - table[gate, heads][None, :]
                most = float(saved[tails[:, None] != heads[None, :]].max(initial=0.0))
                row[SHORTCUT] = max(row[SHORTCUT], most)
    if is_given(problem):
        p.vehicle[:, LEAP] = p.vehicle[:, SHORTCUT]


# -- and back --------------------------------------------------------------------------------------


class Stopovers(NamedTuple):
    """Where a route is interrupted: (position, depot), and (position, number among its breaks)."""

    reloads: tuple[tuple[int, int], ...]
    breaks: tuple[tuple[int, int], ...]


def stopovers_of(p: Rich, prices: Array, plan: Plan) -> list[Stopovers]:
    """Where each route of `plan` reloads and takes its breaks; depots in the problem's numbers.

    `prices` are those of a unit too much of load, time and distance.
    """
    nowhere = Stopovers((), ())
    if not p.vehicle[:, MOST_RELOADS].any() and not p.vehicle[:, LAST_BREAK].any():
        return [nowhere] * plan.num_routes
    s = empty_state(p, np.zeros(columns_of(p)), 1, seeded(0))
    s.total[LOAD_WEIGHT:BEST] = prices
    found = []
    for visits, kind in zip(plan.lists(), plan.kinds.tolist(), strict=True):
        if kind == NOT_SERVED:
            found.append(nowhere)
            continue
        s.ints[PATH, : len(visits)] = visits
        label_route(p, s, kind, len(visits), np.inf)
        found.append(_read_stopovers(p, s.labels, kind))
    return found


def _read_stopovers(p: Rich, labels: Array, kind: int) -> Stopovers:
    """The stopovers of the route that was walked last, by following its labels back."""
    label = labels[int(p.fleet[LOADS])]
    number = int(p.vehicle[kind, LAST_BREAK] - p.vehicle[kind, FIRST_BREAK])
    breaks = tuple((int(label[TAKEN_AT + i]), i) for i in range(number))
    reloads = []
    label = labels[int(label[PARENT])]
    while label[PARENT] >= 0:
        reloads.append((int(label[SINCE]), int(label[AT]) - len(p.near)))
        label = labels[int(label[PARENT])]
    return Stopovers(tuple(reversed(reloads)), breaks)
