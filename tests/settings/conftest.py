"""A configuration file made from text, and credential files made from names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Write = Callable[[str], Path]
Credentials = Callable[[Mapping[str, str]], dict[str, str]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a configuration and give its path."""

    def _write(text: str) -> Path:
        path = tmp_path / "collector.toml"
        path.write_text(text, "utf-8")
        return path

    return _write


@pytest.fixture
def credentials(tmp_path: Path) -> Credentials:
    """Write credential files as systemd does, and give the environment that names their folder."""

    def _write(secrets: Mapping[str, str]) -> dict[str, str]:
        folder = tmp_path / "credentials"
        folder.mkdir(exist_ok=True)
        for name, value in secrets.items():
            (folder / name).write_text(value, "utf-8")
        return {"CREDENTIALS_DIRECTORY": str(folder)}

    return _write
