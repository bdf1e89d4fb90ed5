"""Which steps does the service go through, and what must each of them show?

Each function is a step: it does what the page says, and returns what was seen, in a few words. It
raises StepError if that is not what the page promises.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.long.service import past
from tests.long.service.box import wait_for
from tests.long.service.desk import COLLECTOR, RESTORE, Desk
from tests.long.service.world import PASSWORD, PING

Step = Callable[[Desk], str]
WATCHDOG_S = 10


def install_it(desk: Desk) -> str:
    """Install it as the page says."""
    desk.take_checkout()
    desk.install()
    polling = desk.box.property("collector", "StatusText")
    desk.must(polling.startswith("polling"), f"systemctl status shows: {polling}")
    return f"runs; `systemctl status` says: {polling}"


def set_secrets(desk: Desk) -> str:
    """Give it a mail password and a dead man's page by the chapter about secrets."""
    desk.configure_secrets()
    return "runs with LoadCredential; the mail server demands login and TLS"


def see_landing(desk: Desk) -> str:
    """Let an aircraft land."""
    desk.see_a_landing()
    words = "w at Ovda: at least 1 landing"
    desk.wait_for_mail(words)
    (mail,) = (one for one in desk.world.inbox.taken if words in str(one["Subject"]))
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    desk.must(pictures, "the mail has no picture")
    return "one landing, one mail with its picture, through login and TLS"


def keep_others_out(desk: Desk) -> str:
    """Look for its data as another user, and for its secrets as root."""
    other = "setpriv --reuid=65534 --regid=65534 --clear-groups"
    for path in ("/var/lib/collector/collector.sqlite", "/etc/collector/credentials"):
        seen = desk.box.run(f"{other} ls {path} >/dev/null 2>&1 && echo seen", check=False)
        desk.must(seen != "seen", f"others can see {path}")
    modes = desk.box.run("find /var/lib/private/collector/ -perm /077")
    desk.must(not modes, f"open to others: {modes}")
    for secret in (PASSWORD, PING):
        found = desk.box.run(
            f"journalctl -o cat | grep -F '{secret}';"
            f"grep -rlF '{secret}' /var/lib/private /proc/{desk.pid()}/environ;"
            f"zcat /var/lib/private/collector/recordings/*.gz | grep -F '{secret}'",
            check=False,
        )
        desk.must(not found, f"{secret} stands in {found}")
    return "data and secrets closed to others; no secret in journal, data or environment"


def kill_it(desk: Desk) -> str:
    """Kill the daemon with signal 9."""
    pid, mails = desk.pid(), len(desk.world.inbox.taken)
    landed = desk.landed()
    desk.box.run("systemctl kill -s KILL collector")
    took = desk.wait_until_running(other_than=pid, seconds=120)
    desk.wait_for_mail("Service failed: collector (signal-KILL)", after=mails)
    desk.see_a_landing()
    desk.must(desk.landed().items() >= landed.items(), "a landing changed")
    return f"runs again after {took:.0f} s, operators mailed, landings kept, the next one found"


def hang_it(desk: Desk) -> str:
    """Stop the daemon's process in its tracks (SIGSTOP)."""
    drop_in = "/run/systemd/system/collector.service.d/short.conf"
    desk.box.run(f"mkdir -p {drop_in.rpartition('/')[0]}")
    desk.box.write(drop_in, f"[Service]\nWatchdogSec={WATCHDOG_S}s\n")
    desk.box.run("systemctl daemon-reload; systemctl restart collector")
    desk.wait_until_running()
    time.sleep(2 * WATCHDOG_S)
    pid, mails = desk.pid(), len(desk.world.inbox.taken)
    desk.must(desk.box.property("collector", "NRestarts") == "0", "the watchdog bit too early")
    desk.box.run("systemctl kill -s STOP collector")
    took = desk.wait_until_running(other_than=pid, seconds=240)
    desk.wait_for_mail("Service failed: collector (watchdog", after=mails)
    desk.box.run(
        f"rm -r {drop_in.rpartition('/')[0]}; systemctl daemon-reload; systemctl restart collector"
    )
    desk.wait_until_running()
    return (
        f"watchdog (here {WATCHDOG_S} s) ends it; runs again after {took:.0f} s, operators mailed"
    )


def stop_it(desk: Desk) -> str:
    """Stop the service and start it again."""
    mails = len(desk.world.inbox.taken)
    desk.box.run("systemctl stop collector")
    begin, end = (_logged_at(desk, words) for words in ("event=stopping", "event=stopped"))
    result = desk.box.property("collector", "Result")
    desk.must(result == "success", f"stopped with {result}")
    time.sleep(2)
    desk.must(desk.state() == "inactive", "it came back")
    desk.must(len(desk.world.inbox.taken) == mails, "a mail about a stop that was asked for")
    desk.box.run("systemctl start collector")
    desk.wait_until_running()
    return f"stopped in {end - begin:.1f} s without a mail, stayed down, started again"


def _logged_at(desk: Desk, words: str) -> float:
    """Return when the daemon last logged these words, in seconds."""
    logged = desk.box.run(
        "journalctl --sync; journalctl -u collector -o short-unix -n 100"
    ).splitlines()
    lines = [line for line in logged if words in line]
    desk.must(lines, f"the log does not say {words}")
    return float(lines[-1].split()[0])


def configure_it_wrongly(desk: Desk) -> str:
    """Start it with a line that is no TOML, without a file, and with two mistakes in it."""
    toml, mails = "/etc/collector/collector.toml", len(desk.world.inbox.taken)
    desk.box.run(f"cp {toml} /root/right.toml; sed -i '1i [[watch' {toml}")
    _must_give_up(desk)
    desk.wait_for_mail("Service failed: collector (exit-code-78)", after=mails)
    desk.box.run(f"rm {toml}")
    _must_give_up(desk)
    desk.box.run(
        f"cp /root/right.toml {toml}; sed -i 's/far_s = 10/far_s = \"x\"/; s/LLOV/LLOO/' {toml}"
    )
    _must_give_up(desk)
    log = desk.box.run("journalctl -u collector -o cat -n 40")
    desk.must("far_s" in log and "LLOO" in log, "the log does not list both mistakes")
    desk.box.run(f"cp /root/right.toml {toml}; systemctl start collector")
    desk.wait_until_running()
    return (
        "no TOML: ends with 78, stays down, operators mailed; no file: ends with 78, stays down; "
        "two mistakes: the log lists both; corrected and started, it runs"
    )


def _must_give_up(desk: Desk) -> None:
    """Restart it; it must end with 78 and stay down."""
    desk.box.run("systemctl restart collector || true")
    wait_for(lambda: desk.state() == "failed", "the service to give up", 60)
    status = desk.box.property("collector", "ExecMainStatus")
    desk.must(status == "78", f"ended with {status}")


def starve_it(desk: Desk) -> str:
    """Let it have less memory than it needs, so that it is killed again and again."""
    folder = "/run/systemd/system/collector.service.d"
    desk.box.run("rm -f /run/private/collector-failed/failures.json")  # what was told is told again
    desk.box.run(f"systemctl stop collector; mkdir -p {folder}")
    desk.box.write(
        f"{folder}/starved.conf", "[Service]\nMemoryMax=24M\nMemorySwapMax=0\nRestartSec=3s\n"
    )
    mails, pings = len(desk.world.inbox.taken), desk.world.pings
    try:
        desk.box.run("systemctl daemon-reload; systemctl start collector", check=False)
        # With control groups of the first version, systemd calls it a signal.
        desk.wait_for_mail("Service failed: collector (", after=mails)
        wait_for(
            lambda: int(desk.box.property("collector", "NRestarts")) > 2, "three restarts", 120
        )
        desk.must(desk.world.pings == pings, "a ping of a daemon that received nothing")
    finally:
        desk.box.run(f"rm -r {folder}; systemctl daemon-reload; systemctl stop collector")
    told = [each for each in desk.world.subjects()[mails:] if "Service failed" in each]
    desk.must(len(told) == 1, f"mails: {told}")
    desk.box.run("systemctl start collector")
    desk.wait_until_running()
    desk.see_a_landing()
    return "killed for want of memory again and again: one mail, no ping; with enough, it runs"


def seal_it(desk: Desk) -> str:
    """Let the timer seal a landing of the day before yesterday."""
    past.replay_a_landing(desk)
    timer, mails = "collector-seal.timer", len(desk.world.inbox.taken)
    soon = f"/run/systemd/system/{timer}.d/soon.conf"
    desk.box.run(f"mkdir -p {soon.rpartition('/')[0]}")
    desk.box.write(
        soon,
        "[Timer]\nOnCalendar=\nOnCalendar=*:*:0/20\nRandomizedDelaySec=0\nAccuracySec=1s\n",
    )
    desk.box.run(f"systemctl daemon-reload; systemctl enable --now {timer}")
    took = wait_for(lambda: desk.json("seal", "--list"), "the timer's root", 180)
    desk.box.run(f"rm -r {soon.rpartition('/')[0]}; systemctl daemon-reload")
    desk.box.run(f"systemctl restart {timer}")
    wait_for(
        lambda: desk.box.property("collector-seal", "ActiveState") != "activating", "its end", 120
    )
    result = desk.box.property("collector-seal", "Result")
    desk.must(result == "success", f"it ended with {result}")
    due = desk.box.property(timer, "NextElapseUSecRealtime")
    desk.must(" 02:" in due or " 03:0" in due, f"the timer is due: {due}")
    (root,) = desk.json("seal", "--list")
    database = "/var/lib/private/collector/collector.sqlite"
    desk.box.run(f"systemctl stop collector; mv {database} {database}.away")
    desk.box.run("systemctl start collector-seal", check=False)
    desk.wait_for_mail("Service failed: collector (seal)", after=mails)
    desk.box.run(f"mv {database}.away {database}; systemctl start collector")
    desk.wait_until_running()
    return (
        f"the timer made root {root['number']} after {took:.0f} s; next one due {due}; "
        "a failed one was mailed"
    )


def back_it_up(desk: Desk) -> str:
    """Let the timer's service make backups, and one that fails."""
    folder = "/var/lib/collector-backups"
    due = desk.box.property("collector-backup.timer", "NextElapseUSecRealtime")
    desk.must("03:" in due or "04:" in due, f"the timer is due: {due}")
    desk.box.run("systemctl start collector-backup")
    desk.box.run(
        f"cd {folder}; for day in $(seq 10 25); do cp -a *.sqlite collector-2025-01-${{day}}T0"
        "33000Z.sqlite 2>/dev/null || cp -a $(ls -r *.sqlite | head -n 1) "
        "collector-2025-01-${day}T033000Z.sqlite; done; sleep 1; systemctl start collector-backup"
    )
    kept = desk.box.run(f"ls {folder}").split()
    newest = f"{folder}/{kept[-1]}"
    desk.must(len(kept) == 14, f"{len(kept)} backups")
    desk.must(desk.box.run(f"stat -c %a {newest}") == "600", "others can read the backup")
    desk.box.run(f"cp {newest} /root/backup.sqlite")
    mails = len(desk.world.inbox.taken)
    database = "/var/lib/private/collector/collector.sqlite"
    desk.box.run(f"systemctl stop collector; mv {database} {database}.away")
    desk.box.run("systemctl start collector-backup", check=False)
    desk.wait_for_mail("Service failed: collector (backup)", after=mails)
    desk.must(desk.box.run(f"ls {folder}").split() == kept, "a failed backup deleted others")
    desk.box.run(f"mv {database}.away {database}; systemctl start collector")
    desk.wait_until_running()
    return f"next one due {due}; 14 kept of 18, closed to others; a failed one was mailed"


def restore_it(desk: Desk) -> str:
    """Restore the backup, after one more landing, and replay what came since."""
    desk.see_a_landing()
    before = desk.landed()
    restored = desk.follow(RESTORE, 1, **{"collector-2026-11-23": "/root/backup.sqlite"})
    desk.wait_until_running()
    desk.must("restored from /root/backup.sqlite" in restored, restored[-500:])
    desk.must(desk.landed() == before, f"{before} became {desk.landed()}")
    desk.box.run(f"{COLLECTOR} db check")
    desk.see_a_landing()
    desk.box.run(f"{COLLECTOR} db backup /root/last.sqlite")
    return f"all {len(before)} landings are back with their ids, one of them by the replay"
