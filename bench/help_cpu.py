"""How much processor time does `collector --help` take? Large packages are loaded only when they
are used."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

from _claims import Claim, report, short

BOUND_S = 0.3


def cpu_s() -> float:
    """Return the user and system seconds of one `collector --help` in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "collector", "--help"],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"COLUMNS": "80"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    runs = 3 if short() else 15
    cpu_s()  # the first compiles the modules
    measured = min(cpu_s() for _ in range(runs))
    claim = Claim("collector --help, processor time", measured, BOUND_S, "s")
    return report("Start-up", [claim], [f"the best of {runs} runs, modules already compiled"])


if __name__ == "__main__":
    sys.exit(main())
