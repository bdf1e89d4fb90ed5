"""What does the process do that sends one message by Apprise? It reads it, sends it, and ends.

`python -m collector.webhook` reads JSON from standard input: Apprise's `url` of a service, `title`,
`body`, and the time-out in seconds. Exit code 0: the service took it; 78: the URL cannot be used;
else the last line of standard error says why not.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
from ipaddress import ip_address
from typing import Any

from collector.webhook.apprise import SENT, UNUSABLE

FAILED = 1


def main() -> int:
    """Send what standard input holds."""
    order = json.loads(sys.stdin.buffer.read())
    signal.alarm(int(order["timeout_s"]) + 5)  # also if nobody waits any more
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    try:
        import apprise
    except ImportError:
        return _unusable("Apprise is missing: pip install 'landing-collector[apprise]'")
    asset = apprise.AppriseAsset(
        app_id="landing-collector",
        app_desc="Landing collector",
        http_redirects=False,
        secure_logging=True,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        plugin_paths=[],
    )
    service = apprise.Apprise.instantiate(order["url"], asset=asset)
    if service is None:
        return _unusable("Apprise knows no such service, or its URL lacks a part")
    if _is_open(service):
        return _unusable("would send everything unencrypted: use the form for https")
    service.overflow_mode = apprise.OverflowMode.SPLIT  # nothing is cut off
    service.socket_connect_timeout = service.socket_read_timeout = order["timeout_s"] / 3
    taken = service.notify(
        body=order["body"], title=order["title"], body_format=apprise.NotifyFormat.TEXT
    )
    return SENT if taken else FAILED


def _is_open(service: Any) -> bool:
    """Return whether messages would cross a network unencrypted: the service has a form for https,
    and the URL is of the other one, of another machine."""
    if service.secure or not service.protocol or not service.secure_protocol or not service.host:
        return False
    try:
        return not ip_address(service.host.strip("[]")).is_loopback
    except ValueError:
        return str(service.host) != "localhost"


def _unusable(why: str) -> int:
    print(why, file=sys.stderr)  # noqa: T201
    return UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
