"""The picture as a page of its own: inline SVG to zoom, pan and point at, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from polyroute.vrp.draw.caption import NO_PLACES, figure, plural, title
from polyroute.vrp.draw.colours import route_colours
from polyroute.vrp.draw.routes import depot_legs
from polyroute.vrp.draw.template import fill, json_in_html
from polyroute.vrp.draw.tracesvg import trace_svg
from polyroute.vrp.io.record import ResultRecord, RouteRecord, number, result_record, used_routes
from polyroute.vrp.places import Places, places
from polyroute.vrp.problem import Array, Problem
from polyroute.vrp.solution import Solution

if TYPE_CHECKING:
    from polyroute.vrp.result import Result

SIDE = 1000.0  # of the drawing's box, in its own units
MOST_VIOLATIONS = 20
BUTTONS = (
    '<nav><button id="closer" title="zoom in">+</button>'
    '<button id="farther" title="zoom out">−</button>'
    '<button id="whole" title="show all">all</button></nav>'
)


def render_html(result: Result) -> bytes:
    """The page, UTF-8; figures, routes and violations come from the result's record."""
    problem = result.problem
    record = result_record(result)
    solution, _ = used_routes(result)
    where = places(problem)
    xy = None if where is None else _on_paper(where)
    colours = route_colours(problem, solution.routes, None if where is None else where.xy)
    size = problem.num_nodes
    parts = {
        "title": escape(title(result)),
        "figures": _figures(result, record),
        "violations": _violations(record),
        "map": f"<p>{NO_PLACES}</p>" if xy is None else _map(problem, solution, xy, colours),
        "trace": trace_svg(result) if result.trace else "",
        "heads": "<tr>" + "".join(f"<th>{head}</th>" for head in _heads(problem)) + "</tr>",
        "rows": "".join(
            _row(problem, index, route, colour)
            for index, (route, colour) in enumerate(zip(record["routes"], colours, strict=True))
        ),
        "footer": f"Polyroute {record['version']}",
        "data": _data(problem, record, solution, xy),
        "width": f"{np.clip(20 / size**0.35, 0.8, 2.4):.2f}",
        "thin": f"{np.clip(12 / size**0.35, 0.5, 1.4):.2f}",
        "dots": f"{np.clip(60 / size**0.4, 1.4, 8.0):.2f}",
    }
    page = (files("polyroute.vrp.draw") / "page.html").read_text("utf-8")
    return fill(page, parts).encode()


# -- the map -------------------------------------------------------------------------------


def _on_paper(where: Places) -> Array:
    """Positions in a box of the drawing's units, y downwards, (N, 2)."""
    low = where.xy.min(axis=0)
    xy = (where.xy - low) * (1.0, where.stretch)
    xy *= SIDE / max(float(xy.max()), 1e-12)
    xy[:, 1] = xy[:, 1].max() - xy[:, 1]
    return xy


def _map(problem: Problem, solution: Solution, xy: Array, colours: Sequence[str]) -> str:
    margin = 0.04 * SIDE
    width, height = xy.max(axis=0) + 2 * margin
    groups = []
    for route, colour in zip(solution.routes, colours, strict=True):
        legs = "".join(_line(xy[list(ends)]) for ends in depot_legs(problem, route))
        trips = "".join(_line(xy[list(trip)]) for trip in route.trips if trip)
        groups.append(
            f'<g class="route" style="--colour:{colour}"><path class="legs" d="{legs}"/>'
            f'<path d="{trips}"/><path class="dots" d="{_dots(xy[list(route.visits)])}"/></g>'
        )
    left_out = solution.unserved(problem)
    for name, nodes in (
        ("unserved", [node for node in left_out if not problem.required[node]]),
        ("missing", [node for node in left_out if problem.required[node]]),
        ("depots", range(problem.num_depots)),
    ):
        groups.append(f'<path class="{name}" d="{_dots(xy[list(nodes)])}"/>')
    box = f"{-margin:g} {-margin:g} {width:.6g} {height:.6g}"
    drawing = "\n".join(groups)
    picture = f'<svg id="map" viewBox="{box}" role="img" aria-label="routes">{drawing}</svg>'
    return f"<figure>{picture}{BUTTONS}</figure>"


def _line(points: Array) -> str:
    return "M" + "L".join(f"{x:.6g} {y:.6g}" for x, y in points.tolist())


def _dots(points: Array) -> str:
    """Lines without length: their round caps keep their size under zoom."""
    return "".join(f"M{x:.6g} {y:.6g}h0" for x, y in points.tolist())


# -- words and figures ---------------------------------------------------------------------


def _figures(result: Result, record: ResultRecord) -> str:
    problem = result.problem
    served = problem.num_clients - len(record["unserved"])
    clients = f"{problem.num_clients:,}"
    shown = {
        "cost": figure(record["cost"]),
        "feasible": "yes" if record["feasible"] else "no",
        "routes": figure(record["num_routes"]),
        "clients": f"{served:,} of {clients} served" if record["unserved"] else clients,
        "distance": figure(record["distance"]),
    }
    if problem.has_time:
        shown["duration"] = figure(record["duration"])
    shown["variant"] = problem.variant
    shown["solver"] = record["solver"]
    shown["seconds"] = f"{record['seconds']:.1f}"
    shown["iterations"] = figure(record["iterations"])
    if not record["feasible"]:
        shown["feasible"] = '<span class="alarm">no</span>'
    return "".join(
        f"<div><dt>{name}</dt><dd>{value if name == 'feasible' else escape(value)}</dd></div>"
        for name, value in shown.items()
    )


def _violations(record: ResultRecord) -> str:
    found = [violation["message"] for violation in record["violations"]]
    if not found:
        return ""
    if len(found) > MOST_VIOLATIONS:
        found = [*found[:MOST_VIOLATIONS], f"and {len(found) - MOST_VIOLATIONS} more"]
    return '<ul class="alarm">' + "".join(f"<li>{escape(text)}</li>" for text in found) + "</ul>"


def _heads(problem: Problem) -> list[str]:
    heads = ["route", "clients", "load", "distance"]
    if problem.num_vehicle_types > 1:
        heads.insert(1, "vehicle")
    return [*heads, "duration"] if problem.has_time else heads


def _row(problem: Problem, index: int, route: RouteRecord, colour: str) -> str:
    cells = [
        f'<span class="swatch" style="--colour:{colour}"></span>{index + 1}',
        figure(len(route["visits"])),
        " / ".join(figure(load) for load in route["load"]),
        figure(route["distance"]),
    ]
    if problem.num_vehicle_types > 1:
        cells.insert(1, escape(route["vehicle_type"]))
    if problem.has_time:
        cells.append(figure(route["duration"]))
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


# -- what the pointer finds ----------------------------------------------------------------


def _data(problem: Problem, record: ResultRecord, solution: Solution, xy: Array | None) -> str:
    """Routes in words; clients as [x, y, route or -1, words]. Safe inside a script element."""
    clients: list[list[object]] = []
    if xy is not None:
        for index, (route, given) in enumerate(zip(solution.routes, record["routes"], strict=True)):
            words = _stop_words(problem, given)
            for node, text in zip(route.visits, words, strict=True):
                clients.append([*_rounded(xy[node]), index, text])
        for node in solution.unserved(problem):
            clients.append([*_rounded(xy[node]), -1, f"{_name(problem, node)}\nunserved"])
    routes = []
    for index, given in enumerate(record["routes"], start=1):
        what = [plural(len(given["visits"]), "client")]
        what += [plural(len(given["trips"]), "trip")] if "trips" in given else []
        what += [plural(len(given["breaks"]), "break")] if "breaks" in given else []
        routes.append(f"route {index}: {', '.join(what)}, distance {figure(given['distance'])}")
    return json_in_html({"routes": routes, "clients": clients})


def _rounded(point: Array) -> list[float]:
    return [round(float(value), 2) for value in point]


def _stop_words(problem: Problem, route: RouteRecord) -> Iterable[str]:
    """A stop's client, its place on the route and, where time counts, its times."""
    visited = [stop for stop in route["stops"] if stop["client"] is not None]
    for position, stop in enumerate(visited, start=1):
        assert stop["client"] is not None
        text = _name(problem, stop["client"] - number(problem, 0))
        text += f"\nstop {position} of {len(visited)}"
        if problem.has_time:
            text += f", {figure(stop['begin'])} to {figure(stop['leave'])}"
        yield text


def _name(problem: Problem, node: int) -> str:
    """A client with all that it is called."""
    text = f"client {number(problem, node)}"
    known = [problem.node_id[node], problem.node_name[node]]
    aside = [word for word in known if word and word != str(number(problem, node))]
    return f"{text} ({', '.join(aside)})" if aside else text
