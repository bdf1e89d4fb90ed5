"""Every adapter, ready to be tested: the conformance suite runs with each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.feeds.rigs import (
    HTTP_SORTS,
    SORTS,
    Rig,
    make,
)


@pytest.fixture(params=SORTS, ids=lambda sort: sort.name)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Every adapter."""
    one = make(request.param, tmp_path)
    yield one
    one.close()


@pytest.fixture(params=HTTP_SORTS, ids=lambda sort: sort.name)
def http_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Every adapter that speaks HTTP, over TCP or a unix socket."""
    one = make(request.param, tmp_path)
    yield one
    one.close()


@pytest.fixture(params=HTTP_SORTS, ids=lambda sort: sort.name)
def hasty_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """The same, with time-outs that a test can wait for."""
    one = make(request.param, tmp_path, timeout=timedelta(seconds=0.15))
    yield one
    one.close()
