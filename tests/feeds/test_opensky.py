"""Are OpenSky's tokens, prices and boxes handled as its documentation says?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import FeedError, Malformed, RateLimited, Refused
from collector.feeds.opensky import box, price
from collector.geo import destination
from collector.model.reply import Area, Ask, Everything, Fleet
from tests.feeds.rigs import AREA, CLIENT_SECRET, NOW, SORTS, TOKEN, Rig, make
from tests.support.fake_feed import Answer, Seen

WITH_ACCOUNT = next(sort for sort in SORTS if sort.name == "opensky")
ANONYMOUS = next(sort for sort in SORTS if sort.name == "opensky-anonymous")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    one = make(WITH_ACCOUNT, tmp_path)
    assert one.server is not None
    one.server.on("/states/all", lambda _: Answer(one.sort.good(one.clock.now())))
    yield one
    one.close()


def seen(rig: Rig, path: str) -> list[Seen]:
    assert rig.server is not None
    return [request for request in rig.server.requests if request.path.startswith(path)]


def granting(rig: Rig, *tokens: str, expires_in: object = 1800) -> None:
    assert rig.server is not None
    bodies = [{"access_token": token, "expires_in": expires_in} for token in tokens]
    rig.server.on("/token", *(Answer(json.dumps(body).encode()) for body in bodies))


def test_one_token_serves_many_requests(rig: Rig) -> None:
    for _ in range(3):
        rig.feed.fetch(AREA)
    assert len(seen(rig, "/token")) == 1
    assert {each.headers["authorization"] for each in seen(rig, "/states")} == {f"Bearer {TOKEN}"}
    assert seen(rig, "/token")[0].body == (
        f"grant_type=client_credentials&client_id=a-client&client_secret={CLIENT_SECRET}".encode()
    )


def test_a_token_is_renewed_30_seconds_before_its_end(rig: Rig) -> None:
    granting(rig, "first", "second")
    rig.feed.fetch(AREA)
    rig.clock.wait(timedelta(seconds=1800 - 30 - 20))
    rig.feed.fetch(AREA)
    assert len(seen(rig, "/token")) == 1
    rig.clock.wait(timedelta(seconds=20))
    rig.feed.fetch(AREA)
    assert seen(rig, "/states")[-1].headers["authorization"] == "Bearer second"


def test_a_401_renews_the_token_once(rig: Rig) -> None:
    granting(rig, "first", "second")
    rig.feed.fetch(AREA)
    rig.answers(Answer(b"", 401), rig.good())
    assert rig.server is not None
    rig.server.on(
        "/states/all", Answer(b"", 401), Answer(rig.sort.good(NOW + timedelta(minutes=1)))
    )
    rig.clock.wait(timedelta(minutes=1))
    rig.feed.fetch(AREA)
    assert [each.headers["authorization"] for each in seen(rig, "/states")[-2:]] == [
        "Bearer first",
        "Bearer second",
    ]
    rig.server.on("/states/all", Answer(b"", 401))
    before = len(seen(rig, "/states"))
    with pytest.raises(Refused):
        rig.feed.fetch(AREA)
    assert len(seen(rig, "/states")) == before + 2


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(b'{"error": "unauthorized_client"}', 401), Refused),
        (Answer(b'{"error": "invalid_client"}', 400), Refused),
        (Answer(b"", 429, {"Retry-After": "99"}), RateLimited),
        (Answer(b"<html>", 200), Malformed),
        (Answer(b"", 200), Malformed),
        (Answer(b'{"expires_in": 1800}', 200), Malformed),
        (Answer(b'{"access_token": "a\\nb"}', 200), Malformed),
        (Answer(b'{"access_token": ""}', 200), Malformed),
        (Answer(b'{"access_token": 7}', 200), Malformed),
    ],
)
def test_no_token_no_request(rig: Rig, answer: Answer, expected: type[FeedError]) -> None:
    assert rig.server is not None
    rig.server.on("/token", answer)
    with pytest.raises(FeedError) as caught:
        rig.feed.fetch(AREA)
    assert type(caught.value) is expected
    assert CLIENT_SECRET not in str(caught.value)
    assert seen(rig, "/states") == []


@pytest.mark.parametrize("expires_in", [-5, 0, 1e300])
def test_a_foolish_lifetime_is_bounded(rig: Rig, expires_in: float) -> None:
    granting(rig, "first", expires_in=expires_in)
    rig.feed.fetch(AREA)
    rig.clock.wait(timedelta(seconds=30))
    rig.feed.fetch(AREA)
    assert len(seen(rig, "/token")) == 1


def test_the_remaining_credits_it_reports_are_kept_to(rig: Rig) -> None:
    assert rig.server is not None
    body = rig.sort.good(NOW)
    rig.server.on("/states/all", Answer(body, headers={"X-Rate-Limit-Remaining": "3"}))
    assert rig.feed.cost(AREA) == 2
    rig.feed.fetch(AREA)
    assert rig.feed.budget.left(NOW) == 3
    rig.server.on("/states/all", Answer(b"", 403))
    with pytest.raises(Refused):
        rig.feed.fetch(AREA)
    with pytest.raises(RateLimited):
        rig.feed.fetch(AREA)


def test_an_account_has_ten_times_the_credits(tmp_path: Path) -> None:
    for sort, credits_a_day in ((WITH_ACCOUNT, 4000), (ANONYMOUS, 400)):
        one = make(sort, tmp_path)
        assert one.feed.daily_budget == credits_a_day
        one.close()


def test_the_queries(rig: Rig) -> None:
    for ask in rig.feed.asks(["600865", "~600866", "600864"], [AREA]):
        rig.feed.fetch(ask)
    assert [each.path for each in seen(rig, "/states")] == [
        "/states/all?icao24=600865&icao24=600864",
        "/states/all?lamin=25.7733&lomin=30.1302&lamax=34.1067&lomax=39.7498",
    ]
    with pytest.raises(ValueError, match="fleet or an area"):
        rig.feed.fetch(Everything())


@pytest.mark.parametrize(
    ("ask", "credits_paid"),
    [
        (Area(0.0, 0.0, 149.9), 1),
        (Area(0.0, 0.0, 150.1), 2),
        (Area(0.0, 0.0, 299.0), 2),
        (Area(0.0, 0.0, 301.0), 3),
        (Area(0.0, 0.0, 599.0), 3),
        (Area(0.0, 0.0, 605.0), 4),
        (Area(0.0, 179.9, 60.0), 4),
        (Fleet(("600865",)), 4),
        (Everything(), 4),
    ],
)
def test_the_price_goes_by_area(ask: Ask, credits_paid: int) -> None:
    assert price(ask) == credits_paid


@given(
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.floats(1, 250),
    st.floats(0, 360),
)
def test_the_box_holds_the_whole_circle(
    lat_deg: float, lon_deg: float, radius_nm: float, towards_deg: float
) -> None:
    south, west, north, east = box(Area(lat_deg, lon_deg, radius_nm))
    assert -90 <= south < north <= 90
    assert -180 <= west < east <= 180
    # Our own sphere, and the ellipsoid less the 0.6 % by which they differ.
    points = [destination(lat_deg, lon_deg, towards_deg, radius_nm * 0.9999)]
    far = Geodesic.WGS84.Direct(lat_deg, lon_deg, towards_deg, radius_nm * 1852 * 0.993)
    points.append((far["lat2"], far["lon2"]))
    for lat, lon in points:
        assert south <= lat <= north
        assert west <= lon <= east or abs(abs(lon) - 180) < 1e-6
