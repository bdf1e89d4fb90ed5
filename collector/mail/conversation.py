"""How long may a conversation with a mail server take, and how much may the server say in it?

It has one deadline, from connect to quit.

The time-outs of smtplib apply to each read, so that a server that sends one byte now and then holds
its client without bound. The `ConversationLimit` ends the connection at the deadline, whichever
side is at fault. The mail is not accepted then, and waits to be sent. smtplib also keeps each line
of an answer, however many there are: after `MOST_HEARD` bytes the conversation is over as well.

The client also logs in with any characters, where smtplib knows only ASCII.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

MOST_HEARD = 256 * 1024
"""Bytes that a server may answer in one conversation; usual are two thousand."""


class ImpossibleHostError(OSError):
    """The name of the mail server is none that could be looked up, such as `mail..example.org`."""


class ConversationLimit:
    """Shuts a connection down when its time is over; used as a context."""

    def __init__(self, limit: timedelta) -> None:
        self.limit = limit
        self.exceeded = False
        self._ends_at = time.monotonic() + limit.total_seconds()
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(limit.total_seconds(), self._shut_down)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for watched in self._sockets:
                watched.close()
            self._sockets.clear()

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """Return a connection to the first address of the host that answers in time.

        Raises OSError if none does, TimeoutError once the deadline is over, ImpossibleHostError if
        its name has an empty or too long part.
        """
        failure: OSError = TimeoutError("timed out")
        try:
            found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
        except UnicodeError as error:  # Python's codec for host names
            raise ImpossibleHostError(str(error)) from error
        for family, kind, protocol, _, address in found:
            left = self._ends_at - time.monotonic()
            if left <= 0:
                break
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(min(timeout, left))
                connection.connect(address)
                connection.settimeout(timeout)
                self._watch(connection)
            except OSError as error:
                connection.close()
                failure = error
            else:
                return connection
        raise failure

    def _watch(self, connection: socket.socket) -> None:
        """Let the deadline end this connection, even after TLS has taken its socket over."""
        with self._lock:
            if self.exceeded:
                raise TimeoutError("timed out")
            self._sockets.append(connection.dup())

    def _shut_down(self) -> None:
        with self._lock:
            self.exceeded = True
            for watched in self._sockets:
                with suppress(OSError):  # The other side has gone already.
                    watched.shutdown(socket.SHUT_RDWR)


class _Utf8(str):
    """Text that is UTF-8 on the wire, although smtplib asks for ASCII.

    RFC 4616 §2 prescribes UTF-8 for PLAIN; servers take it for the other mechanisms as well.
    """

    __slots__ = ()

    def encode(self, _encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Return the text in UTF-8. Raises UnicodeEncodeError for half a surrogate pair."""
        return super().encode("utf-8", errors)


class _Answers:
    """The lines that a server answers, as far as there are not too many."""

    def __init__(self, lines: BinaryIO) -> None:
        self._lines = lines
        self._heard = 0

    def readline(self, size: int) -> bytes:
        """Return the next line. Raises OSError after `MOST_HEARD` bytes."""
        line = self._lines.readline(size)
        self._heard += len(line)
        if self._heard > MOST_HEARD:
            raise OSError(f"the server answered with more than {MOST_HEARD:,} bytes")
        return line

    def close(self) -> None:
        """Close the file behind it."""
        self._lines.close()


class LimitedSmtp(smtplib.SMTP):
    """An SMTP client whose whole conversation has a deadline and a size."""

    own_address: str
    """Our end of the connection."""
    file: BinaryIO | _Answers | None
    """What smtplib reads the answers from; it opens a new one after STARTTLS."""

    def __init__(
        self,
        host: str,
        port: int,
        timeout: float,
        limit: ConversationLimit,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Connect, with TLS from the first byte if `tls` is given, and read the banner.

        Raises OSError, of which smtplib's exceptions are a kind.
        """
        self._limit, self._tls = limit, tls
        # smtplib would ask DNS for a name, which may take minutes; the greeting comes later.
        super().__init__(host, port, local_hostname="localhost", timeout=timeout)

    def getreply(self) -> tuple[int, bytes]:
        """Return the code and the text of the server's next answer. Raises as smtplib does."""
        if self.file is None and self.sock is not None:
            self.file = _Answers(self.sock.makefile("rb"))
        return super().getreply()

    def login(
        self, user: str, password: str, *, initial_response_ok: bool = True
    ) -> tuple[int, bytes]:
        """Log in as smtplib does. Raises SMTPException, and ValueError for text without UTF-8."""
        return super().login(user, _Utf8(password), initial_response_ok=initial_response_ok)

    def auth(
        self,
        mechanism: str,
        authobject: Callable[..., str | None],
        *,
        initial_response_ok: bool = True,
    ) -> tuple[int, bytes]:
        """Answer the server's challenges as smtplib does, in UTF-8. Raises as `login` does."""

        def in_utf8(challenge: bytes | None = None) -> str | None:
            text = authobject(challenge)
            return None if text is None else _Utf8(text)

        answer = cast(Any, in_utf8)  # typeshed asks for overloads
        return super().auth(mechanism, answer, initial_response_ok=initial_response_ok)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = self._limit.connect(host, port, timeout)
        self.own_address = str(connection.getsockname()[0])
        if self._tls is None:
            return connection
        return self._tls.wrap_socket(connection, server_hostname=host)
