"""Keyword files split into headers and sections, without a thought of their meaning."""

from __future__ import annotations

import pytest

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.keywords import parse_keywords


def test_headers_and_sections_keep_their_lines() -> None:
    file = parse_keywords('NAME : "a b"\n\nkind: c : d\nX_SECTION\n1 2\n\n3 4\nword 5\nEOF\nrest')
    assert [(header.key, header.value, header.line) for header in file.headers.values()] == [
        ("NAME", "a b", 1),
        ("KIND", "c : d", 3),
    ]
    block = file.sections["X_SECTION"]
    assert list(block.rows()) == [(5, ["1", "2"]), (7, ["3", "4"]), (8, ["word", "5"])]
    assert file.last_line == 9


def test_a_header_may_follow_a_section() -> None:
    file = parse_keywords("X_SECTION\n1\nSIZE : 5\nY_SECTION :\n2\n")
    assert file.headers["SIZE"].line == 3
    assert {name: block.text.strip() for name, block in file.sections.items()} == {
        "X_SECTION": "1",
        "Y_SECTION": "2",
    }


def test_comments_may_come_twice_but_nothing_else() -> None:
    parse_keywords("COMMENT : a\nCOMMENT : b\n")
    for text in ("NAME : a\nNAME : b\n", "X_SECTION\nX_SECTION\n", "X_SECTION\nEND:\nX_SECTION\n"):
        with pytest.raises(ReadError, match="is given twice, expected once"):
            parse_keywords(text)


def test_numbers_outside_every_section_are_refused() -> None:
    with pytest.raises(ReadError, match="line 3: found '1 2' outside every section"):
        parse_keywords("NAME : a\n\n1 2\nX_SECTION\n")
