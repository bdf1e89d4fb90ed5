"""Is the operator told that landings count for nothing, since their watch has another name now?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from collector.daemon import start
from collector.settings import load
from tests.cli.runner import call
from tests.support.station import Station

GONE = "watch w is not configured any more, so that 1 stored landing counts for nothing"


@pytest.fixture
def renamed(station: Station, tmp_path: Path) -> Station:
    """The station with one landing, whose watch was renamed."""
    copy = Station(tmp_path)
    shutil.copytree(station.database.parent, copy.database.parent, dirs_exist_ok=True)
    copy.config.write_text(copy.config.read_text().replace('name = "w"', 'name = "cargo"'))
    return copy


@pytest.mark.parametrize("words", [["check"], ["status"], ["weeks", "--from", "2026-W47"]])
def test_the_operator_is_told_what_became_of_the_landings(
    renamed: Station, words: list[str]
) -> None:
    told = " ".join(call(renamed, *words).stderr.split())
    assert GONE in told
    assert "if it was renamed, give it its name back" in told


def test_so_does_the_log_at_the_start(renamed: Station) -> None:
    settings = load(renamed.config, environ={})
    with capture_logs() as logged, start.daemon(settings, {}):
        pass
    assert any(str(each.get("hint")).startswith(GONE) for each in logged)


def test_as_long_as_the_watch_is_configured_there_is_nothing_to_say(station: Station) -> None:
    assert "not configured any more" not in call(station, "check").stderr


def test_a_landing_that_counts_for_another_watch_is_not_lost(renamed: Station) -> None:
    """The watch with the old name was added again beside the new one."""
    text = renamed.config.read_text()
    watch = text[text.index("[[watch]]") : text.index("[[watch.rule]]")]
    renamed.config.write_text(text + watch.replace('"cargo"', '"w"'))
    assert "not configured any more" not in call(renamed, "check").stderr
