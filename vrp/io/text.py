"""Text into numbers, with a line for every complaint: what the text formats share.

Tables are read in one go; only when that fails does a slow pass look for the culprit.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from polyroute.vrp.errors import ProblemError, ReadError
from polyroute.vrp.io.exact import LARGEST, decimals, is_exact

Array = np.ndarray

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
PLAIN = re.compile(r"[-+.0-9eE\s]*", re.ASCII)  # what a text of nothing but numbers is made of
SHOWN = 40  # characters of a file's own text that a message repeats


def decode(data: bytes) -> str:
    """The text of a file, its lines ended by a line feed; raises ReadError unless it is UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadError(
            f"byte 0x{data[error.start]:02x} is not UTF-8, expected text", line=line
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ReadError("found a zero byte, expected text", line=line)
    if not text.strip():
        raise ReadError("the file is empty")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def quote(words: str) -> str:
    """A file's own text for a message: quoted, and cut where it is long."""
    return repr(words if len(words) <= SHOWN else words[:SHOWN] + "…")


def number(word: str, what: str, line: int) -> float:
    """The finite number that `word` writes, at most 2^50 and kept exactly; raises ReadError."""
    if not NUMBER.fullmatch(word):
        raise ReadError(f"{what} is {quote(word)}, expected a number", line=line)
    value = float(word)
    if abs(value) >= LARGEST:
        raise ReadError(f"{what} is {quote(word)}, expected a number below 2^50", line=line)
    if not is_exact(value):
        raise ReadError(
            f"{what} is {quote(word)}, expected a number of at most 15 digits", line=line
        )
    return value


def is_endless(word: str) -> bool:
    """Whether `word` writes a number from 2^50 on, which is no limit, or no way."""
    return NUMBER.fullmatch(word) is not None and float(word) >= LARGEST


def integer(word: str, what: str, line: int, least: int) -> int:
    """The whole number that `word` writes; raises ReadError, also if it is below `least`."""
    value = number(word, what, line)
    if value != int(value) or value < least:
        raise ReadError(
            f"{what} is {quote(word)}, expected a whole number from {least} on", line=line
        )
    return int(value)


def spoken(numbers: Collection[int]) -> str:
    """Which numbers are meant, for a message: ``1 to 9``, or ``one of 0, 2, 7``."""
    if isinstance(numbers, range):
        return f"{numbers[0]} to {numbers[-1]}"
    words = [str(number) for number in numbers]
    if len(words) > 6:
        words[4:-1] = ["…"]
    return f"one of {', '.join(words)}"


@dataclass(frozen=True)
class Block:
    """Consecutive lines of numbers under a name, such as a section; blank lines do not count."""

    name: str
    start: int  # line number of the first line of `text`
    text: str = field(repr=False)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number and words of each line that is not blank."""
        for offset, line in enumerate(self.text.split("\n")):
            words = line.split()
            if words:
                yield self.start + offset, words

    def error(self, message: str, row: int = -1) -> ReadError:
        """An error at a row, the last one unless told."""
        lines = [line for line, _ in self.rows()] or [max(self.start - 1, 1)]
        return ReadError(f"{self.name}: {message}", line=lines[row])

    def numbers(self, *, endless: bool = False) -> Array:
        """All numbers, wherever the lines break: float64, one dimension.

        From 2^50 on they are infinite if `endless`, and refused if not.
        """
        fast = self._fast(_words_per_line(self.text))
        if fast is not None:
            return fast
        return np.array(
            [
                np.inf if endless and is_endless(word) else number(word, self.name, line)
                for line, words in self.rows()
                for word in words
            ]
        )

    def row_of(self, position: int) -> int:
        """The row in which the number at `position` stands."""
        per_line = _words_per_line(self.text)
        ends = np.cumsum(per_line[per_line > 0])
        return int(np.searchsorted(ends, position, side="right"))

    def table(self, columns: Sequence[str]) -> Array:
        """One row of numbers a line: float64 (rows, columns)."""
        width = len(columns)
        per_line = _words_per_line(self.text)
        if np.isin(per_line, (0, width)).all():
            fast = self._fast(per_line)
            if fast is not None:
                return fast.reshape(-1, width)
        table = []
        for row, (line, words) in enumerate(self.rows()):
            if len(words) != width:
                raise self.error(
                    f"found {len(words)} values, expected {width} ({', '.join(columns)})", row
                )
            named = zip(words, columns, strict=True)
            table.append([number(word, f"{self.name}: {name}", line) for word, name in named])
        return np.array(table).reshape(-1, width)

    def widths(self) -> Array:
        """How many words stand in each line, blank ones too."""
        return _words_per_line(self.text)

    def first_words(self, number: int) -> Block:
        """The same block, of each line only so many words."""
        lines = (" ".join(line.split()[:number]) for line in self.text.split("\n"))
        return Block(self.name, self.start, "\n".join(lines))

    def listed(self, label: str, numbers: Collection[int]) -> list[int]:
        """A list of some of `numbers`, none below 0, that -1 may end."""
        found: list[int] = []
        known = numbers if isinstance(numbers, range) else frozenset(numbers)
        ended = False
        for row, (line, words) in enumerate(self.rows()):
            for word in words:
                if ended:
                    raise self.error(f"found {quote(word)} after the -1 that ends the list", row)
                ended = word == "-1"
                if not ended:
                    found.append(integer(word, f"{self.name}: {label}", line, 0))
                    if found[-1] not in known:
                        raise self.error(f"{label} is {word}, expected {spoken(numbers)}", row)
        return found

    def _fast(self, per_line: Array) -> Array | None:
        """All numbers, or None where something among them needs a closer look."""
        if not PLAIN.fullmatch(self.text):
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("error", DeprecationWarning)
            try:
                values = np.fromstring(self.text, sep=" ")
                decimals(values)
            except (ValueError, DeprecationWarning, ProblemError):
                return None
        return values if len(values) == per_line.sum() else None  # 1-2 would count as two


def _words_per_line(text: str) -> Array:
    """The number of words in each line, without splitting them."""
    data = np.frombuffer(text.encode(), dtype=np.uint8)
    blank = data <= ord(" ")
    starts = np.flatnonzero(~blank & np.concatenate(([True], blank[:-1])))
    ends = np.append(np.flatnonzero(data == ord("\n")), len(data))
    return np.diff(np.searchsorted(starts, ends), prepend=0)


@dataclass(frozen=True)
class Table:
    """A block with one row for each of some numbers, in the order of the numbers."""

    block: Block
    columns: tuple[str, ...]
    values: Array  # (count, columns), the number left out
    row: Array  # (count,) row of the block that each came from

    @classmethod
    def read(
        cls, block: Block, label: str, columns: Sequence[str], first: int, count: int | None
    ) -> Table:
        """Read `block`; its first column, called `label`, holds `first`, `first` + 1 and so on.

        `count` None takes as many numbers as there are rows. Raises ReadError for a number that
        is missing, repeated or out of range.
        """
        raw = block.table((label, *columns))
        if not len(raw):
            raise block.error(f"found no rows, expected {', '.join((label, *columns))} in each")
        last = first + (len(raw) if count is None else count) - 1
        return cls._of(block, label, columns, raw, range(first, last + 1))

    @classmethod
    def numbered(
        cls, block: Block, label: str, columns: Sequence[str], numbers: Sequence[int]
    ) -> Table:
        """Read `block`; its first column, called `label`, holds each of `numbers` once."""
        return cls._of(block, label, columns, block.table((label, *columns)), numbers)

    @classmethod
    def _of(
        cls,
        block: Block,
        label: str,
        columns: Sequence[str],
        raw: Array,
        numbers: Sequence[int],
    ) -> Table:
        """The rows `raw` in the order of `numbers`, which the first column holds."""
        found = raw[:, 0]
        order = np.argsort(found, kind="stable")
        repeated = np.flatnonzero(np.diff(found[order]) == 0)
        if repeated.size:
            row = int(order[repeated + 1].min())
            raise block.error(f"{label} {found[row]:.0f} is listed twice, expected once", row)
        if isinstance(numbers, range):
            wrong = (found != np.floor(found)) | (found < numbers[0]) | (found > numbers[-1])
        else:
            wrong = ~np.isin(found, np.array(numbers, dtype=np.float64))
        if wrong.any():
            row = int(np.argmax(wrong))
            raise block.error(f"{label} is {found[row]:g}, expected {spoken(numbers)}", row)
        if len(raw) != len(numbers):
            listed = set(found.astype(np.int64).tolist())
            missing = next(number for number in numbers if number not in listed)
            raise block.error(f"{label} {missing} is missing, expected {spoken(numbers)}")
        if not isinstance(numbers, range):
            order = order[np.argsort(np.argsort(np.array(numbers), kind="stable"))]
        return cls(block, tuple(columns), raw[order, 1:], order)

    def column(self, name: str, *, least: float | None = None) -> Array:
        """A column, (count,); raises ReadError for a value below `least`."""
        values = self.values[:, self.columns.index(name)]
        if least is not None and (values < least).any():
            index = int(np.argmax(values < least))
            raise self.error(index, f"{name} is {values[index]:.15g}, expected {least:g} or more")
        return values

    def expect_at_most(self, name: str, limits: Array | float, what: str) -> None:
        """Raise ReadError for the first value of a column above its limit, called `what`."""
        values = self.column(name)
        limits = np.broadcast_to(limits, values.shape)
        if (values > limits).any():
            index = int(np.argmax(values > limits))
            raise self.error(
                index,
                f"{name} is {values[index]:.15g}, expected at most the {what} {limits[index]:.15g}",
            )

    def expect_zero(self, name: str, index: int, what: str) -> None:
        """Raise ReadError unless the value of a column at `index`, called `what`, is 0."""
        value = self.column(name)[index]
        if value:
            raise self.error(index, f"{name} of {what} is {value:.15g}, expected 0")

    def error(self, index: int, message: str) -> ReadError:
        """An error at the row of the number at `index`."""
        return self.block.error(message, int(self.row[index]))
