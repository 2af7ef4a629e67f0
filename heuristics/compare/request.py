"""What a comparison is asked to run, within which limits, and where it is to write."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """When a run is killed and when its row is held to be disturbed.

    A run is killed after `factor` times its budget plus `extra` seconds, in which loading and a
    first compilation of kernels must fit: one that is cut short is not cached. It is disturbed
    if the load average before it exceeds its threads, which earlier runs account for, by more
    than `spare` times the number of cores.
    """

    factor: float = 3.0
    extra: float = 90.0
    spare: float = 0.5

    def kill_after(self, budget: float) -> float:
        """Wall-clock seconds that a run may take in all."""
        return self.factor * budget + self.extra

    def disturbed(self, load: float, threads: int) -> bool:
        """Whether other work runs on the machine."""
        return load > threads + self.spare * (os.cpu_count() or 1)


@dataclass(frozen=True)
class Comparison:
    """Every solver on every instance, under each budget, with each seed.

    Parameters
    ----------
    instances
        Problem files, read anew by each run's own process.
    solvers
        Names from `vrp.api.SOLVERS`, with parameters if wanted (``search:granular=30``), or
        ``cmd:PROGRAM {file} {seconds} {seed} {out}``: any program that writes a CVRPLIB ``.sol``.
    times, seeds, first_seed, threads
        Budgets in seconds; seeds `first_seed` to `first_seed + seeds - 1`; threads of each run.
    format, round
        As for `vrp.api.read`.
    params
        Parameters by solver name, as text.
    bks
        Best known costs: a file as in ``bks.json``, or a JSON object of costs by name.
    limits
        When a run is killed and when it counts as disturbed.
    """

    instances: Sequence[Path]
    solvers: Sequence[str]
    times: Sequence[float] = (10.0,)
    seeds: int = 1
    first_seed: int = 0
    threads: int = 1
    format: str | None = None
    round: str | None = None
    params: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    bks: Path | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Output:
    """What a comparison leaves behind.

    Parameters
    ----------
    reports
        Files to write, ``.md``, ``.html``, ``.json`` or ``.svg`` (gap against time).
    rows
        Where rows are appended, one JSON object a line; default: the first report's path with the
        suffix ``.jsonl``, else ``comparison.jsonl``.
    resume
        Go on with an existing rows file, skipping the runs that it holds.
    quiet
        Leave rows out that were disturbed by other work, and repeat their runs on `resume`. Else
        they count like others and are marked.
    command
        The command line that repeats this comparison, told in the reports.
    """

    reports: Sequence[Path] = ()
    rows: Path | None = None
    resume: bool = False
    quiet: bool = False
    command: str = ""

    @property
    def rows_file(self) -> Path:
        """Where rows are appended."""
        if self.rows is not None:
            return self.rows
        return self.reports[0].with_suffix(".jsonl") if self.reports else Path("comparison.jsonl")
