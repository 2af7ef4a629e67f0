"""How many random cases a test takes: some in the fast suite, all of them in ``make slow``."""

from __future__ import annotations

import os
from typing import TypeVar

import pytest

THOROUGH = "POLYROUTE_THOROUGH" in os.environ
"""Whether every test takes all its cases."""

Cases = TypeVar("Cases")


def in_full(everything: Cases, in_short: Cases) -> Cases:
    """`everything` if tests are to be thorough, else what stands for it in the fast suite."""
    return everything if THOROUGH else in_short


CHECKED_IN_FULL = in_full([pytest.mark.checked], [])
"""The mark of what runs with bounds checked in ``make slow`` alone."""
