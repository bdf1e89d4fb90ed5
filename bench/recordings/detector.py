"""What does the collector find? Its own commands' code runs on a new database of each data set.

Traces go in as `backfill traces` reads them, with nobody else or with everybody as proof that the
network covered the region; polls as `replay` reads them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from collector.backfill.batches import units_of
from collector.backfill.derive import SilentProgress
from collector.backfill.recordings import replay
from collector.backfill.run import derive_and_judge, read_all
from collector.backfill.sample import Sample
from collector.backfill.search import search_for
from collector.backfill.workers import InProcess, Workers
from collector.model import Detection, Grade
from collector.model.reply import Everything, Fleet, Format, Reply
from collector.recording import Recorded
from collector.services import Services, build_services
from collector.settings import Settings, load
from collector.store import Store, landings

from .datasets import DATA, DataSet, loaded
from .tracks import Row, Track, poll_times

LATER = timedelta(days=1)
"""The time of judging after the last report, so late that every silence is settled."""
COUNTED = (Grade.CONFIRMED, Grade.PROBABLE)
LEAST_AMONG = 0.2
"""An undetermined landing leaves an airfield open if it gives it this probability."""

CONFIG = """
data = "{data}"
[recording]
enabled = false
[visitors]
enabled = false
[[watch]]
name = "everybody"
places = {places}
icao24 = {addresses}
"""
BLACK_ROCK_CITY = """
[[airfield]]
icao = "88NV"
name = "Black Rock City"
lat_deg = 40.7625
lon_deg = -119.2097
elevation_ft = 3910
zone = "America/Los_Angeles"
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A landing that the detector or a rule states."""

    icao24: str
    airfield: str
    """The airfield it names, or the likeliest of several."""
    at_s: float
    from_s: float
    until_s: float
    """The touchdown lies in this interval, by the claim itself."""
    grade: str
    """A grade; `undetermined` if no airfield is named; `rule` for a published rule."""
    text: str = ""
    among: tuple[str, ...] = ()
    """The airfields that it leaves open, if it names none."""

    @property
    def counted(self) -> bool:
        """Whether it is counted as a landing at that airfield."""
        return self.grade in (*COUNTED, "rule")


class _StandingClock:
    """A clock that stands at one time."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> timedelta:
        return timedelta()

    def wait(self, span: timedelta) -> bool:
        raise AssertionError(f"a backfill of files waits for nobody, not {span}")


def by_traces(dataset: DataSet, tracks: Sequence[Track], *, everybody: bool) -> list[Claim]:
    """Return what `backfill traces` finds.

    With `everybody`, one database gets all traces, and each proves coverage for all others. Else
    each aircraft has a database of its own, since a trace alone proves only itself.
    """
    if not everybody:
        return [claim for one in tracks for claim in by_traces(dataset, [one], everybody=True)]
    with _services(dataset) as (services, folder):
        paths = [_trace_file(track, folder) for track in tracks]
        clock = _StandingClock(_end(tracks) + LATER)
        problems: list[object] = []
        units = units_of(paths, lambda _: True, problems.append)
        done = read_all(
            services,
            search_for(services.settings, Sample(0.0)),
            units,
            Workers(InProcess(), 1),
            clock,
            report=problems.append,
            progress=SilentProgress(),
        )
        derive_and_judge(services, done, clock, SilentProgress())
        if problems:
            raise RuntimeError(f"{dataset.name}: {problems[0]}")
        return _claims(services)


def by_polls(dataset: DataSet, tracks: Sequence[Track], every_s: int) -> list[Claim]:
    """Return what `replay` finds in polls every so many seconds."""
    found: list[Claim] = []
    for group in [list(tracks)] if dataset.together else [[track] for track in tracks]:
        with _services(dataset) as (services, _):
            records = _polls(group, every_s, dataset.together)
            found += _replayed(services, records, _end(group))
    return found


def by_snapshots(dataset: DataSet, tracks: Sequence[Track]) -> list[Claim]:
    """Return what `replay` finds in the replies as they were recorded."""
    from tests.support.reshape import opensky_replies

    with _services(dataset) as (services, _):
        replies = opensky_replies(DATA / "sitpulse-westasia")
        records = (Recorded(reply.received_at, reply=reply) for reply in replies)
        return _replayed(services, records, _end(tracks))


def _replayed(services: Services, records: Iterator[Recorded], end: datetime) -> list[Claim]:
    unread: list[str] = []
    replay(services, records, report=unread.append)
    if unread:
        raise RuntimeError(unread[0])
    services.pipeline.derivation.settle(end + LATER)
    return _claims(services)


@contextmanager
def _services(dataset: DataSet) -> Iterator[tuple[Services, Path]]:
    """Open a new database for a data set; yield its services, and a folder for trace files."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "db.sqlite") as store:
        yield build_services(settings_of(dataset), store), Path(folder)


@cache
def settings_of(dataset: DataSet) -> Settings:
    """Return the configuration that watches every aircraft of a data set."""
    addresses = sorted({track.icao24 for track in loaded(dataset)})
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "collector.toml"
        text = CONFIG.format(
            data=folder, places=json.dumps(dataset.watched), addresses=json.dumps(addresses)
        )
        config.write_text(text + (BLACK_ROCK_CITY if "88NV" in dataset.watched else ""))
        return load(config, environ={})


def _claims(services: Services) -> list[Claim]:
    return [
        _claim(landing.detection) for landing in landings.find(services.store) if landing.stands
    ]


def _claim(found: Detection) -> Claim:
    at_s = found.touchdown_at.timestamp()
    grade = str(found.grade)
    named = ", ".join(f"{each.airfield} {each.probability:.2f}" for each in found.ranked[:3])
    among = [each.airfield for each in found.ranked if each.probability >= LEAST_AMONG]
    return Claim(
        found.icao24,
        found.airfield or found.ranked[0].airfield,
        at_s,
        at_s - found.uncertainty_s,
        at_s + found.uncertainty_s,
        grade if found.airfield is not None else "undetermined",
        f"± {found.uncertainty_s:.0f} s, {named}",
        () if found.airfield is not None else tuple(among),
    )


def _end(tracks: Sequence[Track]) -> datetime:
    return datetime.fromtimestamp(max(track.times[-1] for track in tracks), UTC)


def _trace_file(track: Track, folder: Path) -> Path:
    """Return the recorded trace file, or one made of the rows as tar1090 would write it."""
    if track.file is not None:
        return track.file
    begin_s = track.times[0] // 86_400 * 86_400
    points = [_point(row, begin_s) for row in track.rows]
    path = folder / f"trace_full_{track.icao24}.json"
    path.write_text(json.dumps({"icao": track.icao24, "timestamp": begin_s, "trace": points}))
    return path


def _point(row: Row, begin_s: float) -> list[Any]:
    height = "ground" if row.on_ground else row.altitude_ft
    details = {"type": "adsb_icao"} | ({"flight": row.callsign} if row.callsign else {})
    place = [round(row.at_s - begin_s, 2), row.lat_deg, row.lon_deg, height]
    motion = [row.speed_kt, row.track_deg, 0, row.rate_fpm]
    return [*place, *motion, details, "adsb_icao", None, None, None, None]


def _polls(tracks: Sequence[Track], every_s: int, together: bool) -> Iterator[Recorded]:
    """Yield v2 replies as a network with these aircraft would have sent them."""
    ask = Everything() if together else Fleet(tuple(track.icao24 for track in tracks))
    for at_s in poll_times(tracks, every_s):
        listed = [(track.icao24, row) for track in tracks if (row := track.latest(at_s))]
        aircraft = [_v2_row(icao24, row, at_s) for icao24, row in listed]
        body = {"ac": aircraft, "msg": "No error", "now": at_s * 1000, "total": len(aircraft)}
        reply = Reply(
            feed="adsblol",
            format=Format.READSB,
            ask=ask,
            url="https://api.adsb.lol/v2/all",
            received_at=datetime.fromtimestamp(at_s, UTC),
            body=json.dumps(body).encode(),
        )
        yield Recorded(reply.received_at, reply=reply)


def _v2_row(icao24: str, row: Row, now_s: float) -> dict[str, Any]:
    age_s = round(now_s - row.at_s, 2)
    values = {
        "hex": icao24,
        "type": "adsb_icao",
        "flight": row.callsign,
        "alt_baro": "ground" if row.on_ground else row.altitude_ft,
        "gs": row.speed_kt,
        "track": row.track_deg,
        "baro_rate": row.rate_fpm,
        "lat": row.lat_deg,
        "lon": row.lon_deg,
        "seen_pos": age_s,
        "seen": age_s,
    }
    return {key: value for key, value in values.items() if value is not None}
