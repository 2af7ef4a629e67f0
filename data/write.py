"""Problems as text: CVRP and reloads in VRPLIB's format, VRPTW in Solomon's."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ProblemError, UnsupportedError
from polyroute.vrp.io.exact import plain
from polyroute.vrp.io.vrplib.writer import problem_to_vrplib
from polyroute.vrp.problem import UNLIMITED, Problem

VRPLIB_SUPPORTS = frozenset({"capacity", "delivery"})
SOLOMON_SUPPORTS = frozenset({"capacity", "count", "delivery", "service", "tw_early", "tw_late"})

RELOAD_SUPPORTS = VRPLIB_SUPPORTS | frozenset(
    "count end_depot fixed_cost release reloads service several_depots several_vehicle_types "
    "start_depot tw_early tw_late".split()
)

SOLOMON_HEAD = """{name}

VEHICLE
NUMBER     CAPACITY
{count:>6} {capacity:>12}

CUSTOMER
CUST NO.  XCOORD.  YCOORD.   DEMAND  READY TIME  DUE DATE  SERVICE TIME

"""
WIDTHS = (6, 10, 9, 9, 12, 10, 14)


def vrplib_text(problem: Problem, comment: str = "") -> str:
    """A CVRP with distances rounded to the nearest integer as a VRPLIB ``.vrp`` file.

    Raises UnsupportedError or ProblemError for what such a file cannot say.
    """
    _refuse_others("a VRPLIB file", problem, VRPLIB_SUPPORTS, ArcRule.NEAREST)
    return problem_to_vrplib(problem, comment)


def reload_text(problem: Problem, comment: str = "") -> str:
    """A problem with reloads, releases and windows as a VRPLIB file in PyVRP's dialect.

    Every client has the same service time, every vehicle the same capacity, and its route ends
    where it begins. Raises UnsupportedError or ProblemError for what such a file cannot say.
    """
    _refuse_others("a VRPLIB file", problem, RELOAD_SUPPORTS, ArcRule.NEAREST)
    kinds = np.repeat(np.arange(problem.num_vehicle_types), problem.count).tolist()
    reload_at = {item.vehicle_type: item.depots for item in problem.reloads}

    def section(name: str, rows: Iterable[Iterable[object]]) -> list[str]:
        lines = (" ".join(map(str, (number, *row))) for number, row in enumerate(rows, start=1))
        return [name, *lines]

    lines = [
        f"NAME : {problem.name}",
        *([f"COMMENT : {comment}"] if comment else []),
        "TYPE : MTVRPTWR",
        f"DIMENSION : {problem.num_nodes}",
        f"VEHICLES : {len(kinds)}",
        f"CAPACITY : {problem.capacity[0, 0]}",
        f"SERVICE_TIME : {problem.service[-1]}",
        "EDGE_WEIGHT_TYPE : EUC_2D",
        *section("NODE_COORD_SECTION", problem.coords),
        *section("DEMAND_SECTION", problem.delivery),
        *section("TIME_WINDOW_SECTION", np.hstack((problem.tw_early, problem.tw_late))),
        *section("RELEASE_TIME_SECTION", problem.release[:, None]),
        *section("VEHICLES_DEPOT_SECTION", ([problem.start_depot[k] + 1] for k in kinds)),
        *section("VEHICLES_FIXED_COST_SECTION", ([problem.fixed_cost[k]] for k in kinds)),
        *section(
            "VEHICLES_RELOAD_DEPOT_SECTION",
            ([depot + 1 for depot in reload_at.get(k, ())] for k in kinds),
        ),
        "DEPOT_SECTION",
        *(str(depot + 1) for depot in range(problem.num_depots)),
        "-1",
        "EOF",
    ]
    return "\n".join(lines) + "\n"


def solomon_text(problem: Problem) -> str:
    """A VRPTW as a Solomon ``.txt`` file, whose readers take lengths to a tenth.

    Raises UnsupportedError or ProblemError for what such a file cannot say.
    """
    _refuse_others("a Solomon file", problem, SOLOMON_SUPPORTS, ArcRule.TRUNC1)
    for name in ("count", "tw_late"):
        if (getattr(problem, name) >= UNLIMITED).any():
            raise ProblemError(f"{name} has no limit, expected one: a Solomon file needs a number")
    scales = problem.scales
    head = SOLOMON_HEAD.format(
        name=problem.name,
        count=int(problem.count[0]),
        capacity=plain(int(problem.capacity[0, 0]), scales.load),
    )
    columns = (
        (problem.coords[:, 0], scales.grid),
        (problem.coords[:, 1], scales.grid),
        (problem.delivery[:, 0], scales.load),
        (problem.tw_early[:, 0], scales.time),
        (problem.tw_late[:, 0], scales.time),
        (problem.service, scales.time),
    )
    rows = zip(*([plain(int(v), scale) for v in values] for values, scale in columns), strict=True)
    table = (
        "".join(f"{value:>{width}}" for value, width in zip((node, *row), WIDTHS, strict=True))
        for node, row in enumerate(rows)
    )
    return head + "\n".join(table) + "\n"


def _refuse_others(who: str, problem: Problem, supports: frozenset[str], rule: ArcRule) -> None:
    """Raise unless the format can say all of `problem`."""
    beyond = problem.active - supports
    if beyond:
        raise UnsupportedError(who, beyond)
    if problem.distance is not None or problem.arc_rule is not rule:
        raise ProblemError(f"{who} needs coordinates under the arc rule {rule.label}")
    if (problem.capacity >= UNLIMITED).any():
        raise ProblemError(f"capacity has no limit, expected one: {who} needs a number")
