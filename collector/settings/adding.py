"""How is a configuration added to without harm? Checked first, then replaced whole.

Only text is added at the end, so that comments and order stay. The result is read by the loader
that the daemon uses, before it takes the place of the file.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from collector.errors import CollectorError, ConfigError, os_words
from collector.settings.files import example
from collector.settings.loading import load
from collector.settings.values import Settings


def add_to(path: Path, text: str, environ: Mapping[str, str]) -> Settings:
    """Add text at the end of a configuration, and return its settings.

    A file that does not exist begins as the commented example. Raises ConfigError with every
    mistake, and CollectorError if the file cannot be written or was changed meanwhile; then it is
    as it was.
    """
    path = path.resolve()
    before = _read(path)
    whole = (example() if before is None else before).rstrip("\n") + "\n" + text
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(whole)
                file.flush()
                os.fsync(file.fileno())
            settings = _checked(unfinished, path, environ)
            if _read(path) != before:
                raise CollectorError(
                    f"{path} was changed by another program meanwhile, and is as that left it; try "
                    "again"
                )
            _like(unfinished, path)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except (OSError, UnicodeEncodeError) as error:
        raise CollectorError(f"{path} cannot be written: {os_words(error)}") from error
    return replace(settings, path=path)


def _read(path: Path) -> str | None:
    """Return the text of a file as it is; None if there is none. Raises CollectorError."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CollectorError(f"{path} cannot be read: {os_words(error)}") from error


def _checked(unfinished: Path, path: Path, environ: Mapping[str, str]) -> Settings:
    """Load what is to be the file at `path`. Raises ConfigError, which names that file."""
    try:
        return load(unfinished, environ=environ, secrets_needed=False)
    except ConfigError as error:
        raise ConfigError(
            [
                replace(mistake, where=mistake.where.replace(str(unfinished), str(path)))
                for mistake in error.mistakes
            ]
        ) from error


def _like(unfinished: Path, path: Path) -> None:
    """Give a new file the mode and the owner of the one that it replaces, as far as we may."""
    try:
        known = path.stat()
    except FileNotFoundError:
        unfinished.chmod(0o644)  # as `init` leaves it: it holds no secret
        return
    unfinished.chmod(stat.S_IMODE(known.st_mode))
    with suppress(PermissionError):
        os.chown(unfinished, known.st_uid, known.st_gid)
