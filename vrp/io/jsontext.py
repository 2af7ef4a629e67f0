"""JSON text in and out: exact numbers, and a pointer for every complaint."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias, Union, cast

from polyroute.vrp.errors import ReadError

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

Json: TypeAlias = Union[bool, int, float, Decimal, str, list["Json"], dict[str, "Json"], None]  # noqa: UP007 (a string has no |)
Object: TypeAlias = dict[str, Json]

LONGEST_NUMBER = 100  # characters; more are a mistake or an attack
LARGEST_EXPONENT = 300
LONGEST_LINE = 120
SHOWN = 40  # characters of a wrong value that a message repeats


def parse(text: str) -> Json:
    """The JSON value that `text` holds, numbers with a point or an exponent as Decimal.

    Raises ReadError with the line if it is not JSON, holds a number out of all proportion or
    gives a field twice.
    """

    def error(message: str, word: str) -> ReadError:
        return ReadError(message, line=text.count("\n", 0, max(text.find(word), 0)) + 1)

    def integer(word: str) -> int:
        if len(word) > LONGEST_NUMBER:
            raise error(f"a number has {len(word)} digits, expected fewer", word)
        return int(word)

    def decimal(word: str) -> Decimal:
        exponent = word.lower().partition("e")[2]
        if len(word) > LONGEST_NUMBER or (exponent and abs(int(exponent)) > LARGEST_EXPONENT):
            raise error(f"a number is {word[:SHOWN]}, expected a smaller one", word)
        return Decimal(word)

    def constant(word: str) -> Json:
        raise error(f"found {word}, which is no JSON, expected a number or null", word)

    def unique(pairs: list[tuple[str, Json]]) -> Object:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            quoted = json.dumps(twice)
            raise error(f"the field {quoted} is given twice in one object", quoted)
        return found

    try:
        value: Json = json.loads(
            text,
            parse_int=integer,
            parse_float=decimal,
            parse_constant=constant,
            object_pairs_hook=unique,
        )
    except json.JSONDecodeError as found:
        message = found.msg[:1].lower() + found.msg[1:]
        raise ReadError(f"not JSON: {message} (column {found.colno})", line=found.lineno) from None
    except RecursionError:
        raise ReadError("JSON is nested too deeply") from None
    return value


def validate(document: Json, schema: str) -> None:
    """Raise ReadError for the first thing in `document` that the schema file forbids.

    The message's "expected" is the title of the part of the schema that was broken.
    """
    found = next(_validator(schema).iter_errors(document), None)
    if found is not None:
        raise _read_error(found)


def take_unknown(document: Json, schema: str) -> list[tuple[tuple[str | int, ...], str | None]]:
    """Take out of `document` the fields that the schema file does not know.

    Returns the path of each, in order, with the known name that it comes close to.
    """
    root = cast("Object", _validator(schema).schema)
    taken: list[tuple[tuple[str | int, ...], str | None]] = []

    def walk(value: Json, rule: Object, path: tuple[str | int, ...]) -> None:
        if "$ref" in rule:
            rule = cast("dict[str, Object]", root["$defs"])[str(rule["$ref"]).rpartition("/")[2]]
        if isinstance(value, list) and "items" in rule:
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    walk(item, cast("Object", rule["items"]), (*path, index))
        elif isinstance(value, dict):
            known = cast("dict[str, Object]", rule.get("properties", {}))
            others = rule.get("additionalProperties", True)
            for name in [*value]:
                part = known.get(name, others)
                if isinstance(part, dict):
                    walk(value[name], part, (*path, name))
                elif part is False:
                    del value[name]
                    close = get_close_matches(name, known, n=1)
                    taken.append(((*path, name), close[0] if close else None))

    walk(document, root, ())
    return taken


def pointer(path: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def shown(value: Json) -> str:
    """A value as a message repeats it, cut where it is long."""
    text = _inline(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


@cache
def _validator(schema: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((files("polyroute.vrp.io") / schema).read_text("utf-8")))


def _read_error(found: ValidationError) -> ReadError:
    path = list(found.absolute_path)
    value = found.instance
    if found.validator == "additionalProperties" and isinstance(value, dict):
        known = sorted(found.schema.get("properties", {}))
        name = next(name for name in value if name not in known)
        close = get_close_matches(name, known, n=1)
        expected = f"did you mean {close[0]}?" if close else f"expected one of {', '.join(known)}"
        return ReadError(f"the field is unknown, {expected}", pointer=pointer([*path, name]))
    if found.validator == "required" and isinstance(value, dict):
        missing = next(name for name in found.validator_value if name not in value)
        return ReadError(f"the field {missing} is missing", pointer=pointer(path))
    if found.validator == "dependentRequired" and isinstance(value, dict):
        given, missing = next(
            (given, name)
            for given, names in found.validator_value.items()
            for name in names
            if given in value and name not in value
        )
        return ReadError(f"found {given} without {missing}, expected both", pointer=pointer(path))
    return ReadError(
        f"found {shown(value)}, expected {found.schema['title']}", pointer=pointer(path)
    )


def layout(value: Json, indent: int = 0) -> str:
    """JSON text that people can read: plain objects and rows of numbers are on one line each."""
    if not value or not isinstance(value, dict | list):
        return _inline(value)
    inner = list(value.values()) if isinstance(value, dict) else value
    if all(_is_plain(item, isinstance(value, dict)) for item in inner) and indent:
        return _inline(value)
    if indent and not any(isinstance(item, dict) for item in inner):
        text = _inline(value)
        if len(text) <= LONGEST_LINE:
            return text
    margin = " " * (indent + 2)
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {layout(item, indent + 2)}" for key, item in value.items()]
    else:
        items = [layout(item, indent + 2) for item in value]
    left, right = "{}" if isinstance(value, dict) else "[]"
    return left + "\n" + ",\n".join(margin + item for item in items) + "\n" + " " * indent + right


def _is_plain(value: Json, lists: bool) -> bool:
    """Whether a value holds no other; with `lists`, also whether it is a list of such."""
    if isinstance(value, list) and lists:
        return all(_is_plain(item, False) for item in value)
    return not isinstance(value, dict | list)


def _inline(value: Json) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except TypeError:  # Decimal, which json cannot write
        pass
    if isinstance(value, dict):
        items = (f"{json.dumps(key)}: {_inline(item)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    assert isinstance(value, Decimal)
    return format(value, "f")
