"""Which landings are shown, and what is there to say about one? Words from the reports' room."""

from __future__ import annotations

from dataclasses import dataclass

from collector.alerts.counts import standing
from collector.model import Landing
from collector.queries import identity_conflicts
from collector.queries.landing import explained, track_about
from collector.queries.snapshot import Snapshot
from collector.queries.status import RECENT, recent_visitors
from collector.reports.landing.explanation import Explanation
from collector.reports.landing.identity_conflicts import conflict_lines
from collector.reports.landing.summary import LandingSummary, summarise
from collector.reports.picture import TrackPicture, drawable, picture_of
from collector.settings.derived import terms_of_feeds
from collector.store import landings

LANDINGS = 100
"""The last ones shown; `collector landings` has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingRow:
    """One landing in words; `badge` is what decides whether it counts."""

    told: LandingSummary
    badge: str
    tone: str
    """confirmed, probable, possible, undetermined or gone."""
    counted_for: tuple[str, ...]
    """Places at which it counts, e.g. `silkway: LLOV`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingPage:
    """One landing with all its evidence."""

    row: LandingRow
    why: Explanation
    picture: bool
    """Whether there is a track, and something to draw it with."""


def recent(present: Snapshot, limit: int = LANDINGS) -> list[LandingRow]:
    """The last landings, newest first, those taken back too. Raises StoreError."""
    found = landings.find(present.store, include_retracted=True, newest=limit)
    return [_row(present, each) for each in reversed(found)]


def visitors(present: Snapshot) -> list[LandingRow] | None:
    """The week's landings of aircraft on no watch, newest first; None where nobody looks.

    Raises StoreError.
    """
    if present.settings.visitors is None:
        return None
    return [_row(present, each) for each in reversed(recent_visitors(present))]


def doubts(present: Snapshot) -> list[str]:
    """What did not fit a watched airframe in the last week, in sentences. Raises StoreError."""
    watches, zone = present.settings.watches, present.zone
    begin = present.now - RECENT
    found = identity_conflicts.of_watches(present.store, watches, begin, present.now)
    return conflict_lines(found, zone)


def page(present: Snapshot, landing_id: str) -> LandingPage | None:
    """One landing and why it is believed, None if there is none. Raises StoreError."""
    landing = landings.get(present.store, landing_id)
    if landing is None:
        return None
    why = explained(present.store, landing, present.settings.airfields, present.zone, present.now)
    heard = track_about(present.store, landing, present.now)
    return LandingPage(row=_row(present, landing), why=why, picture=bool(heard) and drawable())


def track(present: Snapshot, landing_id: str) -> TrackPicture | None:
    """The picture of its track, None if there is no such landing. Raises StoreError."""
    landing = landings.get(present.store, landing_id)
    if landing is None:
        return None
    return picture_of(
        landing,
        track_about(present.store, landing, present.now),
        present.settings.airfields,
        zone=present.zone,
        terms=terms_of_feeds(present.settings),
        now=present.now,
    )


def _row(present: Snapshot, landing: Landing) -> LandingRow:
    badge, tone = _badge(landing)
    return LandingRow(
        told=summarise(landing, present.settings.airfields, present.zone),
        badge=badge,
        tone=tone,
        counted_for=tuple(
            f"{watch.name}: {place.name}"
            for watch in present.settings.watches
            for place in watch.places
            if standing(landing, watch, place)
        ),
    )


def _badge(landing: Landing) -> tuple[str, str]:
    if landing.review is not None:
        tone = "confirmed" if landing.review == "confirmed" else "gone"
        return f"{landing.review} by a person", tone
    if landing.retracted:
        return "taken back", "gone"
    if landing.airfield is None:
        return "undetermined", "undetermined"
    return landing.detection.grade.value, landing.detection.grade.value
