"""Numba's check for BLAS, put off to where it is used: kernels call none.

When Numba first compiles or loads anything it imports `scipy.linalg`, only to see whether that is
there. This takes a quarter of a second, as much as all kernels together. Whoever multiplies
matrices in a function of his own gets the import then.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec

LINALG, USER = "numba.np.linalg", "numba.np.arraymath"
"""The module whose `ensure_blas` imports SciPy, and the one that calls it when it is imported."""

CHECK = "ensure_blas"


def put_off_blas() -> None:
    """Import what asks for BLAS, and let it ask no more than whether SciPy is installed.

    Nothing is done where Numba has loaded it already, or is built in another way.
    """
    linalg = import_module(LINALG)
    if USER in sys.modules or not hasattr(linalg, CHECK) or find_spec("scipy") is None:
        return
    check = getattr(linalg, CHECK)
    setattr(linalg, CHECK, lambda: None)
    try:
        user = import_module(USER)
    finally:
        setattr(linalg, CHECK, check)
    if hasattr(user, CHECK):
        setattr(user, CHECK, check)
