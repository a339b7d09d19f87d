"""Frozen classes behave as those of `dataclasses`."""

from dataclasses import dataclass
from typing import Any

import pytest

from analyzer.frozen import frozen, replace


@frozen
class Hop:
    """A class to try."""

    host: str
    port: int = 5060
    """With a default."""

    @property
    def name(self) -> str:
        """Join both."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Twin:
    """The same for `dataclasses`."""

    host: str
    port: int = 5060


def test_fields_come_by_place_and_by_name() -> None:
    """However the values are given, the object is the same, and equal ones have one hash."""
    hops = {Hop("a"), Hop("a", 5060), Hop(host="a"), Hop(port=5060, host="a"), Hop("a", port=5060)}
    assert hops == {Hop("a")}
    assert Hop("a") != Hop("a", 5061)
    assert Hop("a", 5061).name == "a:5061"


def test_another_class_is_never_equal() -> None:
    """Neither a class with the same fields nor a tuple of the values is equal."""
    others: list[object] = [Twin("a"), ("a", 5060)]
    assert Hop("a") not in others


def test_it_looks_and_matches_as_a_dataclass() -> None:
    """`repr` and `match` are those of the twin."""
    assert repr(Hop("a")) == repr(Twin("a")).replace("Twin", "Hop")
    match Hop("a", 1):
        case Hop(host, port):
            assert (host, port) == ("a", 1)


def test_it_cannot_be_changed() -> None:
    """Neither a field nor anything else can be set or deleted."""
    hop: Any = Hop("a")
    for name in ("host", "other"):
        with pytest.raises(AttributeError, match=name):
            setattr(hop, name, "b")
        with pytest.raises(AttributeError, match=name):
            delattr(hop, name)
    assert not hasattr(hop, "__dict__")


def test_replace_copies() -> None:
    """A copy differs in what was exchanged only."""
    hop = Hop("a", 1)
    assert (replace(hop, port=2), hop) == (Hop("a", 2), Hop("a", 1))


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), (("a", 1, 2), {}), (("a",), {"host": "b"}), (("a",), {"other": 1})],
)
def test_wrong_arguments_are_refused(values: tuple[object, ...], named: dict[str, object]) -> None:
    """A field missing, a value too many, a field twice, an unknown field: TypeError, as there."""
    for kind in (Hop, Twin):
        make: Any = kind
        with pytest.raises(TypeError):
            make(*values, **named)


def test_fields_of_the_class_it_is_made_from_come_first() -> None:
    """What a class is made from gives it its fields, for construction, copies and comparison."""

    @frozen
    class Place:
        address: str

    @frozen
    class Endpoint(Place):
        port: int = 5060

    made = Endpoint("192.0.2.1")
    assert made == Endpoint(address="192.0.2.1", port=5060) != Endpoint("192.0.2.1", 5061)
    assert replace(made, address="192.0.2.2") == Endpoint("192.0.2.2")
    assert made != Place("192.0.2.1")
