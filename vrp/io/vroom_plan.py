"""Plans as VROOM's JSON: routes with steps, read and written (``.vroom.json``).

Times and costs are in the problem's units, whole numbers rounded down, as VROOM has them. A setup
is part of the way or the service (`vrp.io.vroom`), so ``setup`` is 0. A vehicle's breaks are
known by their ids, or by their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

from polyroute.vrp.check import RouteEvaluation, Stop, Violation
from polyroute.vrp.errors import ReadError, UnsupportedError
from polyroute.vrp.io.jsontext import Json, Object, layout, parse, pointer, validate
from polyroute.vrp.io.record import used_routes
from polyroute.vrp.io.vroom_names import breaks, described, task_kinds, task_numbers, vehicles
from polyroute.vrp.io.vroom_priority import priorities
from polyroute.vrp.io.vroom_tasks import rows
from polyroute.vrp.problem import Array, Problem, Quantity
from polyroute.vrp.solution import BREAK, VISIT, Event, Route, Solution

if TYPE_CHECKING:
    from polyroute.vrp.result import Result

SCHEMA = "vroom_plan.schema.json"
TASKS = ("job", "pickup", "delivery")
CAUSES = {
    "time_window": "delay",
    "shift": "delay",
    "break": "delay",
    "capacity": "load",
    "max_stops": "max_tasks",
    "allowed": "skills",
    "pair": "precedence",
    "break_missing": "missing_break",
    "break_load": "max_load",
}
"""Our rules by VROOM's causes; a rule that it does not have keeps its name."""


def read_vroom_plan(text: str, problem: Problem) -> Solution:
    """The plan in VROOM's output, or in the steps of the vehicles of its input.

    Tasks and vehicles are known by their ids, a vehicle's breaks too, or where they have none by
    their order. Figures are passed over; `vrp.check` finds them anew. Raises ReadError.
    """
    document = parse(text)
    if isinstance(document, dict) and "vehicles" in document:
        document.pop("matrices", None)  # large, and no part of a plan
    validate(document, SCHEMA)
    assert isinstance(document, dict)  # by the schema
    if document.get("code"):
        raise ReadError(
            f"found the error {document.get('error', '')}, expected a plan", pointer="/code"
        )
    table, key = ("routes", "vehicle") if "routes" in document else ("vehicles", "id")
    types = dict(vehicles(problem))
    nodes = {
        (kind, number): node
        for node, (kind, number) in enumerate(
            zip(task_kinds(problem), task_numbers(problem), strict=True)
        )
    }
    routes = []
    for index, row in enumerate(rows(document, table)):
        vehicle = cast("int", row[key])
        if vehicle not in types:
            raise ReadError(
                f"found {vehicle}, expected the id of a vehicle", pointer=f"/{table}/{index}/{key}"
            )
        where = (table, index, "steps")
        events = [*_events(rows(row, "steps"), types[vehicle], nodes, problem, where)]
        if any(event.what == VISIT for event in events):
            routes.append(Route.of_events(events, types[vehicle]))
    return Solution(tuple(routes))


def _events(
    steps: list[Object],
    vehicle_type: int,
    nodes: dict[tuple[str, int], int],
    problem: Problem,
    where: tuple[str | int, ...],
) -> Iterator[Event]:
    known = dict(breaks(problem, vehicle_type))  # index by id; in the order of their windows
    pauses = [*known.values()]
    for position, step in enumerate(steps):
        kind = cast("str", step["type"])
        if kind in TASKS:
            number = cast("int", step.get("id"))
            if (kind, number) not in nodes:
                raise ReadError(
                    f"found {number}, expected the id of a {kind}",
                    pointer=pointer([*where, position, "id"]),
                )
            yield Event(VISIT, nodes[kind, number])
        elif kind == "break":
            index = known.get(cast("int", step.get("id")), pauses[0] if pauses else None)
            if index not in pauses:
                raise ReadError(
                    f"found a break too many, expected {len(known)}",
                    pointer=pointer([*where, position]),
                )
            pauses.remove(index)
            yield Event(BREAK, index)


def format_vroom(result: Result) -> str:
    """A result's plan as VROOM's output.

    Raises UnsupportedError for reloads, and for more routes than vehicles.
    """
    return layout(_Writer(result).document()) + "\n"


class _Writer:
    """A result on its way to VROOM's output."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.problem = result.problem
        if self.problem.reloads:
            raise UnsupportedError("the .vroom.json writer", ["reloads"])
        self.kinds = task_kinds(self.problem)
        self.numbers = task_numbers(self.problem)
        known = priorities(self.problem)
        self.priorities = [0] * self.problem.num_nodes if known is None else known.tolist()

    def document(self) -> Json:
        """The whole output."""
        solution, evaluation = used_routes(self.result)
        waiting = vehicles(self.problem)
        routes: list[Object] = []
        for index, (route, found) in enumerate(
            zip(solution.routes, evaluation.routes, strict=True)
        ):
            vehicle = next((id for id, kind in waiting if kind == route.vehicle_type), None)
            if vehicle is None:
                raise UnsupportedError("the .vroom.json writer", ["more routes than vehicles"])
            waiting.remove((vehicle, route.vehicle_type))
            broken = [item for item in evaluation.violations if item.route == index]
            routes.append(self._route(route, found, vehicle, broken))
        summary = self._sum(routes, sum(found.cost for found in evaluation.routes))
        summary |= {
            "routes": len(routes),
            "unassigned": len(evaluation.unserved),
            "violations": [
                item for route in routes for item in cast("list[Json]", route["violations"])
            ],
            "computing_times": {
                "loading": round(1000 * (self.result.load_seconds or 0.0)),
                "solving": round(1000 * self.result.seconds),
                "routing": 0,
            },
        }
        unassigned: list[Json] = [
            self._name(reason.node) | {"reason": reason.message} for reason in self.result.reasons
        ]
        return {"code": 0, "summary": summary, "unassigned": unassigned, "routes": [*routes]}

    def _sum(self, routes: list[Object], cost: int) -> Object:
        """The figures of all routes together."""
        total: Object = {"cost": self._whole(cost, Quantity.COST)}
        for name in ("setup", "service", "duration", "waiting_time", "priority"):
            total[name] = sum(cast("int", route[name]) for route in routes)
        for name in ("delivery", "pickup"):
            loads = [cast("list[int]", route[name]) for route in routes]
            total[name] = [sum(load) for load in zip(*loads, strict=True)]
        return total

    def _route(
        self, route: Route, found: RouteEvaluation, vehicle: int, broken: list[Violation]
    ) -> Object:
        problem = self.problem
        service = sum(stop.leave - stop.begin for stop in found.stops)
        steps = [*self._steps(route.vehicle_type, found.stops)]
        nodes = list(route.visits)
        kind = route.vehicle_type
        return {
            "vehicle": vehicle,
            **described(problem.vehicle_name[kind], problem.vehicle_id[kind], vehicle),
            "cost": self._whole(found.cost, Quantity.COST),
            "setup": 0,
            "service": self._whole(service, Quantity.TIME),
            "duration": steps[-1]["duration"],
            "waiting_time": self._whole(sum(stop.wait for stop in found.stops), Quantity.TIME),
            "priority": sum(self.priorities[node] for node in nodes),
            "delivery": self._loads(problem.delivery[nodes].sum(axis=0).tolist()),
            "pickup": self._loads(problem.pickup[nodes].sum(axis=0).tolist()),
            "violations": [self._violation(item) for item in broken],
            "steps": [*steps],
        }

    def _steps(self, kind: int, stops: Iterable[Stop]) -> Iterator[Object]:
        """The steps of a route; one whose route is open ends where its last task does."""
        travel = 0
        last: Stop | None = None
        pauses = {index: number for number, index in breaks(self.problem, kind)}
        for stop in stops:
            travel += 0 if last is None else stop.arrive - last.leave
            what: Object = {"type": stop.event}
            arrive = stop.arrive
            if stop.event == "start":
                arrive = stop.leave
            elif stop.event == BREAK:
                assert stop.index is not None
                number = pauses[stop.index]
                what |= {"id": number} | described("", self.problem.breaks[stop.index].id, number)
            elif stop.event != "end":
                what = self._name(stop.node)
            yield {**what, **self._times(stop, arrive, travel)}
            last = stop
        assert last is not None
        if last.event != "end":
            over = Stop("end", last.node, last.leave, 0, last.leave, last.leave, last.load, 0)
            yield {"type": "end", **self._times(over, last.leave, travel)}

    def _times(self, stop: Stop, arrive: int, travel: int) -> Object:
        row: Object = {}
        lonlat: Array | None = self.problem.lonlat
        if lonlat is not None and not stop.ahead:  # a break on the road has none
            row["location"] = lonlat[stop.node].tolist()
        inside = stop.event not in ("start", "end")
        return row | {
            "arrival": self._whole(arrive, Quantity.TIME),
            "duration": self._whole(travel, Quantity.TIME),
            "setup": 0,
            "service": self._whole(stop.leave - stop.begin if inside else 0, Quantity.TIME),
            "waiting_time": self._whole(stop.wait, Quantity.TIME),
            "load": self._loads(stop.load),
            "violations": [],
        }

    def _name(self, node: int) -> Object:
        """A task by its type and id."""
        row: Object = {"type": self.kinds[node], "id": self.numbers[node]}
        problem, number = self.problem, self.numbers[node]
        return row | described(problem.node_name[node], problem.node_id[node], number)

    def _violation(self, item: Violation) -> Object:
        cause = CAUSES.get(item.rule, item.rule)
        row: Object = {"cause": cause}
        return row | (
            {"duration": self._whole(item.amount, Quantity.TIME)} if cause == "delay" else {}
        )

    def _loads(self, loads: Iterable[int]) -> Json:
        if "capacity" not in self.problem.active:
            return []
        return [self._whole(load, Quantity.LOAD) for load in loads]

    def _whole(self, value: int, quantity: Quantity) -> int:
        return value // self.problem.scales.of(quantity)
