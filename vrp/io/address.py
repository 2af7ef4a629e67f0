"""``FILE:K`` names one instance, from 0, of a file that holds several."""

from __future__ import annotations

import re
from pathlib import Path

from polyroute.vrp.errors import STREAM

ADDRESS = re.compile(r"(.+):(\d{1,9})", re.DOTALL | re.ASCII)


def split_address(path: str | Path) -> tuple[Path, int | None]:
    """The file, and which of its instances; None where the path names a file and no more.

    A file whose own name ends in ``:K`` is that file.
    """
    match = ADDRESS.fullmatch(str(path))
    if match is None:
        return Path(path), None
    file = Path(match.group(1))
    try:
        whole = Path(path).exists() or not file.is_file()
    except (OSError, ValueError):  # such a name cannot be
        whole = True
    return (Path(path), None) if whole else (file, int(match.group(2)))


def instance_name(path: str | Path) -> str:
    """What to call an instance: its file's name without the suffix, and its number, if any."""
    if str(path) == STREAM:
        return "stdin"
    file, row = split_address(path)
    return file.stem if row is None else f"{file.stem}:{row}"
