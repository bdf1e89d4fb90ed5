"""Can the image of the Containerfile be built and run? Tried by Debian's own tools, in a box.

`python -m tests.long.container --write FILE` prints what it saw. No image is fetched: the base is
made by debootstrap. Debian's crun refuses the control groups of a box, runc takes them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from tests.long.service import world
from tests.long.service.box import FOUND, SOURCE, Box, StepError, box_command, wait_for
from tests.long.service.desk import Desk
from tests.long.service.world import PASSWORD, PING

HEAD = """# The container, tried

What `make container-test` printed last: the image of the Containerfile, built and run in a
throw-away Debian, with a feed and a mail server on loopback.

"""
TOOLS = "podman buildah runc debootstrap"
STORAGE = '[storage]\ndriver = "vfs"\nrunroot = "/run/storage"\ngraphroot = "/root/storage"\n'
"""Images as plain folders: an overlay cannot lie upon the box's own."""
PODMAN = "podman --runtime runc --cgroup-manager cgroupfs --log-level error"
IS_ROOT = "[ $(nsenter -t 1 -m stat -c %d:%i /) = $(stat -c %d:%i /) ] && echo yes"
"""Whether the box's root is that of its mounts, as after pivot_root(2). `runc exec` enters these:
in a chroot it would run beside the container, where HEALTHCHECK finds nothing."""
PORT = 18042
RUN = (
    f"{PODMAN} run --detach --replace --read-only --cap-drop all --security-opt no-new-privileges "
    "--network host --volume collector:/var/lib/collector "
    "--volume /etc/collector:/etc/collector:ro "
    f"--volume /root/credentials:/credentials:ro --env COLLECTOR_WEB__PORT={PORT} --name"
)
RESTORE = "db restore /volume/backup.sqlite"
SHORTLY = "--env COLLECTOR_DATA=/tmp/restored --network none collector"
MAIL_PORT = "COLLECTOR_MAIL__PORT"


def install_tools(desk: Desk) -> str:
    """Install what builds and runs containers, from Debian."""
    quiet = "DEBIAN_FRONTEND=noninteractive apt-get -qq"
    desk.box.run(
        f"{quiet} update && {quiet} install --yes --no-install-recommends {TOOLS} >/dev/null 2>&1"
    )
    desk.box.write("/etc/containers/storage.conf", STORAGE)
    return " ".join(desk.box.run(f"dpkg-query -W {TOOLS}").split())


def make_base(desk: Desk) -> str:
    """Make a plain Debian 12 as the base."""
    desk.box.run(
        "debootstrap --variant=minbase --include=ca-certificates bookworm /root/base >/dev/null; "
        # The network here may have a proxy whose certificate this machine trusts.
        "cp /etc/ssl/certs/ca-certificates.crt /root/base/etc/ssl/certs/"
    )
    desk.box.run(f"tar -c -C /root/base . | {PODMAN} import - localhost/base >/dev/null")
    return desk.box.run("cat /root/base/etc/debian_version")


def build(desk: Desk) -> str:
    """Build the image from the Containerfile."""
    desk.take_checkout()
    desk.box.run(f"touch {SOURCE}/config/collector.toml")  # an operator's, which must stay out
    desk.box.run(
        f"cd {SOURCE} && buildah bud --isolation chroot --format docker "
        "--build-arg BASE=localhost/base --tag collector . >/root/build.log 2>&1 "
        "|| { tail -n 20 /root/build.log; exit 1; }"
    )
    mine = f"{PODMAN} run --rm --user 0 --network none --entrypoint find collector / -xdev -name"
    desk.must(not desk.box.run(f"{mine} collector.toml"), "the operator's file is in the image")
    size = int(desk.box.run(f"{PODMAN} image inspect --format '{{{{.Size}}}}' collector"))
    said = desk.box.run(f"{PODMAN} run --rm --network none collector --version")
    return f"{said}; {size / 1e6:.0f} MB, the Debian below it included"


def run_it(desk: Desk) -> str:
    """Run it on a read-only root with one volume, by a file of configuration and one of secrets."""
    desk.box.run("mkdir -p /etc/collector; install -d -m 700 -o 8042 /root/credentials")
    desk.box.write("/etc/collector/collector.toml", desk.world.config(login=True))
    desk.box.write(world.CA_FILE, desk.world.ca)
    desk.box.write("/root/credentials/mail.password", PASSWORD + "\n")
    desk.box.write("/root/credentials/dead_man_url", f"{desk.world.feed.url}{PING}\n")
    desk.box.run("chown 8042 /root/credentials/*; chmod 400 /root/credentials/*")
    desk.box.run(f"{RUN} first --restart on-failure collector")
    wait_for(lambda: _healthy(desk, "first"), "HEALTHCHECK", 180)
    icao24 = desk.world.land()
    wait_for(lambda: icao24 in _landed(desk, "first"), f"the landing of {icao24}", 180)
    desk.wait_for_mail("w at Ovda: at least 1 landing")
    return "HEALTHCHECK says healthy; one landing, one mail through login and TLS"


def confine_it(desk: Desk) -> str:
    """Look what it may do, and where its secrets are."""
    inside = f"{PODMAN} exec first"
    status = desk.box.run(f"{inside} cat /proc/1/status")
    facts = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    desk.must(facts["Uid"].split() == ["8042"] * 4, f"it runs as {facts['Uid']}")
    desk.must(int(facts["CapEff"], 16) == 0, f"capabilities: {facts['CapEff']}")
    desk.must(facts["NoNewPrivs"].strip() == "1", "it may gain privileges")
    for path in ("/mine", "/opt/collector/mine", "/etc/collector/mine", "/credentials/mine"):
        done = desk.box.run(f"{inside} touch {path} 2>&1 || true")
        desk.must("Read-only file system" in done, f"{path}: {done}")
    for secret in (PASSWORD, PING):
        told = f"{PODMAN} inspect first; {PODMAN} logs first 2>&1; {inside} env"
        found = desk.box.run(f"({told}) | grep -F '{secret}'", check=False)
        desk.must(not found, f"{secret} stands in {found}")
    return (
        "user 8042, no capability, nothing writable but the volume; no secret in what podman shows"
    )


def back_it_up(desk: Desk) -> str:
    """Back up as the page says, and read the copy as another container would restore it."""
    copy = "/var/lib/collector/backup.sqlite"
    desk.box.run(f"{PODMAN} exec first collector db backup {copy}")
    mode = desk.box.run(f"{PODMAN} exec first stat -c '%a %u' {copy}")
    desk.must(mode == "600 8042", f"the backup has {mode}")
    desk.box.run(f"{PODMAN} run --rm --volume collector:/volume {SHORTLY} {RESTORE}")
    desk.box.run(f"{PODMAN} exec first rm {copy}")
    return "a copy that user 8042 alone can read; restored in a container of its own"


def kill_it(desk: Desk) -> str:
    """Kill the daemon; podman starts it again, and it finds the next landing."""
    desk.box.run(f"kill -9 $({PODMAN} inspect --format '{{{{.State.Pid}}}}' first)")
    icao24 = desk.world.land()
    wait_for(lambda: icao24 in _landed(desk, "first"), f"the landing of {icao24}", 180)
    count = desk.box.run(f"{PODMAN} inspect --format '{{{{.RestartCount}}}}' first")
    desk.must(count == "1", f"restarted {count} times")
    return "killed, started again by `--restart on-failure`; the next landing is found"


def replace_it(desk: Desk) -> str:
    """Stop it, and run another on the same volume, as an upgrade does."""
    landed = _landed(desk, "first")
    desk.box.run(f"{PODMAN} stop --time 10 first >/dev/null")
    code = desk.box.run(f"{PODMAN} inspect --format '{{{{.State.ExitCode}}}}' first")
    desk.must(code == "0", f"it ended with {code}")
    desk.box.run(f"{PODMAN} rm first >/dev/null; {RUN} second collector")
    wait_for(lambda: _healthy(desk, "second"), "HEALTHCHECK", 180)
    icao24 = desk.world.land()
    wait_for(lambda: icao24 in _landed(desk, "second"), f"the landing of {icao24}", 180)
    desk.must(_landed(desk, "second").items() >= landed.items(), "the first landing is lost")
    return "stopped with 0; another on its volume has the landing, and finds the next one"


def configure_it_by_environment(desk: Desk) -> str:
    """Override the file by a variable, rightly and wrongly."""
    asked = f"{RUN} third --rm --env {MAIL_PORT}=PORT collector"
    shown = asked.replace("--detach --replace ", "") + " check --explain"
    right = desk.box.run(f"{shown.replace('PORT=PORT', 'PORT=2525')} 2>&1", check=False)
    desk.must(MAIL_PORT in right and "2525" in right, right[-500:])
    wrong = desk.box.run(f"{shown.replace('PORT=PORT', 'PORT=x')} 2>&1; echo $?", check=False)
    desk.must(wrong.split()[-1] == "78", wrong[-500:])
    return "a variable wins over the file; a wrong one ends with 78"


STEPS: list[tuple[str, Callable[[Desk], str]]] = [
    ("tools installed", install_tools),
    ("base made by debootstrap", make_base),
    ("built", build),
    ("run", run_it),
    ("confined", confine_it),
    ("backed up", back_it_up),
    ("killed", kill_it),
    ("stopped and replaced", replace_it),
    ("configured by environment", configure_it_by_environment),
]


def _healthy(desk: Desk, name: str) -> bool:
    asked = f"{PODMAN} healthcheck run {name} >/dev/null 2>&1 && echo yes"
    return desk.box.run(asked, check=False) == "yes"


def _landed(desk: Desk, name: str) -> dict[str, str]:
    rows = desk.box.run(f"{PODMAN} exec {name} collector landings --all --json", check=False)
    return {row["icao24"]: row["id"] for row in json.loads(rows or "[]")}


def main() -> int:
    """Try the container and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.container")
    parser.add_argument("--write", type=Path, metavar="FILE")
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
        if box.run(IS_ROOT, check=False) != "yes":
            click.echo(
                "skipped: this box is a changed root (chroot), out of which podman exec falls"
            )
            return 0
        desk = Desk(box, outside)
        table = f"{HEAD}{datetime.now(UTC):%Y-%m-%d}.\n\n| step | seconds | seen |\n|---|---|---|\n"
        for name, step in STEPS:
            begin = time.monotonic()
            try:
                seen, held = step(desk), True
            except StepError as error:
                click.echo(f"{name}: {error}", err=True)
                seen, held = f"FAILED: {' '.join(str(error).split())[-300:]}", False
            row = f"| {name} | {time.monotonic() - begin:.0f} | {seen} |\n"
            table += row
            click.echo(row, nl=False)
            if chosen.write is not None:
                chosen.write.write_text(table)
            if not held:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
