"""A station with one tracked landing, covered and uncovered days, and an airframe at Baku."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from collector.cli import main
from collector.model import Observation
from collector.model.coverage import PollCoverage
from collector.model.reply import Outcome
from collector.store import Store, coverage_slots, observations
from tests.support.sky import Sky, Visit
from tests.support.station import Station, record

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
COVERED = datetime(2026, 11, 12, tzinfo=UTC)
"""A day with full coverage and without a landing."""
UNCOVERED = datetime(2026, 11, 5, 12, tzinfo=UTC)
"""A time at which the feed answered without an aircraft near the airfield."""
AWAY = datetime(2026, 11, 15, tzinfo=UTC)
"""A day on which 600865 was received at Baku all the time."""
HEAD = "kind,date,unit,airfield,place,icao24,callsign,note,source"


def call(config: Path, *words: str | Path, code: int = 0) -> Result:
    named = [str(word) for word in words]
    result = CliRunner().invoke(main, ["--config", str(config), "--log", "error", *named])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def published_station(folder: Path) -> Station:
    """Return a station in `folder` with one replayed landing, stored coverage, and days at Baku."""
    sky = Sky((Visit(lands_at=AT),))
    span = timedelta(minutes=10)
    replies = sky.replies(AT - span, AT + span, timedelta(seconds=30))
    station = Station(folder)
    with Store.open(station.database) as store:  # before the replay, as of an older version
        coverage_slots.merge_polls(
            store, covered_polls(COVERED - timedelta(hours=4), COVERED + timedelta(hours=26))
        )
        coverage_slots.merge_polls(
            store, [replace(one, cells={}) for one in covered_polls(UNCOVERED, UNCOVERED + HOUR)]
        )
        observations.store_reports(store, [(each, ()) for each in at_baku()])
    call(station.config, "replay", *record(folder / "recorded", list(replies)))
    return station


def covered_polls(begin: datetime, end: datetime) -> list[PollCoverage]:
    cells = {(119, 139, 2): 3, (120, 139, 8): 4}
    return [
        PollCoverage(feed="adsblol", at=begin + n * timedelta(minutes=5), outcome=Outcome.HEARD,
                area=True, aircraft=7, unplaced=0, cells=cells)
        for n in range((end - begin) // timedelta(minutes=5))
    ]  # fmt: skip


def at_baku() -> list[Observation]:
    begin = AWAY - timedelta(hours=8)
    return [
        Observation(
            icao24="600865", feed="adsblol", heard_at=at, position_at=at, lat_deg=40.467,
            lon_deg=50.05, baro_altitude_ft=None, on_ground=True, registration="4K-AZ101",
        )
        for at in (begin + n * timedelta(minutes=20) for n in range(40 * 3))
    ]  # fmt: skip


def shipped_config(folder: Path) -> Path:
    """Return the configuration as shipped, without a database, written into `folder`."""
    config = folder / "collector.toml"
    config.write_text(f'data = "{folder / "var"}"\n')
    return config
