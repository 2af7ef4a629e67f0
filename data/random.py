"""Random instances by command: ``polyroute random --variant cvrp --size 100``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path

import numpy as np

from polyroute.data import reloads, solomon, uchoa
from polyroute.data.positions import Positions
from polyroute.data.reloads import ReloadClass
from polyroute.data.save import save
from polyroute.data.solomon import VrptwClass
from polyroute.data.uchoa import CvrpClass, Demand, Depot
from polyroute.data.write import reload_text, solomon_text, vrplib_text
from polyroute.vrp.cli.command import DONE, run_command
from polyroute.vrp.errors import PolyrouteError

PROGRAM = "polyroute random"

Settings = CvrpClass | VrptwClass | ReloadClass


@dataclass(frozen=True)
class Option:
    """An option of one variant or of several: the field of the settings that it gives."""

    kind: Callable[[str], object]
    doc: str


def one_of(names: type[Enum]) -> Callable[[str], Enum]:
    """A parser of an enumeration's values."""

    def parse(text: str) -> Enum:
        try:
            return names(text.upper())
        except ValueError:
            known = ", ".join(item.value for item in names)
            raise argparse.ArgumentTypeError(f"{text!r} is unknown, expected {known}") from None

    return parse


OPTIONS = {
    "positions": Option(one_of(Positions), "R random, C clustered, RC half of each"),
    "places": Option(int, "addresses that the clients share; left out, each has his own"),
    "depot": Option(one_of(Depot), "cvrp: C central, E at the corner, R random"),
    "demand": Option(
        one_of(Demand),
        "cvrp: U all 1; 1-10, 5-10, 1-100, 50-100 uniform; Q by quadrant; SL many small, few large",
    ),
    "route_size": Option(float, "cvrp: average clients a route; drawn from 3 to 25 if left out"),
    "cluster_seeds": Option(int, "cvrp: seeds that attract clustered clients; drawn from 3 to 8"),
    "grid": Option(int, "cvrp: largest coordinate, default 1000"),
    "type": Option(int, "vrptw: 1 short horizon and small vehicles, 2 long and large"),
    "density": Option(
        float, "vrptw, reloads: share of the clients with a window, default 1, with reloads 0.5"
    ),
    "width": Option(
        float,
        "vrptw, reloads: mean width of a window over the horizon, default 0.1, with reloads 0.2",
    ),
    "service": Option(int, "vrptw: time at a client, default 90 where all is clustered, else 10"),
    "depots": Option(int, "reloads: how many, default 1; vehicles reload at any"),
    "release": Option(
        float, "reloads: goods come in this share of the time to bring them, default 0.25"
    ),
    "vehicles": Option(
        int, "reloads: how many, at no fixed cost; one a client, which costs, if left out"
    ),
    "trip_size": Option(float, "reloads: average clients a trip, default 6"),
}


def make_file(settings: Settings, seed: int) -> tuple[str, str]:
    """Name and text of the instance that `settings` and `seed` give."""
    rng = np.random.default_rng(seed)
    size = settings.size
    places = getattr(settings, "places", None)
    shared = "" if places is None else f"-p{places}"
    if isinstance(settings, VrptwClass):
        name = f"vrptw-n{size}{shared}-{settings.label}-s{seed}"
        return f"{name}.txt", solomon_text(solomon.generate(settings, rng, name))
    if isinstance(settings, ReloadClass):
        name = f"reloads-n{size}-{settings.label}-s{seed}"
        drawn = reloads.generate(settings, rng, name)
        return f"{name}.vrp", reload_text(drawn, comment=command(settings, seed))
    name = f"cvrp-n{size}{shared}-{settings.label}-s{seed}"
    problem = uchoa.generate(settings, rng, name)
    return f"{name}.vrp", vrplib_text(problem, comment=command(settings, seed))


def command(settings: Settings, seed: int) -> str:
    """The command line that makes the instance again."""
    words = [
        "python -m polyroute.data.random --variant",
        variant_of(settings),
        f"--size {settings.size}",
    ]
    for name in OPTIONS:
        value = getattr(settings, name, None)
        if value is not None:
            shown = value.value if isinstance(value, Enum) else str(value)
            words.append(f"--{name.replace('_', '-')} {shown}")
    return " ".join((*words, f"--seed {seed}"))


def variant_of(settings: Settings) -> str:
    """``cvrp``, ``vrptw`` or ``reloads``."""
    return next(name for name, kind in VARIANTS.items() if isinstance(settings, kind))


VARIANTS: dict[str, type[CvrpClass] | type[VrptwClass] | type[ReloadClass]] = {
    "cvrp": CvrpClass,
    "vrptw": VrptwClass,
    "reloads": ReloadClass,
}


def parser() -> argparse.ArgumentParser:
    """The options; those of one variant are absent from the result unless given."""
    made = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Draw random instances: CVRP in the classes of Uchoa et al. (2017), VRPTW in "
        "the manner of Solomon (1987), or vehicles that reload. The name of each file tells its "
        "class and seed.",
        allow_abbrev=False,
    )
    made.add_argument("--variant", choices=VARIANTS, default="cvrp", help="default cvrp")
    made.add_argument("--size", type=int, default=100, help="number of clients, default 100")
    made.add_argument("--number", type=int, default=1, help="number of instances, default 1")
    made.add_argument(
        "--seed", type=int, default=0, help="of the first instance, default 0; then counts on"
    )
    made.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="default here")
    for name, option in OPTIONS.items():
        made.add_argument(
            f"--{name.replace('_', '-')}",
            type=option.kind,
            default=argparse.SUPPRESS,
            metavar=name.upper(),
            help=option.doc,
        )
    return made


def read_settings(given: argparse.Namespace) -> Settings:
    """The class asked for. Raises PolyrouteError for a value or an option that does not fit."""
    kind = VARIANTS[given.variant]
    chosen = {name: getattr(given, name) for name in OPTIONS if hasattr(given, name)}
    foreign = sorted(chosen.keys() - {item.name for item in fields(kind)})
    if foreign:
        raise PolyrouteError(
            f"--{foreign[0].replace('_', '-')} has no meaning for --variant {given.variant}"
        )
    for name, least in (("number", 1), ("seed", 0)):
        if getattr(given, name) < least:
            raise PolyrouteError(f"{name} is {getattr(given, name)}, expected at least {least}")
    return kind(size=given.size, **chosen)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the instances and print their paths; 2 for bad input."""
    return run_command(PROGRAM, lambda: _write(parser().parse_args(arguments)))


def _write(given: argparse.Namespace) -> int:
    settings = read_settings(given)
    for seed in range(given.seed, given.seed + given.number):
        name, text = make_file(settings, seed)
        print(save(given.out / name, text.encode()))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
