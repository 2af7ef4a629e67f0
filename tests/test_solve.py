"""The command line: exit codes, streams, files, and, as a process of its own, signals."""

from __future__ import annotations

import json
import logging
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

import solve
from polyroute.vrp.api import SOLVERS
from polyroute.vrp.cli.options import parse_options, usable_cores
from polyroute.vrp.io import FORMATS, WRITERS
from polyroute.vrp.version import __version__
from tests.processes import unread

ROOT = Path(__file__).parents[1]
SOLVE = [sys.executable, str(ROOT / "solve.py")]
QUICK = ("--iterations", "200")

SQUARE = """\
NAME : square
TYPE : CVRP
DIMENSION : 6
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 0 10
3 10 10
4 10 0
5 20 0
6 20 10
DEMAND_SECTION
1 0
2 4
3 4
4 4
5 4
6 4
DEPOT_SECTION
1
-1
EOF
"""

MATRIX = """\
NAME : matrix
TYPE : CVRP
DIMENSION : 3
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : LOWER_ROW
CAPACITY : 10
EDGE_WEIGHT_SECTION
1
2 3
DEMAND_SECTION
1 0
2 4
3 4
DEPOT_SECTION
1
-1
EOF
"""

# Two clients that need more than half of a vehicle each, and one vehicle.
CROWDED = """\
crowded

VEHICLE
NUMBER     CAPACITY
  1           10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME

    0      0         0          0          0       1000          0
    1      3         4          6          0       1000         10
    2      6         8          6          0       1000         10
"""

TIMED = CROWDED.replace("crowded", "timed").replace("  1           10", "  2           10")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a CVRP, a VRPTW, an impossible VRPTW and a broken file."""
    (tmp_path / "square.vrp").write_text(SQUARE)
    (tmp_path / "timed.txt").write_text(TIMED)
    (tmp_path / "crowded.txt").write_text(CROWDED)
    (tmp_path / "broken.vrp").write_text(SQUARE.replace("4 10 0", "4 ten 0"))
    return tmp_path


@contextmanager
def as_a_program(folder: Path, words: Sequence[str]) -> Iterator[None]:
    """What a process of its own would have for itself: folder, arguments, hooks, messages."""
    logger = logging.getLogger("polyroute")
    hook, handlers, level, propagate = (
        sys.excepthook,
        logger.handlers,
        logger.level,
        logger.propagate,
    )
    try:
        with chdir(folder), patch.object(sys, "argv", [str(ROOT / "solve.py"), *words]):
            yield
    finally:
        sys.excepthook, logger.handlers, logger.propagate = hook, handlers, propagate
        logger.setLevel(level)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`solve.py` with `words` in `folder`, as if it were a process of its own."""
    out, err = StringIO(), StringIO()
    with as_a_program(folder, words), redirect_stdout(out), redirect_stderr(err):
        try:
            code = solve.main(list(words))
        except SystemExit as end:
            code = int(end.code or 0)
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def run_apart(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`solve.py` with `words` in `folder`, in a process of its own."""
    return subprocess.run(
        [*SOLVE, *words], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


def refused(folder: Path, *words: str) -> str:
    """The one sentence with which a command line or a file is refused."""
    answer = run(folder, *words)
    assert answer.returncode == 2, answer
    assert answer.stdout == ""
    (sentence,) = answer.stderr.splitlines()
    assert sentence.startswith("solve.py: error: ")
    return sentence.removeprefix("solve.py: error: ")


# -- what is answered without a file -------------------------------------------------------


def test_help_shows_groups_examples_and_exit_codes(folder: Path) -> None:
    answer = run(folder, "--help")
    assert answer.returncode == 0
    for word in ("solving:", "comparing solvers:", "examples:", "exit codes:", "--patience"):
        assert word in answer.stdout


def test_version_is_the_package_s(folder: Path) -> None:
    assert run(folder, "--version").stdout == f"polyroute {__version__}\n"


def test_list_names_every_solver_and_format(folder: Path) -> None:
    listed = json.loads(run(folder, "--list", "--json").stdout)
    assert set(listed["solvers"]) == set(SOLVERS)
    assert set(listed["formats"]) == set(FORMATS)
    assert set(listed["out"]) == set(WRITERS)
    assert "capacity" in listed["solvers"]["search"]
    assert "search" in run(folder, "--list").stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "no instance is given, expected a file (see --help)"),
        (["--tme", "3"], "option '--tme' is unknown, did you mean '--time'?"),
        (["a.vrp", "--compare", "search", "--explain"], "--explain cannot be used with --compare"),
        (["--checkpoint=x"], "--checkpoint is planned, not built yet"),
        (["--solver", "hybrid"], "--solver: solver 'hybrid' is planned, not built yet"),
        (["--solver", "policy"], "--solver: solver 'policy' is planned, not built yet"),
        (["--time", "-1"], "--time: found '-1', expected a positive number"),
        (["--time", "nan"], "--time: found 'nan', expected a finite number"),
        (["--time", "inf"], "--time: found 'inf', expected a finite number"),
        (["--time"], "--time: expected one argument"),
        (["--iterations", "0"], "--iterations: found '0', expected a whole number from 1"),
        (["--seed", "1.5"], "--seed: found '1.5', expected a whole number from 0"),
        (["--param", "breadth"], "--param: found 'breadth', expected NAME=VALUE"),
        (["--out", "plan.xml"], "--out plan.xml has the suffix '.xml', expected one of "),
        (["--plot", "plan"], "--plot plan has the suffix '', expected one of "),
        (["--out", "no/a.sol"], "no/a.sol cannot be written, there is no folder no"),
        (["--times", "1"], "--times belongs to --compare, which is not given"),
        (["--check", "a.sol", "--solver", "hgs"], "--solver cannot be used with --check"),
        (["--check", "a.sol", "--param", "a=1"], "--param cannot be used with --check"),
        (["--seeds", "1"], "--seeds belongs to --compare, which is not given"),
        (["--compare", "search", "--time", "1", "--times", "2"], "--time and --times are both"),
        (["--compare", "search", "--json"], "--json cannot be used with --compare"),
        (["--compare", "search,nope"], "--compare: solver 'nope' is unknown"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_command_line_is_refused_in_one_sentence(
    folder: Path, words: list[str], sentence: str
) -> None:
    instances = ["square.vrp"] if words else []
    assert refused(folder, *instances, *words).startswith(sentence)


def test_an_unknown_solver_comes_with_the_one_that_was_meant(folder: Path) -> None:
    sentence = refused(folder, "square.vrp", "--solver", "serch")
    assert "did you mean 'search'?" in sentence


def test_outputs_may_not_overwrite_an_instance_or_each_other(folder: Path) -> None:
    (folder / "own.json").write_text("{}")
    assert "is an instance" in refused(folder, "own.json", "--out", "own.json")
    both = refused(folder, "square.vrp", "timed.txt", "--out", "plan.sol")
    assert both.endswith("would hold both square.vrp and timed.txt; use {name} in its name")


# -- one instance --------------------------------------------------------------------------


@pytest.mark.parametrize("start", [run, run_apart])
def test_a_solved_instance_prints_a_summary_and_exits_0(
    folder: Path, start: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    answer = start(folder, "square.vrp", *QUICK)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[0] == "square (CVRP, 5 clients)"
    assert "feasible    yes" in answer.stdout


def test_an_impossible_instance_exits_3_and_writes_its_best_plan(folder: Path) -> None:
    answer = run(folder, "crowded.txt", *QUICK, "--out", "crowded.sol")
    assert answer.returncode == 3, answer
    assert "feasible    no, 1 violation" in answer.stdout
    assert (folder / "crowded.sol").read_text().startswith("Route #1:")


CANNOT_BE_DONE = {
    # client 1 is 5 away and closes at 2, or serves too long for the depot to be open on return
    "window": (TIMED.replace("6          0       1000", "6          0          2", 1),
               "late by 3 on route 1 at client 1"),
    "service": (TIMED.replace("1000         10", "1000        995", 1),
                "shift overrun by 5 on route 1"),
    "fleet": (CROWDED, "capacity exceeded by 2 on route 1"),
    # 1 and 2 close before one vehicle can serve both
    "vehicles": (CROWDED.replace("  1           10", "  1           12")
                 .replace("6          0       1000", "6          0         11"),
                 "late by 9 on route 1 at client 2"),
}  # fmt: skip


@pytest.mark.parametrize("what", CANNOT_BE_DONE)
@pytest.mark.parametrize("objective", ["cost", "vehicles"])
def test_what_cannot_be_done_exits_3_with_the_best_plan_and_what_it_breaks(
    folder: Path, what: str, objective: str
) -> None:
    text, broken = CANNOT_BE_DONE[what]
    (folder / "hard.txt").write_text(text)
    words = ("hard.txt", *QUICK, "--objective", objective, "--json", "--out", "hard.sol")
    answer = run(folder, *words)
    assert answer.returncode == 3, answer
    assert (folder / "hard.sol").read_text().startswith("Route #1:")
    record = json.loads(answer.stdout)
    assert not record["feasible"]
    assert [found["message"] for found in record["violations"]] == [broken]


def test_what_makes_a_problem_impossible_is_explained(folder: Path) -> None:
    text, _ = CANNOT_BE_DONE["window"]
    (folder / "hard.txt").write_text(text)
    answer = run(folder, "hard.txt", *QUICK, "--explain")
    assert answer.returncode == 3
    assert "hard.txt: client 1 cannot be served, even alone: late by 3 at client 1" in answer.stderr
    answer = run(folder, "crowded.txt", *QUICK, "--explain", "--json")
    (obstacle,) = json.loads(answer.stdout)["explanation"]["obstacles"]
    assert obstacle["message"] == "12 must be delivered, and all vehicles together hold 10"


def test_who_is_left_out_is_told_where_he_would_fit(folder: Path) -> None:
    (folder / "part.sol").write_text("Route #1: 2\n")
    answer = run(folder, "timed.txt", "--check", "part.sol", "--explain")
    assert answer.returncode == 3
    assert answer.stdout.splitlines()[-3:] == [
        "  no single client, pair or pin, nor the load, makes this impossible",
        "  client 1 is not served; he would fit best in",
        "    vehicle type 1, a new route: cost +10",
    ]


def test_the_summary_says_without_a_flag_who_is_left_out_and_why(folder: Path) -> None:
    (folder / "part.sol").write_text("Route #1: 2\n")
    answer = run(folder, "crowded.txt", "--check", "part.sol", "--out", "part.json")
    assert "  unserved    1 of 2 clients: 1 without a place that breaks no rule (capacity)\n" in (
        answer.stdout
    )
    (reason,) = json.loads((folder / "part.json").read_text())["unserved_reasons"]
    assert (reason["client"], reason["cause"], reason["rule"]) == (1, "no_place", "capacity")
    assert "unserved" not in run(folder, "timed.txt", "--check", "part.json", "--json").stderr


def test_who_is_missing_is_listed_once(folder: Path) -> None:
    (folder / "part.sol").write_text("Route #1: 2\n")
    words = ("timed.txt", "--check", "part.sol")
    assert run(folder, *words).stdout.count("at client 1") == 1
    explained = run(folder, *words, "--explain").stdout
    assert "required client not served" not in explained
    assert "client 1 is not served; he would fit best in" in explained


def test_a_plan_that_claims_another_cost_is_remarked_on(folder: Path) -> None:
    (folder / "boast.sol").write_text("Route #1: 1 2\nRoute #2: 3 4\nRoute #3: 5\nCost 12\n")
    told = "boast.sol:4: claims that the plan costs 12, but it costs 118 with the distance rule"
    words = ("square.vrp", "--check", "boast.sol")
    assert f"solve.py: remark: {told} nearest" in run(folder, *words).stderr
    assert refused(folder, *words, "--strict").startswith(told)
    assert told in run(folder, "square.vrp", "--start", "boast.sol", *QUICK).stderr


def test_a_broken_file_exits_2_with_its_line(folder: Path) -> None:
    sentence = refused(folder, "broken.vrp")
    assert sentence.startswith("broken.vrp:10: ")
    assert "ten" in sentence


def test_an_output_that_cannot_hold_the_plan_is_refused_before_the_search(folder: Path) -> None:
    (folder / "matrix.vrp").write_text(MATRIX)
    sentence = refused(folder, "matrix.vrp", "--time", "100", "--out", "plan.geojson")
    assert "GeoJSON needs positions" in sentence
    assert not (folder / "plan.geojson").exists()


@pytest.mark.parametrize("name", ["missing.vrp", "."])
def test_a_file_that_cannot_be_opened_exits_2(folder: Path, name: str) -> None:
    assert refused(folder, name).startswith(f"{name}: cannot be read: ")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--solver", "pyvrp", "--objective", "vehicles"], "does not support objective"),
        (["--param", "nonsense=1"], "parameter 'nonsense' is unknown"),
        (["--param", "breadth=wide"], "parameter breadth is 'wide'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_the_search_cannot_do_exits_2(folder: Path, words: list[str], part: str) -> None:
    assert part in refused(folder, "square.vrp", *words)


@pytest.mark.parametrize(
    ("words", "threads"),
    [([], usable_cores()), (["--threads", "3"], 3), (["--solver", "ortools"], 1)],
)
def test_the_search_takes_every_core_unless_told_otherwise(words: list[str], threads: int) -> None:
    assert parse_options(["square.vrp", *words]).threads == threads


def test_a_comparison_is_of_one_thread_unless_told_otherwise() -> None:
    assert parse_options(["square.vrp", "--compare", "search"]).threads == 1


def test_json_is_one_object_a_line_and_nothing_else(folder: Path) -> None:
    answer = run(folder, "square.vrp", "timed.txt", *QUICK, "--json", "--seed", "7")
    assert answer.returncode == 0, answer.stderr
    first, second = (json.loads(line) for line in answer.stdout.splitlines())
    assert (first["instance"], first["format"], first["solver"]) == ("square", "vrplib", "search")
    assert (first["feasible"], first["interrupted"], first["seed"]) == (True, False, 7)
    assert first["cost"] == first["distance"] > 0
    assert sorted(v for route in first["routes"] for v in route["visits"]) == [1, 2, 3, 4, 5]
    assert (second["instance"], second["format"]) == ("timed", "solomon")
    for field in ("seconds", "load_seconds", "compile_seconds"):
        assert first[field] >= 0


def test_the_same_seed_and_iterations_give_the_same_plan(folder: Path) -> None:
    lines = [run(folder, "square.vrp", *QUICK, "--json").stdout for _ in range(2)]
    first, second = map(json.loads, lines)
    assert first["routes"] == second["routes"]


def test_the_truncation_of_solomon_files_is_said_unless_asked_for(folder: Path) -> None:
    assert "trunc1" in run(folder, "timed.txt", *QUICK).stderr
    assert "trunc1" not in run(folder, "timed.txt", *QUICK, "--round", "trunc1").stderr
    assert "trunc1" not in run(folder, "timed.txt", *QUICK, "--quiet").stderr


def test_a_written_record_tells_the_file_s_format_and_reading_time(folder: Path) -> None:
    assert run(folder, "timed.txt", *QUICK, "--out", "timed.json").returncode == 0
    record = json.loads((folder / "timed.json").read_text())
    assert record["format"] == "solomon"
    assert record["load_seconds"] >= 0


def test_every_output_is_written_by_its_suffix(folder: Path) -> None:
    plans = [f"{{name}}{suffix}" for suffix in (".sol", ".json", ".geojson", ".csv")]
    pictures = [f"{{name}}{suffix}" for suffix in (".png", ".svg", ".html")]
    words = [word for name in plans for word in ("--out", name)]
    words += [word for name in pictures for word in ("--plot", name)]
    answer = run(folder, "square.vrp", *QUICK, *words)
    assert answer.returncode == 0, answer.stderr
    for name in (*plans, *pictures):
        assert (folder / name.format(name="square")).stat().st_size > 0, name


@pytest.mark.parametrize("suffix", [".sol", ".json", ".csv"])
def test_a_written_plan_is_read_back_at_the_same_cost(folder: Path, suffix: str) -> None:
    plan = f"plan{suffix}"
    solved = json.loads(run(folder, "square.vrp", *QUICK, "--json", "--out", plan).stdout)
    checked = run(folder, "square.vrp", "--check", plan, "--json")
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["cost"] == solved["cost"]


def test_a_plan_of_trips_and_breaks_is_judged_written_and_read_back(folder: Path) -> None:
    problem = {
        "depots": [{"x": 0, "y": 0}],
        "clients": [{"x": 10, "y": 0, "delivery": 2}, {"x": 20, "y": 0, "delivery": 2}],
        "vehicle_types": [{"id": "van", "capacity": 2, "count": 1}],
        "reloads": [{"vehicle_type": "van", "depots": [1], "most": 1}],
        "breaks": [{"vehicle_type": "van", "tw": [20, 30], "duration": 5, "max_load": 2}],
        "pins": [{"vehicle_type": "van", "visits": [1]}],
    }
    plan = {
        "visits": [1, 2],
        "trips": [{"depot": 1, "visits": [1]}, {"depot": 1, "visits": [2]}],
        "breaks": [{"number": 1, "position": 1}],
    }
    (folder / "trips.json").write_text(json.dumps(problem))
    (folder / "plan.json").write_text(json.dumps({"routes": [plan]}))
    outputs = ("--out=out.json", "--out=out.csv", "--out=out.geojson", "--plot=out.html")
    answer = run(folder, "trips.json", "--check", "plan.json", "--json", "--explain", *outputs)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["cost"] == 20 + 40
    for name in ("out.json", "out.csv"):
        again = run(folder, "trips.json", "--check", name, "--json")
        assert json.loads(again.stdout)["routes"] == json.loads(answer.stdout)["routes"]
    (folder / "short.json").write_text('{"routes": [[2, 1]]}')
    answer = run(folder, "trips.json", "--check", "short.json")
    assert answer.returncode == 3
    for sentence in (
        "capacity exceeded by 2 on route 1",
        "break not taken, or taken too often on route 1",
        "pinned visit out of its place on route 1 at client 1",
    ):
        assert sentence in answer.stdout
    answer = run(folder, "trips.json", "--iterations", "50", "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["cost"] == 20 + 40


def test_check_names_what_a_bad_plan_breaks_and_exits_3(folder: Path) -> None:
    (folder / "bad.sol").write_text("Route #1: 1 2 3\nRoute #2: 4\n")
    answer = run(folder, "square.vrp", "--check", "bad.sol")
    assert answer.returncode == 3
    assert "capacity exceeded by 2 on route 1" in answer.stdout
    assert "required client not served at client 5" in answer.stdout


def test_a_plan_for_another_problem_exits_2(folder: Path) -> None:
    (folder / "other.sol").write_text("Route #1: 1 9\n")
    assert refused(folder, "square.vrp", "--check", "other.sol").startswith("other.sol:1: ")


def test_a_start_may_be_infeasible_and_what_is_repaired_is_said(folder: Path) -> None:
    (folder / "start.sol").write_text("Route #1: 1 2 3\nRoute #2: 4\n")
    answer = run(folder, "square.vrp", *QUICK, "--start", "start.sol")
    assert answer.returncode == 0, answer.stderr
    assert "repairing capacity (1), missing (1)" in answer.stderr


def test_a_target_that_is_met_ends_the_search(folder: Path) -> None:
    words = ("square.vrp", "--time", "60", "--target", "1e6", "--json")
    record = json.loads(run(folder, *words).stdout)
    assert record["seconds"] < 30


# -- several instances ---------------------------------------------------------------------


def test_one_broken_file_among_several_is_told_and_the_others_are_solved(folder: Path) -> None:
    instances = ("square.vrp", "broken.vrp", "crowded.txt")
    answer = run(folder, *instances, *QUICK, "--out", "{name}.sol")
    assert answer.returncode == 2
    assert "solve.py: error: broken.vrp:10: " in answer.stderr
    header, first, second, *rest = answer.stdout.splitlines()
    assert header.split()[:3] == ["instance", "clients", "cost"]
    assert first.split()[0] == "square"
    assert second.split()[0] == "crowded"
    assert any(line.startswith("crowded: ") for line in rest)
    assert (folder / "square.sol").exists()
    assert (folder / "crowded.sol").exists()


def test_the_exit_code_of_several_instances_is_the_worst(folder: Path) -> None:
    assert run(folder, "crowded.txt", "square.vrp", *QUICK).returncode == 3


@pytest.fixture
def arrays(folder: Path) -> Path:
    """The folder, with a file of two instances, the second of which no vehicle can serve."""
    loads = np.array([[0.5, 0.25], [2.0, 0.25]])
    np.savez(folder / "two.npz", locs=np.eye(3, 2)[None].repeat(2, 0), demand_linehaul=loads)
    return folder


def test_a_file_of_several_instances_stands_for_all_of_them(arrays: Path) -> None:
    answer = run(arrays, "two.npz", "square.vrp", *QUICK, "--out", "{name}.sol")
    assert answer.returncode == 3, answer
    names = [line.split()[0] for line in answer.stdout.splitlines()[1:4]]
    assert names == ["two:0", "two:1", "square"]
    assert (arrays / "two:0.sol").read_text().startswith("Route #1: ")
    assert "would hold both two.npz:0 and two.npz:1" in refused(arrays, "two.npz", "--out", "a.sol")


def test_one_of_several_instances_is_addressed(arrays: Path) -> None:
    record = json.loads(run(arrays, "two.npz:0", *QUICK, "--json").stdout)
    assert (record["instance"], record["format"]) == ("two:0", "routefinder")
    assert refused(arrays, "two.npz:2").startswith("two.npz:2: instance 2 is asked for, expected 0")
    assert "--compare cannot tell apart" in refused(arrays, "two.npz", "--compare", "search")


def test_a_vroom_user_keeps_his_files(folder: Path) -> None:
    task = {"location_index": 1, "service": 5}
    vehicle = {"id": 9, "start_index": 0, "end_index": 0, "max_tasks": 1}
    steps = [{"type": "job", "id": 4}]
    document = {
        "vehicles": [vehicle | {"steps": steps}],
        "jobs": [task | {"id": 4}, task | {"id": 5}],
        "matrices": {"car": {"durations": [[0, 30], [40, 0]]}},
    }
    (folder / "input.json").write_text(json.dumps(document))
    words = ("input.json", "--check", "input.json", "--out", "{name}.vroom.json")
    answer = run(folder, *words)
    assert answer.returncode == 0, answer.stderr
    assert "the steps of vehicles are a plan" in answer.stderr
    plan = json.loads((folder / "input.vroom.json").read_text())
    assert (plan["summary"]["cost"], plan["summary"]["unassigned"]) == (70, 1)
    assert run(folder, "input.json", "--check", "input.vroom.json").returncode == 0
    document |= {"vehicles": [vehicle], "matrices": {}}
    (folder / "input.json").write_text(json.dumps(document))
    assert refused(folder, "input.json").startswith("input.json at /vehicles/0: found no matrices")


def test_compare_prints_one_table_and_writes_its_reports(folder: Path) -> None:
    (folder / "bks.json").write_text('{"square": 60}')
    words = ("square.vrp", "--compare", "search,search:breadth=3", "--times", "0.2")
    reports = ("--bks", "bks.json", "--report", "table.md", "--report", "table.json")
    answer = run(folder, *words, *reports)
    assert answer.returncode == 0, answer.stderr
    assert "search:breadth=3" in answer.stdout
    assert "search:breadth=3" in (folder / "table.md").read_text()
    json.loads((folder / "table.json").read_text())
    assert "solve.py: 2 of 2: " in answer.stderr
    assert "--resume" in refused(folder, *words, *reports)
    again = run(folder, *words, *reports, "--resume")
    assert again.returncode == 0, again.stderr


# -- signals, pipes and terminals ----------------------------------------------------------


def test_ctrl_c_keeps_the_best_plan_and_skips_the_rest(folder: Path) -> None:
    words = ("timed.txt", "square.vrp", "--time", "100", "--json", "--out", "{name}.sol")
    process = subprocess.Popen(
        [*SOLVE, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert "trunc1" in process.stderr.readline()  # said when the file is read
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=90)
    assert process.returncode == 128 + signal.SIGINT, err  # a batch is not done
    record = json.loads(out)
    assert record["interrupted"] is True
    assert record["feasible"] is True
    assert (folder / "timed.sol").exists()
    assert "interrupted, not solved: square.vrp" in err


def test_a_second_ctrl_c_kills() -> None:
    code = (
        "import time\nfrom polyroute.vrp.cli.interrupt import Interrupt\n"
        "with Interrupt():\n    print(flush=True)\n    time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.stderr.readline() == "\n"
    assert "interrupted" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT


def test_a_reader_that_leaves_ends_the_program_without_a_traceback(folder: Path) -> None:
    answer = unread([*SOLVE, "square.vrp", "timed.txt", *QUICK, "--json"], folder)
    assert answer.returncode == 128 + signal.SIGPIPE
    assert "Traceback" not in answer.stderr


def test_a_terminal_shows_progress_and_a_pipe_does_not(folder: Path) -> None:
    words = ("square.vrp", "--time", "0.7", "--target", "1")
    assert "to the target" not in run(folder, *words).stderr
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(
        [*SOLVE, *words], cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs, env=environment
    )
    os.close(theirs)
    shown = b""
    try:
        while block := os.read(ours, 1024):
            shown += block
    except OSError:  # how Linux says that the other side has closed
        pass
    os.close(ours)
    assert process.wait() == 0
    assert b"routes" in shown
    assert b"to the target" in shown


def test_a_bug_exits_1_and_asks_for_a_report(folder: Path) -> None:
    code = (
        "import sys, polyroute.vrp.cli.run, solve\n"
        "def fail(*args, **kwargs): raise ZeroDivisionError\n"
        "polyroute.vrp.cli.run.solve = fail\n"
        "sys.exit(solve.main(['square.vrp']))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "ZeroDivisionError" in answer.stderr
    assert "please report it" in answer.stderr.splitlines()[-1]
