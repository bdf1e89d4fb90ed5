"""What does an operator read on stderr? One logfmt line for each event, whichever library wrote it.

The collector's own events and those of httpx and uvicorn all pass through structlog.
Text from aircraft or servers is escaped, so that no such text can forge a line or control a
terminal. An event that repeats is counted (`repeated_lines`), and secrets become stars.
"""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import TextIO, cast

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from collector.cli.repeated_lines import PERIOD_S, RateLimitedHandler
from collector.secret import Secret, redacted
from collector.untrusted import visible

QUIET = ("httpx", "httpcore", "uvicorn", "warcio", "asyncio")
"""Libraries that log each request or job, with whole addresses and headers, which hold secrets.
Only their warnings matter to an operator, at every level of our own log."""


def configure(
    level: str = "info", stream: TextIO | None = None, secrets: Collection[Secret] = ()
) -> None:
    """Send all logs to `stream`, or to what stderr then is, from `level` up. May be called again.

    `secrets` are never written, whatever text quotes them.
    """
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
    handler = RateLimitedHandler(stream or cast("TextIO", _Stderr()), period_s=PERIOD_S)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                _count_repetitions,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _Redact([secret.reveal() for secret in secrets]),
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
        if isinstance(old, RateLimitedHandler):
            old.close()
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Stderr(io.TextIOBase):
    """What `sys.stderr` is at the time of writing: a progress bar puts itself in between."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _count_repetitions(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add how often the event repeated, if the line stands for its repetitions."""
    if repeated := getattr(event["_record"], "repeated", 0):
        event["repeated"] = repeated
    return event


@dataclass(frozen=True, slots=True)
class _Redact:
    """Replace secrets in values of any type."""

    secrets: Collection[str]

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if not self.secrets:
            return event
        return {
            key: redacted(str(value), self.secrets) if not _plain(value) else value
            for key, value in event.items()
        }


def _escape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write control characters out in values of any type; a traceback keeps its lines."""
    return {key: _printable(value) for key, value in event.items()}


def _printable(value: object) -> object:
    if _plain(value):
        return value
    return "\n".join(visible(line) for line in str(value).split("\n"))


def _plain(value: object) -> bool:
    return value is None or isinstance(value, (bool, int, float))
