"""Each kind of evidence on a real recording that shows it: which rows, and what is made of them."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from collector.coverage.region import Region
from collector.landings.contacts import Contacts, contacts_of
from collector.landings.context import Context
from collector.landings.detect import detect
from collector.landings.evidence.blind_altitudes import blind_heights
from collector.landings.inferred import evidence_of
from collector.landings.rules import LandingRules
from collector.landings.segments import gaps_of
from collector.landings.silences import Silence, silence_of
from collector.model import Airfield, Detection, Grade, Observation, Source, WatchMatch
from collector.model.coverage import CoverageSlot, PollCoverage, slots_of
from collector.model.reply import Everything, Format, Reply
from collector.pipeline.sift import sift
from collector.settings.airfield_catalogue import look_up, shipped_as
from collector.tracking import Fix, track
from collector.tracking.fix import Doubt
from collector.tracking.quality import altitude_of
from tests.support.reshape import DESERT_TRACES, opensky_replies, trace_reply, v2_replies
from tests.support.shared import SHARED, needs_shared

pytestmark = needs_shared

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


def test_contact_with_the_ground() -> None:
    """sitpulse-westasia, 06a08e: on the ground at Doha at 10:23:16, 2 m/s."""
    heard, slots = west_asia()
    (doha,) = landed(heard["06a08e"], *WEST, slots=slots)
    assert (doha.airfield, doha.grade) == ("OTHH", Grade.PROBABLE), "once, without an approach"
    assert "ground-contact" in {one.kind for one in doha.evidence}


def test_approach_silence_and_return_low() -> None:
    """sitpulse-westasia, 155c68: 2,450 ft and sinking 8 km from Tbilisi at 08:07, 4,900 ft and
    climbing at 09:57; the snapshots between hear others."""
    heard, slots = west_asia()
    (tbilisi,) = counted(landed(heard["155c68"], *WEST, slots=slots))
    assert (tbilisi.airfield, tbilisi.grade) == ("UGTB", Grade.PROBABLE)
    found, scene, _ = silences(heard["155c68"], *WEST)
    (silence,) = [one for one in found if one.arrival and one.departure]
    pieces = dict(evidence_of(silence, scene)["UGTB"])
    assert pieces["ends"] == 0, "both ends"
    names = {"path", "height", "projected", "speed", "course", "side", "centreline"}
    assert {f"{side}.{name}" for side in ("arrival", "departure") for name in names} <= set(pieces)


def test_listening_while_it_is_silent() -> None:
    """sitpulse-westasia, 155c68: of the quarter of an hour after 08:07 the snapshots of 08:07
    and 08:27 prove little, and it is said so."""
    heard, slots = west_asia()
    (tbilisi,) = counted(landed(heard["155c68"], *WEST, slots=slots))
    (silence,) = [one for one in tbilisi.evidence if one.kind == "silence"]
    assert silence.speaks == "against"
    assert "0% of the next" in silence.text


def test_lost_high_and_heard_again_climbing() -> None:
    """trace_full_ac671b: 8,450 ft, 20 NM from Spokane at 06:18, and 11,275 ft climbing at 14:42."""
    found, scene, _ = silences(day_trace(), "KMSP", "KDEN", "KGEG", "KSKA")
    (spokane,) = [one for one in found if one.arrival and one.departure]
    assert spokane.arrival is not None
    assert spokane.departure is not None
    assert spokane.arrival.fix.altitude_ft == 7875, "geometric; 8,450 by pressure"
    assert (spokane.departure.fix.vertical_rate_fpm or 0) > 0
    assert spokane.departure.fix.at - spokane.arrival.fix.at > timedelta(hours=8)
    assert {"KGEG", "KSKA"} <= set(evidence_of(spokane, scene))
    landings = landed(day_trace(), "KMSP", "KDEN", "KGEG", "KSKA")
    (unheard,) = [one for one in landings if one.grade is not Grade.CONFIRMED]
    assert {"KGEG", "KSKA"} & {one.airfield for one in unheard.candidates}
    assert unheard.uncertainty_s <= 360


def test_gaps_in_cruise_are_no_landings() -> None:
    """trace_full_ac671b: 48 min over the Gulf at FL320; the clipped traces: hours at FL290+."""
    gulf = landed(day_trace(), "KMSP", "KDEN", "KGEG", "KSKA", "KMSY", "KMOB")
    assert not {"KMSY", "KMOB"} & {one.airfield for one in gulf}
    silent = []
    for path in sorted(DESERT_TRACES.rglob("trace_full_*.json")):
        ((icao24, heard),) = sifted([trace_reply(path)], ())[0].items()
        if icao24 not in ("a3c78c", "aa178d"):
            silent += landed(heard, own=BLACK_ROCK_CITY)
    assert silent == []


def test_frozen_positions() -> None:
    """sitpulse-westasia, 738073: "at Ben Gurion" for 35 min from 4,075 to 37,000 ft; 748025:
    34,050 to 15,200 ft over one spot of the sea. Only the heights are used."""
    heard, slots = west_asia()
    for icao24, clock in (("738073", "08:07"), ("748025", "08:49")):
        fix = fix_at(heard[icao24], clock)
        assert (fix.doubt, fix.placed) == (Doubt.STALE, False)
        assert fix.altitude_ft is not None
        assert fix.vertical_rate_fpm is None, "it froze with the position"
        assert landed(heard[icao24], *WEST, slots=slots) == []
    frozen = [one for each in heard.values() for one in each if Doubt.STALE in doubts([one])]
    assert len(frozen) > 300


def test_heights_alone() -> None:
    """sitpulse-westasia, 748025: seven heights without a usable position, the lowest 15,200 ft.
    feeds/adsblol/mil_trimmed.json: rows of type mode_s that never had one."""
    heard_then = silences(west_asia()[0]["748025"], *WEST)[2]
    told = blind_heights(heard_then, replace(heard_then[0].fix, altitude_ft=None))
    assert told is not None
    assert told.lowest_ft == pytest.approx(15_200, abs=50)
    body = json.loads((FEEDS / "adsblol" / "mil_trimmed.json").read_bytes())
    at = datetime.fromtimestamp(body["now"] / 1000, UTC)
    heard = [one for one in readsb(body, at) if one.source is Source.MODE_S]
    assert len(heard) == 3
    fixes = [fix for one in heard for fix in track([one])]
    assert fixes
    assert not any(fix.placed for fix in fixes), "a rough estimate by its receivers is none"


def test_saturated_difference_of_altitudes() -> None:
    """sitpulse-westasia, 151fc8 at 09:57: 36,000 and 32,850 ft at 436 kt; the place is doubted,
    the pressure altitude stays."""
    heard, _ = west_asia()
    (one,) = [o for o in heard["151fc8"] if f"{o.heard_at:%H:%M}" == "09:57"]
    assert doubts([one]) == [Doubt.SATURATED]
    assert altitude_of(one)[0] == pytest.approx(36_000, abs=1)
    saturated = [o for each in heard.values() for o in each if Doubt.SATURATED in doubts([o])]
    assert len(saturated) >= 15


def test_spoofed_circle() -> None:
    """sitpulse-westasia, 8963e1 at 07:52: 29,350 ft at 49 kt, both altitudes agreeing."""
    heard, _ = west_asia()
    circling = {
        icao24
        for icao24, each in heard.items()
        for one in each
        if Doubt.CIRCLING in doubts([replace(one, crowded=False)])
    }
    assert "8963e1" in circling


def test_crowded_point() -> None:
    """sitpulse-westasia, 07:14: a8d972, 743589, 743593 within 200 m at 33.03 N 34.23 E, from
    11,300 to 24,025 ft; only one of them sent no saturated difference."""
    heard, _ = west_asia()
    for icao24 in ("a8d972", "743589", "743593"):
        (one,) = [o for o in heard[icao24] if o.crowded]
        assert doubts([one]) == [Doubt.CROWDED]


def test_overflights() -> None:
    """sitpulse-westasia, 4ba8f4 at FL360 beside Ovda, 4080f1 and 4243c4 (Silk Way West) over
    Georgia."""
    heard, slots = west_asia()
    for icao24 in ("4ba8f4", "4080f1", "4243c4"):
        assert heard[icao24]
        assert landed(heard[icao24], *WEST, slots=slots) == []


def test_ground_bits_of_aircraft_that_fly() -> None:
    """1hr.json, a9ddb5: ground values while it climbs out at 4,500 ft; two landings, not five."""
    heard, slots = sifted(v2_replies(), (BLACK_ROCK_CITY,))
    found = landed(heard["a9ddb5"], own=BLACK_ROCK_CITY, slots=slots)
    assert [f"{one.touchdown_at:%H:%M}" for one in counted(found)] == ["10:17", "10:49"]


def test_low_pass_then_landing() -> None:
    """elal747: at 14:40 low over Ben Gurion, at 15:10 down; departed from Fiumicino."""
    found = counted(landed(table("elal747.json.gz"), "LLBG", "LIRF"))
    assert [(one.airfield, one.grade) for one in found] == [("LLBG", Grade.CONFIRMED)]


def test_go_arounds_then_landing_elsewhere() -> None:
    """belevingsvlucht: five low approaches at Lelystad, one landing at Schiphol at 20:17."""
    found = counted(landed(table("belevingsvlucht.json.gz"), "EHLE", "EHAM"))
    assert [(one.airfield, one.grade) for one in found] == [("EHAM", Grade.CONFIRMED)]
    labelled = datetime(2018, 5, 30, 20, 17, tzinfo=UTC)
    assert abs(found[0].touchdown_at - labelled) < timedelta(minutes=4)  # the table has no bit


def test_late_delivery() -> None:
    """sitpulse-westasia, 06a08e: on the ground at 10:23:16, delivered at 10:25:05. Late is not
    stale: its position was fresh at last contact."""
    received = next(r.received_at for r in opensky_replies() if r.received_at.minute == 25)
    (one,) = [o for o in west_asia()[0]["06a08e"] if o.on_ground]
    assert received - one.heard_at > timedelta(seconds=97)
    assert one.fresh
    assert track([one])[0].placed


def test_positions_delivered_again() -> None:
    """sitpulse-westasia: eight positions come twice, the next with the same time and place."""
    seen = defaultdict(list)
    for icao24, each in west_asia()[0].items():
        for one in each:
            if one.position_at is not None:
                seen[icao24, one.heard_at, one.position_at, one.lat_deg].append(one)
    again = [each for each in seen.values() if len(each) > 1]
    assert len(again) >= 8
    assert all(len(track(each)) <= 1 for each in again)


def test_old_transponders_and_multilateration() -> None:
    """sdr-enthusiasts aircraft_4.json and aircraft_5.json: ADS-B version 0; their and adsb.lol's
    rows of type mlat. Each is used as any other."""
    found: list[Observation] = []
    for path in sorted(AIRCRAFT_JSON.glob("aircraft_*.json")):
        body = json.loads(path.read_bytes())
        found += readsb(body, datetime.fromtimestamp(body["now"], UTC))
    old = [one for one in found if one.adsb_version == 0 and one.position_at is not None]
    mlat = [one for one in found if one.source is Source.MLAT and one.position_at is not None]
    assert len(old) >= 5
    assert mlat
    assert all(track([one])[0].placed for one in (*old, *mlat) if one.fresh and not one.crowded)
