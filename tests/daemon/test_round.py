"""Do `run` and `run --once` say what they do to whoever looks at them, and to nobody else?"""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
from pathlib import Path

from tests.support.fake_feed import Answer, FakeFeed
from tests.support.smtp import Inbox, smtp_server
from tests.support.station import DEADLINE_S, Station


def test_on_a_terminal_a_round_says_whom_it_asked_and_what_became_known(tmp_path: Path) -> None:
    with FakeFeed() as feed, smtp_server(Inbox()) as port:
        feed.on("/*", Answer(b"no", 403))
        station = Station(tmp_path, feed_url=feed.url, smtp_port=port)
        ours, theirs = pty.openpty()
        with os.fdopen(theirs, "w") as terminal:
            process = station.start(["run", "--once"], terminal, subprocess.DEVNULL)
            assert process.wait(timeout=DEADLINE_S) == 0
            said = " ".join(os.read(ours, 4096).decode().split())
        os.close(ours)
        assert said.startswith("Asked: adsblol refused our request"), said
        assert re.search(r"\. No landing became known, none changed, \d mails? w\w+ sent\.$", said)
        assert station.run("run", "--once").stdout == "", "a timer would mail each word"


def test_on_a_terminal_the_daemon_first_says_what_it_counts_and_where_its_page_is(
    tmp_path: Path,
) -> None:
    station = Station(tmp_path)
    station.write()
    text = station.config.read_text().replace("enabled = false", "enabled = true\nport = 1", 1)
    station.config.write_text(text)
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        process = station.start(["run"], terminal, subprocess.DEVNULL)
        try:
            said = ""
            while "Ctrl-C" not in said:
                said += os.read(ours, 4096).decode()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=DEADLINE_S)
    os.close(ours)
    assert " ".join(said.split()).startswith(
        "The collector counts landings of w at Ovda. It asks adsblol. Its page is at "
        "http://127.0.0.1:1/. Ctrl-C stops it."
    ), said
