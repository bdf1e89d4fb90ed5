"""Does a mail keep its identity, and can hostile text never write a header?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import MailPermanent
from collector.mail import compose, message_id
from collector.mail.compose import REFERENCES_KEPT
from collector.model import Recipient
from collector.model.notice import Message, Owed

SENDER = "collector@mail.example.net"
AT = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)


def owed(
    subject: str = "LLOV: 2 landings",
    text: str = "Two.\n",
    html: str = "<p>Two.</p>",
    *,
    key: str = "alert:silkway:weekly:2026-W47:crossed:2:ops",
    address: str = "ops@example.org",
) -> Owed:
    return Owed(
        key=key,
        recipient=Recipient("ops", address),
        message=Message(subject, text, html),
        created_at=AT,
    )


def on_the_wire(notice: Owed, sender: str = SENDER) -> EmailMessage:
    mail = message_from_bytes(compose(notice, sender).as_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_text_and_html_are_alternatives_in_that_order() -> None:
    mail = on_the_wire(owed(text="Бакы – Ovda\n", html="<p>Бакы</p>"))
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content() == "Бакы – Ovda\r\n"
    assert html.get_content().strip() == "<p>Бакы</p>"


def test_headers_keep_machines_from_answering_and_let_people_sort() -> None:
    mail = on_the_wire(owed())
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "Landing collector <collector.mail.example.net>"
    assert parsedate_to_datetime(mail["Date"]) == AT
    assert mail["To"] == "ops@example.org"
    assert mail["From"].addresses[0].addr_spec == SENDER


def test_the_same_notice_has_the_same_message_id_and_another_a_different_one() -> None:
    first, again, other = owed(), owed(subject="rewritten"), owed(key="digest:2026-W47:ops")
    assert on_the_wire(first)["Message-ID"] == on_the_wire(again)["Message-ID"]
    assert on_the_wire(first)["Message-ID"] != on_the_wire(other)["Message-ID"]


@pytest.mark.parametrize("domain", ["x.test", "mail.a-rather-long-organisation-name.example.org"])
@pytest.mark.parametrize("number", [1, 2, 30])
def test_a_mail_continues_its_thread(number: int, domain: str) -> None:
    """RFC 5322 §3.6.4: In-Reply-To names the mail before, References the thread."""
    keys = tuple(f"alerts:silkway:{n}:ops" for n in range(number))
    sender = f"collector@{domain}"
    ids = [message_id(key, sender) for key in keys]
    thread = [ids[0], *ids[1:][-REFERENCES_KEPT:]]
    raw = compose(replace(owed(), follows=keys), sender).as_bytes()
    assert all(each.encode() in raw for each in thread), "neither encoded nor cut"
    mail = on_the_wire(replace(owed(), follows=keys), sender)
    assert mail["In-Reply-To"].strip() == ids[-1]
    assert mail["References"].split() == thread
    assert "References" not in on_the_wire(owed())


@pytest.mark.parametrize("domain", ["x.test", "mail.a-rather-long-organisation-name.example.org"])
def test_the_message_id_is_never_encoded_or_cut(domain: str) -> None:
    raw = compose(owed(), f"collector@{domain}").as_bytes()
    mail = on_the_wire(owed(), f"collector@{domain}")
    assert mail["Message-ID"].strip() == message_id(owed().key, f"collector@{domain}")
    assert message_id(owed().key, f"collector@{domain}").encode() in raw


def test_everything_is_seven_bit_with_short_lines() -> None:
    raw = compose(
        owed("LLOV: 2–3 landings · provisional", "é" * 3000, "ש" * 3000), SENDER
    ).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=100))
def test_no_text_can_write_a_header_or_break_the_mail(subject: str, text: str, html: str) -> None:
    mail = on_the_wire(owed(subject, text, html))
    assert sorted(mail.keys()) == sorted(on_the_wire(owed()).keys())
    assert mail["Subject"].isprintable()


def test_a_newline_in_the_subject_is_shown_not_obeyed() -> None:
    mail = on_the_wire(owed("LLOV\r\nBcc: victim@example.com"))
    assert mail["Subject"] == "LLOV\\x0d\\x0aBcc: victim@example.com"
    assert mail["Bcc"] is None


def test_a_lone_surrogate_does_not_stop_the_mail() -> None:
    body = on_the_wire(owed(text="AZQ\ud800\n")).get_body(("plain",))
    assert body is not None
    assert body.get_content() == "AZQ\\ud800\r\n"


@pytest.mark.parametrize(
    "address",
    ["ops@example.org\r\nBcc: x@example.com", "ops", "a@b@c", "", "ops@exa mple.org", "@"],
)
def test_an_address_that_cannot_stand_in_a_header_is_refused_for_good(address: str) -> None:
    with pytest.raises(MailPermanent, match="configuration"):
        compose(owed(address=address), SENDER)


def test_a_sender_domain_outside_ascii_becomes_punycode() -> None:
    assert message_id("k", "collector@bücher.example").endswith("@xn--bcher-kva.example>")


def test_policy_is_that_of_the_wire() -> None:
    assert compose(owed(), SENDER).policy.linesep == SMTP.linesep
