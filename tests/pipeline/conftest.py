"""A configured station, empty and with one landing, for the tests of reviews."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.reviewed import DOWN, HOUR, ID, count, desk, landed, landing_after
from tests.support.station import Station


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


@pytest.fixture
def filled(station: Station) -> Station:
    """One landing received on the ground, with the mail about it."""
    with desk(station) as services:
        assert landing_after(services, landed(), DOWN + HOUR).id == ID
        assert count(services, DOWN + HOUR) == (1, 1, "firing")
    return station
