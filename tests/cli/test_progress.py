"""Do a progress bar and the lines beside it keep to themselves on a terminal, and to its width?"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import click
import pytest
import structlog

from collector.cli import logs, main
from collector.cli.output import Problems, progress, say
from tests.support.packs import packed
from tests.support.station import Station

_CURSOR = re.compile(r"\x1b\[\?25[lh]")
"""Hides and shows the cursor (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html)."""


class Terminal(io.StringIO):
    """Keeps what is written, and knows what a terminal would show of it."""

    def isatty(self) -> bool:
        return True

    def shown(self) -> list[str]:
        """The lines, each as the last carriage return left it."""
        lines = []
        for line in _CURSOR.sub("", self.getvalue()).split("\n"):
            cells: list[str] = []
            for part in line.split("\r"):
                cells[: len(part)] = part
            lines.append("".join(cells).rstrip())
        return lines


def test_a_line_and_the_bar_never_share_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    terminal = Terminal()
    logs.configure()  # first: what an earlier test repeated is counted where stderr was
    monkeypatch.setattr(sys, "stderr", terminal)
    log = structlog.get_logger()
    with progress("replaying", 4) as step:
        step("2026-11-18 09:00")
        log.warning("feed failed", feed="adsblol")
        step("2026-11-18 10:00")
        Problems()("a.warc: cannot be read")
        click.echo("collector: one", err=True)
        click.echo("collector: two", err=True)
        step("2026-11-18 11:00")
    click.echo("done", err=True)
    shown = terminal.shown()
    words = [line for line in shown if "replaying" not in line and line]
    assert [line.partition("Z ")[2] or line for line in words] == [
        'level=warning event="feed failed" feed=adsblol',
        "collector: a.warc: cannot be read",
        "collector: one",
        "collector: two",
        "done",
    ]
    (bar,) = [line for line in shown if "replaying" in line]
    assert bar.startswith("replaying")
    assert "2026-11-18 11:00" in bar


def test_a_bar_is_never_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress("nine weeks", 3) as step:
        step("replaying 08 Sep 2025")
        assert terminal.shown()[0].endswith("replaying 08 Sep 2025")
        step("fetching days of a feed with a name that no terminal has room for")
    drawn = re.split(r"[\r\n]", _CURSOR.sub("", terminal.getvalue()))
    assert max(map(len, drawn)) < 80
    assert any("fetching days" in each and "…" in each for each in drawn)


def test_lines_fold_at_the_width_of_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "watch demo, rule weekly: how often it comes by itself is not known yet (8 of 26)."
    say(line)
    assert capsys.readouterr().err == f"{line}\n"
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    say(line)
    assert all(len(each) < 40 for each in terminal.shown())
    assert " ".join(terminal.getvalue().split()) == line


def test_the_reason_of_an_error_folds_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "collector.toml"
    config.write_text(f'data = "{tmp_path}"\n')
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert main(["--config", str(config), "landings"], standalone_mode=False) == 1
    first, *rest = terminal.shown()
    assert first.startswith("collector: there is no database at")
    assert "with --config" in " ".join(rest)
    assert all(len(each) < 80 or str(tmp_path) in each for each in (first, *rest))


@pytest.mark.parametrize(
    "command",
    ["export landings", "weeks --as-of 2026-11-30", "check"],
)
def test_remarks_beside_a_result_fold_too(
    station: Station, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    main(["--config", str(station.config), *command.split()], standalone_mode=False)
    assert len(terminal.shown()) > 2, "more than a line, and what follows the last one"
    assert all(len(each) < 80 or str(station.config.parent) in each for each in terminal.shown())


def test_what_verify_finds_folds_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = [f"letter-{number}-to-the-editor.txt" for number in range(5)]
    pack = packed(tmp_path / "a.zip", {"SHA256SUMS": b"", **dict.fromkeys(names, b"Dear editor")})
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    assert main(["verify", str(pack)], standalone_mode=False) == 1
    assert all(name in terminal.getvalue() for name in names)
    assert all(len(each) < 40 or str(pack) in each for each in terminal.shown())
