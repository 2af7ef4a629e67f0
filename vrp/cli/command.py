"""What all commands share: exit codes, and how an error, a closed pipe or a signal ends one."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable
from functools import partial

from polyroute.vrp.cli.interrupt import signals_interrupt
from polyroute.vrp.cli.messages import ask_for_report, complain, show_remarks
from polyroute.vrp.cli.parser import UsageError
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io.files import one_run

DONE, BAD_INPUT, INFEASIBLE, NOTHING_LEFT = 0, 2, 3, 4
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a full or broken disk says of a stream; errors of files bear their names."""

KILLED_BY = 128
"""A shell's exit code of a program that a signal ended is this plus the signal's number."""


def ended_by(number: int) -> int:
    """The exit code after the signal of that number."""
    return KILLED_BY + number


def run_command(program: str, body: Callable[[], int]) -> int:
    """Run a command line called `program`; returns the exit code.

    What the user can mend is told in one sentence; a bug leaves its traceback and asks for a
    report.
    """
    sys.excepthook = partial(ask_for_report, program)
    atexit.register(gc.freeze)  # to look for garbage among all kernels takes a quarter of a second
    try:
        with signals_interrupt(), one_run(), warnings.catch_warnings():
            show_remarks(program)
            code = body()
        if sys.stdout is not None:
            sys.stdout.flush()
    except (UsageError, PolyrouteError) as error:
        complain(program, error)
        return BAD_INPUT
    except BrokenPipeError:  # the reader of stdout has gone, as `| head -1` does
        _give_up_stdout()
        return ended_by(signal.SIGPIPE)
    except OSError as error:
        if error.errno not in NO_ROOM or error.filename is not None:
            raise
        _give_up_stdout()
        complain(program, f"stdout cannot be written: {error.strerror}")
        return BAD_INPUT
    except KeyboardInterrupt as end:
        return ended_by(getattr(end, "number", signal.SIGINT))
    return code


def _give_up_stdout() -> None:
    """Nothing may be flushed into it again, not at the end of the process either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
