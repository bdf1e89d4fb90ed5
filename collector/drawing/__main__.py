"""What does the process do that draws? It reads orders, answers with pictures, and ends.

`python -m collector.drawing SECONDS` reads a JSON list of orders from standard input and writes a
msgpack list to standard output: the bytes of each picture, or nil where it could not be drawn. Why
not stands on standard error. It never takes longer than so many seconds.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

import msgspec

from collector.reports.picture.canvas import draw_order

GENTLY = 5
"""As much as the service itself gives way to others (systemd/collector.service)."""


def main() -> int:
    """Draw what standard input asks for."""
    with suppress(PermissionError):  # in the service, whose system calls are limited
        os.nice(GENTLY)  # Polls do not wait for pictures.
    # The service's end reaches its whole group. What is being drawn for a mail is finished, so that
    # the mail has its pictures; nobody waits longer than the time-out, so neither does this.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.alarm(int(float(sys.argv[1])) + 1)
    pictures: list[bytes | None] = []
    for order in msgspec.json.decode(sys.stdin.buffer.read(), type=list[str]):
        try:
            pictures.append(draw_order(order))
        except Exception as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
            pictures.append(None)
    sys.stdout.buffer.write(msgspec.msgpack.encode(pictures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
