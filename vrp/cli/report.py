"""What goes to stdout: a summary for one instance, a table for several, or JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from polyroute.vrp.cli.run import CHECKER, Run
from polyroute.vrp.reasons import describe

SHOWN_VIOLATIONS = 10
SHOWN_UNSERVED, SHOWN_PLACES = 10, 5


def json_line(run: Run) -> str:
    """The run as one JSON object on one line."""
    from polyroute.vrp.io.record import result_record

    record = result_record(run.result)
    return json.dumps(record, allow_nan=False)


def headline(run: Run) -> str:
    """The run in half a line."""
    result = run.result
    routes = count(result.evaluation.num_routes, "route")
    return (
        f"{result.problem.name}: cost {result.cost}, {routes}, "
        f"{result.seconds:.2f} s{'' if result.feasible else ', infeasible'}"
    )


def summary(run: Run) -> str:
    """The run in a few lines, for people."""
    result = run.result
    problem = result.problem
    lines = [
        f"{problem.name} ({problem.variant}, {count(problem.num_clients, 'client')})",
        f"  cost        {result.cost}",
        f"  routes      {result.evaluation.num_routes}",
        f"  feasible    {feasibility(run)}",
    ]
    if result.solver != CHECKER:
        aside = [f"reading {result.load_seconds:.2f}"]
        if result.compile_seconds:
            aside.append(f"compiling {result.compile_seconds:.1f}")
        lines += [
            f"  seconds     {result.seconds:.2f}{', interrupted' if result.interrupted else ''}"
            f"  (besides: {', '.join(aside)})",
            f"  iterations  {result.iterations}",
        ]
    lines += [f"  {text}" for text in unserved(run)]
    lines += [f"    {text}" for text in violations(run)]
    return "\n".join(lines + explained(run))


def unserved(run: Run) -> list[str]:
    """How many clients are left out, and why."""
    result = run.result
    if not result.reasons:
        return []
    of = f"{len(result.reasons)} of {count(result.problem.num_clients, 'client')}"
    return [f"unserved    {of}: {describe(result.reasons)}"]


def explained(run: Run) -> list[str]:
    """Why clients are left out, and whether anything makes the problem impossible."""
    result = run.result
    if result.explanation is None:
        return []
    problem, lines = result.problem, []
    if not result.feasible and not result.explanation.obstacles:
        lines.append("  no single client, pair or pin, nor the load, makes this impossible")
    for node, places in result.explanation.unserved[:SHOWN_UNSERVED]:
        lines.append(f"  {problem.label(node)} is not served; he would fit best in")
        lines += [f"    {place.describe(problem)}" for place in places[:SHOWN_PLACES]]
    more = len(result.explanation.unserved) - SHOWN_UNSERVED
    return [*lines, f"  … and {count(more, 'client')} more"] if more > 0 else lines


def feasibility(run: Run) -> str:
    """``yes``, or ``no`` with the number of violations."""
    broken = len(run.result.evaluation.violations)
    return f"no, {count(broken, 'violation')}" if broken else "yes"


def count(number: int, noun: str) -> str:
    """``1 route``, ``2 routes``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def violations(run: Run) -> list[str]:
    """The first few violations in words."""
    told = set()
    if run.result.explanation is not None:  # of whom more is said below
        told = {node for node, _ in run.result.explanation.unserved[:SHOWN_UNSERVED]}
    found = [
        violation
        for violation in run.result.evaluation.violations
        if violation.rule != "missing" or violation.node not in told
    ]
    lines = [violation.describe(run.result.problem) for violation in found[:SHOWN_VIOLATIONS]]
    if len(found) > SHOWN_VIOLATIONS:
        lines.append(f"… and {len(found) - SHOWN_VIOLATIONS} more")
    return lines


def print_table(runs: Sequence[Run]) -> None:
    """Print one row a run, and under the table what infeasible plans break."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("instance", overflow="fold")
    for heading in ("clients", "cost", "routes", "feasible", "seconds", "iterations"):
        table.add_column(heading, justify="right", no_wrap=True)
    for run in runs:
        result = run.result
        table.add_row(
            result.problem.name,
            str(result.problem.num_clients),
            str(result.cost),
            str(result.evaluation.num_routes),
            feasibility(run),
            f"{result.seconds:.2f}",
            str(result.iterations),
        )
    # A pipe has no width; a row there stays on its line.
    width = None if sys.stdout.isatty() else 10_000
    Console(width=width, highlight=False, markup=False, emoji=False).print(table)
    for run in runs:
        for text in (*unserved(run), *violations(run), *explained(run)):
            print(f"{run.result.problem.name}: {text.strip()}")
