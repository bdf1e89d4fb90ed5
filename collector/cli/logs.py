"""What does an operator read on stderr? One logfmt line an event, whoever wrote it.

Everything goes through structlog: our own events and those of APScheduler, httpx and uvicorn.
Text from the air or from a server is escaped, so that it cannot forge lines or drive a terminal.
"""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from collector.untrusted import visible

QUIET = ("apscheduler", "httpx", "httpcore", "uvicorn", "warcio", "asyncio")
"""Libraries that report every single request or run at INFO; only their warnings are news."""


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


def _escape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Control characters written out, whatever the value's type; a traceback keeps its lines."""
    return {key: _printable(value) for key, value in event.items()}


def _printable(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return "\n".join(visible(line) for line in str(value).split("\n"))
