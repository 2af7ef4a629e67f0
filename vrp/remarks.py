"""Remarks: what is taken as a file says it, though its author may not have meant it so.

They are Python warnings, so that a program can catch, silence or refuse them by its own filters;
the command line prints each once, and with ``--strict`` refuses the file.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from polyroute.vrp.errors import PolyrouteError, located

_file: ContextVar[str | Path | None] = ContextVar("file", default=None)


class Remark(PolyrouteError, UserWarning):
    """One sentence on a file that is read all the same; an error only where a filter says so."""


@contextmanager
def remarks_on(path: str | Path) -> Iterator[None]:
    """Remarks made meanwhile are on the file `path`."""
    token = _file.set(path)
    try:
        yield
    finally:
        _file.reset(token)


def remark(message: str, *, line: int | None = None, pointer: str | None = None) -> None:
    """Warn with `message` of the file that is being read, at a line or a JSON pointer."""
    warnings.warn(Remark(located(message, _file.get(), line, pointer)), stacklevel=2)
