"""Which numbers a file's nodes have: from 1 or from 0 on, or any, as they are listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from polyroute.vrp.io.keywords import KeywordFile
from polyroute.vrp.io.text import NUMBER, Block, spoken

TELLING = (
    "NODE_COORD_SECTION",
    "DEMAND_SECTION",
    "LINEHAUL_SECTION",
    "PICKUP_AND_DELIVERY_SECTION",
    "TIME_WINDOW_SECTION",
    "SERVICE_TIME_SECTION",
)
"""Sections with a row a node; the first that a file has tells the numbers."""


@dataclass(frozen=True)
class Numbering:
    """The numbers of a file's nodes; node i of the file has the one at i."""

    numbers: Sequence[int]

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

    @classmethod
    def read(cls, file: KeywordFile, dimension: int) -> Numbering:
        """The numbers as a section lists them; from 1 on where nothing tells.

        Numbers that leave gaps keep the order of the list, which is that of a matrix. A list that
        is no list of numbers gives the usual ones; who reads it will complain.
        """
        block = next((file.sections[name] for name in TELLING if name in file.sections), None)
        usual = range(1, dimension + 1)
        if block is None:
            return cls(usual)
        numbers = _first_numbers(block)
        if len(numbers) != dimension:
            from_zero = 0 in numbers and dimension not in numbers
            return cls(range(dimension) if from_zero else usual)
        found = set(numbers)
        if len(found) != dimension or found == set(usual):
            return cls(usual)
        return cls(range(dimension) if found == set(range(dimension)) else tuple(numbers))


def _first_numbers(block: Block) -> list[int]:
    """The whole numbers from 0 on at which lines begin; none if one begins otherwise."""
    numbers = []
    for _, words in block.rows():
        if not NUMBER.fullmatch(words[0]):
            return []
        value = float(words[0])
        if not 0 <= value < 2**50 or value != int(value):
            return []
        numbers.append(int(value))
    return numbers
