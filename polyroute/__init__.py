"""Polyroute: vehicle routing of every kind. This is the front door; the rooms lie behind it.

`vrp` is the model, its files and its checker; `data` draws instances; `heuristics` searches and
compares; `models` is for learned policies; `commands` are the command line. In a checkout the first
four are links to the folders of the same names.
"""

try:
    from polyroute.vrp import Problem, Solution, Solver, __version__, evaluate, read, solve
    from polyroute.vrp.builder import Builder
except ModuleNotFoundError as error:
    if error.name != "polyroute.vrp":
        raise
    raise ImportError(
        "polyroute/vrp is no folder, since this checkout was made without symbolic links; "
        "'git config core.symlinks true' and then 'git checkout -- polyroute' makes them "
        "(Windows asks for its developer mode), or else install a wheel"
    ) from None

__all__ = ["Builder", "Problem", "Solution", "Solver", "__version__", "evaluate", "read", "solve"]
