"""The sub-commands of ``polyroute``: what each is called, where it lives and what it does.

A command is a function that takes the words after its name and returns an exit code.
"""

COMMANDS: dict[str, tuple[str, str]] = {
    "solve": ("polyroute.commands.solve:main", "solve problems from files"),
    "check": ("polyroute.commands.check:main", "judge and price a plan"),
    "compare": (
        "polyroute.heuristics.compare.__main__:main",
        "run solvers on the same instances and budgets",
    ),
    "random": ("polyroute.data.random:main", "draw random instances"),
    "download": ("polyroute.data.download:main", "fetch instances of CVRPLIB by name"),
    "warm-up": (
        "polyroute.heuristics.search.warm_up:main",
        "compile all kernels at once, for images and first days",
    ),
}
"""Names of commands, where they live (``module:function``, imported on use), and one line each."""
