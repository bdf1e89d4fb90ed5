"""Is the operator's own receiver read from a file, a socket or a URL, also while it fails?"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collector.errors import FeedError, Malformed, Stale, Unreachable
from collector.feeds import Feed, FeedSettings, build
from collector.feeds.local import MAX_BYTES, data_url
from collector.model.reply import Area, Everything
from tests.feeds.rigs import API_KEY, NOW, SORTS, V2_ROW, Rig, make
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, aircraft_json
from tests.support.rights import bound_by_permissions

BY_NAME = {sort.name: sort for sort in SORTS}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    one = make(BY_NAME["readsb-file"], tmp_path)
    yield one
    one.close()


def failing(rig: Rig) -> FeedError:
    with pytest.raises(FeedError) as caught:
        rig.feed.fetch(Everything())
    return caught.value


def at_url(rig: Rig, url: str) -> Feed:
    return build(FeedSettings(name="x", kind="readsb", url=url), rig.http, rig.clock)


def test_everything_is_asked_once_whatever_is_wanted(rig: Rig) -> None:
    assert rig.feed.asks(["600865"] * 500, [Area(1, 2, 3), Area(4, 5, 6)]) == [Everything()]
    assert rig.feed.daily_budget is None


@pytest.mark.parametrize("form", ["{}", "file://{}", "file:{}"])
def test_a_file_is_found_by_path_url_or_folder(rig: Rig, form: str) -> None:
    for path in (rig.file, rig.file.parent):
        rig.answers(rig.good())
        reply = at_url(rig, form.format(path)).fetch(Everything())
        assert reply.url == f"file://{rig.file}"


def test_a_path_with_odd_characters_is_read(rig: Rig) -> None:
    odd = rig.file.parent / "my receiver \x1b[2J"
    odd.mkdir()
    rig.file = odd / "aircraft.json"
    rig.answers(rig.good())
    reply = at_url(rig, str(odd)).fetch(Everything())
    assert reply.url.isprintable()


def test_a_file_replaced_in_one_step_is_read_again(rig: Rig) -> None:
    rig.answers(rig.good())
    rig.feed.fetch(Everything())
    rig.clock.wait(timedelta(seconds=1))
    fresh = rig.file.with_suffix(".new")
    fresh.write_bytes(rig.good().body)
    os.utime(fresh, (rig.clock.now().timestamp(),) * 2)
    fresh.replace(rig.file)
    assert rig.feed.fetch(Everything()).body == rig.good().body


def test_a_file_caught_half_written_is_read_once_more(rig: Rig) -> None:
    whole = rig.good()
    rig.answers(Answer(whole.body[:20]))

    class Writer(ManualClock):
        """The receiver finishes its file while we wait."""

        def wait(self, span: timedelta) -> bool:
            rig.answers(whole)
            return super().wait(span)

    clock = Writer(NOW)
    settings = FeedSettings(name="x", kind="readsb", url=str(rig.file))
    assert build(settings, rig.http, clock).fetch(Everything()).body == whole.body


@pytest.mark.parametrize(("age_s", "stale"), [(55, False), (65, True), (86_400, True)])
def test_a_receiver_that_stopped_is_stale(rig: Rig, age_s: int, stale: bool) -> None:
    rig.answers(Answer(aircraft_json(NOW, [V2_ROW])))
    stamp = NOW.timestamp() - age_s
    os.utime(rig.file, (stamp, stamp))
    if stale:
        error = failing(rig)
        assert type(error) is Stale
        assert "receiver" in str(error)
    else:
        rig.feed.fetch(Everything())


@pytest.mark.parametrize(("age_s", "stale"), [(55, False), (65, True)])
@pytest.mark.parametrize("name", ["readsb-url", "readsb-socket", "readsb-file"])
def test_an_old_now_is_stale(tmp_path: Path, name: str, age_s: int, stale: bool) -> None:
    one = make(BY_NAME[name], tmp_path)
    one.answers(Answer(one.sort.good(NOW - timedelta(seconds=age_s))))
    if stale:
        assert type(failing(one)) is Stale
    else:
        one.feed.fetch(Everything())
    one.close()


def test_a_missing_file_says_what_to_do(rig: Rig) -> None:
    error = failing(rig)
    assert type(error) is Unreachable
    assert "check that the receiver is running" in str(error)


def test_an_unreadable_file_is_unreachable(rig: Rig) -> None:
    rig.answers(rig.good())
    rig.file.chmod(0)
    with bound_by_permissions():
        assert type(failing(rig)) is Unreachable


def test_what_is_no_plain_file_is_not_waited_for(rig: Rig) -> None:
    os.mkfifo(rig.file)
    assert "not a plain file" in str(failing(rig))
    assert stat.S_ISFIFO(rig.file.stat().st_mode)
    rig.file.unlink()
    rig.file.symlink_to("/dev/zero")
    assert "not a plain file" in str(failing(rig))
    rig.file.unlink()
    rig.file.symlink_to(rig.file)
    assert type(failing(rig)) is Unreachable


def test_an_oversized_file_is_not_swallowed(rig: Rig) -> None:
    with rig.file.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert type(failing(rig)) is Malformed


def test_a_socket_nobody_listens_on_is_unreachable(rig: Rig) -> None:
    for path in (rig.file.parent / "none.sock", rig.file.parent / ("long" * 40)):
        with pytest.raises(Unreachable):
            at_url(rig, f"unix:{path}").fetch(Everything())


def test_the_socket_is_asked_readsbs_own_query(tmp_path: Path) -> None:
    one = make(BY_NAME["readsb-socket"], tmp_path)
    one.answers(one.good())
    reply = one.feed.fetch(Everything())
    assert one.server is not None
    assert one.server.requests[0].path == "/?all&jv2"
    assert reply.url == f"unix://{tmp_path}/api.sock?all&jv2"
    one.close()


def test_a_receivers_key_goes_into_authorization(tmp_path: Path) -> None:
    one = make(BY_NAME["readsb-url"], tmp_path)
    one.answers(one.good())
    one.feed.fetch(Everything())
    assert one.server is not None
    assert one.server.requests[0].path == "/tar1090/data/aircraft.json"
    assert one.server.requests[0].headers["authorization"] == API_KEY
    one.close()


@pytest.mark.parametrize(
    ("given_url", "asked"),
    [
        ("http://pi.lan", "http://pi.lan/data/aircraft.json"),
        ("http://pi.lan/skyaware/", "http://pi.lan/skyaware/data/aircraft.json"),
        ("http://pi.lan/tar1090/data/", "http://pi.lan/tar1090/data/aircraft.json"),
        ("http://pi.lan/x.json?y=1", "http://pi.lan/x.json?y=1"),
        ("http://pi.lan/re-api", "http://pi.lan/re-api?all&jv2"),
        ("http://pi.lan/re-api/?box=1,2,3,4", "http://pi.lan/re-api/?box=1,2,3,4"),
        ("http://pi.lan:8042/?all", "http://pi.lan:8042/?all"),
    ],
)
def test_the_address_of_the_map_is_enough(given_url: str, asked: str) -> None:
    assert data_url(given_url) == asked
