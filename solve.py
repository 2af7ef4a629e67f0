"""Solve routing problems from files: ``python solve.py INSTANCE… [options]``; see ``--help``."""

from __future__ import annotations

import os
import shlex
import signal
import sys

from polyroute.vrp.cli.instances import expand_instances
from polyroute.vrp.cli.messages import ask_for_report, complain, remark, show_messages, warn
from polyroute.vrp.cli.options import DEFAULT_TIME, Options, parse_options
from polyroute.vrp.cli.outputs import check_outputs
from polyroute.vrp.cli.parser import UsageError, program
from polyroute.vrp.errors import PolyrouteError

SOLVED, BAD_INPUT, INFEASIBLE = 0, 2, 3
SEVERITY = (SOLVED, INFEASIBLE, BAD_INPUT)
"""Exit codes from the best to the worst, which several instances share."""
KILLED_BY = 128
"""A shell's exit code of a program that a signal ended is this plus the signal's number."""


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    sys.excepthook = ask_for_report
    try:
        options = expand_instances(parse_options(argv))
        check_outputs(options)
        show_messages(quiet=options.quiet)
        code = dispatch(options, argv)
        sys.stdout.flush()
    except (UsageError, PolyrouteError) as error:
        complain(error)
        return BAD_INPUT
    except BrokenPipeError:
        # The reader of stdout has gone, as `| head -1` does; nothing may be flushed into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return KILLED_BY + signal.SIGPIPE
    except KeyboardInterrupt:
        return KILLED_BY + signal.SIGINT
    return code


def dispatch(options: Options, argv: list[str] | None) -> int:
    """List, compare or solve."""
    if options.list:
        from polyroute.vrp.cli.listing import print_listing

        print_listing(as_json=options.json)
        return SOLVED
    if options.compare:
        return compare(options, sys.argv[1:] if argv is None else argv)
    return solve_all(options)


def solve_all(options: Options) -> int:
    """Solve or check every instance; one that fails does not keep the others from it."""
    from polyroute.vrp.cli.interrupt import Interrupt
    from polyroute.vrp.cli.report import headline, json_line, print_table, summary
    from polyroute.vrp.cli.run import Run, run_instance

    live = not options.quiet and sys.stderr.isatty()
    several = len(options.instances) > 1
    codes = [SOLVED]
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
                complain(error)
                codes.append(BAD_INPUT)
                continue
            runs.append(run)
            codes.append(SOLVED if run.result.feasible else INFEASIBLE)
            for failure in run.failures:
                complain(failure)
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


def compare(options: Options, argv: list[str]) -> int:
    """Run the harness and print its report."""
    from polyroute.heuristics.compare import Comparison, Output, run_comparison

    comparison = Comparison(
        options.instances,
        options.compare,
        times=options.times or (options.time or DEFAULT_TIME,),
        seeds=options.seeds or 1,
        first_seed=options.seed,
        threads=options.threads,
        format=options.format,
        round=options.round,
        bks=options.bks,
    )
    command = shlex.join([program(), *argv])
    output = Output(options.report, resume=options.resume, command=command)
    result = run_comparison(comparison, output, progress=remark)
    print(result.report)
    return KILLED_BY + signal.SIGINT if result.interrupted else SOLVED


if __name__ == "__main__":
    sys.exit(main())
