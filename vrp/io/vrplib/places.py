"""Where VRPLIB's nodes lie, what they are called, and how far it is from one to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.keywords import Header, KeywordFile
from polyroute.vrp.io.numbering import Numbering
from polyroute.vrp.io.text import NUMBER, Block, Table
from polyroute.vrp.io.vrplib.measures import (
    EXACT_SCALE,
    SCALED,
    TABULATED,
    read_scale,
    tabulate,
)
from polyroute.vrp.io.vrplib.weights import read_weights

Array = np.ndarray

COORDINATE_RULES = {
    "EUC_2D": ArcRule.NEAREST,
    "EXACT_2D": ArcRule.NONE,
    "CEIL_2D": ArcRule.CEIL,
    "FLOOR_2D": ArcRule.FLOOR,
    "ATT": ArcRule.ATT,
    "GEO": ArcRule.GEO,
}
"""Each EDGE_WEIGHT_TYPE over coordinates, and its arc rule."""

SCALED_RULES = {
    ("EUC_2D", 1): ArcRule.NEAREST,
    ("CEIL_2D", 1): ArcRule.CEIL,
    ("FLOOR_2D", 1): ArcRule.FLOOR,
    ("EXACT_2D", 1): ArcRule.NEAREST,
    ("FLOOR_2D", 10): ArcRule.TRUNC1,
    ("EUC_2D", 1000): ArcRule.MILLI,
    ("EXACT_2D", 1000): ArcRule.MILLI,
}
"""The arc rules of LKH-3's SCALEs."""


@dataclass(frozen=True)
class Places:
    """Coordinates, distances or both by field, and what the rows of coordinates say beside."""

    raw: dict[str, Array]
    rule: ArcRule
    names: tuple[str, ...] = ()
    backhauls: Array | None = None  # which nodes are backhauls


def read_places(
    file: KeywordFile, numbering: Numbering, round: str | None, *, kinds: bool
) -> Places:
    """Coordinates or matrix, in the order of the file's nodes, and the arc rule.

    `kinds` says whether a fourth number in each row of coordinates may be a kind of client.
    """
    header = file.header("EDGE_WEIGHT_TYPE")
    measure = header.value.upper()
    _check_layout(file, header)
    if round is not None and measure not in SCALED:
        raise header.error(f"coordinates in the plane, or no rounding rule ({round})")
    scale = read_scale(file)
    raw: dict[str, Array] = {}
    rule: ArcRule | None = COORDINATE_RULES.get(measure)
    if round is not None:
        rule = ArcRule.from_label(round)
    elif measure in SCALED and "SCALE" in file.headers:
        rule = SCALED_RULES.get((measure, scale))
    elif measure in COORDINATE_RULES and scale > 1:
        raise file.headers["SCALE"].error(f"1, or none, beside EDGE_WEIGHT_TYPE {measure}")
    if measure == "EXPLICIT":
        layout = file.header("EDGE_WEIGHT_FORMAT")
        block = file.section("EDGE_WEIGHT_SECTION")
        matrix = read_weights(block, layout, len(numbering.numbers))
        raw["distance"] = matrix if scale == 1 else np.floor(matrix * scale + 0.5) / scale
        if "NODE_COORD_SECTION" not in file.sections:
            return Places(raw, ArcRule.NEAREST)
    axes = "xyz"[: TABULATED[measure][0]] if measure in TABULATED else "xy"
    block = file.section("NODE_COORD_SECTION")
    points, names, backhauls = _coordinates(block, numbering, axes, kinds)
    if measure != "EXPLICIT" and rule is None:
        exact = measure == "EXACT_3D" and "SCALE" not in file.headers
        raw["distance"] = tabulate(points, header, EXACT_SCALE if exact else scale)
    raw["coords"] = points[:, :2]
    return Places(raw, rule or ArcRule.NEAREST, names, backhauls)


def _check_layout(file: KeywordFile, header: Header) -> None:
    """Raise ReadError unless lengths are given as EDGE_WEIGHT_TYPE, the `header`, says."""
    measure = header.value.upper()
    if measure == "EXPLICIT":
        return
    if measure not in COORDINATE_RULES and measure not in TABULATED:
        raise header.error(f"EXPLICIT or one of {', '.join((*COORDINATE_RULES, *TABULATED))}")
    layout = file.headers.get("EDGE_WEIGHT_FORMAT")
    if layout is not None and layout.value.upper() != "FUNCTION":
        raise layout.error(f"FUNCTION, or none, beside EDGE_WEIGHT_TYPE {measure}")
    if "EDGE_WEIGHT_SECTION" in file.sections:
        raise ReadError(
            f"found EDGE_WEIGHT_SECTION beside EDGE_WEIGHT_TYPE {measure}, expected EXPLICIT",
            line=file.line_of("EDGE_WEIGHT_SECTION"),
        )


def _coordinates(
    block: Block, numbering: Numbering, axes: str, kinds: bool
) -> tuple[Array, tuple[str, ...], Array | None]:
    """Positions, names if a row has one behind them, and who is a backhaul if rows tell kinds."""
    width = 1 + len(axes)
    if block.widths().max(initial=0) > width:
        behind = [words[width:] for _, words in block.rows()]
        alone = all(len(words) == 1 and NUMBER.fullmatch(words[0]) for words in behind)
        if alone and kinds and axes == "xy":
            return _coordinates_with_kinds(block, numbering)
        if any(not NUMBER.fullmatch(word) for words in behind for word in words):
            table = Table.numbered(block.first_words(width), "node", axes, numbering.numbers)
            return table.values, tuple(" ".join(behind[row]) for row in table.row), None
    return Table.numbered(block, "node", axes, numbering.numbers).values, (), None


def _coordinates_with_kinds(
    block: Block, numbering: Numbering
) -> tuple[Array, tuple[str, ...], Array | None]:
    """So it stands in the files of Queiroga et al. (2020): -1 depot, 0 linehaul, 1 backhaul."""
    table = Table.numbered(block, "node", ("kind", "x", "y"), numbering.numbers)
    kind = table.column("kind")
    for node in np.flatnonzero(~np.isin(kind, (-1.0, 0.0, 1.0)))[:1]:
        raise table.error(
            int(node),
            f"kind is {kind[node]:g}, expected -1, 0 or 1 (of four numbers the second is a kind)",
        )
    return table.values[:, 1:], (), kind == 1.0
