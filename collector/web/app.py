"""Which page answers which address? Each reads the database afresh and changes nothing.

Readers' pages stand at the root, the operator's below `/operator`, and what machines read ends in
`.json` or `.atom`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from collector.clock import Clock
from collector.errors import StoreError
from collector.model.job import Jobs
from collector.settings import Settings
from collector.web import rendering
from collector.web.documents import Documents
from collector.web.guard import BelowPath, Guard
from collector.web.metrics_page import MetricsPage
from collector.web.news import News
from collector.web.operator import OperatorPages
from collector.web.pages import PageMaker
from collector.web.reader import ReaderPages
from collector.web.snapshot import SnapshotSource

Handler = Callable[[Request, Exception], Response]


def create_app(
    store_path: Path,
    settings: Settings,
    clock: Clock,
    *,
    host: str | None = None,
    jobs: Jobs | None = None,
) -> ASGIApp:
    """Build the pages of one configuration and its database, as an ASGI application.

    It answers requests whose Host header names `host`, the address that it listens on (default:
    the configured one), or a configured name. `jobs` says how the daemon's jobs do, if this process
    has any.
    """
    maker = PageMaker(SnapshotSource(store_path, settings, clock), settings.web.base_path)
    app = Starlette(
        routes=[*_for_readers(maker), *_for_operators(maker, jobs), *_for_machines(maker)],
        exception_handlers={StoreError: _database_fails(maker), HTTPException: _no_page(maker)},
    )
    web = settings.web
    return Guard(BelowPath(app, web.base_path), host or web.host, web.allowed_hosts)


def _for_readers(maker: PageMaker) -> list[Route]:
    pages, documents = ReaderPages(maker), Documents(maker)
    return [
        Route("/", pages.week),
        Route("/weeks", pages.weeks),
        Route("/weeks.json", documents.weeks),
        Route("/landings", pages.landings),
        Route("/landings.json", documents.landings),
        Route("/landings/{landing_id}.json", documents.landing),
        Route("/landings/{landing_id}", pages.landing),
        Route("/landings/{landing_id}/track.svg", pages.track),
        Route("/aircraft", pages.aircraft),
        Route("/aircraft/{icao24}", pages.airframe),
        Route("/alerts", pages.alerts),
        Route("/corrections", pages.corrections),
        Route("/cited", pages.cited),
        Route("/coverage", pages.coverage),
        Route("/glossary", pages.glossary),
    ]


def _for_operators(maker: PageMaker, jobs: Jobs | None) -> list[Route]:
    pages = OperatorPages(maker)
    metrics = MetricsPage(maker, jobs or (lambda: ()))
    return [
        Route("/operator", pages.overview),
        Route("/operator/feeds", pages.feeds),
        Route("/operator/mails", pages.mails),
        Route("/operator/followed", pages.followed),
        Route("/operator/visitors", pages.visitors),
        Route("/operator/reviews", pages.reviews),
        Route("/metrics", metrics.scrape),
    ]


def _for_machines(maker: PageMaker) -> list[Route]:
    documents, news = Documents(maker), News(maker)
    return [
        Route("/landings.atom", news.landings),
        Route("/corrections.atom", news.corrections),
        Route("/alerts.atom", news.alerts),
        Route("/status.json", documents.status),
        Route("/healthz", documents.health),
        Route("/style.css", _style),
        Route("/icon.svg", _icon),
        Route("/favicon.ico", _icon),
    ]


def _database_fails(maker: PageMaker) -> Handler:
    def answer(_request: Request, error: Exception) -> Response:
        title = "The database cannot be read"
        return maker.plain("error", status=503, title=title, text=str(error))

    return answer


def _no_page(maker: PageMaker) -> Handler:
    def answer(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        title, text = "There is no such page", "Perhaps the address is mistyped."
        return maker.plain("error", status=status, title=title, text=text)

    return answer


def _style(_request: Request) -> Response:
    return _asset("style.css", "text/css")


def _icon(_request: Request) -> Response:
    return _asset("icon.svg", "image/svg+xml")


def _asset(name: str, media_type: str) -> Response:
    headers = {"Cache-Control": "max-age=3600"}
    return Response(rendering.asset(name), media_type=media_type, headers=headers)
