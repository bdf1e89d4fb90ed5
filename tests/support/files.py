"""A file as a real server gives it: whole or in part, and cut off as often as the test wants."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.support.fake_feed import Answer, Fault, Seen

ABRUPT = Answer(fault=Fault.CUT)
"""In `instead`: half of what was asked for, then the end of the connection."""


@dataclass
class ServedFile:
    """To be given to `FakeFeed.on`. `instead` is what happens to the first requests instead."""

    body: bytes
    etag: str = '"v1"'
    instead: list[Answer | None] = field(default_factory=list)
    """`None` is a good answer, `ABRUPT` half of one, anything else is given as it is."""
    ranges: list[str | None] = field(default_factory=list)
    """The `Range` of each request."""

    def __call__(self, seen: Seen) -> Answer:
        self.ranges.append(seen.headers.get("range"))
        other = self.instead.pop(0) if self.instead else None
        if other is not None and other is not ABRUPT:
            return other
        fault = None if other is None else Fault.CUT
        headers = {"ETag": self.etag, "Accept-Ranges": "bytes"}
        asked = re.fullmatch(r"bytes=(\d+)-", seen.headers.get("range", ""))
        if asked is None or seen.headers.get("if-range", self.etag) != self.etag:
            return Answer(self.body, headers=headers, fault=fault)
        begin, size = int(asked[1]), len(self.body)
        if begin >= size:
            return Answer(status=416, headers={"Content-Range": f"bytes */{size}"})
        headers["Content-Range"] = f"bytes {begin}-{size - 1}/{size}"
        return Answer(self.body[begin:], 206, headers, fault)
