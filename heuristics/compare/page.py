"""The report as a page of its own: tables to sort, curves to zoom, nothing fetched."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from polyroute.heuristics.compare.cells import (
    EXPLANATION,
    FOOTNOTE,
    Sheet,
    Shown,
    runs_of,
    sheet_of,
)
from polyroute.heuristics.compare.report import Report
from polyroute.heuristics.compare.series import Curve, Panel, panels
from polyroute.vrp.draw.template import fill, json_in_html

DIGITS = 6
"""Significant digits of what the curves are drawn from."""


def to_html(report: Report) -> str:
    """The page: circumstances, a plot a set, a table for each budget and set, and its runs."""
    drawn = [panel for panel in panels(report.rows) if any(_has_points(c) for c in panel.curves)]
    told = [*report.remarks, *(f"{what} (first on {at})" for what, at in report.errors.items())]
    remarks = "".join(f"<li>{escape(remark)}</li>" for remark in told)
    parts = {
        "title": escape(_title(report)),
        "circumstances": "".join(
            f"<dt>{name}</dt><dd>{escape(fact.strip('`'))}</dd>"
            for name, fact in report.circumstances.items()
        ),
        "remarks": f"<ul>{remarks}</ul>" if remarks else "",
        "plots": _plots(drawn),
        "tables": "".join(
            _table(sheet_of(table)) + ("" if table.set is None else _folded(runs_of(table)))
            for table in report.tables
        ),
        "explanation": escape(EXPLANATION),
        "footnote": f"<p>{escape(FOOTNOTE)}</p>" if report.busy else "",
        "data": json_in_html([_panel_data(panel) for panel in drawn]),
    }
    return fill((files("polyroute.heuristics.compare") / "report.html").read_text("utf-8"), parts)


def _title(report: Report) -> str:
    solvers = list(dict.fromkeys(row.solver for row in report.rows))
    return "Comparison" + (f" of {', '.join(solvers)}" if solvers else "")


# -- tables --------------------------------------------------------------------------------


def _table(sheet: Sheet, kind: str = "") -> str:
    heads = "".join(f'<th scope="col"><button>{escape(name)}</button></th>' for name in sheet.head)
    body = "".join(_row(row) for row in sheet.body)
    foot = "".join(_row(row) for row in sheet.foot)
    return (
        f'<h2>{escape(sheet.title)}</h2><div class="wide"><table class="{kind}">'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody><tfoot>{foot}</tfoot></table></div>"
    )


def _folded(sheet: Sheet) -> str:
    return f"<details><summary>each run</summary>{_table(sheet, 'runs')}</details>"


def _row(cells: tuple[Shown, ...]) -> str:
    name, *others = cells
    head = f'<th scope="row">{escape(name.text)}</th>'
    return f"<tr>{head}{''.join(_cell(cell) for cell in others)}</tr>"


def _cell(cell: Shown) -> str:
    value = "" if cell.value is None else f' data-value="{cell.value!r}"'
    lowest = ' class="lowest"' if cell.lowest else ""
    return f"<td{value}{lowest}>{escape(cell.text)}</td>"


# -- curves --------------------------------------------------------------------------------


def _plots(drawn: list[Panel]) -> str:
    """Figures that the page's script fills, and a key to hide and show solvers."""
    if not drawn:
        return ""
    keys = {curve.label: curve.colour for panel in drawn for curve in panel.curves}
    buttons = "".join(
        f'<button class="key" aria-pressed="true" data-label="{escape(label)}" '
        f'style="--colour:{colour}">{escape(label)}</button>'
        for label, colour in keys.items()
    )
    figures = "".join(
        f'<figure data-panel="{index}"><figcaption>{escape(panel.set)}</figcaption></figure>'
        for index, panel in enumerate(drawn)
    )
    return (
        "<h2>Gap against time</h2><p>Points: mean gap to the best known cost under each budget, "
        "where all instances were solved. Thin lines: what the runs under the longest budget had "
        "on their way, as the solver itself claims. The wheel zooms, a drag moves, a double click "
        f'shows all.</p><div class="keys">{buttons}</div><div class="plots">{figures}</div>'
    )


def _has_points(curve: Curve) -> bool:
    return bool(curve.budgets or len(curve.seconds))


def _panel_data(panel: Panel) -> dict[str, object]:
    return {
        "set": panel.set,
        "curves": [
            {
                "label": curve.label,
                "colour": curve.colour,
                "points": _pairs(curve.budgets, curve.means),
                "trace": _pairs(curve.seconds.tolist(), curve.gaps.tolist()),
            }
            for curve in panel.curves
            if _has_points(curve)
        ],
    }


def _pairs(seconds: list[float], gaps: list[float]) -> list[list[float]]:
    return [
        [float(f"{value:.{DIGITS}g}") for value in pair] for pair in zip(seconds, gaps, strict=True)
    ]
