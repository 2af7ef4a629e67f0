"""The files that kernels are made of, by whose hash the cache folder is named."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from polyroute.heuristics.jit.options import source_hash
from polyroute.heuristics.jit.sources import PACKAGE, kernel_sources


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("sources") / "polyroute"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture
def changed(package: Path, file: str) -> Iterator[Path]:
    """The package with a line more in `file`."""
    path = package / file
    text = path.read_bytes()
    path.write_bytes(text + b"\nCHANGED = 1\n")
    yield package
    path.write_bytes(text)


@pytest.mark.parametrize(
    "file",
    [
        pytest.param("heuristics/kernels/anneal.py", id="a kernel"),
        pytest.param("heuristics/kernels/cost/arcs.py", id="a callee"),
        pytest.param("heuristics/kernels/arrays.py", id="the columns of its arrays"),
        pytest.param("vrp/problem.py", id="where a constant comes from"),
        pytest.param("vrp/arcs.py", id="what that module imports"),
        pytest.param("heuristics/jit/fragments.py", id="how it is compiled"),
    ],
)
def test_what_a_kernel_is_made_of_changes_the_hash(changed: Path, file: str) -> None:
    assert source_hash(changed) != source_hash()


@pytest.mark.parametrize(
    "file",
    [
        "heuristics/compare/report.py",
        "heuristics/baselines/hgs.py",
        "heuristics/search/solver.py",
        "vrp/draw/caption.py",
        "vrp/io/record.py",
        "data/random.py",
        "__init__.py",
    ],
)
def test_what_no_kernel_is_made_of_leaves_it_as_it_is(changed: Path, file: str) -> None:
    assert source_hash(changed) == source_hash()


def test_a_new_kernel_changes_the_hash(package: Path) -> None:
    path = package / "heuristics" / "compare" / "new.py"
    path.write_text("@kernel\ndef new(p):\n    return p\n", encoding="utf-8")
    assert source_hash(package) != source_hash()
    path.unlink()


def test_how_it_is_compiled_is_in_the_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    before = source_hash()
    monkeypatch.setenv("POLYROUTE_CALLABLE_KERNELS", "in another way")
    assert source_hash() != before


def test_every_import_is_followed() -> None:
    found = set(kernel_sources())
    for path in found:
        for module in _imported(ast.parse(path.read_bytes())):
            place = PACKAGE.joinpath(*module.split(".")[1:])
            assert not place.with_suffix(".py").is_file() or place.with_suffix(".py") in found
            assert not place.is_dir() or place / "__init__.py" in found


def _imported(tree: ast.Module) -> Iterator[str]:
    """The modules of the package that a module imports when it is imported, and names in them."""
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names if alias.name.startswith("polyr"))
        elif isinstance(statement, ast.ImportFrom) and (statement.module or ".")[:5] == "polyr":
            assert statement.level == 0
            yield str(statement.module)
            yield from (f"{statement.module}.{alias.name}" for alias in statement.names)
