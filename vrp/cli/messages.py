"""Messages on stderr: errors, remarks on files, and what the package logs."""

from __future__ import annotations

import logging
import sys
import traceback
import warnings
from types import TracebackType
from typing import TextIO

from polyroute.vrp.remarks import Remark

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


def show_remarks(program: str) -> None:
    """Print each remark on a file once and in one sentence; other warnings as Python does.

    It changes what `warnings.catch_warnings` puts back.
    """
    show_others = warnings.showwarning

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if issubclass(category, Remark):
            print(f"{program}: remark: {message}", file=sys.stderr)
        else:
            show_others(message, category, filename, lineno, file, line)

    warnings.showwarning = show
    warnings.simplefilter("default", Remark)


def filter_remarks(*, strict: bool, quiet: bool) -> None:
    """What becomes of remarks on files from now on: an error, nothing, or a sentence."""
    warnings.simplefilter("error" if strict else "ignore" if quiet else "default", Remark)


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
