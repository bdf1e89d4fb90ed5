"""What do the shared recordings hold? Reports of genuine flights, and what follows from them."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from collector.coverage.region import Region
from collector.landings.contacts import Contacts, contacts_of
from collector.landings.context import Context
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.landings.segments import gaps_of
from collector.landings.silences import Silence, silence_of
from collector.model import Airfield, Detection, Observation, Source, WatchMatch
from collector.model.coverage import CoverageSlot, PollCoverage, slots_of
from collector.model.reply import Everything, Format, Reply
from collector.pipeline.sift import sift
from collector.settings.airfield_catalogue import look_up, shipped_as
from collector.tracking import Fix, track
from collector.tracking.fix import Doubt
from tests.support.reshape import opensky_replies, trace_reply
from tests.support.shared import SHARED

RULES = LandingRules()
EVERYBODY = (WatchMatch("everyone", "icao24", counted=True),)
BLACK_ROCK_CITY = Airfield(
    icao="88NV",
    name="Black Rock City",
    lat_deg=40.7625,
    lon_deg=-119.2097,
    elevation_ft=3910,
    zone="America/Los_Angeles",
)


DATA = SHARED / "data"
FEATURED = DATA / "xoolive-traffic" / "samples" / "featured"
FEEDS = DATA / "feeds"
AIRCRAFT_JSON = DATA / "sdr-enthusiasts-sdre-rust-adsb-parser" / "test_data"


Heard = dict[str, list[Observation]]


def fields(*codes: str) -> tuple[Airfield, ...]:
    shipped = [field for code in codes for field in shipped_as(code)]
    known = {field.icao for field in shipped}
    found = look_up([code for code in codes if code not in known]).found
    return (*shipped, *(found[code] for code in codes if code in found))


def sifted(replies: Iterable[Reply], near: Sequence[Airfield]) -> tuple[Heard, list[CoverageSlot]]:
    """Everybody in some replies, and who listened."""
    region = Region(tuple((one.lat_deg, one.lon_deg, 100.0) for one in near))
    heard, hearings = defaultdict(list), list[PollCoverage]()
    for reply in replies:
        told = sift(reply, lambda _row, _day: EVERYBODY, region)
        hearings.append(told.coverage)
        for observation, _ in told.observations:
            heard[observation.icao24].append(observation)
    return heard, slots_of(hearings) if any(one.area for one in hearings) else []


WEST = ("LLBG", "LLOV", "LLER", "OTHH", "UGTB", "OMSJ")


@cache
def west_asia() -> tuple[Heard, list[CoverageSlot]]:
    return sifted(opensky_replies(), fields(*WEST))


@cache
def day_trace() -> list[Observation]:
    heard, _ = sifted([trace_reply()], ())
    return heard["ac671b"]


def readsb(body: object, at: datetime) -> list[Observation]:
    """Rows of a v2 reply or an aircraft.json, decoded."""
    reply = Reply(
        feed="readsb",
        format=Format.READSB,
        ask=Everything(),
        url="https://example.org/",
        received_at=at,
        headers=(),
        body=json.dumps(body).encode(),
    )
    heard, _ = sifted([reply], ())
    return [one for each in heard.values() for one in each]


def table(name: str, feed: str = "opensky") -> list[Observation]:
    """A flight kept as a table, every row as a report of its own."""
    rows: list[dict[str, Any]] = json.loads(gzip.decompress((FEATURED / name).read_bytes()))
    found = []
    for row in rows:
        at = datetime.fromtimestamp(row["timestamp"] / 1000, UTC)
        ground = row["altitude"] == 0 and row["groundspeed"] < 60
        found.append(
            Observation(
                icao24=row["icao24"],
                feed=feed,
                heard_at=at,
                position_at=at,
                lat_deg=row["latitude"],
                lon_deg=row["longitude"],
                baro_altitude_ft=None if ground else row["altitude"],
                on_ground=ground,
                ground_speed_kt=row["groundspeed"],
                track_deg=row["track"],
                vertical_rate_fpm=row["vertical_rate"],
                callsign=row["callsign"],
                source=Source.ADSB,
            )
        )
    return found


def landed(
    heard: Sequence[Observation],
    *codes: str,
    slots: Sequence[CoverageSlot] = (),
    own: Airfield | None = None,
) -> list[Detection]:
    now = max(one.heard_at for one in heard) + timedelta(hours=3)
    among = (own,) if own else fields(*codes)
    return list(detect(heard, slots, among, RULES, now).detections)


def counted(found: Iterable[Detection]) -> list[Detection]:
    return [one for one in found if one.airfield is not None and one.grade.rank >= 2]


def silences(heard: Sequence[Observation], *codes: str) -> tuple[list[Silence], Context, Contacts]:
    among = fields(*codes)
    now = max(one.heard_at for one in heard) + timedelta(hours=3)
    scene, contacts = Context(among, (), RULES, now), contacts_of(track(heard), among, RULES)
    found = [silence_of(contacts, gap, scene) for gap in gaps_of(contacts, RULES)]
    return [one for one in found if one is not None], scene, contacts


def doubts(heard: Iterable[Observation]) -> list[Doubt | None]:
    return [fix.doubt for one in heard for fix in track([one])]


def fix_at(heard: Sequence[Observation], clock: str) -> Fix:
    """The fix of the report that was received in that minute (UTC)."""
    return next(fix for one in heard for fix in track([one]) if f"{one.heard_at:%H:%M}" == clock)
