"""How does systemd learn that the daemon is ready, alive or stopping? By sd_notify(3).

Each message is one datagram to the socket that NOTIFY_SOCKET names; a leading `@` means the
abstract namespace. Without that variable every call does nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from datetime import timedelta


class SystemdNotifier:
    """Sends messages to systemd; never raises, since a failed message must not end the daemon."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        usec = environ.get("WATCHDOG_USEC", "")
        self.watchdog_every: timedelta | None = (
            timedelta(microseconds=int(usec)) / 2 if usec.isascii() and usec.isdigit() else None
        )
        """Feed the watchdog this often (half the limit, as sd_watchdog_enabled(3) advises)."""

    def ready(self, status: str) -> None:
        """Report that the daemon is ready, with a line for `systemctl status`."""
        self._send(f"READY=1\nSTATUS={_one_line(status)}")

    def watchdog(self) -> None:
        """Report that database and polls work."""
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """Report that the daemon is stopping."""
        self._send("STOPPING=1")

    def _send(self, state: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.settimeout(1.0)
                channel.sendto(state.encode(), self._address)
        except OSError:
            return


def _one_line(text: str) -> str:
    """Return the text without line breaks, since a newline would begin another assignment."""
    return " ".join(text.split())
