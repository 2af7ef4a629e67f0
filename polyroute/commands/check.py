"""``polyroute check INSTANCE… PLAN [options]``: judge and price a plan that is there."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from polyroute.vrp.cli.batch import prepare, run_all
from polyroute.vrp.cli.command import run_command
from polyroute.vrp.cli.options import parse_check

PROGRAM = "polyroute check"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    words = sys.argv[1:] if argv is None else argv
    return run_command(PROGRAM, lambda: run_all(prepare(parse_check(words, PROGRAM))))


if __name__ == "__main__":
    sys.exit(main())
