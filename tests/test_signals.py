"""Does a process end when it is asked to, whatever it was about to do in that instant?"""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys

import pytest

from tests.support.station import DEADLINE_S

WAITS = """
import os, signal, threading
from collector.signals import when_asked_to_end

stop = threading.Event()
when_asked_to_end(lambda asked: (print(asked.name, flush=True), stop.set()))
with stop._cond:  # as in the instant in which a wait begins, or ends
    os.kill(os.getpid(), signal.Signals[{name!r}])
stop.wait()
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_in_the_instant_in_which_a_wait_begins_ends_it(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WAITS.format(name=name)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert (done.stdout, done.returncode) == (f"{name}\n", 0), done.stderr


HANGS_UP = """
import os, signal, threading
from collector.signals import when_asked_to_end, when_told_to_reload

ended, told = threading.Event(), threading.Event()
when_asked_to_end(lambda asked: (print("ended", asked.name, flush=True), ended.set(), told.set()))
when_told_to_reload(lambda asked: (print("told", asked.name, flush=True), told.set()))
os.kill(os.getpid(), signal.SIGHUP)
told.wait({patience})
ended.is_set() or os.kill(os.getpid(), signal.SIGTERM)
ended.wait()
"""


@pytest.mark.parametrize(
    ("begun", "patience", "said"),
    [
        ("service", None, "told SIGHUP\nended SIGTERM\n"),
        ("terminal", None, "ended SIGHUP\n"),
        ("nohup", 0, "ended SIGTERM\n"),
    ],
)
def test_a_hang_up_ends_what_has_a_terminal_and_nothing_else(
    begun: str, patience: int | None, said: str
) -> None:
    ours, its = pty.openpty()

    def begin() -> None:
        if begun == "terminal":  # the first that a session opens belongs to it
            os.close(os.open(os.ttyname(its), os.O_RDWR))
        ignored = begun == "nohup"  # the tests themselves may run under nohup
        signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)

    done = subprocess.run(
        [sys.executable, "-c", HANGS_UP.format(patience=patience)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
        preexec_fn=begin,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert (done.stdout, done.returncode) == (said, 0), done.stderr
    os.close(ours)
    os.close(its)
