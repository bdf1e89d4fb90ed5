"""What does a picture cost? A process of its own draws what a mail and a page show, and ends.

It goes the daemon's own way (`collector.drawing`): the process starts, imports matplotlib, draws
and answers. Processor time is claimed, which on a machine with an idle core is the time by the
clock; memory is the highest that the kernel counted. Whoever asks is a small process, as a new
process counts the memory of the one that starts it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from _claims import Claim, report, short

ROOT = Path(__file__).parent.parent
BOUND_S, BOUND_MB = 3.0, 120.0
ASK = "--ask"


def orders() -> dict[str, list[str]]:
    """Return the orders of pictures by what they are for."""
    sys.path.insert(0, str(ROOT))
    from collector.reports.picture import Look, order
    from tests.reports.mails_shown import messages
    from tests.reports.test_picture_data import drawn, flown

    mail = [each.order for each in messages()["digest"].illustrations]
    page = order(drawn(flown()), Look(suffix="svg"))
    return {"the two pictures of a digest": mail, "the track on a landing's page": [page]}


def asked(wanted: list[str], runs: int) -> dict[str, Any]:
    """Return what a small process measures that asks for these pictures."""
    done = subprocess.run(
        [sys.executable, __file__, ASK, str(runs)],
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"nothing was measured: {done.stderr[-2000:]}")
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def ask(runs: int) -> None:
    """Ask for the pictures that standard input orders, and print what that took."""
    from collector.drawing import Drawer

    wanted, cpu_s, clock_s = json.loads(sys.stdin.read()), [], []
    for _ in range(runs):
        begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        if None in Drawer(timeout_s=120).drawn(wanted):
            sys.exit("a picture could not be drawn")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_s.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        clock_s.append(time.perf_counter() - begin)
    highest_mb = after.ru_maxrss / 1024
    print(json.dumps({"cpu_s": min(cpu_s), "clock_s": min(clock_s), "highest_mb": highest_mb}))


def main() -> int:
    if sys.argv[1:2] == [ASK]:
        ask(int(sys.argv[2]))
        return 0
    runs = 2 if short() else 10
    claims, notes = [], [f"the quickest of {runs} runs, memory at its highest"]
    for what, wanted in orders().items():
        found = asked(wanted, runs)
        claims.append(Claim(f"{what}, processor time", found["cpu_s"], BOUND_S, "s"))
        claims.append(Claim(f"{what}, memory", found["highest_mb"], BOUND_MB, "MB"))
        notes.append(f"{what}, by the clock: {found['clock_s']:.2f} s")
    return report("Drawing", claims, notes)


if __name__ == "__main__":
    sys.exit(main())
