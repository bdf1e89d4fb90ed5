"""How does a test get a new database? As a copy of one that this process has migrated.

The tests open more than a thousand new databases, and to migrate one takes twenty times as long as
to copy it. The first is made as the collector makes it, and so is every one of a test that changes
the migrations, sets `COPIED` to False, or starts a process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from collector import private
from collector.store import Store
from collector.store.migrations import run

COPIED = True
"""Whether new databases are copied; a test of what happens to a new one has it patched."""


@contextmanager
def copied(template: Path) -> Iterator[None]:
    """Let whoever opens a database that does not exist find a copy of `template`, a new path."""
    open_as_always = Store.open
    open_as_always(template).close()
    content, steps = template.read_bytes(), _steps()

    def open_copied(
        cls: type[Store], path: Path | str, *, read_only: bool = False, create: bool = True
    ) -> Store:
        path = Path(path)
        if COPIED and create and not read_only and _steps() == steps:
            with suppress(OSError):  # whoever opens it says what is wrong
                _write(content, path)
        return open_as_always.__func__(  # type: ignore[attr-defined,no-any-return]
            cls, path, read_only=read_only, create=create
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "open", classmethod(open_copied))
        yield


def _write(content: bytes, path: Path) -> None:
    """Make the file as a whole, with the mode and owner that the collector gives it."""
    if path.exists() or path.with_name(f"{path.name}-wal").exists():
        return
    private.make_folder(path.absolute().parent)
    unfinished = path.with_name(f"{path.name}.new")
    with os.fdopen(private.open_new(unfinished), "wb") as file:
        file.write(content)
    try:
        path.hardlink_to(unfinished)
    finally:
        unfinished.unlink()


def _steps() -> list[object]:
    return [step.fn for step in run.migrations._migrations]
