"""Does a process end when it is asked to, whatever it was about to do in that instant?"""

from __future__ import annotations

import os
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
