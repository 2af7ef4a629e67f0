"""Tiny problems, each with a plan, its cost and its violations worked out by hand.

The table covers every attribute and every rule that `vrp.check` knows. Each engine that learns an
attribute is tested against these rows. Unless a case says otherwise, nodes lie on a line: the
depot (node 0) at 0 and clients at 10, 20 and 30, so that lengths and times are differences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polyroute.vrp.check import Violation
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Backhaul, Objective, Problem, Quantity
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Break, Group, Pair, Pin, Reload

U = UNLIMITED


@dataclass(frozen=True)
class Case:
    """A problem and a plan with what the checker must say of it; unnamed cost terms are zero."""

    name: str
    problem: Problem
    routes: tuple[Route, ...]
    terms: dict[str, int]
    violations: tuple[Violation, ...] = ()
    durations: tuple[int, ...] | None = None  # one a route, where the case is about time

    @property
    def solution(self) -> Solution:
        return Solution(self.routes)


def line(*places: int, **fields: object) -> Problem:
    """Nodes at `places` on a line."""
    return Problem(coords=np.array([(x, 0) for x in places]), **fields)  # type: ignore[arg-type]


def plan(*visits: list[int]) -> tuple[Route, ...]:
    """Routes of vehicle type 0."""
    return tuple(Route(tuple(route)) for route in visits)


def column(*values: int) -> np.ndarray:
    """One load dimension or one window a node: (N, 1)."""
    return np.array(values)[:, None]


def late(amount: int, node: int, route: int = 0) -> Violation:
    return Violation("time_window", amount, Quantity.TIME, route=route, node=node)


PLACES = (0, 10, 20, 30)

LOADS = [
    Case(
        "loads within the capacity",
        line(*PLACES, delivery=column(0, 4, 5, 6), capacity=[[10]]),
        plan([1, 2], [3]),
        # 10 + 10 + 20 back, and 30 there and back
        {"distance": 40 + 60},
    ),
    Case(
        "a load beyond the capacity",
        line(*PLACES, delivery=column(0, 4, 5, 6), capacity=[[10]]),
        plan([1, 2, 3]),
        # 4 + 5 + 6 = 15 on board when it leaves
        {"distance": 60},
        (Violation("capacity", 5, Quantity.LOAD, route=0),),
    ),
    Case(
        "a pickup before the deliveries that make room for it",
        line(
            *PLACES,
            delivery=column(0, 4, 0, 3),
            pickup=column(0, 0, 6, 0),
            capacity=[[8]],
            backhaul=Backhaul.MIXED,
        ),
        plan([1, 2, 3]),
        # on board: 7 at the start, 3 after client 1, 9 after client 2, 6 after client 3
        {"distance": 60},
        (Violation("capacity", 1, Quantity.LOAD, route=0, node=2),),
    ),
    Case(
        "a pickup after the deliveries that make room for it",
        line(
            *PLACES,
            delivery=column(0, 4, 0, 3),
            pickup=column(0, 0, 6, 0),
            capacity=[[8]],
            backhaul=Backhaul.MIXED,
        ),
        plan([1, 3, 2]),
        # on board: 7, 3, 0, 6; driven: 10 + 20 + 10 + 20
        {"distance": 60},
    ),
    Case(
        "delivery and pickup at one stop",
        line(*PLACES[:3], delivery=column(0, 5, 5), pickup=column(0, 7, 1), capacity=[[10]]),
        plan([1, 2]),
        # on board: 10, then 10 − 5 + 7 = 12, then 12 − 5 + 1 = 8
        {"distance": 40},
        (Violation("capacity", 2, Quantity.LOAD, route=0, node=1),),
    ),
    Case(
        "a delivery after a pickup where linehauls come first",
        line(
            *PLACES,
            delivery=column(0, 4, 0, 3),
            pickup=column(0, 0, 6, 0),
            backhaul=Backhaul.LINEHAUL_FIRST,
        ),
        plan([1, 2, 3]),
        {"distance": 60},
        (Violation("backhaul_order", 1, route=0, node=3),),
    ),
    Case(
        "a route of backhauls only, where that is forbidden",
        line(
            *PLACES,
            delivery=column(0, 4, 0, 3),
            pickup=column(0, 0, 6, 0),
            backhaul=Backhaul.LINEHAUL_FIRST,
            backhaul_only_routes=False,
        ),
        plan([1, 3], [2]),
        {"distance": 60 + 40},
        (Violation("backhaul_only", 1, route=1),),
    ),
    Case(
        "two load dimensions, one of them exceeded",
        line(*PLACES[:3], delivery=[[0, 0], [4, 1], [3, 2]], capacity=[[10, 2]]),
        plan([1, 2]),
        # (7, 3) on board against (10, 2)
        {"distance": 40},
        (Violation("capacity", 1, Quantity.LOAD, route=0),),
    ),
]

TIME = [
    Case(
        "a late client sets the vehicle back to the end of its window",
        line(*PLACES[:3], tw_early=column(0, 15, 0), tw_late=column(100, 50, 22)),
        plan([1, 2]),
        # Leaving at 0 waits 5 at client 1; leaving at 5 does not, and reaches client 2 at 25
        # either way: 3 late. From there it goes on at 22 and is home at 42.
        {"distance": 40},
        (late(3, node=2),),
        durations=(40,),
    ),
    Case(
        "warps of several clients add up",
        line(*PLACES, tw_late=column(100, 8, 15, 60)),
        plan([1, 2, 3]),
        # at 10 for 8: 2 late, on at 8; at 18 for 15: 3 late, on at 15; at 25 in time
        {"distance": 60},
        (late(2, node=1), late(3, node=2)),
    ),
    Case(
        "a late return to the depot",
        line(*PLACES[:3], tw_late=column(35, 50, 50)),
        plan([1, 2]),
        {"distance": 40},
        (Violation("shift", 5, Quantity.TIME, route=0),),
    ),
    Case(
        "waiting that no later departure avoids is paid",
        line(
            *PLACES[:3],
            tw_early=column(0, 0, 40),
            tw_late=column(100, 12, 60),
            unit_duration_cost=[3],
        ),
        plan([1, 2]),
        # Leaves at 2 to reach client 1 at its last moment, 12; at client 2 at 22, waits 18.
        # Duration 10 + 10 + 18 + 20 = 58.
        {"distance": 40, "duration": 3 * 58},
        durations=(58,),
    ),
    Case(
        "waiting that a later departure avoids is not",
        line(*PLACES[:3], tw_early=column(0, 0, 40), unit_duration_cost=[3]),
        plan([1, 2]),
        # Leaves at 20 and drives through: client 2 at 40.
        {"distance": 40, "duration": 3 * 40},
        durations=(40,),
    ),
    Case(
        "lateness at a soft window is paid, and nothing is set back",
        line(
            *PLACES,
            tw_late=column(100, 8, 17, 27),
            lateness_cost=[U, 7, 2, U],
        ),
        plan([1, 2, 3]),
        # Client 1 at 10 for 8: 2 × 7; client 2 at 20 for 17: 3 × 2; client 3, hard, at 30 for 27.
        {"distance": 60, "lateness": 14 + 6},
        (late(3, node=3),),
    ),
    Case(
        "service takes time, and counts as duration",
        line(*PLACES[:3], service=[0, 4, 6], tw_late=column(100, 50, 22), unit_duration_cost=[1]),
        plan([1, 2]),
        # client 1 at 10, left at 14; client 2 at 24 for 22: 2 late; duration 40 + 10
        {"distance": 40, "duration": 50},
        (late(2, node=2),),
        durations=(50,),
    ),
    Case(
        "a route leaves no earlier than its latest release",
        line(*PLACES[:3], release=[0, 30, 12], tw_late=column(100, 60, 45)),
        plan([1, 2]),
        # leaves at 30; client 1 at 40, client 2 at 50 for 45
        {"distance": 40},
        (late(5, node=2),),
        durations=(40,),
    ),
    Case(
        "a release after the depot has closed",
        line(*PLACES[:3], release=[0, 30, 0], tw_late=column(25, 60, 60)),
        plan([1], [2]),
        # Route 1 is 5 late at the start, goes on at 25 and is back at 45 for 25: 20 more.
        # Route 2 is back at 40 for 25.
        {"distance": 20 + 40},
        (
            Violation("shift", 5, Quantity.TIME, route=0),
            Violation("shift", 20, Quantity.TIME, route=0),
            Violation("shift", 15, Quantity.TIME, route=1),
        ),
    ),
    Case(
        "a shift bounds departure and return",
        line(*PLACES[:3], shift_early=[5], shift_late=[42]),
        plan([1, 2]),
        # 5 to 45
        {"distance": 40},
        (Violation("shift", 3, Quantity.TIME, route=0),),
    ),
    Case(
        "a shift ends an open route after its last service",
        line(*PLACES[:3], end_depot=[NOWHERE], service=[0, 0, 8], shift_late=[25]),
        plan([1, 2]),
        # client 2 at 20, served until 28
        {"distance": 20},
        (Violation("shift", 3, Quantity.TIME, route=0),),
        durations=(28,),
    ),
    Case(
        "of several windows the first that can be met",
        line(
            *PLACES[:3],
            tw_early=[[0, 0], [2, 20], [5, 18]],
            tw_late=[[100, 100], [8, 30], [9, 19]],
        ),
        plan([1, 2]),
        # Client 1 at 10 is too late for 2–8, waits for 20–30 unless it leaves at 10. Client 2 at
        # 30 has missed 5–9 and 18–19, the last by 11.
        {"distance": 40},
        (late(11, node=2),),
        durations=(40,),
    ),
    Case(
        "travel times other than the distances",
        Problem(
            distance=[[[0, 10, 20], [10, 0, 10], [20, 10, 0]]],
            duration=[[[0, 3, 9], [4, 0, 5], [8, 6, 0]]],
            tw_late=column(100, 50, 7),
            unit_duration_cost=[1],
        ),
        plan([1, 2]),
        # client 1 at 3, client 2 at 8 for 7; duration 3 + 5 + 8
        {"distance": 40, "duration": 16},
        (late(1, node=2),),
        durations=(16,),
    ),
]

LIMITS = [
    Case(
        "a route longer than allowed",
        line(*PLACES, max_distance=[45]),
        plan([1, 2], [3]),
        {"distance": 40 + 60},
        (Violation("max_distance", 15, Quantity.LENGTH, route=1),),
    ),
    Case(
        "a duration limit counts driving, service and waiting",
        line(
            *PLACES[:3],
            service=[0, 4, 6],
            tw_early=column(0, 0, 40),
            tw_late=column(100, 12, 60),
            max_duration=[60],
        ),
        plan([1, 2]),
        # leaves at 2, client 1 12–16, client 2 at 26, waits 14: 40 driving + 10 + 14
        {"distance": 40},
        (Violation("max_duration", 4, Quantity.TIME, route=0),),
        durations=(64,),
    ),
    Case(
        "overtime beyond the regular duration",
        line(*PLACES, regular_duration=[50], overtime_cost=[4]),
        plan([1, 2], [3]),
        # 40 is regular; 60 is 10 beyond
        {"distance": 100, "overtime": 40},
    ),
    Case(
        "too many stops",
        line(*PLACES, max_stops=[2]),
        plan([1, 2, 3]),
        {"distance": 60},
        (Violation("max_stops", 1, route=0),),
    ),
    Case(
        "too many vehicles; an empty route is none",
        line(*PLACES, count=[2]),
        plan([1], [], [2], [3]),
        {"distance": 20 + 40 + 60},
        (Violation("count", 1),),
    ),
]

FLEET = [
    Case(
        "fixed cost and price of distance, by vehicle type",
        line(*PLACES, fixed_cost=[100, 7], unit_distance_cost=[2, 5], count=[1, U]),
        (Route((1, 2), 0), Route((3,), 1), Route((), 0)),
        # 40 at 2 and 60 at 5
        {"fixed": 107, "distance": 80 + 300},
    ),
    Case(
        "capacity by vehicle type",
        line(*PLACES, delivery=column(0, 4, 5, 6), capacity=[[5], [20]]),
        (Route((1, 2), 1), Route((3,), 0)),
        {"distance": 40 + 60},
        (Violation("capacity", 1, Quantity.LOAD, route=1),),
    ),
    Case(
        "several depots: each type leaves from and returns to its own",
        # depots at 0 and 100, clients at 10 and 90
        line(0, 100, 10, 90, num_depots=2, start_depot=[0, 1, 0], end_depot=[0, 1, 1]),
        (Route((2,), 0), Route((3,), 1)),
        {"distance": 20 + 20},
    ),
    Case(
        "a route from one depot to another",
        line(0, 100, 10, 90, num_depots=2, start_depot=[0, 1, 0], end_depot=[0, 1, 1]),
        (Route((2, 3), 2),),
        {"distance": 100},
    ),
    Case(
        "an open route does not pay its way back",
        line(*PLACES, end_depot=[NOWHERE], max_distance=[30]),
        plan([1, 2, 3]),
        {"distance": 30},
    ),
    Case(
        "a client whom the vehicle type may not serve",
        line(*PLACES[:3], count=[1, 1], allowed=[[1, 1], [1, 0], [0, 1]]),
        (Route((1, 2), 1),),
        {"distance": 40},
        (Violation("allowed", 1, route=0, node=1),),
    ),
    Case(
        "preferences are earned by the type that serves",
        line(*PLACES[:3], count=[1, 1], preference=[[0, 0], [6, 1], [2, 3]]),
        (Route((1, 2), 0),),
        {"distance": 40, "preferences": -8},
    ),
    Case(
        "profiles: a matrix of its own for each vehicle type",
        Problem(
            distance=[
                [[0, 10, 20], [10, 0, 10], [20, 10, 0]],
                [[0, 11, 22], [11, 0, 11], [22, 11, 0]],
            ],
            profile=[0, 1],
        ),
        (Route((1,), 0), Route((2,), 1)),
        {"distance": 20 + 44},
    ),
    Case(
        "asymmetric arcs are followed in the direction of travel",
        Problem(distance=[[[0, 1, 2], [30, 0, 4], [50, 60, 0]]]),
        plan([1, 2]),
        {"distance": 1 + 4 + 50},
    ),
    Case(
        "a forbidden arc is reported and not added up",
        Problem(distance=[[[0, 10, 20], [10, 0, U], [20, 10, 0]]]),
        plan([1, 2]),
        {"distance": 10 + 20},
        (Violation("unreachable", 1, route=0, node=2),),
    ),
    Case(
        "a vehicle under way moves on at its time, with what it carries",
        line(
            *PLACES[:3],
            delivery=column(0, 4, 5),
            on_board=[[4]],
            under_way=[1],
            ready_time=[6],
            tw_early=column(0, 20, 0),
            tw_late=column(5, 60, 28),
            unit_duration_cost=[1],
        ),
        plan([1, 2]),
        # It cannot put its departure off: client 1 at 16, waits 4 until 20; client 2 at 30 for
        # 28; home at 48, after the depot has closed at 5. On board: 4, 0, then 5 too few.
        {"distance": 40, "duration": 44},
        (
            Violation("negative_load", 5, Quantity.LOAD, route=0, node=2),
            late(2, node=2),
            Violation("shift", 43, Quantity.TIME, route=0),
        ),
        durations=(44,),
    ),
]

CHOICE = [
    Case(
        "an optional client costs its prize if unserved; a required one is missed",
        line(*PLACES, required=[1, 0, 1, 0], prize=[0, 9, 0, 5]),
        plan([3]),
        {"distance": 60, "prizes": 9},
        (Violation("missing", 1, node=2),),
    ),
    Case(
        "a prize is no price for missing a required client",
        line(*PLACES[:3], prize=[0, 9, 8]),
        plan([1]),
        {"distance": 20},
        (Violation("missing", 1, node=2),),
    ),
    Case(
        "a client served three times",
        line(*PLACES[:3]),
        plan([1, 2, 1], [1]),
        # 10 + 10 + 10 + 10, and 20
        {"distance": 40 + 20},
        (Violation("duplicate", 2, node=1),),
    ),
    Case(
        "a pair on one route, its pickup first",
        line(
            *PLACES[:3],
            pickup=column(0, 5, 0),
            delivery=column(0, 0, 5),
            pairs=(Pair(1, 2),),
            capacity=[[5]],
        ),
        plan([1, 2]),
        # on board: 0, 5, 0
        {"distance": 40},
    ),
    Case(
        "a pair whose delivery comes first",
        line(
            *PLACES[:3],
            pickup=column(0, 5, 0),
            delivery=column(0, 0, 5),
            pairs=(Pair(1, 2),),
            capacity=[[5]],
        ),
        plan([2, 1]),
        # on board: 0, −5, 0
        {"distance": 40},
        (
            Violation("negative_load", 5, Quantity.LOAD, route=0, node=2),
            Violation("pair", 1, route=0, node=2),
        ),
    ),
    Case(
        "a pair on two routes",
        line(*PLACES[:3], pickup=column(0, 5, 0), delivery=column(0, 0, 5), pairs=(Pair(1, 2),)),
        plan([1], [2]),
        {"distance": 20 + 40},
        (Violation("pair", 1, route=0, node=2),),
    ),
    Case(
        "a pair of optional clients left out, and one torn apart",
        line(
            0,
            10,
            20,
            30,
            40,
            pickup=column(0, 5, 0, 5, 0),
            delivery=column(0, 0, 5, 0, 5),
            pairs=(Pair(1, 2), Pair(3, 4)),
            required=[1, 0, 0, 0, 0],
        ),
        plan([3]),
        {"distance": 60},
        (Violation("pair", 1, route=0, node=4),),
    ),
    Case(
        "one of the alternatives of a group",
        line(*PLACES, groups=(Group((1, 2)),)),
        plan([2, 3]),
        {"distance": 60},
    ),
    Case(
        "two of the alternatives of one group, none of another",
        line(0, 10, 20, 30, 40, groups=(Group((1, 2), required=False), Group((3, 4)))),
        plan([1, 2]),
        {"distance": 40},
        (Violation("group", 1, node=1), Violation("group", 1, node=3)),
    ),
    Case(
        "vehicles first, then cost",
        line(*PLACES, objective=(Objective.VEHICLES, Objective.COST)),
        plan([1], [2, 3]),
        {"distance": 20 + 60},
    ),
]

RELOADS = [
    Case(
        "a reload makes two loads of one",
        line(*PLACES, delivery=column(0, 4, 5, 6), capacity=[[10]], reloads=(Reload(0, (0,)),)),
        (Route((1, 2, 3), reloads=((2, 0),)),),
        # 9 on board, then 6; driven: 10 + 10 + 20 back, 30 there and back
        {"distance": 100},
    ),
    Case(
        "a trip beyond the capacity, and one reload too many",
        line(*PLACES, delivery=column(0, 4, 5, 6), capacity=[[10]], reloads=(Reload(0, (0,), 1),)),
        (Route((1, 2, 3), reloads=((1, 0), (1, 0))),),
        # trips: client 1, nobody, clients 2 and 3 with 11 on board; 20 + 0 + 60
        {"distance": 80},
        (
            Violation("capacity", 1, Quantity.LOAD, route=0, node=0),
            Violation("reload", 1, route=0),
        ),
    ),
    Case(
        "reloads at the depots of the vehicle type, and at another",
        # depots at 0 and 100, clients at 10 and 90
        line(
            0,
            100,
            10,
            90,
            num_depots=2,
            start_depot=[0, 0],
            end_depot=[0, 0],
            reloads=(Reload(0, (1,), 2),),
        ),
        (Route((2,), 0, reloads=((1, 1),)), Route((3,), 1, reloads=((0, 0),))),
        # to 10, on to depot 100 and, empty, back to 0; no way within depot 0, then 90 and back
        {"distance": 200 + 180},
        (Violation("reload", 1, route=1, node=0),),
    ),
    Case(
        "what is picked up is set down at a reload",
        line(
            *PLACES,
            delivery=column(0, 4, 0, 3),
            pickup=column(0, 0, 6, 0),
            capacity=[[8]],
            backhaul=Backhaul.LINEHAUL_FIRST,
            backhaul_only_routes=False,
            reloads=(Reload(0, (0,)),),
        ),
        (Route((1, 2, 3), reloads=((2, 0),)),),
        # on board: 4, 0, 6 and 3, 0; the delivery to client 3 begins a trip
        {"distance": 40 + 60},
    ),
    Case(
        "a trip of backhauls only, where that is forbidden",
        line(
            *PLACES,
            delivery=column(0, 4, 0, 3),
            pickup=column(0, 0, 6, 0),
            backhaul=Backhaul.LINEHAUL_FIRST,
            backhaul_only_routes=False,
            reloads=(Reload(0, (0,)),),
        ),
        (Route((1, 2), reloads=((1, 0), (2, 0))), Route((3,))),
        # client 2 has a trip of his own; the empty one after it is no matter
        {"distance": 20 + 40 + 60},
        (Violation("backhaul_only", 1, route=0),),
    ),
    Case(
        "a pair on one trip",
        line(
            *PLACES,
            pickup=column(0, 5, 0, 0),
            delivery=column(0, 0, 5, 4),
            pairs=(Pair(1, 2),),
            capacity=[[5]],
            reloads=(Reload(0, (0,)),),
        ),
        (Route((3, 1, 2), reloads=((1, 0),)),),
        # on board: 4, 0 and 0, 5, 0
        {"distance": 60 + 40},
    ),
    Case(
        "a pair on two trips",
        line(
            *PLACES[:3],
            pickup=column(0, 5, 0),
            delivery=column(0, 0, 5),
            pairs=(Pair(1, 2),),
            capacity=[[5]],
            reloads=(Reload(0, (0,)),),
        ),
        (Route((1, 2), reloads=((1, 0),)),),
        {"distance": 20 + 40},
        (Violation("pair", 1, route=0, node=2),),
    ),
    Case(
        "a trip leaves no earlier than its own latest release",
        line(
            *PLACES[:3],
            release=[0, 0, 50],
            tw_late=column(100, 25, 65),
            unit_duration_cost=[1],
            reloads=(Reload(0, (0,)),),
        ),
        (Route((1, 2), reloads=((1, 0),)),),
        # Leaves at 15 to reach client 1 at his last moment, 25; back at 35, waits 15; client 2 at
        # 70 for 65: 5 late. Duration 20 + 15 + 40.
        {"distance": 60, "duration": 75},
        (late(5, node=2),),
        durations=(75,),
    ),
    Case(
        "a depot that has closed sets the vehicle back, one not yet open lets it wait",
        # depots at 0, 40 and −20, clients at 10, 20 and −30
        line(
            0,
            40,
            -20,
            10,
            20,
            -30,
            num_depots=3,
            tw_early=column(0, 0, 80, 0, 0, 0),
            tw_late=column(200, 35, 200, 100, 60, 200),
            reloads=(Reload(0, (1, 2)),),
        ),
        (Route((3, 4, 5), reloads=((1, 1), (2, 2))),),
        # Client 3 at 10, depot 40 at 40 for 35: 5 late, on at 35; client 4 at 55; depot −20 at 95,
        # open since 80; client 5 at 105; home at 135. Driven: 10 + 30 + 20 + 40 + 10 + 30.
        {"distance": 140},
        (Violation("shift", 5, Quantity.TIME, route=0, node=1),),
        durations=(140,),
    ),
    Case(
        "waiting for a depot to open",
        # depots at 0 and 40, clients at 10 and 20
        line(
            0,
            40,
            10,
            20,
            num_depots=2,
            tw_early=column(0, 70, 0, 0),
            tw_late=column(200, 200, 25, 200),
            reloads=(Reload(0, (1,)),),
        ),
        (Route((2, 3), reloads=((1, 1),)),),
        # Leaves at 15 for client 2 at 25; depot 40 at 55, waits 15. Driven: 10 + 30 + 20 + 20.
        {"distance": 80},
        durations=(95,),
    ),
    Case(
        "limits hold for the whole route, and an open one with a reload is open",
        line(
            *PLACES[:3],
            end_depot=[NOWHERE],
            max_distance=[35],
            max_duration=[36],
            max_stops=[1],
            shift_late=[37],
            reloads=(Reload(0, (0,)),),
        ),
        (Route((1, 2), reloads=((1, 0),)),),
        # 10 there and back, 20 there
        {"distance": 40},
        (
            Violation("max_distance", 5, Quantity.LENGTH, route=0),
            Violation("max_duration", 4, Quantity.TIME, route=0),
            Violation("max_stops", 1, route=0),
            Violation("shift", 3, Quantity.TIME, route=0),
        ),
        durations=(40,),
    ),
    Case(
        "a vehicle under way has its goods for the first trip only",
        line(
            *PLACES[:3],
            delivery=column(0, 4, 3),
            capacity=[[4]],
            on_board=[[2]],
            under_way=[1],
            ready_time=[6],
            release=[0, 50, 40],
            reloads=(Reload(0, (0,)),),
        ),
        (Route((1, 2), reloads=((1, 0),)),),
        # On board: 2, −2 and 3, 0. Client 1 at 16, his release is no matter; back at 26, waits 14.
        {"distance": 60},
        (Violation("negative_load", 2, Quantity.LOAD, route=0, node=1),),
        durations=(74,),
    ),
]

WINDOWS_WITH_A_GAP = [
    Case(
        "the departure that waits least may miss a window that the earliest one meets",
        line(
            *(0, 10, 12),
            tw_early=[[0, 0], [0, 100], [105, 105]],
            tw_late=[[U, U], [20, 103], [106, 106]],
            unit_duration_cost=[1],
            max_duration=[60],
        ),
        plan([1, 2]),
        # Leaving at 10 it would wait for client 2 from 22 to 105. Leaving at 93 it waits nowhere.
        {"distance": 24, "duration": 24},
        durations=(24,),
    ),
    Case(
        "no later departure where a later window is missed, too",
        line(
            *(0, 10, 12),
            tw_early=[[0, 0], [0, 100], [95, 95]],
            tw_late=[[U, U], [20, 103], [101, 101]],
        ),
        plan([1, 2]),
        # Client 1 at 100 means client 2 at 102 for 101. So it leaves at 10 and waits from 22 to 95.
        {"distance": 24},
        durations=(97,),
    ),
]

BREAKS = [
    Case(
        "a break on the road begins while the vehicle drives",
        line(
            *PLACES[:3],
            tw_late=column(100, 100, 25),
            breaks=(Break(0, ((14, 20),), 5, on_the_road=True),),
        ),
        (Route((1, 2), breaks=((1, 0),)),),
        # At 10 at client 1, at 14 on the way, at 25 at client 2; at a stop it would wait until 14.
        {"distance": 40},
        durations=(45,),
    ),
    Case(
        "a break on the road waits at the end of the way, and must begin in time",
        line(
            *PLACES[:2],
            breaks=(
                Break(0, ((40, 40),), 3, on_the_road=True),
                Break(0, ((42, 42),), 1, on_the_road=True),
            ),
        ),
        (Route((1,), breaks=((1, 0), (1, 1))),),
        # Leaving at 20 it is back at 40: the breaks are from 40 to 43, for 42, and from 42 to 43.
        {"distance": 20},
        (Violation("break", 1, Quantity.TIME, route=0, node=1),),
        durations=(24,),
    ),
    Case(
        "before a break at a stop the vehicle has not driven on",
        line(
            *PLACES[:3],
            breaks=(Break(0, ((14, 20),), 5, on_the_road=True), Break(0, ((0, 30),), 1)),
            tw_late=column(100, 10, 100),
        ),
        (Route((1, 2), breaks=((1, 0), (1, 1))),),
        # At client 1 at 10 it waits until 14; the breaks are over at 20.
        {"distance": 40},
        durations=(50,),
    ),
    Case(
        "a break is taken within its window, and lasts",
        line(*PLACES[:3], unit_duration_cost=[1], breaks=(Break(0, ((12, 20),), 5),)),
        (Route((1, 2), breaks=((1, 0),)),),
        # Leaves at 2, so that it need not wait at client 1: break 12–17, client 2 at 27.
        {"distance": 40, "duration": 45},
        durations=(45,),
    ),
    Case(
        "a late break sets the vehicle back",
        line(*PLACES[:3], tw_late=column(100, 50, 21), breaks=(Break(0, ((0, 7),), 5),)),
        (Route((1, 2), breaks=((1, 0),)),),
        # at 10 for 7: 3 late, 7–12; client 2 at 22 for 21
        {"distance": 40},
        (Violation("break", 3, Quantity.TIME, route=0, node=1), late(1, node=2)),
        durations=(45,),
    ),
    Case(
        "a break at the depot keeps the departure within its window",
        line(*PLACES[:2], tw_early=column(0, 30), breaks=(Break(0, ((5, 8),), 4),)),
        (Route((1,), breaks=((0, 0),)),),
        # Leaves at 8 at the latest: break 8–12, client 1 at 22, waits 8.
        {"distance": 20},
        durations=(32,),
    ),
    Case(
        "of a break's windows the first that can be met, after service",
        line(
            *PLACES[:3],
            service=[0, 2, 0],
            tw_late=column(100, 13, 100),
            breaks=(Break(0, ((0, 11), (18, 19)), 1),),
        ),
        (Route((1, 2), breaks=((1, 0),)),),
        # Leaving at 0 it is free at 12, too late for 0–11. Client 1 lets it leave at 3: free at 15,
        # break 18–19 after 3 of waiting; 40 + 2 + 3 + 1.
        {"distance": 40},
        durations=(46,),
    ),
    Case(
        "a break taken twice, one not taken, and one of another vehicle type",
        line(
            *PLACES[:3],
            count=[1, 1],
            breaks=(Break(0, ((0, U),), 1), Break(0, ((0, U),), 1), Break(1, ((0, U),), 1)),
        ),
        (Route((1,), 0, breaks=((0, 0), (1, 0))), Route((2,), 1, breaks=((1, 1), (1, 2)))),
        {"distance": 20 + 40},
        (
            Violation("break_missing", 1, route=0),
            Violation("break_missing", 1, route=0),
            Violation("break_missing", 1, route=1),
        ),
        durations=(22, 42),
    ),
    Case(
        "breaks are taken by vehicles in use only",
        line(*PLACES[:2], count=[2], breaks=(Break(0, ((0, U),), 3),)),
        (Route((1,), breaks=((1, 0),)), Route(())),
        {"distance": 20},
        durations=(23, 0),
    ),
    Case(
        "too much on board for a break",
        line(
            *PLACES[:3],
            delivery=[[0, 0], [4, 1], [5, 2]],
            breaks=(Break(0, ((0, U),), 3, (3, 2)), Break(0, ((0, U),), 3, (0, 0))),
        ),
        (Route((1, 2), breaks=((1, 0), (2, 1))),),
        # on board (9, 3), (5, 2), (0, 0)
        {"distance": 40},
        (Violation("break_load", 2, Quantity.LOAD, route=0, node=1),),
        durations=(46,),
    ),
    Case(
        "a break at the end of an open route is part of it",
        line(
            *PLACES[:3],
            end_depot=[NOWHERE],
            shift_late=[25],
            breaks=(Break(0, ((20, 40),), 10),),
        ),
        (Route((1, 2), breaks=((2, 0),)),),
        # client 2 at 20, break 20–30
        {"distance": 20},
        (Violation("shift", 5, Quantity.TIME, route=0),),
        durations=(30,),
    ),
    Case(
        "two windows around a break are kept by one departure",
        line(
            *PLACES[:3],
            pickup=column(0, 5, 0),
            delivery=column(0, 0, 5),
            pairs=(Pair(1, 2),),
            tw_early=column(0, 0, 60),
            tw_late=column(100, 20, 70),
            breaks=(Break(0, ((15, 25),), 10),),
        ),
        (Route((1, 2), breaks=((1, 0),)),),
        # Leaves at 10: client 1 at 20, break 20–30, client 2 at 40, waits 20, home at 80.
        {"distance": 40},
        durations=(70,),
    ),
    Case(
        "a break after a reload: the vehicle loads first, and waits for a release as well",
        line(
            *PLACES[:3],
            delivery=column(0, 4, 5),
            release=[0, 0, 50],
            tw_late=column(90, 90, 90),
            reloads=(Reload(0, (0,)),),
            breaks=(Break(0, ((30, 60),), 10, (4,)),),
        ),
        (Route((1, 2), reloads=((1, 0),), breaks=((1, 0),)),),
        # Leaves at 30, back at 50, loads 5; break 50–60, client 2 at 80, home at 100 for 90.
        {"distance": 60},
        (
            Violation("break_load", 1, Quantity.LOAD, route=0, node=0),
            Violation("shift", 10, Quantity.TIME, route=0),
        ),
        durations=(70,),
    ),
    Case(
        "a soft client before a break is not made later",
        line(
            *PLACES[:3],
            tw_late=column(100, 8, 100),
            lateness_cost=[U, 3, U],
            breaks=(Break(0, ((15, 30),), 2),),
        ),
        (Route((1, 2), breaks=((1, 0),)),),
        # Client 1 at 10 for 8; waits 5 for the break.
        {"distance": 40, "lateness": 6},
        durations=(47,),
    ),
]

DISTANCES = np.abs(np.subtract.outer(PLACES, PLACES))[None]  # between nodes on the line

ARCS = [
    Case(
        "arcs with costs of their own, beside a limit of distance",
        Problem(
            distance=DISTANCES,
            arc_cost=[[[0, 1, 2, 3], [4, 0, 5, 6], [7, 8, 0, 9], [10, 11, 12, 0]]],
            unit_distance_cost=[0],
            max_distance=[50],
        ),
        plan([1, 2], [3]),
        # 1 + 5 + 7 on 40; 3 + 10 on 60, which is 10 too far
        {"distance": 26},
        (Violation("max_distance", 10, Quantity.LENGTH, route=1),),
    ),
    Case(
        "setup at a place that was driven to, within the window",
        Problem(
            distance=DISTANCES,
            setup=[[[0, 7, 7, 7], [0, 0, 7, 7], [0, 7, 0, 0], [0, 7, 7, 0]]],
            service=[0, 1, 1, 1],
            tw_early=column(0, 0, 30, 35),
            tw_late=column(U, U, 30, 48),
        ),
        plan([1, 2, 3]),
        # Leaves at 2: at client 1 from 12 to 20, at 2 from 30 to 38 and at 3 from 48 to 49.
        {"distance": 60},
        durations=(77,),
    ),
    Case(
        "more time at the wheel than allowed, waiting and service apart",
        Problem(
            distance=DISTANCES,
            duration=2 * DISTANCES,
            service=[0, 9, 9, 9],
            tw_early=column(0, 0, 200, 0),
            tw_late=column(U, 20, U, U),
            max_driving=[75],
        ),
        plan([1, 2]),
        # 80 at the wheel, 18 of service, and waits for client 2 from 49 to 200
        {"distance": 40},
        (Violation("max_driving", 5, Quantity.TIME, route=0), Violation("missing", 1, node=3)),
        durations=(249,),
    ),
]

PINS = [
    Case(
        "a route begins with its pinned visits",
        line(*PLACES, count=[1], pins=(Pin(0, (2, 1)),)),
        plan([2, 1, 3]),
        # 20 + 10 + 20 + 30
        {"distance": 80},
    ),
    Case(
        "a pinned visit is not where it belongs",
        line(*PLACES, count=[1], pins=(Pin(0, (2, 1)),)),
        plan([2, 3, 1]),
        # 20 + 10 + 20 + 10
        {"distance": 60},
        (Violation("pin", 1, route=0, node=1),),
    ),
    Case(
        "a vehicle with pinned visits that does not go",
        line(*PLACES[:3], count=[1, U], pins=(Pin(0, (1,)),)),
        (Route((1, 2), 1),),
        {"distance": 40},
        (Violation("pin", 1, node=1),),
    ),
    Case(
        "pinned visits of two trips with a break between them",
        line(
            *PLACES,
            count=[1],
            delivery=column(0, 4, 5, 6),
            capacity=[[6]],
            pins=(Pin(0, (3, 1)),),
            reloads=(Reload(0, (0,), 2),),
            breaks=(Break(0, ((70, 80),), 10),),
        ),
        (Route((3, 1, 2), reloads=((1, 0), (2, 0)), breaks=((1, 0),)),),
        # Leaves at 10 for the break 70–80 at the depot; 60 + 20 + 40 on the road.
        {"distance": 120},
        durations=(130,),
    ),
]

CASES: tuple[Case, ...] = (
    *LOADS, *TIME, *LIMITS, *FLEET, *CHOICE, *WINDOWS_WITH_A_GAP, *RELOADS, *BREAKS, *ARCS, *PINS,
)  # fmt: skip
