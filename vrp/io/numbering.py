"""Which numbers a file's nodes have: from 1 or from 0 on, or any, as they are listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from polyroute.vrp.io.text import NUMBER, Block, spoken

FIRST = re.compile(r"^[^\S\n]*(\S+)", re.MULTILINE)  # the first word of each line


@dataclass(frozen=True)
class Numbering:
    """The numbers of a file's nodes; node i of the file has the one at i."""

    numbers: Sequence[int]

    @classmethod
    def of(cls, block: Block, *, first: int, size: int | None = None) -> Numbering:
        """The numbers at which the rows of `block` begin, `size` of them if that is known.

        Consecutive ones from 0 or 1 on stand in their order, wherever the rows do; numbers that
        leave gaps keep the order of the rows, which is that of a matrix. A list that is no list of
        different numbers gives those from `first` on; who reads the rows will complain.
        """
        numbers = _first_numbers(block)
        size = sum(1 for _ in block.rows()) if size is None else size
        if len(numbers) != size or not numbers:
            first = 0 if 0 in numbers and size not in numbers else first
            return cls(range(first, first + max(size, 1)))
        found = set(numbers)
        for begin in (0, 1):
            if found == set(range(begin, begin + size)):
                return cls(range(begin, begin + size))
        return cls(tuple(numbers) if len(found) == size else range(first, first + size))

    @cached_property
    def _place(self) -> dict[int, int]:
        return {number: index for index, number in enumerate(self.numbers)}

    def __contains__(self, number: int) -> bool:
        return number in (self.numbers if isinstance(self.numbers, range) else self._place)

    @property
    def spoken(self) -> str:
        """Which numbers there are, for a message."""
        return spoken(self.numbers)

    def places(self, numbers: Iterable[int]) -> list[int]:
        """Which of the file's nodes have `numbers`."""
        if isinstance(self.numbers, range):
            return [number - self.numbers[0] for number in numbers]
        return [self._place[number] for number in numbers]


def _first_numbers(block: Block) -> list[int]:
    """The whole numbers from 0 on at which rows begin; none if one begins otherwise."""
    words = FIRST.findall(block.text)
    if "".join(words).isdigit() and max(map(len, words)) < 16:
        return list(map(int, words))
    values = [float(word) if NUMBER.fullmatch(word) else -1.0 for word in words]
    if any(not 0 <= value < 2**50 or value != int(value) for value in values):
        return []
    return list(map(int, values))
