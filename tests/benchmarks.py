"""Where the public benchmark instances lie, and what is known of them; tests skip without them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent / "shared" / "benchmarks"


def benchmark(path: str) -> Path:
    """The file at `path` below the benchmark folder; skips the test where it is absent."""
    found = ROOT / path
    if not found.exists():
        pytest.skip(f"benchmark set {path.split('/')[0]} not found at {ROOT}")
    return found


def best_known() -> dict[str, dict[str, Any]]:
    """``bks.json``: what is known of each instance, by ``set/name``; empty where it is absent."""
    file = ROOT / "bks.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
