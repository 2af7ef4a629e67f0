"""The options of ``solve.py``: parsed, validated and frozen before any file is read."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from polyroute.vrp.cli.parser import Parser, UsageError, make_parser, suggest

DEFAULT_TIME = 10.0
PLANNED_OPTIONS = ("--checkpoint",)
"""Options that are designed but not built: refused by name."""

NOT_WITH_CHECK = tuple("solver start time iterations target patience params".split())
NOT_WITH_COMPARE = ("check", "explain", "out", "plot", "json", *set(NOT_WITH_CHECK) - {"time"})
ONLY_WITH_COMPARE = tuple("times seeds bks report resume".split())


@dataclass(frozen=True)
class Options:
    """What the user asked for."""

    instances: tuple[Path, ...]
    solver: str
    time: float | None
    iterations: int | None
    seed: int
    threads: int
    target: float | None
    patience: float | None
    objective: str
    format: str | None
    round: str | None
    out: tuple[Path, ...]
    plot: tuple[Path, ...]
    start: Path | None
    check: Path | None
    explain: bool
    params: dict[str, str]
    compare: tuple[str, ...]
    times: tuple[float, ...]
    seeds: int | None
    bks: Path | None
    report: tuple[Path, ...]
    resume: bool
    json: bool
    quiet: bool
    list: bool


def parse_options(argv: list[str] | None = None) -> Options:
    """Parse a command line.

    Raises
    ------
    UsageError
        In one sentence, for anything that is wrong with the line itself.
    SystemExit
        After ``--help`` and ``--version``.
    """
    argv = sys.argv[1:] if argv is None else argv
    _refuse_planned(argv)
    parser = make_parser()
    found, extra = parser.parse_known_intermixed_args(argv)
    if extra:
        _refuse_unknown(extra[0], parser)
    _check_together(found)
    values = vars(found) | {"params": dict(found.params), "solver": found.solver or "search"}
    if found.time is None and found.iterations is None:
        values["time"] = DEFAULT_TIME
    if found.threads is None:
        alone = found.compare or values["solver"] != "search"
        values["threads"] = 1 if alone else usable_cores()
    frozen = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    return Options(**frozen)  # type: ignore[arg-type]


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _refuse_planned(argv: list[str]) -> None:
    for word in argv:
        flag = word.partition("=")[0]
        if flag in PLANNED_OPTIONS:
            raise UsageError(f"{flag} is planned, not built yet")


def _refuse_unknown(word: str, parser: Parser) -> NoReturn:
    flag = word.partition("=")[0]
    raise UsageError(f"option '{flag}' is unknown{suggest(flag, parser.flags())}")


def _check_together(found: argparse.Namespace) -> None:
    """What no single option can know."""
    if found.list:
        return
    if not found.instances:
        raise UsageError("no instance is given, expected a file (see --help)")
    if found.check and not found.compare:
        _refuse_all(found, NOT_WITH_CHECK, "--check")
    if found.compare:
        _refuse_all(found, NOT_WITH_COMPARE, "--compare")
        if found.objective != "cost":
            raise UsageError("--objective cannot be used with --compare, which compares costs")
        if found.time and found.times:
            raise UsageError("--time and --times are both given, expected one of them")
    else:
        for flag in ONLY_WITH_COMPARE:
            if getattr(found, flag):
                raise UsageError(f"--{flag} belongs to --compare, which is not given")


def _refuse_all(found: argparse.Namespace, names: Iterable[str], beside: str) -> None:
    for name in names:
        if getattr(found, name):
            raise UsageError(f"--{name.replace('params', 'param')} cannot be used with {beside}")
