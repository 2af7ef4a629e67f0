"""Signals that end a run: Ctrl-C, SIGTERM and, where it is not ignored, SIGHUP.

The first asks the search to end and keep its best, the second kills.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""What ends a run as Ctrl-C does."""

GRACE_SECONDS = 8.0
"""How long a first plan is waited for: kernels are loaded by then, also on a busy machine, but not
compiled. Who sends SIGTERM mostly kills after ten seconds."""

AGAIN_SECONDS = 5.0
"""How long after that it is tried again: what LLVM calls back swallows an exception."""

WITH_A_PLAN = b"\ninterrupted: ending with the best plan so far (again: quit at once)\n"
WITHOUT_A_PLAN = b"\ninterrupted: ending with a plan if one comes soon (again: quit at once)\n"


ALARM = getattr(signal, "SIGALRM", None)
"""What says that the time of grace is over; None where a system has none."""


class Interrupted(KeyboardInterrupt):
    """A signal came; `number` says which."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


@contextmanager
def signals_interrupt() -> Iterator[None]:
    """Meanwhile every signal of `SIGNALS` raises Interrupted, so that nothing is left behind."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise Interrupted(number)

    previous = _replaced(interrupt)
    try:
        yield
    finally:
        _put_back(previous)


class Interrupt:
    """While entered, notes the first signal in `number` and dies of the second.

    If `waits` is still set `GRACE_SECONDS` after the first, since there is no plan to keep,
    Interrupted is raised.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self.waits = False
        self._previous: dict[int, object] = {}

    @property
    def requested(self) -> bool:
        """Whether a signal has come."""
        return self.number is not None

    def __enter__(self) -> Self:
        self._previous = _replaced(self._handle)
        if self._previous and ALARM is not None:
            self._previous[ALARM] = signal.signal(ALARM, self._give_up)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if ALARM in self._previous:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
        _put_back(self._previous)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        self.number = number
        # Not print: the signal may have come in the middle of another write to the buffer.
        os.write(2, WITHOUT_A_PLAN if self.waits else WITH_A_PLAN)
        if ALARM in self._previous:
            signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS, AGAIN_SECONDS)

    def _give_up(self, number: int, frame: FrameType | None) -> None:
        if self.waits and self.number is not None:
            raise Interrupted(self.number)


def _replaced(handle: Callable[[int, FrameType | None], None]) -> dict[int, object]:
    """Install a handler for all signals; the handlers that were there, by signal.

    None from a thread that may not. A SIGHUP that is ignored stays so: that is what `nohup` does.
    """
    if threading.current_thread() is not threading.main_thread():
        return {}
    known = {number: signal.getsignal(number) for number in SIGNALS}
    chosen = {n: old for n, old in known.items() if n == signal.SIGINT or old != signal.SIG_IGN}
    for number in chosen:
        signal.signal(number, handle)
    return dict(chosen)


def _put_back(previous: dict[int, object]) -> None:
    for number, handle in previous.items():
        signal.signal(number, handle)  # type: ignore[arg-type]
