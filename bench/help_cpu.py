"""How much processor time does `collector --help` take? Large packages are loaded only when they
are used, so it is little more than that of importing click."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Sequence

from _claims import Claim, report, short

BOUND = 3.0
HELP = ("-m", "collector", "--help")
YARDSTICK = ("-c", "import click")


def cpu_s(arguments: Sequence[str]) -> float:
    """Return the user and system seconds of one Python process with these arguments."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"COLUMNS": "80"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    runs = 5 if short() else 15
    cpu_s(HELP)  # the first compiles the modules
    pairs = [(cpu_s(HELP), cpu_s(YARDSTICK)) for _ in range(runs)]
    took_s, yardstick_s = (min(each) for each in zip(*pairs, strict=True))
    what = "collector --help ÷ importing click, processor time"
    notes = [
        f"the best of {runs} runs each, modules already compiled:",
        f"{took_s:.2f} s, and {yardstick_s:.2f} s to import click",
    ]
    return report("Start-up", [Claim(what, took_s / yardstick_s, BOUND, "×")], notes)


if __name__ == "__main__":
    sys.exit(main())
