"""Does systemd accept the unit file, is each setting explained, and is the service hardened?"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).resolve().parents[1] / "systemd" / "collector.service"
ANALYZE = shutil.which("systemd-analyze")

needs_systemd = pytest.mark.skipif(
    ANALYZE is None, reason="no systemd-analyze on this machine: apt-get install systemd"
)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit as on a machine where the command is installed."""
    text, replaced = re.subn(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text())
    assert replaced == 1
    installed = tmp_path / UNIT.name
    installed.write_text(text)
    return installed


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ANALYZE), *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@needs_systemd
def test_systemd_accepts_it(unit: Path) -> None:
    result = analyze("verify", "--man=no", str(unit))
    assert result.returncode == 0, result.stderr
    ours = [line for line in result.stderr.splitlines() if "collector" in line]
    assert ours == []


@needs_systemd
def test_systemd_finds_a_mistake(unit: Path) -> None:
    unit.write_text(unit.read_text() + "\nWatchdogSeconds=10\n")
    assert "WatchdogSeconds" in analyze("verify", "--man=no", str(unit)).stderr


@needs_systemd
def test_its_exposure_is_small(unit: Path) -> None:
    """On systemd's scale of 0 (nothing exposed) to 10."""
    result = analyze("security", "--offline=yes", "--threshold=15", "--no-pager", str(unit))
    if "unrecognized option" in result.stderr or "Unknown" in result.stderr:
        pytest.skip("this systemd-analyze cannot judge a file that is not installed")
    assert result.returncode == 0, result.stdout[-200:] + result.stderr


def test_every_setting_is_explained() -> None:
    before = ""
    for line in UNIT.read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            assert before.startswith("# "), f"no comment above: {line}"
        before = line


@pytest.mark.parametrize(
    "setting",
    [
        "Type=notify",
        "Restart=on-failure",
        "RestartPreventExitStatus=78",
        "StateDirectory=collector",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    ],
)
def test_what_the_daemon_relies_on(setting: str) -> None:
    assert setting in UNIT.read_text().splitlines()
