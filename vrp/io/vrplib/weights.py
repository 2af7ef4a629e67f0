"""Explicit matrices in every EDGE_WEIGHT_FORMAT of TSPLIB95 (§1.1.4)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from polyroute.vrp.io.keywords import Header
from polyroute.vrp.io.text import Block
from polyroute.vrp.remarks import remark

Array = np.ndarray
Triangle = Callable[[int], tuple[Array, Array]]


def _upper(diagonal: int) -> Triangle:
    """Row by row, what lies right of the diagonal, or from it on."""
    return lambda size: np.triu_indices(size, 1 - diagonal)


def _lower(diagonal: int) -> Triangle:
    """Row by row, what lies left of the diagonal, or up to it."""
    return lambda size: np.tril_indices(size, diagonal - 1)


# An upper triangle column by column is the lower one row by row, and the matrix is symmetric.
TRIANGLES: dict[str, tuple[int, Triangle]] = {
    "UPPER_ROW": (0, _upper(0)),
    "LOWER_ROW": (0, _lower(0)),
    "UPPER_DIAG_ROW": (1, _upper(1)),
    "LOWER_DIAG_ROW": (1, _lower(1)),
    "UPPER_COL": (0, _lower(0)),
    "LOWER_COL": (0, _upper(0)),
    "UPPER_DIAG_COL": (1, _lower(1)),
    "LOWER_DIAG_COL": (1, _upper(1)),
}
"""Formats of symmetric matrices: whether the diagonal is listed, and the entries in order."""

FULL = "FULL_MATRIX"


def read_weights(block: Block, layout: Header, size: int) -> Array:
    """The matrix in `block`, float64 (size, size), its diagonal zero; infinite where no arc is.

    Lengths from 2^50 on are taken for arcs that there are not, which is remarked on.

    Raises ReadError if the format is unknown, or the number of entries does not fit `size`.
    """
    kind = layout.value.upper()
    if kind != FULL and kind not in TRIANGLES:
        raise layout.error(f"one of {', '.join((FULL, *TRIANGLES))}")
    values = block.numbers(endless=True)
    diagonal = TRIANGLES[kind][0] if kind in TRIANGLES else 0
    expected = size * size if kind == FULL else size * (size - 1 + 2 * diagonal) // 2
    if len(values) != expected:
        row = block.row_of(expected) if len(values) > expected else -1
        raise block.error(
            f"found {len(values)} numbers, expected {expected} ({kind} of {size} nodes)", row
        )
    if (values < 0).any():
        position = int(np.argmax(values < 0))
        raise block.error(
            f"found {values[position]:g}, expected a length of 0 or more", block.row_of(position)
        )
    if kind == FULL:
        matrix = values.reshape(size, size)
    else:
        matrix = np.zeros((size, size))
        rows, columns = TRIANGLES[kind][1](size)
        matrix[rows, columns] = values
        matrix[columns, rows] = values
    endless = np.isinf(values)
    if endless.any():
        remark(
            f"{block.name}: {int(endless.sum())} lengths are 2^50 or more, "
            "which are taken for arcs that there are not",
            line=block.error("", block.row_of(int(np.argmax(endless)))).line,
        )
    np.fill_diagonal(matrix, 0.0)  # a node's way to itself; many files fill it with a huge number
    return matrix
