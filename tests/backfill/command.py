"""How do the tests run `backfill traces`?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from collector.cli import main
from tests.support.station import Station

ALL = ("--sample", "1", "--jobs", "1")


def call(station: Station, *words: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["--config", str(station.config), *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def traces(station: Station, *words: str | Path, code: int = 0) -> str:
    return call(station, "backfill", "traces", *ALL, *words, code=code).stderr


def listed(station: Station, *words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(call(station, *words, "--json").stdout)
    return rows
