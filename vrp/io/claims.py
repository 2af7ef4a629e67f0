"""What the file of a plan claims that it costs, held against what it does cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from polyroute.vrp.check import Evaluation
from polyroute.vrp.io.jsontext import Json, parse
from polyroute.vrp.problem import Problem, Quantity
from polyroute.vrp.remarks import remark

FLAGS = re.IGNORECASE | re.MULTILINE | re.ASCII
SOL_LINE = re.compile(r"^[ \t]*cost[ \t:=]+([-+]?[\d.]+(?:e[-+]?\d+)?)[ \t]*$", FLAGS)
TOUR_LINE = re.compile(r"^[ \t]*COMMENT[ \t]*:[ \t]*Length[ \t]+([\d.]+)[ \t]*$", FLAGS)
FIRST_NUMBER = re.compile(r"\s*([\d.]+)[ \t]*$", FLAGS)

ROUNDING = 1e-6
"""Costs that differ by less, relatively, are one cost, rounded in two ways."""


@dataclass(frozen=True)
class Claim:
    """A cost in the user's units, where it stands, and what may have been rounded off it."""

    cost: float
    rounded: float
    line: int | None = None
    pointer: str | None = None
    with_prizes: bool = True  # whether what is forgone with unserved clients is part of it


def claim_of(text: str, format: str) -> Claim | None:
    """What a plan's text in a format of `SOLUTIONS` claims; None where it claims nothing."""
    found: Claim | None = CLAIMS[format](text) if format in CLAIMS else None
    return found


def remark_on_claim(claim: Claim, problem: Problem, evaluation: Evaluation) -> None:
    """A remark on the file of a plan that claims another cost than it has."""
    steps = evaluation.cost - (0 if claim.with_prizes else evaluation.terms["prizes"])
    cost = float(problem.scales.show(steps, Quantity.COST) or 0)
    if abs(cost - claim.cost) <= claim.rounded + ROUNDING * abs(cost):
        return
    rule = (
        "" if problem.distance is not None else f" with the distance rule {problem.arc_rule.label}"
    )
    remark(
        f"claims that the plan costs {claim.cost:.12g}, but it costs {cost:.12g}{rule}",
        line=claim.line,
        pointer=claim.pointer,
    )


def _by(pattern: re.Pattern[str]) -> Callable[[str], Claim | None]:
    """A claim that a text makes in words of its own; the last one counts."""

    def find(text: str) -> Claim | None:
        matches = list(pattern.finditer(text))
        if not matches:
            return None
        word = matches[-1].group(1)
        try:
            value = Decimal(word)
        except ArithmeticError:  # two points, say: it claims nothing that can be understood
            return None
        exponent = value.as_tuple().exponent
        digits = -exponent if isinstance(exponent, int) else 0
        line = text.count("\n", 0, matches[-1].start(1)) + 1
        return Claim(float(value), 0.5 * 10.0**-digits if digits > 0 else 0.0, line=line)

    return find


def _first_number(text: str) -> Claim | None:
    match = FIRST_NUMBER.match(text)
    return None if match is None else _by(FIRST_NUMBER)(text[: match.end()])


def _in_record(text: str) -> Claim | None:
    return _in_json(text, "cost")


def _in_vroom(text: str) -> Claim | None:
    return _in_json(text, "summary", "cost")


def _in_json(text: str, *names: str) -> Claim | None:
    value: Json = parse(text)
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    # VROOM adds up in steps of its own and tells whole numbers; it charges nothing for priorities.
    whole = len(names) > 1
    return Claim(float(value), float(whole), pointer=f"/{'/'.join(names)}", with_prizes=not whole)


CLAIMS: dict[str, Callable[[str], Claim | None]] = {
    "sol": _by(SOL_LINE),
    "tour": _by(TOUR_LINE),
    "res": _first_number,
    "json": _in_record,
    "vroom": _in_vroom,
}
"""How a format of plans says what a plan costs, for those that do."""
