"""May a download still be written? The folder's budget and its disk decide."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TypeVar

from collector.errors import ArchiveError

T = TypeVar("T")


RESERVE_BYTES = 500_000_000
"""Space that stays free on the disk in any case: the database lives there as well."""


GB = 1_000_000_000


class DiskBudget:
    """The space that downloads may take in a folder and on its disk."""

    def __init__(self, folder: Path, gigabytes: float) -> None:
        self._folder = folder
        self._bytes = int(gigabytes * GB)
        self._held: int | None = None

    def require(self, to_come: int) -> None:
        """Raise ArchiveError unless there is space for `to_come` bytes more."""
        self._held = self._measured()
        self._refuse(to_come)

    def require_small(self, to_come: int) -> None:
        """Do as `require` for one of many small files: the folder is measured only once."""
        if self._held is None:
            self._held = self._measured()
        self._refuse(to_come)
        self._held += to_come

    def _refuse(self, to_come: int) -> None:
        held = self._held or 0
        if held + to_come > self._bytes:
            raise ArchiveError(
                f"{self._folder} holds {held / GB:.2f} GB, and {to_come / GB:.2f} GB more would "
                f"exceed the budget of {self._bytes / GB:g} GB: delete files you do not need, or "
                "raise archives.disk_budget_gb (or --disk-budget)"
            )
        free = shutil.disk_usage(self._folder).free
        if to_come + RESERVE_BYTES > free:
            raise ArchiveError(
                f"the disk of {self._folder} has {free / GB:.2f} GB left, which is too little for "
                f"{to_come / GB:.2f} GB more: free some space, or choose another archives.folder"
            )

    def _measured(self) -> int:
        files = (path for path in self._folder.rglob("*") if path.is_file())
        return sum(path.stat().st_size for path in files)
