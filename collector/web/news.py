"""What do feed readers learn? Landings, corrections and alerts, once they may leave."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from collector.alerts.lifecycle import AlertState
from collector.disclosure.origins import origins_of
from collector.model import Landing
from collector.queries.left import LeftLanding, left_alerts, left_corrections, left_landings
from collector.queries.snapshot import Snapshot
from collector.reports.exports.rows import landing_row
from collector.reports.landing.counted import counted_for, counts_sentence
from collector.reports.landing.summary import kind_words, summarise
from collector.settings.derived import terms_of_feeds
from collector.web.address import address_of
from collector.web.alerts import alert_row
from collector.web.atom import Entry, atom
from collector.web.pages import PageMaker

SHOWN = 50
"""Entries of a feed, the newest ones."""
NOT_SHOWN = "A landing says nothing about cargo or purpose."


class News:
    """The Atom feeds, as plain functions: the server runs them in its threads."""

    def __init__(self, maker: PageMaker) -> None:
        self._open = maker.source.open
        web = maker.source.settings.web
        self._home = web.public_url or address_of(web.host, web.port) + web.base_path

    def landings(self, _request: Request) -> Response:
        """Answer with the last landings that have left."""
        return self._feed("landings.atom", "Landings", landing_entries)

    def corrections(self, _request: Request) -> Response:
        """Answer with the last corrections of landings that have left."""
        return self._feed("corrections.atom", "Corrections", correction_entries)

    def alerts(self, _request: Request) -> Response:
        """Answer with the last alerts whose weeks have left."""
        return self._feed("alerts.atom", "Alerts", _alerts)

    def _feed(self, name: str, title: str, entries: Callable[[Snapshot], list[Entry]]) -> Response:
        with self._open() as snapshot:
            body = atom(self._home, name, title, entries(snapshot), snapshot.now)
        return Response(body, media_type="application/atom+xml")


def landing_entries(snapshot: Snapshot) -> list[Entry]:
    """Return the last landings that have left. Raises StoreError."""
    return [_landing(snapshot, each) for each in left_landings(snapshot, SHOWN)]


def _landing(snapshot: Snapshot, left: LeftLanding) -> Entry:
    settings, landing = snapshot.settings, left.landing
    terms = terms_of_feeds(settings)
    row = landing_row(
        landing, left.watches, left.operator, airfields=settings.airfields, terms=terms
    )
    said = summarise(landing, settings.airfields, snapshot.zone)
    counts = counts_sentence(counted_for(landing, left.watches, settings.airfields))
    return Entry(
        id=landing.id,
        title=f"{said.aircraft} at {said.place}: {row['status']}",
        text=f"{said.when}. {row['certainty']}. {row['why']} {counts} Operator: "
        f"{left.operator.name} ({left.operator.source}). {NOT_SHOWN}",
        at=max(left.left_at, landing.revised_at),
        address=f"/landings/{landing.id}",
        rights=_rights(snapshot, landing),
    )


def correction_entries(snapshot: Snapshot) -> list[Entry]:
    """Return the last corrections of landings that have left, without reasons: a person's reason is
    a person's note. Raises StoreError."""
    entries = []
    for revision, left in left_corrections(snapshot, SHOWN):
        landing = left.landing
        said = summarise(landing, snapshot.settings.airfields, snapshot.zone)
        entries.append(
            Entry(
                id=f"{landing.id}-{revision.at:%Y%m%dT%H%M%S}-{revision.change.split()[0]}",
                title=f"{kind_words(revision)}: {said.aircraft} at {said.place}",
                text=f"A landing of a week that was told before was {kind_words(revision)}. "
                f"It is now told as: {said.when}. {NOT_SHOWN}",
                at=max(left.left_at, revision.at),
                address=f"/landings/{landing.id}",
                rights=_rights(snapshot, landing),
            )
        )
    return entries


def _alerts(snapshot: Snapshot) -> list[Entry]:
    entries = []
    for state, at in left_alerts(snapshot, SHOWN):
        row = alert_row(snapshot, state)
        noun = "landing" if row.count == "1" else "landings"
        entries.append(
            Entry(
                id=f"{state.watch}/{state.rule}/{state.window}".replace(" ", "-"),
                title=f"{row.headline}: {row.status_text}, {row.window}",
                text=f"{row.headline}, {row.window}: {row.count} {noun} (rule {row.rule}), "
                f"{row.times}. "
                f"{NOT_SHOWN}",
                at=at,
                address=_address(state),
                rights="Counted by the landing collector from the data named on its pages.",
            )
        )
    return entries


def _address(state: AlertState) -> str:
    week = state.window[:4].isdecimal()
    return f"/landings?period={state.window}" if week else "/alerts"


def _rights(snapshot: Snapshot, landing: Landing) -> str:
    origins = origins_of(landing.detection.feeds, terms_of_feeds(snapshot.settings))
    return "; ".join(f"{each.attribution} ({each.licence})" for each in origins)
