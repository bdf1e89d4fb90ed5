"""What does an operator read on stderr? One logfmt line an event, whoever wrote it.

Everything goes through structlog: our own events and those of APScheduler, httpx and uvicorn.
Text from the air or from a server is escaped, so that it cannot forge lines or drive a terminal.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

QUIET = ("apscheduler", "httpx", "httpcore", "uvicorn", "warcio", "asyncio")
"""Libraries that report every single request or run at INFO; only their warnings are news."""

LEVELS = ("debug", "info", "warning", "error")


def configure(level: str = "info", stream: TextIO | None = None) -> None:
    """Send all logs to `stream` (stderr), from `level` up. May be called again."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _escape,
                structlog.processors.LogfmtRenderer(
                    key_order=["at", "level", "event"], bool_as_flag=False
                ),
            ],
        )
    )
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else logging.WARNING)


def level_from(environ: os._Environ[str] | dict[str, str]) -> str:
    """The level that COLLECTOR_LOG names, `info` where it names none we know."""
    wanted = environ.get("COLLECTOR_LOG", "info").lower()
    return wanted if wanted in LEVELS else "info"


def _escape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Control characters as `\\x1b`, whatever the value's type."""
    return {key: _printable(value) for key, value in event.items()}


def _printable(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = str(value)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)
