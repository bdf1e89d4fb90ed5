"""What does a pack say for people? A page to read first, the explanation, and the licences."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from collector.model.coverage import CoverageSlot
from collector.model.terms import Terms
from collector.reports import rendering
from collector.reports.evidence.summary import Edition, Summary
from collector.reports.exports.table import NOTICE, Column, Export, Table, attribution_lines
from collector.reports.formatting import iso_z
from collector.reports.landing.explanation import Explanation
from collector.untrusted import visible

_IMITATED = (
    "Whoever has a transmitter can imitate an aircraft. Several feeds that received the same "
    "flight, and a second source, make that unlikely; a pack of one feed cannot exclude it."
)
_SILENT = (
    "A reply without the aircraft shows that this feed did not receive it then, and not that it "
    "was nowhere."
)
_SUMS = (
    "The sums show that nothing was changed since they were written. Whoever changes a pack can "
    "write new ones: compare the sum of the whole file with the one that you were given apart "
    "from it."
)
NOT_SHOWN = (NOTICE, _IMITATED, _SILENT, _SUMS)
"""What no pack shows, a sentence or two each."""

MEANINGS: Mapping[str, str] = {
    "README.txt": "this page",
    "SHA256SUMS": "the SHA-256 of every other file; `sha256sum -c SHA256SUMS` checks them",
    "asked-for.json": "what was asked for by name: it may tell who helped",
    "coverage.csv": "how each feed answered, in slots of five minutes",
    "explanation.html": "why the landing is believed, for a browser",
    "explanation.txt": "the same as text",
    "fixes.csv": "the believed positions of the aircraft, for spreadsheets",
    "fixes.geojson": "the same for maps",
    "inputs.json": "airfields, priors, learned coverage and stays that the derivation used",
    "landing.json": "the landing, its evidence, its corrections, and the watches that want it",
    "licences.txt": "whose data this is, and under which terms",
    "pack.json": "what the pack states of itself, for `collector verify`",
    "picture.png": "the track near the airfield from above, and its height over time",
    "replies.warc.gz": "every reply of every feed around the landing, as received (WARC 1.1)",
    "rules.json": "the rules' version, with every threshold and weight",
    "seal.json": "how the replies follow from a root that was made before this pack",
    "settings.txt": "the settings that were in force, without secrets",
    "stamp-N.pem": "the certificates by which stamp N is checked",
    "stamp-N.tsr": "an outside clock's stamp of that root (RFC 3161)",
}
"""What each file of a pack is."""


def meaning_of(name: str) -> str:
    """Return what a file of a pack is."""
    return MEANINGS[_NUMBER.sub("-N.", name)]


COVERAGE = Table(
    "coverage",
    "Coverage",
    "One row for each feed and five minutes around the landing.",
    (
        Column("begins_at", "datetime", "Begin of the five minutes, UTC.", required=True),
        Column("feed", "string", "The feed.", required=True),
        Column("answered_min", "integer", "Minutes in which it answered.", required=True),
        Column("by_place_min", "integer", "Minutes in which it answered about a place.", (), True),
        Column("failed_min", "integer", "Minutes in which a poll failed.", required=True),
        Column("aircraft", "integer", "Most aircraft in one reply.", required=True),
        Column("unplaced", "integer", "Most aircraft without a position in one.", required=True),
    ),
    ("begins_at", "feed"),
)

_NUMBER = re.compile(r"-\d+\.")
_BOX_COLUMNS = 74


def coverage_table(slots: Iterable[CoverageSlot]) -> Export:
    """Return the table of how each feed answered."""
    rows = [
        {
            "begins_at": iso_z(slot.begins_at),
            "feed": slot.feed,
            "answered_min": slot.alive_minutes.bit_count(),
            "by_place_min": slot.area_minutes.bit_count(),
            "failed_min": slot.failed_minutes.bit_count(),
            "aircraft": slot.aircraft,
            "unplaced": slot.unplaced,
        }
        for slot in slots
    ]
    return Export(COVERAGE, rows)


def readme(
    summary: Summary, names: Iterable[str], origins: Iterable[Terms], verdict: str, review: str
) -> str:
    """Return the page to read first. `names` are the pack's files, `verdict` says what is believed,
    `review` what a person decided, empty if nobody did."""
    return rendering.text(
        "evidence_readme",
        summary=summary,
        internal=summary.edition is Edition.INTERNAL,
        verdict=verdict,
        review=review,
        box=_box(),
        files=[(name, meaning_of(name)) for name in sorted({*names, "README.txt", "SHA256SUMS"})],
        attribution=attribution_lines(origins),
    )


def explanation_page(
    summary: Summary,
    explanation: Explanation,
    counts: str,
    origins: Iterable[Terms],
    *,
    picture: bool,
) -> str:
    """Return the explanation as one HTML page that loads nothing but the picture beside it."""
    return rendering.html(
        "evidence",
        summary=summary,
        internal=summary.edition is Edition.INTERNAL,
        why=explanation,
        counts=counts,
        not_shown=NOT_SHOWN,
        attribution=attribution_lines(origins),
        picture=picture,
    )


def licences(origins: Sequence[Terms]) -> str:
    """Return the terms of every source, and what must be printed beside its data."""
    lines = []
    for origin in origins:
        allowed = "may be passed on" if origin.redistributable else "may not be passed on"
        lines += [visible(origin.credit), f"  The terms say that its data {allowed}."]
        lines += [f"  {visible(origin.url)}"] if origin.url else []
        lines += [""]
    printed = attribution_lines(origins) or ["none"]
    return "\n".join([*lines, "To be named in print:", *(f"  {line}" for line in printed), ""])


def _box() -> list[str]:
    """Return what a pack does not show, in a box of text."""
    edge = "+" + "-" * (_BOX_COLUMNS + 2) + "+"
    inside = ["WHAT THIS DOES NOT SHOW"]
    for sentence in NOT_SHOWN:
        inside += ["", *textwrap.wrap(sentence, _BOX_COLUMNS)]
    return [edge, *(f"| {line:<{_BOX_COLUMNS}} |" for line in inside), edge]
