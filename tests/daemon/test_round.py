"""Does `run --once` say what it did to whoever looks at it, and to nobody else?"""

from __future__ import annotations

import os
import pty
import re
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
