"""CVRPLIB ``.sol`` files: ``Route #1: 3 1 2`` a line, then ``Cost 784``; read and written.

Clients have their node's number: from 1 where there is one depot. With several vehicle types, as in
PyVRP's dialect, route k is that of vehicle k, counted type by type, and may be empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from vrp.check import Evaluation
from vrp.errors import ReadError, UnsupportedError
from vrp.io.exact import plain
from vrp.io.text import integer, quote
from vrp.problem import UNLIMITED, Problem
from vrp.solution import Route, Solution

if TYPE_CHECKING:
    from vrp.api import Result

ROUTE = re.compile(r"route\s*#?\s*\d+\s*:?\s*(.*)", re.IGNORECASE | re.ASCII)
IGNORED = ("cost", "time", "optimal", "vehicles", "distance", "#")
"""How lines begin that say nothing of the routes."""


def read_sol(text: str, problem: Problem) -> Solution:
    """The plan in the text of a ``.sol``.

    A plan may be partial or serve a client twice; judging it is `vrp.check`'s part. Raises
    ReadError for a line that is no route, a number that is no client or a route without a vehicle.
    """
    kinds = _vehicles(problem, "the .sol reader")
    first, last = problem.num_depots, problem.num_nodes - 1
    routes: list[Route] = []
    number = 0
    for line, row in enumerate(text.split("\n"), start=1):
        stripped = row.strip()
        match = ROUTE.fullmatch(stripped)
        if match is None:
            if stripped and not stripped.lower().startswith(IGNORED):
                raise ReadError(
                    f"found {quote(stripped)}, expected 'Route #k: client …' or 'Cost x'",
                    line=line,
                )
            continue
        visits = [integer(word, "client", line, first) for word in match.group(1).split()]
        for client in visits:
            if client > last:
                raise ReadError(f"client is {client}, expected {first} to {last}", line=line)
        if visits and kinds and number >= len(kinds):
            raise ReadError(f"found route {number + 1}, but {len(kinds)} vehicles", line=line)
        if visits:
            routes.append(Route(tuple(visits), kinds[number] if kinds else 0))
        number += 1
    return Solution(tuple(routes))


def format_sol(problem: Problem, solution: Solution, evaluation: Evaluation) -> str:
    """The plan as the text of a ``.sol``; empty routes are left out if all vehicles are alike.

    Raises UnsupportedError for several vehicle types that are not limited in number, or too many
    routes of one.
    """
    kinds = _vehicles(problem, "the .sol writer")
    routes = [route for route in solution.routes if route.visits]
    if kinds:
        waiting = {kind: [r for r in routes if r.vehicle_type == kind] for kind in set(kinds)}
        rows = [waiting[kind].pop(0).visits if waiting[kind] else () for kind in kinds]
        if any(waiting.values()):
            raise UnsupportedError("the .sol writer", ["more routes than vehicles"])
    else:
        rows = [route.visits for route in routes]
    lines = [f"Route #{k}: {' '.join(map(str, visits))}" for k, visits in enumerate(rows, start=1)]
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
