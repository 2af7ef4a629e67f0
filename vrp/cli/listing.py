"""``--list``: the solvers and formats, and what each supports."""

from __future__ import annotations

import inspect
import json
from importlib import import_module
from textwrap import fill

from polyroute.vrp.api import SOLVERS, load_solver
from polyroute.vrp.draw import PICTURES
from polyroute.vrp.errors import MissingPackageError
from polyroute.vrp.io import FORMATS, SOLUTIONS, WRITERS


def print_listing(*, as_json: bool) -> None:
    """Print the listing for people, or as one JSON object."""
    if as_json:
        print(json.dumps(listing(), ensure_ascii=False))
        return
    print("Solvers, and what they support beyond bare clients and distances:")
    for name in SOLVERS:
        print(_entry(name, _supports(name)))
    for title, registry in (
        ("Formats of instances (--format):", FORMATS),
        ("Formats of plans that are read (--start, --check):", SOLUTIONS),
        ("Formats of plans that are written (--out):", WRITERS),
    ):
        print(f"\n{title}")
        for name, where in registry.items():
            print(_entry(name, _about(where)))
    print(f"\nPictures (--plot): {', '.join(PICTURES)}")


def listing() -> dict[str, object]:
    """Solvers with their features, and formats with what they are."""
    registries = {"formats": FORMATS, "plans": SOLUTIONS, "out": WRITERS}
    about = {
        key: {name: _about(where) for name, where in registry.items()}
        for key, registry in registries.items()
    }
    solvers = {name: _supports(name).split(", ") for name in SOLVERS}
    return {"solvers": solvers, **about, "plot": list(PICTURES)}


def _supports(name: str) -> str:
    """The features that a solver takes, or why it cannot be used."""
    try:
        return ", ".join(sorted(load_solver(name).SUPPORTS))
    except MissingPackageError as error:
        return str(error)


def _about(where: str) -> str:
    """The first line of the docstring of the module in ``module:name``."""
    doc = inspect.getdoc(import_module(where.partition(":")[0])) or ""
    return doc.partition("\n")[0].replace("``", "")


def _entry(name: str, text: str) -> str:
    return fill(text, 100, initial_indent=f"  {name:<9} ", subsequent_indent=" " * 12)
