"""The harness that compares solvers; ``python -m polyroute.heuristics.compare --help`` runs it.

`request`: what to run and where to write. `plan`: the rows that are to come. `harness`: runs them
one after the other, each a `job` in a `process` of its own (`worker`), on a known `machine`.
`rows`: what is kept of each run. `known`: best known costs. `measures`, `aggregate`: from rows to
tables. `cells`, `report`, `page`, `series`, `curves`, `write`: the reports, as Markdown, JSON, HTML
and SVG. `stored`: the search against costs that are stored in files of many instances.
"""

from polyroute.heuristics.compare.harness import ComparisonResult, run_comparison
from polyroute.heuristics.compare.request import Comparison, Limits, Output

__all__ = ["Comparison", "ComparisonResult", "Limits", "Output", "run_comparison"]
