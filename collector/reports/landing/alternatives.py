"""How is it told whether something else would have been heard? One row a hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collector.landings.alternatives import HypothesisCoverage
from collector.landings.evidence.coverage_floor import down_to
from collector.reports.tables import table

_MEANT = {
    "level": "flown on level, at {height:,} ft",
    "climbed": "climbed out, to {height:,} ft",
    "south": "gone on south, at {height:,} ft",
    "landed": "landed at {airfield}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeRow:
    """One thing it may have done instead, and whether that would have been heard."""

    hypothesis: str
    kind: str
    airfield: str | None
    heard: str
    """`proven then`, `usually heard` or `unknown`."""
    how_low: str
    """`down to 8,000 ft`; empty where that is not known."""
    feeds: tuple[str, ...]
    """Who heard others there; empty unless proven then."""


def alternative_rows(found: Iterable[HypothesisCoverage]) -> list[AlternativeRow]:
    """Each in words, in the order given."""
    return [
        AlternativeRow(
            hypothesis=_MEANT[one.hypothesis.kind].format(
                height=_height_ft(one),
                airfield=one.hypothesis.airfield,
            ),
            kind=one.hypothesis.kind,
            airfield=one.hypothesis.airfield,
            heard=one.proof.value,
            how_low="" if one.lowest is None else down_to(one.lowest),
            feeds=one.feeds,
        )
        for one in found
    ]


def alternatives_table(told: Sequence[AlternativeRow]) -> str:
    """The same for a terminal."""
    rows = [
        (one.hypothesis, one.heard, one.how_low or "-", ", ".join(one.feeds) or "-") for one in told
    ]
    return table(("HAD IT", "HEARD?", "OTHERS THERE", "BY"), rows)


def _height_ft(one: HypothesisCoverage) -> int:
    """The highest of the way, to the hundred."""
    return 100 * round(max(where.altitude_ft for where in one.hypothesis.path) / 100.0)
