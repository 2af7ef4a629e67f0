"""What watches a baseline hears signals, also for one that never calls back."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from polyroute.heuristics.baselines.watch import Watch
from polyroute.vrp.budget import Budget
from polyroute.vrp.cli.interrupt import Interrupt


def watch() -> Watch:
    return Watch(Budget(time=60.0), None)


def send_soon(number: int) -> None:
    threading.Timer(0.05, os.kill, (os.getpid(), number)).start()


def test_what_is_attended_hands_back_what_it_finds_or_raises() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with watch() as watched:
        assert watched.attend(lambda: 7) == 7
        with pytest.raises(ZeroDivisionError):
            watched.attend(fail)
        assert not watched.interrupted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait_and_is_told_to_who_had_it_before(number: int) -> None:
    done = threading.Event()
    with Interrupt() as interrupt:
        with watch() as watched:
            send_soon(number)
            began = time.monotonic()
            assert watched.attend(lambda: done.wait(20)) is None
            assert time.monotonic() - began < 15
            assert watched.interrupted
            assert watched.must_stop()
        assert interrupt.number == number
        assert signal.getsignal(number) == interrupt._handle
    done.set()


def test_a_signal_that_nobody_handles_is_left_to_the_system() -> None:
    old = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with watch():
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
            assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, old)
