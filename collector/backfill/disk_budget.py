"""How much more may be downloaded into a folder, and onto its disk?"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TypeVar

from collector.errors import ArchiveError

T = TypeVar("T")


RESERVE_BYTES = 500_000_000
"""Left free on the disk whatever the budget says: the database lives there as well."""


GB = 1_000_000_000


class Budget:
    """How much more may lie in a folder, and on its disk."""

    def __init__(self, folder: Path, gigabytes: float) -> None:
        self._folder = folder
        self._bytes = int(gigabytes * GB)
        self._held: int | None = None

    def room(self, to_come: int) -> None:
        """Raises ArchiveError, saying what to do, if so many bytes more are too many."""
        self._held = self._measured()
        self._refuse(to_come)

    def small(self, to_come: int) -> None:
        """The same for one of many small files: what lies there is measured once."""
        if self._held is None:
            self._held = self._measured()
        self._refuse(to_come)
        self._held += to_come

    def _refuse(self, to_come: int) -> None:
        held = self._held or 0
        if held + to_come > self._bytes:
            raise ArchiveError(
                f"{self._folder} holds {held / GB:.2f} GB, and {to_come / GB:.2f} GB more would "
                f"exceed the budget of {self._bytes / GB:g} GB: delete what is no longer needed, "
                "or raise archives.disk_budget_gb (or --disk-budget)"
            )
        free = shutil.disk_usage(self._folder).free
        if to_come + RESERVE_BYTES > free:
            raise ArchiveError(
                f"{self._folder}: its disk has {free / GB:.2f} GB left, too little for "
                f"{to_come / GB:.2f} GB more: make room, or choose another archives.folder"
            )

    def _measured(self) -> int:
        files = (each for each in self._folder.rglob("*") if each.is_file())
        return sum(each.stat().st_size for each in files)
