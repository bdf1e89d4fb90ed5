"""Where do mails go until a server is named? Each becomes an `.eml` file in a folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from collector import private
from collector.errors import MailTemporary
from collector.mail.compose import compose
from collector.model.notice import Owed
from collector.untrusted import file_name


class FolderSender:
    """Writes each mail as a file that mail programs open; a notice always has the same file."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, notice: Owed) -> None:
        """Write the mail whole or not at all: first under another name, then renamed.

        Raises MailTemporary if the folder cannot be written, MailPermanent as `compose` does.
        """
        content = compose(notice, self._sender).as_bytes()
        path = self._folder / file_name(notice.key, ".eml")
        try:
            private.make_folder(self._folder)
            _write_whole(path, content)
        except OSError as error:
            raise MailTemporary(
                f"mail {notice.key}: cannot write {path}: {error.strerror or error}; "
                "make the folder writable, and check that the disk has space"
            ) from error


def _write_whole(path: Path, content: bytes) -> None:
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, private.FILE_MODE)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
