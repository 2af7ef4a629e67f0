"""The command ``polyroute``, which is ``python -m polyroute``: a sub-command and its options."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from polyroute.commands import COMMANDS
from polyroute.vrp.cli.command import DONE, run_command
from polyroute.vrp.cli.parser import UsageError, suggest
from polyroute.vrp.version import __version__

PROGRAM = "polyroute"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    words = sys.argv[1:] if argv is None else argv
    return run_command(PROGRAM, lambda: _dispatch(words))


def _dispatch(words: Sequence[str]) -> int:
    if not words:
        raise UsageError(f"no command is given, expected one of {_known()} (see --help)")
    name, *rest = words
    if name in ("-h", "--help"):
        print(_help())
        return DONE
    if name == "--version":
        print(f"{PROGRAM} {__version__}")
        return DONE
    if name not in COMMANDS:
        raise UsageError(_mistaken(name))
    module, function = COMMANDS[name][0].split(":")
    code: int = getattr(import_module(module), function)(rest)
    return code


def _mistaken(word: str) -> str:
    """What is wrong with a first word that is no command."""
    if word.startswith("-"):
        return f"found the option {word}, expected a command, as in '{PROGRAM} solve {word}'"
    if Path(word).suffix or Path(word).is_file():
        solve = f"{PROGRAM} solve {shlex.quote(word)}"
        return f"found the file {word}, expected a command, as in '{solve}'"
    hint = suggest(word, COMMANDS) or f", expected one of {_known()}"
    return f"command '{word}' is unknown{hint}"


def _known() -> str:
    return ", ".join(COMMANDS)


def _help() -> str:
    width = max(map(len, COMMANDS))
    listed = "\n".join(f"  {name:<{width}}  {about}" for name, (_, about) in COMMANDS.items())
    return f"""\
usage: {PROGRAM} COMMAND [options]

Vehicle routing of every kind.

commands:
{listed}

  --version  the version
  --help     this text; after a command, that command's

example: {PROGRAM} solve city.vrp --time 30 --out city.sol --plot city.png"""


if __name__ == "__main__":
    sys.exit(main())
