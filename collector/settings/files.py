"""How does an operator begin a configuration? With a copy of the commented example file."""

from __future__ import annotations

from pathlib import Path

from collector.errors import CollectorError, os_words
from collector.resources import shipped_file


def example() -> str:
    """Return the shipped example, which holds every key, commented, at its default."""
    return shipped_file("collector.example.toml").read_text("utf-8")


def init(path: Path) -> None:
    """Write the example to `path`, creating its folder.

    Raises CollectorError if the file exists or cannot be written.
    """
    if path.exists():
        raise CollectorError(
            f"{path} exists already and was not changed; name another file, or move this one away"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(example())
    except OSError as error:
        raise CollectorError(f"{path} cannot be written: {os_words(error)}") from error
