"""Which page answers which address? Each reads the database anew and changes nothing."""

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
from collector.errors import StoreError
from collector.queries import reception
from collector.queries.snapshot import Snapshot
from collector.queries.status import status as status_document
from collector.reports.formatting import moment
from collector.reports.picture import draw, drawable
from collector.settings import Settings
from collector.store import conditions, feeds, outbox
from collector.web import alerts as told
from collector.web import landings as landing_rows
from collector.web import rendering, weeks
from collector.web.guard import Guard
from collector.web.snapshot import SnapshotSource

REFRESH_S = 60
"""A page left open stays true without scripts."""
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A picture brings its own colours, and can do nothing else."""


def create_app(
    store_path: Path, settings: Settings, clock: Clock, *, host: str | None = None
) -> ASGIApp:
    """The status page of one configuration and its database, as an ASGI application.

    It answers to requests for `host`, the address it listens on (default: the configured one).
    """
    site = Pages(SnapshotSource(store_path, settings, clock))
    app = Starlette(
        routes=[
            Route("/", site.overview),
            Route("/weeks", site.weeks),
            Route("/landings", site.landings),
            Route("/landings/{landing_id}", site.landing),
            Route("/landings/{landing_id}/track.svg", site.track),
            Route("/alerts", site.alerts),
            Route("/status.json", site.status),
            Route("/healthz", site.health),
            Route("/style.css", _style),
            Route("/icon.svg", _icon),
            Route("/favicon.ico", _icon),
        ],
        exception_handlers={StoreError: site.database_fails, HTTPException: site.no_page},
    )
    return Guard(app, host or settings.web.host)


class Pages:
    """The pages. Plain functions: the server runs them in its threads."""

    def __init__(self, source: SnapshotSource) -> None:
        self._source = source

    def overview(self, _request: Request) -> Response:
        with self._source.present() as present:
            known, open_now = feeds.states(present.store), conditions.open_conditions(present.store)
            return self._page(
                "overview",
                present,
                reception=reception.listening(present, known, open_now),
                troubles=told.troubles(present),
                warnings=present.settings.warnings,
                feeds=reception.feed_rows(present),
                days=reception.sky_days(present),
                usual=reception.usual(present),
                watches=weeks.watch_weeks(present, 1),
                landings=landing_rows.recent(present, 5),
                visitors=landing_rows.visitors(present),
                doubts=landing_rows.doubts(present),
                mails=outbox.unsent(present.store),
            )

    def weeks(self, _request: Request) -> Response:
        with self._source.present() as present:
            return self._page("weeks", present, watches=weeks.watch_weeks(present))

    def landings(self, _request: Request) -> Response:
        with self._source.present() as present:
            rows = landing_rows.recent(present)
            return self._page("landings", present, landings=rows, limit=landing_rows.LANDINGS)

    def landing(self, request: Request) -> Response:
        with self._source.present() as present:
            page = landing_rows.page(present, request.path_params["landing_id"])
            if page is None:
                raise HTTPException(404)
            return self._page("landing", present, page=page)

    def track(self, request: Request) -> Response:
        """The picture of one landing's track; there is none where nothing draws it."""
        with self._source.present() as present:
            picture = landing_rows.track(present, request.path_params["landing_id"])
        if picture is None or not drawable():
            raise HTTPException(404)
        headers = {"Cache-Control": "max-age=60", "Content-Security-Policy": PICTURE_POLICY}
        return Response(draw(picture, "svg"), media_type="image/svg+xml", headers=headers)

    def alerts(self, _request: Request) -> Response:
        with self._source.present() as present:
            return self._page(
                "alerts",
                present,
                alerts=told.alert_rows(present),
                mutes=told.mutes(present),
                mails=told.mail_rows(present),
            )

    def status(self, _request: Request) -> Response:
        with self._source.present() as present:
            body = status_document(present)
        text = json.dumps(body, indent=1, ensure_ascii=True) + "\n"
        return Response(text, media_type="application/json")

    def health(self, _request: Request) -> Response:
        """For supervisors: 200 while the database can be read and feeds answer, else 503."""
        try:
            with self._source.present() as present:
                problems = reception.problems(present)
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

    def _page(self, template: str, present: Snapshot, **data: Any) -> Response:
        html = rendering.render(
            template,
            here=template,
            version=__version__,
            told_at=moment(present.now, present.zone),
            terms=self._source.terms(),
            **data,
        )
        return HTMLResponse(html, headers={"Refresh": str(REFRESH_S)})

    def _error(self, status: int, title: str, text: str) -> Response:
        html = rendering.render(
            "error",
            here="error",
            version=__version__,
            told_at="",
            terms=self._source.terms(),
            title=title,
            text=text,
        )
        return HTMLResponse(html, status_code=status)


def _style(_request: Request) -> Response:
    return _asset("style.css", "text/css")


def _icon(_request: Request) -> Response:
    return _asset("icon.svg", "image/svg+xml")


def _asset(name: str, media_type: str) -> Response:
    headers = {"Cache-Control": "max-age=3600"}
    return Response(rendering.asset(name), media_type=media_type, headers=headers)
