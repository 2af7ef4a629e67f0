"""Random faults are faults: of every group, each a change, the same for a seed."""

from __future__ import annotations

import ast

from tests.mutants import GROUPS, ROOT, draw


def test_a_seed_draws_the_same_changes_of_every_group() -> None:
    drawn = draw(19, 8)
    assert drawn == draw(19, 8)
    assert drawn[:4] == draw(19, 4)
    for pattern in GROUPS.values():
        assert {each.path for each in drawn} & set(ROOT.glob(pattern))
    for each in drawn:
        before = ast.unparse(ast.parse(each.path.read_text(encoding="utf-8")))
        lines = zip(before.splitlines(), each.source.splitlines(), strict=False)
        assert any(old != new for old, new in lines)
        compile(each.source, each.path.name, "exec")
