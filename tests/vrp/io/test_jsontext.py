"""JSON text is exact both ways, and laid out for people."""

from decimal import Decimal

import pytest

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.jsontext import layout, parse, pointer


def test_a_number_keeps_every_digit():
    assert parse('{"a": 0.1000000000000000055}') == {"a": Decimal("0.1000000000000000055")}
    assert layout([Decimal("1E-20")]) == "[\n  0.00000000000000000001\n]"


def test_text_survives_layout():
    value = {"a": [1, None, True], "b": [{"c": "é\n", "d": []}, {}], "e": {"f": [[1, 2], [3]]}}
    assert parse(layout(value)) == value


def test_rows_and_plain_objects_are_on_one_line():
    value = {"rows": [list(range(100)), [1]], "items": [{"a": 1, "b": [1, 2]}, {"a": 2}]}
    assert layout(value).splitlines() == [
        "{",
        '  "rows": [',
        f"    {list(range(100))},",
        "    [1]",
        "  ],",
        '  "items": [',
        '    {"a": 1, "b": [1, 2]},',
        '    {"a": 2}',
        "  ]",
        "}",
    ]


def test_what_is_no_json_number_is_not_written():
    with pytest.raises(ValueError, match="not JSON compliant"):
        layout([float("nan")])


def test_a_pointer_escapes_its_parts():
    assert pointer(["a/b", 0, "~"]) == "/a~1b/0/~0"


def test_an_error_tells_the_line():
    with pytest.raises(
        ReadError, match=r"^line 2: not JSON: expecting ',' delimiter \(column 1\)$"
    ):
        parse("[1\n2]")
