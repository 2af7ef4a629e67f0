"""What holds for every test of this process, set before anything else is imported."""

from __future__ import annotations

import os
import signal

# tests call kernels that else only kernels call
os.environ.setdefault("POLYROUTE_CALLABLE_KERNELS", "1")

# A shell starts background jobs with Ctrl-C ignored, and they hand that on; tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
