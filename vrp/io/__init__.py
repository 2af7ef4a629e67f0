"""Files: problems and plans are read by their content, results are written by their suffix.

One module a format, imported on use. To add a format, write its module and name it here.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from polyroute.vrp.coarse import coarse_distances
from polyroute.vrp.errors import STREAM, PolyrouteError, ProblemError, ReadError
from polyroute.vrp.io.address import instance_name, split_address
from polyroute.vrp.io.claims import claim_of, remark_on_claim
from polyroute.vrp.io.detect import detect_problem, detect_solution
from polyroute.vrp.io.files import read_bytes, write_bytes, write_text
from polyroute.vrp.io.text import decode
from polyroute.vrp.problem import Problem
from polyroute.vrp.remarks import remark, remarks_on
from polyroute.vrp.solution import Solution

if TYPE_CHECKING:
    from polyroute.vrp.check import Evaluation
    from polyroute.vrp.result import Result

__all__ = [
    "FORMATS",
    "SOLUTIONS",
    "WRITERS",
    "check_claim",
    "count_instances",
    "detect_format",
    "instance_name",
    "read_problem",
    "read_problems",
    "read_solution",
    "split_address",
    "write_bytes",
    "write_result",
    "write_text",
    "writer_suffix",
]

FORMATS: dict[str, str] = {
    "vrplib": "polyroute.vrp.io.vrplib:read_vrplib",
    "tsplib": "polyroute.vrp.io.vrplib:read_vrplib",
    "solomon": "polyroute.vrp.io.solomon:read_solomon",
    "lilim": "polyroute.vrp.io.lilim:read_lilim",
    "cordeau": "polyroute.vrp.io.cordeau:read_cordeau",
    "christofides": "polyroute.vrp.io.christofides:read_christofides",
    "dlp": "polyroute.vrp.io.dlp:read_dlp",
    "taillard": "polyroute.vrp.io.taillard:read_taillard",
    "json": "polyroute.vrp.io.native:read_problem_json",
    "vroom": "polyroute.vrp.io.vroom:read_vroom",
    "routefinder": "polyroute.vrp.io.routefinder:read_routefinder",
}
"""Formats of problems, and the functions that read their text, given the label of an arc rule."""

ARRAYS = ("routefinder",)
"""Formats that are no text: their functions take bytes and, last, which instance to read."""

SOLUTIONS: dict[str, str] = {
    "sol": "polyroute.vrp.io.sol:read_sol",
    "tour": "polyroute.vrp.io.tour:read_tour",
    "res": "polyroute.vrp.io.cordeau:read_cordeau_plan",
    "json": "polyroute.vrp.io.native_plan:read_solution_json",
    "vroom": "polyroute.vrp.io.vroom_plan:read_vroom_plan",
    "csv": "polyroute.vrp.io.csv:read_solution_csv",
}
"""Formats of plans, and the functions that read their text for a problem."""

WRITERS: dict[str, str] = {
    ".sol": "polyroute.vrp.io.sol:format_result",
    ".tour": "polyroute.vrp.io.tour:format_result",
    ".json": "polyroute.vrp.io.record:format_json",
    ".vroom.json": "polyroute.vrp.io.vroom_plan:format_vroom",
    ".geojson": "polyroute.vrp.io.geojson:format_geojson",
    ".csv": "polyroute.vrp.io.csv:format_csv",
}
"""Suffixes of result files, and the functions that make their text."""

FIXED = ("vrplib", "tsplib")
"""Formats that say how distances are rounded, to integers, whatever the coordinates are."""

ROUNDED = ("nearest", "floor", "ceil", "trunc1", "milli", "none")
"""Arc rules that may replace a file's own; the others change what coordinates mean."""


def read_problem(
    path: str | Path, *, format: str | None = None, round: str | None = None
) -> Problem:
    """Read a problem file; the format is detected by content unless named.

    Parameters
    ----------
    path
        The file, or ``FILE:K`` for the instance K, from 0, of one that holds several.
    format
        A key of `FORMATS`.
    round
        Label of the arc rule that replaces the file's own (see `vrp.arcs.ArcRule`).

    Raises
    ------
    ReadError
        If the file cannot be opened or understood, or holds several instances and none is named.
    PolyrouteError
        If `format` or `round` is unknown or does not go with the file.
    """
    _check_labels(format, round)
    file, row = split_address(path)
    return _read_one(path, read_bytes(file), format, round, row)


def read_problems(
    path: str | Path,
    *,
    format: str | None = None,
    round: str | None = None,
    rows: slice = slice(None),
) -> list[Problem]:
    """The problems of a file that holds several, or those of them that `rows` cuts out.

    A file of any other format has one. Raises what `read_problem` raises.
    """
    _check_labels(format, round)
    data = read_bytes(path)
    number = _count(path, data, format)
    if number == 1:
        return [_read_one(path, data, format, round, None)][rows]
    chosen = range(number)[rows]
    return [_read_one(f"{path}:{row}", data, format, round, row) for row in chosen]


def count_instances(path: str | Path, *, format: str | None = None) -> int:
    """How many instances a file holds; 1 for one that is named as ``FILE:K``. Raises ReadError."""
    file, row = split_address(path)
    return 1 if row is not None else _count(path, read_bytes(file), format)


def detect_format(path: str | Path) -> str:
    """The format of a problem file by its content, a key of `FORMATS`. Raises ReadError."""
    data = read_bytes(split_address(path)[0])
    try:
        return detect_problem(data, FORMATS)
    except ReadError as error:
        raise error.at(path) from None


def _check_labels(format: str | None, round: str | None) -> None:
    if format is not None and format not in FORMATS:
        raise PolyrouteError(f"format {format!r} is unknown, expected one of {', '.join(FORMATS)}")
    if round is not None and round not in ROUNDED:
        raise PolyrouteError(
            f"rounding rule {round!r} is unknown, expected one of {', '.join(ROUNDED)}"
        )


def _read_one(
    path: str | Path, data: bytes, format: str | None, round: str | None, row: int | None
) -> Problem:
    """The problem in a file's content; `path` is for messages and the name."""
    try:
        format = format or detect_problem(data, FORMATS)
        function = _load(FORMATS[format])
        with remarks_on(path):
            if format in ARRAYS:
                problem: Problem = function(data, round, row)
            elif row is not None:
                raise ReadError(f"a file of format {format} holds one instance, expected no :{row}")
            else:
                problem = function(decode(data), round)
            if round is None and format in FIXED:
                _remark_on_distances(problem)
    except ReadError as error:
        raise error.at(path) from None
    except ProblemError as error:
        raise ReadError(str(error), path=path) from None
    return problem if problem.name else problem.replace(name=instance_name(path))


def _remark_on_distances(problem: Problem) -> None:
    """Say where rounding leaves next to nothing of the distances."""
    lost = coarse_distances(problem)
    if lost:
        remark(
            f"{lost}, as the file's rule ({problem.arc_rule.label}) wants: --round none keeps "
            "their decimals, or write the coordinates in a smaller unit"
        )


def _count(path: str | Path, data: bytes, format: str | None) -> int:
    try:
        format = format or detect_problem(data, FORMATS)
        if format not in ARRAYS:
            return 1
        count: int = _load(FORMATS[format].partition(":")[0] + ":count_instances")(data)
    except ReadError as error:
        raise error.at(path) from None
    return count


def read_solution(path: str | Path, problem: Problem) -> Solution:
    """Read a plan for `problem`: any of `SOLUTIONS`, by content.

    Plans may be partial or infeasible. Raises ReadError if the file cannot be opened or
    understood, or names what the problem does not have.
    """
    data = read_bytes(path)
    try:
        text = decode(data)
        with remarks_on(path):
            solution: Solution = _load(SOLUTIONS[detect_solution(text)])(text, problem)
    except ReadError as error:
        raise error.at(path) from None
    except ProblemError as error:
        raise ReadError(str(error), path=path) from None
    return solution


def check_claim(path: str | Path, problem: Problem, evaluation: Evaluation) -> None:
    """Remark on the file of a plan, which was read, that claims another cost than it has."""
    text = decode(read_bytes(path))
    claim = claim_of(text, detect_solution(text))
    if claim is not None:
        with remarks_on(path):
            remark_on_claim(claim, problem, evaluation)


def write_result(path: str | Path, result: Result, *, suffix: str | None = None) -> None:
    """Write a result in the format of the suffix (`WRITERS`); the file appears whole or not.

    Under ``-``, stdout, `suffix` says which format. Raises PolyrouteError for an unknown suffix or
    a place that cannot be written to, UnsupportedError where the format cannot hold the plan, and
    BrokenPipeError where nobody reads stdout.
    """
    suffix = suffix or writer_suffix(path)
    if suffix is None:
        raise PolyrouteError(
            f"{path}: suffix {Path(path).suffix!r} is unknown, expected one of {', '.join(WRITERS)}"
        )
    text: str = _load(WRITERS[suffix])(result)
    try:
        write_text(path, text)
    except OSError as error:
        streamed = str(path) == STREAM
        if streamed and isinstance(error, BrokenPipeError):
            raise
        where = "stdout" if streamed else path
        raise PolyrouteError(f"{where}: cannot be written: {error.strerror}") from None


def writer_suffix(path: str | Path) -> str | None:
    """The key of `WRITERS` in which a file's name ends, the longest; None if there is none."""
    name = Path(path).name.lower()
    found = [suffix for suffix in WRITERS if name.endswith(suffix) and name != suffix]
    return max(found, key=len, default=None)


def _load(where: str) -> Callable:
    """The function at ``module:name``."""
    module, name = where.split(":")
    function: Callable = getattr(import_module(module), name)
    return function
