"""Is everything recorded read back once, in order of receipt, also from damaged files?"""

from __future__ import annotations

import gzip
import random
import re
import shutil
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import RecordingError
from collector.model.coverage import PollCoverage, slots_of
from collector.model.reply import Area, Ask, Everything, Fleet, Outcome, Reply, is_newer
from collector.pipeline.sift import SiftedReply, sift
from collector.recording import Recorder, read
from tests.recording.replies import AT, MATCH, OVDA, by_public_host, replies_of, reply
from tests.support.reshape import opensky_replies, record
from tests.support.shared import needs_shared


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


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_record_that_is_torn_before_its_length_is_told(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    record([reply(1), reply(2)], tmp_path / "a")
    (packed,) = (tmp_path / "a").iterdir()
    whole = packed.read_bytes()
    last = whole.rindex(b"\x1f\x8b\x08\x00")
    text, torn = gzip.decompress(whole[:last]), gzip.decompress(whole[last:])
    torn = torn[: torn.index(b"Content-Length:") + len("Content-Length:")]
    before = whole[:last] if pack is gzip.compress else text
    packed.unlink()
    cut = tmp_path / "a" / ("cut.warc.gz" if pack is gzip.compress else "cut.warc")
    cut.write_bytes(before + pack(torn))
    told: list[str] = []
    found = replies_of([cut], report=told.append)
    assert [each.received_at for each in found] == [AT + timedelta(seconds=1)]
    assert len(told) == 1


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
            read([path], recognise=by_public_host)
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
        count = sum(1 for _ in read([tmp_path], recognise=by_public_host))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 20
    assert peak < 8_000_000, "20 bodies of 1 MB each were read"


def listen(replies: list[Reply]) -> Iterator[tuple[Reply, SiftedReply]]:
    """A live run's judgement of each reply."""
    previous: dict[tuple[str, Ask], datetime] = {}
    for each in replies:
        sifted = sift(each, lambda row, _: MATCH if row.icao24 == "600865" else (), OVDA)
        key = (each.feed, each.ask)
        if is_newer(previous.get(key), sifted.now_at, each.received_at):
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
            if sifted.observations or sifted.coverage.cells:
                recorder.keep(each, stale=sifted.coverage.outcome is Outcome.STALE)
            else:  # as versions up to 0.2 recorded replies without aircraft
                recorder.heartbeat(sifted.coverage, each.url)
        recorder.close()
        back = []
        for recorded in read([folder], recognise=by_public_host):
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
