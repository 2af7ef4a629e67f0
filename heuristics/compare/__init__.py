"""The harness that compares solvers; ``python -m polyroute.heuristics.compare --help`` runs it."""

from polyroute.heuristics.compare.harness import ComparisonResult, run_comparison
from polyroute.heuristics.compare.plan import Limits

__all__ = ["ComparisonResult", "Limits", "run_comparison"]
