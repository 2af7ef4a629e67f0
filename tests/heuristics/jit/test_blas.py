"""Numba imports SciPy for who multiplies matrices, and for nobody else."""

from __future__ import annotations

from tests.processes import printed

CODE = """\
import polyroute.heuristics.jit.options
import sys
from numba import njit
import numpy as np
print(njit(lambda a: a + 1)(1), "scipy.linalg" in sys.modules)
print(njit(lambda a: np.dot(a, a))(np.ones(3)), "scipy.linalg" in sys.modules)
"""


def test_kernels_import_no_scipy_and_a_user_s_own_functions_may_use_it() -> None:
    assert printed(CODE).splitlines() == ["2 False", "3.0 True"]


def test_a_numba_that_has_loaded_it_already_is_left_as_it_is() -> None:
    loaded = "import numba.np.arraymath as user; check = user.ensure_blas\n"
    asked = "import polyroute.heuristics.jit.options\nprint(user.ensure_blas is check)"
    assert printed(loaded + asked) == "True\n"
