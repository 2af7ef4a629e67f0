"""Pictures of results, by suffix; the libraries that draw are imported on use."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from polyroute.vrp.result import Result

__all__ = ["PICTURES", "draw"]

PICTURES: dict[str, str] = {
    ".png": "polyroute.vrp.draw.figure:render_png",
    ".svg": "polyroute.vrp.draw.figure:render_svg",
    ".html": "polyroute.vrp.draw.page:render_html",
}
"""Suffixes of pictures, and the functions that make their bytes."""


def draw(path: str | Path, result: Result) -> None:
    """Draw the routes of a result, its convergence beside them, into a file.

    Raises PolyrouteError for an unknown suffix (see `PICTURES`) or a place that cannot be
    written to.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in PICTURES:
        raise PolyrouteError(
            f"{path}: suffix {suffix!r} is unknown, expected one of {', '.join(PICTURES)}"
        )
    module, name = PICTURES[suffix].split(":")
    render: Callable[[Result], bytes] = getattr(import_module(module), name)
    picture = render(result)
    try:
        write_bytes(path, picture)
    except OSError as error:
        raise PolyrouteError(f"{path}: cannot be written: {error.strerror}") from None
