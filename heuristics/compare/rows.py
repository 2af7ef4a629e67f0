"""Rows: what is kept of each run, one JSON object a line, written before the next run starts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Self

from polyroute.vrp.errors import PolyrouteError, ReadError


class Status(StrEnum):
    """How a run ended; everything but OK is a failure."""

    OK = "ok"  # a feasible solution
    INFEASIBLE = "infeasible"  # a solution that breaks rules
    NONE = "no solution"
    TIMEOUT = "timeout"  # killed long after its budget
    CRASH = "crash"
    REFUSED = "refused"  # the solver does not support the problem or the budget


@dataclass(frozen=True)
class Row:
    """One run. Costs are in the user's units and the checker's word; times in seconds.

    `trace` holds the improvements as the solver itself claims them, (seconds, cost). `busy` says
    that other work ran on the machine, so that the row is marked wherever it counts.
    """

    # -- what was run
    set: str  # the folder of the instance
    instance: str
    content: str  # hash of the instance's file
    rule: str  # the arc rule in force
    solver: str
    version: str
    budget: float
    seed: int
    threads: int
    machine: str
    # -- what came out
    status: Status
    cost: float | None = None
    best_known: float | None = None
    num_routes: int = 0
    routes: tuple[tuple[int, ...], ...] = ()  # clients from 1
    vehicle_types: tuple[int, ...] = ()  # one a route
    # As in `vrp.Route`: (position, depot) and (position, break), one entry a route, or none at all.
    reloads: tuple[tuple[tuple[int, int], ...], ...] = ()
    breaks: tuple[tuple[tuple[int, int], ...], ...] = ()
    violations: tuple[str, ...] = ()
    error: str = ""
    notes: tuple[str, ...] = ()
    iterations: int = 0
    trace: tuple[tuple[float, float], ...] = ()
    # -- what it took
    wall_seconds: float = 0.0  # of the whole process, from outside
    load_seconds: float = 0.0
    compile_seconds: float = 0.0
    seconds: float = 0.0  # of the solve
    memory_mb: float = 0.0  # peak; for a program behind cmd: no less than the harness's own
    # -- under which circumstances
    load_average: float = 0.0  # before the run
    busy: bool = False
    date: str = ""
    harness: str = ""  # version of Polyroute

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two runs the same run."""
        run = (self.set, self.instance, self.content, self.rule, self.solver, self.version)
        return (*run, self.budget, self.seed, self.threads, self.machine)

    @property
    def ok(self) -> bool:
        """Whether the run gave a feasible solution."""
        return self.status is Status.OK

    @property
    def gap(self) -> float | None:
        """Cost over the best known, less one; None without either or if not feasible."""
        if not self.ok or self.cost is None or not self.best_known:
            return None
        return self.cost / self.best_known - 1.0

    @property
    def disagreement(self) -> float | None:
        """How far the cost that the solver claims is off the checker's, relatively.

        None where it claims none, or its plan breaks rules.
        """
        if not self.ok or self.cost is None or not self.trace:
            return None
        claimed = self.trace[-1][1]
        return abs(claimed - self.cost) / max(abs(self.cost), 1e-9)

    def to_json(self) -> str:
        """The row as one line, its gap included for other readers."""
        return json.dumps(asdict(self) | {"gap": self.gap})

    @classmethod
    def from_json(cls, line: str) -> Self:
        """The row on a line; raises ValueError, TypeError or KeyError if it is none."""
        data = json.loads(line)
        known = {item.name: data[item.name] for item in fields(cls) if item.name in data}
        for name in ("routes", "trace"):
            known[name] = tuple(tuple(item) for item in known.get(name, ()))
        for name in ("reloads", "breaks"):
            known[name] = tuple(tuple(map(tuple, stopovers)) for stopovers in known.get(name, ()))
        for name in ("vehicle_types", "violations", "notes"):
            known[name] = tuple(known.get(name, ()))
        known["status"] = Status(known["status"])
        return cls(**known)


def read_rows(path: Path) -> list[Row]:
    """The rows in a file; a last line that was cut short by a crash is left out.

    Raises ReadError for any other line that is no row.
    """
    rows = []
    for number, line in enumerate(_complete(path).splitlines(), start=1):
        try:
            rows.append(Row.from_json(line))
        except (ValueError, TypeError, KeyError):
            raise ReadError(
                f"found {line[:40]!r}, expected a row of a comparison", path=path, line=number
            ) from None
    return rows


def _complete(path: Path) -> str:
    """The text of the file up to its last line break."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"cannot be read: {error}", path=path) from None
    return text[: text.rfind("\n") + 1]


def mend(path: Path) -> bool:
    """Cut a half-written last line off; returns whether there was one."""
    kept = len(_complete(path).encode())
    if kept == path.stat().st_size:
        return False
    os.truncate(path, kept)
    return True


def append_row(path: Path, row: Row) -> None:
    """Write a row and see it onto the disk. Raises PolyrouteError if that fails."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(row.to_json() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise PolyrouteError(f"{path}: cannot be written: {error.strerror}") from None


def latest(rows: Iterable[Row], *, quiet: bool) -> dict[tuple[object, ...], Row]:
    """The row of each run that counts, by key: its last quiet one, else its last.

    Where only `quiet` ones are wanted, runs without any are absent.
    """
    found: dict[tuple[object, ...], Row] = {}
    for row in rows:
        known = found.get(row.key)
        if not row.busy or not (quiet or (known is not None and not known.busy)):
            found[row.key] = row
    return found
