"""What pictures say in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from polyroute.vrp.io.record import ResultRecord
    from polyroute.vrp.result import Result

NO_PLACES = "no coordinates to draw the routes by"
MOST_VIOLATIONS = 3


def figure(value: float | None) -> str:
    """A number for people: ``27,591``, ``1,234.5``."""
    return "∞" if value is None else f"{value:,.10g}"


def plural(count: int, noun: str) -> str:
    """``1 route``, ``25 routes``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def title(result: Result) -> str:
    """The instance's name."""
    return result.problem.name or "unnamed problem"


def subtitle(result: Result) -> str:
    """Cost, routes, clients, solver and seconds in a line."""
    parts = [
        f"cost {figure(result.cost)}",
        plural(result.evaluation.num_routes, "route"),
        plural(result.problem.num_clients, "client"),
        result.solver,
        f"{result.seconds:.1f} s",
    ]
    if result.evaluation.unserved:
        parts.insert(3, f"{len(result.evaluation.unserved):,} unserved")
    return " · ".join(parts)


def broken(record: ResultRecord) -> str:
    """What makes a plan infeasible, the first few violations; empty if nothing does."""
    found = [violation["message"] for violation in record["violations"]]
    if not found:
        return ""
    rest = f"; and {len(found) - MOST_VIOLATIONS} more" if len(found) > MOST_VIOLATIONS else ""
    return f"infeasible: {'; '.join(found[:MOST_VIOLATIONS])}{rest}"
