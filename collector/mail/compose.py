"""What does a mail look like on the wire? An owed message as RFC 5322, with a stable identity."""

from __future__ import annotations

import hashlib
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from collector.errors import MailPermanent
from collector.model.notice import Owed
from collector.untrusted import visible

_SUBJECT_LONGEST = 200
_DISPLAY_NAME = "Landing collector"


def compose(owed: Owed, sender: str) -> EmailMessage:
    """`owed` as a mail from the address `sender`: text and HTML, 7-bit, lines ended by CRLF.

    The same notice gives the same Message-ID for ever, so that a mail sent twice can be told
    from two mails. `Auto-Submitted` (RFC 3834) keeps vacation replies away.

    Raises MailPermanent if an address cannot stand in a header.
    """
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = Address(_DISPLAY_NAME, addr_spec=sender)
        mail["To"] = Address(addr_spec=owed.recipient.address)
    except (ValueError, MessageError, IndexError) as error:
        raise MailPermanent(
            f"mail {visible(owed.key)}: from {visible(sender)} to "
            f"{visible(owed.recipient.address)}: not a mail address ({visible(str(error))}); "
            "correct it in the configuration"
        ) from error
    mail["Subject"] = visible(owed.message.subject, _SUBJECT_LONGEST)
    mail["Date"] = owed.created_at
    mail["Message-ID"] = message_id(owed.key, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["List-Id"] = f"{_DISPLAY_NAME} <collector.{_domain(sender)}>"
    mail.set_content(_sound(owed.message.text), cte="quoted-printable")
    mail.add_alternative(_sound(owed.message.html), subtype="html", cte="quoted-printable")
    return mail


def message_id(key: str, sender: str) -> str:
    """The Message-ID of the notice `key`: the first 160 bits of its SHA-256 at the sender's domain.

    160 bits keep the header on one line at usual domains.
    """
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{_domain(sender)}>"


def _domain(sender: str) -> str:
    domain = sender.rpartition("@")[2].strip().lower()
    return domain.encode("idna").decode("ascii") if domain else "localhost"


def _sound(text: str) -> str:
    """Without lone surrogates, which no charset can carry."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
