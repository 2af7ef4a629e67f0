"""``polyroute``, the one command: its table of sub-commands, and what stands before one."""

from __future__ import annotations

import logging
import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from polyroute.__main__ import main
from polyroute.commands import COMMANDS
from polyroute.data import random
from polyroute.vrp.version import __version__
from tests.processes import ROOT, printed, unread

HEAVY = {"jsonschema", "matplotlib", "numba", "ortools", "pyvrp", "rich", "scipy", "torch"}
INSTANCE = str(ROOT / "instances" / "cvrp-n20-C-R-1-10-s1.vrp")
OUTPUT = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _leave_the_process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command sets where messages and tracebacks go, for it expects to end with its process."""
    logger = logging.getLogger("polyroute")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    for name in ("handlers", "level", "propagate"):
        monkeypatch.setattr(logger, name, getattr(logger, name))


def refused(capsys: OUTPUT, *words: str) -> str:
    """The one sentence with which a command line is refused."""
    assert main(words) == 2
    output = capsys.readouterr()
    assert output.out == ""
    (sentence,) = output.err.splitlines()
    return sentence


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_calls_itself_by_its_name(name: str, capsys: OUTPUT) -> None:
    module, function = COMMANDS[name][0].split(":")
    if find_spec(module) is None:
        pytest.skip(f"{module} is not there yet")
    assert callable(getattr(import_module(module), function))
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: polyroute {name} ")


def test_help_lists_every_command_and_imports_nothing_heavy(capsys: OUTPUT) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    assert all(
        f"\n  {name} " in listed and about in listed for name, (_, about) in COMMANDS.items()
    )
    code = "import sys\nfrom polyroute.__main__ import main\nmain(['--help'])\nprint(*sys.modules)"
    assert HEAVY.isdisjoint(printed(code).splitlines()[-1].split())


def test_version_is_the_package_s(capsys: OUTPUT) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"polyroute {__version__}\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "polyroute: error: no command is given, expected one of solve, check, "),
        (["sovle"], "polyroute: error: command 'sovle' is unknown, did you mean 'solve'?"),
        (["heat"], "polyroute: error: command 'heat' is unknown, expected one of solve, check, "),
        (["a.vrp", "--time", "3"], "polyroute: error: found the file a.vrp, expected a command, "
         "as in 'polyroute solve a.vrp'"),
        (["--time", "3"], "polyroute: error: found the option --time, expected a command, "
         "as in 'polyroute solve --time'"),
        (["solve", "a.vrp", "--tme", "3"], "polyroute solve: error: option '--tme' is unknown, "
         "did you mean '--time'?"),
        (["check"], "polyroute check: error: neither is given, expected an instance and a plan "),
        (["check", "a.vrp"], "polyroute check: error: found only a.vrp, expected an instance and "),
        (["check", "a.vrp", "a.sol", "--time", "3"], "polyroute check: error: option '--time' is "),
        (["random", "--size", "0"], "polyroute random: error: size is 0, expected "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_a_wrong_command_line_is_refused_in_one_sentence(
    words: list[str], sentence: str, capsys: OUTPUT
) -> None:
    assert refused(capsys, *words).startswith(sentence)


def test_check_says_what_solve_says_of_a_plan(tmp_path: Path, capsys: OUTPUT) -> None:
    plan = tmp_path / "cvrp-n20-C-R-1-10-s1.sol"
    plan.write_text("Route #1: 1 2 3\n")
    assert main(["solve", INSTANCE, "--check", str(plan), "--explain"]) == 3
    said = capsys.readouterr()
    assert main(["check", INSTANCE, str(plan), "--explain"]) == 3
    assert capsys.readouterr() == said
    template = str(tmp_path / "{name}.sol")
    assert main(["check", INSTANCE, INSTANCE, template, "--quiet"]) == 3
    assert capsys.readouterr().out.splitlines()[0].startswith("instance ")


def test_a_reader_that_leaves_ends_a_command_without_a_traceback(tmp_path: Path) -> None:
    answer = unread(
        [sys.executable, "-m", "polyroute", "random", "--size", "5", "--out", str(tmp_path)], ROOT
    )
    assert answer.returncode == 128 + signal.SIGPIPE
    assert answer.stderr == ""


def test_ctrl_c_ends_a_command_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: OUTPUT
) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(random, "make_file", interrupt)
    assert main(["random"]) == 128 + signal.SIGINT
    assert capsys.readouterr().err == ""
