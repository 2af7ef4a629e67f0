"""What ``solve`` and ``check`` understand: their options in groups."""

from __future__ import annotations

import argparse
from pathlib import Path

from polyroute.vrp.api import SOLVERS
from polyroute.vrp.cli.parser import Parser
from polyroute.vrp.cli.values import (
    budgets,
    finite_float,
    natural,
    parameter,
    positive_float,
    positive_int,
    solver_name,
    solver_names,
)
from polyroute.vrp.draw import PICTURES
from polyroute.vrp.io import FORMATS, ROUNDED, WRITERS
from polyroute.vrp.version import __version__

REPORT_SUFFIXES = (".md", ".html", ".json", ".svg")

Group = argparse._ArgumentGroup  # noqa: SLF001 (argparse has no public name for it)

SOLVE_EPILOG = """\
examples:
  PROGRAM city.vrp --time 30 --out city.sol --plot city.png
  PROGRAM vrptw-*.txt --out 'plans/{name}.csv'
  PROGRAM city.vrp --check city.sol --explain
  PROGRAM x-*.vrp --compare search,pyvrp --times 1,10 --report table.md

exit codes: 0 solved and feasible, 1 internal error, 2 bad input or unsupported,
3 no feasible solution found (the best infeasible one is still written); with several
instances, the worst of them. Ctrl-C and SIGTERM end the search and keep the best plan so far;
130 and 143 if there is none yet, or instances are left.
"""

CHECK_EPILOG = """\
examples:
  PROGRAM city.vrp city.sol --explain
  PROGRAM vrptw-*.txt 'plans/{name}.csv'

exit codes: 0 feasible, 1 internal error, 2 bad input or unsupported, 3 infeasible; with several
instances, the worst of them.
"""


def make_solve_parser(program: str) -> Parser:
    """The parser of ``polyroute solve`` and ``solve.py``."""
    runnable = f"python {program}" if program.endswith(".py") else program
    parser = _parser(
        program,
        usage="%(prog)s INSTANCE… [options]",
        description="Solve vehicle-routing problems from files.",
        epilog=SOLVE_EPILOG.replace("PROGRAM", runnable),
    )
    parser.add_argument(
        "instances",
        nargs="*",
        type=Path,
        metavar="INSTANCE",
        help="a file, its format is detected; FILE:K is instance K, from 0, of one with several; "
        "- is stdin",
    )
    _add_solving(parser.add_argument_group("solving"))
    _add_reading(parser.add_argument_group("reading"))
    _add_writing(parser.add_argument_group("writing ({name} stands for the instance's name)"))
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
    _add_comparing(parser.add_argument_group("comparing solvers"))
    return parser


def make_check_parser(program: str) -> Parser:
    """The parser of ``polyroute check``; what it gives are options of ``solve``, too."""
    parser = _parser(
        program,
        usage="%(prog)s INSTANCE… PLAN [options]",
        description="Judge and price a plan, which is a .sol, .json or .csv.",
        epilog=CHECK_EPILOG.replace("PROGRAM", program),
    )
    parser.add_argument(
        "instances",
        nargs="*",
        type=Path,
        metavar="INSTANCE… PLAN",
        help="files; with several instances, {name} in the plan's stands for each one's name",
    )
    group = parser.add_argument_group("judging")
    _add_objective(group)
    _add_explain(group)
    group.add_argument("-h", "--help", action="help", help="this text")
    _add_reading(parser.add_argument_group("reading"))
    _add_writing(parser.add_argument_group("writing ({name} stands for the instance's name)"))
    return parser


def _parser(program: str, *, usage: str, description: str, epilog: str) -> Parser:
    return Parser(
        prog=program,
        usage=usage,
        description=description,
        epilog=epilog,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(
            prog, max_help_position=30
        ),
        allow_abbrev=False,
        add_help=False,
    )


def _add_solving(group: Group) -> None:
    group.add_argument(
        "--solver",
        type=solver_name,
        metavar="NAME",
        help=f"{', '.join(SOLVERS)} (default: search)",
    )
    group.add_argument(
        "--time",
        type=positive_float,
        metavar="S",
        help="wall-clock seconds for the solve (default: 10, or none with --iterations)",
    )
    group.add_argument(
        "--iterations",
        type=positive_int,
        metavar="N",
        help="iterations; without --time, a run is reproducible to the last digit",
    )
    group.add_argument("--seed", type=natural, default=0, metavar="K", help="default: 0")
    group.add_argument(
        "--threads",
        type=positive_int,
        metavar="T",
        help="default: all usable cores for the search, 1 for other solvers and --compare",
    )
    group.add_argument(
        "--target",
        type=finite_float,
        metavar="COST",
        help="stop at a feasible plan that costs no more",
    )
    group.add_argument(
        "--patience",
        type=positive_float,
        metavar="S",
        help="stop after S seconds without an improvement",
    )
    _add_objective(group)
    group.add_argument(
        "--start", type=Path, metavar="FILE", help="begin from a plan, partial or infeasible too"
    )
    group.add_argument(
        "--param",
        dest="params",
        type=parameter,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the solver (repeatable)",
    )
    _add_explain(group)


def _add_objective(group: Group) -> None:
    group.add_argument(
        "--objective",
        choices=("cost", "vehicles"),
        default="cost",
        help="cost (default), or vehicles first and then cost",
    )


def _add_explain(group: Group) -> None:
    group.add_argument(
        "--explain",
        action="store_true",
        help="say what makes a problem impossible, and why clients are left out",
    )


def _add_reading(group: Group) -> None:
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
    group.add_argument(
        "--strict",
        action="store_true",
        help="refuse a file on which there is a remark, instead of printing it",
    )


def _add_writing(group: Group) -> None:
    group.add_argument(
        "--out",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=f"the plan, by suffix: {', '.join(WRITERS)}; - is stdout (repeatable). The best so "
        "far is there from the first seconds on",
    )
    group.add_argument(
        "--out-format",
        choices=tuple(suffix.removeprefix(".") for suffix in WRITERS),
        metavar="F",
        help="the format of --out -, a suffix (default: json and vroom.json for what is read from "
        "such files, else sol)",
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


def _add_comparing(group: Group) -> None:
    group.add_argument(
        "--compare",
        type=solver_names,
        action="extend",
        default=[],
        metavar="A,B,…",
        help="solvers to run on the same instances with the same budgets, with parameters "
        "as search:NAME=VALUE; also 'cmd:PROGRAM {file} {seconds} {seed} {out}' (repeatable)",
    )
    group.add_argument(
        "--times",
        type=budgets,
        default=(),
        metavar="S,S,…",
        help="budgets in seconds (default: --time)",
    )
    group.add_argument("--seeds", type=positive_int, metavar="N", help="runs of each (default: 1)")
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
    group.add_argument(
        "--quiet-machine",
        action="store_true",
        help="leave rows out that other work disturbed, which are else marked as busy; exit code 4 "
        "if none is left",
    )
