"""What does the service do in a box? Every step in order, as a table; the first failure ends it."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from tests.long.service import exposure, steps, upgrades, world
from tests.long.service.box import FOUND, Box, StepError, box_command
from tests.long.service.desk import Desk

HEAD = """# The service, tried

What `make service` printed last: the commands of [operating](operating.md) typed word for word into
a throw-away Debian with systemd, with a feed and a mail server on loopback. The pauses are real,
but for the watchdog's, which is shortened.

"""
STEPS: list[tuple[str, steps.Step]] = [
    ("installed", steps.install_it),
    ("other users hidden", exposure.hide_users),
    ("exposure, of 10", exposure.measure_exposure),
    ("kept to single hosts", exposure.keep_to_single_hosts),
    ("secrets set", steps.set_secrets),
    ("fed", steps.see_landing),
    ("kept from others", steps.keep_others_out),
    ("killed (-9)", steps.kill_it),
    ("hung (SIGSTOP)", steps.hang_it),
    ("stopped", steps.stop_it),
    ("configured wrongly", steps.configure_it_wrongly),
    ("starved (MemoryMax=24M)", steps.starve_it),
    ("backed up by the timer's service", steps.back_it_up),
    ("sealed by its timer", steps.seal_it),
    ("restored from a backup", steps.restore_it),
    ("uninstalled", upgrades.uninstall_it),
    ("a stranger begins anew from the backup", upgrades.begin_anew),
    ("a database of each schema", upgrades.upgrade_from_each_schema),
    ("uninstalled again", upgrades.uninstall_it),
]
for _release in upgrades.RELEASES:
    STEPS += [
        (f"upgraded from {_release}", partial(upgrades.upgrade_from, release=_release)),
        (f"uninstalled after {_release}", upgrades.uninstall_it),
    ]


def main() -> int:
    """Try the service and print the table; `--write FILE` also writes it."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.service")
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--first", type=int, metavar="N", help="only the first N steps")
    chosen = parser.parse_args()
    command = box_command()
    if command is None:
        click.echo(f"skipped: no box with systemd here; name its command in ${FOUND}")
        return 0
    with (
        tempfile.TemporaryDirectory() as folder,
        world.running(Path(folder)) as outside,
        Box.started(command) as box,
    ):
        box.run("touch /root/begun")
        table = f"{HEAD}{_machine(box)}\n\n| step | seconds | seen |\n|---|---|---|\n"
        desk, failed = Desk(box, outside), 0
        for name, step in STEPS[: chosen.first]:
            row, held = _tried(desk, name, step)
            table, failed = table + row, failed + (not held)
            click.echo(row, nl=False)
            if chosen.write is not None:
                chosen.write.write_text(table)
    return 1 if failed else 0


def _tried(desk: Desk, name: str, step: steps.Step) -> tuple[str, bool]:
    """Take a step; return its row, and whether it showed what it must."""
    if name.startswith("upgraded") and not upgrades.has_history():
        return f"| {name} | | skipped: this checkout has no history |\n", True
    begin = time.monotonic()
    try:
        seen, held = step(desk), True
    except StepError as error:
        click.echo(f"{name}: {error}", err=True)
        click.echo(desk.box.run("journalctl -n 30 --no-pager -o cat", check=False), err=True)
        seen, held = f"FAILED: {' '.join(str(error).split())[:200]}", False
    return f"| {name} | {time.monotonic() - begin:.0f} | {seen} |\n", held


def _machine(box: Box) -> str:
    """Say when and where it was tried."""
    systemd = box.run("systemctl --version | head -n 1 | cut -d' ' -f2-")
    debian = box.run("cat /etc/debian_version")
    python = box.run("python3 --version")
    return f"{datetime.now(UTC):%Y-%m-%d}, Debian {debian}, systemd {systemd}, {python}."


if __name__ == "__main__":
    sys.exit(main())
