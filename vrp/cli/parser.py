"""A parser that raises instead of exiting, and suggestions for a misspelt word."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NoReturn


class UsageError(Exception):
    """The command line is wrong; the message is one sentence."""


def suggest(word: str, known: Iterable[str]) -> str:
    """``, did you mean 'x'?`` where something known is close, else nothing."""
    close = get_close_matches(word, list(known), n=1)
    return f", did you mean '{close[0]}'?" if close else ""


class Parser(argparse.ArgumentParser):
    """Raises UsageError instead of printing the usage and exiting."""

    def flags(self) -> list[str]:
        """Every long option."""
        return [flag for flag in self._option_string_actions if flag.startswith("--")]

    def error(self, message: str) -> NoReturn:
        raise UsageError(message.removeprefix("argument "))
