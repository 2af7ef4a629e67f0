"""Whatever a file holds, a reader answers with a problem, a plan or one sentence."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io import FORMATS, read_problem, read_solution
from polyroute.vrp.io.vrplib import read_vrplib
from polyroute.vrp.solution import Route, Solution
from tests.vrp.io.dialects import BOTH, GROUPED, LISTED, LOADS, PAIRED, SIZED, TIMED, ZERO
from tests.vrp.io.texts import (
    CHRISTOFIDES,
    CORDEAU,
    CORDEAU_TIMED,
    CVRP,
    DLP,
    FLEET,
    LILIM,
    MULTITRIP,
    RES,
    SOL,
    SOLOMON,
    TAILLARD,
    TOUR,
    TSP,
    VRPB,
    VRPTW,
)

PROBLEMS = [CVRP, VRPTW, TSP, SOLOMON, LILIM, CORDEAU, CORDEAU_TIMED, DLP, FLEET, VRPB, MULTITRIP]
PROBLEMS += [CHRISTOFIDES, TAILLARD, BOTH, GROUPED, LISTED, LOADS, PAIRED, SIZED, TIMED, ZERO]
TRIPS = "Route #1: 2 0 3\nRoute #2: 1 4 0 1\nCost 99\n"
PLANS = [SOL, TOUR, RES, TRIPS]
ODD_WORDS = (
    "nan inf -inf 1e999 -1 0 1.5 1e-9 0.1234567890123456789 999999999999999999 1_0 ١ abc : -1 "
    "EOF TSP VRPTW EXPLICIT GEO ATT UPPER_ROW LOWER_DIAG_COL DEPOT_SECTION SERVICE_TIME: NAME 2"
).split()


@st.composite
def spoilt_text(draw: st.DrawFn, texts: list[str]) -> bytes:
    """A small file that is right but for a few changes to its words, lines or bytes."""
    lines = draw(st.sampled_from(texts)).split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        change = draw(st.sampled_from(["word", "drop", "repeat", "move", "insert", "cut"]))
        words = lines[at].split()
        if change == "word" and words:
            words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(ODD_WORDS))
            lines[at] = " ".join(words)
        elif change == "drop" and len(lines) > 1:
            del lines[at]
        elif change == "repeat":
            lines.insert(at, lines[at])
        elif change == "move":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
        elif change == "insert":
            lines.insert(at, draw(st.sampled_from(ODD_WORDS) | st.text(max_size=8)))
        elif change == "cut":
            lines = lines[: at + 1]
    data = bytearray("\n".join(lines).encode())
    if data and draw(st.integers(0, 4)) == 0:
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data)


ANYTHING = st.binary(max_size=80) | st.text(max_size=80).map(str.encode)


def check_sentence(error: PolyrouteError) -> None:
    assert len(str(error).splitlines()) == 1
    assert len(str(error)) < 500


@given(
    data=spoilt_text(PROBLEMS + PLANS) | ANYTHING,
    format=st.sampled_from([None, *FORMATS]),
    round=st.sampled_from([None, None, "none", "trunc1"]),
)
@settings(max_examples=600, deadline=None)
def test_a_problem_reader_never_fails_otherwise(
    data: bytes, format: str | None, round: str | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        try:
            problem = read_problem(path, format=format, round=round)
        except PolyrouteError as error:
            check_sentence(error)
            return
    evaluate(problem, Solution((Route(tuple(problem.clients)),)))


@given(data=spoilt_text(PLANS + PROBLEMS) | ANYTHING, text=st.sampled_from([CVRP, MULTITRIP]))
@settings(max_examples=400, deadline=None)
def test_a_plan_reader_never_fails_otherwise(data: bytes, text: str) -> None:
    problem = read_vrplib(text)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        try:
            solution = read_solution(path, problem)
        except PolyrouteError as error:
            check_sentence(error)
            return
    evaluate(problem, solution)
