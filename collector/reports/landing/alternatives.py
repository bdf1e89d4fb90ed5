"""Would an alternative to the landing have been heard? A table has one row for each alternative."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from collector.landings.alternatives import HypothesisCoverage
from collector.landings.evidence.coverage_floor import down_to
from collector.reports.tables import table

_HYPOTHESES = {
    "level": "flown on level at {height:,} ft",
    "climbed": "climbed out to {height:,} ft",
    "south": "flown on south at {height:,} ft",
    "landed": "landed at {airfield}",
}

_COLUMNS = 76
"""`explain` has 78 columns, and indents the table by two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeRow:
    """One alternative to the landing, and whether it would have been heard."""

    hypothesis: str
    kind: str
    airfield: str | None
    heard: str
    """`proven then`, `usually heard` or `unknown`."""
    how_low: str
    """`down to 8,000 ft`: how low others were received then, or aircraft usually are; empty where
    that is not known."""
    feeds: tuple[str, ...]
    """The feeds that heard other aircraft there; empty unless proven then."""


def alternative_rows(
    found: Iterable[HypothesisCoverage], name: Callable[[str], str]
) -> list[AlternativeRow]:
    """Return the alternatives `found` in words, in the order given.

    `name` gives an airfield's name by its code.
    """
    return [
        AlternativeRow(
            hypothesis=_HYPOTHESES[each.hypothesis.kind].format(
                height=_height_ft(each),
                airfield=name(each.hypothesis.airfield) if each.hypothesis.airfield else "",
            ),
            kind=each.hypothesis.kind,
            airfield=each.hypothesis.airfield,
            heard=each.proof.value,
            how_low="" if each.lowest is None else down_to(each.lowest),
            feeds=each.feeds,
        )
        for each in found
    ]


def alternatives_table(rows: Sequence[AlternativeRow]) -> str:
    """Return the alternatives as a table for a terminal, in `_COLUMNS`."""
    cells = [
        (row.hypothesis, row.heard, row.how_low or "-", ", ".join(row.feeds) or "-") for row in rows
    ]
    return table(("IF IT HAD", "HEARD?", "HOW LOW", "FEEDS"), cells, width=_COLUMNS)


def _height_ft(alternative: HypothesisCoverage) -> int:
    """Return the greatest height of the way, to the hundred feet."""
    return 100 * round(max(where.altitude_ft for where in alternative.hypothesis.path) / 100.0)
