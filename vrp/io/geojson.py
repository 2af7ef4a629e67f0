"""Plans as GeoJSON (RFC 7946): a LineString a route, a Point a stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from polyroute.vrp.check import Stop
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io.jsontext import Json, layout
from polyroute.vrp.io.record import RouteRecord, number, result_record, used_routes
from polyroute.vrp.places import places
from polyroute.vrp.problem import Problem

if TYPE_CHECKING:
    from polyroute.vrp.result import Result

PLANE = "x and y of the instance, not longitude and latitude"


def format_geojson(result: Result) -> str:
    """A FeatureCollection of routes, their stops and the unserved clients.

    Positions are longitude and latitude where the problem has them, else its coordinates; the
    foreign member ``coordinates`` then says so. Raises PolyrouteError without either.
    """
    problem = result.problem
    where = places(problem)
    if where is None:
        raise PolyrouteError(
            f"GeoJSON needs positions, found none in {problem.name or 'the problem'}; "
            "give x and y or lonlat"
        )
    positions = [list(map(float, xy)) for xy in where.xy]
    record = result_record(result)
    _, evaluation = used_routes(result)
    features: list[Json] = []
    for index, (route, found) in enumerate(
        zip(record["routes"], evaluation.routes, strict=True), start=1
    ):
        line = [positions[stop.node] for stop in found.stops if stop.event != "break"]
        features.append(_feature("LineString", line, _summary(index, route)))
        for given, position in zip(route["stops"], _positions(found.stops, positions), strict=True):
            properties = cast("dict[str, Json]", {"route": index, **given})
            features.append(_feature("Point", position, properties))
    for node in evaluation.unserved:
        features.append(_feature("Point", positions[node], _unserved(problem, node)))
    collection: dict[str, Json] = {
        "type": "FeatureCollection",
        "name": record["instance"],
        "cost": record["cost"],
        "feasible": record["feasible"],
    }
    if not where.geographic:
        collection["coordinates"] = PLANE
    return layout({**collection, "features": features}) + "\n"


def _positions(stops: Sequence[Stop], positions: list[list[float]]) -> list[list[float]]:
    """Where each stop is; a break on the road as far along the line as it is on the way."""
    found: list[list[float]] = []
    there, left = positions[stops[-1].node], 0  # the next stop that is no break, and how far it is
    for stop, later in zip(reversed(stops), [None, *reversed(stops)], strict=False):
        here = positions[stop.node]
        if stop.event == "break":
            left += 0 if later is None else later.arrive - stop.leave
            share = stop.ahead / max(stop.ahead + left, 1)
            here = [a + share * (b - a) for a, b in zip(here, there, strict=True)]
        else:
            there, left = here, 0
        found.append(here)
    return found[::-1]


def _feature(kind: str, coordinates: object, properties: dict[str, Json]) -> Json:
    geometry = {"type": kind, "coordinates": cast("Json", coordinates)}
    return {"type": "Feature", "geometry": cast("Json", geometry), "properties": properties}


def _summary(index: int, route: RouteRecord) -> dict[str, Json]:
    """What a route's line says of it: all but its stops, which are points."""
    given = {key: value for key, value in route.items() if key != "stops"}
    return cast("dict[str, Json]", {"route": index, **given})


def _unserved(problem: Problem, node: int) -> dict[str, Json]:
    return {
        "event": "unserved",
        "client": number(problem, node),
        "id": problem.node_id[node],
        "name": problem.node_name[node],
    }
