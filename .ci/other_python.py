"""Which is the newest Python on this machine besides the one that runs this? Its path is printed.

It is looked for on PATH and among pyenv's versions. Where there is none from 3.11 on, stderr says
so and nothing is printed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

OLDEST = (3, 11)
ASKED = """
import ensurepip, os, sys, venv
print(*sys.version_info[:2], sys.version_info.releaselevel, os.path.realpath(sys.executable))
"""


def folders() -> Iterator[Path]:
    """Yield where an interpreter may be."""
    yield from map(Path, os.get_exec_path())
    pyenv = shutil.which("pyenv")
    if pyenv is not None:
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=False)
        yield from sorted(Path(root.stdout.strip()).glob("versions/*/bin"))


def asked(python: Path) -> tuple[tuple[int, int], str] | None:
    """Ask an interpreter for its version and its real path.

    None if it is a version before its release or cannot make virtual environments.
    """
    try:
        answer = subprocess.run(
            [python, "-c", ASKED], capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None  # such as a name that pyenv holds ready for a version not chosen here
    major, minor, level, path = answer.stdout.strip().split(maxsplit=3)
    return ((int(major), int(minor)), path) if level == "final" else None


def main() -> None:
    """Print the path, or why there is none."""
    found: dict[tuple[int, int], str] = {}
    for folder in folders():
        for python in sorted(folder.glob("python3.*")):
            if re.fullmatch(r"python3\.\d+", python.name):
                answer = asked(python)
                if answer is not None:
                    found.setdefault(*answer)
    found.pop(sys.version_info[:2], None)
    newest = max(found, default=(0, 0))
    if newest < OLDEST:
        print("skipped: this machine has no other Python from 3.11 on", file=sys.stderr)
    else:
        print(found[newest])


if __name__ == "__main__":
    main()
