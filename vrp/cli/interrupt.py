"""Ctrl-C: the first asks the search to end and keep its best, the second kills."""

from __future__ import annotations

import os
import signal
from types import FrameType, TracebackType
from typing import Self


class Interrupt:
    """While entered, notes the first SIGINT in `requested` and dies of the second."""

    def __init__(self) -> None:
        self.requested = False
        self._previous: object = None

    def __enter__(self) -> Self:
        self._previous = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._previous)  # type: ignore[arg-type]

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGINT)
        self.requested = True
        # Not print: the signal may have come in the middle of another write to the buffer.
        os.write(2, b"\ninterrupted: ending with the best plan so far (again: quit at once)\n")
