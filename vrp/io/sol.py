"""CVRPLIB ``.sol`` files: ``Route #1: 3 1 2`` a line, then ``Cost 784``; read and written.

What SINTEF publishes and OR-Tools prints is read as well.

Clients have their node's number: from 1 where there is one depot. With several vehicle types, as in
PyVRP's dialect, route k is that of vehicle k, counted type by type, and may be empty. A depot's
number within a route, 0 for the first, is a reload there, as PyVRP has it. Breaks have no place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from polyroute.vrp.check import Evaluation
from polyroute.vrp.errors import ReadError, UnsupportedError
from polyroute.vrp.io.exact import plain
from polyroute.vrp.io.text import integer, quote
from polyroute.vrp.problem import UNLIMITED, Problem
from polyroute.vrp.solution import RELOAD, VISIT, Event, Route, Solution

if TYPE_CHECKING:
    from polyroute.vrp.result import Result

ROUTE = re.compile(r"route\s*(?:for\s+vehicle\s*)?#?\s*\d+\s*:?\s*(.*)", re.IGNORECASE | re.ASCII)
ARROW = "->"  # between the stops of a route that OR-Tools prints, on a line below its title
FIGURES = re.compile(r"\w+\([^()]*\)")  # what it prints beside a stop: Load(3), Time(0,7)
HEADER = re.compile(r"[^\W\d][^:=]*[:=](.*)")  # any key and its value
IGNORED = (
    *("cost", "time", "optimal", "vehicles", "distance", "#"),
    *("instance", "author", "date", "reference", "solution"),
    *("objective", "route distance", "route load", "route time", "load of", "time of", "total "),
    *("maximum of", "dropped nodes"),
)
"""How lines begin that say nothing of the routes: CVRPLIB's, SINTEF's and OR-Tools'."""


def read_sol(text: str, problem: Problem) -> Solution:
    """The plan in the text of a ``.sol``, or as SINTEF and OR-Tools write them.

    The depots at which a route begins and ends may stand there or not, unless vehicles may reload:
    then each is a reload. A plan may be partial or serve a client twice; judging it is
    `vrp.check`'s part. Raises ReadError for a line that is no route, a number that is no client, a
    depot within a route whose vehicle does not reload, or a route without a vehicle.
    """
    kinds = _vehicles(problem, "the .sol reader")
    routes: list[Route] = []
    for number, (line, words) in enumerate(_rows(text)):
        if words and kinds and number >= len(kinds):
            raise ReadError(f"found route {number + 1}, but {len(kinds)} vehicles", line=line)
        kind = kinds[number] if words and kinds else 0
        nodes = _nodes(line, words, problem, kind)
        events = (Event(RELOAD if node < problem.num_depots else VISIT, node) for node in nodes)
        route = Route.of_events(events, kind)
        if route.visits:
            routes.append(route)
    return Solution(tuple(routes))


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The line and the words of each route, its title left out."""
    rows: list[tuple[int, list[str]]] = []
    for line, row in enumerate(text.split("\n"), start=1):
        stripped = row.strip()
        match = ROUTE.fullmatch(stripped)
        if match:
            rows.append((line, match.group(1).replace(ARROW, " ").split()))
        elif ARROW in stripped and rows:
            stops = FIGURES.sub(" ", stripped).replace(ARROW, " ").split()
            rows[-1] = (line, rows[-1][1] + stops)
        elif stripped and not _says_nothing(stripped):
            raise ReadError(
                f"found {quote(stripped)}, expected 'Route #k: client …' or 'Cost x'", line=line
            )
    return rows


def _says_nothing(row: str) -> bool:
    """Whether a line is none of a route: known, or a key with a value that is no list of nodes."""
    if row.lower().startswith(IGNORED):
        return True
    match = HEADER.fullmatch(row)
    if match is None or row.lower().startswith("route"):
        return False
    words = match.group(1).split()
    return len(words) < 2 or not all(word.isdigit() for word in words)


def _nodes(line: int, words: list[str], problem: Problem, kind: int) -> list[int]:
    """The nodes of a route: clients, and depots where vehicles reload."""
    depots, last = problem.num_depots, problem.num_nodes - 1
    nodes = [integer(word, "client", line, 0) for word in words]
    if problem.reloads:
        depots = 0
    else:
        if nodes[:1] == [int(problem.start_depot[kind])]:
            del nodes[0]
        if nodes[-1:] == [int(problem.end_depot[kind])]:
            del nodes[-1]
    for node in nodes:
        if depots <= node <= last:
            continue
        why = ""
        if node < depots:
            why = " (its depots may begin and end a route; vehicles do not reload)"
        raise ReadError(f"client is {node}, expected {depots} to {last}{why}", line=line)
    return nodes


def format_sol(problem: Problem, solution: Solution, evaluation: Evaluation) -> str:
    """The plan as the text of a ``.sol``; empty routes are left out if all vehicles are alike.

    Raises UnsupportedError for several vehicle types that are not limited in number, too many
    routes of one, or breaks.
    """
    kinds = _vehicles(problem, "the .sol writer")
    if problem.breaks:
        raise UnsupportedError("the .sol writer", ["breaks"])
    routes = [route for route in solution.routes if route.visits]
    if kinds:
        waiting = {kind: [r for r in routes if r.vehicle_type == kind] for kind in set(kinds)}
        rows = [waiting[kind].pop(0).events if waiting[kind] else () for kind in kinds]
        if any(waiting.values()):
            raise UnsupportedError("the .sol writer", ["more routes than vehicles"])
    else:
        rows = [route.events for route in routes]
    lines = [
        f"Route #{k}: {' '.join(str(event.number) for event in events)}"
        for k, events in enumerate(rows, start=1)
    ]
    cost = plain(evaluation.cost, problem.scales.cost)
    return "\n".join([*lines, f"Cost {cost}", ""])


def format_result(result: Result) -> str:
    """A result's plan as the text of a ``.sol``."""
    return format_sol(result.problem, result.solution, result.evaluation)


def _vehicles(problem: Problem, who: str) -> list[int]:
    """The type of each vehicle, by number; nothing where there is one type."""
    if problem.num_vehicle_types == 1:
        return []
    if (problem.count >= UNLIMITED).any():
        raise UnsupportedError(who, ["several vehicle types without a number of vehicles"])
    return np.repeat(np.arange(problem.num_vehicle_types), problem.count).tolist()
