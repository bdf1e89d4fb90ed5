"""Does any order, repetition and division of the same reports leave the same tables?"""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model import Observation, Source, WatchMatch
from collector.store import Store, aircraft, observations
from tests.store.samples import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    SILKWAY,
    content,
    copied,
    observation,
)

TABLES = ("observations", "aircraft", "identities", "matches")

_tenths = st.integers(-250, 250).map(lambda tenths: tenths * SECOND / 10)

_numbers = st.sampled_from([None, 0.0, -0.0, 3000.0, 3025.5, float("nan"), float("inf")])

_counts = st.sampled_from([None, 0, 8, 10**30])

_texts = st.sampled_from([None, "", "AZQ4721", "AZQ\ud8001", "'; DROP TABLE aircraft", "é\0"])


@st.composite
def reports(draw: st.DrawFn) -> Observation:
    """Few aircraft, places and moments, so that most reports meet another with their key."""
    at = NOON + draw(_tenths)
    placed = draw(st.booleans())
    return Observation(
        icao24=draw(st.sampled_from(["600865", "600808"])),
        feed=draw(st.sampled_from(["adsblol", "opensky"])),
        heard_at=at + draw(st.sampled_from([0, 1, 59, 60, 61, 3000])) * SECOND,
        position_at=at if placed else None,
        lat_deg=draw(st.sampled_from([29.99, 29.990001, -0.000001])) if placed else None,
        lon_deg=draw(st.sampled_from([34.95, 34.951])) if placed else None,
        baro_altitude_ft=draw(_numbers),
        geom_altitude_ft=draw(_numbers),
        on_ground=draw(st.sampled_from([None, True, False])),
        ground_speed_kt=draw(_numbers),
        callsign=draw(_texts),
        registration=draw(_texts),
        type_code=draw(_texts),
        squawk=draw(_texts),
        source=draw(st.sampled_from(Source)),
        nic=draw(_counts),
        gps_lost=draw(st.booleans()),
        crowded=draw(st.booleans()),
    )


_matches = st.lists(
    st.sampled_from([SILKWAY, WatchMatch("silkway", "callsign AZQ*", False)]), max_size=2
)

_rows = st.lists(st.tuples(reports(), _matches.map(tuple)), min_size=1, max_size=12)


@given(rows=_rows, data=st.data())
def test_any_order_repetition_and_division_give_the_same_tables(
    template: Path, rows: list[tuple[Observation, tuple[WatchMatch, ...]]], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(rows), max_size=4))
    shuffled = data.draw(st.permutations(rows + again))
    sizes = data.draw(st.lists(st.integers(1, 5), min_size=len(shuffled)))
    with copied(template) as one, copied(template) as other:
        observations.store_reports(one, rows)
        batches = iter(shuffled)
        for size in sizes:
            observations.store_reports(other, itertools.islice(batches, size))
        assert content(one, *TABLES) == content(other, *TABLES)
        assert observations.store_reports(other, rows) == set()
        assert content(one, *TABLES) == content(other, *TABLES)


@given(rows=_rows)
def test_changed_is_who_changed(
    template: Path, rows: list[tuple[Observation, tuple[WatchMatch, ...]]]
) -> None:
    with copied(template) as store:
        for row in rows:
            before = _reports_and_matches(store)
            changed = observations.store_reports(store, [row])
            assert changed == ({row[0].icao24} if _reports_and_matches(store) != before else set())


def _reports_and_matches(store: Store) -> object:
    icao24s = {row["icao24"] for row in store.execute("SELECT icao24 FROM aircraft")}
    matched = {icao24: aircraft.matches(store, icao24) for icao24 in icao24s}
    return content(store, "observations"), {k: v for k, v in matched.items() if v}


@given(seen=reports())
def test_what_is_stored_comes_back(template: Path, seen: Observation) -> None:
    with copied(template) as store:
        observations.store_reports(store, [(seen, ())])
        (back,) = observations.reports_between(store, seen.icao24, seen.at, seen.at)
        again = observations.store_reports(store, [(back, ())])
        assert again == set()
        assert (back.at, back.fresh, back.on_ground, back.source) == (
            seen.at,
            seen.fresh,
            seen.on_ground,
            seen.source,
        )
        assert observations.latest_reports(store, seen.at) == [back]


def test_every_field_comes_back(store: Store) -> None:
    seen = Observation(
        icao24="600865",
        feed="adsblol",
        heard_at=NOON + timedelta(microseconds=1),
        position_at=NOON - timedelta(microseconds=1),
        lat_deg=29.123456789,
        lon_deg=34.987654321,
        baro_altitude_ft=1.5,
        geom_altitude_ft=2.5,
        on_ground=False,
        ground_speed_kt=3.5,
        track_deg=4.5,
        vertical_rate_fpm=5.5,
        callsign="AZQ 1",
        registration="4K-AZ101",
        type_code="IL76",
        squawk="7700",
        source=Source.MLAT,
        adsb_version=0,
        nic=1,
        nac_p=2,
        sil=3,
        nav_qnh_hpa=1013.2,
        gps_lost=True,
        crowded=True,
    )
    assert observations.store_reports(store, [(seen, (SILKWAY,))]) == {"600865"}
    assert observations.reports_between(store, "600865", NOON - HOUR, NOON + HOUR) == [seen]


@pytest.mark.parametrize("late", [0.2, 3.7, -3.7])
@pytest.mark.parametrize("offset_s", range(9))
def test_a_position_delivered_again_is_read_once(store: Store, late: float, offset_s: int) -> None:
    """Wherever the bucket's edge falls."""
    first = observation(NOON + offset_s * SECOND)
    again = observation(NOON + (offset_s + late) * SECOND, heard_at=first.heard_at + 30 * SECOND)
    observations.store_reports(store, [(first, ())])
    observations.store_reports(store, [(again, ())])
    assert len(observations.reports_between(store, "600865", NOON - HOUR, NOON + HOUR)) == 1


def test_a_repeat_is_left_out_also_at_the_edge_of_the_span(store: Store) -> None:
    begin = NOON + 8 * SECOND
    rows = [observation(begin - SECOND), observation(begin + SECOND)]
    observations.store_reports(store, [(row, ()) for row in rows])
    assert observations.reports_between(store, "600865", begin, begin + HOUR) == []
    assert observations.reports_between(store, "600865", begin - SECOND, begin + HOUR) == rows[:1]


def test_a_parked_aircraft_stays_visible(store: Store) -> None:
    parked = [observation(NOON + 3 * n * SECOND, on_ground=True) for n in range(400)]
    observations.store_reports(store, [(row, ()) for row in parked])
    seen = observations.reports_between(store, "600865", NOON, NOON + HOUR)
    gaps = {b.at - a.at for a, b in itertools.pairwise(seen)}
    assert max(gaps) <= 2 * observations.BUCKET_S * SECOND
    assert seen[-1].at >= parked[-1].at - 2 * observations.BUCKET_S * SECOND


def test_the_altitude_received_closest_to_the_position_stays(store: Store) -> None:
    soon = observation(NOON + SECOND, heard_at=NOON + 2 * SECOND, baro_altitude_ft=3000.0)
    later = observation(NOON, heard_at=NOON + 40 * SECOND, baro_altitude_ft=1500.0)
    for row in (later, soon, later):
        observations.store_reports(store, [(row, ())])
    (kept,) = observations.reports_between(store, "600865", NOON - HOUR, NOON + HOUR)
    assert kept.baro_altitude_ft == 3000.0


@pytest.mark.parametrize(
    "other",
    [
        observation(feed="opensky"),
        observation(icao24="600808"),
        observation(lat_deg=29.9901),
        observation(NOON + 9 * SECOND),
    ],
)
def test_what_differs_is_kept_apart(store: Store, other: Observation) -> None:
    observations.store_reports(store, [(observation(), ()), (other, ())])
    assert len(store.execute("SELECT * FROM observations")) == 2


def test_the_equator_is_one_place(store: Store) -> None:
    """Zero has two signs when rounded to."""
    sides = [observation(NOON, lat_deg=lat, lon_deg=lat) for lat in (-0.000001, 0.0, 0.000001)]
    observations.store_reports(store, [(side, ()) for side in sides])
    assert len(store.execute("SELECT * FROM observations")) == 1


def test_stale_positions_are_told_apart_by_altitude(store: Store) -> None:
    """A frozen position whose altitude goes on: the altitudes are what is new."""

    def frozen(altitude_ft: float) -> Observation:
        heard_at = NOON + 5 * SECOND
        return observation(NOON - HOUR, heard_at=heard_at, baro_altitude_ft=altitude_ft)

    observations.store_reports(
        store, [(frozen(altitude), ()) for altitude in (9000.0, 9100.0, 9000.0)]
    )
    seen = observations.reports_between(store, "600865", NOON, NOON + MINUTE)
    assert [row.baro_altitude_ft for row in seen] == [9000.0, 9100.0]


def test_neighbours_in_time(store: Store) -> None:
    times = [NOON, NOON + 3 * SECOND, NOON + HOUR, NOON + 3 * DAY]
    observations.store_reports(
        store, [(observation(at, lat_deg=30 + n), ()) for n, at in enumerate(times)]
    )
    observations.store_reports(store, [(observation(NOON - SECOND, icao24="600808"), ())])

    def before(at: object) -> object:
        return observations.last_before(store, "600865", at)  # type: ignore[arg-type]

    def after(at: object) -> object:
        return observations.first_after(store, "600865", at)  # type: ignore[arg-type]

    assert [before(at) for at in times] == [None, *times[:-1]]
    assert [after(at) for at in times] == [*times[1:], None]
    assert before(NOON + SECOND) == NOON
    assert after(NOON + SECOND) == NOON + 3 * SECOND
    assert observations.last_before(store, "ffffff", NOON + DAY) is None


def test_the_latest_of_each_aircraft(store: Store) -> None:
    rows = [
        observation(NOON),
        observation(NOON + SECOND, lat_deg=30.0),
        observation(NOON + SECOND, lat_deg=30.0, feed="opensky"),
        observation(NOON - DAY, icao24="600808"),
    ]
    observations.store_reports(store, [(row, ()) for row in rows])
    assert observations.latest_reports(store, NOON - DAY) == [rows[3], rows[1]]
    assert observations.latest_reports(store, NOON + SECOND) == [rows[1]]
    assert observations.latest_reports(store, NOON + 2 * SECOND) == []


@pytest.mark.parametrize("doubt", ["crowded", "gps_lost"])
def test_a_doubted_position_stays_so_when_a_trace_repeats_it(store: Store, doubt: str) -> None:
    polled = observation(NOON, **{doubt: True})
    traced = observation(NOON, heard_at=NOON)
    for order in ((polled, traced), (traced, polled)):
        for one in order:
            observations.store_reports(store, [(one, (SILKWAY,))])
        assert observations.reports_between(store, "600865", NOON - HOUR, NOON + HOUR) == [polled]
        store.execute("DELETE FROM observations")
