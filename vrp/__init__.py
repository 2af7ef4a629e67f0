"""Polyroute's core: the problem, its solution, the checker and the files they live in.

Conventions, stated once. Depots are nodes 0 to D−1 and clients follow; a route's visits leave
depots out. Masks are True where something is allowed. Cost is minimised, and a delta is new − old.
A `Problem` holds integers, each kind of measure in a scale of its own.
"""

from polyroute.vrp.api import Solver, read, solve
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Solution
from polyroute.vrp.version import __version__

__all__ = ["Builder", "Problem", "Solution", "Solver", "__version__", "evaluate", "read", "solve"]
