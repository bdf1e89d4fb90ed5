"""Are recordings of other tools read, with their chunks, encodings, times and failures?"""

from __future__ import annotations

import gzip
import http.server
import io
import shutil
import subprocess
import threading
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from warcio.recordbuilder import RecordBuilder
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from collector.model.coverage import PollCoverage
from collector.model.reply import Everything, Fleet, Format, Outcome
from collector.recording import Recorded, read, recognise
from tests.recording.replies import AT, by_public_host, replies_of, reply


def foreign(
    path: Path,
    body: bytes,
    headers: list[tuple[str, str]],
    *,
    status: str = "200 OK",
    url: str = "https://api.adsb.lol/v2/mil",
    date: str = "2026-11-22T12:00:00Z",
    pack: bool = True,
) -> None:
    """A recording as other tools write it: WARC 1.0, requests, whole seconds, raw encodings."""
    builder = RecordBuilder(warc_version="1.0")
    with path.open("ab") as file:
        writer = WARCWriter(file, gzip=pack, warc_version="1.0")
        writer.write_record(builder.create_warcinfo_record(path.name, {"software": "other"}))
        fields = {"WARC-Date": date}
        asked = StatusAndHeaders("GET /v2/mil HTTP/1.1", [("Host", "x")], is_http_request=True)
        for kind, http_headers, payload in (
            ("request", asked, b""),
            ("response", StatusAndHeaders(status, headers, protocol="HTTP/1.1"), body),
        ):
            writer.write_record(
                builder.create_warc_record(
                    f"<{url}>",
                    kind,
                    payload=io.BytesIO(payload),
                    length=len(payload),
                    http_headers=http_headers,
                    warc_headers_dict=dict(fields),
                )
            )


def chunked(body: bytes) -> bytes:
    pieces = [body[begin : begin + 7] for begin in range(0, len(body), 7)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize("pack", [True, False])
@pytest.mark.parametrize(
    ("encode", "headers"),
    [
        (lambda body: body, []),
        (chunked, [("Transfer-Encoding", "chunked")]),
        (gzip.compress, [("Content-Encoding", "gzip")]),
        (zlib.compress, [("Content-Encoding", "deflate")]),
        (raw_deflate, [("Content-Encoding", "deflate")]),
        (
            lambda body: chunked(gzip.compress(body)),
            [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")],
        ),
        (lambda body: body, [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]),
    ],
)
def test_other_tools_recordings(
    tmp_path: Path, encode: Callable[[bytes], bytes], headers: list[tuple[str, str]], pack: bool
) -> None:
    body = reply().body
    foreign(tmp_path / "other.warc", encode(body), headers, pack=pack)
    (found,) = replies_of([tmp_path])
    assert found.body == body
    assert (found.feed, found.format, found.ask) == ("adsblol", Format.READSB, Fleet(()))
    assert found.received_at == AT.replace(microsecond=0)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("304 Not Modified", Outcome.STALE),
        ("400 Bad Request", Outcome.MALFORMED),
        ("401 Unauthorized", Outcome.REFUSED),
        ("402 Payment Required", Outcome.PAYMENT_REQUIRED),
        ("403 Forbidden", Outcome.REFUSED),
        ("404 Not Found", None),
        ("302 Found", None),
        ("429 Too Many Requests", Outcome.RATE_LIMITED),
        ("503 Service Unavailable", Outcome.UNREACHABLE),
    ],
)
def test_failures_in_other_tools_recordings(
    tmp_path: Path, status: str, outcome: Outcome | None
) -> None:
    foreign(tmp_path / "other.warc.gz", b"<html>", [], status=status)
    found = list(read([tmp_path], recognise=by_public_host))
    at = AT.replace(microsecond=0)
    hearing = outcome and PollCoverage(feed="adsblol", at=at, outcome=outcome, area=False)
    assert found == ([Recorded(at, poll=hearing)] if hearing else [])


def test_times_of_any_precision_and_zone_and_urls_of_no_feed(tmp_path: Path) -> None:
    for number, date in enumerate(
        ["2026-11-22T12:00:00.5Z", "2026-11-22T12:00:00.123456789Z", "2026-11-22T14:00:00+02:00"]
    ):
        foreign(tmp_path / f"{number}.warc.gz", reply().body, [], date=date)
    foreign(tmp_path / "page.warc.gz", b"<html>", [], url="https://example.org/")
    foreign(tmp_path / "undated.warc.gz", reply().body, [], date="yesterday")
    microseconds = [each.received_at.microsecond for each in replies_of([tmp_path])]
    assert microseconds == [0, 123456, 500000]


class _Feed(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(chunked(reply().body))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.mark.skipif(shutil.which("wget") is None, reason="no wget to record with")
def test_a_recording_by_wget(tmp_path: Path) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Feed)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/tar1090/data/aircraft.json"
        command = ["wget", "--quiet", "--no-proxy", f"--warc-file={tmp_path / 'other'}", url]
        subprocess.run([*command, "-O", str(tmp_path / "body")], check=True)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    told: list[str] = []
    hosts = {f"127.0.0.1:{server.server_port}": "roof"}
    (found,) = read(
        [tmp_path / "other.warc.gz"], recognise=partial(recognise, hosts=hosts), report=told.append
    )
    assert told == []
    assert found.reply is not None
    assert (found.reply.feed, found.reply.ask) == ("roof", Everything())
    assert found.reply.body == reply().body
