"""Which records does one landing rest on, byte for byte? Those of a span, out of many recordings.

A record is copied as it stands, or written anew where something had to be taken out of it. Then its
header names what was taken out, and the record that it was made of.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from collector.errors import RecordingError
from collector.model.body import GZIP_MAGIC
from collector.recording.keeping import Member, Span, read_members
from collector.recording.poll_coverage import CACHED_FIELD, ID_FIELD, REDACTED_FIELD, REFERS_FIELD
from collector.recording.records import Recognise, Recorded, recorded_at
from collector.recording.scanning import Report, brief
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

    `report` is called with a message for each record that cannot be read. Raises RecordingError.
    """
    found: dict[str, tuple[Path, Member]] = {}
    for path in paths:
        members: list[Member] = []
        try:
            read_members(path, members)
        except OSError as error:
            raise RecordingError(f"cannot read the recording {path}: {error.strerror}") from error
        for member in members:
            spans = ((begin, end), *(tracks if member.track else ()))
            if any(first <= member.at <= last for first, last in spans):
                found.setdefault(member.record_id or f"{path} {member.offset}", (path, member))
    for path, member in sorted(found.values(), key=lambda each: _order(each[1])):
        taken = _taken(path, member, recognise, report)
        if taken is not None:
            yield taken


def _order(member: Member) -> tuple[datetime, int]:
    """Return the order in which `read` yields records."""
    return member.at, zlib.crc32(member.record_id.encode())


def _taken(path: Path, member: Member, recognise: Recognise, report: Report) -> Extract | None:
    try:
        with path.open("rb") as file:
            recorded = recorded_at(file, member.offset, recognise)
            file.seek(member.offset)
            content = file.read(member.length)
    except Exception as error:
        report(f"{path}: cannot read the record at byte {member.offset} ({brief(error)})")
        return None
    if recorded is None:
        return None
    as_it_stands = member.ours and content.startswith(GZIP_MAGIC)
    return Extract(member.record_id, recorded, content if as_it_stands else b"")
