"""``polyroute compare INSTANCE… --solvers search,pyvrp --times 1,10``."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from polyroute.heuristics.compare.harness import ComparisonResult, run_comparison
from polyroute.heuristics.compare.request import Comparison, Limits, Output
from polyroute.heuristics.compare.rows import read_rows
from polyroute.heuristics.compare.write import NoRowsError, check_outputs, write_reports
from polyroute.vrp.cli.command import DONE, NOTHING_LEFT, ended_by, run_command
from polyroute.vrp.cli.messages import complain

PROGRAM = "polyroute compare"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    words = sys.argv[1:] if argv is None else argv
    return run_command(PROGRAM, lambda: told(PROGRAM, lambda: _compare(words)))


def told(program: str, compare: Callable[[], ComparisonResult]) -> int:
    """Print the report of a comparison; the exit code of its command, see the page on it."""
    try:
        result = compare()
    except NoRowsError as error:
        complain(program, error)
        return NOTHING_LEFT
    print(result.report, end="")
    return ended_by(result.interrupted) if result.interrupted else DONE


def _compare(argv: Sequence[str]) -> ComparisonResult:
    parser = _parser()
    options = parser.parse_args(argv)
    if options.instances and not options.solvers:
        parser.error("--solvers names no solver")
    command = shlex.join([*PROGRAM.split(), *argv])
    if not options.instances:
        file = options.rows or Path("comparison.jsonl")
        output = Output(options.report, rows=file, quiet=options.quiet_machine, command=command)
        check_outputs(output, {})
        rows = read_rows(file)
        return ComparisonResult(tuple(rows), write_reports(rows, output))
    return run_comparison(
        Comparison(
            options.instances,
            options.solvers,
            times=options.times,
            seeds=options.seeds,
            first_seed=options.seed,
            threads=options.threads,
            format=options.format,
            round=options.round,
            bks=options.bks,
            limits=Limits(options.kill_factor, options.kill_extra, options.spare),
        ),
        Output(
            options.report,
            options.rows,
            resume=options.resume,
            quiet=options.quiet_machine,
            command=command,
        ),
        progress=lambda sentence: print(sentence, file=sys.stderr, flush=True),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Compare solvers on the same instances and budgets, one process a run. "
        "Without instances: report on all rows of a file, each version in a column of its own.",
    )
    add = parser.add_argument
    add("instances", nargs="*", type=Path, metavar="INSTANCE")
    add(
        "--solvers",
        action="extend",
        type=_names,
        default=[],
        metavar="A,B,…",
        help="names, with parameters as search:NAME=VALUE, or (one a flag) "
        "'cmd:PROGRAM {file} {seconds} {seed} {out}'; the first is what others are compared to",
    )
    add("--times", type=_times, default=[10.0], metavar="S,S,…", help="budgets, default 10")
    add("--seeds", type=int, default=1, metavar="N", help="number of seeds, default 1")
    add("--seed", type=int, default=0, metavar="K", help="the first seed, default 0")
    add("--threads", type=int, default=1, metavar="T", help="threads of each run, default 1")
    add("--format", help="format of the instances; default: by content")
    add("--round", metavar="RULE", help="arc rule; default: the format's own")
    add("--bks", type=Path, metavar="FILE", help="best known costs as JSON")
    add(
        "--report",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="write a report, .md, .html, .json or .svg, gap against time (repeatable)",
    )
    add(
        "--rows",
        type=Path,
        metavar="FILE.jsonl",
        help="where rows are appended; default: beside the first report, else comparison.jsonl",
    )
    add("--resume", action="store_true", help="go on with the rows file")
    add(
        "--kill-factor",
        type=float,
        default=Limits.factor,
        metavar="F",
        help="a run is killed after F budgets and the extra seconds, default %(default)g",
    )
    add("--kill-extra", type=float, default=Limits.extra, metavar="S", help="default %(default)g s")
    add("--spare", type=float, default=Limits.spare, metavar="SHARE",
        help="load of other work, as a share of the cores, beyond which a row is marked as busy, "
        "default %(default)g")  # fmt: skip
    add(
        "--quiet-machine",
        action="store_true",
        help="leave busy rows out, and repeat them on --resume; exit code 4 if none is left",
    )
    return parser


def _names(text: str) -> list[str]:
    return [text] if text.startswith("cmd:") else text.split(",")


def _times(text: str) -> list[float]:
    times = [float(word) for word in text.split(",")]
    if not all(0 < time < float("inf") for time in times):
        raise ValueError(text)
    return times


if __name__ == "__main__":
    sys.exit(main())
