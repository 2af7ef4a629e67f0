"""CVRPLIB ``.sol`` files: ``Route #1: 3 1 2`` a line, then ``Cost 784``; read and written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vrp.check import Evaluation
from vrp.errors import ReadError, UnsupportedError
from vrp.io.exact import plain
from vrp.io.text import integer, quote
from vrp.problem import Problem
from vrp.solution import Solution

if TYPE_CHECKING:
    from vrp.api import Result

ROUTE = re.compile(r"route\s*#?\s*\d+\s*:?\s*(.*)", re.IGNORECASE | re.ASCII)
IGNORED = ("cost", "time", "optimal", "vehicles", "distance", "#")
"""How lines begin that say nothing of the routes."""


def read_sol(text: str, problem: Problem) -> Solution:
    """The plan in the text of a ``.sol``: clients count from 1 in the problem's order.

    A plan may be partial or serve a client twice; judging it is `vrp.check`'s part. Raises
    ReadError for a line that is no route, or a number that is no client.
    """
    _refuse(problem, "the .sol reader")
    routes = []
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
        numbers = [integer(word, "client", line, 1) for word in match.group(1).split()]
        for client in numbers:
            if client > problem.num_clients:
                raise ReadError(
                    f"client is {client}, expected 1 to {problem.num_clients}", line=line
                )
        routes.append(numbers)
    return Solution.from_numbers(problem, routes)


def format_sol(problem: Problem, solution: Solution, evaluation: Evaluation) -> str:
    """The plan as the text of a ``.sol``; empty routes are left out.

    Raises UnsupportedError if the problem has several vehicle types.
    """
    _refuse(problem, "the .sol writer")
    routes = [route for route in solution.numbers(problem) if route]
    lines = [f"Route #{k}: {' '.join(map(str, route))}" for k, route in enumerate(routes, start=1)]
    cost = plain(evaluation.cost, problem.scales.cost)
    return "\n".join([*lines, f"Cost {cost}", ""])


def format_result(result: Result) -> str:
    """A result's plan as the text of a ``.sol``."""
    return format_sol(result.problem, result.solution, result.evaluation)


def _refuse(problem: Problem, who: str) -> None:
    if problem.num_vehicle_types > 1:
        raise UnsupportedError(who, ["several_vehicle_types"])
