"""How are the collector's files kept from other users of the machine? By their modes, everywhere.

The database, recordings, mails and backups tell which aircraft somebody watches, and a leaked copy
may show a source. Their folders are made with mode 0700 and their files with 0600, whatever the
umask. What root makes in a folder of another user (a command on the service's data) belongs to that
user, since the service could otherwise not use it. Existing files keep their modes and owners.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.errors import NoScratchFolder, os_words

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def make_folder(path: Path) -> None:
    """Make a folder and those above it, as far as they are missing. Raises OSError."""
    if path.is_dir():
        return
    make_folder(path.absolute().parent)
    try:
        path.mkdir(FOLDER_MODE)
    except FileExistsError:
        if not path.is_dir():
            raise
    else:
        path.chmod(FOLDER_MODE)  # the umask may have taken what we need ourselves
        _give_to_owner_of_folder(path)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a new temporary folder, which is deleted at the end. Raises NoScratchFolder."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="collector-")
    except OSError as error:
        raise NoScratchFolder(
            f"no temporary folder can be made: {os_words(error)}; free space there, or name "
            "another place by the environment variable TMPDIR"
        ) from error
    with folder as name:
        yield Path(name)


def open_new(path: Path) -> int:
    """Create a file and return its descriptor for reading and writing.

    Raises FileExistsError if there is one already, and OSError.
    """
    return _opened(path, os.O_EXCL)


def open_or_create(path: Path) -> int:
    """Open a file for reading and writing, created if missing; return its descriptor.

    Raises OSError.
    """
    try:
        return open_new(path)
    except FileExistsError:
        return _opened(path, 0)


def _opened(path: Path, flags: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | flags, FILE_MODE)
    if flags & os.O_EXCL:
        os.fchmod(descriptor, FILE_MODE)
        _give_to_owner_of_folder(path)
    return descriptor


def _give_to_owner_of_folder(path: Path) -> None:
    """Let the owner of the folder own a new file or folder, if root made it."""
    owner = path.absolute().parent.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
