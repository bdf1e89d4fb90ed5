"""What does an operator read on stderr? One logfmt line for each event, whichever library wrote it.

The collector's own events and those of httpx and uvicorn all pass through structlog.
Text from aircraft or servers is escaped, so that no such text can forge a line or control a
terminal.
"""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from collector.untrusted import visible

QUIET = ("httpx", "httpcore", "uvicorn", "warcio", "asyncio")
"""Libraries that log each request or job at INFO; only their warnings matter to an operator."""


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
    """Write control characters out in values of any type; a traceback keeps its lines."""
    return {key: _printable(value) for key, value in event.items()}


def _printable(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return "\n".join(visible(line) for line in str(value).split("\n"))
