"""Does an older installation become today's, with its landings, and can all of it be removed?"""

from __future__ import annotations

import subprocess

from tests.long.service.box import StepError
from tests.long.service.desk import COLLECTOR, ROOT, Desk

RELEASES = {
    "0.1.0": "9fd7d0e23356a82cbe99427826a5b3689aa616ee",
    "0.2.0": "ca1cd0687577223f2d024eef2399b6c7c78dc3be",
}
"""Each released version, with the last commit that had its number, or that dated its changelog."""
SCHEMAS = sorted((ROOT / "tests" / "store" / "schemas").glob("*.sql"))
DATABASE = "/var/lib/collector/collector.sqlite"
LEFT = (
    "find /etc /home /opt /srv /usr /var -xdev '(' -path /usr/local/bin/editor -o -path /var/log "
    "')' -prune -o -path '*collector*' -newer /root/begun -print; "
    "find /run -name '*collector*' -not -path '/run/log/*'"
)


def uninstall_it(desk: Desk) -> str:
    """Uninstall it as the page says, first without its data, then with them."""
    desk.follow("Uninstall", 0)
    kept = desk.box.run("ls -d /var/lib/private/collector /etc/collector").split()
    desk.must(len(kept) == 2, f"the data went along: {kept}")
    desk.follow("Uninstall", 1)
    left = desk.box.run(LEFT)
    desk.must(not left, f"left: {left}")
    units = desk.box.run("systemctl list-units --all --no-legend 'collector*'")
    desk.must(not units, f"units left: {units}")
    return "first block keeps data and configuration, the second leaves nothing but the journal"


def begin_anew(desk: Desk) -> str:
    """Install on the empty machine and restore the backup, by the page alone."""
    desk.take_checkout()
    desk.install()
    restored = desk.follow(
        "Back up and restore", 1, **{"collector-2026-11-23": "/root/last.sqlite"}
    )
    desk.must("restored from /root/last.sqlite" in restored, restored[-500:])
    desk.wait_until_running()
    landed = desk.landed()
    desk.must(len(landed) >= 4, f"only {landed}")
    desk.see_a_landing()
    return f"{len(landed)} landings of the old machine, and the next one found"


def upgrade_from(desk: Desk, release: str) -> str:
    """Install a release by its own page, let it see a landing, and upgrade it by this page."""
    desk.take_checkout(RELEASES[release])
    desk.install()
    icao24 = desk.world.land()
    desk.wait_for_mail("landing", after=len(desk.world.inbox.taken))
    desk.box.run("systemctl stop collector")
    desk.take_checkout()
    desk.follow("Upgrade")
    desk.wait_until_running()
    landed, mails = desk.landed(), len(desk.world.inbox.taken)
    desk.must(set(landed) == {icao24}, f"{icao24} landed, and now there is {landed}")
    desk.must("no problems" in desk.box.run(f"{COLLECTOR} db check 2>&1"), "db check")
    desk.see_a_landing()
    told = desk.world.subjects()[mails:]
    desk.must(desk.landed().items() >= landed.items(), "the old landing changed")
    version = desk.box.run(f"{COLLECTOR} --version").split()[1]
    return (
        f"its landing kept, the next one found, {len(told)} mails since; db check clean ({version})"
    )


def upgrade_from_each_schema(desk: Desk) -> str:
    """Restore a database of each schema there ever was, each with a landing, and start on it."""
    for dump in SCHEMAS:
        desk.box.write("/root/dump.sql", dump.read_text())
        desk.box.run(
            "rm -f /root/old.sqlite; sqlite3 /root/old.sqlite < /root/dump.sql; "
            f"systemctl stop collector; {COLLECTOR} db restore /root/old.sqlite; "
            "rm /var/lib/collector/*-before-*; systemctl start collector"
        )
        desk.wait_until_running()
        landed = desk.box.run(f"sqlite3 {DATABASE} 'SELECT icao24 FROM landings'")
        if landed != "600865":
            raise StepError(f"{dump.name}: {landed}")
        desk.box.run(f"{COLLECTOR} db check")
    desk.see_a_landing()
    return f"{len(SCHEMAS)} schemas, each with its landing; the next one found"


def has_history() -> bool:
    """Return whether the releases can be had: this is a checkout with its history."""
    wanted = [f"{commit}^{{commit}}" for commit in RELEASES.values()]
    done = [
        subprocess.run(["git", "-C", str(ROOT), "cat-file", "-e", each], check=False, stderr=-3)
        for each in wanted
    ]
    return not any(each.returncode for each in done)
