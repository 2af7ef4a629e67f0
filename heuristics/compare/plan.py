"""What a comparison is to run: instances, solvers, limits, and the rows that are to come."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from polyroute.heuristics.compare.known import BestKnown
from polyroute.heuristics.compare.machine import file_hash, machine, solver_version
from polyroute.heuristics.compare.rows import Row, Status
from polyroute.vrp.api import SOLVERS, load_solver, read
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.version import __version__


@dataclass(frozen=True)
class Limits:
    """When a run is killed and when its row is held to be disturbed.

    A run is killed after `factor` times its budget plus `extra` seconds, in which loading and a
    first compilation of kernels must fit: one that is cut short is not cached. It is disturbed
    if the load average before it exceeds its threads, which earlier runs account for, by more
    than `spare` times the number of cores.
    """

    factor: float = 3.0
    extra: float = 90.0
    spare: float = 0.5

    def kill_after(self, budget: float) -> float:
        """Wall-clock seconds that a run may take in all."""
        return self.factor * budget + self.extra

    def disturbed(self, load: float, threads: int) -> bool:
        """Whether other work runs on the machine."""
        return load > threads + self.spare * (os.cpu_count() or 1)


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


@dataclass(frozen=True)
class Instance:
    """A problem file, and what its rows say of it."""

    path: Path
    content: str
    rule: str
    best_known: float | None

    @property
    def full_name(self) -> str:
        """Folder and name, as in ``X/X-n101-k25``."""
        return f"{self.path.resolve().parent.name}/{self.path.stem}"


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


def prepare(
    paths: Sequence[Path], format: str | None, round: str | None, best_known: BestKnown
) -> tuple[list[Instance], list[str]]:
    """Read each instance once, before anything runs, and find its best known cost.

    Returns the instances and what is to be said of their best known costs.
    """
    prepared, remarks = {}, []
    for path in paths:
        problem = read(path, format=format, round=round)
        cost, remark = best_known.cost(path, problem)
        rule = "explicit" if problem.distance is not None else problem.arc_rule.label
        instance = Instance(path, file_hash(path), rule, cost)
        prepared[path.resolve()] = instance
        remarks += [remark] if remark else []
    return list(prepared.values()), remarks


def blank_row(instance: Instance, entrant: Entrant, budget: float, seed: int, threads: int) -> Row:
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
