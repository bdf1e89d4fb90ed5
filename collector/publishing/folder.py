"""How do files get into the folder of a web server? Each at once or not at all, and only our own.

A manifest in the folder names the files that stand there by our own doing, with their hashes. No
other file is written over or deleted: whoever changed one of ours has to take it away first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath

from collector.errors import CollectorError, os_words

MANIFEST = ".collector-site.json"
_PART = ".collector-part"
"""Ends the name of a file that is being written."""


class StrangersFilesError(CollectorError):
    """The folder holds files that are not ours where files of ours would stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run changes in a folder."""

    folder: Path
    files: Mapping[str, bytes]
    made_from: Mapping[str, str]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    before: Mapping[str, list[str]] = field(default_factory=dict)
    """The hashes that files of ours may have, by path."""

    @property
    def unchanged(self) -> int:
        """How many files stay as they are."""
        return len(self.files) - len(self.new) - len(self.changed)


@dataclass(frozen=True, slots=True)
class Ours:
    """What stands in the manifest of a folder."""

    hashes: Mapping[str, list[str]]
    made_from: Mapping[str, str]
    """By path, what a file was drawn from, so that it need not be drawn again."""


def ours(folder: Path) -> Ours:
    """Return what the manifest of a folder names; nothing where there is none.

    Raises CollectorError if it cannot be read.
    """
    try:
        stored = json.loads((folder / MANIFEST).read_bytes())
        return Ours(
            {str(path): [str(one) for one in found] for path, found in stored["files"].items()},
            {str(path): str(found) for path, found in stored["made_from"].items()},
        )
    except FileNotFoundError:
        return Ours({}, {})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = os_words(error) if isinstance(error, OSError) else "it has another form"
        raise CollectorError(
            f"{folder / MANIFEST} cannot be read ({why}), so nobody knows which files there are "
            "the collector's; choose an empty folder"
        ) from error


def kept(folder: Path, known: Ours, path: str, made_from: str) -> bytes | None:
    """Return the file at `path` if it was made from the same; None if it has to be made anew."""
    if known.made_from.get(path) != made_from:
        return None
    content = _read(folder / path)
    if content is None or _hash(content) not in known.hashes.get(path, ()):
        return None
    return content


def plan(folder: Path, files: Mapping[str, bytes], made_from: Mapping[str, str]) -> Plan:
    """Return what has to change so that the folder holds these files, and none of ours besides.

    Raises StrangersFilesError, and CollectorError if the folder cannot be read.
    """
    known, new, changed, removed = ours(folder).hashes, [], [], []
    strange = []
    for path in sorted({*files, *known}):
        _refuse_outside(folder, path)
        found = _read(folder / path)
        if (
            found is not None
            and found != files.get(path)
            and _hash(found) not in known.get(path, ())
        ):
            strange.append(path)
        elif path not in files:
            removed.append(path)
        elif found is None:
            new.append(path)
        elif found != files[path]:
            changed.append(path)
    if strange:
        more = f" and {len(strange) - 3:,} more" if len(strange) > 3 else ""
        raise StrangersFilesError(
            f"{folder} holds {', '.join(strange[:3])}{more}, which somebody else wrote or changed; "
            "nothing was written: take it away, or choose another folder"
        )
    return Plan(
        folder=folder,
        files=files,
        made_from=made_from,
        new=tuple(new),
        changed=tuple(changed),
        removed=tuple(removed),
        before=known,
    )


def put_in_place(plan: Plan) -> None:
    """Write the files that are new or changed, and delete those that are published no more.

    A page is exchanged at once, so that a web server serves the old or the new one. Pictures,
    tables and other pages come before the first page. If the process dies in between, the next run
    goes on from there. Raises CollectorError.
    """
    folder = plan.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        hashes = {path: [_hash(content)] for path, content in plan.files.items()}
        touched = [*plan.new, *plan.changed]
        if touched or plan.removed:
            either = {
                path: list(dict.fromkeys([*plan.before.get(path, ()), *hashes.get(path, ())]))
                for path in {*plan.before, *hashes}
            }
            _replace(folder / MANIFEST, _manifest(either, {}))
        for path in sorted(touched, key=_last_pages):
            _replace(folder / path, plan.files[path])
        for path in plan.removed:
            (folder / path).unlink(missing_ok=True)
        _remove_empty(folder, plan.removed)
        content = _manifest(hashes, plan.made_from)
        if _read(folder / MANIFEST) != content:
            _replace(folder / MANIFEST, content)
    except OSError as error:
        raise CollectorError(
            f"the pages cannot be written into {folder}: {os_words(error)}; what stands there is "
            "whole, and the next run goes on"
        ) from error


def _last_pages(path: str) -> tuple[int, str]:
    """Return the order of writing: what pages show, then pages, then the first page."""
    return (2 if path == "index.html" else path.endswith(".html"), path)


def _manifest(hashes: Mapping[str, list[str]], made_from: Mapping[str, str]) -> bytes:
    stored = {
        "about": "Files that `collector publish` wrote; it deletes and replaces no others.",
        "files": hashes,
        "made_from": made_from,
    }
    return (json.dumps(stored, indent=1, sort_keys=True) + "\n").encode()


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + _PART)
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):  # no run would delete it, and a web server serves it
            part.unlink(missing_ok=True)
        raise


def _remove_empty(folder: Path, removed: tuple[str, ...]) -> None:
    """Delete the folders that held only files of ours."""
    for path in removed:
        for parent in PurePosixPath(path).parents:
            place = folder / parent
            if place == folder or any(place.iterdir() if place.is_dir() else ["no folder"]):
                break
            place.rmdir()


def _refuse_outside(folder: Path, path: str) -> None:
    """Refuse a path on which a link leads elsewhere. Raises CollectorError."""
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts:
        raise CollectorError(f"{folder / MANIFEST} names {path}, which lies outside; delete it")
    for place in (path, *(str(one) for one in parts.parents if str(one) != ".")):
        if (folder / place).is_symlink():
            raise StrangersFilesError(
                f"{folder / place} is a link to another place; nothing was written"
            )


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CollectorError(f"{path} cannot be read: {os_words(error)}") from error


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
