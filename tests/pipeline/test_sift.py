"""Does one pass over a reply give the same matches, coverage and crowds as the plain way?"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.coverage.region import Region
from collector.decode import Row, decode
from collector.errors import DecodeError
from collector.geo import destination, distance_nm
from collector.model import Place, Watch, WatchMatch
from collector.model.coverage import PollCoverage, band_of, slots_of
from collector.model.reply import (
    CACHED_AFTER,
    LATEST_AHEAD,
    Area,
    Ask,
    Everything,
    Fleet,
    Format,
    Outcome,
    Reply,
    is_newer,
)
from collector.pipeline.sift import SiftedReply, failed_poll, sift
from collector.watches.matcher import Matcher
from tests.support.reshape import DAY_TRACE, trace_reply, v2_replies
from tests.support.shared import needs_shared

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OVDA = (29.9403, 34.9358)
REGION = Region(((*OVDA, 250.0),))
WATCHED = (WatchMatch("silkway", "fleet silkway", True),)


def reply(*rows: dict[str, Any], ask: Ask | None = None, at: datetime = AT) -> Reply:
    return Reply(
        feed="adsblol",
        format=Format.READSB,
        ask=ask or Everything(),
        url="https://api.adsb.lol/v2/all",
        received_at=at,
        body=json.dumps({"ac": list(rows), "now": AT.timestamp() * 1000}).encode(),
    )


def near(icao24: str = "600865", **row: Any) -> dict[str, Any]:
    lat, lon = OVDA
    return {"hex": icao24, "lat": lat, "lon": lon, "seen": 0, "seen_pos": 0} | row


def only(*addresses: str) -> Any:
    return lambda row, _day: WATCHED if row.icao24 in addresses else ()


def coverage_of(*rows: dict[str, Any], ask: Ask | None = None) -> PollCoverage:
    return sift(reply(*rows, ask=ask), only(), REGION).coverage


def test_only_watched_rows_become_observations_with_the_reason() -> None:
    days: set[date] = set()

    def match(row: Row, day: date) -> tuple[WatchMatch, ...]:
        days.add(day)
        return WATCHED if row.callsign == "AZQ4801" else ()

    sifted = sift(reply(near(flight="AZQ4801 "), near("4ca1fa")), match, REGION)
    assert [(each.icao24, matches) for each, matches in sifted.observations] == [
        ("600865", WATCHED)
    ]
    assert days == {AT.date()}


def test_a_matcher_gives_the_same_for_all_rows_at_once_as_for_each() -> None:
    ovda = (Place(("LLOV",)),)
    matcher = Matcher([Watch(name="w", places=ovda, callsigns=("AZQ*",), registrations=("4K-78",))])
    rows = [near(f"{0x700000 + number:06x}", seen_pos=number) for number in range(8)]
    rows[2] |= {"flight": "AZQ4801 "}
    rows[5] |= {"r": "4K78"}
    rows[6] |= {"flight": "AZQ1", "hex": "~700006"}
    asked = reply(*rows, near("700009", flight="AZQ7", seen_pos=100))
    at_once = sift(asked, matcher, REGION)
    assert at_once == sift(asked, matcher.__call__, REGION)  # any function: row by row
    assert [each.icao24 for each, _ in at_once.observations] == ["700002", "700005", "700009"]


def test_tilde_rows_are_never_watched_but_count_for_coverage() -> None:
    sifted = sift(reply(near("~2a0c31", alt_baro=3000)), lambda *_: WATCHED, REGION)
    assert sifted.observations == ()
    assert sum(sifted.coverage.cells.values()) == 1


@pytest.mark.parametrize(
    ("row", "band"),
    [
        ({"alt_baro": "ground"}, 0),
        ({"alt_baro": 1500}, 0),
        ({"alt_baro": 2000}, 1),
        ({"alt_baro": 35000}, 8),
        ({"alt_baro": 12000, "alt_geom": 13100}, 6),
        ({"altitude": 5000}, 2),
    ],
)
def test_cells_are_places_and_heights(row: dict[str, Any], band: int) -> None:
    assert coverage_of(near(**row)).cells == {(119, 139, band): 1}


def test_what_proves_no_coverage_makes_no_cell() -> None:
    coverage = coverage_of(
        near("000001", seen_pos=61),
        near("000002", seen=301, seen_pos=301),
        near("000003", lat=None),
        near("000004", gpsOkBefore=AT.timestamp()),
        near("000005", type="adsc", alt_baro=35000),
        near("000006", lat=-29.0),
        near("000007"),
        near("~00008", type="tisb_trackfile", alt_baro=1500),
        near("000009", type="adsr_icao", alt_baro=1500),
        near("00000a", category="C2", alt_baro="ground"),
    )
    assert coverage.cells == {}, (
        "stale, old, unplaced, jammed, by satellite, elsewhere, no height, by a ground station, a "
        "vehicle"
    )
    assert coverage.aircraft == 10
    assert coverage.unplaced == 3, "000001, 000003 and 000004; 000002 was not heard recently"


@pytest.mark.parametrize(
    ("ask", "area"),
    [(Everything(), True), (Area(*OVDA, 100.0), True), (Fleet(("600865",)), False)],
)
def test_absence_means_something_only_in_a_poll_of_an_area(ask: Ask, area: bool) -> None:
    coverage = coverage_of(near(), ask=ask)
    assert (coverage.area, coverage.outcome, coverage.at) == (area, Outcome.HEARD, AT)


def test_nobody_and_failure_are_different() -> None:
    assert coverage_of().outcome is Outcome.NOBODY
    failed = failed_poll("adsblol", AT, Outcome.REFUSED, area=True)
    assert (failed.outcome, failed.cells, failed.outcome.alive) == (
        Outcome.REFUSED,
        {},
        False,
    )


def test_a_reply_of_long_ago_is_a_cache() -> None:
    def outcome(late: timedelta) -> Outcome:
        return sift(reply(near(), at=AT + late), only(), REGION).coverage.outcome

    assert outcome(CACHED_AFTER) is Outcome.HEARD
    assert outcome(CACHED_AFTER + timedelta(seconds=1)) is Outcome.STALE
    with pytest.raises(DecodeError, match="clock"):
        outcome(-LATEST_AHEAD - timedelta(seconds=1))


def test_time_that_does_not_move_is_a_cache() -> None:
    sifted = sift(reply(near()), only("600865"), REGION)
    assert is_newer(None, AT, AT)
    assert is_newer(AT - timedelta(seconds=1), AT, AT)
    assert not is_newer(AT, AT, AT)
    assert not is_newer(AT + LATEST_AHEAD, AT, AT)
    assert is_newer(AT + LATEST_AHEAD + timedelta(seconds=1), AT, AT), "by a clock set back since"
    stale = sifted.as_stale()
    assert stale.coverage.outcome is Outcome.STALE
    assert stale.observations == sifted.observations
    assert slots_of([stale.coverage])[0].alive_minutes == 0


@given(
    st.floats(-80, 80),
    st.floats(-180, 180),
    st.floats(1, 300),
    st.floats(0, 360),
    st.floats(0, 2),
)
def test_a_region_is_its_circles(
    lat: float, lon: float, radius: float, bearing: float, share: float
) -> None:
    place = destination(lat, lon, bearing, radius * share)
    far = distance_nm(lat, lon, *place)
    inside = Region(((lat, lon, radius),)).holds(*place)
    if abs(lat) < 60 and abs(far - radius) > 0.1 * radius:
        assert inside == (far < radius)
    assert not Region(()).holds(lat, lon)


rows = st.lists(
    st.fixed_dictionaries(
        {"hex": st.sampled_from(["600865", "600866", "~60086", "4ca1fa"])},
        optional={
            "lat": st.floats(28, 32),
            "lon": st.floats(33, 37),
            "seen": st.floats(0, 400),
            "seen_pos": st.floats(0, 400),
            "alt_baro": st.integers(-1000, 45000) | st.just("ground"),
            "alt_geom": st.integers(-1000, 45000),
            "gpsOkBefore": st.just(1.0),
        },
    ),
    max_size=8,
)


@given(rows)
def test_one_pass_gives_what_the_plain_way_gives(listed: list[dict[str, Any]]) -> None:
    sifted = sift(reply(*listed), only("600865", "600866"), REGION)
    snapshot = decode(Format.READSB, reply(*listed).body, received_at=AT)
    observations = [
        snapshot.observation(row, "adsblol")
        for row in snapshot.rows
        if row.icao24 in ("600865", "600866")
    ]
    assert [each.heard_at for each, _ in sifted.observations] == [
        each.heard_at for each in observations
    ]
    cells: Counter[tuple[int, int, int]] = Counter()
    for row in snapshot.rows:
        place = row.position(AT.timestamp())
        if place and not row.lost_gps and row.altitude_ft is not None:
            assert distance_nm(*OVDA, *place) < 260
            cells[int(place[0] // 0.25), int(place[1] // 0.25), band_of(row.altitude_ft)] += 1
    assert sifted.coverage.cells == cells


@needs_shared
def test_genuine_hours_give_coverage_and_traces_prove_nothing_of_others() -> None:
    desert = Region(((40.7625, -119.2097, 100.0),))
    sifted: list[SiftedReply] = [sift(each, only("a19702"), desert) for each in v2_replies()]
    slots = slots_of(each.coverage for each in sifted)
    assert len(slots) == 13
    assert all(slot.area_minutes and slot.cells for slot in slots[:12])
    trace = sift(trace_reply(DAY_TRACE), lambda *_: WATCHED, desert)
    assert len(trace.observations) == len(json.loads(DAY_TRACE.read_text())["trace"])
    assert (trace.coverage.area, trace.coverage.cells) == (False, {})


@needs_shared
def test_a_trace_is_matched_by_leg_and_day() -> None:
    asked: list[tuple[str | None, date]] = []

    def match(row: Row, day: date) -> tuple[WatchMatch, ...]:
        asked.append((row.callsign, day))
        return WATCHED if row.callsign == "DAL2418" else ()

    sifted = sift(trace_reply(DAY_TRACE), match, REGION)
    assert {each.callsign for each, _ in sifted.observations} == {"DAL2418"}
    assert len(asked) == len(set(asked)) < 20
