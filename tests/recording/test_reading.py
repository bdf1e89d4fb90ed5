"""What comes back: everything, once, in order of receipt, from our files and from other tools'."""

from __future__ import annotations

import gzip
import http.server
import io
import json
import random
import re
import shutil
import subprocess
import tempfile
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.recordbuilder import RecordBuilder
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from collector.coverage.region import Region
from collector.errors import RecordingError
from collector.model import WatchMatch
from collector.model.coverage import PollCoverage, slots_of
from collector.model.reply import Area, Ask, Everything, Fleet, Format, Outcome, Reply
from collector.pipeline.sift import SiftedReply, moved, sift
from collector.recording import Recorded, Recorder, read, recognise
from tests.support.reshape import opensky_replies, record
from tests.support.shared import needs_shared

AT = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
OVDA = Region(((29.94, 34.93, 100.0),))
MATCH = (WatchMatch("silkway", "fleet silkway", True),)
known = partial(recognise, hosts={})


def reply(seconds: float = 0, ask: Ask | None = None, **changed: object) -> Reply:
    at = AT + timedelta(seconds=seconds)
    body = {"ac": [{"hex": "600865", "seen": 0}], "now": round(at.timestamp() * 1000)}
    return Reply(
        feed="adsblol",
        format=Format.READSB,
        ask=ask or Area(29.94, 34.93, 100.0),
        url="https://api.adsb.lol/v2/point/29.94/34.93/100",
        received_at=at,
        headers=(("Content-Type", "application/json"),),
        body=json.dumps(body | changed).encode(),
    )


def replies_of(paths: list[Path], **reading: object) -> list[Reply]:
    found = read(paths, recognise=known, **reading)  # type: ignore[arg-type]
    return [each.reply for each in found if each.reply is not None]


def test_replies_come_back_as_they_were(tmp_path: Path) -> None:
    kept = [reply(), reply(1.5, Fleet(("600865",))), reply(2.000001, Everything())]
    record(kept, tmp_path)
    back = replies_of([tmp_path])
    assert [
        (each.feed, each.format, each.ask, each.url, each.received_at, each.body) for each in back
    ] == [
        (each.feed, each.format, each.ask, each.url, each.received_at, each.body) for each in kept
    ]
    assert back[0].headers[0] == ("Content-Type", "application/json")


def test_any_order_of_any_files_gives_the_order_of_receipt(tmp_path: Path) -> None:
    chosen = random.Random(7)
    sent = [reply(second) for second in range(60)]
    chosen.shuffle(sent)
    for number in range(12):
        record(sent[number * 5 : number * 5 + 5], tmp_path / f"run{number}")
    files = list(tmp_path.rglob("*.warc.gz"))
    orders = []
    for _ in range(3):
        chosen.shuffle(files)
        orders.append([each.received_at for each in replies_of([*files, tmp_path])])
    wanted = [AT + timedelta(seconds=second) for second in range(60)]
    assert orders == [wanted] * 3, "each once, although folder and files were both named"


def test_a_copied_recording_comes_once(tmp_path: Path) -> None:
    (file,) = record([reply(), reply(0, Everything())], tmp_path)
    shutil.copy(file, tmp_path / "copy.warc.gz")
    assert len(replies_of([tmp_path])) == 2


def test_more_files_than_may_be_open(tmp_path: Path) -> None:
    for second in range(40):
        record([reply(second), reply(100 - second)], tmp_path / f"{second}")
    assert len(replies_of([tmp_path])) == 80


@given(st.integers(0, 10_000))
def test_a_torn_end_costs_only_what_was_torn(share: int) -> None:
    with _folder() as folder:
        (first,) = record([reply(second) for second in range(4)], folder / "a")
        whole = first.read_bytes()
        ends = [match.start() for match in re.finditer(rb"\x1f\x8b\x08\x00", whole)] + [len(whole)]
        cut = len(whole) * share // 10_000
        first.write_bytes(whole[:cut])
        record([reply(second) for second in range(4, 7)], folder / "b")
        told: list[str] = []
        found = replies_of([folder], report=told.append)
        seconds = [(each.received_at - AT).total_seconds() for each in found]
        complete = max(0, sum(end <= cut for end in ends) - 2)
        # a member whose checksum alone is torn off, or the end of its compressed data, is whole
        kept = len(seconds) - 3
        assert kept in (complete, complete + 1)
        assert seconds == [*range(kept), 4, 5, 6]
        assert told or any(0 <= end - cut <= 16 for end in ends)
        assert not told or cut not in ends


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def test_a_changed_byte_is_told_and_only_its_record_lost(tmp_path: Path) -> None:
    plain = tmp_path / "plain.warc"
    record([reply(1, note="one"), reply(2, note="two"), reply(3, note="three")], tmp_path / "a")
    (packed,) = (tmp_path / "a").iterdir()
    plain.write_bytes(gzip.decompress(packed.read_bytes()).replace(b'"two"', b'"tvo"'))
    told: list[str] = []
    found = replies_of([plain], report=told.append)
    assert [each.received_at.second for each in found] == [1, 3]
    assert len(told) == 1
    assert "plain.warc" in told[0]
    assert "digest" in told[0]


def test_nothing_readable_is_an_error_and_a_part_is_not(tmp_path: Path) -> None:
    (tmp_path / "notes.warc").write_text("not a recording")
    for path in (tmp_path, tmp_path / "absent.warc.gz", tmp_path / "notes.warc"):
        with pytest.raises(RecordingError, match="no readable recording"):
            read([path], recognise=known)
    record([reply()], tmp_path)
    told: list[str] = []
    assert len(replies_of([tmp_path, tmp_path / "absent"], report=told.append)) == 1
    assert len(told) == 2


def test_a_recording_of_a_silent_start_is_readable(tmp_path: Path) -> None:
    Recorder(tmp_path, started_at=AT, software="x", contact=None).close()
    assert replies_of([tmp_path]) == []


def test_memory_is_bounded_by_a_body_not_by_the_recording(tmp_path: Path) -> None:
    noise = random.Random(1)
    sent = (reply(second, pad=noise.randbytes(500_000).hex()) for second in range(20))
    record(sent, tmp_path)
    tracemalloc.start()
    try:
        count = sum(1 for _ in read([tmp_path], recognise=known))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 20
    assert peak < 8_000_000, "20 bodies of 1 MB each were read"


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
    found = list(read([tmp_path], recognise=known))
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


def listen(replies: list[Reply]) -> Iterator[tuple[Reply, SiftedReply]]:
    """A live run's judgement of each reply."""
    previous: dict[tuple[str, Ask], datetime] = {}
    for each in replies:
        sifted = sift(each, lambda row, _: MATCH if row.icao24 == "600865" else (), OVDA)
        key = (each.feed, each.ask)
        if moved(previous.get(key), sifted):
            previous[key] = sifted.now_at
        else:
            sifted = sifted.as_stale()
        yield each, sifted


rows = st.fixed_dictionaries(
    {"hex": st.sampled_from(["600865", "4ca1fa", "4ca1fb", "~2a0c31"])},
    optional={
        "lat": st.floats(29, 31),
        "lon": st.floats(34, 36),
        "seen": st.floats(0, 90),
        "seen_pos": st.floats(0, 90),
        "alt_baro": st.integers(0, 40000) | st.just("ground"),
    },
)
polls = st.lists(
    st.tuples(
        st.sampled_from([Area(29.94, 34.93, 100.0), Everything(), Fleet(("600865",))]),
        st.lists(rows, max_size=4),
        st.integers(-30, 700),
        st.sampled_from([None, None, None, *Outcome]),
    ),
    max_size=12,
)


@given(polls)
def test_replayed_coverage_is_live_coverage(
    asked: list[tuple[Ask, list[dict[str, object]], int, Outcome | None]],
) -> None:
    """Kept replies, heartbeats of the others, caches and failures: every hearing comes back."""
    live: list[PollCoverage] = []
    with _folder() as folder:
        recorder = Recorder(folder, started_at=AT, software="tests", contact=None)
        answered = []
        for number, (ask, listed, late_s, outcome) in enumerate(asked):
            at = AT + timedelta(seconds=37.123 * number)
            if outcome is not None and not outcome.alive:
                hearing = PollCoverage(feed="adsblol", at=at, outcome=outcome, area=True)
                live.append(hearing)
                recorder.heartbeat(hearing, "https://api.adsb.lol/v2/mil")
            else:
                now = (at - timedelta(seconds=late_s)).timestamp()
                answered.append(reply(37.123 * number, ask, ac=listed, now=now))
        for each, sifted in listen(answered):
            live.append(sifted.coverage)
            if sifted.worth_keeping:
                recorder.keep(each, stale=sifted.coverage.outcome is Outcome.STALE)
            else:
                recorder.heartbeat(sifted.coverage, each.url)
        recorder.close()
        back = []
        for recorded in read([folder], recognise=known):
            if recorded.reply is None:
                assert recorded.poll is not None
                back.append(recorded.poll)
                continue
            ((_, sifted),) = listen([recorded.reply])
            back.append((sifted.as_stale() if recorded.cached else sifted).coverage)
    assert sorted(back, key=lambda each: each.at) == sorted(live, key=lambda each: each.at)
    assert slots_of(back) == slots_of(live)


@needs_shared
def test_genuine_snapshots_survive_being_recorded(tmp_path: Path) -> None:
    sent = opensky_replies()
    record(reversed(sent), tmp_path)
    assert [each.body for each in replies_of([tmp_path])] == [each.body for each in sent]
