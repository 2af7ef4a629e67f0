"""The types of single values on a command line; each says what it found and what it expected."""

from __future__ import annotations

import argparse
import math

from polyroute.vrp.api import PLANNED, SOLVERS
from polyroute.vrp.cli.parser import suggest


def positive_float(text: str) -> float:
    value = finite_float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a positive number")
    return value


def finite_float(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a finite number")
    return value


def natural(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a whole number from 0")
    return value


def positive_int(text: str) -> int:
    value = natural(text)
    if value == 0:
        raise argparse.ArgumentTypeError("found '0', expected a whole number from 1")
    return value


def parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected NAME=VALUE")
    return name, value


def solver_name(name: str) -> str:
    if name in PLANNED:
        raise argparse.ArgumentTypeError(f"solver '{name}' is planned, not built yet")
    if name not in SOLVERS:
        raise argparse.ArgumentTypeError(
            f"solver '{name}' is unknown{suggest(name, SOLVERS)}; expected {', '.join(SOLVERS)}"
        )
    return name


def solver_names(text: str) -> tuple[str, ...]:
    """Names between commas, with parameters or not; what follows ``cmd:`` is a command as it is."""
    listed, separator, command = text.partition("cmd:")
    names = [name.strip() for name in listed.rstrip(", ").split(",")] if listed else []
    for name in names:
        solver_name(name.partition(":")[0])
    return (*names, *([separator + command] if separator else []))


def budgets(text: str) -> tuple[float, ...]:
    return tuple(positive_float(part) for part in text.split(","))
