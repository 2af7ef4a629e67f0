"""The errors that a user can cause; each message is one sentence that names what to mend."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from subprocess import list2cmdline

STREAM = "-"
"""The name of stdin where something is read, and of stdout where something is written."""


class PolyrouteError(Exception):
    """Base of every error that is the input's fault and not the program's."""


class ProblemError(PolyrouteError, ValueError):
    """A problem or a solution contradicts itself: which field, what was found and expected.

    `pointer` says where that stands in the problem's JSON form, when a single place is at fault.
    """

    def __init__(self, message: str, *, pointer: str | None = None) -> None:
        self.pointer = pointer
        super().__init__(message)


def located(
    message: str, path: str | Path | None, line: int | None = None, pointer: str | None = None
) -> str:
    """`message` behind the place in a file that it speaks of, as far as that is known."""
    where = "" if path is None else "stdin" if str(path) == STREAM else str(path)
    if line is not None:
        where += f":{line}" if where else f"line {line}"
    if pointer is not None:
        where += f" at {pointer or '/'}" if where else f"at {pointer or '/'}"
    return f"{where}: {message}" if where else message


class ReadError(PolyrouteError, ValueError):
    """A file cannot be understood.

    Parameters
    ----------
    message
        The field, what was found and what was expected.
    path
        The file; None for text that came from elsewhere.
    line
        One-based line number, where the format has lines.
    pointer
        JSON pointer (RFC 6901), where the format is JSON.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | Path | None = None,
        line: int | None = None,
        pointer: str | None = None,
    ) -> None:
        self.message = message
        self.path = path
        self.line = line
        self.pointer = pointer
        super().__init__(located(message, path, line, pointer))

    def at(self, path: str | Path) -> ReadError:
        """The same error, told of the file `path`."""
        return ReadError(self.message, path=path, line=self.line, pointer=self.pointer)


class UnsupportedError(PolyrouteError):
    """A solver, reader or writer was given an attribute outside its ``SUPPORTS``."""

    def __init__(self, who: str, attributes: Iterable[str]) -> None:
        self.who = who
        self.attributes = sorted(attributes)
        super().__init__(f"{who} does not support {', '.join(self.attributes)}")


def install_command(extra: str) -> str:
    """The command that installs what `extra` names, for this Python and this copy of Polyroute.

    In a checkout it names the folder; where a wheel is installed, its name is enough, since pip
    takes extras from what is installed and looks for no other Polyroute.
    """
    root = Path(__file__).parents[2]
    checkout = (root / "pyproject.toml").is_file()
    what = ["--editable", f"{root}[{extra}]"] if checkout else [f"polyroute[{extra}]"]
    words = [sys.executable, "-m", "pip", "install", *what]
    return list2cmdline(words) if os.name == "nt" else shlex.join(words)


class MissingPackageError(PolyrouteError, ImportError):
    """An optional package is not installed; the message says how to install it."""

    def __init__(self, package: str, extra: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(
            f"the package '{package}' is not installed; this adds it: {install_command(extra)}"
        )
