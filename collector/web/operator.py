"""What does the operator see? Whether all works: feeds, mails, conditions, work under way."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from collector.queries import health, reception, watches_past
from collector.queries.snapshot import Snapshot
from collector.queries.status import RECENT, judged_row
from collector.reports.formatting import moment
from collector.reports.judged import judged_line
from collector.store import (
    aircraft,
    archive_units,
    conditions,
    feeds,
    followed,
    outbox,
    rederivation_queue,
    reviews,
    track_requests,
)
from collector.store.aircraft import Identity
from collector.web import alerts, landings
from collector.web.pages import PageMaker

SHOWN_REVIEWS = 50
"""The last reviews on the page; each landing's page has all of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One review in words."""

    landing_id: str
    verdict: str
    when: str
    by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedRow:
    """One aircraft that is asked for by its address, without where it is."""

    icao24: str
    name: str
    """Registration, type and callsign, as they were last reported."""


class OperatorPages:
    """The operator's pages, as plain functions: the server runs them in its threads."""

    def __init__(self, maker: PageMaker) -> None:
        self._maker = maker
        self._open = maker.source.open

    def overview(self, _request: Request) -> Response:
        """Show whether all is well, and what is under way."""
        with self._open() as snapshot:
            states = feeds.states(snapshot.store)
            open_now = conditions.open_conditions(snapshot.store)
            return self._maker.page(
                "operator",
                snapshot,
                reception=health.reception_now(snapshot, states, open_now),
                conditions=alerts.condition_rows(snapshot),
                warnings=(
                    *snapshot.settings.warnings,
                    *watches_past.warnings(snapshot.store, snapshot.settings.watches),
                ),
                mails=outbox.unsent(snapshot.store),
                work=_work(snapshot),
            )

    def feeds(self, _request: Request) -> Response:
        """Show how each feed answers."""
        with self._open() as snapshot:
            return self._maker.page(
                "operator_feeds",
                snapshot,
                feeds=reception.feed_rows(snapshot),
                limited_hosts=reception.limited_hosts(snapshot),
            )

    def mails(self, _request: Request) -> Response:
        """Show the last mails, without addresses."""
        with self._open() as snapshot:
            return self._maker.page(
                "operator_mails",
                snapshot,
                mails=alerts.mail_rows(snapshot),
                unsent=outbox.unsent(snapshot.store),
            )

    def followed(self, _request: Request) -> Response:
        """Show which aircraft are asked for by their address since they matched, not where."""
        with self._open() as snapshot:
            listed = {each.icao24 for watch in snapshot.settings.watches for each in watch.fleet}
            addresses = followed.latest_followed(snapshot.store, snapshot.now)
            rows = [_followed_row(each) for each in aircraft.identities(snapshot.store, addresses)]
            return self._maker.page("operator_followed", snapshot, rows=rows, listed=len(listed))

    def visitors(self, _request: Request) -> Response:
        """Show the landings of aircraft on no watch."""
        with self._open() as snapshot:
            return self._maker.page(
                "operator_visitors",
                snapshot,
                visitors=landings.visitor_rows(snapshot),
                no_visitor=landings.no_visitor(snapshot),
            )

    def reviews(self, _request: Request) -> Response:
        """Show what people said of landings."""
        with self._open() as snapshot:
            rows = [
                ReviewRow(
                    landing_id=landing_id,
                    verdict=review.verdict or "no verdict any more",
                    when=moment(review.at, snapshot.zone),
                    by=review.by,
                    note=review.note,
                )
                for landing_id, review in reviews.latest(snapshot.store, SHOWN_REVIEWS)
            ]
            return self._maker.page("operator_reviews", snapshot, rows=rows, limit=SHOWN_REVIEWS)


def _followed_row(reported: Identity) -> FollowedRow:
    callsign = f"callsign {reported.callsign}" if reported.callsign else None
    names = (reported.registration, reported.type_code, callsign)
    return FollowedRow(icao24=reported.icao24, name=", ".join(filter(None, names)))


def _work(snapshot: Snapshot) -> list[str]:
    """Return what is under way, a line each. Raises StoreError."""
    store = snapshot.store
    tracks = track_requests.counts(store, snapshot.now - RECENT)
    words = ", ".join(
        f"{count} {state.value.replace('-', ' ')}" for state, count in tracks.items() if count
    )
    spans = len(rederivation_queue.due_spans(store))
    noun = "stretch of time waits" if spans == 1 else "stretches of time wait"
    judged = judged_line(judged_row(store))
    return [
        f"Full tracks asked for in the last {RECENT.days} days: {words or 'none'}.",
        f"{spans} {noun} to be derived again." if spans else "Nothing waits to be derived again.",
        "An archive has been read whose landings are not derived yet."
        if archive_units.has_unfinished(store)
        else "No archive is half read.",
        *([f"{judged}."] if judged else []),
    ]
