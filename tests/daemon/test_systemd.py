"""Does systemd learn that the daemon is ready, alive and stopping?"""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collector.daemon.systemd import SystemdNotifier


@pytest.fixture
def manager() -> Iterator[tuple[socket.socket, str]]:
    # A folder of its own: a socket's path holds at most 107 bytes, pytest's are longer.
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener,
    ):
        path = str(Path(folder) / "notify")
        listener.bind(path)
        listener.settimeout(2)
        yield listener, path


def test_states_arrive_as_datagrams(manager: tuple[socket.socket, str]) -> None:
    listener, path = manager
    notifier = SystemdNotifier({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "60000000"})
    notifier.ready("polling\nREADY=0")
    notifier.watchdog()
    notifier.stopping()
    received = [listener.recv(4096).decode() for _ in range(3)]
    assert received == [
        "READY=1\nSTATUS=polling READY=0",
        "WATCHDOG=1",
        "STOPPING=1",
    ]
    assert notifier.watchdog_every == timedelta(seconds=30)


@pytest.mark.parametrize("environ", [{}, {"NOTIFY_SOCKET": "/nowhere/at/all"}])
def test_without_a_manager_nothing_happens(environ: dict[str, str]) -> None:
    notifier = SystemdNotifier(environ)
    notifier.ready("polling")
    notifier.watchdog()
    assert notifier.watchdog_every is None


def test_an_abstract_socket_is_found() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("")
        listener.settimeout(2)
        name = listener.getsockname()
        SystemdNotifier({"NOTIFY_SOCKET": "@" + name[1:].decode()}).watchdog()
        assert listener.recv(64) == b"WATCHDOG=1"
