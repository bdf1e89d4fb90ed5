"""How does a notice reach a chat or a phone? Apprise posts it, in a process of its own.

Apprise (https://github.com/caronc/apprise, extra `apprise`) knows more than a hundred services. It
takes some 50 MB and may hang in any of them: so it runs in a process that ends after each message
and is ended after its time, and whose environment holds no secret. All that it gets is one message.

* It says that the service took the message: sent.
* The URL is none, is not encrypted, or Apprise is missing; a 4xx that is no "later":
  `MailMisconfigured`.
* Anything else: `MailTemporary`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable

from collector.errors import MailError, MailMisconfigured, MailTemporary
from collector.model.notice import Owed
from collector.secret import redacted
from collector.untrusted import visible
from collector.webhook.config import AppriseSettings, apprise_address_of

SENT, UNUSABLE = 0, 78
"""Exit codes of the process: the service has it, and an operator must correct something."""
_SHARED_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "TMPDIR")
_REFUSED = re.compile(r"error=4(?!08|25|29)\d\d\b")
_PIECE = re.compile(r"[^/?&=:@,.+%]{5,}")
"""Of a URL: a part that may be a token."""


class AppriseSender:
    """Sends notices to the services that the settings name."""

    def __init__(self, services: Iterable[AppriseSettings]) -> None:
        self._services = {apprise_address_of(each.name): each for each in services}

    def send(self, notice: Owed) -> None:
        """Send a notice, and return once the service has taken it.

        Raises MailTemporary or MailMisconfigured.
        """
        service = self._services.get(notice.recipient.address)
        where = f"notice {visible(notice.key)} to {visible(notice.recipient.address)}"
        if service is None:
            raise MailMisconfigured(
                f"{where}: no such service is configured any more; name it again under `apprise`, "
                "or drop the notice"
            )
        try:
            code, said = _in_own_process(notice, service)
        except subprocess.TimeoutExpired:
            raise MailTemporary(f"{where}: not sent in time; will be tried again") from None
        except OSError as error:
            raise MailTemporary(
                f"{where}: no process for Apprise: {visible(str(error), 200)}; will be tried again"
            ) from None
        if code != SENT:
            raise _failed(where, code, _without_tokens(said, service.url.reveal()))


def for_chat(text: str) -> str:
    """Return a text that calls nobody and marks nothing up in a chat.

    What comes from the air may read `@everyone` or `<!channel>`.

    >>> for_chat("@all <!here>").encode()
    b'@\xe2\x80\x8ball \xe2\x80\xb9!here>'
    """
    return text.replace("@", "@\u200b").replace("<", "\u2039")


def _in_own_process(notice: Owed, service: AppriseSettings) -> tuple[int, str]:
    """Return the exit code of the process, and the last line that it said."""
    order = {
        "url": service.url.reveal(),
        "title": for_chat(notice.message.subject),
        "body": for_chat(notice.message.text),
        "timeout_s": service.timeout.total_seconds(),
    }
    shared = {name: os.environ[name] for name in _SHARED_ENVIRONMENT if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="collector-apprise-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "collector.webhook"],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=service.timeout.total_seconds(),
            check=False,
            env=shared | {"HOME": folder},
            # A signal from the terminal or to the service's group ends us, not what we wait for.
            start_new_session=True,
        )
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return done.returncode, lines[-1] if lines else ""


def _failed(where: str, code: int, said: str) -> MailError:
    told = visible(said, 200) or f"the process ended with {code}"
    if code == UNUSABLE or _REFUSED.search(said):
        return MailMisconfigured(f"{where}: {told}; check the `url` of the service")
    return MailTemporary(f"{where}: {told}; will be tried again")


def _without_tokens(said: str, url: str) -> str:
    """Return what a library said without any part of the URL."""
    return redacted(said, [url, *_PIECE.findall(url)])
