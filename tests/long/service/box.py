"""How is a command run in a machine of its own? In a throw-away systemd, started for this test."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.support.shared import SHARED

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""A plain Debian's: a Python in a home folder would be invisible to the service."""
SOURCE = "/root/source"
"""Where the checkout lies in the box."""
FOUND = "COLLECTOR_BOX"
"""The variable that names the box's command."""
TYPED = "/root/typed"
"""What the operator types into the next editor."""
EDITOR = f'#!/bin/sh\nfor file; do :; done\ncat {TYPED} > "$file"\n'
"""An editor for somebody who knows what to type: it fills the file that is its last argument."""
LONGEST_COMMAND_S = 900


def box_command() -> Path | None:
    """Return the command that makes boxes; None if this machine has none.

    It is read by the variable `COLLECTOR_BOX`, else looked for beside the shared recordings.
    """
    named = os.environ.get(FOUND)
    command = Path(named) if named else SHARED / "tools" / "systemd-box"
    return command if os.access(command, os.X_OK) else None


class StepError(Exception):
    """The service does not do what the page says."""


class Box:
    """A running box."""

    def __init__(self, command: Path, state: str) -> None:
        self._command = str(command)
        self._environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("COLLECTOR_") and name != "CREDENTIALS_DIRECTORY"
        } | {"SYSTEMD_BOX": state}

    @classmethod
    @contextmanager
    def started(cls, command: Path) -> Iterator[Self]:
        """Start a box and stop it at the end. Raises StepError if it does not come up."""
        with tempfile.TemporaryDirectory(prefix="collector-box.", dir="/var/tmp") as state:
            box = cls(command, state)
            done = box._call("start")
            if done.returncode:
                raise StepError(f"the box does not start: {done.stderr!s}")
            try:
                box.write("/usr/local/bin/editor", EDITOR)
                box.run("chmod 755 /usr/local/bin/editor")
                yield box
            finally:
                box._call("stop")
                time.sleep(1)  # its processes let the folder go

    def _call(self, *words: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [self._command, *words],
            input=given or b"",
            capture_output=True,
            env=self._environ,
            check=False,
            timeout=LONGEST_COMMAND_S,
        )

    def _exec(self, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        plain = (f"PATH={PATH}", "HOME=/root", "TERM=dumb", "SYSTEMD_EDITOR=/usr/local/bin/editor")
        return self._call("exec", "env", "--chdir=/root", *plain, *words, given=given)

    def run(self, script: str, *, check: bool = True) -> str:
        """Run a shell script as root and return what it prints. Raises StepError if it fails."""
        strict = ("-e", "-o", "pipefail") if check else ()
        done = self._exec("bash", *strict, "-c", script)
        if check and done.returncode:
            words = (done.stdout + done.stderr).decode(errors="replace")
            raise StepError(f"{script}\nended with {done.returncode}:\n{words[-3000:]}")
        return done.stdout.decode(errors="replace").strip()

    def type_in(self, script: str, *, typed: str = "") -> str:
        """Run lines of the page at a terminal, in the folder of the checkout.

        `typed` answers what they ask. Raises StepError at the first line that fails.
        """
        self.write("/root/lines", f"cd {SOURCE}\n{script}\n")
        words = ("script", "--quiet", "--return", "--command", "bash -e /root/lines", "/dev/null")
        done = self._exec(*words, given=typed.encode())
        shown = done.stdout.decode(errors="replace").replace("\r\n", "\n")
        if done.returncode:
            raise StepError(f"{script}\nended with {done.returncode}:\n{shown[-3000:]}")
        return shown

    def write(self, path: str, text: str) -> None:
        """Write a file in the box."""
        done = self._exec("sh", "-c", 'cat > "$1"', "sh", path, given=text.encode())
        if done.returncode:
            raise StepError(f"{path} cannot be written: {done.stderr.decode(errors='replace')}")

    def put(self, path: str, file: Path) -> None:
        """Copy a file into the box."""
        done = self._exec("sh", "-c", 'cat > "$1"', "sh", path, given=file.read_bytes())
        if done.returncode:
            raise StepError(f"{path} cannot be written: {done.stderr.decode(errors='replace')}")

    def unpack(self, archive: bytes) -> None:
        """Put the checkout of a tar into the box, instead of the one before."""
        done = self._exec(
            "sh", "-c", f"rm -rf {SOURCE} && mkdir {SOURCE} && tar -x -C {SOURCE}", given=archive
        )
        if done.returncode:
            raise StepError(f"the checkout: {done.stderr.decode(errors='replace')}")

    def property(self, unit: str, name: str) -> str:
        """Return a property of a unit, as systemd shows it."""
        return self.run(f"systemctl show --value -p {name} '{unit}'")


def wait_for(condition: Callable[[], object], what: str, seconds: float = 60) -> float:
    """Wait until the condition holds, and return the seconds that it took. Raises StepError."""
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > seconds:
            raise StepError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.5)
    return time.monotonic() - begin
