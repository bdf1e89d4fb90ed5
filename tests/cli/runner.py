"""Runs a command of the collector in this process: its output, its exit code, its JSON."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from collector.cli import main
from tests.support.station import Station


def call(station: Station, *words: str, code: int | None = 0) -> Result:
    """Run a command; fail unless it ends with `code`, if that is one."""
    result = CliRunner().invoke(main, ["--config", str(station.config), *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert code is None or result.exit_code == code, result.output
    return result


def listed(station: Station, *words: str) -> list[dict[str, Any]]:
    """Return the rows that a listing prints with --json."""
    rows: list[dict[str, Any]] = json.loads(call(station, *words, "--json").stdout)
    return rows
