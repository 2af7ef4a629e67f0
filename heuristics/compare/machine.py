"""Where and with what a comparison ran: machine, versions, load."""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import shutil
from functools import cache
from importlib import metadata
from pathlib import Path

from polyroute.heuristics.baselines.request import EXTRA
from polyroute.vrp.errors import MissingPackageError
from polyroute.vrp.version import __version__

PACKAGES = {
    "pyvrp": "pyvrp",
    "hgs": "hygese",
    "ortools": "ortools",
    "vroom": "pyvroom",
    "lkh": "elkai",
}
"""The package whose version is a baseline's version."""

EXTRAS = {"lkh": "lkh"}
"""The extra that installs a baseline, where it is not EXTRA."""

OURS = ("vrp", "models", *(f"heuristics/{room}" for room in ("jit", "kernels", "layout", "search")))
"""The folders whose code a search of ours may run: no baselines, and no harness."""

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds these."""


@cache
def machine() -> str:
    """Processor and number of cores, as told in every row."""
    return f"{_processor()}, {os.cpu_count()} cores"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def load_average() -> float:
    """Processes that ran or waited to run, on average over the last minute."""
    return os.getloadavg()[0]


def file_hash(path: Path) -> str:
    """A short hash of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def solver_version(name: str) -> str:
    """The version of a solver, under which its rows are kept.

    For our own solvers it holds a hash of the sources, so that a change asks for new rows; for a
    program behind ``cmd:`` it is the hash of its file. Raises MissingPackageError if a baseline's
    package is not installed.
    """
    if name.startswith("cmd:"):
        words = shlex.split(name.removeprefix("cmd:"))
        files = [Path(found) for word in words[:1] if (found := shutil.which(word))]
        files += [Path(word) for word in words[1:] if Path(word).is_file()]
        return "-".join(file_hash(file)[:7] for file in files) or "unknown"
    if name not in PACKAGES:
        return f"{__version__}+{_sources_hash()}"
    try:
        return metadata.version(PACKAGES[name])
    except metadata.PackageNotFoundError:
        raise MissingPackageError(PACKAGES[name], EXTRAS.get(name, EXTRA)) from None


def _sources_hash() -> str:
    """A hash of the sources that a search of ours may run: neither baselines nor harness."""
    digest = hashlib.sha256()
    for file in sorted(path for room in OURS for path in (ROOT / room).rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:7]
