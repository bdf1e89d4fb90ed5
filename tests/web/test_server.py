"""Does the server serve many, keep no writer waiting, and stop at once?"""

from __future__ import annotations

import json
import threading
from pathlib import Path

import httpx
import pytest
import structlog

from collector.errors import CollectorError
from collector.settings import Settings
from collector.store import Store, conditions
from collector.web import create_app, serve
from collector.web.server import page_beside
from tests.web.browser import READERS, Site
from tests.web.fleet_week import NOW


def test_a_writer_is_not_kept_waiting(site: Site) -> None:
    with Store.open(site.path) as store, store.transaction():
        conditions.open_condition(store, "clock", "host", NOW, "")
        assert "clock" not in json.dumps(site.get("/status.json").json()["conditions"])
    assert "clock" in json.dumps(site.get("/status.json").json()["conditions"])


def test_many_readers_at_once(site: Site) -> None:
    statuses: list[int] = []

    def read() -> None:
        with httpx.Client(base_url=str(site.client.base_url), trust_env=False, timeout=60) as own:
            statuses.extend(own.get(page).status_code for page in READERS[:4])

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert statuses == [200] * 24


def test_a_port_in_use_is_told(site: Site) -> None:
    app = create_app(site.path, site.settings, site.clock)
    with pytest.raises(CollectorError, match=r"cannot listen on 127\.0\.0\.1.*in use.*`web\.port`"):
        serve(app, "127.0.0.1", site.port, threading.Event())


def test_a_page_that_gets_no_thread_does_not_stop_the_daemon(
    path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    Store.open(path).close()
    monkeypatch.setattr(threading.Thread, "start", refused)
    with structlog.testing.capture_logs() as logged, page_beside(settings, list):
        pass
    assert [(each["event"], each["error"]) for each in logged] == [
        ("no status page", "can't start new thread")
    ]


def test_it_stops_at_once_also_with_a_client_connected(path: Path, settings: Settings) -> None:
    Store.open(path).close()
    site = Site(path, settings)
    site.get("/weeks")
    clock_before = site.clock.now()
    site._stop.set()
    site.thread.join(4)
    assert not site.thread.is_alive()
    assert site.clock.now() == clock_before
    site.client.close()
