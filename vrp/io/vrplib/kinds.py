"""What a file's TYPE says: the letters of a variant's name, and which sections they need.

TYPE is the literature's name of a variant, made of letters before and behind VRP, TSP or PDP:
CVRP, CVRPTW, ADCVRP, MDVRPTW, VRPSPD, PDTSP. Peers write any of them (LKH-3, PyVRP, OptaPlanner).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.keywords import KeywordFile
from polyroute.vrp.remarks import remark

LETTERS_BEFORE = ("MD", "MT", "SD", "HF", "PC", "A", "C", "D", "G", "H", "M", "O")
LETTERS_BEHIND = ("SPD", "MPD", "PD", "MB", "TW", "B", "L", "R")

SHAPE = re.compile(
    rf"(?P<before>(?:{'|'.join(LETTERS_BEFORE)})*?)(?P<stem>VRP|TSP|PDP)"
    rf"(?P<behind>(?:{'|'.join(LETTERS_BEHIND)})*)"
)
ALIASES = {
    "CPTP": "PCVRP",
    "MVRPB": "VRPMPD",
    "PDTSP": "TSPPD",
    "PDTSPTW": "TSPPDTW",
    "PDVRP": "VRPPD",
    "PDVRPTW": "VRPPDTW",
}
"""Names that are not put together as the others are, and how they would be."""

LIMITS = (
    "DISTANCE",
    "VEHICLES_MAX_DISTANCE",
    "VEHICLES_MAX_DURATION",
    "VEHICLES_MAX_DISTANCE_SECTION",
    "VEHICLES_MAX_DURATION_SECTION",
)
LOADED = (
    "CAPACITY",
    "CAPACITY_SECTION",
    "DEMAND_SECTION",
    "LINEHAUL_SECTION",
    "BACKHAUL_SECTION",
)
MIXED = (
    "CAPACITY_SECTION",
    "VEHICLES_FIXED_COST_SECTION",
    "VEHICLES_UNIT_DISTANCE_COST_SECTION",
    "VEHICLES_MAX_DISTANCE_SECTION",
    "VEHICLES_MAX_DURATION_SECTION",
)
SHIPMENTS = "PICKUP_AND_DELIVERY_SECTION"

EXPECTED = "CVRP, VRPTW, TSP, PDPTW or the like name of a variant that the model holds"

NEEDS: dict[str, tuple[str, ...]] = {
    "C": ("CAPACITY", "CAPACITY_SECTION"),
    "D": LIMITS,
    "L": LIMITS,
    "MD": ("VEHICLES_DEPOT_SECTION",),
    "MT": ("VEHICLES_RELOAD_DEPOT_SECTION",),
    "SD": ("VEHICLES_ALLOWED_CLIENTS_SECTION",),
    "HF": MIXED,
    "H": MIXED,
    "PC": ("PRIZE_SECTION",),
    "G": ("MUTUALLY_EXCLUSIVE_GROUP_SECTION",),
    "M": ("VEHICLES", "SALESMEN"),
    "TW": ("TIME_WINDOW_SECTION", SHIPMENTS),
    "B": ("BACKHAUL_SECTION",),
    "MB": ("BACKHAUL_SECTION",),
    "SPD": ("BACKHAUL_SECTION", SHIPMENTS),
    "MPD": ("BACKHAUL_SECTION", SHIPMENTS),
    "PD": (SHIPMENTS,),
    "R": ("RELEASE_TIME_SECTION",),
}
"""Letters of a name, and the headers and sections of which a file has one that bears it."""


@dataclass(frozen=True)
class Kind:
    """A TYPE taken apart; without one, `name` is empty and nothing is said."""

    name: str
    letters: frozenset[str]
    one_vehicle: bool  # unless the file tells their number

    @property
    def is_open(self) -> bool:
        """Whether routes end at their last client."""
        return "O" in self.letters

    @property
    def linehauls_first(self) -> bool:
        """Whether what is collected comes behind what is delivered on every route."""
        return "B" in self.letters

    @property
    def sizes(self) -> bool:
        """Whether shipments are what a client gets and gives, rather than pairs of clients."""
        return not self.letters.isdisjoint(("SPD", "MPD"))


def read_kind(file: KeywordFile) -> Kind:
    """The TYPE of a file; raises ReadError for one that the model does not hold."""
    if "TYPE" not in file.headers:
        return Kind("", frozenset(), False)
    header = file.headers["TYPE"]
    name = header.value.upper()
    match = SHAPE.fullmatch(ALIASES.get(name, name))
    if match is None:
        raise header.error(EXPECTED)
    before = re.findall("|".join(LETTERS_BEFORE), match["before"])
    behind = re.findall("|".join(LETTERS_BEHIND), match["behind"])
    letters = [*before, *behind, *(["PD"] if match["stem"] == "PDP" else [])]
    if len(set(letters)) != len(letters):
        raise header.error(EXPECTED)
    return Kind(name, frozenset(letters), match["stem"] == "TSP")


def check_needs(file: KeywordFile, kind: Kind, *, windows: bool) -> None:
    """Raise ReadError unless the file has what its TYPE speaks of, and is not cut short.

    `windows` says whether they stand beside the demands.
    """
    # so it stands in some files of LKH-3
    bare = "TW" in kind.letters and file.ended and not windows and not file.has(*NEEDS["TW"])
    letters = sorted(kind.letters & NEEDS.keys() - ({"TW"} if windows or bare else set()))
    expected = [NEEDS[letter] for letter in letters]
    if not file.ended:
        if file.has("CAPACITY", "CAPACITY_SECTION"):
            expected.append(("DEMAND_SECTION", "LINEHAUL_SECTION", SHIPMENTS))
        if not kind.one_vehicle:
            expected.append(("DEPOT_SECTION",))
    for needed in expected:
        if not file.has(*needed):
            why = f"TYPE {kind.name} needs it" if needed in NEEDS.values() else "there is no EOF"
            raise ReadError(
                f"{' or '.join(needed[:2])} is missing, or the file is cut short: {why}",
                line=file.last_line,
            )
    if bare:
        remark(
            f"TYPE {kind.name} speaks of time windows, and there are none",
            line=file.headers["TYPE"].line,
        )
    if kind.one_vehicle and not file.has("VEHICLES", "SALESMEN") and "PD" not in kind.letters:
        for key in LOADED:
            if file.has(key):
                raise ReadError(
                    f"found {key} in a file of TYPE {kind.name}, expected none without VEHICLES",
                    line=file.line_of(key),
                )
