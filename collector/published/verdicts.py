"""What is the outcome for each row of a published list? A tracked landing is compared first, then
the reports of where the airframe was, then the coverage of the row's days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from collector.coverage.sight import Level, Sight
from collector.model import Landing
from collector.model.sighting import Kind, Sighting
from collector.published.grouping import contradict
from collector.published.matching import Airframes


class RowOutcome(StrEnum):
    """The outcome for a row of a published list."""

    MATCHED = "matched"
    CONTRADICTED = "contradicted"
    """The named airframe was proven to be elsewhere."""
    UNHEARD = "could not have been heard"
    UNDATED = "not dated"
    """A landing on unknown days, of which no coverage can be given."""
    NO_ARCHIVE = "no archive"
    """No feed answered on its days, and no archive of them was read."""
    NOT_FOUND = "not found though heard"
    NO_LANDING = "no landing"
    """The row does not report a landing, so nothing is searched for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEvidence:
    """Everything known about the airfield, the time and the airframe of a row."""

    landing: Landing | None = None
    """The tracked landing of the row; for an alibi, a landing of its airframe that refutes it."""
    tracked_elsewhere: str | None = None
    """Where the airframe was tracked all the time, in words; None if it was not."""
    alibis: tuple[Sighting, ...] = ()
    """Reports that the airframe was elsewhere, which rule a landing out."""
    other_reports: tuple[Sighting, ...] = ()
    """Reports that the airframe was elsewhere, which do not rule a landing out."""
    sight: Sight | None = None
    """How much of its days could be seen at the airfield; None if its days are unknown."""
    has_data: bool = True
    """Whether a feed answered on any of its days, or an archive of them was read."""
    airfield_watched: bool = True
    aircraft_watched: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RowVerdict:
    """The outcome for a row, and the reason."""

    outcome: RowOutcome
    why: str
    """A short sentence; it may quote text from the file, so escape it."""
    alibi: str | None = None
    other_reports: str | None = None
    """Where else the airframe was reported without ruling the row out."""
    landing: Landing | None = None
    coverage: float | None = None


def row_verdict(row: Sighting, evidence: RowEvidence) -> RowVerdict:
    """Decide the outcome for a row: a tracked landing first, then an alibi, then coverage."""
    if row.kind is not Kind.LANDING or row.airfield is None:
        outcome = RowOutcome.NO_LANDING
        why = f"not a landing: {row.place or 'no airfield'}"
        if row.kind is Kind.ALIBI and evidence.landing is not None:
            outcome = RowOutcome.CONTRADICTED
            why = f"its airframe was tracked: {_landing_words(evidence.landing)}"
        return RowVerdict(
            outcome=outcome, why=why, landing=evidence.landing, coverage=_coverage(evidence)
        )
    tracked = [evidence.tracked_elsewhere] if evidence.tracked_elsewhere else []
    alibi = "; ".join([*tracked, *map(place_report, evidence.alibis)])
    outcome, why = _outcome(row, evidence, alibi)
    return RowVerdict(
        outcome=outcome,
        why=why,
        alibi=alibi or None,
        other_reports="; ".join(map(place_report, evidence.other_reports)) or None,
        landing=evidence.landing,
        coverage=_coverage(evidence),
    )


def _outcome(row: Sighting, evidence: RowEvidence, alibi: str) -> tuple[RowOutcome, str]:
    if evidence.landing is not None:
        return RowOutcome.MATCHED, _landing_words(evidence.landing)
    if alibi:
        return RowOutcome.CONTRADICTED, "the airframe was elsewhere"
    if not evidence.airfield_watched:
        return RowOutcome.UNHEARD, f"no watch names {row.airfield}"
    if not evidence.aircraft_watched:
        return RowOutcome.UNHEARD, "no watch names this aircraft"
    if evidence.sight is None:
        return RowOutcome.UNDATED, "the days of the landing are unknown"
    return _outcome_by_sight(evidence.sight, has_data=evidence.has_data)


def _coverage(evidence: RowEvidence) -> float | None:
    return None if evidence.sight is None else evidence.sight.coverage


def _outcome_by_sight(sight: Sight, *, has_data: bool) -> tuple[RowOutcome, str]:
    """The outcome for a row that no tracked landing fits."""
    if sight.coverage == 0 and not has_data:
        return RowOutcome.NO_ARCHIVE, "no feed answered then, and no archive of it was read"
    if sight.coverage == 0:
        return RowOutcome.UNHEARD, "no coverage near the airfield then"
    blind = sight.level is Level.NOT_SEEN
    share = f"{(sight.coverage if blind else sight.seen) * 100:.0f}%"
    if sight.only_high:
        return (
            RowOutcome.UNHEARD,
            "aircraft near the airfield were heard too high, or too far off, then",
        )
    if sight.level is not Level.SEEN:
        words = "was covered" if blind else "could be seen"
        return RowOutcome.UNHEARD, f"only {share} of the time {words}"
    return RowOutcome.NOT_FOUND, f"{share} of the time could be seen, and no tracked landing fits"


def reports_elsewhere(
    row: Sighting, others: Iterable[Sighting], airframes: Airframes
) -> tuple[tuple[Sighting, ...], tuple[Sighting, ...]]:
    """Return the reports that the row's airframe was elsewhere: those that rule it out, and others.

    An alibi rules the row out if it spans all days of the row. Both are empty if the row names no
    airframe or if its days are unknown.
    """
    addresses = airframes.addresses(row)
    if not addresses and not row.registration:
        return (), ()
    first, last = row.period.first, row.period.last
    if first is None or last is None:
        return (), ()
    alibis, other_reports = [], []
    for other in others:
        same = bool(addresses & airframes.addresses(other)) or (
            bool(row.registration and other.registration) and not contradict(row, other)
        )
        if not same or other.period.first is None or other.period.last is None:
            continue
        spans = row.period.within(other.period.first, other.period.last)
        if other.kind is Kind.ALIBI and spans:
            alibis.append(other)
        elif other.kind is Kind.SEEN and other.period.first <= last <= other.period.last:
            other_reports.append(other)
    return tuple(alibis), tuple(other_reports)


def place_report(sighting: Sighting) -> str:
    """Return in words where a sighting places an airframe: `4K-AZ101 at Houston, 2026 (Paper)`."""
    airframe = sighting.registration or sighting.icao24 or "the airframe"
    place = sighting.place or sighting.airfield or "elsewhere"
    return f"{airframe} at {place}, {sighting.period.written} ({sighting.source})"


def rows_by_outcome(verdicts: Iterable[RowVerdict]) -> Mapping[RowOutcome, int]:
    """Return the number of rows with each outcome; every outcome is a key."""
    totals = dict.fromkeys(RowOutcome, 0)
    for verdict in verdicts:
        totals[verdict.outcome] += 1
    return totals


def _landing_words(landing: Landing) -> str:
    detection = landing.detection
    fields = " or ".join(candidate.airfield for candidate in detection.candidates)
    place = landing.airfield or fields
    return f"{detection.grade.value} at {place}, {detection.touchdown_at:%Y-%m-%d %H:%M} UTC"
