"""Polyroute: vehicle routing of every kind. This is the front door; the rooms lie behind it.

`vrp` is the model, its files and its checker; `data` draws instances; `heuristics` searches and
compares; `models` learns. In a checkout these are links to the folders of the same names.
"""

from polyroute.vrp import (
    Builder,
    Problem,
    Solution,
    Solver,
    __version__,
    evaluate,
    read,
    solve,
)

__all__ = ["Builder", "Problem", "Solution", "Solver", "__version__", "evaluate", "read", "solve"]
