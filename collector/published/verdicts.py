"""What became of each row of a published list, when looked for? Decided from what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from collector.model import Landing
from collector.model.sighting import Kind, Sighting
from collector.published.grouping import contradict
from collector.published.matching import Airframes
from collector.published.summary import HEARD_FROM


class Found(StrEnum):
    """The fate of a row."""

    MATCHED = "matched"
    CONTRADICTED = "contradicted"
    """The airframe it names was proven to be elsewhere."""
    UNHEARD = "could not have been heard"
    UNDATED = "not dated"
    """A landing, of days that nobody knows: what was heard on them cannot be told."""
    NO_ARCHIVE = "no archive"
    """Nobody listened on its days, and no archive of them was read."""
    NOT_FOUND = "not found though heard"
    NO_LANDING = "no landing"
    """The row tells of something else: there is nothing to look for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about one row's field, time and airframe."""

    landing: Landing | None = None
    """The tracked landing that it is; of an alibi, one of its airframe that denies it."""
    alibi: str | None = None
    """That the airframe was tracked elsewhere all the time, in words; None: it was not."""
    alibis: tuple[Sighting, ...] = ()
    """Reports that the airframe was elsewhere, which rule a landing out …"""
    seen: tuple[Sighting, ...] = ()
    """… and such that don't."""
    coverage: float | None = None
    """Share (0 … 1) of its days that was heard at the field; None: nobody knows its days."""
    known: bool = True
    """Whether anybody listened on any of its days, or an archive of them was read."""
    watched: bool = True
    """Whether a watch looks at the field …"""
    followed: bool = True
    """… and at the aircraft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A row's fate, and why."""

    found: Found
    why: str
    """A short sentence; may quote text from the file, so escape it."""
    alibi: str | None = None
    seen: str | None = None
    """Where it was reported besides, which does not rule the row out."""
    landing: Landing | None = None
    coverage: float | None = None


def verdict(row: Sighting, known: Known) -> Verdict:
    """What became of a row. A tracked landing goes first; then an alibi; then: was it heard?"""
    if row.kind is not Kind.LANDING or row.airfield is None:
        found, why = Found.NO_LANDING, f"tells of {row.place or 'no field'}: nothing to look for"
        if row.kind is Kind.ALIBI and known.landing is not None:
            found, why = Found.CONTRADICTED, f"it was tracked: {_how(known.landing)}"
        return Verdict(found=found, why=why, landing=known.landing, coverage=known.coverage)
    alibi = "; ".join([*([known.alibi] if known.alibi else []), *map(told, known.alibis)])
    found, why = _fate(row, known, alibi)
    return Verdict(
        found=found,
        why=why,
        alibi=alibi or None,
        seen="; ".join(map(told, known.seen)) or None,
        landing=known.landing,
        coverage=known.coverage,
    )


def _fate(row: Sighting, known: Known, alibi: str) -> tuple[Found, str]:
    if known.landing is not None:
        return Found.MATCHED, _how(known.landing)
    if alibi:
        return Found.CONTRADICTED, "the airframe was elsewhere"
    if not known.watched:
        return Found.UNHEARD, f"no watch looks at {row.airfield}"
    if not known.followed:
        return Found.UNHEARD, "no watch follows that aircraft"
    if known.coverage is None:
        return Found.UNDATED, "its days are not known"
    return _heard(known.coverage, known=known.known)


def _heard(coverage: float, *, known: bool) -> tuple[Found, str]:
    """What it means that no landing fits on days heard for so large a share."""
    if coverage == 0 and not known:
        return Found.NO_ARCHIVE, "nobody listened then, and no archive of it was read"
    if coverage == 0:
        return Found.UNHEARD, "nobody was heard near it then"
    share = f"{coverage * 100:.0f}%"
    if coverage < HEARD_FROM:
        return Found.UNHEARD, f"heard only {share} of the time"
    return Found.NOT_FOUND, f"heard {share} of the time, and no landing that fits"


def elsewhere(
    row: Sighting, others: Iterable[Sighting], airframes: Airframes
) -> tuple[tuple[Sighting, ...], tuple[Sighting, ...]]:
    """Reports that the row's airframe was elsewhere then: those that rule it out, and others.

    An alibi counts if it spans all days of the row. None where the row names no airframe.
    """
    addresses = airframes.addresses(row)
    if not addresses and not row.registration:
        return (), ()
    first, last = row.period.first, row.period.last
    if first is None or last is None:
        return (), ()
    alibis, seen = [], []
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
            seen.append(other)
    return tuple(alibis), tuple(seen)


def told(other: Sighting) -> str:
    """Where somebody else says it was."""
    named = other.registration or other.icao24 or "it"
    where = other.place or other.airfield or "elsewhere"
    return f"{named} at {where}, {other.period.written} ({other.source})"


def counted(verdicts: Iterable[Verdict]) -> Mapping[Found, int]:
    """How many rows of each fate, every fate there."""
    totals = dict.fromkeys(Found, 0)
    for one in verdicts:
        totals[one.found] += 1
    return totals


def _how(landing: Landing) -> str:
    detection = landing.detection
    where = landing.airfield or " or ".join(one.airfield for one in detection.candidates)
    return f"{detection.grade.value} at {where}, {detection.touchdown_at:%Y-%m-%d %H:%M} UTC"
