"""What a comparison will run: solvers and instances that are there, and the rows to come."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from polyroute.heuristics.compare.known import BestKnown
from polyroute.heuristics.compare.machine import file_hash, machine, solver_version
from polyroute.heuristics.compare.request import Comparison
from polyroute.heuristics.compare.rows import Row, Status
from polyroute.vrp.api import SOLVERS, load_solver, read
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.version import __version__


@dataclass(frozen=True)
class Entrant:
    """A solver as it was asked for: ``search``, ``search:granular=30`` or ``cmd:PROGRAM …``."""

    label: str
    name: str
    params: Mapping[str, str]
    version: str

    @classmethod
    def parse(cls, label: str, params: Mapping[str, Mapping[str, str]]) -> Entrant:
        """Raises PolyrouteError for an unknown solver, a missing package or program."""
        if label.startswith("cmd:"):
            _check_program(label)
            return cls(label, label, {}, solver_version(label))
        name, *settings = label.split(":")
        if name not in SOLVERS:
            load_solver(name)  # raises, and says which there are
        given = dict(params.get(name, {}))
        for setting in settings:
            key, equals, value = setting.partition("=")
            if not equals:
                raise PolyrouteError(f"solver '{label}' has '{setting}', expected NAME=VALUE")
            given[key] = value
        told = "".join(f":{key}={value}" for key, value in given.items())
        return cls(name + told, name, given, solver_version(name))


def _check_program(label: str) -> None:
    words = shlex.split(label.removeprefix("cmd:"))
    for mark in ("{file}", "{out}"):
        if not any(mark in word for word in words):
            raise PolyrouteError(
                f"solver '{label}' has no {mark}, "
                "expected 'cmd:PROGRAM {file} {seconds} {seed} {out}'"
            )
    if shutil.which(words[0]) is None:
        raise PolyrouteError(f"solver '{label}': the program '{words[0]}' is not found")


@dataclass(frozen=True)
class Instance:
    """A problem file, and what its rows say of it."""

    path: Path
    content: str
    rule: str
    best_known: float | None


@dataclass(frozen=True)
class Plan:
    """The rows that are to come by instance, in their order, and who is to fill them."""

    entrants: dict[str, Entrant]  # by label
    blanks: dict[Instance, list[Row]]
    remarks: list[str]  # what is to be said of best known costs

    @property
    def num_runs(self) -> int:
        """How many rows are to come."""
        return sum(len(blanks) for blanks in self.blanks.values())

    def without(self, done: Container[tuple[object, ...]]) -> Plan:
        """What is left to run when the rows of these keys are there."""
        left = {
            instance: [blank for blank in blanks if blank.key not in done]
            for instance, blanks in self.blanks.items()
        }
        return replace(
            self, blanks={instance: blanks for instance, blanks in left.items() if blanks}
        )

    def rows_among(self, rows: Iterable[Row]) -> list[Row]:
        """Those of `rows` that belong to the plan, in its order, with its best known costs."""
        planned = {blank.key: blank for blanks in self.blanks.values() for blank in blanks}
        order = {key: place for place, key in enumerate(planned)}
        found = [
            replace(row, best_known=planned[row.key].best_known)
            for row in rows
            if row.key in planned
        ]
        return sorted(found, key=lambda row: order[row.key])


def make_plan(comparison: Comparison) -> Plan:
    """Find the solvers and read each instance once, before anything runs.

    Raises PolyrouteError for a solver that cannot run or a file that cannot be read.
    """
    params = comparison.params
    entrants = {e.label: e for e in (Entrant.parse(label, params) for label in comparison.solvers)}
    instances, remarks = _prepare(comparison)
    last_seed = comparison.first_seed + comparison.seeds
    blanks = {
        instance: [
            _blank_row(instance, entrant, budget, seed, comparison.threads)
            for budget in comparison.times
            for seed in range(comparison.first_seed, last_seed)
            for entrant in entrants.values()
        ]
        for instance in instances
    }
    return Plan(entrants, blanks, remarks)


def _prepare(comparison: Comparison) -> tuple[list[Instance], list[str]]:
    """The instances, and what is to be said of their best known costs."""
    best_known = BestKnown.read(comparison.bks)
    prepared, remarks = {}, []
    for path in comparison.instances:
        problem = read(path, format=comparison.format, round=comparison.round)
        cost, remark = best_known.cost(path, problem)
        rule = "explicit" if problem.distance is not None else problem.arc_rule.label
        instance = Instance(path, file_hash(path), rule, cost)
        prepared[path.resolve()] = instance
        remarks += [remark] if remark else []
    return list(prepared.values()), remarks


def _blank_row(instance: Instance, entrant: Entrant, budget: float, seed: int, threads: int) -> Row:
    """The row of a run that is still to come."""
    return Row(
        set=instance.path.resolve().parent.name,
        instance=instance.path.stem,
        content=instance.content,
        rule=instance.rule,
        solver=entrant.label,
        version=entrant.version,
        budget=budget,
        seed=seed,
        threads=threads,
        machine=machine(),
        status=Status.NONE,
        best_known=instance.best_known,
        harness=__version__,
    )
