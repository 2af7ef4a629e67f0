"""Tuples of arrays that kernels get by their address."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from polyroute.heuristics.jit.by_address import Address, pass_by_address
from polyroute.heuristics.jit.options import IS_COMPILED, inner, kernel

pytestmark = pytest.mark.both


class Shelf(NamedTuple):
    """Arrays of all that differs: dimensions and types."""

    empty: np.ndarray
    row: np.ndarray
    table: np.ndarray
    cube: np.ndarray


pass_by_address(Shelf)


@inner
def _far_in(shelf, i):
    shelf.row[i] += shelf.table[i, 1]
    return shelf.cube[i, 0, 1] + shelf.cube.shape[2] + len(shelf.row)


@kernel
def fill(shelf):
    """Change the arrays and read them again, through another kernel."""
    told = 0.0
    for i in range(len(shelf.row)):
        told += _far_in(shelf, i)
    return told + shelf.row[-1] + len(shelf.empty)


def shelf(size: int) -> Shelf:
    return Shelf(
        np.zeros((0, 0)),
        np.zeros(size),
        np.arange(2 * size, dtype=np.int64).reshape(size, 2),
        np.arange(2 * size, dtype=np.float32).reshape(size, 1, 2),
    )


@pytest.mark.parametrize("size", [1, 3, 50])
def test_kernels_read_and_change_the_arrays_themselves(size: int) -> None:
    one, other = shelf(size), shelf(size + 1)
    for mine in (one, other, one):
        before = mine.row.copy()
        told = fill(mine)
        assert np.array_equal(mine.row, before + mine.table[:, 1])
        read = mine.cube[:, 0, 1].sum() + len(mine.row) * (2 + len(mine.row))
        assert told == read + mine.row[-1]


@pytest.mark.skipif(not IS_COMPILED, reason="types matter to the compiler only")
def test_addresses_of_other_types_of_arrays_are_of_other_types() -> None:
    from numba import typeof  # not before our kernels, whose cache would not know of changes

    mine = shelf(2)
    assert isinstance(typeof(mine), Address)
    assert typeof(mine) == typeof(shelf(9))
    assert typeof(mine) != typeof(mine._replace(row=mine.row.astype(np.int64)))
    assert fill(mine._replace(table=mine.table.astype(np.float64))) == fill(shelf(2))
