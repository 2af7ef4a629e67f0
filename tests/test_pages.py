"""The pages are true: the example runs, and every link, path, module, command and option exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from polyroute.heuristics.layout.curve import curve_order
from polyroute.vrp import evaluate, read
from polyroute.vrp.io.sol import read_sol
from tests.processes import ROOT

README = ROOT / "README.md"
PAGES = (
    README,
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
)
NAMED = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)

ROOMS = ("vrp", "data", "heuristics", "models", "tests")
LISTED = (".py", ".md", ".toml", ".schema.json")
"""How names of files end that must be files of ours: others may be the reader's own."""

LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
MODULE = re.compile(rf"(?:polyroute\.)?(?:{'|'.join(ROOMS)})(?:\.\w+)+")
RUN = re.compile(r"python -m (polyroute(?:\.\w+)*)")
COMMAND = re.compile(r"(?:^ +(?:\$ )?|`)polyroute ([a-z][\w-]*)", re.MULTILINE)
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
OPTIONS_IN = ("vrp/cli", "data", "heuristics/compare", "polyroute", "tests")
OF_OTHERS = {"--config-settings", "--dist", "--durations"}
"""Options on our pages that are other programs': pip's and pytest's."""


def text_of(page: Path) -> str:
    """A page's text."""
    return page.read_text(encoding="utf-8")


@cache
def files() -> frozenset[str]:
    """Every file of ours, from the root, with slashes."""
    places = [ROOT / room for room in (*ROOMS, "docs", "instances")]
    found = [path for place in places for path in place.rglob("*")]
    return frozenset(
        path.relative_to(ROOT).as_posix()
        for path in (*found, *ROOT.glob("*"), *ROOT.glob("polyroute/**/*"))
        if "__pycache__" not in path.parts
    )


def anchor(heading: str) -> str:
    """What GitHub calls the place of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """The places of a page's headings."""
    return {anchor(heading) for heading in HEADING.findall(text_of(page))}


def named_in(page: Path) -> Iterator[str]:
    """What stands between backticks, but for placeholders."""
    for name in CODE.findall(text_of(page)):
        if not re.search(r"^\.|[*{<…=\s]", name):
            yield name


def defines(module: str, name: str) -> bool:
    """Whether a module's source, or a package's map, says the name."""
    stem = ROOT / module.replace(".", "/")
    source = stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")
    return re.search(rf"\b{name}\b", text_of(source)) is not None


@cache
def options() -> frozenset[str]:
    """Every long option of ours."""
    sources = [path for place in OPTIONS_IN for path in (ROOT / place).rglob("*.py")]
    return frozenset(flag for source in sources for flag in FLAG.findall(text_of(source)))


def is_file(end: str) -> bool:
    """Whether the path of any file or folder ends so."""
    return any(f"/{file}".endswith(f"/{end}") for file in files())


def is_module(name: str) -> bool:
    """Whether there is such a module or package."""
    path = name.replace(".", "/")
    return f"{path}.py" in files() or f"{path}/__init__.py" in files()


def test_the_python_example_runs_and_finds_a_feasible_plan(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", text_of(README), re.DOTALL)
    exec(example, {"__name__": "__main__"})
    cost, feasible = capsys.readouterr().out.splitlines()[0].split()
    assert int(cost) > 0
    assert feasible == "True"


def test_the_readme_is_short() -> None:
    assert len(text_of(README).split()) < 900


@NAMED
def test_every_link_leads_to_a_file_and_a_heading_of_it(page: Path) -> None:
    lost = []
    for target, place in LINK.findall(text_of(page)):
        file = page.parent / target if target else page
        if not file.exists() or (place and place not in anchors(file)):
            lost.append(f"{target}#{place}")
    assert lost == []


@NAMED
def test_every_file_that_is_named_is_there(page: Path) -> None:
    ours = [name for name in named_in(page) if name.endswith((*LISTED, "/"))]
    assert [name for name in ours if not is_file(name.rstrip("/"))] == []


@NAMED
def test_every_module_and_what_is_named_in_it_is_there(page: Path) -> None:
    lost = []
    for code in named_in(page):
        found = MODULE.match(code)
        if found is None or code.endswith(LISTED):
            continue
        parts = found.group().removeprefix("polyroute.").split(".")
        known = next((k for k in range(len(parts), 0, -1) if is_module(".".join(parts[:k]))), None)
        if known is None or (
            known < len(parts) and not defines(".".join(parts[:known]), parts[known])
        ):
            lost.append(code)
    assert lost == []


@NAMED
def test_every_command_exists(page: Path) -> None:
    from polyroute.commands import COMMANDS

    text = text_of(page)
    modules = (name.removeprefix("polyroute").lstrip(".") for name in RUN.findall(text))
    assert [name for name in modules if name and not is_module(name)] == []
    assert [name for name in COMMAND.findall(text) if name not in COMMANDS] == []


@NAMED
def test_every_option_exists(page: Path) -> None:
    assert set(FLAG.findall(text_of(page))) - options() - OF_OTHERS == set()


def test_the_client_who_is_followed_is_who_the_page_says() -> None:
    page = text_of(ROOT / "docs" / "how-a-problem-becomes-a-plan.md")
    problem = read(ROOT / "instances" / "cvrp-n20-C-R-1-10-s1.vrp")
    node = problem.node_id.index("7")
    assert (node, problem.coords[node].tolist()) == (6, [538, 330])
    assert curve_order(problem).tolist().index(node) == 18
    (route,) = re.findall(r"^ +(Route #2: .+)$", page, re.MULTILINE)
    (driven,) = evaluate(problem, read_sol(route, problem)).routes
    (stop,) = (stop for stop in driven.stops if stop.node == node)
    assert (stop.arrive, driven.cost) == (948, 1122)
