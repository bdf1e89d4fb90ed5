"""What has a process without the tools of developers? Importing this hides them from it.

Libraries import others that happen to be there: structlog takes rich, tenacity takes tornado. Where
the collector is installed for use they are not there, and the memory that they take is not taken.
"""

from __future__ import annotations

import os
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.lock"
NAMES = "BENCH_HIDDEN_MODULES"
"""The environment variable with the names of the modules to hide, between spaces."""


def hidden() -> str:
    """Return the modules that no package for use brings, for `NAMES`."""
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK.read_text(), re.MULTILINE))

    def used(packages: list[str]) -> bool:
        return any(re.sub(r"[-_.]+", "-", each).lower() in locked for each in packages)

    found = packages_distributions().items()
    return " ".join(module for module, packages in found if not used(packages))


for _name in os.environ.get(NAMES, "").split():
    if _name != "collector":
        sys.modules.setdefault(_name, None)  # type: ignore[arg-type]
