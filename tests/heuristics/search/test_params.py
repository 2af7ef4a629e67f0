from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from polyroute.heuristics.search.params import SearchParams
from polyroute.vrp.errors import PolyrouteError

NAMES = [item.name for item in fields(SearchParams)]


def test_no_text_gives_the_defaults() -> None:
    assert SearchParams.from_text({}) == SearchParams()


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_can_be_given_as_text(name: str) -> None:
    default = getattr(SearchParams(), name)
    given = SearchParams.from_text({name: str(default)})
    assert given == SearchParams()
    assert type(getattr(given, name)) is type(default)


def test_texts_change_what_they_name_and_nothing_else() -> None:
    given = SearchParams.from_text({"neighbours": "7", "penalty": "1e2"})
    assert given == replace(SearchParams(), neighbours=7, penalty=100.0)


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PolyrouteError, match="parameter 'speed' is unknown, expected one of") as e:
        SearchParams.from_text({"speed": "9"})
    assert all(name in str(e.value) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_number_is_refused(name: str) -> None:
    kind = "an integer" if isinstance(getattr(SearchParams(), name), int) else "a number"
    with pytest.raises(PolyrouteError, match=f"parameter {name} is 'many', expected {kind}"):
        SearchParams.from_text({name: "many"})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["-1", "0", "nan", "inf", "2147483648", "9" * 30])
def test_a_number_out_of_range_is_refused(name: str, text: str) -> None:
    with pytest.raises(PolyrouteError, match=f"parameter {name} is "):
        SearchParams.from_text({name: text})


def test_the_search_cannot_end_hotter_than_it_begins() -> None:
    with pytest.raises(PolyrouteError, match=r"parameter cold is 0\.5, expected at most hot 0\.1"):
        SearchParams(hot=0.1, cold=0.5)


def test_parameters_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        SearchParams().hot = 1.0  # type: ignore[misc]
