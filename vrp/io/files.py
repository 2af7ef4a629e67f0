"""The one door to the disk: what is read and written by a name goes through here.

A file appears whole or not at all. Within `one_run`, what came through a pipe is given again to who
asks again, and no file that was read is written over. The name ``-`` is stdin, or stdout.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from polyroute.vrp.errors import STREAM, PolyrouteError, ReadError


@dataclass
class _Run:
    """What a run has read so far."""

    streams: dict[str, bytes] = field(default_factory=dict)  # content by name
    files: dict[tuple[int, int], str] = field(default_factory=dict)  # name by device and inode


_run: ContextVar[_Run | None] = ContextVar("run", default=None)


@contextmanager
def one_run() -> Iterator[None]:
    """What is read meanwhile belongs to one run (see above); another within it is the same."""
    token = _run.set(_run.get() or _Run())
    try:
        yield
    finally:
        _run.reset(token)


def read_bytes(path: str | Path) -> bytes:
    """The content of a file, a pipe or, under ``-``, of stdin. Raises ReadError."""
    name, run = str(path), _run.get()
    if run is not None and name in run.streams:
        return run.streams[name]
    try:
        data, regular = (_stdin(), False) if name == STREAM else _content(path, run)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ReadError(f"cannot be read: {reason}", path=path) from None
    if run is not None and not regular:
        run.streams[name] = data
    return data


def _stdin() -> bytes:
    if sys.stdin is None:
        raise ValueError("stdin is closed")
    return sys.stdin.buffer.read()


def _content(path: str | Path, run: _Run | None) -> tuple[bytes, bool]:
    """What a file holds, and whether it is one: a pipe gives it only once."""
    with open(path, "rb") as file:
        about = os.fstat(file.fileno())
        if run is not None:
            run.files[about.st_dev, about.st_ino] = str(path)
        return file.read(), stat.S_ISREG(about.st_mode)


def identity(path: str | Path) -> object:
    """What all names of one file share, there or not: links and relative paths are followed."""
    if str(path) == STREAM:
        return STREAM
    with suppress(OSError):
        about = os.stat(path)
        return about.st_dev, about.st_ino
    return os.path.realpath(path)


def write_text(path: str | Path, text: str) -> None:
    """Write `text` in UTF-8 as `write_bytes` does."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write `data` to a file beside `path` and then move it there; to a pipe or device as it is.

    Raises OSError, and PolyrouteError for a file that the run has read.
    """
    if str(path) == STREAM:
        _print(data)
        return
    target = Path(os.path.realpath(path))
    try:
        about = target.stat()
    except FileNotFoundError:
        about = None
    if about is not None:
        _refuse_what_was_read(path, about)
        if not stat.S_ISREG(about.st_mode):
            target.write_bytes(data)
            return
    beside = target.with_name(f".polyroute-{os.getpid()}-{threading.get_ident()}")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if about is not None:
            beside.chmod(stat.S_IMODE(about.st_mode))
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def _refuse_what_was_read(path: str | Path, about: os.stat_result) -> None:
    run = _run.get()
    known = None if run is None else run.files.get((about.st_dev, about.st_ino))
    if known is not None and stat.S_ISREG(about.st_mode):
        raise PolyrouteError(f"{path} is read as {known}, writing to it would destroy it")


def _print(data: bytes) -> None:
    """Write to stdout, in UTF-8 whatever the terminal speaks; raises OSError where it is closed."""
    if sys.stdout is None:
        raise OSError(None, "stdout is closed")
    sys.stdout.flush()
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:  # a stand-in that takes text alone
        sys.stdout.write(data.decode("utf-8"))
    else:
        stream.write(data)
        stream.flush()
