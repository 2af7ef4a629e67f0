"""Tests call kernels that else only kernels call; that must be known before any is imported."""

from __future__ import annotations

import os

os.environ.setdefault("POLYROUTE_CALLABLE_KERNELS", "1")
