"""What ``solve.py`` understands: its options in groups, and the types of their values."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from polyroute.vrp.api import PLANNED, SOLVERS
from polyroute.vrp.draw import PICTURES
from polyroute.vrp.io import FORMATS, ROUNDED, WRITERS
from polyroute.vrp.version import __version__

REPORT_SUFFIXES = (".md", ".html", ".json", ".svg")

EPILOG = """\
examples:
  python solve.py city.vrp --time 30 --out city.sol --plot city.png
  python solve.py vrptw-*.txt --out 'plans/{name}.csv'
  python solve.py city.vrp --check city.sol --explain
  python solve.py x-*.vrp --compare search,pyvrp --times 1,10 --report table.md

exit codes: 0 solved and feasible, 1 internal error, 2 bad input or unsupported,
3 no feasible solution found (the best infeasible one is still written); with several
instances, the worst of them. Ctrl-C ends the search and keeps the best plan so far.
"""


class UsageError(Exception):
    """The command line is wrong; the message is one sentence."""


def program() -> str:
    """The name that messages begin with: ``polyroute`` where it was called so."""
    return "polyroute" if Path(sys.argv[0]).stem == "polyroute" else "solve.py"


def suggest(word: str, known: Iterable[str]) -> str:
    """``, did you mean 'x'?`` where something known is close, else nothing."""
    close = get_close_matches(word, list(known), n=1)
    return f", did you mean '{close[0]}'?" if close else ""


class Parser(argparse.ArgumentParser):
    """Raises UsageError instead of printing the usage and exiting."""

    def flags(self) -> list[str]:
        """Every long option."""
        return [flag for flag in self._option_string_actions if flag.startswith("--")]

    def error(self, message: str) -> NoReturn:
        raise UsageError(message.removeprefix("argument "))


def make_parser() -> Parser:
    """The parser of ``solve.py``."""
    parser = Parser(
        prog=program(),
        usage="%(prog)s INSTANCE… [options]",
        description="Solve vehicle-routing problems from files.",
        epilog=EPILOG,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(
            prog, max_help_position=30
        ),
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument(
        "instances",
        nargs="*",
        type=Path,
        metavar="INSTANCE",
        help="a file, its format is detected; FILE:K is instance K, from 0, of one with several",
    )

    group = parser.add_argument_group("solving")
    group.add_argument(
        "--solver",
        type=_solver,
        metavar="NAME",
        help=f"{', '.join(SOLVERS)} (default: search)",
    )
    group.add_argument(
        "--time",
        type=_positive_float,
        metavar="S",
        help="wall-clock seconds for the solve (default: 10, or none with --iterations)",
    )
    group.add_argument(
        "--iterations",
        type=_positive_int,
        metavar="N",
        help="iterations; without --time, a run is reproducible to the last digit",
    )
    group.add_argument("--seed", type=_natural, default=0, metavar="K", help="default: 0")
    group.add_argument(
        "--threads",
        type=_positive_int,
        metavar="T",
        help="default: all usable cores for the search, 1 for other solvers and --compare",
    )
    group.add_argument(
        "--target",
        type=_finite_float,
        metavar="COST",
        help="stop at a feasible plan that costs no more",
    )
    group.add_argument(
        "--patience",
        type=_positive_float,
        metavar="S",
        help="stop after S seconds without an improvement",
    )
    group.add_argument(
        "--objective",
        choices=("cost", "vehicles"),
        default="cost",
        help="cost (default), or vehicles first and then cost",
    )
    group.add_argument(
        "--start", type=Path, metavar="FILE", help="begin from a plan, partial or infeasible too"
    )
    group.add_argument(
        "--param",
        dest="params",
        type=_param,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the solver (repeatable)",
    )

    group.add_argument(
        "--explain",
        action="store_true",
        help="say what makes a problem impossible, and why clients are left out",
    )

    group = parser.add_argument_group("reading")
    group.add_argument(
        "--format",
        choices=tuple(FORMATS),
        metavar="F",
        help=f"{', '.join(FORMATS)} (default: by content)",
    )
    group.add_argument(
        "--round",
        choices=ROUNDED,
        metavar="RULE",
        help=f"how distances between coordinates are rounded: {', '.join(ROUNDED)} "
        "(default: the format's own rule)",
    )

    group = parser.add_argument_group("writing ({name} stands for the instance's name)")
    group.add_argument(
        "--out",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=f"the plan, by suffix: {', '.join(WRITERS)} (repeatable)",
    )
    group.add_argument(
        "--plot",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=f"a picture, by suffix: {', '.join(PICTURES)} (repeatable)",
    )
    group.add_argument(
        "--json", action="store_true", help="one JSON object a line per instance on stdout"
    )
    group.add_argument("--quiet", action="store_true", help="no progress and no remarks")

    group = parser.add_argument_group("instead of solving")
    group.add_argument(
        "--check",
        type=Path,
        metavar="PLAN",
        help="judge and price a plan: .sol, .json or .csv",
    )
    group.add_argument(
        "--list", action="store_true", help="solvers, formats and what each supports"
    )
    group.add_argument("--version", action="version", version=f"polyroute {__version__}")
    group.add_argument("-h", "--help", action="help", help="this text")

    group = parser.add_argument_group("comparing solvers")
    group.add_argument(
        "--compare",
        type=_names,
        action="extend",
        default=[],
        metavar="A,B,…",
        help="solvers to run on the same instances with the same budgets, with parameters "
        "as search:NAME=VALUE; also 'cmd:PROGRAM {file} {seconds} {seed} {out}' (repeatable)",
    )
    group.add_argument(
        "--times",
        type=_times,
        default=(),
        metavar="S,S,…",
        help="budgets in seconds (default: --time)",
    )
    group.add_argument("--seeds", type=_positive_int, metavar="N", help="runs of each (default: 1)")
    group.add_argument("--bks", type=Path, metavar="FILE", help="best-known costs, for the gaps")
    group.add_argument(
        "--report",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=f"table or gap against time, by suffix: {', '.join(REPORT_SUFFIXES)} (repeatable)",
    )
    group.add_argument(
        "--resume", action="store_true", help="keep the rows that are already measured"
    )
    return parser


# -- types of single values ----------------------------------------------------------------


def _positive_float(text: str) -> float:
    value = _finite_float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a positive number")
    return value


def _finite_float(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a finite number")
    return value


def _natural(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a whole number from 0")
    return value


def _positive_int(text: str) -> int:
    value = _natural(text)
    if value == 0:
        raise argparse.ArgumentTypeError("found '0', expected a whole number from 1")
    return value


def _param(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected NAME=VALUE")
    return name, value


def _solver(name: str) -> str:
    if name in PLANNED:
        raise argparse.ArgumentTypeError(f"solver '{name}' is planned, not built yet")
    if name not in SOLVERS:
        raise argparse.ArgumentTypeError(
            f"solver '{name}' is unknown{suggest(name, SOLVERS)}; expected {', '.join(SOLVERS)}"
        )
    return name


def _names(text: str) -> tuple[str, ...]:
    """Names between commas, with parameters or not; what follows ``cmd:`` is a command as it is."""
    listed, separator, command = text.partition("cmd:")
    names = [name.strip() for name in listed.rstrip(", ").split(",")] if listed else []
    for name in names:
        _solver(name.partition(":")[0])
    return (*names, *([separator + command] if separator else []))


def _times(text: str) -> tuple[float, ...]:
    return tuple(_positive_float(part) for part in text.split(","))
