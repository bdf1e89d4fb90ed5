"""Is an aircraft that left the watch counted for it no more, while its earlier landings stay?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.alerts.counts import standing
from collector.model import Landing, WatchMatch
from collector.queries.visitors import visitors
from collector.reports.landing.summary import change_words
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, landings
from collector.watches.visitors import VISITORS
from tests.support.flights import LLOV, hear, polls, visit
from tests.support.station import Station

HOUR = timedelta(hours=1)
EARLIER = datetime(2023, 11, 20, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 16, 12, tzinfo=UTC)
FLEET = """
[[aircraft]]
icao24 = "600865"
type = "IL76"
valid_to = 2024-01-01
source = "test"
"""
KINDS = {
    "sold": ("fleet f", 'fleets = ["f"]', True),
    "taken out": ("icao24 600865", 'icao24 = ["600866"]', False),
}
"""How the watch matched the aircraft, its line from then on, and whether the landing of 2023 still
counts."""
WITHOUT = (
    "downgraded (on 2023-11-20 watch w does not list the address 600865, "
    "so it does not count for watch w)"
)
VISITOR = (WatchMatch(VISITORS, "type IL76", counted=False),)


@pytest.mark.parametrize("kind", KINDS)
def test_a_later_landing_is_a_visitors(tmp_path: Path, kind: str) -> None:
    matched_by, line, still_counts = KINDS[kind]
    station = Station(tmp_path)
    (tmp_path / "fleets").mkdir()
    (tmp_path / "fleets" / "f.toml").write_text(FLEET)
    text = station.config.read_text()
    watched = (WatchMatch("w", matched_by, counted=True),)
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        earlier = landed(services, EARLIER, watched)
        # Meanwhile the operator wrote down when the aircraft was sold, or took its address out.
        station.config.write_text(text.replace('icao24 = ["600865"]', line))
        services = build_services(load(station.config, environ={}), store)
        (watch,) = services.settings.watches
        later = landed(services, LATER, VISITOR)
        assert later.watches == VISITOR
        assert visitors(store, ["LLOV"]) == [later]
        assert not any(standing(later, watch, place) for place in watch.places)

        # The stay before is derived with it: what a pause ends with is one silence with its ends.
        (after,) = landings.find(store)
        assert after.id == earlier.id
        assert any(standing(after, watch, place) for place in watch.places) is still_counts
        changes = [
            change_words(each, (), each.at.date()) for each in landings.history(store, earlier.id)
        ]
        assert changes[1:] == ([] if still_counts else [WITHOUT])


def test_a_landing_after_the_midnight_of_the_sale_counts_by_its_callsign(tmp_path: Path) -> None:
    station = Station(tmp_path)
    (tmp_path / "fleets").mkdir()
    (tmp_path / "fleets" / "f.toml").write_text(FLEET)
    lines = 'fleets = ["f"]\ncallsigns = ["AZQ*"]'
    station.config.write_text(station.config.read_text().replace('icao24 = ["600865"]', lines))
    by_fleet = (WatchMatch("w", "fleet f", counted=True),)
    down = datetime(2024, 1, 1, 0, 3, tzinfo=UTC)
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        found = landed(services, down, by_fleet, callsign="AZQ4521")
    assert found.watches == (WatchMatch("w", "callsign AZQ*", counted=True),)


def landed(
    services: Services, down: datetime, matches: Sequence[WatchMatch], callsign: str | None = None
) -> Landing:
    heard = hear(visit(LLOV, down, 2 * HOUR), polls(down - HOUR / 2, down + 5 * HOUR / 2))
    reports = [replace(each, callsign=callsign or each.callsign) for each in heard]
    now = reports[-1].at
    services.pipeline.store_reports([(report, matches) for report in reports], (), now)
    services.pipeline.derivation.settle(now)
    watch = None if matches != VISITOR else VISITORS
    (landing,) = landings.find(services.store, begin=down - HOUR, end=down + HOUR, watch=watch)
    return landing
