"""Which rows that no watch matches are kept as visitors, in the words of each feed for "large"?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from collector.coverage.region import Region
from collector.model import Watch, WatchMatch
from collector.model.reply import Everything, Format, Reply
from collector.pipeline.sift import SiftedReply, sift
from collector.watches.visitors import VISITORS, VisitorRule, Visitors
from tests.support.landings import OVDA

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOW = AT.timestamp()
REGION = Region(((OVDA.lat_deg, OVDA.lon_deg, 100.0),))
WATCHED = (WatchMatch("silkway", "fleet silkway", True),)
HEAVY = Visitors(
    VisitorRule(
        lines=Watch(name=VISITORS, places=(), types=("A124",)),
        categories=frozenset({"A5"}),
        within_nm=60.0,
        below_ft=29_000.0,
    ),
    (OVDA,),
)


def taken(form: Format, body: dict[str, Any], watched: str = "") -> SiftedReply:
    reply = Reply(
        feed="f",
        format=form,
        ask=Everything(),
        url="https://example.org/",
        received_at=AT,
        body=json.dumps(body).encode(),
    )
    return sift(reply, lambda row, _: WATCHED if row.icao24 == watched else (), REGION, HEAVY)


def readsb(**row: Any) -> dict[str, Any]:
    return {"hex": "508035", "lat": 30.0, "lon": 35.0, "alt_baro": 9000, "seen": 0} | row


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"t": "A124"}, "type A124"),
        ({"category": "A5"}, "category A5"),
        ({"category": "A5", "alt_baro": "ground"}, "category A5"),
        ({"category": "A5", "gpsOkBefore": NOW - 60}, "category A5"),
        ({"category": "A5", "alt_baro": 35000}, None),
        ({"category": "A5", "lat": 31.5}, None),
        ({"category": "A5", "lat": None}, None),
        ({"category": "A5", "seen": 100, "seen_pos": 290}, None),
        ({"category": "A5", "hex": "~508035"}, None),
        ({"category": "a5"}, None),
        ({"t": "B738", "category": "A3"}, None),
    ],
)
def test_rows_of_readsb(row: dict[str, Any], why: str | None) -> None:
    sifted = taken(Format.READSB, {"now": NOW * 1000, "ac": [readsb(**row)]})
    expected = () if why is None else (WatchMatch(VISITORS, why, counted=False),)
    assert [matches for _, matches in sifted.observations] == ([expected] if why else [])


def test_a_watched_row_is_no_visitor_and_is_kept_wherever_it_is() -> None:
    rows = [readsb(t="A124", alt_baro=35000), readsb(hex="508036", t="A124")]
    sifted = taken(Format.READSB, {"now": NOW * 1000, "ac": rows}, watched="508035")
    assert [(seen.icao24, matches[0].watch) for seen, matches in sifted.observations] == [
        ("508035", "silkway"),
        ("508036", VISITORS),
    ]


@pytest.mark.parametrize(("number", "kept"), [(6, True), (4, False), (0, False), (-1, False)])
def test_states_of_opensky_with_categories(number: int, *, kept: bool) -> None:
    state = ["508035", "ADB1", "Ukraine", NOW, NOW, 35.0, 30.0, 3000.0, False, 200.0, 10.0, 0.0]
    state += [None, 3000.0, None, False, 0, number]
    sifted = taken(Format.OPENSKY_STATES, {"time": NOW, "states": [state]})
    assert bool(sifted.observations) is kept
    plain = taken(Format.OPENSKY_STATES, {"time": NOW, "states": [state[:17]]})
    assert plain.observations == ()


def test_of_a_trace_only_the_points_near_the_field() -> None:
    points = [
        [0, 33.0, 35.0, 35000, 450, 190, 0, 0, {"category": "A5", "flight": "ADB1"}],
        [600, 31.2, 35.0, 28000, 400, 190, 0, -1500, None],
        [900, 30.4, 35.0, 12000, 300, 190, 0, -1500, None],
        [1200, 29.95, 34.94, "ground", 20, 200, 0, None, None],
    ]
    sifted = taken(Format.TRACE, {"icao": "508035", "timestamp": NOW - 9000, "trace": points})
    assert [seen.on_ground for seen, _ in sifted.observations] == [False, True]
    assert {matches for _, matches in sifted.observations} == {
        (WatchMatch(VISITORS, "category A5", counted=False),)
    }
