"""Instances on the command line: a file that holds several stands for all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from polyroute.vrp.cli.options import Options
from polyroute.vrp.cli.parser import UsageError
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io import count_instances, split_address


def expand_instances(options: Options) -> Options:
    """The options with ``FILE:0``, ``FILE:1`` … in place of a file that holds several instances.

    A file that cannot be read stays, to be told of in its turn. Raises UsageError where the
    instances of a file are to be compared, which takes one a file.
    """
    instances = tuple(
        address for path in options.instances for address in _addresses(path, options.format)
    )
    if options.compare:
        for path in instances:
            file, row = split_address(path)
            if row is not None:
                raise UsageError(
                    f"{file} holds several instances, which --compare cannot tell apart; "
                    "expected files of one"
                )
    return replace(options, instances=instances)


def _addresses(path: Path, format: str | None) -> tuple[Path, ...]:
    try:
        number = count_instances(path, format=format)
    except PolyrouteError:
        number = 1
    return (path,) if number == 1 else tuple(Path(f"{path}:{row}") for row in range(number))
