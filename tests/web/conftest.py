"""Fixtures of the pages: the embedded defaults, a database path, and a served database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.lock import SingleInstance
from collector.settings import Settings, load
from collector.store import Store
from tests.web.browser import Site
from tests.web.fleet_week import fill


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The embedded defaults, whatever file lies where the tests were started."""
    monkeypatch.chdir(tmp_path)
    return load(None, environ={})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "collector.sqlite"


@pytest.fixture
def site(path: Path, settings: Settings) -> Iterator[Site]:
    with Store.open(path) as store:
        fill(store)
    with SingleInstance(path):  # as a daemon that runs
        site = Site(path, settings)
        yield site
        site.stop()
