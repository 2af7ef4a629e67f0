"""``polyroute solve INSTANCE… [options]``, and ``python solve.py`` in a checkout."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence

from polyroute.vrp.cli.batch import prepare, run_all
from polyroute.vrp.cli.command import DONE, run_command
from polyroute.vrp.cli.messages import remark
from polyroute.vrp.cli.options import DEFAULT_TIME, Options, parse_options

PROGRAM = "polyroute solve"


def main(argv: Sequence[str] | None = None, program: str = PROGRAM) -> int:
    """Run the command line; returns the exit code."""
    words = sys.argv[1:] if argv is None else argv
    return run_command(program, lambda: _dispatch(words, program))


def _dispatch(argv: Sequence[str], program: str) -> int:
    """List, compare or solve."""
    options = prepare(parse_options(argv, program))
    if options.list:
        from polyroute.vrp.cli.listing import print_listing

        print_listing(as_json=options.json)
        return DONE
    if options.compare:
        return _compare(options, argv)
    return run_all(options)


def _compare(options: Options, argv: Sequence[str]) -> int:
    """Run the harness and print its report."""
    from polyroute.heuristics.compare import Comparison, Output, run_comparison
    from polyroute.heuristics.compare.__main__ import told

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
    command = shlex.join([options.program, *argv])
    output = Output(
        options.report, resume=options.resume, quiet=options.quiet_machine, command=command
    )
    return told(options.program, lambda: run_comparison(comparison, output, progress=remark))


if __name__ == "__main__":
    sys.exit(main())
