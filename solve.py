"""Solve routing problems from files: ``python solve.py INSTANCE… [options]``; see ``--help``.

It is ``polyroute solve``, for a checkout in which nothing is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from polyroute.commands import solve


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    return solve.main(argv, program="solve.py")


if __name__ == "__main__":
    sys.exit(main())
