"""How does a mail server fail at each word of the conversation? One in a process of its own does.

Its mood stands in a file, which it reads at each connection. What it is responsible for, it has
written down before it says so.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path

from .mail_oracle import Taken

WELL = "well"
HANGS_S = 3.0
"""Longer than the collector waits in these worlds (`mail.timeout_s` is 1)."""


@dataclass(frozen=True, slots=True)
class Mood:
    """What is said instead of 250 at which word; `drop` hangs up, `hang` says nothing."""

    word: str
    says: str
    takes: bool = False
    """Whether the mail was taken all the same."""


MOODS: Mapping[str, Mood] = {
    "resets the connection": Mood("CONNECT", "reset"),
    "hangs up at once": Mood("CONNECT", "drop"),
    "says nothing": Mood("CONNECT", "hang"),
    "greets with 421": Mood("CONNECT", "421 too busy"),
    "greets with 554": Mood("CONNECT", "554 no service"),
    "greets with garbage": Mood("CONNECT", "SSH-2.0-OpenSSH_9.2"),
    "refuses our greeting": Mood("EHLO", "550 5.7.1 helo rejected"),
    "hangs up at the greeting": Mood("EHLO", "drop"),
    "451 to the sender": Mood("MAIL", "451 4.3.0 try again"),
    "550 to the sender": Mood("MAIL", "550 5.7.1 sender rejected"),
    "552 to the size": Mood("MAIL", "552 5.3.4 too large"),
    "450 greylisting": Mood("RCPT", "450 4.2.0 greylisted"),
    "452 mailbox full": Mood("RCPT", "452 4.2.2 mailbox full"),
    "550 blocklist": Mood("RCPT", "550 5.7.1 blocked using zen.example"),
    "550 relaying": Mood("RCPT", "550 5.7.1 relaying denied"),
    "530 login wanted": Mood("RCPT", "530 5.7.0 authentication required"),
    "hangs at the recipient": Mood("RCPT", "hang"),
    "354 never comes": Mood("DATA", "hang"),
    "451 to DATA": Mood("DATA", "451 4.3.0 queue file write error"),
    "hangs up in the mail": Mood("DATA", "drop"),
    "451 to the mail": Mood("END", "451 4.3.0 try again"),
    "552 to the mail": Mood("END", "552 5.2.2 over quota"),
    "554 to the mail": Mood("END", "554 5.7.1 content rejected"),
    "garbage to the mail": Mood("END", "ok"),
    "hangs up after the mail": Mood("END", "drop"),
    "takes the mail and hangs up": Mood("END", "drop", takes=True),
    "takes the mail and is silent": Mood("END", "hang", takes=True),
    "takes the mail, fails at QUIT": Mood("QUIT", "421 bye", takes=True),
    "hangs up at QUIT": Mood("QUIT", "drop", takes=True),
}
"""By the name of each mood."""


class _GoneError(Exception):
    """The conversation is over."""


@dataclass
class MailServer:
    """The server's process, its port, and its files."""

    folder: Path
    port: int = 0
    pid: int = 0

    def start(self) -> None:
        """Start the process."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.set_mood(WELL)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self._serve(listener)
            finally:
                os._exit(1)
        listener.close()

    def stop(self) -> None:
        """End the process."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def set_mood(self, mood: str) -> None:
        """Set how it answers from the next connection on."""
        (self.folder / "mood").write_text(mood)

    def taken(self) -> list[Taken]:
        """Return each mail that it is responsible for, in order."""
        file = self.folder / "taken"
        lines = file.read_text().splitlines() if file.exists() else []
        return [tuple(json.loads(line)) for line in lines]

    def _serve(self, listener: socket.socket) -> None:
        while True:
            connection, _ = listener.accept()
            mood = MOODS.get((self.folder / "mood").read_text())
            with connection, suppress(_GoneError, OSError):
                connection.settimeout(HANGS_S)
                self._converse(connection, mood)

    def _converse(self, connection: socket.socket, mood: Mood | None) -> None:
        _say(connection, "CONNECT", "220 mail.test ESMTP", mood)
        lines, recipient = connection.makefile("rb"), ""
        for line in lines:
            word = line[:4].upper().decode("ascii", "replace").replace("HELO", "EHLO")
            if word == "DATA":
                _say(connection, "DATA", "354 go on", mood)
                if mood is not None and mood.word == "DATA":
                    continue
                body = bytearray()
                for part in lines:
                    if part == b".\r\n":
                        break
                    body += part
                if mood is None or mood.word != "END" or mood.takes:
                    self._take(bytes(body), recipient, said=mood is None or mood.word != "END")
                _say(connection, "END", "250 2.0.0 taken", mood)
            elif word == "QUIT":
                _say(connection, "QUIT", "221 bye", mood)
                return
            else:
                if word == "RCPT":
                    recipient = line.decode("ascii", "replace").strip()
                _say(connection, word, "250 mail.test", mood)

    def _take(self, body: bytes, recipient: str, *, said: bool) -> None:
        head = BytesHeaderParser().parsebytes(body)
        with (self.folder / "taken").open("a") as file:
            file.write(json.dumps([str(head["Message-ID"]), recipient, said]) + "\n")


def _say(connection: socket.socket, word: str, usual: str, mood: Mood | None) -> None:
    says = mood.says if mood is not None and mood.word == word else usual
    if says == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if says in ("reset", "drop"):
        raise _GoneError
    if says == "hang":
        with suppress(OSError):
            while connection.recv(4096):
                pass
        raise _GoneError
    connection.sendall(says.encode() + b"\r\n")
