"""Problems as text: CVRP and reloads in VRPLIB's format, VRPTW in Solomon's."""

from __future__ import annotations

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

    Raises UnsupportedError or ProblemError for what such a file cannot say.
    """
    _refuse_others("a VRPLIB file", problem, RELOAD_SUPPORTS, ArcRule.NEAREST)
    return problem_to_vrplib(problem, comment)


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
