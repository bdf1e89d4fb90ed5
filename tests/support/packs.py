"""Packs taken apart and put together again, as somebody might who means no good."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

from collector.reports.evidence.documents import MEANINGS

PLAIN = frozenset(MEANINGS) - {"asked-for.json", "seal.json", "stamp-N.pem", "stamp-N.tsr"}
"""The files of a pack that was not sealed, and for which nothing was asked by name."""


def members_of(path: Path) -> dict[str, bytes]:
    """Return every member of a pack, the sums included, by its name in the folder."""
    with zipfile.ZipFile(path) as pack:
        return {name.partition("/")[2]: pack.read(name) for name in pack.namelist()}


def packed(path: Path, members: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    """Write members as a pack, without new sums."""
    with zipfile.ZipFile(path, "w", method) as pack:
        for name, content in members.items():
            pack.writestr(f"evidence/{name}", content)
    return path


def resummed(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return members with sums that fit them."""
    others = {name: content for name, content in members.items() if name != "SHA256SUMS"}
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in others.items())
    return {**others, "SHA256SUMS": "".join(lines).encode()}


def split(content: bytes) -> list[bytes]:
    """Return the gzipped members that follow one another."""
    begin = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
    return [begin + each for each in content.split(begin)[1:]]


def records_of(members: Mapping[str, bytes]) -> list[bytes]:
    """Return the records of a pack's replies as they stand."""
    return split(members["replies.warc.gz"])


def altered(source: Path, target: Path, name: str) -> None:
    """Write a pack again with one bit of the middle byte of one member changed."""
    members = members_of(source)
    content = bytearray(members[name])
    content[len(content) // 2] ^= 1
    packed(target, {**members, name: bytes(content)})
