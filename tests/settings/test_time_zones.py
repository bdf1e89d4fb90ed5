"""What is said on a machine that has no time zones, neither Debian's nor Python's package?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.smtp import Inbox, smtp_server
from tests.support.station import DEADLINE_S, ROOT, Station

WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Uninstalled(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "tzdata":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Uninstalled())
from collector.cli import main
main()
"""


def told(station: Station, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on such a machine."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, "--config", str(station.config), *words],
        env={"PYTHONPATH": str(ROOT), "PYTHONTZPATH": ""},
        cwd=station.folder,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


@pytest.mark.parametrize("command", ["run", "landings"])
def test_a_command_names_the_package_that_is_missing(tmp_path: Path, command: str) -> None:
    done = told(Station(tmp_path), command)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("collector: this machine knows no time zones: install the package")
    assert "-m pip install tzdata" in line


def test_the_operators_are_mailed_in_utc(tmp_path: Path) -> None:
    inbox = Inbox()
    with smtp_server(inbox) as port:
        done = told(Station(tmp_path, smtp_port=port), "alarm", "exit-code-1")
    assert done.returncode == 0, done.stderr
    (mail,) = inbox.taken
    body = mail.get_body(("plain",))
    assert body is not None
    said = " ".join(body.get_content().split())
    assert "ended with exit code 1. " in said
    assert "The cause: this machine knows no time zones: install the package `tzdata`" in said
    assert " UTC." in said.partition("Since ")[2][:40]
