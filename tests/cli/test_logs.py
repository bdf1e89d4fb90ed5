"""Is every event one line, whichever library logs it and whatever text it quotes?"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from collector.cli import logs
from collector.cli.repeated_lines import MAX_REMEMBERED, PERIOD_S, RateLimitedHandler
from collector.secret import Secret


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    quiet = {name: logging.getLogger(name).level for name in logs.QUIET}
    written = io.StringIO()
    logs.configure("info", written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, old in quiet.items():
        logging.getLogger(name).setLevel(old)
    structlog.reset_defaults()


def test_own_events_and_those_of_libraries_have_one_form(stream: io.StringIO) -> None:
    structlog.get_logger().warning("feed failed", feed="adsblol", failures=3)
    logging.getLogger("warcio.archive").warning("record %s was late", "poll")
    logging.getLogger("httpx").info("HTTP Request: GET https://example.org")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert 'level=warning event="feed failed" feed=adsblol failures=3' in lines[0]
    assert 'level=warning event="record poll was late"' in lines[1]


@pytest.mark.usefixtures("stream")
def test_a_log_that_cannot_be_written_stops_nothing() -> None:
    with Path("/dev/full").open("w") as full:
        logs.configure("info", full)
        structlog.get_logger().warning("feed failed", feed="adsblol")
        with suppress(OSError):
            full.close()


def test_hostile_text_forges_no_line_and_controls_no_terminal(stream: io.StringIO) -> None:
    structlog.get_logger().error("refused", text="a\x1b[2J\nlevel=info event=fine\x9b")
    try:
        raise ValueError("b\x1b]0;x\x07")
    except ValueError:
        structlog.get_logger().exception("failed")
    text = stream.getvalue()
    assert len(text.splitlines()) == 2
    assert not {"\x1b", "\x9b", "\x07"} & set(text)


@pytest.mark.parametrize("library", logs.QUIET)
def test_libraries_tell_no_addresses_even_at_debug(stream: io.StringIO, library: str) -> None:
    logs.configure("debug", stream)
    logging.getLogger(library).info("HTTP Request: GET https://example.org/secret")
    logging.getLogger(f"{library}.http11").debug("headers=[(b'Authorization', b'Bearer x')]")
    structlog.get_logger().debug("poll cancelled")
    (line,) = stream.getvalue().splitlines()
    assert "poll cancelled" in line


def test_no_line_holds_a_secret(stream: io.StringIO) -> None:
    logs.configure("info", stream, [Secret("hunter2hunter2"), Secret("")])
    structlog.get_logger().error("failed", url="https://x/?key=hunter2hunter2", failures=2)
    logging.getLogger("httpx").warning("refused %s", b"hunter2hunter2")
    try:
        raise ValueError("not a header: hunter2hunter2")
    except ValueError:
        structlog.get_logger().exception("failed")
    text = stream.getvalue()
    assert "hunter2" not in text
    assert text.count("********") >= 3
    assert "failures=2" in text


def own_handler() -> RateLimitedHandler:
    """The handler that `configure` made, among those of the test runner."""
    (handler,) = (
        one for one in logging.getLogger().handlers if isinstance(one, RateLimitedHandler)
    )
    return handler


class Hand:
    """A clock that a test moves."""

    at_s = 1000.0

    def __call__(self) -> float:
        return self.at_s


@pytest.fixture
def hand(stream: io.StringIO) -> Hand:
    """The clock of the only handler."""
    hand = Hand()
    own_handler()._clock_s = hand
    return hand


def test_a_repeated_event_is_counted_and_written_once_a_period(
    stream: io.StringIO, hand: Hand
) -> None:
    log, library = structlog.get_logger(), logging.getLogger("uvicorn.error")
    for number in range(50):
        log.warning("feed failed", feed="adsblol")
        library.warning("no answer to %s", number)
        hand.at_s += PERIOD_S / 100
    log.warning("feed failed", feed="opensky")
    lines = stream.getvalue().splitlines()
    assert [line.partition("event=")[2] for line in lines] == [
        '"feed failed" feed=adsblol',
        '"no answer to 0" logger=uvicorn.error',
        '"feed failed" feed=opensky',
    ]
    hand.at_s += PERIOD_S / 2 + 1
    log.info("something else")
    log.warning("feed failed", feed="adsblol")
    added = stream.getvalue().splitlines()[3:]
    assert [line.partition("event=")[2] for line in added] == [
        '"feed failed" feed=adsblol repeated=49',
        '"no answer to 49" logger=uvicorn.error repeated=49',
        '"something else"',
    ], "the one that goes on is counted for another period"
    hand.at_s += 2 * PERIOD_S
    log.info("the end")
    log.warning("feed failed", feed="adsblol")
    assert stream.getvalue().splitlines()[6:8][0].endswith("repeated=1")


def test_an_event_that_comes_back_later_is_written_at_once(stream: io.StringIO, hand: Hand) -> None:
    for _ in range(3):
        structlog.get_logger().info("poll", feed="adsblol")
        hand.at_s += PERIOD_S
    assert len(stream.getvalue().splitlines()) == 3
    assert "repeated" not in stream.getvalue()


def test_counts_are_written_at_the_end(stream: io.StringIO) -> None:
    for _ in range(3):
        structlog.get_logger().info("poll", feed="adsblol")
    logs.configure("info", io.StringIO())
    assert stream.getvalue().splitlines()[1].endswith("feed=adsblol repeated=2")


def test_many_different_events_do_not_fill_the_memory(stream: io.StringIO) -> None:
    handler = own_handler()
    structlog.get_logger().info("first")
    structlog.get_logger().info("first")
    for number in range(MAX_REMEMBERED + 10):
        structlog.get_logger().info("poll", number=number)
    assert len(handler._events) == MAX_REMEMBERED
    assert len(stream.getvalue().splitlines()) == MAX_REMEMBERED + 12, "none is lost"
