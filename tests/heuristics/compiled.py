"""Whether kernels run compiled, and so how many random cases are quick enough."""

from __future__ import annotations

import os
from collections.abc import Callable

from tests.effort import in_full

# Not asked of numba: who imports it before our kernels gets a cache that knows not of changes in
# callees.
COMPILED = os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"


BOUNDS_UNCHECKED = os.environ.get("NUMBA_BOUNDSCHECK", "0") == "0"
"""Whether compiled kernels read and write wherever an index points."""


def cases(number: int) -> range:
    """So many random cases in full, half of them in short, fewer as plain Python."""
    part = in_full(1, 2) if COMPILED else in_full(2, 5)
    return range(max(number // part, 1))


def plain(function: Callable) -> Callable:
    """The Python function of a kernel, compiled or not."""
    return getattr(function, "py_func", function)
