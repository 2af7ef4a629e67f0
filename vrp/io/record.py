"""A result as one JSON object in the user's units: what machines read, see ``result.schema.json``.

The other writers and the pictures take their figures and numbering from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypedDict, cast

from polyroute.vrp.check import Evaluation, RouteEvaluation, Stop, Violation, evaluate
from polyroute.vrp.explain import Explanation, Place
from polyroute.vrp.io.jsontext import Json, layout
from polyroute.vrp.problem import NOWHERE, Problem, Quantity
from polyroute.vrp.reasons import Reason
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.version import __version__

if TYPE_CHECKING:
    from polyroute.vrp.result import Result

Figure = int | float | None  # None: no limit


class PlainStopRecord(TypedDict):
    """An event of a route; `client` is None at a depot and for a break, whose number is its id."""

    event: str
    client: int | None
    id: str
    name: str
    arrive: Figure
    wait: Figure
    begin: Figure
    leave: Figure
    load: list[Figure]
    distance: Figure


class StopRecord(PlainStopRecord, total=False):
    """A stop; for a break on the road, `ahead` is the time driven since the stop before."""

    ahead: Figure


class TripRecord(TypedDict):
    """A stretch between depots, from `depot` on; `load` is the most on board."""

    depot: str
    visits: list[int]
    load: list[Figure]


class BreakRecord(TypedDict):
    """A break by its number among the problem's, from 1, after `position` visits."""

    number: int
    position: int


class PlainRouteRecord(TypedDict):
    """A route; `load` is the most on board, `end_depot` None where the route is open."""

    vehicle_type: str
    start_depot: str
    end_depot: str | None
    visits: list[int]
    distance: Figure
    duration: Figure
    load: list[Figure]
    stops: list[StopRecord]


class RouteRecord(PlainRouteRecord, total=False):
    """A route with its trips and breaks, where there are any."""

    trips: list[TripRecord]
    breaks: list[BreakRecord]


class ViolationRecord(TypedDict):
    """A broken rule, on which route (from 1) and at which client, where it has a place."""

    rule: str
    route: int | None
    client: int | None
    id: str | None
    amount: Figure
    message: str


class ReasonRecord(TypedDict):
    """Why a client is left out: a cause of `vrp.reasons`, and the rule that is broken, if any."""

    client: int
    id: str
    cause: str
    rule: str | None
    message: str


class ObstacleRecord(TypedDict):
    """What keeps every plan from being feasible; `client` is None for the fleet as a whole."""

    client: int | None
    id: str | None
    message: str


class PlaceRecord(TypedDict):
    """The best gap on one vehicle type; `route` is None for a vehicle not yet in use."""

    vehicle_type: str
    route: int | None
    cost: Figure
    violations: list[ViolationRecord]
    message: str


class UnservedRecord(TypedDict):
    """A client whom the plan leaves out, and where he would fit best, the best first."""

    client: int
    id: str
    places: list[PlaceRecord]


class ExplanationRecord(TypedDict):
    """Why there is no feasible plan, and why clients are left out."""

    obstacles: list[ObstacleRecord]
    unserved: list[UnservedRecord]


class ResultRecord(TypedDict):
    """The fields of design and schema, in their order."""

    instance: str
    format: str | None
    solver: str
    cost: Figure
    feasible: bool
    distance: Figure
    duration: Figure
    num_routes: int
    routes: list[RouteRecord]
    unserved: list[int]
    unserved_ids: list[str]
    unserved_reasons: list[ReasonRecord]
    violations: list[ViolationRecord]
    explanation: ExplanationRecord | None
    seconds: float
    load_seconds: float | None
    compile_seconds: float
    iterations: int
    seed: int
    threads: int
    interrupted: bool
    version: str


def result_record(result: Result) -> ResultRecord:
    """The record of a result, ready for `json.dumps`.

    Visits and other clients are numbered from 1, as in a CVRPLIB ``.sol``; empty routes are left
    out.
    """
    problem = result.problem
    solution, evaluation = used_routes(result)
    show = problem.scales.show
    return {
        "instance": problem.name,
        "format": result.format,
        "solver": result.solver,
        "cost": show(evaluation.cost, Quantity.COST),
        "feasible": evaluation.feasible,
        "distance": show(evaluation.distance, Quantity.LENGTH),
        "duration": show(evaluation.duration, Quantity.TIME),
        "num_routes": evaluation.num_routes,
        "routes": [
            _route(problem, route, found)
            for route, found in zip(solution.routes, evaluation.routes, strict=True)
        ],
        "unserved": [number(problem, node) for node in evaluation.unserved],
        "unserved_ids": [problem.node_id[node] for node in evaluation.unserved],
        "unserved_reasons": [_reason(problem, reason) for reason in result.reasons],
        "violations": _violations(problem, evaluation.violations),
        "explanation": _explanation(problem, result.explanation),
        "seconds": round(result.seconds, 6),
        "load_seconds": None if result.load_seconds is None else round(result.load_seconds, 6),
        "compile_seconds": round(result.compile_seconds, 6),
        "iterations": result.iterations,
        "seed": result.seed,
        "threads": result.threads,
        "interrupted": result.interrupted,
        "version": __version__,
    }


def format_json(result: Result) -> str:
    """The record of a result as text, a line a stop."""
    return layout(cast("Json", result_record(result))) + "\n"


def used_routes(result: Result) -> tuple[Solution, Evaluation]:
    """The solution without its empty routes, and what the checker says of it."""
    routes = tuple(route for route in result.solution.routes if route.visits)
    if len(routes) == len(result.solution.routes):
        return result.solution, result.evaluation
    solution = Solution(routes)
    return solution, evaluate(result.problem, solution)


def number(problem: Problem, node: int) -> int:
    """A client's number, from 1."""
    return node - problem.num_depots + 1


def _route(problem: Problem, route: Route, found: RouteEvaluation) -> RouteRecord:
    show = problem.scales.show
    start = int(problem.start_depot[route.vehicle_type])
    end = int(problem.end_depot[route.vehicle_type])
    record: RouteRecord = {
        "vehicle_type": problem.vehicle_id[route.vehicle_type],
        "start_depot": problem.node_id[start],
        "end_depot": None if end == NOWHERE else problem.node_id[end],
        "visits": [number(problem, node) for node in route.visits],
        "distance": show(found.distance, Quantity.LENGTH),
        "duration": show(found.duration, Quantity.TIME),
        "load": [show(load, Quantity.LOAD) for load in found.load],
        "stops": [_stop(problem, stop) for stop in found.stops],
    }
    if route.reloads:
        record["trips"] = _trips(problem, route, found)
    if route.breaks:
        record["breaks"] = [
            {"number": index + 1, "position": position} for position, index in route.breaks
        ]
    return record


def _stop(problem: Problem, stop: Stop) -> StopRecord:
    show = problem.scales.show
    pause = stop.index
    record: StopRecord = {
        "event": stop.event,
        "client": _client(problem, stop.node) if pause is None else None,
        "id": problem.node_id[stop.node] if pause is None else str(pause + 1),
        "name": problem.node_name[stop.node] if pause is None else "",
        "arrive": show(stop.arrive, Quantity.TIME),
        "wait": show(stop.wait, Quantity.TIME),
        "begin": show(stop.begin, Quantity.TIME),
        "leave": show(stop.leave, Quantity.TIME),
        "load": [show(load, Quantity.LOAD) for load in stop.load],
        "distance": show(stop.distance, Quantity.LENGTH),
    }
    if stop.ahead:
        record["ahead"] = show(stop.ahead, Quantity.TIME)
    return record


def _trips(problem: Problem, route: Route, found: RouteEvaluation) -> list[TripRecord]:
    starts = [i for i, stop in enumerate(found.stops) if stop.event in ("start", "reload")]
    return [
        {
            "depot": problem.node_id[found.stops[first].node],
            "visits": [number(problem, node) for node in visits],
            "load": [
                problem.scales.show(max(loads), Quantity.LOAD)
                for loads in zip(*(stop.load for stop in found.stops[first:last]), strict=True)
            ],
        }
        for visits, (first, last) in zip(
            route.trips, pairwise([*starts, len(found.stops)]), strict=True
        )
    ]


def _violations(problem: Problem, found: Iterable[Violation]) -> list[ViolationRecord]:
    return [
        {
            "rule": violation.rule,
            "route": None if violation.route is None else violation.route + 1,
            "client": _client(problem, violation.node),
            "id": None if violation.node is None else problem.node_id[violation.node],
            "amount": problem.scales.show(violation.amount, violation.quantity),
            "message": violation.describe(problem),
        }
        for violation in found
    ]


def _reason(problem: Problem, reason: Reason) -> ReasonRecord:
    return {
        "client": number(problem, reason.node),
        "id": problem.node_id[reason.node],
        "cause": reason.cause.name.lower(),
        "rule": reason.rule,
        "message": reason.message,
    }


def _client(problem: Problem, node: int | None) -> int | None:
    """The number of a client, None for no node and for a depot."""
    return None if node is None or node < problem.num_depots else number(problem, node)


def _explanation(problem: Problem, found: Explanation | None) -> ExplanationRecord | None:
    if found is None:
        return None
    return {
        "obstacles": [
            {
                "client": _client(problem, obstacle.node),
                "id": None if obstacle.node is None else problem.node_id[obstacle.node],
                "message": obstacle.message,
            }
            for obstacle in found.obstacles
        ],
        "unserved": [
            {
                "client": number(problem, node),
                "id": problem.node_id[node],
                "places": [_place(problem, place) for place in places],
            }
            for node, places in found.unserved
        ],
    }


def _place(problem: Problem, place: Place) -> PlaceRecord:
    broken = (replace(violation, route=place.route) for violation in place.broken)
    return {
        "vehicle_type": problem.vehicle_id[place.vehicle_type],
        "route": None if place.route is None else place.route + 1,
        "cost": problem.scales.show(place.cost, Quantity.COST),
        "violations": _violations(problem, broken),
        "message": place.describe(problem),
    }
