"""Hand-made rows of a comparison."""

from __future__ import annotations

from polyroute.heuristics.compare.rows import Row, Status


def make_row(solver: str, cost: float | None = 110.0, **fields: object) -> Row:
    """A row on an instance whose best known cost is 100; a cost of None is a crash."""
    given = {
        "set": "toys",
        "instance": "tiny",
        "content": "0",
        "rule": "nearest",
        "version": "1",
        "budget": 1.0,
        "seed": 0,
        "threads": 1,
        "machine": "abacus, 1 cores",
        "status": Status.CRASH if cost is None else Status.OK,
        "best_known": 100.0,
        "seconds": 1.0,
        "date": "2026-01-02T03:04:05",
    }
    return Row(solver=solver, cost=cost, **{**given, **fields})  # type: ignore[arg-type]
