"""What VRPLIB's sections say of each node: demands, windows, service, releases, prizes.

LKH-3, PyVRP, VRPLIB and OptaPlanner write the same sections in a few ways; each is told from the
others by how many numbers stand in a row.
"""

from __future__ import annotations

import numpy as np

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.keywords import KeywordFile
from polyroute.vrp.io.numbering import Numbering
from polyroute.vrp.io.text import Block, Table, number
from polyroute.vrp.io.vrplib.kinds import SHIPMENTS, Kind

Array = np.ndarray

DEMANDS = ("DEMAND_SECTION", "LINEHAUL_SECTION")
BACKHAULS = "BACKHAUL_SECTION"

SINGLE: dict[str, dict[str, str]] = {
    "TIME_WINDOW_SECTION": {"ready time": "tw_early", "due time": "tw_late"},
    "SERVICE_TIME_SECTION": {"service time": "service"},
    "RELEASE_TIME_SECTION": {"release time": "release"},
    "PRIZE_SECTION": {"prize": "prize"},
}
"""Sections with a row a node: what each column is called, and the field that it fills."""

WITH_WINDOWS = ("demand", *SINGLE["TIME_WINDOW_SECTION"], "service time")
"""What stands in OptaPlanner's rows of demands where there are windows."""

NODE_SECTIONS = frozenset((*DEMANDS, BACKHAULS, *SINGLE))
NEUTRAL_AT_DEPOTS = {"release": "release time", "prize": "prize"}


class Nodes:
    """Columns of a file's nodes by field, and the table that each came from, for complaints."""

    def __init__(
        self, file: KeywordFile, kind: Kind, numbering: Numbering, depots: list[int]
    ) -> None:
        self.file, self.kind, self.numbering, self.depots = file, kind, numbering, depots
        self.raw: dict[str, Array] = {}
        self.tables: dict[str, Table] = {}
        self.loads: dict[str, tuple[Table, tuple[str, ...]]] = {}  # their columns
        self.backhauls: Array | None = None  # which nodes give what they would else get
        self._read_demands()
        self._read_backhauls()
        for name, columns in SINGLE.items():
            if name in file.sections:
                self.keep(self.table(file.sections[name], tuple(columns)), columns)
        if "prize" in self.raw:
            self.raw["required"] = (self.raw["prize"] == 0.0).astype(np.float64)
        if "SERVICE_TIME" in file.headers:
            self._spread_service()

    def table(self, block: Block, columns: tuple[str, ...]) -> Table:
        """A block with a row a node."""
        return Table.numbered(block, "node", columns, self.numbering.numbers)

    def keep(self, table: Table, columns: dict[str, str]) -> None:
        """Take columns of a table as fields; raises ReadError for what is below 0 or given twice.

        A section may repeat what another said.
        """
        for column, field in columns.items():
            values = table.column(column, least=0.0)
            if field in self.raw:
                differs = np.flatnonzero(self.raw[field] != values)
                if differs.size:
                    other = self.tables[field].block.name
                    raise table.error(
                        int(differs[0]),
                        f"{column} is {values[differs[0]]:.15g}, expected "
                        f"{self.raw[field][differs[0]]:.15g} as in {other}",
                    )
            self.raw[field], self.tables[field] = values, table

    def _read_demands(self) -> None:
        given = [name for name in (*DEMANDS, SHIPMENTS) if name in self.file.sections]
        if len(given) > 1:
            raise ReadError(
                f"found both {given[0]} and {given[1]}, expected one of them",
                line=self.file.line_of(given[1]),
            )
        if not given or given[0] == SHIPMENTS:
            return
        block = self.file.sections[given[0]]
        if has_windows_beside(self.file, self.kind):
            table, loads = self.table(block, WITH_WINDOWS), WITH_WINDOWS[:1]
            self.keep(table, SINGLE["TIME_WINDOW_SECTION"] | SINGLE["SERVICE_TIME_SECTION"])
        else:
            loads = _load_names("demand", _row_width(block))
            table = self.table(block, loads)
        self.keep_loads(table, loads, "delivery")

    def keep_loads(self, table: Table, columns: tuple[str, ...], field: str) -> None:
        """Take columns of a table as the loads of nodes; raises ReadError for one below 0."""
        self.raw[field] = np.stack([table.column(column, least=0.0) for column in columns], axis=1)
        self.loads[field] = table, columns

    def _read_backhauls(self) -> None:
        """LKH lists the nodes whose demand is a backhaul; PyVRP has a backhaul for each node."""
        if BACKHAULS not in self.file.sections:
            return
        block = self.file.sections[BACKHAULS]
        rows = [words for _, words in block.rows()]
        ends = len(rows) != len(self.numbering.numbers) and any("-1" in words for words in rows)
        if ends or (rows and all(len(words) == 1 for words in rows)):
            self.backhauls = np.zeros(len(self.numbering.numbers), dtype=bool)
            listed = block.listed("node", self.numbering.numbers)
            self.backhauls[self.numbering.places(listed)] = True
            if "delivery" not in self.raw:
                raise block.error("found a list of nodes, expected a DEMAND_SECTION beside it")
            return
        loads = _load_names("backhaul", _row_width(block))
        self.keep_loads(self.table(block, loads), loads, "pickup")

    def _spread_service(self) -> None:
        header = self.file.headers["SERVICE_TIME"]
        if "service" in self.raw:
            raise ReadError(
                "found both SERVICE_TIME and SERVICE_TIME_SECTION, expected one of them",
                line=max(header.line, self.tables["service"].block.start - 1),
            )
        value = number(header.value, "SERVICE_TIME", header.line)
        if value < 0:
            raise header.error("0 or more")
        self.raw["service"] = np.full(len(self.numbering.numbers), value)
        self.raw["service"][self.depots] = 0.0

    def part_backhauls(self, backhauls: Array | None) -> bool:
        """Turn the demands of listed `backhauls`, or of the file's own, into what they give.

        Returns whether there is such a list.
        """
        backhauls = self.backhauls if backhauls is None else backhauls
        if backhauls is None:
            return False
        if "pickup" in self.raw:
            block = self.loads["pickup"][0].block
            raise block.error("found beside kinds of clients, expected one of them", 0)
        demand = self.raw["delivery"]
        self.raw["pickup"] = np.where(backhauls[:, None], demand, 0.0)
        self.raw["delivery"] = np.where(backhauls[:, None], 0.0, demand)
        return True

    def check(self, capacity: Array | None, grouped: set[int]) -> None:
        """Raise ReadError for what a value cannot know by itself.

        Whoever may be left out may want more than a vehicle holds: an optional client, and one of
        `grouped`, who have alternatives. `capacity` is (vehicles, loads).
        """
        for field, column in NEUTRAL_AT_DEPOTS.items():
            for depot in self.depots:
                if field in self.tables:
                    self.tables[field].expect_zero(column, depot, "the depot")
        self._agree_on_loads(capacity)
        free = self.raw.get("required", np.ones(len(self.numbering.numbers))) == 0.0
        free[list(grouped)] = True
        told = "DEPOT_SECTION" in self.file.sections
        whose = "the depot" if told else "the first node, the depot where no DEPOT_SECTION tells,"
        for table, columns in self.loads.values():
            for dim, column in enumerate(columns):
                for depot in self.depots:
                    table.expect_zero(column, depot, whose)
                if capacity is not None:
                    most = np.where(free, np.inf, capacity[:, dim].max())
                    table.expect_at_most(column, most, "CAPACITY")
        if "tw_early" in self.raw:
            self.tables["tw_early"].expect_at_most("ready time", self.raw["tw_late"], "due time")

    def _agree_on_loads(self, capacity: Array | None) -> None:
        """Raise ReadError unless all sections speak of as many loads as the capacity has."""
        sizes = {table.block.name: len(columns) for table, columns in self.loads.values()}
        if capacity is not None:
            sizes["CAPACITY"] = capacity.shape[1]
        for table, columns in self.loads.values():
            for other, size in sizes.items():
                if len(columns) != size:
                    raise table.block.error(
                        f"found {len(columns)} loads of a node, expected {size} as in {other}", 0
                    )


def has_windows_beside(file: KeywordFile, kind: Kind) -> bool:
    """Whether windows stand in the rows of demands, as a TYPE with windows allows."""
    if "TW" not in kind.letters or "TIME_WINDOW_SECTION" in file.sections:
        return False
    blocks = [file.sections[name] for name in DEMANDS if name in file.sections]
    return any(_row_width(block) == 1 + len(WITH_WINDOWS) for block in blocks)


def _row_width(block: Block) -> int:
    """How many words the first row has."""
    return len(next(block.rows(), (0, ["", ""]))[1])


def _load_names(name: str, width: int) -> tuple[str, ...]:
    """What to call the loads in rows of `width` words, the node's number among them."""
    if width <= 2:
        return (name,)
    return tuple(f"{name} {dim}" for dim in range(1, width))
