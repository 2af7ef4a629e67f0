"""Best known costs: which file entry belongs to an instance, and whether it may be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ReadError
from polyroute.vrp.problem import Problem

RULES = {
    "EUC_2D_ROUND": ArcRule.NEAREST,
    "DOUBLE": ArcRule.NONE,
    "HFVRP": ArcRule.NONE,
    "DIMACS_TRUNC1": ArcRule.TRUNC1,
    "ROUND_1E-3": ArcRule.MILLI,
}
"""Conventions that fix the arc rule; under another rule a gap means nothing."""

IN_FILES = {"HFVRP": 100}
"""Conventions under which the files' costs are so many times the published ones."""


@dataclass(frozen=True)
class BestKnown:
    """Costs in the user's units by ``set/name`` or by name."""

    costs: Mapping[str, float]
    conventions: Mapping[str, str]

    @classmethod
    def read(cls, path: Path | None) -> Self:
        """Read ``bks.json`` (objects with a ``cost``) or plain costs by name; None is no file.

        Raises ReadError that points to what is wrong.
        """
        if path is None:
            return cls({}, {})
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ReadError(f"cannot be read: {error.strerror}", path=path) from None
        except ValueError as error:
            raise ReadError(f"is no JSON: {error}", path=path) from None
        if not isinstance(data, dict):
            raise ReadError("found no object, expected costs by name", path=path, pointer="")
        costs: dict[str, float] = {}
        conventions: dict[str, str] = {}
        for name, entry in data.items():
            cost = entry.get("cost") if isinstance(entry, dict) else entry
            if isinstance(cost, bool) or not isinstance(cost, int | float):
                raise ReadError(
                    f"cost is {cost!r}, expected a number", path=path, pointer=f"/{name}"
                )
            costs[name] = cost
            if isinstance(entry, dict) and "convention" in entry:
                conventions[name] = entry["convention"]
        return cls(costs, conventions)

    def entry(self, instance: Path) -> str | None:
        """The key for an instance: by folder and name, else by a name that is met only once."""
        full = f"{instance.resolve().parent.name}/{instance.stem}"
        if full in self.costs:
            return full
        same = [key for key in self.costs if key.rpartition("/")[2] == instance.stem]
        return same[0] if len(same) == 1 else None

    def cost(self, instance: Path, problem: Problem) -> tuple[float | None, str]:
        """The best known cost, or None with the reason, a sentence."""
        if not self.costs:
            return None, ""
        key = self.entry(instance)
        if key is None:
            return None, f"{instance.stem}: no best known cost"
        rule = RULES.get(self.conventions.get(key, ""))
        if rule is not None and problem.distance is None and rule is not problem.arc_rule:
            return None, (
                f"{instance.stem}: the best known cost holds under rule {rule.label}, "
                f"not {problem.arc_rule.label}: no gap"
            )
        return self.costs[key] * IN_FILES.get(self.conventions.get(key, ""), 1), ""
