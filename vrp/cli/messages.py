"""Messages on stderr: errors, and what the package logs."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

PACKAGE = "polyroute"


class _Stderr(logging.Handler):
    """Writes to whatever `sys.stderr` is at the time, which the live line replaces."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self.program = program

    def emit(self, record: logging.LogRecord) -> None:
        print(f"{self.program}: {self.format(record)}", file=sys.stderr)


def show_messages(program: str, *, quiet: bool) -> None:
    """Send what the package logs to stderr in `program`'s name; remarks too, unless `quiet`."""
    logger = logging.getLogger(PACKAGE)
    logger.handlers = [_Stderr(program)]
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    logger.propagate = False


def remark(text: str) -> None:
    """Say something that ``--quiet`` leaves out."""
    logging.getLogger(__name__).info(text)


def warn(text: str) -> None:
    """Say something that ``--quiet`` does not silence."""
    logging.getLogger(__name__).warning(text)


def complain(program: str, error: object) -> None:
    """Tell of an error in one sentence."""
    print(f"{program}: error: {error}", file=sys.stderr)


def ask_for_report(
    program: str, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """What `sys.excepthook` does with an exception that is ours to mend."""
    traceback.print_exception(kind, error, trace)
    complain(
        program,
        "this is a bug in Polyroute; please report it with the lines above and the command",
    )
