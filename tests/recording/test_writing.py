"""Is a recording plain WARC 1.1 with exact times, no credentials, and whole after a kill?"""

from __future__ import annotations

import gzip
import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from warcio.archiveiterator import ArchiveIterator

from collector.errors import RecordingError
from collector.model.coverage import PollCoverage
from collector.model.reply import Area, Ask, Everything, Fleet, Format, Outcome, Reply
from collector.recording import Recorder
from tests.recording.replies import replies_of

AT = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
BODY = b'{"ac":[],"now":1795348800000}'


def reply(
    url: str = "https://api.adsb.lol/v2/hex/600865",
    *,
    at: datetime = AT,
    ask: Ask | None = None,
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),),
    body: bytes = BODY,
) -> Reply:
    return Reply(
        feed="adsblol",
        format=Format.READSB,
        ask=ask or Fleet(("600865",)),
        url=url,
        received_at=at,
        headers=headers,
        body=body,
    )


def recorder(folder: Path, **changed: Any) -> Recorder:
    settings: dict[str, Any] = {"started_at": AT, "software": "collector/0", "contact": "me@x.org"}
    return Recorder(folder, **(settings | changed))


def members(path: Path) -> list[bytes]:
    """Each gzip member of a file, unpacked without any WARC library."""
    data, found = path.read_bytes(), []
    starts = [match.start() for match in re.finditer(rb"\x1f\x8b\x08\x00", data)]
    for begin, end in zip(starts, [*starts[1:], len(data)], strict=True):
        found.append(gzip.decompress(data[begin:end]))
    return found


def one_file(folder: Path) -> Path:
    (path,) = folder.glob("*.warc.gz")
    return path


def test_a_record_is_a_gzip_member_with_request_url_headers_body_and_time(tmp_path: Path) -> None:
    kept = recorder(tmp_path)
    kept.keep(reply())
    kept.close()
    info, response = members(one_file(tmp_path))
    assert info.startswith(b"WARC/1.1\r\n")
    assert b"WARC-Type: warcinfo\r\n" in info
    assert b"software: collector/0\r\n" in info
    assert b"operator: me@x.org\r\n" in info
    head, http, body = response.split(b"\r\n\r\n", 2)
    assert b"WARC-Type: response" in head
    assert b"WARC-Target-URI: https://api.adsb.lol/v2/hex/600865" in head
    assert b"WARC-Date: 2026-11-22T12:00:00.123456Z" in head
    assert http.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Type: application/json" in http
    assert body == BODY + b"\r\n\r\n"


@pytest.mark.parametrize(
    "url", ["file:///run/readsb/aircraft.json", "unix:///run/readsb/api.sock?circle=30,35,100&jv2"]
)
def test_files_and_sockets_are_resources(tmp_path: Path, url: str) -> None:
    kept = recorder(tmp_path)
    kept.keep(reply(url, ask=Everything()))
    kept.close()
    record = members(one_file(tmp_path))[1]
    assert b"WARC-Type: resource\r\n" in record
    assert f"WARC-Target-URI: {url}\r\n".encode() in record
    assert record.endswith(b"\r\n\r\n" + BODY + b"\r\n\r\n")


def test_other_tools_find_no_fault_with_it(tmp_path: Path) -> None:
    kept = recorder(tmp_path)
    kept.keep(reply(headers=(("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))))
    kept.heartbeat(
        PollCoverage(feed="f", at=AT, outcome=Outcome.NOBODY, area=True), "https://x.org/v2"
    )
    kept.close()
    with one_file(tmp_path).open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        bodies = [(each.rec_type, each.content_stream().read()) for each in records]
        assert records.err_count == 0
    assert [kind for kind, _ in bodies] == ["warcinfo", "response", "metadata"]
    assert bodies[1][1] == BODY, "the body is kept decoded, so its encodings are not claimed"
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", str(one_file(tmp_path))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_credentials_never_get_in(tmp_path: Path) -> None:
    kept = recorder(tmp_path)
    secret_headers = tuple(
        (name, "s3cret")
        for name in (
            *("Authorization", "X-API-Key", "api-auth", "x-rapidapi-key", "Set-Cookie"),
            *("Proxy-Authorization", "X-Auth-Token", "WWW-Authenticate"),
        )
    )
    url = "https://me:s3cret@api.example:8443/v2/hex/600865?apikey=s3cret&access_token=s3cret&jv2"
    kept.keep(reply(f"{url}#s3cret", headers=(("Server", "nginx"), *secret_headers)))
    kept.heartbeat(PollCoverage(feed="f", at=AT, outcome=Outcome.REFUSED, area=True), url)
    kept.close()
    text = b"".join(members(one_file(tmp_path)))
    assert b"s3cret" not in text
    assert text.count(b"WARC-Target-URI: https://api.example:8443/v2/hex/600865?jv2\r\n") == 2
    assert b"Server: nginx" in text


def test_hostile_headers_and_urls_begin_no_line_of_their_own(tmp_path: Path) -> None:
    kept = recorder(tmp_path, software="x\r\nEvil: 1")
    url = "https://api.adsb.lol/v2/hex/600865 \r\nEvil: 1"
    kept.keep(reply(url, headers=(("Server", "x\r\nEvil: 1"), ("X\nEvil", "é\u202e"))))
    kept.close()
    assert b"\nEvil" not in b"".join(members(one_file(tmp_path)))


@pytest.mark.parametrize(
    "value", ["S\u00fcd", "S\u00fcd; a=1", "a=\u00fc; b", '\u00b0; f="\u00fc"; =', "\U0001f6e9;"]
)
def test_a_header_in_any_script_is_recorded(value: str, tmp_path: Path) -> None:
    kept = recorder(tmp_path)
    kept.keep(reply(headers=(("Server", value), ("X-\u00fc", "1"))))
    kept.close()
    (record,) = replies_of([tmp_path])
    assert record.body == reply().body
    assert unquote(dict(record.headers)["Server"]) == value


def test_a_new_file_at_each_start_each_day_and_when_full(tmp_path: Path) -> None:
    for _ in range(2):
        recorder(tmp_path).close()
    assert len(list(tmp_path.glob("*.warc.gz"))) == 2
    kept = recorder(tmp_path / "days")
    for hours in (0, 1, 12, 11, 13, 40):
        kept.keep(reply(at=AT + timedelta(hours=hours)))
    kept.close()
    names = sorted(path.name for path in (tmp_path / "days").iterdir())
    assert [name[:26] for name in names] == [
        f"collector-{when}Z" for when in ("20261122T120000", "20261123T000000", "20261124T040000")
    ]
    full = recorder(tmp_path / "full", rotate_bytes=600)
    for _ in range(3):
        full.keep(reply())
    full.close()
    assert len(list((tmp_path / "full").iterdir())) == 3


def test_closed_or_unwritable_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(RecordingError, match=r"cannot begin a recording in .*taken"):
        recorder(tmp_path / "taken")
    kept = recorder(tmp_path / "fine")
    kept.close()
    kept.close()
    kept.keep(reply())
    kept.close()
    assert len(list((tmp_path / "fine").iterdir())) == 2


_FULL_DISK = """
import sys, resource, signal
from pathlib import Path
from tests.recording.test_writing import recorder, reply
from collector.errors import RecordingError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
kept = recorder(Path(sys.argv[1]))
kept.keep(reply())
size = next(Path(sys.argv[1]).iterdir()).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 3000, resource.RLIM_INFINITY))
import os
try:
    kept.keep(reply(body=os.urandom(5000)))
except RecordingError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
kept.keep(reply())
kept.close()
"""


def test_a_full_disk_is_an_error_and_leaves_whole_records(tmp_path: Path) -> None:
    """The write fails half-way (a file size limit, as a full disk does), then space is freed."""
    done = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert "cannot write the recording" in done.stdout
    assert len(members(one_file(tmp_path))) == 3


_KILLED = """
import sys, os, signal
from pathlib import Path
from tests.recording.test_writing import recorder, reply
kept = recorder(Path(sys.argv[1]))
for _ in range(5):
    kept.keep(reply())
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_kept_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path)],
        check=False,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == -signal.SIGKILL
    assert len(members(one_file(tmp_path))) == 6


def test_asks_are_noted(tmp_path: Path) -> None:
    kept = recorder(tmp_path)
    kept.keep(reply(ask=Area(29.94, 34.93, 100.0)), stale=True)
    kept.close()
    record = members(one_file(tmp_path))[1]
    for field in (b"Ask: area 29.94 34.93 100.0", b"Feed: adsblol", b"Format: readsb"):
        assert b"Collector-" + field + b"\r\n" in record
    assert b"Collector-Cached: yes\r\n" in record
