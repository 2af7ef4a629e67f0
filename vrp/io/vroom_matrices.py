"""The matrices in VROOM's JSON: taken out before the schema looks, and spread over the nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.jsontext import Json, Object, pointer
from polyroute.vrp.io.vroom_arcs import Matrices
from polyroute.vrp.problem import Array

DEFAULT_PROFILE = "car"
LARGEST_ENTRY = 2**32
KINDS = ("durations", "distances", "costs")


def take_matrices(document: Json) -> dict[str, dict[str, Array]]:
    """Take clean matrices out of the document: the schema would check them for minutes.

    What is not clean stays, for the schema to complain. The old key ``matrix`` has durations.
    """
    taken: dict[str, dict[str, Array]] = {}
    if not isinstance(document, dict):
        return taken
    profiles = document.get("matrices")
    found = [*profiles.items()] if isinstance(profiles, dict) else []
    for name, profile in found:
        if isinstance(profile, dict):
            clean = dict(_clean(profile, KINDS, pointer(["matrices", name])))
            taken[name] = clean
    for _, matrix in _clean(document, ("matrix",), ""):
        taken.setdefault(DEFAULT_PROFILE, {"durations": matrix})
    return taken


def between_nodes(
    taken: dict[str, dict[str, Array]], name: str, number: int, places: Array
) -> Matrices:
    """A profile's matrices over all nodes; `number` is that of a vehicle that drives by it."""
    given = taken.get(name)
    if given is None or "durations" not in given:
        raise ReadError(
            f'found no matrices of the profile "{name}", expected its durations; coordinates '
            "alone need a routing engine, which is not supported",
            pointer=f"/vehicles/{number}",
        )
    found: dict[str, Array | None] = {"distances": None, "costs": None}
    nowhere = places < 0
    for what, matrix in given.items():
        size = len(matrix)
        where = pointer(["matrices", name, what])
        if matrix.shape != (size, size):
            raise ReadError(f"found {size} rows of another length, expected {size} × {size}",
                            pointer=where)  # fmt: skip
        if places.max() >= size:
            raise ReadError(
                f"found {size} rows, expected at least {places.max() + 1}, for location "
                f"index {places.max()}",
                pointer=where,
            )
        over = matrix[np.ix_(places, places)]
        over[nowhere, :] = over[:, nowhere] = 0
        found[what] = over
    return Matrices(**found)  # type: ignore[arg-type]


def _clean(table: Object, names: Sequence[str], where: str) -> Iterator[tuple[str, Array]]:
    """The matrices in `table` that are clean, which become empty there."""
    for name in names:
        lines = table.get(name)
        if not isinstance(lines, list) or not all(
            isinstance(line, list) and {*map(type, line)} <= {int} for line in lines
        ):
            continue
        rows = cast("list[list[int]]", lines)
        lowest = min((min(row, default=0) for row in rows), default=0)
        if lowest < 0 or len({*map(len, rows)}) > 1:
            _complain_of_length(rows, f"{where}/{name}")
            continue
        for index, row in enumerate(rows):
            if max(row, default=0) >= LARGEST_ENTRY:
                raise ReadError(
                    f"found {max(row)}, expected less than 2^32",
                    pointer=f"{where}/{name}/{index}/{row.index(max(row))}",
                )
        if rows:
            table[name] = []
            yield name, np.array(rows, dtype=np.int64)


def _complain_of_length(rows: list[list[int]], where: str) -> None:
    for index, row in enumerate(rows):
        if len(row) != len(rows):
            raise ReadError(
                f"found {len(row)} numbers, expected {len(rows)}, as many as there are rows",
                pointer=f"{where}/{index}",
            )
