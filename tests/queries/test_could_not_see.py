"""Does every surface say the same of a week, and never a zero where nobody looked?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from collector.settings import load
from tests.support.sight_station import WEEKS, Week, sight_station, surfaces
from tests.support.station import Station
from tests.web.browser import Site


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    return sight_station(tmp_path_factory.mktemp("station"))


@pytest.fixture(scope="module")
def site(station: Station) -> Iterator[Site]:
    site = Site(station.database, load(station.config, environ={}))
    yield site
    site.stop()


@pytest.mark.parametrize("week", WEEKS, ids=lambda week: week.key)
def test_every_surface_says_the_same_of_a_week(station: Station, site: Site, week: Week) -> None:
    said = surfaces(station, site, week)
    for name in ("weeks --json", "/status.json"):
        row = json.loads(said[name])
        found = (row["count"], row["at_least"], row["at_most"], row["alert"])
        assert found == week.json, name
        assert (row["not_seen"] is None) == (row["at_most"] is not None), name
    count, at_least, at_most, _ = week.json
    row = json.loads(said["report --json"])
    assert (row["count"], row["at_least"], row["at_most"]) == (count, at_least, at_most)
    row = json.loads(said["rules backtest --json"])
    assert (row["landings"], row["landings_at_least"], row["landings_at_most"]) == (
        *(count, at_least, at_most),
    )
    assert re.search(rf"w LLOV {week.key} {week.cells}", said["weeks"])
    assert re.search(rf"Ovda \(LLOV\) {week.cells}", said["digest"])
    assert week.subject in said["digest, subject"]
    assert week.report in said["report"]
    assert week.report in said["report, page"]
    for name in ("page of weeks", "first page"):
        assert ("could not see" in said[name]) == (count is None), name
    for name, text in said.items():
        if count != 0:
            assert not re.search(r"\bno landing\b(?! says)|: none seen", text, re.IGNORECASE), name
        assert ("None seen." in text) <= (week.share >= 0.8 and week.low), name
        if week.landed:
            assert "at least 1" in text or "json" in name.lower(), name
        assert not re.search(r"\bok\b", text) or "json" in name, name
