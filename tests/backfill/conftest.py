"""Fixtures of the backfill tests: a fake server, and a session under a clock of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
import structlog

from collector.backfill.session import Report, Session
from collector.http import Http
from collector.services import build_services
from collector.settings import load
from collector.store import Store
from tests.backfill.days import NOW, Direct, station_of
from tests.support.clock import ManualClock
from tests.support.fake_feed import FakeFeed


@pytest.fixture(autouse=True)
def _logs_stay() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def feed() -> Iterator[FakeFeed]:
    with FakeFeed() as one:
        yield one


@pytest.fixture
def direct(tmp_path: Path, feed: FakeFeed) -> Iterator[Direct]:
    """A run under a clock of its own, so that pauses take no time."""
    with ExitStack() as stack:

        def begin(lists: dict[int, Sequence[str]]) -> tuple[Session, Store]:
            settings = load(station_of(tmp_path, feed, lists).config, environ={})
            settings.archives.folder.mkdir(parents=True)
            store = stack.enter_context(Store.open(settings.database))
            clock = ManualClock(NOW)
            http = Http(contact=None, clock=clock, version="1")
            stack.callback(http.close)
            return Session(build_services(settings, store), http, clock, Report()), store

        yield begin
