"""A list of jobs that two processes share, and what happens when one of them ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import pytest

from polyroute.heuristics.jit import two_processes
from polyroute.heuristics.jit.two_processes import can_share, compile_from_the_front

JOBS = 6
PATIENCE = 60.0
"""Seconds after which another process does not do any more what is waited for."""

SECOND = f"""
import os, sys, time
from functools import partial
from pathlib import Path

folder, what, shared = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

def job(index):
    (folder / str(index)).write_text(str(os.getpid()))
    if what == "dies":
        os._exit(1)
    if what == "hangs":
        time.sleep({PATIENCE})

if what != "fails":
    from polyroute.heuristics.jit.two_processes import compile_from_the_back
    compile_from_the_back([partial(job, index) for index in range({JOBS})], shared)
"""


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module to run as second process, on this process's own path alone."""
    (tmp_path / "second_process_of_a_test.py").write_text(SECOND, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return "second_process_of_a_test"


def wait_for(holds: Callable[[], bool]) -> None:
    began = monotonic()
    while not holds():
        assert monotonic() - began < PATIENCE
        sleep(0.01)


def begun_by_the_second(folder: Path) -> list[int]:
    return sorted(int(path.name) for path in folder.iterdir() if path.name.isdigit())


def test_each_begins_at_an_end_and_none_does_what_the_other_has_begun(
    second: str, tmp_path: Path
) -> None:
    done: list[int] = []

    def job(index: int) -> None:
        if not done:  # the second process does what it finds meanwhile
            wait_for(lambda: begun_by_the_second(tmp_path) == list(range(1, JOBS)))
        done.append(index)

    compile_from_the_front([partial(job, i) for i in range(JOBS)], second, str(tmp_path), "works")
    assert done == [0, *range(JOBS)]  # in the end it loads all


@pytest.mark.parametrize("how", ["fails", "dies"])
def test_where_the_second_ends_the_first_does_everything(
    second: str, how: str, tmp_path: Path
) -> None:
    done: list[int] = []

    def job(index: int) -> None:
        if not done and how == "dies":
            wait_for(lambda: begun_by_the_second(tmp_path) == [JOBS - 1])
        done.append(index)

    compile_from_the_front([partial(job, i) for i in range(JOBS)], second, str(tmp_path), how)
    assert set(done) == set(range(JOBS))


def test_where_there_can_be_no_second_the_first_does_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    compile_from_the_front([partial(done.append, i) for i in range(JOBS)], "anything")
    assert done == list(range(JOBS))


def test_ctrl_c_ends_the_second_too(second: str, tmp_path: Path) -> None:
    number = tmp_path / str(JOBS - 1)

    def job() -> None:
        wait_for(lambda: number.exists() and number.read_text() != "")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compile_from_the_front([job] * JOBS, second, str(tmp_path), "hangs")
    with pytest.raises(ProcessLookupError):
        os.kill(int(number.read_text()), 0)


def test_the_second_ends_when_the_first_does(second: str, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    path = os.pathsep.join(entry or "." for entry in sys.path)
    with subprocess.Popen(
        [sys.executable, "-m", second, str(tmp_path), "hangs", str(shared)],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        wait_for(lambda: begun_by_the_second(tmp_path) == [JOBS - 1])
        began = monotonic()
        process.communicate()
    assert monotonic() - began < PATIENCE / 2


def test_it_is_not_shared_on_one_core_or_where_nothing_is_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(two_processes, "IS_COMPILED", True)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "anywhere")
    assert can_share()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert not can_share()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setattr(two_processes, "IS_COMPILED", False)
    assert not can_share()
    monkeypatch.setattr(two_processes, "IS_COMPILED", True)
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    assert not can_share()
