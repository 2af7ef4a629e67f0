"""Instances and solutions of CVRPLIB by name: ``python -m polyroute.data.download X-n101-k25``."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from urllib.error import HTTPError

from polyroute.vrp.errors import MissingPackageError, PolyrouteError, ReadError
from polyroute.vrp.io import detect_format, write_text

NAME = re.compile(r"\w[\w.-]*")


class NotThereError(PolyrouteError):
    """CVRPLIB has no such file."""


def download(name: str, folder: Path) -> list[Path]:
    """Fetch an instance and its best known solution into `folder`; returns the files written.

    The solution is left out where CVRPLIB has none. A file appears whole or not at all.

    Raises
    ------
    MissingPackageError
        If ``vrplib`` is not installed.
    PolyrouteError
        If there is no such instance, or no network, or `folder` cannot be written to.
    """
    vrplib = _load_vrplib()
    if not NAME.fullmatch(name):
        raise PolyrouteError(f"{name!r} is no name of an instance, expected one such as X-n101-k25")
    with TemporaryDirectory() as scratch:
        instance = _fetch(vrplib.download_instance, name, Path(scratch) / "instance")
        try:
            detect_format(instance)
        except ReadError as error:
            raise PolyrouteError(
                f"what CVRPLIB sent for {name} is no instance: {error.message}"
            ) from None
        fetched = [instance]
        with suppress(NotThereError):
            fetched += [_fetch(vrplib.download_solution, name, Path(scratch) / "solution")]
        return [_keep(file, folder) for file in fetched]


def _load_vrplib() -> ModuleType:
    """The package that knows where CVRPLIB keeps what; version 2 dropped downloading."""
    try:
        import vrplib
    except ModuleNotFoundError:
        raise MissingPackageError("vrplib", "download") from None
    if not hasattr(vrplib, "download_instance"):
        raise PolyrouteError(
            "the vrplib package that is installed no longer downloads; "
            "'pip install \"polyroute[download]\"' brings one that does"
        )
    return vrplib


def _fetch(get: Callable[[str, str], None], name: str, scratch: Path) -> Path:
    """The file that `get` leaves in the folder `scratch`, told what went wrong in our words."""
    scratch.mkdir()
    try:
        get(name, str(scratch))
    except UnicodeError:
        raise PolyrouteError(f"what CVRPLIB sent for {name} is no text") from None
    except ValueError:
        raise NotThereError(f"CVRPLIB has no instance called {name}") from None
    except HTTPError as error:
        if error.code == HTTPStatus.NOT_FOUND:
            raise NotThereError(f"CVRPLIB has no instance called {name}") from None
        raise PolyrouteError(f"CVRPLIB answers with error {error.code} for {name}") from None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise PolyrouteError(f"CVRPLIB cannot be reached for {name}: {reason}") from None
    (file,) = scratch.iterdir()
    return file


def _keep(file: Path, folder: Path) -> Path:
    """Copy a fetched file into `folder`, under its own name."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / file.name, file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolyrouteError(f"{folder}: cannot be written: {error.strerror}") from None
    return folder / file.name


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch each name and print the files written; 2 if any of them failed."""
    parser = argparse.ArgumentParser(
        prog="python -m polyroute.data.download",
        description="Fetch instances and best known solutions from CVRPLIB by name.",
    )
    parser.add_argument("names", nargs="+", metavar="NAME", help="such as X-n101-k25 or C101")
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="default here")
    given = parser.parse_args(arguments)
    status = 0
    for name in given.names:
        try:
            files = download(name, given.out)
        except PolyrouteError as error:
            print(f"data.download: error: {error}", file=sys.stderr)
            status = 2
            continue
        for file in files:
            print(file)
        if len(files) == 1:
            print(f"data.download: CVRPLIB has no solution of {name}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
