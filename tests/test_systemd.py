"""Does systemd accept the unit file, is each setting explained, and is the service hardened?"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from collector.notify.service_failure import BACKUP as BACKUP_FAILED
from collector.notify.service_failure import SEAL as SEAL_FAILED
from tests.long.service.page import blocks

FOLDER = Path(__file__).resolve().parents[1] / "systemd"
UNIT, ALARM = FOLDER / "collector.service", FOLDER / "collector-failed@.service"
BACKUP, TIMER = FOLDER / "collector-backup.service", FOLDER / "collector-backup.timer"
SEAL, SEAL_TIMER = FOLDER / "collector-seal.service", FOLDER / "collector-seal.timer"
SERVICES = {"daemon": UNIT, "alarm": ALARM, "backup": BACKUP, "seal": SEAL}
TIMERS = {"backup": TIMER, "seal": SEAL_TIMER}
ANALYZE = shutil.which("systemd-analyze")

needs_systemd = pytest.mark.skipif(
    ANALYZE is None, reason="no systemd-analyze on this machine: apt-get install systemd"
)


@pytest.fixture(params=SERVICES)
def unit(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Each unit as on a machine where the command is installed."""
    for timer in TIMERS.values():
        shutil.copy(timer, tmp_path)
    for path in SERVICES.values():
        text, replaced = re.subn(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", path.read_text())
        assert replaced == 1
        (tmp_path / path.name).write_text(text)
    return tmp_path / SERVICES[request.param].name


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ANALYZE), *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@needs_systemd
def test_systemd_accepts_it(unit: Path) -> None:
    timers = [str(unit.with_name(timer.name)) for timer in TIMERS.values()]
    result = analyze("verify", "--man=no", str(unit), *timers)
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


@pytest.mark.parametrize(
    "path", [*SERVICES.values(), *TIMERS.values()], ids=[*SERVICES, "backup timer", "seal timer"]
)
def test_every_setting_is_explained(path: Path) -> None:
    before = ""
    for line in path.read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            assert before.startswith("# "), f"no comment above: {line}"
        before = line


@pytest.mark.parametrize(
    "setting",
    [
        "Type=notify",
        "Restart=on-failure",
        "StartLimitIntervalSec=0",
        "RestartSec=1min",
        "OnFailure=collector-failed@gave-up.service",
        "RestartPreventExitStatus=78",
        "StateDirectory=collector",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    ],
)
def test_what_the_daemon_relies_on(setting: str) -> None:
    assert setting in UNIT.read_text().splitlines()


def test_the_daemon_may_fail_for_hours_and_each_failure_is_told(tmp_path: Path) -> None:
    """What systemd runs after each end of the daemon, with a systemctl that notes its arguments."""
    (command,) = re.findall(r"(?m)^ExecStopPost=-\+(/bin/sh -c '.*')$", UNIT.read_text())
    noted = tmp_path / "noted"
    (tmp_path / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> {noted}\n')
    (tmp_path / "systemctl").chmod(0o755)
    for result, status in [("success", "0"), ("exit-code", "75"), ("watchdog", "ABRT")]:
        environ = {
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "SERVICE_RESULT": result,
            "EXIT_STATUS": status,
        }
        subprocess.run(shlex.split(command), env=environ, check=True, timeout=10)
    assert noted.read_text().splitlines() == [
        "--no-block start collector-failed@exit-code-75.service",
        "--no-block start collector-failed@watchdog-ABRT.service",
    ]


@pytest.mark.parametrize("path", SERVICES.values(), ids=SERVICES)
def test_no_service_leaves_its_memory_in_a_file(path: Path) -> None:
    """A core dump would hold the mail password and the keys of feeds."""
    assert "LimitCORE=0" in path.read_text().splitlines()


def test_the_backup_reaches_nobody_and_its_failure_is_told() -> None:
    lines = BACKUP.read_text().splitlines()
    assert "PrivateNetwork=yes" in lines
    assert f"OnFailure=collector-failed@{BACKUP_FAILED}.service" in lines
    (user,) = {line for line in (*lines, *UNIT.read_text().splitlines()) if line[:5] == "User="}
    assert user == "User=collector", "only the daemon's user may read the database"


def test_a_service_that_lost_its_configuration_watches_nothing_else() -> None:
    (start,) = (each for each in UNIT.read_text().splitlines() if each.startswith("ExecStart="))
    assert start.split()[1:] == ["--config", "/etc/collector/collector.toml", "run"]


def test_the_page_has_the_blocks_that_make_service_types() -> None:
    page = (FOLDER.parent / "docs" / "operating.md").read_text("utf-8")
    firsts = {
        name: [block.split()[:2] for block in blocks(page, name)]
        for name in ("Back up and restore", "Uninstall")
    }
    assert firsts == {
        "Back up and restore": [["collector", "db"], ["systemctl", "stop"]],
        "Uninstall": [["systemctl", "disable"], ["rm", "-rf"]],
    }


def test_a_night_without_a_stamp_is_told() -> None:
    lines = SEAL.read_text().splitlines()
    assert f"OnFailure=collector-failed@{SEAL_FAILED}.service" in lines
    assert "ExecStart=/opt/collector/bin/collector seal" in lines
    assert "User=collector" in lines


def test_the_alarm_needs_no_database() -> None:
    text = ALARM.read_text()
    assert "ExecStart=/opt/collector/bin/collector alarm %i" in text
    assert "StateDirectory" not in text
    assert "RuntimeDirectoryPreserve=yes" in text
