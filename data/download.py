"""Instances and solutions of CVRPLIB by name: ``polyroute download X-n101-k25``."""

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

from polyroute.data.save import save
from polyroute.vrp.cli.command import BAD_INPUT, DONE, run_command
from polyroute.vrp.cli.messages import complain
from polyroute.vrp.errors import (
    MissingPackageError,
    PolyrouteError,
    ReadError,
    install_command,
)
from polyroute.vrp.io import detect_format

PROGRAM = "polyroute download"

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
        return [save(folder / file.name, file.read_bytes()) for file in fetched]


def _load_vrplib() -> ModuleType:
    """The package that knows where CVRPLIB keeps what; version 2 dropped downloading."""
    try:
        import vrplib
    except ModuleNotFoundError:
        raise MissingPackageError("vrplib", "download") from None
    if not hasattr(vrplib, "download_instance"):
        raise PolyrouteError(
            "the package 'vrplib' that is installed no longer downloads; this brings one that "
            f"does: {install_command('download')}"
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch each name and print the files written; 2 if any of them failed."""
    return run_command(PROGRAM, lambda: _download_all(_parser().parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Fetch instances and best known solutions from CVRPLIB by name.",
    )
    parser.add_argument("names", nargs="+", metavar="NAME", help="such as X-n101-k25 or C101")
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="default here")
    return parser


def _download_all(given: argparse.Namespace) -> int:
    """One name that fails does not keep the others from being fetched."""
    code = DONE
    for name in given.names:
        try:
            files = download(name, given.out)
        except PolyrouteError as error:
            complain(PROGRAM, error)
            code = BAD_INPUT
            continue
        for file in files:
            print(file)
        if len(files) == 1:
            print(f"{PROGRAM}: CVRPLIB has no solution of {name}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
