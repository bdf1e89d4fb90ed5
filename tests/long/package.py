"""Does the Debian package install, upgrade, go and come back? Tried in a throw-away systemd.

`python -m tests.long.package --write FILE [FIRST.deb SECOND.deb]` builds two packages unless they
are given, and prints what it saw.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from collector import __version__
from scripts.deb import build
from tests.long.service import world
from tests.long.service.box import FOUND, Box, StepError, box_command
from tests.long.service.desk import Desk

HEAD = """# The Debian package, tried

What `make deb-test` printed last: the package of `make deb`, installed, upgraded, removed,
installed again and purged in a throw-away Debian with systemd, with a feed and a mail server on
loopback.

"""
UNITS = "collector collector-backup.timer collector-seal.timer"
ROW = "| step | seconds | seen |\n|---|---|---|\n"
LEFT = (
    "/etc/collector /opt/collector /usr/bin/collector /var/lib/collector "
    "/var/lib/private/collector /lib/systemd/system/collector.service"
)
FIND = (
    r"find / -xdev -newer /root/begun \( -name '*landing-collector*' -o -name '*collector.s*' \) "
    "-not -path '/proc/*' -not -path '/sys/*'"
)


@dataclass
class Trial:
    """The desk, and the two packages as they lie in the box."""

    desk: Desk
    first: str = "/root/first.deb"
    second: str = "/root/second.deb"

    def run(self, script: str) -> str:
        return self.desk.box.run(script)


def install(trial: Trial) -> str:
    """Install it; nothing runs until it is configured."""
    trial.run(f"dpkg -i {trial.first}")
    states = trial.desk.box.run(
        f"systemctl is-enabled {UNITS}; systemctl is-active {UNITS}", check=False
    )
    trial.desk.must(set(states.split()) == {"disabled", "inactive"}, states)
    told = trial.run("collector --version")
    trial.desk.must(f"{__version__}" in told, told)
    trial.desk.must(trial.run("stat -c %a /etc/collector/credentials") == "700", "credentials")
    page = trial.run("man -P cat collector")
    trial.desk.must("COLLECTOR(1)" in page, page[:300])
    completed = trial.run(
        ". /usr/share/bash-completion/completions/collector; complete -p collector"
    )
    trial.desk.must("_collector_completion" in completed, completed)
    changed = trial.desk.box.run("dpkg --verify landing-collector", check=False)
    trial.desk.must(not changed, changed)
    return "nothing enabled, nothing started; command, man page and completion work"


def run_it(trial: Trial) -> str:
    """Configure and start it, and let an aircraft land."""
    trial.desk.box.write("/etc/collector/collector.toml", trial.desk.world.config(login=False))
    trial.run("collector check; systemctl enable --now collector-backup.timer collector")
    trial.desk.wait_until_running(seconds=180)
    trial.desk.see_a_landing()
    return "one landing found by the service"


def upgrade(trial: Trial) -> str:
    """Install the next version over it, as it runs."""
    before, pid = trial.desk.landed(), trial.desk.pid()
    trial.run(f"dpkg --force-confdef --force-confold -i {trial.second}")
    trial.desk.wait_until_running(other_than=pid, seconds=180)
    trial.desk.must(trial.desk.landed() == before, "landings changed")
    version = trial.run("dpkg-query -W -f '${Version}' landing-collector")
    enabled = trial.run("systemctl is-enabled collector collector-backup.timer").split()
    trial.desk.must(enabled == ["enabled"] * 2, str(enabled))
    trial.desk.see_a_landing()
    return f"{version} runs as another process, configuration kept, next landing found"


def remove(trial: Trial) -> str:
    """Remove it; data and configuration stay."""
    trial.run("dpkg -r landing-collector")
    trial.desk.must(trial.desk.state() != "active", "still runs")
    gone = trial.desk.box.run(
        "ls -d /opt/collector /usr/bin/collector; ls /lib/systemd/system/collector*; true",
        check=False,
    )
    trial.desk.must(not gone, gone)
    trial.run("ls /etc/collector/collector.toml /var/lib/private/collector/collector.sqlite")
    return "stopped, disabled, gone; data, configuration and secrets left"


def come_back(trial: Trial) -> str:
    """Install it again over what was left."""
    trial.run(f"dpkg --force-confdef --force-confold -i {trial.second}")
    trial.run("systemctl enable --now collector")
    trial.desk.wait_until_running(seconds=180)
    trial.desk.must(len(trial.desk.landed()) == 2, str(trial.desk.landed()))
    return "goes on with both landings"


def purge(trial: Trial) -> str:
    """Purge it; nothing is left."""
    trial.run("dpkg -P landing-collector")
    left = trial.desk.box.run(f"ls -d {LEFT}; {FIND}", check=False)
    trial.desk.must(not left, left)
    return "nothing left"


def refuse(trial: Trial) -> str:
    """Install it over one that was installed by hand."""
    trial.run("mkdir -p /opt/collector/bin && touch /opt/collector/bin/collector")
    told = trial.desk.box.run(f"dpkg -i {trial.first} 2>&1", check=False)
    trial.desk.must("was installed by hand" in told, told)
    trial.run("test ! -e /lib/systemd/system/collector.service; rm -r /opt/collector")
    return "refused, nothing changed"


STEPS: list[tuple[str, Callable[[Trial], str]]] = [
    ("refused over one installed by hand", refuse),
    ("installed", install),
    ("configured and started", run_it),
    ("upgraded as it runs", upgrade),
    ("removed", remove),
    ("installed again", come_back),
    ("purged", purge),
]


def main() -> int:
    """Try the package and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.package")
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("packages", type=Path, nargs="*")
    chosen = parser.parse_args()
    command = box_command()
    if command is None:
        click.echo(f"skipped: no box with systemd here; name its command in ${FOUND}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        packages = chosen.packages or [
            build(Path(folder), f"{__version__}-{number}") for number in (1, 2)
        ]
        with world.running(Path(folder)) as outside, Box.started(command) as box:
            trial = Trial(Desk(box, outside))
            for target, package in zip((trial.first, trial.second), packages, strict=True):
                box.put(target, package)
            box.run("touch /root/begun")
            table, failed = (
                f"{HEAD}{_machine(box, packages[0])}\n\n| step | seconds | seen |\n|---|---|---|\n",
                0,
            )
            for name, step in STEPS:
                begin = time.monotonic()
                try:
                    seen = step(trial)
                except StepError as error:
                    seen, failed = f"FAILED: {' '.join(str(error).split())[:300]}", failed + 1
                    click.echo(box.run("journalctl -n 30 --no-pager -o cat", check=False), err=True)
                row = f"| {name} | {time.monotonic() - begin:.0f} | {seen} |\n"
                click.echo(row, nl=False)
                table += row
            if chosen.write is not None:
                chosen.write.write_text(table)
    return 1 if failed else 0


def _machine(box: Box, package: Path) -> str:
    debian = box.run("cat /etc/debian_version")
    dpkg = " ".join(box.run("dpkg-query -W dpkg").split())
    size = package.stat().st_size / 1e6
    return f"{datetime.now(UTC):%Y-%m-%d}, Debian {debian}, {dpkg}, a package of {size:.0f} MB."


if __name__ == "__main__":
    sys.exit(main())
