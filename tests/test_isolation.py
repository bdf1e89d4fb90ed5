"""Do the tests themselves keep to loopback, and run in the zone they were told to?"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from tests.conftest import TEST_ZONE


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "feeds.example"])
def test_no_test_can_leave_the_machine(host: str) -> None:
    with pytest.raises(RuntimeError, match="only loopback"):
        socket.create_connection((host, 80), timeout=0.1)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("localhost", port), timeout=5):
            pass


def test_the_zone_is_the_chosen_one() -> None:
    assert os.environ["TZ"] == TEST_ZONE
    assert TEST_ZONE in available_timezones(), f"no such zone: {TEST_ZONE}"
    if TEST_ZONE == "UTC":
        assert time.localtime(0).tm_hour == 0


def test_the_zone_reaches_the_workers_tests_are_shared_out_to() -> None:
    probe = f"{Path(__file__)}::test_the_zone_is_the_chosen_one"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "1", probe],
        cwd=Path(__file__).parents[1],
        env=os.environ | {"COLLECTOR_TEST_TZ": "Nowhere/Never"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "no such zone: Nowhere/Never" in done.stdout


def test_no_proxy_is_inherited() -> None:
    assert not [name for name in os.environ if name.lower().endswith("_proxy")]
