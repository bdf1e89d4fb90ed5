"""Searches one door, led by the coverage of the collector's code, until it is stopped or finds
something: `python -m bench.fuzz.door NAME LIBFUZZER_OPTIONS …`.

A process of its own, since atheris instruments what is imported, and a finding ends it.
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import atheris


def main() -> None:
    """Search the door that the first word names; the others are libFuzzer's."""
    name = sys.argv[1]
    with atheris.instrument_imports(include=["collector"]):  # imported in here, and no sooner
        from . import doors
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with TemporaryDirectory() as text:
        folder = Path(text)

        def search(data: Any) -> None:
            doors.enter(name, bytes(data), folder)

        atheris.Setup([sys.argv[0], *sys.argv[2:]], search)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
