"""Code in a process of its own, which imports everything anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def printed(code: str, *, without: str | None = None, **environment: str) -> str:
    """What Python code prints, run in the project's root; `without` a variable of ours."""
    ours = {name: value for name, value in os.environ.items() if name != without}
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=ours | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def unread(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A program whose stdout nobody reads: the other end of the pipe is closed."""
    read, write = os.pipe()
    os.close(read)
    try:
        return subprocess.run(
            words, cwd=folder, stdout=write, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(write)
