"""Messages on stderr: errors, and what the packages log."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

from polyroute.vrp.cli.parser import program

PACKAGES = ("vrp", "data", "heuristics")


class _Stderr(logging.Handler):
    """Writes to whatever `sys.stderr` is at the time, which the live line replaces."""

    def emit(self, record: logging.LogRecord) -> None:
        print(f"{program()}: {self.format(record)}", file=sys.stderr)


def show_messages(*, quiet: bool) -> None:
    """Send what the packages log to stderr; remarks too, unless `quiet`."""
    for package in PACKAGES:
        logger = logging.getLogger(package)
        logger.handlers = [_Stderr()]
        logger.setLevel(logging.WARNING if quiet else logging.INFO)
        logger.propagate = False


def remark(text: str) -> None:
    """Say something that ``--quiet`` leaves out."""
    logging.getLogger(__name__).info(text)


def warn(text: str) -> None:
    """Say something that ``--quiet`` does not silence."""
    logging.getLogger(__name__).warning(text)


def complain(error: object) -> None:
    """Tell of an error in one sentence."""
    print(f"{program()}: error: {error}", file=sys.stderr)


def ask_for_report(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """What `sys.excepthook` does with an exception that is ours to mend."""
    traceback.print_exception(kind, error, trace)
    complain("this is a bug in Polyroute; please report it with the lines above and the command")
