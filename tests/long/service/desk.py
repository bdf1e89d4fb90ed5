"""What does an operator do? Types the page's commands into the box, and looks what came of it."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.long.service.box import TYPED, Box, StepError, wait_for
from tests.long.service.page import blocks
from tests.long.service.world import CA_FILE, PASSWORD, PING, World

ROOT = Path(__file__).resolve().parents[3]
COLLECTOR = "/opt/collector/bin/collector"
INSTALL, SECRETS, RESTORE = "Install as a service", "Secrets", "Back up and restore"


@dataclass
class Desk:
    """An operator with a checkout, its page, and a box."""

    box: Box
    world: World
    page: str = ""

    def take_checkout(self, release: str | None = None) -> None:
        """Put this checkout, or that of a release, into the box, and open its page."""
        git = ["git", "-C", str(ROOT)]
        if release is None:
            listed = subprocess.run([*git, "ls-files", "-z"], check=True, capture_output=True)
            pack = ["tar", "-c", "-C", str(ROOT), "--null", "-T", "-"]
            archive = subprocess.run(pack, input=listed.stdout, check=True, capture_output=True)
            self.page = (ROOT / "docs" / "operating.md").read_text()
        else:
            archive = subprocess.run([*git, "archive", release], check=True, capture_output=True)
            shown = [*git, "show", f"{release}:docs/operating.md"]
            self.page = subprocess.run(shown, check=True, capture_output=True, text=True).stdout
        self.box.unpack(archive.stdout)

    def install(self, *, login: bool = False) -> None:
        """Type the first block of the chapter about the installation."""
        self.box.write(TYPED, self.world.config(login=login))
        self.box.write("/root/mail-ca.pem", self.world.ca)
        self.box.run(f"install -D -m 644 /root/mail-ca.pem {CA_FILE}")
        self.box.type_in(blocks(self.page, INSTALL)[0])
        self.wait_until_running()

    def configure_secrets(self) -> None:
        """Follow the chapter about secrets, for the mail password and the dead man's page."""
        self.box.write("/etc/collector/collector.toml", self.world.config(login=True))
        asked, drop_in, restart = blocks(self.page, SECRETS)
        url = "/etc/collector/credentials/dead_man_url"
        self.box.write(url, f"{self.world.feed.url}{PING}\n")
        self.box.run(f"chmod 600 {url}")
        alarm = drop_in
        self.box.write(TYPED, f"{drop_in}\nLoadCredential=dead_man_url:{url}\n")
        self.box.type_in(asked, typed=f"{PASSWORD}\n")
        self.box.write(TYPED, alarm + "\n")
        self.box.type_in("systemctl edit collector-failed@")
        self.box.type_in(restart)
        self.wait_until_running()

    def state(self) -> str:
        """Whether the service runs, in systemd's words."""
        return self.box.run("systemctl is-active collector", check=False)

    def pid(self) -> str:
        """The daemon's process; 0 if there is none."""
        return self.box.property("collector", "MainPID")

    def wait_until_running(self, *, other_than: str = "0", seconds: float = 60) -> float:
        """Wait until the daemon runs, as another process than that; return the seconds."""
        return wait_for(
            lambda: self.state() == "active" and self.pid() not in ("0", other_than),
            "the service to run",
            seconds,
        )

    def json(self, *words: str) -> list[dict[str, Any]]:
        """Return what a listing prints for root."""
        rows: list[dict[str, Any]] = json.loads(
            self.box.run(f"{COLLECTOR} {' '.join(words)} --json")
        )
        return rows

    def landed(self) -> dict[str, str]:
        """The aircraft that landed, each with the id of its landing."""
        return {row["icao24"]: row["id"] for row in self.json("landings", "--all")}

    def see_a_landing(self) -> str:
        """Let an aircraft land, wait for its row, and return its address."""
        icao24 = self.world.land()
        wait_for(lambda: icao24 in self.landed(), f"the landing of {icao24}", 120)
        return icao24

    def wait_for_mail(self, words: str, *, after: int = 0, seconds: float = 120) -> None:
        """Wait for a mail whose subject has these words, beyond the first `after` mails."""
        wait_for(
            lambda: any(words in subject for subject in self.world.subjects()[after:]),
            f"a mail about {words!r}",
            seconds,
        )

    def follow(self, heading: str, number: int = 0, **names: str) -> str:
        """Type a block of a chapter, with other paths in place of the page's examples."""
        block = blocks(self.page, heading)[number]
        for example, path in names.items():
            block = re.sub(rf"\S*{example}\S*", path, block)
        block = re.sub(r"(?m)^collector ", f"{COLLECTOR} ", block)
        return self.box.type_in(block)

    def must(self, holds: object, what: str) -> None:
        """Raise StepError, with what was expected, if it does not hold."""
        if not holds:
            raise StepError(what)
