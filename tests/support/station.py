"""A collector as its operator runs it: a configuration, a folder, real processes.

station = Station(tmp_path, feed_url=feed.url, smtp_port=server.port)
station.run("replay", "recording.warc.gz")
with station.daemon() as process: ...
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from click.testing import CliRunner

from collector.cli import main
from collector.model.reply import Reply
from collector.recording import Recorder
from tests.support.forked import Forked

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 90.0
"""How long a process test waits for what should take a second: the machine may be busy."""

AT_ONCE_S = 20.0
"""Shorter than what it would otherwise wait for: 30 s for a feed or a mail server that hangs."""

NOBODY = "http://127.0.0.1:9"
"""The discard port: nobody listens there."""

CONFIG = """
contact = "ops@example.org"
data = "{data}"

[[recipient]]
name = "ops"
address = "ops@example.org"

[web]
enabled = false

[polling]
far_s = 10
near_s = 5
inbound_s = 5

[[watch]]
name = "w"
places = ["LLOV"]
icao24 = ["600865"]
recipients = ["ops"]

[[watch.rule]]
name = "one"
kind = "threshold"
at = "LLOV"
count = 1
"""

Process = subprocess.Popen[str] | Forked
Output = IO[str] | int


@dataclass
class Station:
    """One configuration in one folder. Its processes are forks of one that has imported everything
    (tests/support/forked.py), or each a Python of its own, `afresh`, as an operator's is."""

    folder: Path
    feed_url: str | None = None
    smtp_port: int | None = None
    extra: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    afresh: bool = False

    def __post_init__(self) -> None:
        self.write()

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "collector.toml"

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "var" / "collector.sqlite"

    @property
    def recordings(self) -> Path:
        """Where the daemon records."""
        return self.folder / "var" / "recordings"

    def write(self) -> None:
        """Write the configuration anew."""
        text = CONFIG.format(data=self.folder / "var")
        text += f'\n[feeds.adsblol]\nurl = "{self.feed_url or NOBODY}"\n'
        if self.smtp_port is not None:
            text += f'\n[mail]\nhost = "127.0.0.1"\nport = {self.smtp_port}\nsecurity = "none"\n'
            text += 'sender = "collector@example.org"\ngroup_wait_s = 0\n'
        self.config.write_text(text + self.extra)

    def run(
        self, *words: str | Path, check: bool = True, timeout_s: float = 600
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        with TemporaryFile("w+") as stdout, TemporaryFile("w+") as stderr:
            process = self.start(words, stdout, stderr)
            try:
                code = process.wait(timeout=timeout_s)
            finally:
                process.kill()
            stdout.seek(0)
            stderr.seek(0)
            done = subprocess.CompletedProcess(process.args, code, stdout.read(), stderr.read())
        if check and done.returncode != 0:
            raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stderr}")
        return done

    def json(self, *words: str) -> list[dict[str, Any]]:
        """What a listing prints with --json, read in this process: starting another costs a second,
        and `run` and the tests in tests/e2e do so."""
        head = ["--config", str(self.config)]
        done = CliRunner(env=self.environ).invoke(
            main, [*head, *words, "--json"], catch_exceptions=False
        )
        assert done.exit_code == 0, f"{words} ended with {done.exit_code}:\n{done.stderr}"
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows

    @contextmanager
    def daemon(self, *words: str, **environ: str) -> Iterator[Process]:
        """The daemon (or what `words` say) in a process of its own; killed at the end if it still
        runs."""
        with (self.folder / "daemon.log").open("a") as log:
            process = self.start(words or ["run"], subprocess.DEVNULL, log, **environ)
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()

    def start(
        self, words: Sequence[str | Path], stdout: Output, stderr: Output, **environ: str
    ) -> Process:
        """Start a command, which nobody ends but who asked for it."""
        told = ["--config", str(self.config), *map(str, words)]
        begin = _afresh if self.afresh else Forked
        env = dict(os.environ) | {"PYTHONPATH": str(ROOT)} | self.environ | environ
        return begin(told, env=env, cwd=self.folder, stdout=stdout, stderr=stderr)

    @property
    def log(self) -> str:
        """What the daemon logged so far."""
        return (self.folder / "daemon.log").read_text()


def _afresh(
    words: Sequence[str], *, env: dict[str, str], cwd: Path, stdout: Output, stderr: Output
) -> Process:
    command = [sys.executable, "-m", "collector", *words]
    return subprocess.Popen(command, env=env, cwd=cwd, stdout=stdout, stderr=stderr, text=True)


def wait_for(condition: Callable[[], bool], what: str, seconds: float = DEADLINE_S) -> None:
    """Return as soon as `condition` holds; fail, naming `what`, if it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"still not after {seconds} s: {what}"
        time.sleep(0.05)


def end(process: Process, signal_number: int = signal.SIGTERM) -> None:
    """Send SIGTERM, and fail unless the process ends well without waiting for anybody."""
    process.send_signal(signal_number)
    assert process.wait(timeout=AT_ONCE_S) == 0


def record(folder: Path, replies: Sequence[Reply], files: int = 1) -> list[Path]:
    """Replies as recordings, in `files` files one after another; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    share = -(-len(replies) // files)
    for number in range(files):
        mine = replies[number * share : (number + 1) * share]
        recorder = Recorder(
            folder, started_at=mine[0].received_at, software="test", contact="ops@example.org"
        )
        for reply in mine:
            recorder.keep(reply)
        recorder.close()
    return sorted(folder.glob("*.warc.gz"))
