"""Where drawn and fetched files go: whole or not at all, into a folder that is made if need be."""

from __future__ import annotations

from pathlib import Path

from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io import write_bytes


def save(path: Path, data: bytes) -> Path:
    """Write `data` to `path`, which is returned; raises PolyrouteError if that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, data)
    except OSError as error:
        raise PolyrouteError(f"{path.parent}: cannot be written: {error.strerror}") from None
    return path
