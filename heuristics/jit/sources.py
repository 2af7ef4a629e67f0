"""Which files kernels are made of: those that hold one, and all that these import.

What a kernel does is decided by its own file, by those of its callees, and by every module that a
constant in one of them comes from. Imports are read off the files' text and not followed by running
them, since the cache folder must be known before the first is imported.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2]
"""The folder of the package `polyroute`."""

_DECORATED = re.compile(rb"^@(kernel|inner|inline|specialise\(|dispatch\()", re.MULTILINE)
# At the beginning of a line alone: what a function imports on its way is no constant of a module.
_IMPORT = re.compile(
    r"^(?:from +(polyroute[\w.]*) +import +(\([^)]*\)|.*)|import +(polyroute[\w.]*))", re.MULTILINE
)


def kernel_sources(package: Path = PACKAGE) -> list[Path]:
    """The files under `package` that kernels, and how they are compiled, are made of; sorted."""
    rooms = package / "heuristics"
    todo = list((rooms / "jit").glob("*.py"))
    todo += [path for path in rooms.rglob("*.py") if _DECORATED.search(path.read_bytes())]
    found: set[Path] = set()
    known: set[str] = set()
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            modules = set(_imported(path)) - known
            known |= modules
            todo += [file for module in modules for file in _files(package, module)]
    return sorted(found)


def _imported(path: Path) -> Iterator[str]:
    """The modules of the package that the file imports when it is imported itself."""
    for module, names, alone in _IMPORT.findall(path.read_text(encoding="utf-8")):
        for name in re.findall(r"\w+", re.sub("#.*", "", names)):
            yield f"{module}.{name}"  # where the name is a module's
        yield module or alone


def _files(package: Path, module: str) -> Iterator[Path]:
    # Of words and not of paths: hundreds of these are made each time that a search begins.
    place = os.path.join(package, *module.split(".")[1:])
    named = (f"{place}.py", os.path.join(place, "__init__.py"))
    return (Path(name) for name in named if os.path.isfile(name))
