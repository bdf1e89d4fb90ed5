"""How is a notice posted, and what does the receiver's answer mean?

A notice has its own connection, as there are only a few a week. Redirects are not followed, proxies
of the environment not used, and the body of an answer is not read.

* 2xx: the receiver has it.
* 410: it wants no more of them: `MailPermanent`.
* 3xx, other 4xx, a certificate that does not hold: `MailMisconfigured`, for an operator to correct.
* 408, 425, 429, 5xx, no answer in time, a broken connection: `MailTemporary`.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from collector import __version__
from collector.clock import Clock
from collector.errors import (
    MailError,
    MailMisconfigured,
    MailPermanent,
    MailTemporary,
    os_words,
)
from collector.model.notice import Owed
from collector.secret import redacted
from collector.untrusted import visible
from collector.webhook.config import WebhookSettings, address_of
from collector.webhook.payload import body_of, headers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_GONE = 410
_LATER = frozenset({408, 425, 429})
"""RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4: the same request may be accepted later."""


class WebhookSender:
    """Posts notices to the receivers that the settings name."""

    def __init__(self, webhooks: Iterable[WebhookSettings], clock: Clock) -> None:
        self._webhooks = {address_of(each.name): each for each in webhooks}
        self._clock = clock

    def send(self, notice: Owed) -> None:
        """Post a notice, and return once the receiver has accepted it.

        Raises MailTemporary, MailMisconfigured or MailPermanent.
        """
        webhook = self._webhooks.get(notice.recipient.address)
        where = f"notice {visible(notice.key)} to {visible(notice.recipient.address)}"
        if webhook is None:
            raise MailMisconfigured(
                f"{where}: no such webhook is configured any more; name it again under `webhooks`, "
                "or drop the notice"
            )
        body = body_of(notice)
        headers = headers_of(notice, body, webhook.secret.reveal(), self._clock.now())
        try:
            status = _post(webhook, body, headers)
        except (OSError, ValueError, http.client.HTTPException) as error:
            secrets = [webhook.url.reveal(), webhook.secret.reveal()]
            raise _broken(where, error, secrets) from None
        if not 200 <= status < 300:
            raise _refused(where, status)


def _post(webhook: WebhookSettings, body: bytes, headers: Mapping[str, str]) -> int:
    """Post to a webhook and return the status of its answer."""
    url = urlsplit(webhook.url.reveal())
    host, seconds = (url.hostname or "").encode("idna").decode(), webhook.timeout.total_seconds()
    if url.scheme == "https":
        context = ssl.create_default_context(
            cafile=str(webhook.ca_file) if webhook.ca_file else None
        )
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, url.port, timeout=seconds, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, url.port, timeout=seconds)
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    sent = {"User-Agent": f"landing-collector/{__version__}", "Connection": "close", **headers}
    try:
        connection.connect()
        with _limit(connection.sock, 2 * seconds):
            connection.request("POST", target, body, sent)
            return connection.getresponse().status
    finally:
        connection.close()


@contextmanager
def _limit(connected: socket.socket, seconds: float) -> Iterator[None]:
    """End the connection after so many seconds, since an answer may come byte by byte."""

    def cut() -> None:
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _refused(where: str, status: int) -> MailError:
    if status == _GONE:
        return MailPermanent(
            f"{where}: the receiver wants no more of them (410); take the webhook out of the "
            "configuration, or `collector outbox retry` it once the receiver is back"
        )
    if status in _LATER or status >= 500:
        return MailTemporary(f"{where}: the receiver answered {status}; will be tried again")
    redirect = ", and redirects are not followed" if 300 <= status < 400 else ""
    return MailMisconfigured(
        f"{where}: the receiver answered {status}{redirect}; check the webhook's url and secret"
    )


def _broken(where: str, error: Exception, secrets: Sequence[str]) -> MailError:
    """Return the error without what a library may quote of the address, or the server of both."""
    # A text is redacted before it is cut: of a secret that is cut, the rest would not be found.
    if isinstance(error, ssl.SSLError):
        why = visible(redacted(str(error), secrets), 200)
        return MailMisconfigured(
            f"{where}: no protected connection: {why}; check the webhook's "
            "url, or name its certificate as ca_file"
        )
    if isinstance(error, TimeoutError):
        return MailTemporary(f"{where}: no answer in time; will be tried again")
    why = visible(redacted(os_words(error), secrets), 200)
    return MailTemporary(f"{where}: {why}; will be tried again")
