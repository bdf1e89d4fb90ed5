"""Which page answers which address? Each reads the database afresh and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from collector import __version__
from collector.clock import Clock
from collector.drawing import Drawer
from collector.errors import StoreError
from collector.queries import health, reception
from collector.queries.snapshot import Snapshot
from collector.queries.status import judged_row
from collector.queries.status import status as status_document
from collector.reports.formatting import moment
from collector.reports.glossary import glossary
from collector.reports.judged import judged_line
from collector.reports.picture import Look, order
from collector.settings import Settings
from collector.store import conditions, feeds, outbox
from collector.web import alerts, landings, rendering, weeks
from collector.web.guard import Guard
from collector.web.snapshot import SnapshotSource

REFRESH_S = 60
"""The browser reloads an open page after this time, so that it stays true without scripts."""
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A picture may use its own colours, and nothing else."""


def create_app(
    store_path: Path, settings: Settings, clock: Clock, *, host: str | None = None
) -> ASGIApp:
    """Build the pages of one configuration and its database, as an ASGI application.

    It answers requests whose Host header names `host`, the address that it listens on (default:
    the configured one).
    """
    pages = Pages(SnapshotSource(store_path, settings, clock))
    app = Starlette(
        routes=[
            Route("/", pages.overview),
            Route("/weeks", pages.weeks),
            Route("/landings", pages.landings),
            Route("/landings/{landing_id}", pages.landing),
            Route("/landings/{landing_id}/track.svg", pages.track),
            Route("/alerts", pages.alerts),
            Route("/glossary", pages.glossary),
            Route("/status.json", pages.status),
            Route("/healthz", pages.health),
            Route("/style.css", _style),
            Route("/icon.svg", _icon),
            Route("/favicon.ico", _icon),
        ],
        exception_handlers={StoreError: pages.database_fails, HTTPException: pages.no_page},
    )
    return Guard(app, host or settings.web.host)


class Pages:
    """The pages, as plain functions: the server runs them in its threads."""

    def __init__(self, source: SnapshotSource) -> None:
        self._source = source
        self._drawer = Drawer()

    def overview(self, _request: Request) -> Response:
        with self._source.open() as snapshot:
            states, open_now = (
                feeds.states(snapshot.store),
                conditions.open_conditions(snapshot.store),
            )
            return self._page(
                "overview",
                snapshot,
                reception=health.reception_now(snapshot, states, open_now),
                conditions=alerts.condition_rows(snapshot),
                warnings=snapshot.settings.warnings,
                feeds=reception.feed_rows(snapshot),
                limited_hosts=reception.limited_hosts(snapshot),
                days=reception.sky_days(snapshot),
                usual=reception.usual_reception(snapshot),
                judged=judged_line(judged_row(snapshot.store)),
                watches=weeks.watch_weeks(snapshot, 1),
                landings=landings.recent_rows(snapshot, 5),
                no_landing=landings.none_stored(snapshot),
                visitors=landings.visitor_rows(snapshot),
                no_visitor=landings.no_visitor(snapshot),
                conflicts=landings.conflict_lines_of_week(snapshot),
                mails=outbox.unsent(snapshot.store),
            )

    def weeks(self, _request: Request) -> Response:
        with self._source.open() as snapshot:
            return self._page("weeks", snapshot, watches=weeks.watch_weeks(snapshot))

    def landings(self, _request: Request) -> Response:
        with self._source.open() as snapshot:
            rows = landings.recent_rows(snapshot)
            return self._page(
                "landings",
                snapshot,
                landings=rows,
                no_landing=landings.none_stored(snapshot),
                limit=landings.SHOWN_LANDINGS,
            )

    def landing(self, request: Request) -> Response:
        with self._source.open() as snapshot:
            page = landings.landing_page(snapshot, request.path_params["landing_id"])
            if page is None:
                raise HTTPException(404)
            return self._page("landing", snapshot, page=page)

    def track(self, request: Request) -> Response:
        """Show the track of one landing, which another process draws; answer 503 if it cannot."""
        with self._source.open() as snapshot:
            picture = landings.track_picture(snapshot, request.path_params["landing_id"])
        if picture is None:
            raise HTTPException(404)
        (drawn,) = self._drawer.drawn([order(picture, Look(suffix="svg"))])
        if drawn is None:
            return PlainTextResponse("This picture cannot be drawn now.\n", status_code=503)
        headers = {"Cache-Control": "max-age=60", "Content-Security-Policy": PICTURE_POLICY}
        return Response(drawn, media_type="image/svg+xml", headers=headers)

    def alerts(self, _request: Request) -> Response:
        with self._source.open() as snapshot:
            return self._page(
                "alerts",
                snapshot,
                alerts=alerts.alert_rows(snapshot),
                mutes=alerts.mute_lines(snapshot),
                mails=alerts.mail_rows(snapshot),
            )

    def glossary(self, _request: Request) -> Response:
        """Show what the words mean; this page needs no database."""
        return HTMLResponse(self._render("glossary", glossary=glossary()))

    def status(self, _request: Request) -> Response:
        with self._source.open() as snapshot:
            body = status_document(snapshot)
        text = json.dumps(body, indent=1, ensure_ascii=True) + "\n"
        return Response(text, media_type="application/json")

    def health(self, _request: Request) -> Response:
        """Answer supervisors: 200 while all is well, else 503 with the reasons, a line each.

        All is well while the database can be read, a daemon runs, a feed answered lately, and no
        condition is open.
        """
        try:
            with self._source.open() as snapshot:
                problems = health.problems(snapshot)
        except StoreError as error:
            problems = [str(error)]
        lines = [rendering.one_line(problem) for problem in problems] or ["ok"]
        status = 503 if problems else 200
        return PlainTextResponse("\n".join(lines) + "\n", status_code=status)

    def database_fails(self, _request: Request, error: Exception) -> Response:
        return self._error(503, "The database cannot be read", str(error))

    def no_page(self, _request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return self._error(status, "There is no such page", "Perhaps the address is mistyped.")

    def _page(self, template: str, snapshot: Snapshot, **data: Any) -> Response:
        html = self._render(template, shown_at=moment(snapshot.now, snapshot.zone), **data)
        return HTMLResponse(html, headers={"Refresh": str(REFRESH_S)})

    def _error(self, status: int, title: str, text: str) -> Response:
        html = self._render("error", title=title, text=text)
        return HTMLResponse(html, status_code=status)

    def _render(self, template: str, *, shown_at: str = "", **data: Any) -> str:
        """Return a page; `shown_at` is the time it stands for, empty if it shows no data."""
        return rendering.render(
            template,
            here=template,
            version=__version__,
            shown_at=shown_at,
            terms=self._source.terms(),
            **data,
        )


def _style(_request: Request) -> Response:
    return _asset("style.css", "text/css")


def _icon(_request: Request) -> Response:
    return _asset("icon.svg", "image/svg+xml")


def _asset(name: str, media_type: str) -> Response:
    headers = {"Cache-Control": "max-age=3600"}
    return Response(rendering.asset(name), media_type=media_type, headers=headers)
