"""What all commands share: exit codes, and how an error, a closed pipe or Ctrl-C ends one."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable
from functools import partial

from polyroute.vrp.cli.messages import ask_for_report, complain, show_remarks
from polyroute.vrp.cli.parser import UsageError
from polyroute.vrp.errors import PolyrouteError

DONE, BAD_INPUT, INFEASIBLE = 0, 2, 3
KILLED_BY = 128
"""A shell's exit code of a program that a signal ended is this plus the signal's number."""

INTERRUPTED = KILLED_BY + signal.SIGINT


def run_command(program: str, body: Callable[[], int]) -> int:
    """Run a command line called `program`; returns the exit code.

    What the user can mend is told in one sentence; a bug leaves its traceback and asks for a
    report.
    """
    sys.excepthook = partial(ask_for_report, program)
    atexit.register(gc.freeze)  # to look for garbage among all kernels takes a quarter of a second
    try:
        with warnings.catch_warnings():
            show_remarks(program)
            code = body()
        sys.stdout.flush()
    except (UsageError, PolyrouteError) as error:
        complain(program, error)
        return BAD_INPUT
    except BrokenPipeError:
        # The reader of stdout has gone, as `| head -1` does; nothing may be flushed into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return KILLED_BY + signal.SIGPIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    return code
