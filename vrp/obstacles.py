"""What keeps a problem from having any feasible plan, as far as clients, pairs and pins can tell.

What is named here no plan can get round, but not everything is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from polyroute.vrp.check import RULES
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Array, Problem, Quantity
from polyroute.vrp.structure import Reload


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way of every plan, as a sentence, and whose fault it is."""

    message: str
    node: int | None = None  # the client, the pickup of a pair; None: the fleet as a whole


def obstacles(problem: Problem) -> tuple[Obstacle, ...]:
    """What keeps every plan from being feasible, as far as single clients and pairs can tell.

    Ways are the shortest ones through the matrices, so that a detour that saves time is no
    objection. Clients who need not be served are no obstacle.
    """
    alone = Alone(problem)
    clients = (alone.obstacle(node) for node in _needed(problem) if node not in alone.deliveries)
    hindered = [obstacle for obstacle in clients if obstacle is not None]
    told = {obstacle.node for obstacle in hindered}
    pinned = (found for found in _pin_obstacles(problem, alone.ways) if found.node not in told)
    return (*_fleet_obstacles(problem), *hindered, *pinned)


def _fleet_obstacles(problem: Problem) -> Iterator[Obstacle]:
    """Too little room in all vehicles together."""
    needed = _needed(problem)
    if needed and not (problem.count > 0).any():
        yield Obstacle("there is no vehicle")
        return
    if (problem.count >= UNLIMITED).any():
        return
    trips = np.ones(problem.num_vehicle_types)
    for reload in problem.reloads:
        trips[reload.vehicle_type] += reload.most
    paired = {node for pair in problem.pairs for node in (pair.pickup, pair.delivery)}
    alone = [node for node in needed if node not in paired]
    for dim in range(problem.size("L")):
        room = problem.capacity[:, dim].astype(np.float64) @ (problem.count * trips)
        for what, loads in (("delivered", problem.delivery), ("picked up", problem.pickup)):
            total = int(loads[alone, dim].sum())
            if total > room:
                show = problem.scales.show
                yield Obstacle(
                    f"{show(total, Quantity.LOAD)} must be {what}, and all vehicles together hold "
                    f"{show(int(room), Quantity.LOAD)}"
                    + (" on all their trips" if problem.reloads else "")
                    + _in_dimension(problem, dim)
                )


class Alone:
    """Tells of clients and pairs whether any vehicle can serve them and nobody else."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.ways = problem, _Ways(problem)
        self.mate = {pair.pickup: pair.delivery for pair in problem.pairs}
        self.deliveries = {delivery: pickup for pickup, delivery in self.mate.items()}
        self.kinds = np.flatnonzero(problem.count > 0).tolist()

    def obstacle(self, node: int) -> Obstacle | None:
        """Why no vehicle can serve a client, or the pair of whom he is the pickup."""
        visits = (node, self.mate[node]) if node in self.mate else (node,)
        reasons = {}
        for kind in self.kinds:
            reason = _hindrance(self.problem, self.ways, kind, visits)
            if reason is None:
                return None
            reasons[kind] = reason
        return Obstacle(_tell(self.problem, visits, reasons), node) if reasons else None


def _pin_obstacles(problem: Problem, ways: _Ways) -> Iterator[Obstacle]:
    """Pinned visits with which their vehicle cannot begin, one after the other and nobody else.

    Where it may reload, of each the first alone: the others may be of a later trip.
    """
    for pin in problem.pins:
        kind = pin.vehicle_type
        most = 1 if reload_of(problem, kind) else len(pin.visits)
        for number in range(1, most + 1):
            visits = pin.visits[:number]
            reason = _hindrance(problem, ways, kind, visits) or _overload(problem, kind, visits)
            if reason is not None:
                then = " after those pinned before him" if number > 1 else ""
                yield Obstacle(
                    f"{problem.label(visits[-1])} is pinned to vehicle type "
                    f"{problem.vehicle_id[kind]}, which cannot serve him{then}: {reason}",
                    visits[-1],
                )
                break


def _overload(problem: Problem, kind: int, visits: tuple[int, ...]) -> str | None:
    """Whether a vehicle that brings all of `visits` their goods leaves with too much on board."""
    if problem.under_way[kind]:
        return None
    brought = [node for node in visits if all(node != pair.delivery for pair in problem.pairs)]
    for dim in range(problem.size("L")):
        over = int(problem.delivery[brought, dim].sum()) - int(problem.capacity[kind, dim])
        if over > 0:
            amount = problem.scales.show(over, Quantity.LOAD)
            return RULES["capacity"].format(amount=amount) + _in_dimension(problem, dim)
    return None


def _tell(problem: Problem, visits: tuple[int, ...], reasons: dict[int, str]) -> str:
    """A sentence on a client or a pair that no vehicle can serve."""
    who = problem.label(visits[0])
    if len(visits) > 1:
        who = f"the pair of {who} and {problem.label(visits[1])}"
    same: dict[str, list[str]] = {}
    for kind, reason in reasons.items():
        same.setdefault(reason, []).append(problem.vehicle_id[kind])
    if len(same) == 1:
        return f"{who} cannot be served, even alone: {next(iter(same))}"
    parts = (f"{reason} with vehicle type {', '.join(ids)}" for reason, ids in same.items())
    return f"{who} cannot be served, even alone: {'; '.join(parts)}"


def _needed(problem: Problem) -> list[int]:
    """The clients who must be served on their own account."""
    grouped = {node for group in problem.groups for node in group.clients}
    return [node for node in problem.clients if problem.required[node] and node not in grouped]


class _Ways:
    """Shortest ways, in length and in time, from a node to all others and back."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._known: dict[tuple[str, int, int, bool], Array] = {}

    def to_all(self, what: str, profile: int, node: int, *, back: bool = False) -> Array:
        """From `node` to every node, or `back`, (N,) int64; UNLIMITED where no way leads."""
        key = (what, profile, node, back)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _find(self, what: str, profile: int, node: int, back: bool) -> Array:
        problem = self.problem
        if problem.distance is None:  # in the plane no detour is shorter
            everybody, here = np.arange(problem.num_nodes), np.array(node)
            return problem.distances_between(here, everybody)
        stored = (
            problem.distance if what == "length" or problem.duration is None else problem.duration
        )
        table = stored[profile].T if back else stored[profile]
        open_arcs = problem.distance[profile] < UNLIMITED
        if problem.duration is not None:
            open_arcs = open_arcs & (problem.duration[profile] < UNLIMITED)
        return _shortest(np.where(open_arcs.T if back else open_arcs, table, UNLIMITED), node)


def _shortest(table: Array, node: int) -> Array:
    """Lengths of the shortest paths from `node` (Bellman 1958), UNLIMITED where there is none."""
    found = table[node].copy()
    found[node] = 0
    while True:
        reached = np.flatnonzero(found < UNLIMITED)
        nearer = np.minimum(found, (found[reached, None] + table[reached]).min(axis=0))
        nearer = np.minimum(nearer, UNLIMITED)
        if (nearer == found).all():
            return found
        found = nearer


def _hindrance(problem: Problem, ways: _Ways, kind: int, visits: tuple[int, ...]) -> str | None:
    """Why a vehicle of that type cannot serve `visits` in this order and nobody else."""
    show = problem.scales.show
    for node in visits:
        if not problem.allowed[node, kind]:
            return RULES["allowed"]
        for dim in range(problem.size("L")):
            load = int(max(problem.delivery[node, dim], problem.pickup[node, dim]))
            over = load - int(problem.capacity[kind, dim])
            if over > 0:
                amount = show(over, Quantity.LOAD)
                return RULES["capacity"].format(amount=amount) + _in_dimension(problem, dim)
    start, end = int(problem.start_depot[kind]), int(problem.end_depot[kind])
    profile = int(problem.profile[kind])
    path = [start, *visits]
    legs = {what: _legs(ways, what, profile, path, end) for what in ("length", "time")}
    if max(legs["length"]) >= UNLIMITED:
        return "no way leads there and back" if end != NOWHERE else "no way leads there"
    over = sum(legs["length"]) - int(problem.max_distance[kind])
    if over > 0:
        return RULES["max_distance"].format(amount=show(over, Quantity.LENGTH))
    if not problem.has_time:
        return None
    return _late(problem, ways, kind, path, legs["time"], end)


def _legs(ways: _Ways, what: str, profile: int, path: list[int], end: int) -> list[int]:
    """The shortest way along `path` and to `end`, leg by leg."""
    legs = [int(ways.to_all(what, profile, tail)[head]) for tail, head in pairwise(path)]
    if end != NOWHERE:
        legs.append(int(ways.to_all(what, profile, end, back=True)[path[-1]]))
    return legs


def _late(
    problem: Problem, ways: _Ways, kind: int, path: list[int], legs: list[int], end: int
) -> str | None:
    """What is missed where everything is as early as it can be, or lasts too long."""
    show = problem.scales.show
    pauses = [pause for pause in problem.breaks if pause.vehicle_type == kind]
    least = sum(legs) + int(problem.service[path[1:]].sum())
    least += sum(pause.duration for pause in pauses)
    over = least - int(problem.max_duration[kind])
    if over > 0:
        return RULES["max_duration"].format(amount=show(over, Quantity.TIME))
    opening = int(max(problem.shift_early[kind], problem.tw_early[path[0], 0]))
    if problem.under_way[kind]:
        opening = int(problem.ready_time[kind])
    for pause in pauses:
        over = opening - pause.windows[-1][1]
        if over > 0:
            return RULES["break"].format(amount=show(over, Quantity.TIME))
    clock = _first_arrival(problem, ways, kind, path, opening, legs[0])
    for position, node in enumerate(path[1:]):
        clock += legs[position] if position else 0
        soft = problem.lateness_cost[node] < UNLIMITED
        over = clock - int(problem.tw_late[node].max())
        if over > 0 and not soft:
            late = RULES["time_window"].format(amount=show(over, Quantity.TIME))
            return f"{late} at {problem.label(node)}"
        ahead = problem.tw_early[node][problem.tw_late[node] >= clock]
        clock = max(clock, int(ahead.min(initial=UNLIMITED))) if len(ahead) else clock
        clock += int(problem.service[node])
    closing = int(problem.shift_late[kind])
    if end != NOWHERE:
        clock += legs[-1]
        closing = min(closing, int(problem.tw_late[end, 0]))
    rested = (pause.windows[0][0] + pause.duration for pause in pauses)
    over = max(clock, opening + least, *rested) - closing
    return RULES["shift"].format(amount=show(over, Quantity.TIME)) if over > 0 else None


def _first_arrival(
    problem: Problem, ways: _Ways, kind: int, path: list[int], opening: int, leg: int
) -> int:
    """When the first client can be reached at the earliest, his and his pair's goods on board."""
    if problem.under_way[kind]:
        return opening + leg
    released = int(problem.release[path[1:]].max())
    reload = reload_of(problem, kind)
    if reload is None or not reload.most:
        return max(opening, released) + leg
    back = ways.to_all("time", int(problem.profile[kind]), path[1], back=True)
    nearest = int(back[[path[0], *reload.depots]].min())
    return max(opening + leg, released + nearest)


def reload_of(problem: Problem, kind: int) -> Reload | None:
    """The reload of a vehicle type, if it has one."""
    return next((reload for reload in problem.reloads if reload.vehicle_type == kind), None)


def _in_dimension(problem: Problem, dim: int) -> str:
    return f" in load dimension {dim + 1}" if problem.size("L") > 1 else ""
