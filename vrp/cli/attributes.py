"""Who knows which attribute: the page ``docs/attributes.md``, made of what solvers declare.

``python -m polyroute.vrp.cli.attributes > docs/attributes.md`` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from polyroute.vrp.api import SOLVERS, load_solver
from polyroute.vrp.problem import ATTRIBUTES

STRUCTURE = {
    "several_depots": "more than one depot",
    "several_vehicle_types": "more than one row of the fleet",
    "several_loads": "more than one load dimension",
    "several_windows": "more than one time window of a client",
    "profiles": "more than one pair of matrices",
    "open_routes": "routes that end at the last client",
    "arc_cost": "costs of arcs beside those of their lengths",
    "setup": "time before service for an arc driven, within the window",
    "asymmetric": "arcs that differ from their reverse",
    "backhaul": "a rule on how deliveries and pickups mix on a route",
    "pairs": "goods that one vehicle brings from one client to another",
    "groups": "alternatives, of which one client is served",
    "reloads": "several trips of a vehicle, by way of depots",
    "breaks": "breaks that drivers take",
    "breaks_on_the_road": "breaks between two stops, not at the first of them",
    "pins": "the first visits of a vehicle, given",
    "objective": "other terms than cost alone, or more of them",
}
"""The features of `Problem.active` that are no dense attribute."""

READ = {
    "vrplib": "delivery pickup tw_early tw_late service release required prize allowed count "
    "capacity start_depot end_depot fixed_cost unit_distance_cost max_distance max_duration "
    "several_depots several_vehicle_types several_loads open_routes asymmetric backhaul pairs "
    "groups reloads",
    "tsplib": "tw_early tw_late service count max_distance max_duration asymmetric pairs groups",
    "solomon": "delivery tw_early tw_late service count capacity",
    "lilim": "delivery pickup tw_early tw_late service count capacity pairs",
    "cordeau": "delivery tw_early tw_late service count capacity start_depot end_depot "
    "max_duration several_depots several_vehicle_types",
    "christofides": "delivery service capacity max_duration",
    "dlp": "delivery count capacity fixed_cost unit_distance_cost several_vehicle_types asymmetric",
    "taillard": "delivery service count capacity fixed_cost unit_distance_cost max_duration "
    "several_vehicle_types",
    "routefinder": "delivery pickup tw_early tw_late service capacity start_depot end_depot "
    "max_distance several_depots several_vehicle_types open_routes backhaul",
    "vroom": "delivery pickup tw_early tw_late service required prize allowed count capacity "
    "start_depot end_depot fixed_cost unit_distance_cost shift_early shift_late max_distance "
    "max_stops profile several_depots several_vehicle_types several_loads several_windows "
    "profiles open_routes asymmetric pairs breaks breaks_on_the_road max_driving arc_cost setup",
}
"""What a file of each format can hold beyond clients and distances; our JSON holds everything."""

HEAD = """\
# Attributes, and who knows them

What a problem can hold beyond bare clients and arcs, which files it is read from (our JSON holds
all of it), and who takes it: the checker, which defines what it means
([Semantics](architecture.md#semantics)), the search, and the baselines. Anything else is refused by
name. The page is made of what the solvers declare: `python -m polyroute.vrp.cli.attributes`.

Some features can each be said in a solver's terms, but not together; such a problem is refused too,
and the message says what stands in the way. [Baselines](baselines.md) has the reasons.
"""


def features() -> dict[str, str]:
    """Every name that `Problem.active` may hold, and one line on each."""
    dense = {item.name: item.doc for item in ATTRIBUTES if item.neutral is not None}
    return dense | STRUCTURE


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join((HEAD, *_table())) + "\n"


def _table() -> Iterator[str]:
    supports = {name: load_solver(name).SUPPORTS for name in SOLVERS}
    columns = ("attribute", "what it is", "read from", "checker", *supports)
    yield f"| {' | '.join(columns)} |"
    yield "|---|---|---|" + ":-:|" * (len(supports) + 1)
    for feature, about in features().items():
        files = [name for name, held in READ.items() if feature in held.split()]
        marks = ["yes", *("yes" if feature in known else "" for known in supports.values())]
        yield f"| `{feature}` | {about} | {', '.join(files)} | {' | '.join(marks)} |"


if __name__ == "__main__":
    print(page(), end="")
