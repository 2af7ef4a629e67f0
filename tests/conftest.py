"""What holds for every test of this process, set before anything else is imported."""

from __future__ import annotations

import os
import signal

import pytest

PLAIN = os.environ.get("NUMBA_DISABLE_JIT", "0") != "0"
CALLABLE = "POLYROUTE_CALLABLE_KERNELS" in os.environ

# A shell starts background jobs with Ctrl-C ignored, and they hand that on; tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Keep Numba from telling of each kernel that code with checks cannot be cached."""
    if os.environ.get("NUMBA_BOUNDSCHECK", "0") != "0":
        config.addinivalue_line("filterwarnings", "ignore:Cannot cache compiled function")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what calls fragments of kernels where they are compiled: it would crash."""
    if PLAIN or CALLABLE:
        return
    skip = pytest.mark.skip(reason="calls what only kernels call: run with NUMBA_DISABLE_JIT=1")
    for item in items:
        if item.get_closest_marker("plain"):
            item.add_marker(skip)
