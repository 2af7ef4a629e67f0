"""Keyword files of the TSPLIB family, as text: ``KEY : value`` headers and sections of numbers.

Nothing is interpreted here; `vrp.io.vrplib` and `vrp.io.tour` give the words their meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.text import Block, quote

WORDS = re.compile(r"^[ \t]*([A-Za-z_][^\n]*)$", re.MULTILINE)  # lines that begin with a letter
KEY = re.compile(r"([A-Za-z_]\w*)[ \t]*([:=]?)[ \t]*(.*)", re.ASCII | re.DOTALL)
REMARK = re.compile(r"^[ \t]*#[^\n]*", re.MULTILINE)


@dataclass(frozen=True)
class Header:
    """The value of a ``KEY : value`` line."""

    key: str
    value: str
    line: int

    def error(self, expected: str) -> ReadError:
        """The value is not what was `expected`."""
        return ReadError(f"{self.key} is {quote(self.value)}, expected {expected}", line=self.line)


@dataclass(frozen=True)
class KeywordFile:
    """Headers and sections by keyword, in upper case and in the order of the file."""

    headers: dict[str, Header]
    sections: dict[str, Block]
    last_line: int
    ended: bool = False  # by EOF, so that nothing is cut off

    def header(self, key: str) -> Header:
        """The header `key`; raises ReadError if it is missing."""
        if key not in self.headers:
            raise ReadError(f"the header {key} is missing", line=self.last_line)
        return self.headers[key]

    def line_of(self, key: str) -> int:
        """The line on which the header or section `key`, which there is, begins."""
        return self.headers[key].line if key in self.headers else self.sections[key].start - 1

    def has(self, *keys: str) -> bool:
        """Whether any of `keys` is a header or a section."""
        return any(key in self.headers or key in self.sections for key in keys)

    def section(self, name: str) -> Block:
        """The section `name`; raises ReadError if it is missing."""
        if name not in self.sections:
            raise ReadError(f"{name} is missing, or the file is cut short", line=self.last_line)
        return self.sections[name]


def parse_keywords(text: str) -> KeywordFile:
    """Split the text of a keyword file; lines behind ``#`` and what follows EOF are left out.

    Raises ReadError for a line that belongs to nothing and for a key that comes twice, other
    than COMMENT.
    """
    text = REMARK.sub("", text) if "#" in text else text
    headers: dict[str, Header] = {}
    sections: dict[str, Block] = {}
    line, counted = 1, 0  # `line` is the number of the line that holds position `counted`
    section, begin, begin_line = "", 0, 1

    def close(end: int) -> None:
        body = text[begin:end]
        if section:
            sections[section] = Block(section, begin_line, body)
        elif body.strip():
            skipped = len(body) - len(body.lstrip())
            stray = body.split("\n")[body.count("\n", 0, skipped)].strip()
            raise ReadError(
                f"found {quote(stray)} outside every section, expected a keyword",
                line=begin_line + body.count("\n", 0, skipped),
            )

    for match in WORDS.finditer(text):
        parts = KEY.match(match.group(1).rstrip())
        key = parts.group(1).upper() if parts else ""
        if parts is None or not (
            parts.group(2) or key.endswith("_SECTION") or key == "EOF" or not section
        ):
            continue  # a word among a section's numbers: the section's reader complains
        line += text.count("\n", counted, match.start())
        counted = match.start()
        close(counted)
        section, begin, begin_line = "", match.end() + 1, line + 1
        if key == "EOF":
            return KeywordFile(headers, sections, line, ended=True)
        if (key in headers and key != "COMMENT") or key in sections:
            raise ReadError(f"{key} is given twice, expected once", line=line)
        value = parts.group(3).strip().strip('"').strip()
        if not key.endswith("_SECTION"):
            headers[key] = Header(key, value, line)
        elif value:
            raise ReadError(f"found {quote(value)} after {key}, expected a new line", line=line)
        else:
            section = key
            sections[key] = Block(key, begin_line, "")
    close(len(text))
    return KeywordFile(headers, sections, max(text.rstrip().count("\n") + 1, 1))
