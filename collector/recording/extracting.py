"""Which records does one landing rest on, byte for byte? Those of a span, out of many recordings.

A record is copied as it stands, or written anew where something had to be taken out of it. Then its
header names what was taken out, and the record that it was made of.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from collector.errors import RecordingError
from collector.model.body import GZIP_MAGIC
from collector.recording.keeping import Span
from collector.recording.poll_coverage import (
    CACHED_FIELD,
    FEED_FIELD,
    ID_FIELD,
    OWN_FIELDS,
    REDACTED_FIELD,
    REFERS_FIELD,
)
from collector.recording.records import Recognise, Recorded, is_whole, recorded_at, records_of
from collector.recording.scanning import Report, brief, scan
from collector.recording.writing import poll_member, reply_member

POLL_URL = "urn:collector:poll:"
"""What stands before the feed's name where the address of a poll was taken out."""
OTHER_TOOL = "what another tool recorded beside the reply"


@dataclass(frozen=True)
class Extract:
    """One record: what it says, and its bytes."""

    record_id: str
    recorded: Recorded
    as_recorded: bytes
    """One gzipped member; empty if it must be written anew."""
    removed: tuple[str, ...] = ()
    """What was taken out, in words."""

    @cached_property
    def content(self) -> bytes:
        """The record as one gzipped member: as recorded, unless something was taken out."""
        if self.as_recorded and not self.removed:
            return self.as_recorded
        removed = "; ".join(self.removed) or OTHER_TOOL
        made_of = f"{self.record_id} {removed}"
        fields = {
            ID_FIELD: f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, made_of)}>",
            REDACTED_FIELD: removed,
            **({REFERS_FIELD: self.record_id} if self.record_id else {}),
            **({CACHED_FIELD: "yes"} if self.recorded.cached else {}),
        }
        if self.recorded.reply is not None:
            return reply_member(self.recorded.reply, fields)
        if self.recorded.poll is None:
            raise ValueError("a record holds a reply, or the coverage of a poll")
        return poll_member(self.recorded.poll, POLL_URL + self.recorded.poll.feed, fields)

    def without(self, recorded: Recorded, removed: Iterable[str]) -> Extract:
        """Return the record with other content, from which something was taken out."""
        return replace(self, recorded=recorded, removed=tuple(removed))


def extract(
    paths: Sequence[Path],
    begin: datetime,
    end: datetime,
    *,
    recognise: Recognise,
    report: Report,
    tracks: Sequence[Span] = (),
) -> Iterator[Extract]:
    """Yield the records of [begin, end] in order of time, each once, and full tracks of `tracks`.

    `report` is called with a message for each record and file that cannot be read.
    """
    found: dict[str, tuple[datetime, int, Path, int]] = {}
    spans = ((begin, end), *tracks)
    for path in paths:
        try:
            for place in scan(path, report):
                if any(first <= place.at <= last for first, last in spans):
                    name = f"{place.at} {place.fingerprint}"
                    found.setdefault(name, (place.at, place.fingerprint, path, place.offset))
        except RecordingError as error:
            report(str(error))
    for at, _, path, offset in sorted(found.values(), key=lambda each: each[:2]):
        taken = _taken(path, offset, recognise, report)
        if taken is not None and (begin <= at <= end or _is_track(taken)):
            yield taken


def _is_track(taken: Extract) -> bool:
    return taken.recorded.reply is not None and taken.recorded.reply.format.history


def _taken(path: Path, offset: int, recognise: Recognise, report: Report) -> Extract | None:
    try:
        with path.open("rb") as file:
            recorded = recorded_at(file, offset, recognise)
            record_id, length = _extent(file, offset)
            file.seek(offset)
            content = file.read(length)
    except Exception as error:  # warcio raises any error of its parser
        report(f"{path}: cannot read the record at byte {offset} ({brief(error)})")
        return None
    if recorded is None:
        return None
    return Extract(record_id, recorded, content if content.startswith(GZIP_MAGIC) else b"")


def _extent(file: BinaryIO, offset: int) -> tuple[str, int]:
    """Return the id of a record, and how many bytes may be copied as they stand: none of one that
    another tool wrote."""
    file.seek(offset)
    records = records_of(file, no_record_parse=True)
    record = next(iter(records))
    headers = record.rec_headers
    names = {name for name, _ in headers.headers}
    ours = names <= OWN_FIELDS and (FEED_FIELD in names or record.rec_type == "metadata")
    is_whole(record)
    return headers.get_header(ID_FIELD, ""), records.get_record_length() if ours else 0
