"""Is a file written whole, whatever the server and the connection do?"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import ArchiveError, Interrupted, Malformed, RateLimited, Unreachable
from collector.http import Http, discard, download
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed, Fault
from tests.support.files import ABRUPT, ServedFile

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BODY = bytes(range(256)) * 2000
SHORT = timedelta(seconds=0.2)


@pytest.fixture
def server() -> Iterator[FakeFeed]:
    with FakeFeed() as feed:
        yield feed


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def http(clock: ManualClock) -> Iterator[Http]:
    one = Http(contact=None, clock=clock, version="1")
    yield one
    one.close()


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "new" / "day.tar"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_comes_with_its_checksum_and_is_not_asked_for_again(
    server: FakeFeed, http: Http, to: Path
) -> None:
    server.on("/day.tar", ServedFile(BODY))
    got = download(http, f"{server.url}/day.tar", to)
    assert to.read_bytes() == BODY
    assert (got.size_bytes, got.fresh) == (len(BODY), True)
    assert got.sha256 == hashlib.sha256(BODY).hexdigest()
    assert names(to.parent) == ["day.tar", "day.tar.sha256"]
    assert (to.parent / "day.tar.sha256").read_text() == f"{got.sha256}  day.tar\n"
    again = download(http, f"{server.url}/day.tar", to)
    assert (again.sha256, again.fresh) == (got.sha256, False)
    assert len(server.requests) == 1
    assert server.requests[0].headers["accept-encoding"] == "identity"
    discard(to)
    assert names(to.parent) == []


def test_broken_connections_are_gone_on_from_where_they_ended(
    server: FakeFeed, http: Http, to: Path
) -> None:
    """Five in a row, more than the tries of one fetch: each brought it further."""
    file = ServedFile(BODY, instead=[ABRUPT] * 5)
    server.on("/day.tar", file)
    got = download(http, f"{server.url}/day.tar", to)
    assert to.read_bytes() == BODY
    assert got.sha256 == hashlib.sha256(BODY).hexdigest()
    begins = [0 if one is None else int(one[6:-1]) for one in file.ranges]
    assert begins == sorted(begins)
    assert begins[1] == len(BODY) // 2
    assert len(begins) == 6


def test_a_later_run_goes_on_with_the_rest(server: FakeFeed, http: Http, to: Path) -> None:
    dead = Answer(fault=Fault.CLOSE)
    server.on("/day.tar", ServedFile(BODY, instead=[ABRUPT, *[dead] * 9]))
    with pytest.raises(Unreachable):
        download(http, f"{server.url}/day.tar", to)
    assert names(to.parent) == ["day.tar.part", "day.tar.part.json"]
    file = ServedFile(BODY)
    server.on("/day.tar", file)
    got = download(http, f"{server.url}/day.tar", to)
    assert file.ranges == [f"bytes={len(BODY) // 2}-"]
    assert to.read_bytes() == BODY
    assert got.sha256 == hashlib.sha256(BODY).hexdigest()


@pytest.mark.parametrize("changed", ["etag", "size", "place", "gone"])
def test_a_file_that_changed_meanwhile_is_begun_anew(
    server: FakeFeed, http: Http, to: Path, changed: str
) -> None:
    other = BODY[::-1]
    half = len(BODY) // 2
    lies: dict[str, list[Answer | None]] = {
        "etag": [],
        "size": [Answer(b"x", 206, {"Content-Range": f"bytes {half}-{half}/{half + 1}"})],
        "place": [Answer(b"x", 206, {"Content-Range": f"bytes 7-7/{len(BODY)}"})],
        "gone": [Answer(b"", 416)],
    }
    server.on("/day.tar", ServedFile(BODY, instead=[ABRUPT, *[Answer(fault=Fault.CLOSE)] * 9]))
    with pytest.raises(Unreachable):
        download(http, f"{server.url}/day.tar", to)
    server.on("/day.tar", ServedFile(other, etag='"v2"', instead=lies[changed]))
    download(http, f"{server.url}/day.tar", to)
    assert to.read_bytes() == other


def test_what_is_whole_but_has_no_name_yet_only_gets_it(
    server: FakeFeed, http: Http, to: Path
) -> None:
    """As after a kill between the last byte and the renaming."""
    server.on("/day.tar", ServedFile(BODY))
    download(http, f"{server.url}/day.tar", to)
    to.rename(to.with_name("day.tar.part"))
    url = f"{server.url}/day.tar"
    to.with_name("day.tar.part.json").write_text(
        f'{{"url": "{url}", "validator": "\\"v1\\"", "total": {len(BODY)}}}'
    )
    download(http, url, to)
    assert to.read_bytes() == BODY
    assert len(server.requests) == 1


def test_what_lies_there_of_another_file_is_not_added_to(
    server: FakeFeed, http: Http, to: Path
) -> None:
    to.parent.mkdir()
    to.with_name("day.tar.part").write_bytes(b"something else")
    whole = {"Content-Range": f"bytes 0-{len(BODY) - 1}/{len(BODY)}"}
    server.on("/day.tar", Answer(BODY, 206, whole))
    download(http, f"{server.url}/day.tar", to)
    assert to.read_bytes() == BODY


def test_a_server_that_never_gives_the_rest_is_given_up(
    server: FakeFeed, http: Http, to: Path
) -> None:
    wrong = Answer(b"x" * 50, 206, {"Content-Range": f"bytes 3-52/{len(BODY)}"})
    server.on("/day.tar", wrong)
    with pytest.raises(Malformed, match=r"after 4 tries; try again another day"):
        download(http, f"{server.url}/day.tar", to)
    server.on("/day.tar", ServedFile(BODY, instead=[ABRUPT]), Answer(fault=Fault.RESET))
    with pytest.raises(Unreachable):
        download(http, f"{server.url}/day.tar", to)


def test_a_connection_that_stalls_is_given_up_and_gone_on_with(
    server: FakeFeed, http: Http, to: Path
) -> None:
    file = ServedFile(BODY)
    server.on("/day.tar", ServedFile(BODY, instead=[Answer(fault=Fault.HANG)]), file)
    download(http, f"{server.url}/day.tar", to, stall=SHORT)
    assert to.read_bytes() == BODY


def test_more_than_there_is_room_for_is_refused_before_it_comes(
    server: FakeFeed, http: Http, to: Path
) -> None:
    def no_room(to_come: int) -> None:
        assert to_come == len(BODY)
        raise ArchiveError("too much")

    server.on("/day.tar", ServedFile(BODY))
    with pytest.raises(ArchiveError, match="too much"):
        download(http, f"{server.url}/day.tar", to, room=no_room)
    assert (to.parent / "day.tar.part").stat().st_size == 0


def test_a_folder_that_cannot_be_written_says_so(
    server: FakeFeed, http: Http, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    server.on("/day.tar", ServedFile(BODY))
    with pytest.raises(ArchiveError, match="cannot be written"):
        download(http, f"{server.url}/day.tar", tmp_path / "file" / "day.tar")


def test_statuses_mean_what_they_mean_elsewhere(
    server: FakeFeed, http: Http, to: Path, clock: ManualClock
) -> None:
    server.on("/none", Answer(b"", 404))
    with pytest.raises(Malformed, match="404"):
        download(http, f"{server.url}/none", to)
    server.on("/often", Answer(b"", 429, {"Retry-After": "3600"}))
    with pytest.raises(RateLimited) as limited:
        download(http, f"{server.url}/often", to)
    assert limited.value.retry_after == timedelta(hours=1)
    limit = Answer(b"", 429, {"Retry-After": "7"})
    server.on("/soon", ServedFile(BODY, instead=[limit]))
    before = clock.now()
    download(http, f"{server.url}/soon", to)
    assert clock.now() - before >= timedelta(seconds=7)
    server.on("/page", Answer(BODY, compress=True))
    with pytest.raises(Malformed, match="gzip"):
        download(http, f"{server.url}/page", to.with_name("other"))


def test_closing_the_client_ends_a_download_at_once(server: FakeFeed, http: Http, to: Path) -> None:
    server.on("/day.tar", ServedFile(BODY, instead=[ABRUPT]), Answer(fault=Fault.HANG))
    ending = threading.Timer(0.2, http.close)
    ending.start()
    with pytest.raises(Interrupted):
        download(http, f"{server.url}/day.tar", to)
    ending.join()
    assert (to.parent / "day.tar.part").stat().st_size == len(BODY) // 2


def test_it_may_be_redirected_only_where_it_was_allowed(
    server: FakeFeed, http: Http, to: Path
) -> None:
    server.on("/day.tar", ServedFile(BODY, instead=[ABRUPT]))
    elsewhere = f"{server.url}/day.tar".replace("127.0.0.1", "localhost")
    server.on("/link", Answer(status=302, headers={"Location": elsewhere}))
    with pytest.raises(Malformed, match="redirects to"):
        download(http, f"{server.url}/link", to)
    download(http, f"{server.url}/link", to, follow=["localhost"])
    assert to.read_bytes() == BODY
    assert "range" in server.requests[-1].headers
