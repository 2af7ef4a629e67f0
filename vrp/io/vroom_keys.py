"""Keys that VROOM does not know, which it passes over."""

from __future__ import annotations

from polyroute.vrp.io.jsontext import Json, pointer, take_unknown
from polyroute.vrp.remarks import remark


def pass_over_unknown(document: Json, schema: str) -> None:
    """Take out the keys that VROOM passes over too; a remark for each, with how often it comes."""
    found: dict[tuple[str, ...], list[tuple[str, str | None]]] = {}
    for path, close in take_unknown(document, schema):
        kind = tuple(str(part) for part in path if isinstance(part, str))
        found.setdefault(kind, []).append((pointer(path), close))
    for places in found.values():
        where, close = places[0]
        more = f", here and {len(places) - 1} times more" if len(places) > 1 else ""
        remark(
            f"VROOM has no such key, it is passed over{more}"
            + (f"; did you mean {close}?" if close else ""),
            pointer=where,
        )
