"""The one door to the disk: whole files or none, pipes read once, nothing read written over."""

from __future__ import annotations

import ast
import errno
import os
import stat
import threading
from contextvars import copy_context
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from polyroute.vrp.draw import draw
from polyroute.vrp.errors import PolyrouteError, ReadError
from polyroute.vrp.io import write_result
from polyroute.vrp.io.files import identity, one_run, read_bytes, write_bytes
from tests.vrp.io.results import fleet_result

ROOT = Path(__file__).parents[3]
OWN = {
    "vrp/io/files.py": "the door itself",
    "heuristics/compare/rows.py": "appends a row to a file that grows",
    "heuristics/compare/job.py": "into a temporary folder",
    "heuristics/compare/worker.py": "into a temporary folder",
    "heuristics/baselines/lkh.py": "into a temporary folder",
    "heuristics/jit/two_processes.py": "into a temporary folder",
    "heuristics/search/warm_up.py": "a mark in the cache",
}
"""Who else writes, and where."""


def test_every_writer_goes_through_the_door() -> None:
    writers = set()
    for room in ("vrp", "data", "heuristics", "models", "polyroute/commands"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in ("write_text", "touch"):
                    writers.add(path.relative_to(ROOT).as_posix())
                if isinstance(node, ast.Call) and _opens_to_write(node):
                    writers.add(path.relative_to(ROOT).as_posix())
    assert writers <= OWN.keys()


def _opens_to_write(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    return name == "open" and any(str(word)[:1] in "wax" for word in words if word)


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for name in ("page.html", "picture.svg", "plan.json"):
        (tmp_path / name).write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    for name in ("page.html", "picture.svg"):
        with pytest.raises(PolyrouteError, match="cannot be written: No space left on device"):
            draw(tmp_path / name, fleet_result())
    with pytest.raises(PolyrouteError, match="No space left on device"):
        write_result(tmp_path / "plan.json", fleet_result())
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "page.html": "old",
        "picture.svg": "old",
        "plan.json": "old",
    }


def test_links_are_followed_and_modes_kept(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("old")
    (tmp_path / "plan").chmod(0o640)
    (tmp_path / "link").symlink_to("plan")
    write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "plan").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "plan").stat().st_mode) == 0o640
    umask = os.umask(0)
    os.umask(umask)
    write_bytes(tmp_path / ("n" * 250), b"a name as long as names may be")
    assert stat.S_IMODE((tmp_path / ("n" * 250)).stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("name", ["plan", "link", "hard", "./plan"])
def test_what_a_run_has_read_it_does_not_write_over(tmp_path: Path, name: str) -> None:
    plan = tmp_path / "plan"
    plan.write_text("mine")
    (tmp_path / "link").symlink_to("plan")
    (tmp_path / "hard").hardlink_to(plan)
    place = os.path.join(tmp_path, name)
    with one_run():
        read_bytes(plan)
        known = copy_context()
        with pytest.raises(PolyrouteError, match="writing to it would destroy it"):
            write_bytes(place, b"yours")
        failed: list[Exception] = []

        def write() -> None:
            try:
                write_bytes(place, b"yours")
            except PolyrouteError as error:
                failed.append(error)

        thread = threading.Thread(target=known.run, args=(write,))
        thread.start()
        thread.join()
        assert len(failed) == 1
    assert plan.read_text() == "mine"
    write_bytes(plan, b"a run of its own")


def test_a_name_of_the_same_file_is_that_file_whether_it_is_there_or_not(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    for _ in range(2):
        assert identity(tmp_path / "link" / "a") == identity(tmp_path / "folder" / "a")
        assert identity(tmp_path / "folder" / "a") != identity(tmp_path / "folder" / "b")
        (tmp_path / "folder" / "a").touch()
    (tmp_path / "b").hardlink_to(tmp_path / "folder" / "a")
    assert identity(tmp_path / "b") == identity(tmp_path / "link" / ".." / "folder" / "a")


def test_stdin_is_read_once_in_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"a problem")))
    with one_run():
        assert read_bytes("-") == read_bytes("-") == b"a problem"
    assert read_bytes("-") == b""
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(ReadError, match="stdin: cannot be read: stdin is closed"):
        read_bytes("-")
