"""Kernels that are called by their address."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.jit.far_call import address_of, far_call
from polyroute.heuristics.jit.options import IS_COMPILED, kernel

pytestmark = pytest.mark.skipif(not IS_COMPILED, reason="plain Python has no addresses")

add_at, sums_at = far_call(), far_call(figures=2)


@kernel
def add(row, place, more):
    row[place] += more


@kernel
def sums(row, factor):
    return row.sum(), factor * row.sum()


@kernel
def add_everywhere(row, adding, summing):
    """Call both, with variables and with constants."""
    add_at(adding, (row, 0, 1.5))
    for place in range(len(row)):
        add_at(adding, (row, place, place / 2.0))
    return sums_at(summing, (row, 3))


def test_it_gets_its_arguments_and_its_figures_come_back() -> None:
    row = np.zeros(3)
    found = add_everywhere(row, address_of(add, row, 0, 0.0), address_of(sums, row, 0))
    assert row.tolist() == [1.5, 0.5, 1.0]
    assert found == (3.0, 9.0)
