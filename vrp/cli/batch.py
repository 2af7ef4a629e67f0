"""Every instance of a command line in turn: solved or checked, told of and written."""

from __future__ import annotations

import sys

from polyroute.vrp.cli.command import BAD_INPUT, DONE, INFEASIBLE
from polyroute.vrp.cli.instances import expand_instances
from polyroute.vrp.cli.messages import complain, filter_remarks, remark, show_messages, warn
from polyroute.vrp.cli.options import Options
from polyroute.vrp.cli.outputs import check_outputs
from polyroute.vrp.errors import PolyrouteError

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
    """Solve or check every instance; one that fails does not keep the others from it."""
    from polyroute.vrp.cli.interrupt import Interrupt
    from polyroute.vrp.cli.report import headline, json_line, print_table, summary
    from polyroute.vrp.cli.run import Run, run_instance

    live = not options.quiet and sys.stderr.isatty()
    several = len(options.instances) > 1
    codes = [DONE]
    runs: list[Run] = []
    with Interrupt() as interrupt:
        for index, instance in enumerate(options.instances):
            if interrupt.requested:
                skipped = options.instances[index:]
                warn(f"interrupted, not solved: {', '.join(map(str, skipped))}")
                break
            try:
                run = run_instance(instance, options, interrupt, live=live)
            except PolyrouteError as error:
                complain(options.program, error)
                codes.append(BAD_INPUT)
                continue
            runs.append(run)
            codes.append(DONE if run.result.feasible else INFEASIBLE)
            for failure in run.failures:
                complain(options.program, failure)
                codes.append(BAD_INPUT)
            if options.json:
                print(json_line(run), flush=True)
            elif not several:
                print(summary(run))
            if several:
                remark(f"{index + 1} of {len(options.instances)}: {headline(run)}")
    if several and runs and not options.json:
        print_table(runs)
    return max(codes, key=SEVERITY.index)
