"""The page of a comparison: complete, self-contained, and alive in a browser."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import numpy as np

from polyroute.heuristics.compare.aggregate import tables
from polyroute.heuristics.compare.page import to_html
from polyroute.heuristics.compare.report import Report
from polyroute.heuristics.compare.rows import Row
from tests.heuristics.rows import make_row

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Balanced(HTMLParser):
    """Fails on a tag that is closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page_of(*rows: Row) -> str:
    found = tuple(tables(rows, np.random.default_rng(0)))
    return to_html(Report(found, rows, 1, "compare a,b", "rows.jsonl", ("a remark",)))


def some_rows() -> list[Row]:
    return [
        make_row(solver, 105.0 + place, set=name, budget=budget, trace=((0.2, 120.0), (0.9, 106.0)))
        for place, solver in enumerate(("search", "cmd:<b>&{file}"))
        for name in ("toys", "games")
        for budget in (1.0, 10.0)
    ]


def data_of(page: str) -> list[dict]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_the_page_is_well_formed_and_fetches_nothing() -> None:
    page = page_of(*some_rows())
    parsed = Balanced()
    parsed.feed(page)
    assert not parsed.open
    for _, attributes in parsed.seen:
        assert not {"src", "href"} & attributes.keys()
    assert "url(http" not in page
    assert "@import" not in page


def test_names_are_shown_as_they_are_and_run_nowhere() -> None:
    page = page_of(*some_rows())
    assert "<b>&{file}" not in page
    assert "cmd:&lt;b&gt;&amp;{file}" in page


def test_each_set_has_a_plot_and_each_solver_a_curve() -> None:
    panels = data_of(page_of(*some_rows()))
    assert [panel["set"] for panel in panels] == ["toys", "games"]
    for panel in panels:
        assert [curve["label"] for curve in panel["curves"]] == ["search", "cmd:<b>&{file}"]
        assert panel["curves"][0]["points"] == [[1.0, 0.05], [10.0, 0.05]]
        assert len(panel["curves"][0]["trace"]) > 100


def test_each_table_and_its_runs_are_there_with_what_they_are_sorted_by() -> None:
    page = page_of(*some_rows())
    for heading in ("toys, 1 s, 1 thread", "all sets, 10 s, 1 thread", "Runs: games, 1 s"):
        assert heading in page
    assert '<td data-value="0.05" class="lowest">5.00 %</td>' in page.replace(
        'data-value="0.050000000000000044"', 'data-value="0.05"'
    )
    assert "a remark" in page
    assert "1 rows taken while other work ran" in page


def test_a_comparison_where_all_failed_has_a_page_too() -> None:
    page = page_of(make_row("a", None, error="out of ideas"))
    assert data_of(page) == []
    assert "out of ideas" in page
