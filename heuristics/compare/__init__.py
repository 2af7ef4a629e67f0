"""The harness that compares solvers; ``python -m heuristics.compare --help`` runs it."""

from heuristics.compare.harness import ComparisonResult, run_comparison
from heuristics.compare.plan import Limits

__all__ = ["ComparisonResult", "Limits", "run_comparison"]
