"""Is a reply searched by every kind of line of a watch, and by nothing else?"""

from __future__ import annotations

from typing import Any

from collector.watches.matcher import Matcher
from tests.support.identity import Row
from tests.watches.test_matcher import DAY
from tests.watches.test_matcher import _reason as reason
from tests.watches.test_matcher import _watch as watch


def test_an_excluded_address_is_no_callsign() -> None:
    """Whatever an aircraft calls itself, digits of another's address do not hide it."""
    for exclude in ("600865", "600860-60086f"):
        excluding = watch(types=("IL76",), exclude=(exclude,))
        row = Row("abc123", callsign=exclude, registration=exclude, type_code="IL76")
        assert reason(excluding, row) == "type IL76"


def test_a_reply_is_searched_by_every_kind_of_line_whatever_its_rows_lack() -> None:
    names = [
        ("callsign", "AZQ1"),
        ("registration", "4K-AZ60"),
        ("operator", "Silk Way"),
        ("type_code", "IL76"),
    ]
    rows = [Row("abc123"), *(Row("abc123", **{kind: name}) for kind, name in names)]
    kinds = ("callsigns", "registrations", "operators", "types")
    lines: list[dict[str, Any]] = [
        {kind: (name,)} for kind, (_, name) in zip(kinds, names, strict=True)
    ]
    for number, line in enumerate([*lines, {"callsigns": ("AZ?1",)}]):
        matcher = Matcher([watch("other", icao24=("600865",)), watch(zone="Asia/Tokyo", **line)])
        assert list(matcher.among(rows, DAY)) == [number % 4 + 1]
        assert matcher.follows  # other rows of the same address may lack that name
        assert matcher.zones == {"Asia/Tokyo", "Asia/Jerusalem"}
        assert matcher.watch_named("gone") is None
        named = matcher.watch_named("w")
        assert named is not None
        assert named.watch.zone == "Asia/Tokyo"
    assert not Matcher([watch(icao24=("600865",))]).follows
