"""A process to be killed while it judges: `python judging_victim.py CONFIG`. Run by a test."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from collector.services import build_services
from collector.settings import load
from collector.store import Store

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def main(config: str) -> None:
    """Take one step of judging again, and a second one in a transaction that never ends."""
    settings = load(Path(config), environ={})
    with Store.open(settings.database) as store:
        judging = build_services(settings, store).judging_again
        judging.judge_next(NOW)
        with store.transaction():
            judging.judge_next(NOW)
            print("inside", flush=True)  # noqa: T201 - the parent waits for it
            sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
