"""Every instance of a command line in turn: solved or checked, told of and written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from polyroute.vrp.cli.command import BAD_INPUT, DONE, INFEASIBLE, ended_by
from polyroute.vrp.cli.instances import expand_instances
from polyroute.vrp.cli.messages import complain, filter_remarks, remark, show_messages, warn
from polyroute.vrp.cli.options import Options
from polyroute.vrp.cli.outputs import check_outputs
from polyroute.vrp.errors import STREAM, PolyrouteError

if TYPE_CHECKING:
    from polyroute.vrp.cli.run import Run

SEVERITY = (DONE, INFEASIBLE, BAD_INPUT)
"""Exit codes from the best to the worst, which several instances share."""


def prepare(options: Options) -> Options:
    """The options with every instance named; what is logged is shown from now on.

    Raises UsageError for outputs that could not be written.
    """
    options = expand_instances(options)
    check_outputs(options)
    show_messages(options.program, quiet=options.quiet)
    filter_remarks(strict=options.strict, quiet=options.quiet)
    return options


def run_all(options: Options) -> int:
    """Solve or check every instance; one that fails does not keep the others from it.

    The exit code is the worst of them, or the signal's where one left instances without a plan.
    """
    from polyroute.vrp.cli.interrupt import Interrupt, Interrupted
    from polyroute.vrp.cli.report import print_table
    from polyroute.vrp.cli.run import run_instance

    live = not options.quiet and sys.stderr.isatty()
    codes = [DONE]
    runs: list[Run] = []
    left = list(options.instances)
    with Interrupt() as interrupt:
        while left and not interrupt.requested:
            interrupt.waits = True
            try:
                run = run_instance(left[0], options, interrupt, live=live)
            except Interrupted:
                break
            except PolyrouteError as error:
                complain(options.program, error)
                codes.append(BAD_INPUT)
            else:
                runs.append(run)
                codes += _told(run, options, len(options.instances) - len(left) + 1)
            left.pop(0)
    if left:
        warn(f"interrupted, not solved: {', '.join(map(str, left))}")
    if len(options.instances) > 1 and runs and not options.json:
        print_table(runs)
    if left and interrupt.number is not None:
        return ended_by(interrupt.number)
    return max(codes, key=SEVERITY.index)


def _told(run: Run, options: Options, number: int) -> list[int]:
    """Print what came of the instance of that number; returns the exit codes that it asks for."""
    from polyroute.vrp.cli.report import headline, json_line, summary

    for failure in run.failures:
        complain(options.program, failure)
    several = len(options.instances) > 1
    if options.json:
        print(json_line(run), flush=True)
    elif STREAM in map(str, options.out):  # the plan has stdout to itself
        remark(summary(run))
    elif not several:
        print(summary(run))
    if several:
        remark(f"{number} of {len(options.instances)}: {headline(run)}")
    return [DONE if run.result.feasible else INFEASIBLE, *(BAD_INPUT for _ in run.failures)]
