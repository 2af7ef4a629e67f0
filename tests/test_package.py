"""What is installed: one package `polyroute`, which nothing that lies beside it disturbs."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

from polyroute.heuristics.baselines.request import EXTRA
from polyroute.heuristics.compare.machine import EXTRAS
from polyroute.vrp.version import __version__
from tests.processes import ROOT

ROOMS = ("vrp", "data", "heuristics", "models")
PARTS = ("polyroute", *ROOMS, "pyproject.toml", "README.md", "LICENSE")
"""What a distribution is built from."""

BUILD = "from setuptools import build_meta; build_meta.build_{what}({where!r})"

SQUARE = """\
NAME : square
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 0 10
3 10 10
4 10 0
5 20 0
DEMAND_SECTION
1 0
2 4
3 4
4 4
5 4
DEPOT_SECTION
1
-1
EOF
"""

SESSION = """\
import polyroute, vrp, data, heuristics, models, solve
problem = polyroute.read("square.vrp")
result = polyroute.solve(problem, iterations=20, seed=1)
print(polyroute.evaluate(problem, result.solution).feasible)
print(polyroute.vrp.__file__)
print({module.OWNER for module in (vrp, data, heuristics, models, solve)})
"""

INSTALL = "from polyroute.vrp.errors import install_command; print(install_command('{extra}'))"

TYPED = """\
from polyroute import Builder, Solver, evaluate, read, solve

problem = read("square.vrp")
cost: int = evaluate(problem, solve(problem).solution).cost
wrong: str = Builder().build()
"""


def run(words: Sequence[str | Path], folder: Path, **environment: str) -> str:
    """What a command prints; it must end well, and plain Python in place of kernels will do."""
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=ours | {"NUMBA_DISABLE_JIT": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def build(what: str, source: Path, folder: Path) -> Path:
    """Build a ``wheel`` or an ``sdist`` of `source` with what the tests have installed."""
    run([sys.executable, "-c", BUILD.format(what=what, where=str(folder))], source)
    (made,) = folder.iterdir()
    return made


def contents(wheel: Path) -> dict[str, bytes]:
    """The files in a wheel."""
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout with its links, since a build leaves files behind."""
    folder = tmp_path_factory.mktemp("source")
    for part in PARTS:
        if (ROOT / part).is_dir():
            unwanted = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, folder / part, symlinks=True, ignore=unwanted)
        else:
            shutil.copy(ROOT / part, folder)
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel."""
    return build("wheel", source, tmp_path_factory.mktemp("wheel"))


@dataclass(frozen=True)
class Environment:
    """A virtual environment that holds what we depend on, and nothing of ours yet."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> Environment:
        """Make one; the dependencies are those that the tests run with."""
        run([sys.executable, "-m", "venv", "--without-pip", folder], folder.parent)
        made = cls(folder)
        places = [path for path in sys.path if Path(path).name == "site-packages"]
        (made.packages / "dependencies.pth").write_text("\n".join(places))
        return made

    @property
    def packages(self) -> Path:
        """Where its packages lie."""
        (found,) = self.folder.glob("lib/python*/site-packages")
        return found

    def program(self, name: str) -> Path:
        """A program that is installed in it."""
        return self.folder / "bin" / name

    def install(self, *what: str | Path) -> None:
        """Install what dependencies are there for already, so that no network is needed."""
        pip = [sys.executable, "-m", "pip", "--python", self.folder, "install", "--no-index"]
        run([*pip, "--no-build-isolation", *what], self.folder)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A new environment with the wheel."""
    environment = Environment.make(tmp_path_factory.mktemp("installed") / "env")
    environment.install(wheel)
    return environment


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A user's folder, in which every name that we use for a room is his own."""
    for name in ("vrp.py", "solve.py", *(f"{room}/__init__.py" for room in ROOMS[1:])):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("OWNER = 'user'\n")
    (tmp_path / "square.vrp").write_text(SQUARE)
    return tmp_path


def test_a_wheel_holds_every_file_of_the_rooms_under_one_name(wheel: Path) -> None:
    ours = {
        f"polyroute/{path.relative_to(ROOT)}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    front = ROOT / "polyroute"
    ours |= {f"polyroute/{path.relative_to(front)}" for path in front.glob("*.py")}
    ours |= {f"polyroute/{path.relative_to(front)}" for path in front.glob("commands/*.py")}
    held = contents(wheel)
    about = f"polyroute-{__version__}.dist-info"
    assert {name for name in held if not name.startswith(about)} == ours | {"polyroute/py.typed"}
    assert held[f"{about}/top_level.txt"] == b"polyroute\n"
    assert held["polyroute/vrp/api.py"] == (ROOT / "vrp" / "api.py").read_bytes()


def test_a_wheel_of_the_sdist_is_the_wheel(source: Path, wheel: Path, tmp_path: Path) -> None:
    for folder in ("sdist", "unpacked", "wheel"):
        (tmp_path / folder).mkdir()
    with tarfile.open(build("sdist", source, tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert contents(build("wheel", unpacked, tmp_path / "wheel")) == contents(wheel)


def test_a_user_s_own_folders_disturb_nothing(installed: Environment, desk: Path) -> None:
    python = installed.program("python")
    feasible, place, owners = run([python, "-c", SESSION], desk).splitlines()
    assert feasible == "True"
    assert Path(place).is_relative_to(installed.packages)
    assert owners == "{'user'}"
    assert run([python, "-m", "polyroute", "--version"], desk) == f"polyroute {__version__}\n"


def test_the_command_runs_whatever_is_on_the_path(installed: Environment, desk: Path) -> None:
    polyroute, path = installed.program("polyroute"), str(desk)
    solve = [polyroute, "solve", "square.vrp", "--iterations", "20", "--json", "--out", "plan.sol"]
    solved = json.loads(run(solve, desk, PYTHONPATH=path))
    check = [polyroute, "check", "square.vrp", "plan.sol", "--json"]
    assert json.loads(run(check, desk, PYTHONPATH=path))["cost"] == solved["cost"]
    compare = [polyroute, "compare", "square.vrp", "--solvers", "search", "--times", "0.2"]
    compare += ["--spare", "1000"]
    assert "| square " in run(compare, desk, PYTHONPATH=path)


def test_a_user_s_file_is_checked_against_our_types(installed: Environment, desk: Path) -> None:
    (desk / "typed.py").write_text(TYPED)
    mypy = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "typed.py"]
    answer = subprocess.run(
        [*mypy, "--python-executable", installed.program("python")],
        cwd=desk,
        capture_output=True,
        text=True,
        check=False,
    )
    wrong, total = answer.stdout.splitlines()
    assert wrong.startswith("typed.py:5: error: Incompatible types in assignment"), answer
    assert '"Problem"' in wrong
    assert total.startswith("Found 1 error")


def test_an_extra_of_a_wheel_is_installed_by_the_line_that_errors_name(
    installed: Environment, wheel: Path, desk: Path
) -> None:
    about = message_from_bytes(contents(wheel)[f"polyroute-{__version__}.dist-info/METADATA"])
    assert {EXTRA, "download", *EXTRAS.values()} <= set(about.get_all("Provides-Extra", []))
    line = run([installed.program("python"), "-c", INSTALL.format(extra=EXTRA)], desk)
    told = run([*shlex.split(line), "--no-index", "--dry-run"], desk)
    ours, *others = (line for line in told.splitlines() if "already satisfied" in line)
    assert ours.startswith("Requirement already satisfied: polyroute")
    assert str(installed.packages.relative_to(installed.folder)) in ours
    assert any("satisfied: pyvrp" in other for other in others)


def test_an_extra_of_a_checkout_is_installed_by_the_line_that_errors_name(
    source: Path, desk: Path
) -> None:
    line = run([sys.executable, "-c", INSTALL.format(extra=EXTRA)], source)
    assert line.startswith(f"{shlex.quote(sys.executable)} -m pip install --editable ")
    environment = Environment.make(desk / "env")
    environment.install(*shlex.split(line)[4:])
    code = "import polyroute.vrp.io.solomon as room; print(room.__file__)"
    place = run([environment.program("python"), "-c", code], desk).strip()
    assert Path(place) == source / "polyroute" / "vrp" / "io" / "solomon.py"
    assert run([environment.program("polyroute"), "--version"], desk).startswith("polyroute")


def test_a_checkout_without_links_says_what_to_do(source: Path, tmp_path: Path) -> None:
    shutil.copytree(source / "polyroute", tmp_path / "polyroute", symlinks=True)
    for room in ROOMS:
        link = tmp_path / "polyroute" / room
        target = os.readlink(link)
        link.unlink()
        link.write_text(target)  # as git does where it may not make links
    code = "try:\n    import polyroute\nexcept ImportError as error:\n    print(error)"
    # without site-packages, where an editable install would find the rooms of another checkout
    sentence = run([sys.executable, "-S", "-c", code], tmp_path)
    assert "checkout was made without symbolic links; 'git config core.symlinks true'" in sentence
