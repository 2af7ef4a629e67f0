"""What VRPLIB's sections say of nodes together: shipments, and groups of alternatives."""

from __future__ import annotations

import numpy as np

from polyroute.vrp.io.keywords import KeywordFile
from polyroute.vrp.io.numbering import Numbering
from polyroute.vrp.io.pairs import match_pairs
from polyroute.vrp.io.text import Table, integer
from polyroute.vrp.io.vrplib.kinds import SHIPMENTS
from polyroute.vrp.io.vrplib.nodes import SINGLE, Nodes

GROUPS = "MUTUALLY_EXCLUSIVE_GROUP_SECTION"

NO_END = 10_000_000
"""From where on the end of every window is none in a TYPE without windows."""

COLUMNS = ("demand", "ready time", "due time", "service time", "pickup", "delivery")
"""What stands behind a node's number in a row of shipments."""


def read_shipments(nodes: Nodes) -> list[tuple[int, int]]:
    """Take what a file says of shipments into `nodes`; the pairs as places among its nodes.

    The last two columns are how much a client gives and gets where the TYPE has sizes (VRPSPD,
    VRPMPD), which passes over his demand; else they name the other end of his pair. Unless the
    TYPE has windows, those say nothing that are 0 throughout, or begin at 0 and end at NO_END or
    later. Raises ReadError for what is malformed.
    """
    if SHIPMENTS not in nodes.file.sections:
        return []
    table = nodes.table(nodes.file.sections[SHIPMENTS], COLUMNS)
    if "TW" in nodes.kind.letters or not _say_nothing(table):
        nodes.keep(table, SINGLE["TIME_WINDOW_SECTION"])
    if table.column("service time").any():
        nodes.keep(table, SINGLE["SERVICE_TIME_SECTION"])
    if nodes.kind.sizes:
        nodes.keep_loads(table, ("pickup",), "pickup")
        nodes.keep_loads(table, ("delivery",), "delivery")
        return []
    demand = table.column("demand")
    for depot in nodes.depots:
        for name in ("pickup", "delivery"):
            table.expect_zero(name, depot, "the depot")
    pairs = match_pairs(table, demand, nodes.numbering.numbers, depots=nodes.depots)
    nodes.raw["pickup"] = np.maximum(demand, 0.0)[:, None]
    nodes.raw["delivery"] = np.maximum(-demand, 0.0)[:, None]
    nodes.loads["pickup"] = table, ("demand",)
    return pairs


def _say_nothing(table: Table) -> bool:
    """Whether all windows are as LKH-3's files write none."""
    late = table.column("due time")
    return not table.column("ready time").any() and (not late.any() or late.min() >= NO_END)


def read_groups(file: KeywordFile, numbering: Numbering, depots: list[int]) -> list[list[int]]:
    """The groups of which exactly one is served, as places among the file's nodes.

    A row holds a group's number and its members, or in older files a node and its group. One who
    is alone in his group has no alternative and is left out, the depot too. Raises ReadError for
    a node that there is not, one in two groups, or a depot beside others.
    """
    if GROUPS not in file.sections:
        return []
    block = file.sections[GROUPS]
    rows = [
        [integer(word, f"{GROUPS}: node", line, 0) for word in words]
        for line, words in block.rows()
    ]
    groups, seen, named = [], set(depots), set()
    for row, (group, *members) in enumerate(_by_group(rows, numbering)):
        if group in named:
            raise block.error(f"group {group} is listed twice, expected once", row)
        named.add(group)
        for member in members:
            if member not in numbering:
                raise block.error(f"node is {member}, expected {numbering.spoken}", row)
        places = numbering.places(members)
        if len(places) == 1 and places[0] in depots:
            continue
        for member, place in zip(members, places, strict=True):
            if place in seen:
                what = "a depot, expected a client" if place in depots else "in a group already"
                raise block.error(f"node {member} is {what}", row)
            seen.add(place)
        if len(places) > 1:
            groups.append(places)
    return groups


def _by_group(rows: list[list[int]], numbering: Numbering) -> list[list[int]]:
    """The rows, if need be turned from a node and its group each to a group and its members."""
    if len(rows) != len(numbering.numbers) or any(len(row) != 2 for row in rows):
        return rows
    groups = [group for _, group in rows]
    of_nodes = {node for node, _ in rows} == set(numbering.numbers)
    if not of_nodes or len(set(groups)) == len(groups):
        return rows
    members: dict[int, list[int]] = {group: [group] for group in groups}
    for node, group in rows:
        members[group].append(node)
    return list(members.values())
