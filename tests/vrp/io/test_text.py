"""Bytes to text, words to numbers: exact, and quick to say what is wrong."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyroute.vrp.errors import ProblemError, ReadError
from polyroute.vrp.io.exact import LARGEST, decimals, is_exact, plain, to_integers
from polyroute.vrp.io.text import Block, Table, decode, integer, number


def test_byte_order_mark_and_foreign_line_ends_are_taken_off() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb\rc\n") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("data", "line", "fragment"),
    [
        (b"", None, "the file is empty"),
        (b" \r\n\t\n", None, "the file is empty"),
        (b"name\ncaf\xe9\n", 2, "byte 0xe9 is not UTF-8, expected text"),
        (b"\x89PNG\r\n\x1a\n", 1, "byte 0x89 is not UTF-8"),
        (b"a\nb\nc\0d\n", 3, "found a zero byte, expected text"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, line: int | None, fragment: str) -> None:
    with pytest.raises(ReadError, match=fragment) as caught:
        decode(data)
    assert caught.value.line == line


@pytest.mark.parametrize("word", ["1", "-2", "+3", "4.", ".5", "-0.25", "1e3", "1.5E-2", "0001"])
def test_numbers_in_every_writing(word: str) -> None:
    assert number(word, "x", 1) == float(word)
    assert Block("B", 1, word).numbers().tolist() == [float(word)]


@pytest.mark.parametrize(
    "word", ["nan", "inf", "1_0", "0x1", "1,5", "e5", ".", "--1", "1e", "١", "1e999", "9e15"]
)
def test_whatever_is_no_finite_number_is_refused(word: str) -> None:
    with pytest.raises(ReadError, match=r"line 3: x is .*expected a number"):
        number(word, "x", 3)
    with pytest.raises(ReadError, match=r"line 8: B is .*expected a number"):
        Block("B", 7, f"1 2\n3 {word}").numbers()
    with pytest.raises(ReadError, match=r"line 8: B: y is .*expected a number"):
        Block("B", 7, f"1 2\n3 {word}").table(("x", "y"))


@pytest.mark.parametrize("word", ["1.5", "-1", "1e-1"])
def test_what_is_no_whole_number_is_refused(word: str) -> None:
    with pytest.raises(ReadError, match="expected a whole number from 0 on"):
        integer(word, "x", 1, 0)


def test_long_words_are_cut_in_messages() -> None:
    with pytest.raises(ReadError) as caught:
        number("x" * 10_000, "y", 1)
    assert len(str(caught.value)) < 100


def test_table_skips_blank_lines_and_counts_them() -> None:
    block = Block("B", 10, "\n2 20\n  \n1 10\n\n")
    table = Table.read(block, "node", ("x",), 1, 2)
    assert table.values.tolist() == [[10], [20]]
    assert table.error(0, "wrong").line == 13


@given(
    st.lists(
        st.tuples(st.integers(-(10**15), 10**15), st.integers(0, 15)).filter(
            lambda pair: abs(pair[0]) < LARGEST
        ),
        min_size=1,
    )
)
def test_decimal_text_becomes_integers_without_loss(parts: list[tuple[int, int]]) -> None:
    exact = [Decimal(value).scaleb(-digits) for value, digits in parts]
    values = np.array([float(format(value, "f")) for value in exact])
    assert all(is_exact(value) for value in values.tolist())
    needed = max(
        (-int(value.normalize().as_tuple().exponent) for value in exact if value), default=0
    )
    needed = max(needed, 0)
    if max(abs(value) for value in exact) * 10**needed >= LARGEST:
        with pytest.raises(ProblemError, match="digits together"):
            decimals(values)
        return
    assert decimals(values) == needed
    assert to_integers(values, 10**needed).tolist() == [int(v * 10**needed) for v in exact]


@pytest.mark.parametrize("value", [1 / 3, 0.1 + 0.2, np.pi, float(2**50)])
def test_too_many_digits_are_noticed(value: float) -> None:
    assert not is_exact(value)
    with pytest.raises(ProblemError, match="digits together"):
        decimals(np.array([1.0, value]))


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (784, 1, "784"),
        (8270, 10, "827"),
        (8273, 10, "827.3"),
        (-5, 1000, "-0.005"),
        (0, 10, "0"),
        (1, 10**7, "0.0000001"),
        (2**60 * 10 + 1, 10, "1152921504606846976.1"),
    ],
)
def test_costs_are_written_plainly(value: int, scale: int, text: str) -> None:
    assert plain(value, scale) == text
