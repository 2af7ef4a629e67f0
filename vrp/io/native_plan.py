"""Plans in JSON: a result record, or just its routes, as ``plan.schema.json`` describes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.jsontext import Json, Object, parse, pointer, shown, validate
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution

SCHEMA = "plan.schema.json"


def read_solution_json(text: str, problem: Problem) -> Solution:
    """The plan in a result record, or in any object with a list of routes and their visits.

    A route is an object with visits and a vehicle type's id (default: the first), or the list
    of visits alone; visits are client numbers from 1. Trips say where it reloads, breaks where it
    pauses, as in a result record. Raises ReadError.
    """
    document = parse(text)
    validate(document, SCHEMA)
    assert isinstance(document, dict)  # by the schema
    types = _numbers(problem.vehicle_id)
    routes = []
    for index, given in enumerate(cast("list[Json]", document["routes"])):
        row: Object = given if isinstance(given, dict) else {"visits": given}
        inside: tuple[str, ...] = ("visits",) if isinstance(given, dict) else ()
        visits = cast("list[int]", row["visits"])
        for position, number in enumerate(visits):
            if number > problem.num_clients:
                raise ReadError(
                    f"found client {number}, expected 1 to {problem.num_clients}",
                    pointer=pointer(["routes", index, *inside, position]),
                )
        kind = str(row.get("vehicle_type", problem.vehicle_id[0]))
        if kind not in types:
            raise ReadError(
                f"found {shown(kind)}, expected the id of a vehicle type",
                pointer=f"/routes/{index}/vehicle_type",
            )
        nodes = tuple(number + problem.num_depots - 1 for number in visits)
        where = f"/routes/{index}"
        reloads = _reloads(row, visits, problem, f"{where}/trips")
        breaks = _breaks(row, visits, problem, f"{where}/breaks")
        routes.append(Route(nodes, types[kind], reloads, breaks))
    return Solution(tuple(routes))


def _numbers(ids: Sequence[str]) -> dict[str, int]:
    """Number by id, from 0; the first of equal ids counts."""
    return {id: number for number, id in reversed([*enumerate(ids)])}


def _reloads(
    route: Object, visits: list[int], problem: Problem, where: str
) -> tuple[tuple[int, int], ...]:
    """The reloads that the trips of a route mean; the first begins where the route does."""
    trips = cast("list[Object]", route.get("trips", []))
    depots = {
        id: node for node, id in reversed([*enumerate(problem.node_id[: problem.num_depots])])
    }
    reloads: list[tuple[int, int]] = []
    followed: list[int] = []
    for index, trip in enumerate(trips):
        id = str(trip["depot"])
        if id not in depots:
            raise ReadError(
                f"found {shown(trip['depot'])}, expected the id of a depot",
                pointer=f"{where}/{index}/depot",
            )
        if index:
            reloads.append((len(followed), depots[id]))
        followed += cast("list[int]", trip["visits"])
    if trips and followed != visits:
        raise ReadError(
            f"found the visits {shown(cast('Json', followed))} on all trips together, expected "
            f"those of the route, {shown(cast('Json', visits))}",
            pointer=where,
        )
    return tuple(reloads)


def _breaks(
    route: Object, visits: list[int], problem: Problem, where: str
) -> tuple[tuple[int, int], ...]:
    """The breaks of a route, in order."""
    breaks: list[tuple[int, int]] = []
    for index, row in enumerate(cast("list[dict[str, int]]", route.get("breaks", []))):
        number, position = row["number"], row["position"]
        least = breaks[-1][0] if breaks else 0
        if number > len(problem.breaks):
            raise ReadError(
                f"found break {number}, expected one of the problem's {len(problem.breaks)}",
                pointer=f"{where}/{index}/number",
            )
        if not least <= position <= len(visits):
            raise ReadError(
                f"found {position}, expected {least} to {len(visits)}",
                pointer=f"{where}/{index}/position",
            )
        breaks.append((position, number - 1))
    return tuple(breaks)
