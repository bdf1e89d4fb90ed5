"""Are a landing's records copied as they stand, and is what is taken out of them marked?"""

from __future__ import annotations

import io
import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from collector.model.reply import Format
from collector.recording import Recorder, read
from collector.recording.extracting import OTHER_TOOL, Extract, extract
from tests.recording.replies import AT, by_public_host, reply

MINUTE = timedelta(minutes=1)
taken = partial(extract, recognise=by_public_host, report=lambda problem: None)


def recorded(folder: Path) -> Path:
    recorder = Recorder(folder, started_at=AT, software="tests", contact="me@example.org")
    for minute in range(10):
        recorder.keep(reply(60 * minute), stale=minute == 3)
    track = reply(3600)
    recorder.keep(
        type(track)(
            feed="adsblol",
            format=Format.TRACE,
            ask=track.ask,
            url="https://globe.example/trace_full_600865.json",
            received_at=track.received_at,
            body=b'{"icao":"600865","timestamp":1,"trace":[]}',
        )
    )
    recorder.close()
    (path,) = folder.iterdir()
    return path


def of_another_tool(folder: Path) -> Path:
    """A reply as a crawler records it, with the address of the server."""
    given, path = reply(), folder / "crawl.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        record = writer.create_warc_record(
            given.url,
            "response",
            payload=io.BytesIO(given.body),
            length=len(given.body),
            http_headers=StatusAndHeaders("200 OK", [("Set-Cookie", "me=1")], protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": "2026-11-22T12:00:01Z", "WARC-IP-Address": "10.0.0.7"},
        )
        writer.write_record(record)
    return path


def again(folder: Path, extracts: list[Extract]) -> Path:
    path = folder / "again.warc.gz"
    path.write_bytes(b"".join(each.content for each in extracts))
    return path


def test_records_of_a_span_are_copied_once_and_full_tracks_whenever_they_came(
    tmp_path: Path,
) -> None:
    path = recorded(tmp_path / "live")
    copy = Path(shutil.copy(path, tmp_path / "copy.warc.gz"))
    span = (AT + 2 * MINUTE, AT + 5 * MINUTE)
    assert len(list(taken([path, copy], *span))) == 4
    hour = AT + timedelta(hours=1)
    found = list(taken([path, copy], *span, tracks=[(hour - MINUTE, hour + MINUTE)]))
    assert [each.recorded.at - AT for each in found] == [*(n * MINUTE for n in (2, 3, 4, 5)),
                                                         60 * MINUTE]  # fmt: skip
    assert all(each.content in path.read_bytes() for each in found)
    read_again = list(read([again(tmp_path, found)], recognise=by_public_host))
    assert read_again == [each.recorded for each in found]
    assert [each.cached for each in read_again] == [False, True, False, False, False]


def test_what_was_taken_out_stands_in_the_header_beside_the_record_it_was_made_of(
    tmp_path: Path,
) -> None:
    path = recorded(tmp_path / "live")
    (first, *_) = taken([path], AT, AT + MINUTE)
    changed = first.without(first.recorded, ["a name", "an address"])
    assert changed.content == first.without(first.recorded, ["a name", "an address"]).content
    (record,) = ArchiveIterator(io.BytesIO(changed.content))
    headers = record.rec_headers
    assert headers.get_header("Collector-Redacted") == "a name; an address"
    assert headers.get_header("WARC-Refers-To") == first.record_id
    assert headers.get_header("WARC-Record-ID") != first.record_id


def test_a_record_of_another_tool_is_written_anew_without_addresses(tmp_path: Path) -> None:
    path = of_another_tool(tmp_path)
    found = list(taken([path], AT - MINUTE, AT + MINUTE))
    (record,) = ArchiveIterator(io.BytesIO(found[0].content))
    assert record.rec_headers.get_header("Collector-Redacted") == OTHER_TOOL
    assert record.rec_headers.get_header("WARC-IP-Address") is None
    assert record.http_headers.get_header("Set-Cookie") is None
    (kept,) = read([again(tmp_path, found)], recognise=by_public_host)
    assert kept.reply is not None
    assert kept.reply.body == reply().body


def test_a_damaged_record_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    path = recorded(tmp_path / "live")
    (first, second, *_) = taken([path], AT, AT + 2 * MINUTE)
    content = path.read_bytes()
    begin = content.index(first.content)
    path.write_bytes(content[: begin + 40] + b"?" + content[begin + 41 :])
    told: list[str] = []
    found = list(extract([path], AT, AT + 2 * MINUTE, recognise=by_public_host, report=told.append))
    assert [each.recorded.at for each in found if each == second] == [second.recorded.at]
    assert all(each.record_id != first.record_id for each in found)
    assert told
