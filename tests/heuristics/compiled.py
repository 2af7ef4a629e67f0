"""Whether kernels run compiled, and so how many random cases are quick enough."""

from __future__ import annotations

import os
from collections.abc import Callable

# Not asked of numba: who imports it before our kernels gets a cache that knows not of changes in
# callees.
COMPILED = os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"


def cases(number: int) -> range:
    """So many random cases compiled, a third of them as plain Python."""
    return range(number if COMPILED else max(number // 3, 1))


def plain(function: Callable) -> Callable:
    """The Python function of a kernel, compiled or not."""
    return getattr(function, "py_func", function)
