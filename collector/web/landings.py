"""Which landings are shown, and what does a landing's page say? Rows for the templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collector.coverage.sight import Level, Sight
from collector.disclosure.persons import landing_without_person
from collector.model import Landing
from collector.queries import identity_conflicts
from collector.queries.landing import explanation_of, reports_around
from collector.queries.snapshot import Snapshot
from collector.queries.status import RECENT, recent_visitors
from collector.reports.formatting import percent
from collector.reports.landing.counted import counted_for, counts_sentence
from collector.reports.landing.explanation import Explanation
from collector.reports.landing.identity_conflicts import conflict_lines
from collector.reports.landing.persons import review_words
from collector.reports.landing.summary import LandingSummary, summarise
from collector.reports.picture import TrackPicture, picture_of
from collector.reports.titles import place_title
from collector.settings.derived import terms_of_feeds
from collector.store import landings
from collector.store.landing_list import Standing, Wanted, page_of, standing_of
from collector.weeks import previous_week, week_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingRow:
    """One landing in words; `badge` says what decides whether it counts."""

    summary: LandingSummary
    badge: str
    tone: str
    """confirmed, probable, possible, undetermined or gone."""
    counted_for: tuple[str, ...]
    """Where it counts and for whom, e.g. `Silk Way Il-76s at Ovda`."""

    @property
    def counts(self) -> str:
        """The same as a sentence."""
        return counts_sentence(self.counted_for)


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingPage:
    """One landing with all its evidence."""

    row: LandingRow
    icao24: str
    explanation: Explanation
    picture: bool
    """Whether reports are stored, which its picture shows."""


def recent_rows(snapshot: Snapshot, limit: int) -> list[LandingRow]:
    """Return the last landings, newest first, withdrawn ones included. Raises StoreError."""
    return rows(snapshot, page_of(snapshot.store, Wanted(), limit=limit))


def rows(snapshot: Snapshot, found: Sequence[Landing]) -> list[LandingRow]:
    """Return these landings in words, in the order given."""
    return [_row(snapshot, landing) for landing in found]


def visitor_rows(snapshot: Snapshot) -> list[LandingRow] | None:
    """Return visitors' landings of the last seven days, newest first.

    None: visitors are not followed. Raises StoreError.
    """
    if snapshot.settings.visitors is None:
        return None
    return [_row(snapshot, landing) for landing in reversed(recent_visitors(snapshot))]


def none_stored(snapshot: Snapshot) -> str:
    """Return what stands in place of a list of landings: how much of this week could be seen.

    Raises StoreError.
    """
    worst_of_week, where = _worst_place(snapshot, weeks=1)
    match worst_of_week.level:
        case Level.NOT_SEEN:
            return f"None known: this week we could not see at {where}."
        case Level.IN_PART:
            share = percent(worst_of_week.seen)
            return f"None known. This week we could see at {where} in {share} of the time."
        case Level.SEEN:
            return "None known, and this week we could see."


def no_visitor(snapshot: Snapshot) -> str:
    """Return what stands in place of a list of visitors: how much of the last days could be seen.

    Raises StoreError.
    """
    worst_of_weeks, where = _worst_place(snapshot, weeks=2)
    match worst_of_weeks.level:
        case Level.NOT_SEEN:
            return f"None known: we could not see at {where}."
        case Level.IN_PART:
            share = percent(worst_of_weeks.seen)
            return f"None seen in the {share} of the time that we could see at {where}."
        case Level.SEEN:
            return "No visitor landed, as far as could be seen."


def _worst_place(snapshot: Snapshot, *, weeks: int) -> tuple[Sight, str]:
    """Return the least that could be seen at a watched place in this week, or in as many of the
    last weeks, and that place's name."""
    seen = [(Sight(0.0, 0.0), "any airfield")] if not snapshot.settings.watches else []
    for watch in snapshot.settings.watches:
        key = week_of(snapshot.now, watch.zone)
        for _ in range(weeks):
            seen += [
                (
                    snapshot.sight(watch, place, key),
                    place_title(place, snapshot.settings.airfields, snapshot.now.date()),
                )
                for place in watch.places
            ]
            key = previous_week(key)
    return min(seen, key=lambda each: each[0].seen)


def conflict_lines_of_week(snapshot: Snapshot) -> list[str]:
    """Return a line for each identity conflict of the last seven days. Raises StoreError."""
    watches, zone = snapshot.settings.watches, snapshot.zone
    begin = snapshot.now - RECENT
    found = identity_conflicts.of_watches(snapshot.store, watches, begin, snapshot.now)
    return conflict_lines(found, zone)


def landing_page(snapshot: Snapshot, landing_id: str) -> LandingPage | None:
    """Return one landing and why it is believed, None if no landing has that id.

    Raises StoreError.
    """
    landing = landings.get(snapshot.store, landing_id)
    if landing is None:
        return None
    store, now = snapshot.store, snapshot.now
    return LandingPage(
        row=_row(snapshot, landing),
        icao24=landing.detection.icao24,
        explanation=explanation_of(
            *(store, landing, snapshot.settings.airfields, snapshot.zone, now), persons=False
        ),
        picture=bool(reports_around(store, landing, now)),
    )


def track_picture(snapshot: Snapshot, landing_id: str) -> TrackPicture | None:
    """Return the picture of a landing's track, None if no landing has that id.

    Raises StoreError.
    """
    landing = landings.get(snapshot.store, landing_id)
    if landing is None:
        return None
    return picture_of(
        landing,
        reports_around(snapshot.store, landing, snapshot.now),
        snapshot.settings.airfields,
        zone=snapshot.zone,
        terms=terms_of_feeds(snapshot.settings),
        now=snapshot.now,
    )


def _row(snapshot: Snapshot, landing: Landing) -> LandingRow:
    """Return a landing in words, without who reviewed it: readers see this."""
    badge, tone = _badge(landing)
    return LandingRow(
        summary=summarise(
            landing_without_person(landing), snapshot.settings.airfields, snapshot.zone
        ),
        badge=badge,
        tone=tone,
        counted_for=counted_for(landing, snapshot.settings.watches, snapshot.settings.airfields),
    )


def _badge(landing: Landing) -> tuple[str, str]:
    """Return the words and the tone of the badge."""
    match standing_of(landing):
        case Standing.REVIEWED:
            tone = "confirmed" if landing.review == "confirmed" else "gone"
            return review_words(landing), tone
        case Standing.WITHDRAWN:
            return "withdrawn", "gone"
        case standing:
            return standing.value, standing.value
