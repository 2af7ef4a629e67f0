"""Signals, kills and streams: what a run leaves behind, whatever ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from polyroute.vrp.api import Improvement
from polyroute.vrp.check import evaluate
from polyroute.vrp.cli import interrupt as interrupt_module
from polyroute.vrp.cli.interrupt import Interrupt, Interrupted
from polyroute.vrp.cli.options import parse_options
from polyroute.vrp.cli.run import run_instance
from polyroute.vrp.result import Result
from polyroute.vrp.solution import Solution
from tests.processes import unread
from tests.test_solve import QUICK, SOLVE, SQUARE, folder, refused, run, run_apart

__all__ = ["folder"]  # a fixture

LONG = ("square.vrp", "--time", "100", "--threads", "1")
SLOW = pytest.mark.slow


def begin(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*SOLVE, *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(path: Path) -> None:
    began = time.monotonic()
    while not path.exists():
        assert time.monotonic() - began < 90, f"{path} does not appear"
        time.sleep(0.02)


# -- signals -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=SLOW)])
def test_other_signals_end_a_run_as_ctrl_c_does(folder: Path, number: signal.Signals) -> None:
    process = begin(folder, *LONG, "--json", "--out", "plan.json")
    wait_for(folder / "plan.json")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out)["interrupted"] is True
    assert json.loads((folder / "plan.json").read_text())["cost"] == json.loads(out)["cost"]


def test_a_killed_run_leaves_its_best_plan_and_no_half_of_one(folder: Path) -> None:
    (folder / "plan.sol").write_text("an older plan\n")
    process = begin(folder, *LONG, "--out", "plan.sol", "--out", "plan.csv")
    wait_for(folder / "plan.csv")
    process.kill()
    process.communicate(timeout=60)
    for plan in ("plan.sol", "plan.csv"):
        assert run(folder, "square.vrp", "--check", plan).returncode == 0
    assert not [path for path in folder.iterdir() if path.name.startswith(".polyroute")]


@pytest.mark.parametrize("started", [True, pytest.param(False, marks=SLOW)])
def test_sigterm_while_kernels_compile_keeps_what_there_is(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, started: bool
) -> None:
    (folder / "start.sol").write_text("Route #1: 1 2\nRoute #2: 3 4\nRoute #3: 5\n")
    words = ("--start", "start.sol") if started else ()
    cache = str(tmp_path_factory.mktemp("cache"))
    code = (
        "import sys, solve\n"
        "from polyroute.vrp.cli import interrupt\n"
        "interrupt.GRACE_SECONDS = 0.2; interrupt.AGAIN_SECONDS = 2.0\n"
        "sys.exit(solve.main(sys.argv[1:]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, *LONG, "--out", "plan.sol", *words],
        cwd=folder,
        env=os.environ | {"NUMBA_CACHE_DIR": cache, "PYTHONPATH": str(Path(SOLVE[1]).parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "compiling the search's kernels" not in process.stderr.readline():
        pass
    process.terminate()
    _, err = process.communicate(timeout=60)
    assert process.returncode == (0 if started else 128 + signal.SIGTERM), err
    assert (folder / "plan.sol").exists() == started
    assert ("interrupted, not solved: square.vrp" in err) == (not started)


def test_a_signal_waits_for_a_plan_for_a_while_and_raises_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(interrupt_module, "GRACE_SECONDS", 0.05)
    for waits in (True, False):
        with Interrupt() as interrupt:
            interrupt.waits = waits
            os.kill(os.getpid(), signal.SIGTERM)
            with pytest.raises(Interrupted) if waits else nullcontext():
                time.sleep(0.2)
            assert interrupt.number == signal.SIGTERM
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_sighup_stays_ignored_where_nohup_has_it_so() -> None:
    old = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interrupt() as interrupt:
            os.kill(os.getpid(), signal.SIGHUP)
            time.sleep(0.01)
            assert not interrupt.requested
    finally:
        signal.signal(signal.SIGHUP, old)


@pytest.mark.parametrize(
    "solver", ["hgs", *(pytest.param(name, marks=SLOW) for name in ("pyvrp", "ortools"))]
)
def test_sigterm_ends_a_peer(folder: Path, solver: str) -> None:
    words = ("square.vrp", "--time", "60", "--solver", solver, "--out", "plan.sol")
    code = (
        "import sys, threading, time, os, signal, solve\n"
        "from polyroute.heuristics.baselines.watch import Watch\n"
        "enter = Watch.__enter__\n"
        "def entered(watch):\n"
        "    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()\n"
        "    return enter(watch)\n"
        "Watch.__enter__ = entered\n"
        "sys.exit(solve.main(sys.argv[1:]))"
    )
    began = time.monotonic()
    answer = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(SOLVE[1]).parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert time.monotonic() - began < 40
    assert answer.returncode == (3 if solver == "hgs" else 0), answer
    assert "interrupted" in answer.stdout
    assert (folder / "plan.sol").exists()


# -- the best plan so far ------------------------------------------------------------------


def test_plans_are_written_on_the_way_at_most_once_a_second(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[float, str]] = []

    def solve(problem: object, *, callback: object, **others: object) -> object:
        plans = [((1, 2), (3, 4), (5,)), ((1, 2), (3, 5, 4)), ((2, 1), (3, 5, 4))]
        began = time.perf_counter()
        for turn in range(25):
            plan = Solution.from_visits(plans[min(turn // 4, 2)])
            cost = 90 - turn
            callback(Improvement(0.0, turn, cost, True, len(plan.routes), lambda p=plan: p))
            time.sleep(0.05)
            text = (folder / "plan.sol").read_text() if (folder / "plan.sol").exists() else ""
            if text and (not seen or seen[-1][1] != text):
                seen.append((time.perf_counter() - began, text))
        return Result(problem, plan, evaluate(problem, plan), 0.0, solver="", seed=0, threads=1)

    monkeypatch.setattr("polyroute.vrp.cli.run.solve", solve)
    monkeypatch.chdir(folder)
    options = parse_options([*LONG, "--out", "plan.sol"])
    run_instance(Path("square.vrp"), options, Interrupt(), live=False)
    assert [text.count("Route") for _, text in seen] == [3, 2]
    assert seen[1][0] - seen[0][0] > 0.8
    assert (folder / "plan.sol").read_text().startswith("Route #1: 2 1\n")


# -- stdin and stdout ----------------------------------------------------------------------


def piped(folder: Path, text: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SOLVE, *words], cwd=folder, input=text, capture_output=True, text=True, check=False
    )


def test_a_problem_is_read_from_stdin_and_its_plan_written_to_stdout(folder: Path) -> None:
    plan = "Route #1: 1 2\nRoute #2: 3 4\nRoute #3: 5\nCost 118\n"
    (folder / "plan.sol").write_text(plan)
    answer = piped(folder, SQUARE, "-", "--check", "plan.sol", "--out", "-")
    assert (answer.returncode, answer.stdout) == (0, plan), answer
    assert "cost        118" in answer.stderr


def test_the_plan_on_stdout_is_in_the_format_that_is_asked_for_or_that_of_the_problem(
    folder: Path,
) -> None:
    (folder / "own.json").write_text(
        '{"depots": [{"x": 0, "y": 0}], "clients": [{"x": 3, "y": 4}], "vehicle_types": [{}]}'
    )
    (folder / "plan.sol").write_text("Route #1: 1\n")
    words = ("own.json", "--check", "plan.sol", "--out", "-", "--quiet")
    assert json.loads(run(folder, *words).stdout)["cost"] == 10
    assert run(folder, *words, "--out-format", "csv").stdout.startswith("route,vehicle_type,")


def test_a_fault_in_stdin_is_told_of_stdin(folder: Path) -> None:
    answer = piped(folder, SQUARE.replace("4 10 0", "4 ten 0"), "-", *QUICK)
    assert answer.returncode == 2
    assert answer.stderr.startswith("solve.py: error: stdin:10: ")


def test_a_pipe_by_name_is_read_once(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    writer = subprocess.Popen(["cp", "square.vrp", "pipe"], cwd=folder)
    (folder / "plan.sol").write_text("Route #1: 1 2\nRoute #2: 3 4 5\n")
    answer = run_apart(folder, "pipe", "--check", "plan.sol")
    assert writer.wait() == 0
    assert "(CVRP, 5 clients)" in answer.stdout


def test_a_reader_of_the_plan_that_leaves_is_no_bug(folder: Path) -> None:
    (folder / "plan.sol").write_text("Route #1: 1 2\nRoute #2: 3 4 5\n")
    answer = unread([*SOLVE, "square.vrp", "--check", "plan.sol", "--out", "-"], folder)
    assert answer.returncode == 128 + signal.SIGPIPE
    assert "Traceback" not in answer.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
def test_a_full_disk_under_stdout_is_told_in_one_sentence(folder: Path) -> None:
    (folder / "plan.sol").write_text("Route #1: 1 2\nRoute #2: 3 4\nRoute #3: 5\n")
    with open("/dev/full", "w") as full:
        answer = subprocess.run(
            [*SOLVE, "square.vrp", "--check", "plan.sol"],
            cwd=folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert answer.returncode == 2
    told = "solve.py: error: stdout cannot be written: No space left on device\n"
    assert answer.stderr == told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--out", "-", "--json"], "--json and --out - would both write to stdout"),
        (["--out-format", "csv"], "--out-format belongs to --out -, which is not given"),
        (["--out", "-", "timed.txt"], "stdout would hold both square.vrp and timed.txt"),
        (["-", "--compare", "search"], "--compare reads an instance for each run anew"),
        (["--quiet-machine"], "--quiet-machine belongs to --compare, which is not given"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_streams_are_used_once(folder: Path, words: list[str], sentence: str) -> None:
    assert refused(folder, "square.vrp", *words).startswith(sentence)


# -- nothing is written over what is read --------------------------------------------------


@pytest.mark.parametrize("name", ["plan.sol", "link.sol", "hard.sol", "../{folder}/plan.sol"])
@pytest.mark.parametrize(
    ("flag", "what"), [("--start", "the start"), ("--check", "the plan to check")]
)
def test_a_plan_that_is_read_is_not_written_over(
    folder: Path, name: str, flag: str, what: str
) -> None:
    (folder / "plan.sol").write_text("Route #1: 1 2\nRoute #2: 3 4 5\n")
    (folder / "link.sol").symlink_to("plan.sol")
    (folder / "hard.sol").hardlink_to(folder / "plan.sol")
    name = name.format(folder=folder.name)
    sentence = refused(folder, "square.vrp", flag, "plan.sol", "--out", name)
    assert sentence == f"{name} is {what}, writing to it would destroy it"


@pytest.mark.parametrize("flag", ["--out", "--plot"])
def test_an_instance_is_not_written_over_by_any_name(folder: Path, flag: str) -> None:
    suffix = ".json" if flag == "--out" else ".svg"
    (folder / f"link{suffix}").symlink_to("square.vrp")
    sentence = refused(folder, "square.vrp", flag, f"link{suffix}")
    assert sentence == f"link{suffix} is an instance, writing to it would destroy it"
