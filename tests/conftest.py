"""Under which conditions does every test run? No network, no operator's settings, a chosen zone."""

from __future__ import annotations

import ipaddress
import os
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support import shared

_INHERITED = (
    "ALL_PROXY",
    "CREDENTIALS_DIRECTORY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NOTIFY_SOCKET",
    "NO_PROXY",
    "PYTHONDONTWRITEBYTECODE",  # hundreds of processes would compile the same modules anew
    "TZ",
    "WATCHDOG_PID",
    "WATCHDOG_USEC",
)

TEST_ZONE = os.environ.get("COLLECTOR_TEST_TZ") or "UTC"
"""The machine's zone as the tests see it: `make test` runs them in three."""


def _isolate() -> None:
    """Take away whatever the developer's shell or a service manager handed down."""
    for name in list(os.environ):
        if name.upper() in _INHERITED or name.startswith("COLLECTOR_"):
            del os.environ[name]
    os.environ["TZ"] = TEST_ZONE
    time.tzset()


def _loopback(host: object) -> bool:
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if name in {"", "localhost", "ip6-localhost"}:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _only_loopback(event: str, args: tuple[object, ...]) -> None:
    """Refuse, as an audit hook, every socket call that would leave this machine."""
    if event in {"socket.connect", "socket.bind", "socket.sendto"}:
        address = args[1]
        if isinstance(address, tuple) and not _loopback(address[0]):
            raise RuntimeError(f"tests reach only loopback, not {address[0]!r} ({event})")
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"} and not _loopback(args[0]):
        raise RuntimeError(f"tests reach only loopback, not {args[0]!r} ({event})")


assert shared.SHARED.is_absolute()  # read from the environment before it is emptied
sys.addaudithook(_only_loopback)

settings.register_profile(
    "dev",  # no property depends on how busy the machine is
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "ci",  # the same examples each time; `make fuzz` searches further
    max_examples=100,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "fuzz",  # `make fuzz`: the searches for a counterexample, for as long as somebody wants
    max_examples=int(os.environ.get("FUZZ_EXAMPLES") or 20_000),
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_configure(config: pytest.Config) -> None:
    """Isolate the process that runs tests; with `-n` its workers inherit what was asked for here,
    the zone and the folder of recordings."""
    if config.getoption("dist", "no") == "no":
        _isolate()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What mostly waits begins first, or all workers but one would wait for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what tests have to tell (`record_property("told", …)`), whoever ran them."""
    done = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [text for one in done for name, text in one.user_properties if name == "told"]
    if told:
        terminalreporter.section("told by tests")
    for text in sorted(told):
        terminalreporter.write_line(str(text))


@pytest.fixture(scope="session", autouse=True)
def _new_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new database is a copy, unless a test asks for one that is migrated."""
    from tests.support.new_databases import copied

    with copied(tmp_path_factory.mktemp("new") / "collector.sqlite"):
        yield


@pytest.fixture(autouse=True)
def _zone_stays() -> Iterator[None]:
    """A test that changes TZ must not change it for the next."""
    yield
    if os.environ.get("TZ") != TEST_ZONE:
        os.environ["TZ"] = TEST_ZONE
        time.tzset()
