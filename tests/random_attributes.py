"""Random small problems over random combinations of attributes, and random plans for them.

Each trait fills some fields of a draft. Which traits may be drawn is decided by the names of the
features that they need, so that a solver's SUPPORTS selects the problems that it must solve.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from polyroute.vrp.problem import NOWHERE, UNLIMITED, Backhaul, Objective, Problem
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Break, Group, Pair, Pin, Reload

Array = np.ndarray
Rng = np.random.Generator

SIDE = 20
"""Nodes lie on a square of this side; arcs are up to 28 long."""
DAY = 150
"""When depots close, where they do."""


@dataclass
class Draft:
    """The sizes of a problem in the making, which all traits share, and its fields so far."""

    clients: int
    depots: int = 1
    types: int = 1
    fields: dict[str, object] = field(default_factory=dict)
    free: list[int] = field(default_factory=list)  # clients who are in no pair and no group

    @property
    def nodes(self) -> int:
        return self.depots + self.clients

    def at_clients(self, values: Array) -> Array:
        """One value a node, neutral at depots: `values` of the clients behind zeros."""
        return np.concatenate([np.zeros((self.depots, *values.shape[1:]), dtype=np.int64), values])


# -- traits ----------------------------------------------------------------------------------


def several_depots(rng: Rng, draft: Draft) -> None:
    """Each type begins at a depot of its own and ends at one, not always the same."""
    draft.fields["start_depot"] = rng.integers(0, draft.depots, draft.types)
    draft.fields["end_depot"] = rng.integers(0, draft.depots, draft.types)


def open_routes(rng: Rng, draft: Draft) -> None:
    ends = np.array(draft.fields.get("end_depot", np.zeros(draft.types)))
    ends[rng.random(draft.types) < 0.6] = NOWHERE
    draft.fields["end_depot"] = ends


def matrices(rng: Rng, draft: Draft) -> None:
    """Asymmetric distances, and durations apart from them; no triangle inequality."""
    profiles = int(rng.integers(1, 3)) if draft.types > 1 else 1
    shape = profiles, draft.nodes, draft.nodes
    draft.fields["distance"] = rng.integers(1, 25, shape)
    draft.fields["duration"] = rng.integers(1, 25, shape)
    if rng.random() < 0.3:
        distance = np.array(draft.fields["distance"])
        distance[rng.random(shape) < 0.1] = UNLIMITED
        draft.fields["distance"] = distance
    if profiles > 1:
        draft.fields["profile"] = rng.integers(0, profiles, draft.types)


def priced_arcs(rng: Rng, draft: Draft) -> None:
    """Arcs with costs of their own, on distances as they lie or given."""
    draft.fields["arc_cost"] = rng.integers(0, 25, np.shape(_tables(draft)["distance"]))


def setups(rng: Rng, draft: Draft) -> None:
    """Time before service for most arcs that are driven there."""
    setup = rng.integers(0, 9, np.shape(_tables(draft)["distance"]))
    draft.fields["setup"] = np.where(rng.random(setup.shape) < 0.3, 0, setup)


def max_driving(rng: Rng, draft: Draft) -> None:
    draft.fields["max_driving"] = rng.integers(30, 110, draft.types)


def _tables(draft: Draft) -> dict[str, object]:
    """The fields, with a table of distances."""
    if "distance" not in draft.fields:
        coords = np.array(draft.fields["coords"], dtype=np.float64)
        steps = np.sqrt(((coords[:, None] - coords[None]) ** 2).sum(axis=2))
        draft.fields["distance"] = np.floor(steps + 0.5).astype(np.int64)[None]
    return draft.fields


def loads(rng: Rng, draft: Draft) -> None:
    demand = rng.integers(0, 8, (draft.clients, _dimensions(draft)))
    draft.fields["delivery"] = draft.at_clients(demand)


def several_loads(rng: Rng, draft: Draft) -> None:
    draft.fields["delivery"] = draft.at_clients(rng.integers(0, 8, (draft.clients, 2)))


def pickups(rng: Rng, draft: Draft) -> None:
    """Pickups beside or in place of deliveries."""
    takes = rng.integers(0, 8, (draft.clients, _dimensions(draft)))
    takes[rng.random(draft.clients) < 0.4] = 0
    draft.fields["pickup"] = draft.at_clients(takes)


def capacity(rng: Rng, draft: Draft) -> None:
    room = rng.integers(8, 22, (draft.types, _dimensions(draft)))
    draft.fields["capacity"] = room


def backhauls(rng: Rng, draft: Draft) -> None:
    """Most clients deliver or pick up, a few do both or neither."""
    delivery = draft.at_clients(rng.integers(1, 8, (draft.clients, _dimensions(draft))))
    pickup = draft.at_clients(rng.integers(1, 8, (draft.clients, _dimensions(draft))))
    kind = rng.choice(4, draft.nodes, p=[0.5, 0.3, 0.1, 0.1])
    delivery[(kind == 1) | (kind == 3)] = 0
    pickup[(kind == 0) | (kind == 3)] = 0
    draft.fields["delivery"], draft.fields["pickup"] = delivery, pickup
    draft.fields["backhaul"] = rng.choice([Backhaul.MIXED, Backhaul.LINEHAUL_FIRST])
    draft.fields["backhaul_only_routes"] = bool(rng.random() < 0.5)


def windows(rng: Rng, draft: Draft) -> None:
    early = rng.integers(0, DAY // 2, draft.nodes)
    late = early + rng.integers(5, DAY // 2, draft.nodes)
    early[: draft.depots] = rng.integers(0, 10, draft.depots)
    late[: draft.depots] = DAY
    draft.fields["tw_early"], draft.fields["tw_late"] = early[:, None], late[:, None]


def several_windows(rng: Rng, draft: Draft) -> None:
    """A second window for most clients; the others repeat their first."""
    windows(rng, draft)
    early, late = (np.repeat(draft.fields[name], 2, axis=1) for name in ("tw_early", "tw_late"))
    more = draft.depots + np.flatnonzero(rng.random(draft.clients) < 0.7)
    early[more, 1] = late[more, 0] + rng.integers(1, 20, len(more))
    late[more, 1] = early[more, 1] + rng.integers(0, 30, len(more))
    draft.fields["tw_early"], draft.fields["tw_late"] = early, late


def soft_windows(rng: Rng, draft: Draft) -> None:
    price = rng.integers(1, 4, draft.nodes)
    price[: draft.depots] = UNLIMITED
    draft.fields["lateness_cost"] = price


def service(rng: Rng, draft: Draft) -> None:
    draft.fields["service"] = draft.at_clients(rng.integers(0, 8, draft.clients))


def release(rng: Rng, draft: Draft) -> None:
    draft.fields["release"] = draft.at_clients(rng.integers(0, 50, draft.clients))


def fleet(rng: Rng, draft: Draft) -> None:
    """Types that cost differently, few of each."""
    draft.fields["fixed_cost"] = rng.integers(0, 40, draft.types)
    draft.fields["unit_distance_cost"] = rng.integers(1, 4, draft.types)
    draft.fields["count"] = rng.integers(1, 4, draft.types)


def duration_cost(rng: Rng, draft: Draft) -> None:
    draft.fields["unit_duration_cost"] = rng.integers(0, 3, draft.types)


def shift(rng: Rng, draft: Draft) -> None:
    early = rng.integers(0, 30, draft.types)
    draft.fields["shift_early"], draft.fields["shift_late"] = early, early + DAY - 30


def max_distance(rng: Rng, draft: Draft) -> None:
    draft.fields["max_distance"] = rng.integers(50, 100, draft.types)


def max_duration(rng: Rng, draft: Draft) -> None:
    draft.fields["max_duration"] = rng.integers(55, 130, draft.types)


def overtime(rng: Rng, draft: Draft) -> None:
    draft.fields["regular_duration"] = rng.integers(20, 80, draft.types)
    draft.fields["overtime_cost"] = rng.integers(1, 4, draft.types)


def max_stops(rng: Rng, draft: Draft) -> None:
    draft.fields["max_stops"] = rng.integers(2, 4, draft.types)


def allowed(rng: Rng, draft: Draft) -> None:
    may = rng.random((draft.nodes, draft.types)) < 0.7
    may[np.arange(draft.nodes), rng.integers(0, draft.types, draft.nodes)] = True
    may[: draft.depots] = True
    draft.fields["allowed"] = may


def preference(rng: Rng, draft: Draft) -> None:
    earned = rng.integers(0, 12, (draft.clients, draft.types))
    draft.fields["preference"] = draft.at_clients(earned)


def optional(rng: Rng, draft: Draft) -> None:
    required = rng.random(draft.nodes) < 0.5
    required[: draft.depots] = True
    draft.fields["required"] = required
    draft.fields["prize"] = draft.at_clients(rng.integers(0, 40, draft.clients))


def groups(rng: Rng, draft: Draft) -> None:
    members = tuple(_take(rng, draft, int(rng.integers(2, 4))))
    if members:
        draft.fields["groups"] = (Group(members, required=bool(rng.random() < 0.6)),)


def pairs(rng: Rng, draft: Draft) -> None:
    """One or two pairs whose goods travel from one end to the other only."""
    made = []
    delivery, pickup = (
        np.array(draft.fields.get(name, np.zeros((draft.nodes, _dimensions(draft)))), dtype=int)
        for name in ("delivery", "pickup")
    )
    for _ in range(int(rng.integers(1, 3))):
        ends = _take(rng, draft, 2)
        if ends:
            made.append(Pair(*ends))
            delivery[ends], pickup[ends] = 0, 0
            pickup[ends[0]] = delivery[ends[1]] = rng.integers(1, 6, delivery.shape[1])
    draft.fields |= {"delivery": delivery, "pickup": pickup, "pairs": tuple(made)}


def under_way(rng: Rng, draft: Draft) -> None:
    """Some vehicles have left, with what there is to deliver, or most of it."""
    left = rng.random(draft.types) < 0.5
    draft.fields["under_way"] = left
    draft.fields["ready_time"] = np.where(left, rng.integers(0, 40, draft.types), 0)
    delivery = draft.fields.get("delivery", np.zeros((draft.nodes, _dimensions(draft))))
    goods = np.tile(np.sum(np.asarray(delivery), axis=0), (draft.types, 1))
    goods = np.minimum(goods, np.asarray(draft.fields.get("capacity", goods)))
    draft.fields["on_board"] = np.where(left[:, None], goods, 0)


def reloads(rng: Rng, draft: Draft) -> None:
    """Most types may reload, a few times or as often as they like."""
    made = []
    for kind in range(draft.types):
        if rng.random() < 0.7:
            depots = np.flatnonzero(rng.random(draft.depots) < 0.7)
            depots = depots if len(depots) else np.array([0])
            most = int(rng.choice([1, 2, UNLIMITED]))
            made.append(Reload(kind, tuple(int(depot) for depot in depots), most))
    draft.fields["reloads"] = tuple(made)
    _fix_types(draft)


def breaks(rng: Rng, draft: Draft) -> None:
    """One or two breaks of most types, with one or two windows, a few with little on board."""
    made = []
    for kind in range(draft.types):
        for _ in range(int(rng.choice(3, p=[0.3, 0.6, 0.1]))):
            early = int(rng.integers(0, DAY // 2))
            late = early + int(rng.integers(0, 20))
            windows = [(early, late)]
            if rng.random() < 0.3:
                windows.append((late + int(rng.integers(1, 10)), late + 30))
            bounds = rng.integers(0, 10, _dimensions(draft)) if rng.random() < 0.2 else ()
            lasting = int(rng.integers(0, 10))
            made.append(Break(kind, tuple(windows), lasting, tuple(int(load) for load in bounds)))
    draft.fields["breaks"] = tuple(made)
    _fix_types(draft)


def breaks_on_the_road(rng: Rng, draft: Draft) -> None:
    """Breaks of which most may be taken while driving."""
    breaks(rng, draft)
    draft.fields["breaks"] = tuple(
        replace(pause, on_the_road=bool(rng.random() < 0.7)) for pause in draft.fields["breaks"]
    )


def pins(rng: Rng, draft: Draft) -> None:
    """The one vehicle of a type begins with one or two given clients."""
    kind = int(rng.integers(0, draft.types))
    count = np.array(draft.fields.get("count", np.full(draft.types, 3)))
    count[kind] = 1
    clients = np.arange(draft.depots, draft.nodes)
    visits = rng.permutation(clients)[: int(rng.integers(1, 3))]
    draft.fields["count"] = count
    draft.fields["pins"] = (Pin(kind, tuple(int(node) for node in visits)),)


def vehicles_first(rng: Rng, draft: Draft) -> None:
    draft.fields["objective"] = (Objective.VEHICLES, Objective.COST)


def _fix_types(draft: Draft) -> None:
    """Let a field tell how many types there are, whatever else does."""
    draft.fields.setdefault("fixed_cost", np.zeros(draft.types, dtype=np.int64))


def _dimensions(draft: Draft) -> int:
    """Load dimensions: as many as the deliveries have, which are drawn first."""
    return np.shape(draft.fields["delivery"])[1] if "delivery" in draft.fields else 1


def _take(rng: Rng, draft: Draft, number: int) -> list[int]:
    """So many free clients, who are free no more; none if there are too few."""
    if len(draft.free) < number:
        return []
    taken = [int(node) for node in rng.permutation(draft.free)[:number]]
    draft.free = [node for node in draft.free if node not in taken]
    return taken


TRAITS: tuple[tuple[Callable[[Rng, Draft], None], str], ...] = (
    (several_depots, "several_depots start_depot end_depot"),
    (open_routes, "open_routes end_depot"),
    (matrices, "asymmetric profiles profile"),
    (priced_arcs, "arc_cost asymmetric"),
    (setups, "setup asymmetric"),
    (max_driving, "max_driving"),
    (loads, "delivery"),
    (several_loads, "delivery several_loads"),
    (pickups, "pickup"),
    (backhauls, "delivery pickup backhaul"),
    (capacity, "capacity"),
    (windows, "tw_early tw_late"),
    (several_windows, "tw_early tw_late several_windows"),
    (soft_windows, "lateness_cost"),
    (service, "service"),
    (release, "release"),
    (fleet, "fixed_cost unit_distance_cost count"),
    (duration_cost, "unit_duration_cost"),
    (shift, "shift_early shift_late"),
    (max_distance, "max_distance"),
    (max_duration, "max_duration"),
    (overtime, "regular_duration overtime_cost"),
    (max_stops, "max_stops"),
    (allowed, "allowed"),
    (preference, "preference"),
    (optional, "required prize"),
    (groups, "groups"),
    (pairs, "pairs pickup delivery"),
    (under_way, "under_way ready_time on_board"),
    (reloads, "reloads"),
    (breaks, "breaks"),
    (pins, "pins count"),
    (vehicles_first, "objective"),
    (breaks_on_the_road, "breaks breaks_on_the_road"),
)
"""Each trait and the features that it may use, in an order in which later ones build on earlier."""

EVERYTHING = frozenset(name for _, names in TRAITS for name in names.split()) | {
    "several_vehicle_types"
}
"""Every feature that may be drawn."""

EXCLUSIVE = ((loads, several_loads), (windows, several_windows), (breaks, breaks_on_the_road))
"""Traits that fill the same fields."""


def random_problem(
    rng: Rng,
    names: frozenset[str] = EVERYTHING,
    *,
    clients: int | None = None,
    chance: float = 0.25,
    always: Callable[[Rng, Draft], None] | None = None,
) -> Problem:
    """A small problem that uses no other features than `names`; it may have no plan.

    Each trait is drawn with the same `chance`, `always` certainly; three to five clients unless
    their number is given.
    """
    draft = Draft(int(rng.integers(3, 6)) if clients is None else clients)
    drawn = [
        trait
        for trait, needs in TRAITS
        if trait is always or (names.issuperset(needs.split()) and rng.random() < chance)
    ]
    for one, other in EXCLUSIVE:
        if one in drawn and other in drawn:
            drawn.remove(one if other is always else other)
    if several_depots in drawn:
        draft.depots = 2
    if "several_vehicle_types" in names and rng.random() < 0.5:
        draft.types = int(rng.integers(2, 4))
    draft.free = list(range(draft.depots, draft.nodes))
    draft.fields["coords"] = rng.integers(0, SIDE + 1, (draft.nodes, 2))
    for trait in drawn:
        trait(rng, draft)
    return Problem(num_depots=draft.depots, **draft.fields)  # type: ignore[arg-type]


# -- plans -----------------------------------------------------------------------------------


def random_plan(rng: Rng, problem: Problem) -> Solution:
    """Some of those who may stay away stay away; the others are shuffled into a few routes.

    No more vehicles than there are, one member of a group at most, pairs together and in order.
    Any other rule may be broken.
    """
    served = [node for node in problem.clients if problem.required[node] or rng.random() < 0.7]
    for group in problem.groups:
        served = [node for node in served if node not in group.clients]
        if group.required or rng.random() < 0.7:
            served.append(int(rng.choice(group.clients)))
    tied = {pair.delivery: pair.pickup for pair in problem.pairs}
    leaders = [node for node in served if node not in tied]
    fleet = [
        v
        for v in range(problem.num_vehicle_types)
        for _ in range(min(int(problem.count[v]), len(leaders)))
    ]
    fleet = [int(v) for v in rng.permutation(fleet)]
    routes: list[list[int]] = [[] for _ in fleet]
    for node in rng.permutation(leaders):
        if fleet:
            routes[int(rng.integers(len(fleet)))].append(int(node))
    for last, first in tied.items():
        for route in routes:
            if first in route:
                route.insert(int(rng.integers(route.index(first), len(route))) + 1, last)
    return Solution(
        tuple(Route(tuple(route), v) for route, v in zip(routes, fleet, strict=True) if route)
    )
