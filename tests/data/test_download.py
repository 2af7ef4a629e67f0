"""Downloading, with a stand-in for the vrplib package and its server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from email.message import Message
from http.client import IncompleteRead
from pathlib import Path
from types import ModuleType
from urllib.error import HTTPError, URLError

import pytest

from polyroute.data.download import main

INSTANCE = (
    Path(__file__).resolve().parents[2] / "instances" / "cvrp-n20-C-R-1-10-s1.vrp"
).read_text()
SOLUTION = "Route #1: 1 2 3\nCost 60\n"

Fetch = Callable[[str, str], None]


def sends(text: str, suffix: str) -> Fetch:
    def fetch(name: str, path: str) -> None:
        (Path(path) / f"{name}.{suffix}").write_text(text)

    return fetch


def fails(error: Exception) -> Fetch:
    def fetch(name: str, path: str) -> None:
        (Path(path) / f"{name}.vrp").write_text("half of")
        raise error

    return fetch


def answers(code: int) -> HTTPError:
    return HTTPError("http://example.org", code, "", Message(), None)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[Fetch, Fetch], None]:
    """Put a vrplib in place whose two functions are given."""

    def install(instance: Fetch, solution: Fetch) -> None:
        module = ModuleType("vrplib")
        module.download_instance = instance  # type: ignore[attr-defined]
        module.download_solution = solution  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "vrplib", module)

    return install


Serve = Callable[[Fetch, Fetch], None]


def test_instance_and_solution_are_written_under_their_names(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(sends(INSTANCE, "vrp"), sends(SOLUTION, "sol"))
    assert main(["X-n21-k4", "--out", str(tmp_path / "new")]) == 0
    files = [tmp_path / "new" / "X-n21-k4.vrp", tmp_path / "new" / "X-n21-k4.sol"]
    assert [file.read_text() for file in files] == [INSTANCE, SOLUTION]
    assert capsys.readouterr().out.splitlines() == [str(file) for file in files]


def test_an_instance_without_a_solution_is_kept_and_said(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(sends(INSTANCE, "vrp"), fails(answers(404)))
    assert main(["X-n21-k4", "--out", str(tmp_path)]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["X-n21-k4.vrp"]
    assert "CVRPLIB has no solution of X-n21-k4" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (URLError("Name or service not known"), "cannot be reached for X-n21-k4: Name or service"),
        (TimeoutError("timed out"), "cannot be reached for X-n21-k4: timed out"),
        (ConnectionResetError(104, "reset"), "cannot be reached for X-n21-k4"),
        (IncompleteRead(b"NAME"), "cannot be reached for X-n21-k4"),
        (answers(404), "CVRPLIB has no instance called X-n21-k4"),
        (answers(503), "CVRPLIB answers with error 503 for X-n21-k4"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), "what CVRPLIB sent for X-n21-k4 is no"),
        (ValueError("Set name not known"), "CVRPLIB has no instance called X-n21-k4"),
    ],
)
def test_what_goes_wrong_is_told_and_nothing_is_left_behind(
    error: Exception,
    message: str,
    serve: Serve,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    serve(fails(error), sends(SOLUTION, "sol"))
    assert main(["X-n21-k4", "--out", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_broken_solution_leaves_no_instance_behind(serve: Serve, tmp_path: Path) -> None:
    serve(sends(INSTANCE, "vrp"), fails(URLError("gone")))
    assert main(["X-n21-k4", "--out", str(tmp_path)]) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_page_instead_of_an_instance_is_refused(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(sends("<html>Moved</html>", "vrp"), sends(SOLUTION, "sol"))
    assert main(["X-n21-k4", "--out", str(tmp_path)]) == 2
    assert "what CVRPLIB sent for X-n21-k4 is no instance" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_one_bad_name_does_not_keep_the_others(serve: Serve, tmp_path: Path) -> None:
    serve(sends(INSTANCE, "vrp"), sends(SOLUTION, "sol"))
    assert main(["../up", "X-n21-k4", "--out", str(tmp_path)]) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["X-n21-k4.sol", "X-n21-k4.vrp"]


def test_a_place_that_cannot_be_written_to_is_named(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(sends(INSTANCE, "vrp"), sends(SOLUTION, "sol"))
    (tmp_path / "file").write_text("")
    assert main(["X-n21-k4", "--out", str(tmp_path / "file")]) == 2
    assert f"{tmp_path / 'file'}: cannot be written" in capsys.readouterr().err


def test_a_missing_package_is_named_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "vrplib", None)
    assert main(["X-n21-k4"]) == 2
    err = capsys.readouterr().err
    assert "the package 'vrplib' is not installed; this adds it: " in err
    assert "[download]" in err


def test_a_vrplib_that_no_longer_downloads_is_told_from_a_missing_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "vrplib", ModuleType("vrplib"))
    assert main(["X-n21-k4"]) == 2
    assert "no longer downloads" in capsys.readouterr().err
