from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import fields, replace
from pathlib import Path

import pytest

from polyroute.heuristics.compare import (
    Comparison,
    ComparisonResult,
    Limits,
    Output,
    process,
    run_comparison,
)
from polyroute.heuristics.compare.known import BestKnown
from polyroute.heuristics.compare.machine import PACKAGES, ROOT
from polyroute.heuristics.compare.plan import Entrant
from polyroute.heuristics.compare.process import THREAD_VARIABLES
from polyroute.heuristics.compare.rows import Status, append_row, mend, read_rows
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.builder import Builder
from polyroute.vrp.cli.interrupt import signals_interrupt
from polyroute.vrp.errors import MissingPackageError, PolyrouteError, ReadError
from polyroute.vrp.io.native_writer import problem_to_json
from tests.cases import line
from tests.heuristics.rows import make_row

INSTANCE = """\
NAME : tiny
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 10 0
3 20 0
4 30 0
DEMAND_SECTION
1 0
2 4
3 5
4 6
DEPOT_SECTION
1
-1
EOF
"""
PLANS = {"good": "Route #1: 1 3\\nRoute #2: 2\\n", "overloaded": "Route #1: 1 2 3\\n"}
"""The first is optimal: 4 + 6 go out to 30 and 5 to 20, 60 + 40 in all."""
QUIET = Limits(factor=1.0, extra=20.0, spare=math.inf)
"""Tests must not depend on what else runs."""


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "toys" / "tiny.vrp"
    path.parent.mkdir()
    path.write_text(INSTANCE)
    return path


def program(tmp_path: Path, name: str, body: str) -> str:
    """A shell script as a ``cmd:`` solver; $1 to $4 are file, seconds, seed and out."""
    path = tmp_path / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return f"cmd:{path} {{file}} {{seconds}} {{seed}} {{out}}"


def plan_writer(tmp_path: Path, plan: str) -> str:
    """A program that notes its seed in ``calls`` and writes one of `PLANS`."""
    body = f"echo $3 >> {tmp_path}/calls; printf '{PLANS[plan]}' > $4"
    return program(tmp_path, plan, body)


def compare(instance: Path, *solvers: str, **options: object) -> ComparisonResult:
    names = {item.name for item in fields(Output)} & options.keys()
    where = {"rows": instance.parent / "rows.jsonl"} | {name: options.pop(name) for name in names}
    progress = options.pop("progress", None)
    given = {"times": (0.1,), "limits": QUIET} | options
    comparison = Comparison([instance], solvers, **given)  # type: ignore[arg-type]
    return run_comparison(comparison, Output(**where), progress=progress)  # type: ignore[arg-type]


# -- runs ----------------------------------------------------------------------------------


def test_a_program_joins_and_is_priced_by_the_checker(instance: Path, tmp_path: Path) -> None:
    row = compare(instance, plan_writer(tmp_path, "good")).rows[0]
    assert (row.status, row.cost, row.num_routes) == (Status.OK, 100, 2)
    assert row.routes == ((1, 3), (2,))
    assert (row.set, row.instance, row.rule) == ("toys", "tiny", "nearest")
    assert 0 < row.wall_seconds < 10
    assert row.memory_mb > 0
    assert "cores" in row.machine
    assert row.version != "unknown"


def test_a_plan_that_breaks_rules_is_a_row_with_its_violations(
    instance: Path, tmp_path: Path
) -> None:
    row = compare(instance, plan_writer(tmp_path, "overloaded")).rows[0]
    assert (row.status, row.cost) == (Status.INFEASIBLE, 60)
    assert row.violations == ("capacity exceeded by 5 on route 1",)
    assert row.gap is None


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ("echo first >&2; echo 'out of ideas' >&2; exit 3", Status.CRASH, "out of ideas"),
        ("kill -SEGV $$", Status.CRASH, "ended by SIGSEGV"),
        ("exit 0", Status.NONE, "the program wrote no solution"),
        ("echo 'Route #1: 9' > $4", Status.CRASH, "client is 9, expected 1 to 3"),
        ("echo 'Cost 12' > $4", Status.NONE, ""),
    ],
)
def test_a_run_that_goes_wrong_is_a_row(
    instance: Path, tmp_path: Path, body: str, status: Status, error: str
) -> None:
    row = compare(instance, program(tmp_path, "wrong", body)).rows[0]
    assert row.status is status
    assert error in row.error
    assert row.cost is None


def test_a_run_that_hangs_is_killed_with_what_it_started(instance: Path, tmp_path: Path) -> None:
    hanging = program(tmp_path, "hang", f"sleep 60 & echo $! > {tmp_path}/child; wait")
    row = compare(instance, hanging, limits=replace(QUIET, extra=0.4)).rows[0]
    assert row.status is Status.TIMEOUT
    assert 0.5 <= row.wall_seconds < 10
    assert is_gone(int((tmp_path / "child").read_text()))


def is_gone(process: int) -> bool:
    """Whether a process has ended, reaped or not."""
    state = subprocess.run(
        ["ps", "-o", "state=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return state.stdout.strip() in ("", "Z")


def test_our_solvers_run_in_a_process_of_their_own(instance: Path) -> None:
    pytest.importorskip("pyvrp")
    rows = compare(instance, "pyvrp", seeds=2, times=(0.1, 0.2)).rows
    assert [(row.budget, row.seed) for row in rows] == [(0.1, 0), (0.1, 1), (0.2, 0), (0.2, 1)]
    for row in rows:
        assert (row.status, row.cost) == (Status.OK, 100)
        assert row.trace[-1][1] == 100
        assert row.budget <= row.seconds < row.budget + 1
        assert row.seconds + row.load_seconds + row.compile_seconds < row.wall_seconds
        assert row.iterations > 0


def test_an_empty_plan_is_a_plan_where_nobody_must_be_served(tmp_path: Path) -> None:
    builder = Builder()
    builder.add_depot(0, 0)
    builder.add_client(10, 0, prize=1, required=False)
    builder.add_vehicle_type(capacity=1)
    path = tmp_path / "toys" / "tiny.json"
    path.parent.mkdir()
    path.write_text(problem_to_json(builder.build()))
    row = compare(path, program(tmp_path, "idle", "printf 'Cost 1\\n' > $4")).rows[0]
    assert (row.status, row.cost) == (Status.OK, 1)


def test_memory_is_the_process_s_own(instance: Path) -> None:
    pytest.importorskip("pyvrp")
    ballast = b"\1" * 400_000_000  # ours, which a child shares until it begins its own program
    row = compare(instance, "pyvrp").rows[0]
    assert len(ballast) > 0
    assert 10 < row.memory_mb < 350


def test_what_a_solver_refuses_is_a_row(instance: Path) -> None:
    pytest.importorskip("hygese")
    instance.write_text(INSTANCE.replace("CAPACITY : 10", "CAPACITY : 10\nVEHICLES : 1"))
    row = compare(instance, "hgs").rows[0]
    assert row.status is Status.REFUSED
    assert "cannot carry 15" in row.error


def test_parameters_reach_the_solver_and_name_its_column(instance: Path) -> None:
    pytest.importorskip("vroom")
    found = compare(instance, "vroom:exploration=0", "vroom")
    assert [row.solver for row in found.rows] == ["vroom:exploration=0", "vroom"]
    assert found.rows[0].notes[0].startswith("exploration level 0")
    assert found.rows[1].notes[0].startswith("exploration level 5")


def test_threads_are_limited_from_outside(instance: Path, tmp_path: Path) -> None:
    told = " ".join(f"${name}" for name in THREAD_VARIABLES)
    asks = program(tmp_path, "asks", f"echo {told} > {tmp_path}/threads")
    compare(instance, asks, threads=2)
    assert (tmp_path / "threads").read_text().split() == ["2"] * len(THREAD_VARIABLES)


def test_solvers_take_turns_on_each_instance_budget_and_seed(
    instance: Path, tmp_path: Path
) -> None:
    other = instance.with_name("other.vrp")
    other.write_text(INSTANCE)
    solvers = [plan_writer(tmp_path, plan) for plan in PLANS]
    found = run_comparison(
        Comparison([instance, other], solvers, times=(0.1,), seeds=2, limits=QUIET),
        Output(rows=tmp_path / "rows.jsonl"),
    )
    order = [(row.instance, row.seed, solvers.index(row.solver)) for row in found.rows]
    assert order == [(i, s, k) for i in ("tiny", "other") for s in (0, 1) for k in (0, 1)]


# -- rows ----------------------------------------------------------------------------------


def test_resuming_runs_nothing_twice(instance: Path, tmp_path: Path) -> None:
    solver = plan_writer(tmp_path, "good")
    first = compare(instance, solver)
    second = compare(instance, solver, seeds=3, resume=True)
    assert (tmp_path / "calls").read_text().split() == ["0", "1", "2"]
    assert second.rows[0] == first.rows[0]
    assert [row.seed for row in second.rows] == [0, 1, 2]


def test_a_changed_instance_or_program_is_run_anew(instance: Path, tmp_path: Path) -> None:
    solver = plan_writer(tmp_path, "good")
    compare(instance, solver)
    instance.write_text(INSTANCE.replace("4 30 0", "4 31 0"))
    assert compare(instance, solver, resume=True).rows[0].cost == 102
    (tmp_path / "good").write_text((tmp_path / "good").read_text() + "# changed\n")
    assert compare(instance, solver, resume=True).rows[0].cost == 102
    assert len(read_rows(instance.parent / "rows.jsonl")) == 3


def test_rows_are_not_overwritten_unasked(instance: Path, tmp_path: Path) -> None:
    solver = plan_writer(tmp_path, "good")
    compare(instance, solver)
    with pytest.raises(PolyrouteError, match=r"rows.jsonl exists; --resume goes on with it"):
        compare(instance, solver)


def test_a_half_written_last_line_is_dropped_and_run_again(instance: Path, tmp_path: Path) -> None:
    solver = plan_writer(tmp_path, "good")
    whole = compare(instance, solver, seeds=2)
    file = instance.parent / "rows.jsonl"
    file.write_text(file.read_text()[:-20])
    said: list[str] = []
    again = compare(instance, solver, seeds=2, resume=True, progress=said.append)
    assert any("cut short" in sentence for sentence in said)
    assert [row.cost for row in again.rows] == [row.cost for row in whole.rows]
    assert len(read_rows(file)) == 2
    assert (tmp_path / "calls").read_text().split() == ["0", "1", "1"]


def test_a_foreign_line_is_refused_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    append_row(file, make_row("a"))
    file.write_text(file.read_text() + "{}\n" + "half")
    with pytest.raises(ReadError, match=r"rows.jsonl:2: found '\{\}', expected a row"):
        read_rows(file)
    assert mend(file)
    assert not mend(file)


def test_a_row_survives_its_file(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    before = make_row("a", routes=((1, 2), (3,)), trace=((0.1, 5.0),), vehicle_types=(0, 0))
    append_row(file, before)
    assert read_rows(file) == [before]
    assert json.loads(file.read_text())["gap"] == pytest.approx(0.1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_cleanly_and_loses_no_row(
    instance: Path, tmp_path: Path, number: signal.Signals
) -> None:
    slow = program(tmp_path, "slow", f"echo $$ > {tmp_path}/pid; sleep 60")
    good = plan_writer(tmp_path, "good")

    def send() -> None:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
            time.sleep(0.05)
        os.kill(os.getpid(), number)

    waiting = threading.Thread(target=send, daemon=True)

    def interrupt(sentence: str) -> None:
        if sentence.startswith("1 of 2"):
            waiting.start()

    with signals_interrupt():
        found = compare(instance, good, slow, progress=interrupt)
    waiting.join()
    assert found.interrupted == number
    assert [row.cost for row in found.rows] == [100]
    assert len(read_rows(instance.parent / "rows.jsonl")) == 1
    assert is_gone(int((tmp_path / "pid").read_text()))


# -- refusals ------------------------------------------------------------------------------


def test_an_unknown_solver_is_refused_before_anything_runs(instance: Path, tmp_path: Path) -> None:
    with pytest.raises(PolyrouteError, match="solver 'lkh5' is unknown, expected one of search"):
        compare(instance, plan_writer(tmp_path, "good"), "lkh5")
    assert not (tmp_path / "calls").exists()


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("cmd:./solver {file}", "has no {out}, expected 'cmd:PROGRAM"),
        ("cmd:./no-such-program {file} {out}", "the program './no-such-program' is not found"),
        ("pyvrp:fast", "has 'fast', expected NAME=VALUE"),
    ],
)
def test_a_solver_that_cannot_run_is_refused(label: str, message: str) -> None:
    with pytest.raises(PolyrouteError) as caught:
        Entrant.parse(label, {})
    assert message in str(caught.value)


def test_a_missing_package_is_told_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGES, "hgs", "no-such-package")
    with pytest.raises(MissingPackageError, match="'no-such-package' is not installed"):
        Entrant.parse("hgs", {})


def test_an_instance_on_stdin_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolyrouteError, match="each run reads its instance anew, expected files"):
        compare(Path("-"), plan_writer(tmp_path, "good"), rows=tmp_path / "rows.jsonl")


def test_a_report_of_unknown_kind_is_refused(instance: Path, tmp_path: Path) -> None:
    with pytest.raises(PolyrouteError, match=r"table\.pdf: a report ends in one of \.md, \.html"):
        compare(instance, plan_writer(tmp_path, "good"), reports=[tmp_path / "table.pdf"])
    assert not (tmp_path / "calls").exists()


# -- best known costs ----------------------------------------------------------------------


def test_best_known_costs_match_by_folder_and_name_then_by_name(tmp_path: Path) -> None:
    file = tmp_path / "bks.json"
    file.write_text(json.dumps({"toys/tiny": {"cost": 100}, "others/tiny": 7, "big": 9.5}))
    known = BestKnown.read(file)
    problem = line(0, 10)
    assert known.cost(tmp_path / "toys" / "tiny.vrp", problem) == (100, "")
    assert known.cost(tmp_path / "any" / "big.vrp", problem) == (9.5, "")
    assert known.cost(tmp_path / "third" / "tiny.vrp", problem)[0] is None  # met twice


def test_a_best_known_cost_under_another_rule_gives_no_gap(tmp_path: Path) -> None:
    file = tmp_path / "bks.json"
    file.write_text(json.dumps({"tiny": {"cost": 100, "convention": "DOUBLE"}}))
    cost, remark = BestKnown.read(file).cost(tmp_path / "tiny.vrp", line(0, 10))
    assert cost is None
    assert "holds under rule none, not nearest" in remark


def test_a_best_known_cost_is_told_in_the_money_of_the_files(tmp_path: Path) -> None:
    file = tmp_path / "bks.json"
    file.write_text(json.dumps({"tiny": {"cost": 1.5, "convention": "HFVRP"}}))
    problem = line(0, 10, arc_rule=ArcRule.NONE)
    assert BestKnown.read(file).cost(tmp_path / "tiny.vrp", problem) == (150, "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "found no object"),
        ("{", "is no JSON"),
        ('{"a": {"costs": 1}}', "at /a: cost is None, expected a number"),
    ],
)
def test_a_broken_file_of_best_known_costs_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "bks.json"
    file.write_text(text)
    with pytest.raises(ReadError, match=message):
        BestKnown.read(file)


def test_no_report_and_no_row_is_written_over_what_is_read(instance: Path, tmp_path: Path) -> None:
    solver = plan_writer(tmp_path, "good")
    known, link = tmp_path / "bks.json", tmp_path / "link.json"
    known.write_text('{"tiny": 80}')
    link.symlink_to(instance)
    rows = instance.parent / "rows.jsonl"
    before = {path: path.read_bytes() for path in (known, instance)}
    for options, what in (
        ({"reports": [known], "bks": known}, "the file of best known costs"),
        ({"reports": [link]}, "an instance"),
        ({"rows": link, "resume": True}, "an instance"),
        ({"rows": known, "bks": known, "resume": True}, "the file of best known costs"),
        ({"rows": tmp_path / "a.json", "reports": [tmp_path / "a.json"]}, "the file of rows"),
        ({"reports": [tmp_path / "a.md"] * 2}, "another report"),
    ):
        with pytest.raises(PolyrouteError, match=f"is {what}, writing to it would destroy it"):
            compare(instance, solver, **options)
    config = tmp_path / "config.json"
    config.write_text("{}")
    with pytest.raises(PolyrouteError, match=r"config\.json is read by a solver"):
        compare(instance, f"{solver} {config}", reports=[config])
    assert {path: path.read_bytes() for path in before} == before
    assert not rows.exists()


# -- reports -------------------------------------------------------------------------------


def test_reports_tell_what_was_run_and_how_to_repeat_it(instance: Path, tmp_path: Path) -> None:
    file = tmp_path / "bks.json"
    file.write_text('{"tiny": 80}')
    reports = [tmp_path / "table.md", tmp_path / "table.json"]
    good, bad = plan_writer(tmp_path, "good"), plan_writer(tmp_path, "overloaded")
    found = run_comparison(
        Comparison([instance], [good, bad], times=(0.1,), bks=file, limits=QUIET),
        Output(reports, command="compare tiny.vrp"),
    )
    text = reports[0].read_text()
    assert text == found.report
    assert "- command: `compare tiny.vrp`" in text
    assert "## toys, 0.1 s, 1 thread" in text
    assert "**25.00 %**" in text
    assert "infeasible" in text
    assert (tmp_path / "table.jsonl").exists()
    data = json.loads(reports[1].read_text())
    assert data["circumstances"]["seeds"] == "0"
    solvers = data["tables"][0]["instances"][0]["solvers"]
    assert solvers[good] | {"wall_seconds": 0, "memory_mb": 0} == {
        "cost": 100,
        "runs": 1,
        "feasible": 1,
        "failures": {},
        "wall_seconds": 0,
        "memory_mb": 0,
        "busy": [False],
    }
    assert solvers[good]["wall_seconds"][0] > 0
    assert solvers[bad]["failures"] == {"infeasible": 1}


def test_the_command_line_runs_reports_and_refuses(instance: Path, tmp_path: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "polyroute.heuristics.compare", *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    solver = plan_writer(tmp_path, "good")
    quiet = ("--times", "0.1", "--spare", "1000")
    done = run(str(instance), "--solvers", solver, *quiet)
    assert done.returncode == 0, done.stderr
    assert "1 of 1: toys/tiny, 0.1 s, seed 0" in done.stderr
    assert "| tiny " in done.stdout
    assert "| tiny " in run("--rows", "comparison.jsonl").stdout
    again = run(str(instance), "--solvers", solver, *quiet)
    assert again.returncode == 2
    assert again.stderr.startswith("polyroute compare: error: comparison.jsonl exists")
    assert run(str(instance)).returncode == 2


def test_a_program_finds_our_package_but_its_own_modules_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It was given our rooms as top-level modules, before its own.
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    first, *rest = process._environment(1)["PYTHONPATH"].split(os.pathsep)
    assert first == str(tmp_path)
    assert [Path(place, "polyroute", "__init__.py").is_file() for place in rest] == [True]
