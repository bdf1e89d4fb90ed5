"""Is every event one line, whichever library logs it and whatever text it quotes?"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from collector.cli import logs


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


def test_hostile_text_forges_no_line_and_controls_no_terminal(stream: io.StringIO) -> None:
    structlog.get_logger().error("refused", text="a\x1b[2J\nlevel=info event=fine\x9b")
    try:
        raise ValueError("b\x1b]0;x\x07")
    except ValueError:
        structlog.get_logger().exception("failed")
    text = stream.getvalue()
    assert len(text.splitlines()) == 2
    assert not {"\x1b", "\x9b", "\x07"} & set(text)


def test_at_debug_libraries_log_too(stream: io.StringIO) -> None:
    logs.configure("debug", stream)
    logging.getLogger("httpx").info("HTTP Request: GET https://example.org")
    assert "HTTP Request" in stream.getvalue()
