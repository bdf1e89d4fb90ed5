"""What does a mail look like when it is sent? It follows RFC 5322 and keeps its identity."""

from __future__ import annotations

import hashlib
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy

from collector.errors import MailMisconfigured, MailPermanent
from collector.model.notice import Owed
from collector.untrusted import visible

_SUBJECT_LONGEST = 200
REFERENCES_KEPT = 8
"""How many of the mails since the first one a mail refers to (RFC 5322 §3.6.4 lets a thread be cut
short): the first one and the last ones keep it together."""
_DISPLAY_NAME = "Landing collector"


class _MessageIds(UnstructuredHeader, BaseHeader):
    """A header of Message-IDs, folded between them: the library would encode a long one, and then
    no mail program recognises it (RFC 5322 §3.6.4 knows no encoded words there)."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header with one Message-ID on each line."""
        ids = f"{policy.linesep} ".join(str(self).split())
        return f"{self.name}: {ids}{policy.linesep}"


def _header_types() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("in-reply-to", "references"):
        registry.map_to_type(name, _MessageIds)
    return registry


_POLICY = SMTP.clone(header_factory=_header_types())


def compose(notice: Owed, sender: str) -> EmailMessage:
    """Return the mail of a notice, from the address `sender`: text and HTML, 7-bit, CRLF lines.

    Pictures stand beside the HTML, which refers to them by their Content-IDs (RFC 2387, RFC 2392).
    The same notice always has the same bytes and Message-ID, so that a mail sent twice can be
    distinguished from two mails. `Auto-Submitted` (RFC 3834) prevents vacation replies.

    Raises MailMisconfigured if the address `sender` cannot stand in a header, MailPermanent if the
    recipient's cannot.
    """
    mail = EmailMessage(policy=_POLICY)
    try:
        mail["From"] = Address(_DISPLAY_NAME, addr_spec=sender)
        domain = _domain(sender)
    except (ValueError, MessageError, IndexError) as error:
        raise MailMisconfigured(
            f"mail {visible(notice.key)}: from {visible(sender)}: not a mail address "
            f"({visible(str(error))}); correct `mail.sender`; the mail waits to be sent"
        ) from error
    try:
        mail["To"] = Address(addr_spec=notice.recipient.address)
    except (ValueError, MessageError, IndexError) as error:
        raise MailPermanent(
            f"mail {visible(notice.key)}: to {visible(notice.recipient.address)}: not a mail "
            f"address ({visible(str(error))}); correct it in the configuration"
        ) from error
    mail["Subject"] = visible(notice.message.subject, _SUBJECT_LONGEST)
    mail["Date"] = notice.created_at
    mail["Message-ID"] = message_id(notice.key, sender)
    if notice.follows:
        earlier = [message_id(key, sender) for key in notice.follows]
        mail["In-Reply-To"] = earlier[-1]
        mail["References"] = " ".join([earlier[0], *earlier[1:][-REFERENCES_KEPT:]])
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["List-Id"] = f"{_DISPLAY_NAME} <collector.{domain}>"
    mail.set_content(_sound(notice.message.text), cte="quoted-printable")
    content_ids = {name: f"{name}.{_digest(notice.key)}@{domain}" for name, _ in notice.pictures}
    html = notice.message.html_showing({name: f"cid:{id_}" for name, id_ in content_ids.items()})
    mail.add_alternative(_sound(html), subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=_alternative-{_digest(notice.key)}")
    for part in mail.iter_parts():
        if notice.pictures and part.get_content_type() == "text/html":
            for name, png in notice.pictures:
                part.add_related(
                    png,
                    "image",
                    "png",
                    cid=f"<{content_ids[name]}>",
                    disposition="inline",
                    filename=f"{name}.png",
                )
            # Quoted-printable and Base64 never hold "=_" (RFC 2045 §6.7).
            part.set_boundary(f"=_related-{_digest(notice.key)}")
    return mail


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of the notice `key`: 160 bits of its SHA-256, at the sender's domain.

    160 bits keep the header on one line at usual domains.
    """
    return f"<{_digest(key)}@{_domain(sender)}>"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def _domain(sender: str) -> str:
    domain = sender.rpartition("@")[2].strip().lower()
    return domain.encode("idna").decode("ascii") if domain else "localhost"


def _sound(text: str) -> str:
    """Return text without lone surrogates, which no charset can carry."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
