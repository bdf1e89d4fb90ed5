"""How is a pack of files written so that every changed byte is found? As a zip with `SHA256SUMS`.

The same files give the same bytes: members are sorted, uncompressed, and dated 1 January 1980. All
of them lie in one folder, whose `SHA256SUMS` coreutils' `sha256sum -c` reads. A pack that is read
may be hostile: names, number and size of its members are checked before anything is unpacked, and
nothing is unpacked through a link or to a place outside of the folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from collector import private
from collector.errors import PackError, os_words
from collector.untrusted import visible

SUMS = "SHA256SUMS"
MOST_MEMBERS = 64
MOST_BYTES = 1 << 30
"""Unpacked. The replies of a stay of four days, polled each 20 s, are a fifth of it."""
LARGEST_TEXT_BYTES = 64 << 20
"""Of any member that is read into memory."""

_DATE = (1980, 1, 1, 0, 0, 0)
"""The first that a zip can state (APPNOTE.TXT 4.4.6)."""
_MODE = (stat.S_IFREG | 0o644) << 16
_UNIX = 3
_CHUNK = 1 << 20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SUM = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9][A-Za-z0-9._-]{0,99})")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Whoever unpacks a pack and packs it again compresses it; what it holds stays the same."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A pack that was unpacked into a folder, and what is wrong with it."""

    folder: Path
    names: tuple[str, ...]
    """The members that `SHA256SUMS` must list, sorted."""
    problems: tuple[str, ...]
    """One sentence each; empty if nothing was changed, removed or added."""


def write_pack(path: Path, root: str, members: Mapping[str, bytes | Path]) -> str:
    """Write a pack with these members, by name, and their sums; return the SHA-256 of the file.

    `root` names the folder inside. The file is new or replaced as a whole, and private. Raises
    PackError.
    """
    sums = "".join(f"{_sha256(members[name])}  {name}\n" for name in sorted(members))
    everything = {**members, SUMS: sums.encode()}
    partial = path.with_name(f".{path.name}.partial")
    try:
        private.make_folder(path.absolute().parent)
        partial.unlink(missing_ok=True)
        with (
            os.fdopen(private.open_new(partial), "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack,
        ):
            for name in sorted(everything):
                _add(pack, f"{root}/{name}", everything[name])
        total = _sha256(partial)
        partial.rename(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise PackError(
            f"the pack cannot be written to {path}: {os_words(error)}; name another place"
        ) from error
    return total


def unpack(path: Path, folder: Path) -> Unpacked:
    """Unpack a pack into an empty folder and compare every member with its sum.

    Raises PackError if the file is no pack, or one that must not be unpacked.
    """
    try:
        with zipfile.ZipFile(path) as pack:
            names = _checked_names(pack)
            broken = [name for info, name in names if not _extract(pack, info, folder / name)]
    except OSError as error:
        raise PackError(f"{path} cannot be read: {os_words(error)}") from error
    # zipfile raises the last three for features that it lacks, encryption, and numbers that lie.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        raise PackError(f"{path} is no pack that can be read: {visible(str(error))}") from error
    found = sorted(name for _, name in names if name != SUMS)
    return Unpacked(folder, tuple(found), (*_told(broken), *_differences(folder, found)))


def _checked_names(pack: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, str]]:
    """Return each member with its bare name. Raises PackError if any must not be unpacked."""
    members = pack.infolist()
    if len(members) > MOST_MEMBERS:
        raise PackError(f"it has {len(members):,} members, and a pack at most {MOST_MEMBERS}")
    if (size := sum(member.file_size for member in members)) > MOST_BYTES:
        raise PackError(f"unpacked it would have {size:,} bytes, and a pack at most {MOST_BYTES:,}")
    found: dict[str, zipfile.ZipInfo] = {}
    roots = set()
    for member in members:
        root, slash, name = member.filename.partition("/")
        told = visible(member.orig_filename, 100)
        if slash and not name:  # the folder itself; `is_dir` fails for a member without a name
            continue
        if not (slash and _NAME.fullmatch(root) and _NAME.fullmatch(name)):
            raise PackError(f"the name of its member {told} leads elsewhere than into one folder")
        if member.flag_bits & 1 or member.compress_type not in _METHODS:
            raise PackError(f"its member {told} is encrypted, or compressed in a rare way")
        if (kind := stat.S_IFMT(member.external_attr >> 16)) and kind != stat.S_IFREG:
            raise PackError(f"its member {told} is a link or a device, and no file")
        if name in found:
            raise PackError(f"it has two members of the name {told}")
        found[name] = member
        roots.add(root)
    if len(roots) != 1 or SUMS not in found:
        raise PackError(f"it is no pack: it has no folder with {SUMS} in it")
    return [(member, name) for name, member in found.items()]


def _extract(pack: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> bool:
    """Unpack one member, never more than it states; return whether all of it could be read."""
    left = member.file_size
    with target.open("xb") as file:
        try:
            with pack.open(member) as content:
                while piece := content.read(min(_CHUNK, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        raise PackError(f"its member {target.name} is larger than it states")
                    file.write(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError):
            return False
    return left == 0


def _told(broken: list[str]) -> list[str]:
    return [f"{name} is damaged in the zip file" for name in broken]


def _differences(folder: Path, found: list[str]) -> list[str]:
    """Return how the members differ from what `SHA256SUMS` lists."""
    sums: dict[str, str] = {}
    problems = []
    for number, line in enumerate(_lines_of(folder / SUMS), 1):
        entry = _SUM.fullmatch(line)
        if entry is None or entry[2] in sums:
            problems.append(f"line {number} of {SUMS} is no sum of a member")
        else:
            sums[entry[2]] = entry[1]
    problems += [f"{name} is missing" for name in sorted(sums) if name not in found]
    problems += [f"{name} was added: {SUMS} does not list it" for name in found if name not in sums]
    problems += [
        f"{name} was changed: its SHA-256 is not the one in {SUMS}"
        for name in found
        if name in sums and sums[name] != _sha256(folder / name)
    ]
    return problems


def _lines_of(path: Path) -> list[str]:
    text = path.read_bytes()[:LARGEST_TEXT_BYTES].decode("latin-1")
    return text.removesuffix("\n").split("\n")


def _add(pack: zipfile.ZipFile, name: str, content: bytes | Path) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.create_system, info.external_attr = _UNIX, _MODE
    info.file_size = content.stat().st_size if isinstance(content, Path) else len(content)
    with pack.open(info, "w") as member:
        if isinstance(content, bytes):
            member.write(content)
            return
        with content.open("rb") as file:
            while piece := file.read(_CHUNK):
                member.write(piece)


def _sha256(content: bytes | Path) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
