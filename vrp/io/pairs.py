"""Pickups and deliveries that name each other, a column for each: as Li and Lim and LKH-3 write."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from polyroute.vrp.io.text import Table


def match_pairs(
    table: Table, demand: np.ndarray, numbers: Sequence[int], *, depots: Collection[int] = (0,)
) -> list[tuple[int, int]]:
    """The pairs as places among `numbers`, in the order of their pickups.

    Row i of `table` is of number i; its columns ``pickup`` and ``delivery`` hold the number of the
    other end, or 0. Raises ReadError for one that is in no pair, or in one that does not fit.
    """
    place = {number: index for index, number in enumerate(numbers)}
    others = {name: table.column(name) for name in ("pickup", "delivery")}
    pairs = []
    for index in range(len(numbers)):
        if index in depots:
            continue
        first, second = others["pickup"][index], others["delivery"][index]
        if (first == 0) == (second == 0):
            raise table.error(
                index, f"pickup is {first:g} and delivery {second:g}, expected one of them to be 0"
            )
        name, other = ("delivery", second) if first == 0 else ("pickup", first)
        end = place.get(other)
        if end is None or end in depots:
            raise table.error(index, f"{name} is {other:g}, expected a client's number")
        back = others["pickup" if first == 0 else "delivery"][end]
        if back != numbers[index]:
            raise table.error(
                index, f"{name} is {other:g}, which names {back:g}, expected {numbers[index]}"
            )
        if first != 0:
            continue
        if demand[index] < 0 or demand[end] != -demand[index]:
            raise table.error(
                index,
                f"demand is {demand[index]:g} and that of its delivery {demand[end]:g}, "
                "expected a number from 0 on and its negative",
            )
        pairs.append((index, end))
    return pairs
