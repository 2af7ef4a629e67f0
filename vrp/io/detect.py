"""Which format a file has, by its content."""

from __future__ import annotations

import re
from collections.abc import Iterable

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.text import decode

KEYWORD_LINE = re.compile(
    r"^[ \t]*(\w+_SECTION|(NAME|TYPE|DIMENSION|CAPACITY|EDGE_WEIGHT_TYPE)[ \t]*[:=])",
    re.MULTILINE | re.IGNORECASE,
)
SOLOMON_LINE = re.compile(
    r"^[ \t]*(VEHICLE|CUSTOMER|CUST(OMER)?[.]?[ \t]*NO\b.*)[ \t]*$", re.MULTILINE | re.IGNORECASE
)
NUMBERS_LINE = re.compile(r"[ \t]*[-+.\d][-+.\deE \t]*", re.ASCII)
NUMBERS_ONLY = {
    "lilim": re.compile("3 9 "),
    "christofides": re.compile("4 2 3 "),
    "cordeau": re.compile("4 2 "),
    "taillard": re.compile("6 (4 )+2 "),
    "dlp": re.compile("6 4 "),
}
"""Formats of numbers alone, and how many stand in each of their first lines."""

VROOM_KEY, DEPOTS_KEY, STEPS_KEY = (
    re.compile(rf'"{key}"[ \t\n]*:') for key in ("vehicles", "depots", "steps")
)
"""What VROOM's JSON has and ours has not, or the other way round."""

RESULT_LINES = re.compile(r"[\d.]+[ \t]*\n[ \t]*\d+([ \t]+[\d.]+){4}", re.ASCII)
ROUTE_LINE = re.compile(r"^[ \t]*route\s*(for\s+vehicle\s*)?#?\s*\d", re.MULTILINE | re.IGNORECASE)
ZIP = b"PK"  # how zip archives begin, which NumPy's .npz are
HEAD = 10_000  # characters that detection looks at


def detect_problem(data: bytes, formats: Iterable[str]) -> str:
    """The format of a problem file's content; raises ReadError that names `formats`."""
    if data.startswith(ZIP):
        return "routefinder"
    text = decode(data)
    head = text[:HEAD]
    if head.lstrip().startswith(("{", "[")):
        return "vroom" if VROOM_KEY.search(text) and not DEPOTS_KEY.search(text) else "json"
    if KEYWORD_LINE.search(head):
        return "vrplib"
    if SOLOMON_LINE.search(head):
        return "solomon"
    lines = (line.partition("//")[0] for line in head.split("\n"))
    widths = [len(line.split()) for line in lines if NUMBERS_LINE.fullmatch(line)]
    said = "".join(f"{width} " for width in widths)
    for name, first in NUMBERS_ONLY.items():
        if first.match(said):
            return name
    what = "this is a plan" if ROUTE_LINE.search(head) else "the format is not recognised"
    raise ReadError(f"{what}, expected a problem in one of {', '.join(formats)}", line=1)


def detect_solution(text: str) -> str:
    """The format of a plan's text."""
    head = text[:HEAD].lstrip()
    if head.startswith(("{", "[")):
        return "vroom" if STEPS_KEY.search(text) else "json"
    if ROUTE_LINE.search(head):
        return "sol"
    if KEYWORD_LINE.search(head):
        return "tour"
    if RESULT_LINES.match(head):
        return "res"
    return "csv" if "," in head.partition("\n")[0] else "sol"
