"""Remarks on files: Python warnings that name their place, which a command prints or refuses."""

from __future__ import annotations

import warnings

import pytest

from polyroute.vrp.cli.command import BAD_INPUT, DONE, run_command
from polyroute.vrp.cli.messages import filter_remarks
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.remarks import Remark, remark, remarks_on


def test_a_remark_is_a_warning_that_names_its_place() -> None:
    with pytest.warns(Remark) as told, remarks_on("a.vrp"):
        remark("odd", line=3)
        remark("odder", pointer="/jobs/0")
        remark("oddest")
    assert [str(item.message) for item in told] == [
        "a.vrp:3: odd",
        "a.vrp at /jobs/0: odder",
        "a.vrp: oddest",
    ]
    with pytest.warns(Remark, match=r"^line 2: of text alone$"):
        remark("of text alone", line=2)


def test_a_filter_makes_it_an_error_of_ours() -> None:
    with warnings.catch_warnings(), pytest.raises(PolyrouteError, match=r"^odd$"):
        warnings.simplefilter("error", Remark)
        remark("odd")


@pytest.mark.parametrize(
    ("strict", "quiet", "code", "told"),
    [
        (False, False, DONE, "p: remark: a.vrp: odd\n"),
        (False, True, DONE, ""),
        (True, False, BAD_INPUT, "p: error: a.vrp: odd\n"),
        (True, True, BAD_INPUT, "p: error: a.vrp: odd\n"),
    ],
)
def test_a_command_prints_it_once_or_refuses_the_file(
    capsys: pytest.CaptureFixture[str], strict: bool, quiet: bool, code: int, told: str
) -> None:
    def body() -> int:
        filter_remarks(strict=strict, quiet=quiet)
        for _ in range(2):
            with remarks_on("a.vrp"):
                remark("odd")
        return DONE

    for _ in range(2):
        assert run_command("p", body) == code
        assert capsys.readouterr().err == told
