"""Does the shipped season go as its script says? CI replays a shorter one, which takes seconds."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from collector.cli import main

COUNTED = (
    "1 landing",
    "no landing",
    "1 landing",
    "no landing",
    "3 landings",
    "could not see",
    "1 landing",
    "no landing",
    "1 landing",
)


def test_each_week_is_counted_as_scripted(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["demo", str(tmp_path / "demo"), "--no-page"])
    assert done.exit_code == 0, done.output
    season = done.output.partition("It was counted")[0].split("\n  2025-W")[1:]
    said = [" ".join(week.split()).rpartition(": ")[2] for week in season]  # a long one is folded
    assert tuple(said) == COUNTED
    mails = {path.stem for path in (tmp_path / "demo" / "mail").glob("*.html")}
    assert len([name for name in mails if name.startswith("digest-")]) == len(COUNTED)
    assert any(name.startswith("alerts-") for name in mails)

    def asked(*words: str) -> Result:
        return CliRunner().invoke(main, ["--config", str(tmp_path / "demo/collector.toml"), *words])

    before = {
        row["id"]: row["previous_stop"] for row in json.loads(asked("landings", "--json").stdout)
    }
    assert before["d0de04-2025-11-05-2"]["airfield"] == "XDMC"
    assert "rule surge: At the usual rate that the configuration states, " in asked("check").stderr
