"""The options of ``solve`` and ``check``: parsed, validated and frozen before any file is read."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from polyroute.vrp.cli.arguments import make_check_parser, make_solve_parser
from polyroute.vrp.cli.parser import Parser, UsageError, suggest
from polyroute.vrp.errors import STREAM

DEFAULT_TIME = 10.0
DEFAULT_SOLVER = "search"
PLANNED_OPTIONS = ("--checkpoint",)
"""Options that are designed but not built: refused by name."""

NOT_WITH_CHECK = tuple("solver start time iterations target patience params".split())
NOT_WITH_COMPARE = (
    "check",
    "explain",
    "out",
    "out_format",
    "plot",
    "json",
    *set(NOT_WITH_CHECK) - {"time"},
)
ONLY_WITH_COMPARE = tuple("times seeds bks report resume quiet_machine".split())


@dataclass(frozen=True)
class Options:
    """What the user asked for."""

    program: str  # the name that messages begin with
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
    strict: bool
    out: tuple[Path, ...]
    out_format: str | None
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
    quiet_machine: bool
    json: bool
    quiet: bool
    list: bool


def parse_options(argv: Sequence[str], program: str = "polyroute solve") -> Options:
    """Parse the command line of ``solve``.

    Raises
    ------
    UsageError
        In one sentence, for anything that is wrong with the line itself.
    SystemExit
        After ``--help`` and ``--version``.
    """
    _refuse_planned(argv)
    found = _parse(make_solve_parser(program), argv)
    _check_together(found)
    return _freeze(found, program)


def parse_check(argv: Sequence[str], program: str = "polyroute check") -> Options:
    """Parse the command line of ``check``; raises as `parse_options` does."""
    found = _parse(make_check_parser(program), argv)
    if len(found.instances) < 2:
        given = f"found only {found.instances[0]}" if found.instances else "neither is given"
        raise UsageError(f"{given}, expected an instance and a plan (see --help)")
    *found.instances, found.check = found.instances
    unasked = make_solve_parser(program).parse_args([])
    return _freeze(argparse.Namespace(**vars(unasked) | vars(found)), program)


def _parse(parser: Parser, argv: Sequence[str]) -> argparse.Namespace:
    found, extra = parser.parse_known_intermixed_args(argv)
    if extra:
        flag = extra[0].partition("=")[0]
        raise UsageError(f"option '{flag}' is unknown{suggest(flag, parser.flags())}")
    return found


def _freeze(found: argparse.Namespace, program: str) -> Options:
    """The options, with defaults that depend on others filled in."""
    values = vars(found) | {"program": program, "params": dict(found.params)}
    values["solver"] = found.solver or DEFAULT_SOLVER
    if found.time is None and found.iterations is None:
        values["time"] = DEFAULT_TIME
    if found.threads is None:
        alone = found.compare or values["solver"] != DEFAULT_SOLVER
        values["threads"] = 1 if alone else usable_cores()
    frozen = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    return Options(**frozen)  # type: ignore[arg-type]


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _refuse_planned(argv: Sequence[str]) -> None:
    for word in argv:
        flag = word.partition("=")[0]
        if flag in PLANNED_OPTIONS:
            raise UsageError(f"{flag} is planned, not built yet")


def _check_together(found: argparse.Namespace) -> None:
    """What no single option can know."""
    if found.list:
        return
    if not found.instances:
        raise UsageError("no instance is given, expected a file (see --help)")
    _check_streams(found)
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
                name = flag.replace("_", "-")
                raise UsageError(f"--{name} belongs to --compare, which is not given")


def _check_streams(found: argparse.Namespace) -> None:
    """Whether stdin and stdout, which are ``-``, are used once."""
    if found.compare and any(str(path) == STREAM for path in found.instances):
        raise UsageError("--compare reads an instance for each run anew, expected files, not '-'")
    to_stdout = [str(path) for path in found.out].count(STREAM)
    if found.out_format and not to_stdout:
        raise UsageError("--out-format belongs to --out -, which is not given")
    if to_stdout and found.json:
        raise UsageError("--json and --out - would both write to stdout, expected one of them")


def _refuse_all(found: argparse.Namespace, names: Iterable[str], beside: str) -> None:
    for name in names:
        if getattr(found, name):
            flag = name.replace("params", "param").replace("_", "-")
            raise UsageError(f"--{flag} cannot be used with {beside}")
