"""TSPLIB ``.tour`` files: the nodes of one round, the depot among them; read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from polyroute.vrp.check import Evaluation
from polyroute.vrp.errors import ReadError, UnsupportedError
from polyroute.vrp.io.exact import plain
from polyroute.vrp.io.keywords import parse_keywords
from polyroute.vrp.io.text import integer
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution

if TYPE_CHECKING:
    from polyroute.vrp.result import Result

KNOWN = frozenset("NAME COMMENT TYPE DIMENSION TOUR_SECTION".split())


def read_tour(text: str, problem: Problem) -> Solution:
    """The plan in the text of a ``.tour``: node k of the file is node k − 1 of the problem.

    The round is turned so that it begins at the depot. A tour may leave clients out or repeat
    them; judging it is `vrp.check`'s part. Raises ReadError for what is malformed, and
    UnsupportedError if the problem has several depots.
    """
    _refuse(problem, "the .tour reader")
    file = parse_keywords(text)
    for key, header in file.headers.items():
        if key not in KNOWN:
            raise ReadError(f"the header {key} is unknown or not supported", line=header.line)
    for key, block in file.sections.items():
        if key not in KNOWN:
            raise ReadError(f"the section {key} is unknown", line=block.start - 1)
    kind = file.header("TYPE")
    if kind.value.upper() != "TOUR":
        raise kind.error("TOUR")
    block = file.section("TOUR_SECTION")
    nodes = [node - 1 for node in block.listed("node", range(1, problem.num_nodes + 1))]
    if "DIMENSION" in file.headers:
        size = file.headers["DIMENSION"]
        if integer(size.value, "DIMENSION", size.line, 1) != len(nodes):
            raise block.error(f"found {len(nodes)} nodes, expected DIMENSION = {size.value}")
    if nodes.count(0) != 1:
        raise block.error(f"found the depot, node 1, {nodes.count(0)} times, expected once")
    depot = nodes.index(0)
    return Solution((Route(tuple(nodes[depot + 1 :] + nodes[:depot])),))


def format_tour(problem: Problem, solution: Solution, evaluation: Evaluation) -> str:
    """The plan as the text of a ``.tour``.

    Raises UnsupportedError unless it is one round from one depot, without reloads and breaks.
    """
    _refuse(problem, "the .tour writer")
    if problem.reloads or problem.breaks:
        raise UnsupportedError("the .tour writer", problem.active & {"reloads", "breaks"})
    routes = [route for route in solution.routes if route.visits]
    if len(routes) > 1:
        raise UnsupportedError("the .tour writer", [f"a plan of {len(routes)} routes"])
    visits = [node + 1 for route in routes for node in route.visits]
    length = plain(evaluation.distance, problem.scales.length)
    lines = [
        f"NAME : {problem.name}",
        f"COMMENT : Length {length}",
        "TYPE : TOUR",
        f"DIMENSION : {len(visits) + 1}",
        "TOUR_SECTION",
        *map(str, [1, *visits]),
        "-1",
        "EOF",
        "",
    ]
    return "\n".join(lines)


def format_result(result: Result) -> str:
    """A result's plan as the text of a ``.tour``."""
    return format_tour(result.problem, result.solution, result.evaluation)


def _refuse(problem: Problem, who: str) -> None:
    if problem.num_depots > 1:
        raise UnsupportedError(who, ["several_depots"])
