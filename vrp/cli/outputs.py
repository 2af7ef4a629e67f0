"""Where plans and pictures go: checked before the solve, written after it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from polyroute.vrp.cli.arguments import REPORT_SUFFIXES
from polyroute.vrp.cli.options import Options
from polyroute.vrp.cli.parser import UsageError
from polyroute.vrp.draw import PICTURES
from polyroute.vrp.io import WRITERS, instance_name, split_address, writer_suffix


def for_instance(template: Path, instance: Path) -> Path:
    """`template` with ``{name}`` replaced by the instance's name: its file without the suffix.

    Where the file holds several instances, the name ends in ``:K``.
    """
    return Path(str(template).replace("{name}", instance_name(instance)))


def check_outputs(options: Options) -> None:
    """Raise UsageError for a file that could not be written after the solve."""
    for flag, templates, suffixes in (
        ("--out", options.out, tuple(WRITERS)),
        ("--plot", options.plot, tuple(PICTURES)),
        ("--report", options.report, REPORT_SUFFIXES),
    ):
        for template in templates:
            suffix = writer_suffix(template) if flag == "--out" else template.suffix.lower()
            if suffix not in suffixes:
                raise UsageError(
                    f"{flag} {template} has the suffix '{template.suffix}', "
                    f"expected one of {', '.join(suffixes)}"
                )
    inputs = {split_address(path)[0].resolve() for path in options.instances}
    taken: dict[Path, Path] = {}
    for template, instance in _pairs(options):
        path = for_instance(template, instance)
        _check_writable(path)
        resolved = path.resolve()
        if resolved in inputs:
            raise UsageError(f"{path} is an instance, writing to it would destroy it")
        if resolved in taken and taken[resolved] != instance:
            advice = "" if "{name}" in str(template) else "; use {name} in its name"
            raise UsageError(f"{path} would hold both {taken[resolved]} and {instance}{advice}")
        if resolved in taken:
            raise UsageError(f"{path} would be written twice")
        taken[resolved] = instance
    for path in options.report:
        _check_writable(path)


def _pairs(options: Options) -> Iterator[tuple[Path, Path]]:
    return (
        (template, instance)
        for template in (*options.out, *options.plot)
        for instance in options.instances
    )


def _check_writable(path: Path) -> None:
    if not path.parent.is_dir():
        raise UsageError(f"{path} cannot be written, there is no folder {path.parent}")
    if path.is_dir():
        raise UsageError(f"{path} cannot be written, it is a folder")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UsageError(f"{path} cannot be written, permission denied")
