"""Where plans and pictures go: checked before the solve, written after it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from polyroute.vrp.cli.arguments import REPORT_SUFFIXES
from polyroute.vrp.cli.options import Options
from polyroute.vrp.cli.parser import UsageError
from polyroute.vrp.draw import PICTURES
from polyroute.vrp.errors import STREAM
from polyroute.vrp.io import WRITERS, instance_name, split_address, writer_suffix
from polyroute.vrp.io.files import identity


def for_instance(template: Path, instance: Path) -> Path:
    """`template` with ``{name}`` replaced by the instance's name: its file without the suffix.

    Where the file holds several instances, the name ends in ``:K``.
    """
    return Path(str(template).replace("{name}", instance_name(instance)))


def out_suffix(template: Path, options: Options, format: str | None) -> str:
    """The suffix of `WRITERS` that says how to write a plan to `template`, checked before.

    To stdout a plan goes as ``--out-format`` says, else as the files of the same family hold it
    that the problem came from, a file of `format`.
    """
    if str(template) != STREAM:
        return str(writer_suffix(template))
    if options.out_format is not None:
        return f".{options.out_format}"
    return {"json": ".json", "vroom": ".vroom.json"}.get(format or "", ".sol")


def check_outputs(options: Options) -> None:
    """Raise UsageError for a file that could not be written after the solve, or that is read."""
    for flag, templates, suffixes in (
        ("--out", options.out, tuple(WRITERS)),
        ("--plot", options.plot, tuple(PICTURES)),
        ("--report", options.report, REPORT_SUFFIXES),
    ):
        for template in templates:
            if flag == "--out" and str(template) == STREAM:
                continue
            suffix = writer_suffix(template) if flag == "--out" else template.suffix.lower()
            if suffix not in suffixes:
                raise UsageError(
                    f"{flag} {template} has the suffix '{template.suffix}', "
                    f"expected one of {', '.join(suffixes)}"
                )
    read = {identity(path): what for what, path in _read(options) if str(path) != STREAM}
    taken: dict[object, Path | None] = {}
    for template, path, instance in _written(options):
        if str(path) != STREAM:
            _check_writable(path)
        known = identity(path)
        if known in read:
            raise UsageError(f"{path} is {read[known]}, writing to it would destroy it")
        if known in taken and taken[known] == instance:
            raise UsageError(f"{path} would be written twice")
        if known in taken:
            streamed = str(path) == STREAM
            named = streamed or "{name}" in str(template)
            raise UsageError(
                f"{'stdout' if streamed else path} would hold both {taken[known]} and {instance}"
                + ("" if named else "; use {name} in its name")
            )
        taken[known] = instance


def _read(options: Options) -> Iterator[tuple[str, Path]]:
    """What each file is that the run reads; `heuristics.compare` looks after its own."""
    for instance in options.instances:
        yield "an instance", split_address(instance)[0]
        for what, template in (("the plan to check", options.check), ("the start", options.start)):
            if template is not None:
                yield what, for_instance(template, instance)


def _written(options: Options) -> Iterator[tuple[Path, Path, Path | None]]:
    """What the run writes: as it was asked for, as a file, and for which instance if for one."""
    for template in (*options.out, *options.plot):
        for instance in options.instances:
            yield template, for_instance(template, instance), instance
    for path in options.report:
        yield path, path, None


def _check_writable(path: Path) -> None:
    if not path.parent.is_dir():
        raise UsageError(f"{path} cannot be written, there is no folder {path.parent}")
    if path.is_dir():
        raise UsageError(f"{path} cannot be written, it is a folder")
    place = Path(os.path.realpath(path))
    beside = place.parent if place.is_file() or not place.exists() else place
    if not all(os.access(where, os.W_OK) for where in (beside, place) if where.exists()):
        raise UsageError(f"{path} cannot be written, permission denied")
