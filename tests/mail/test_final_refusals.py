"""Is a refusal final only if it surely concerns the recipient? Answers as servers really give them.

The texts follow what the named servers document or send; addresses and hosts are examples.
"""

from __future__ import annotations

import smtplib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import MailPermanent, MailTemporary
from collector.mail import SmtpSender
from collector.mail.final_refusals import FINAL_STATUS, is_final_refusal
from collector.mail.refusals import mail_error_for
from tests.mail.test_smtp import OWED, kind_of_failure, settings
from tests.support.smtp import Inbox, smtp_server

TO = "<ops@example.org>"

NO_SUCH_RECIPIENT = {
    "Gmail": "550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n"
    "550-5.1.1 double-checking the recipient's email address for typos or\r\n"
    "550-5.1.1 unnecessary spaces. For more information, go to\r\n"
    "550 5.1.1  https://support.google.com/mail/?p=NoSuchUser 4fb4d7f45d1cf-gsmtp",
    "Gmail, account disabled": "550-5.2.1 The email account that you tried to reach is inactive. "
    "For more\r\n550-5.2.1 information, go to\r\n"
    "550 5.2.1  https://support.google.com/mail/?p=DisabledUser 41be03b00d2f7-gsmtp",
    "Exchange Online": "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ops@example.org not "
    "found by SMTP address lookup",
    "Exchange": "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
    "Postfix, local": f"550 5.1.1 {TO}: Recipient address rejected: User unknown in local "
    "recipient table",
    "Postfix, virtual": f"550 5.1.1 {TO}: Recipient address rejected: User unknown in virtual "
    "mailbox table",
    "Postfix, relay": f"550 5.1.1 {TO}: Recipient address rejected: User unknown in relay "
    "recipient table",
    "Postfix, syntax": "501 5.1.3 Bad recipient address syntax",
    "Postfix, moved": f"550 5.1.6 {TO}: Recipient address rejected: User has moved to nowhere",
    "Exim": "550 Unknown user",
    "Exim, cPanel": "550 No Such User Here",
    "Exim, person": '550 "No such person at this address"',
    "Sendmail": f"550 5.1.1 {TO}... User unknown",
    "Sendmail, unspecific": f"550 5.0.0 {TO}... User unknown",
    "qmail": "550 sorry, no mailbox here by that name. (#5.1.1)",
    "Barracuda": f"550 cuda_nsu 5.1.1 {TO} Recipient address rejected: User unknown",
    "Cisco": "550 #5.1.1 User unknown",
    "Yahoo": "554 delivery error: dd This user doesn't have a yahoo.com account "
    "(ops@example.org) [0] - mta4123.mail.example.com",
    "null MX, RFC 7505": "556 5.1.10 Recipient address has null MX",
}

ANOTHER_REASON = {
    "Spamhaus, Postfix": "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using "
    "zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.7",
    "Spamhaus, our open resolver": "554 5.7.1 Service unavailable; Client host [192.0.2.7] "
    "blocked using zen.spamhaus.org; Error: open resolver; "
    "https://check.spamhaus.org/returnc/pub/192.0.2.53/",
    "Outlook, block list": "550 5.7.1 Unfortunately, messages from [192.0.2.7] weren't sent. "
    "Please contact your Internet service provider since part of their network is on our block "
    "list (S3150).",
    "Exchange Online, banned": "550 5.7.606 Access denied, banned sending IP [192.0.2.7]. To "
    "request removal from this list please visit https://sender.office.com/",
    "Exchange Online, relaying": "550 5.7.54 SMTP; Unable to relay recipient in non-accepted "
    "domain",
    "Exchange Online, attribution": "550 5.7.64 TenantAttribution; Relay Access Denied",
    "Exchange Online, edge": "550 5.4.1 Recipient address rejected: Access denied. "
    "[AM7EUR06FT032.eop-eur06.prod.protection.example.com]",
    "Outlook, mailbox unavailable": "550 5.5.0 Requested action not taken: mailbox unavailable "
    "(S2017062302).",
    "RFC 5321 wording": "550 Requested action not taken: mailbox unavailable",
    "Gmail, unsolicited": "550-5.7.1 [192.0.2.7      12] Our system has detected that this message "
    "is\r\n550-5.7.1 likely unsolicited mail. To reduce the amount of spam sent to Gmail,\r\n"
    "550 5.7.1 this message has been blocked.",
    "Gmail, unauthenticated": "550-5.7.26 Your email has been blocked because the sender is\r\n"
    "550-5.7.26 unauthenticated. Gmail requires all senders to authenticate with either\r\n"
    "550 5.7.26 SPF or DKIM.",
    "Gmail, rate": "550-5.2.1 The user you are trying to contact is receiving mail at a rate "
    "that\r\n550-5.2.1 prevents additional messages from being delivered. For more information,\r\n"
    "550 5.2.1 please visit https://support.google.com/mail/?p=ReceivingRatePerm",
    "Gmail, full": "552-5.2.2 The recipient's inbox is out of storage space.\r\n"
    "552 5.2.2 https://support.google.com/mail/?p=OverQuotaPerm",
    "Gmail, login wanted": "530-5.7.0 Authentication Required. For more information, go to\r\n"
    "530 5.7.0 https://support.google.com/mail/?p=WantAuthError",
    "Postfix, relaying": f"554 5.7.1 {TO}: Relay access denied",
    "Postfix, login at RCPT": f"554 5.7.1 {TO}: Recipient address rejected: Access denied",
    "Postfix, greeting": "504 5.5.2 <raspberrypi>: Helo command rejected: need fully-qualified "
    "hostname",
    "Postfix, name of our greeting": "550 5.7.1 <box>: Helo command rejected: Host not found",
    "Postfix, our sender unknown": "550 5.1.0 <collector@example.net>: Sender address rejected: "
    "User unknown in virtual mailbox table",
    "Postfix, our sender's domain": "550 5.1.8 <collector@example.net>: Sender address rejected: "
    "Domain not found",
    "Postfix, recipient's domain": f"550 5.1.2 {TO}: Recipient address rejected: Domain not found",
    "Postfix, verified elsewhere": f"550 5.1.1 {TO}: Recipient address rejected: undeliverable "
    "address: host mx.example.org[192.0.2.9] said: 550 5.7.1 Service unavailable",
    "Postfix, TLS wanted": "530 5.7.0 Must issue a STARTTLS command first",
    "Exim, greeting": "550 Access denied - Invalid HELO name (See RFC2821 4.1.3)",
    "Exim, relaying": "550 relay not permitted",
    "Exim, sender's callout": "550-Verification failed for <collector@example.net>\r\n"
    "550-Called:   192.0.2.25\r\n550-Sent:     RCPT TO:<collector@example.net>\r\n"
    "550-Response: 550 5.1.1 User unknown\r\n550 Sender verify failed",
    "Exim, unrouteable": "550 Unrouteable address",
    "cPanel, no login": "550-Please turn on SMTP Authentication in your mail client.\r\n"
    "550 box [192.0.2.7]:51234 is not permitted to relay through this server without "
    "authentication.",
    "Hotmail, reverse DNS": "550 5.7.25 The IP address sending this message does not have a PTR "
    "record",
    "T-Online": "554 IP=192.0.2.7 - A problem occurred. (Ask your postmaster for help)",
    "qmail, relaying": "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    "no reason": "550 Rejected",
    "5.1.1 for a block": f"550 5.1.1 {TO} Mail from 192.0.2.7 blocked by policy",
    "an address that looks like a status": "550 see 5.1.1.2 for the reason",
}


@pytest.mark.parametrize("server", NO_SUCH_RECIPIENT)
def test_no_such_recipient_is_final(server: str) -> None:
    with smtp_server(Inbox(recipient_answers=[NO_SUCH_RECIPIENT[server]])) as port:
        kind, words = kind_of_failure(settings(port))
    assert kind is MailPermanent
    assert "no such recipient: 5" in words


def test_a_refusal_for_any_other_reason_leaves_the_mail_waiting() -> None:
    inbox = Inbox(recipient_answers=list(ANOTHER_REASON.values()))
    with smtp_server(inbox) as port:
        kinds = {server: kind_of_failure(settings(port))[0] for server in ANOTHER_REASON}
        assert [server for server in kinds if not issubclass(kinds[server], MailTemporary)] == []
        assert inbox.recipient_answers == []
        SmtpSender(settings(port)).send(OWED)
    assert len(inbox.taken) == 1


UNKNOWN = ["User unknown", "no such user here", "Unknown user", "mailbox not found", ""]
OTHER = [
    "blocked using zen.spamhaus.org",
    "Relay access denied",
    "relaying denied",
    "we do not relay: authentication required",
    "Access denied",
    "Sender address rejected",
    "Helo command rejected",
    "Must issue a STARTTLS command first",
    "rejected due to local policy",
    "the mailbox is full",
    "message size exceeds the limit",
    "receiving mail at a high rate",
    "your IP has a poor reputation",
    "no reverse DNS",
    "SPF check failed",
    "try again later",
]
_other_status = st.builds(
    "{}.{}.{}".format, st.sampled_from([4, 5]), st.integers(0, 9), st.integers(0, 999)
).filter(lambda status: status not in FINAL_STATUS | {"5.0.0", "5.1.0"})
_codes = st.sampled_from([501, 550, 551, 553, 554, 556]) | st.integers(400, 599)


@given(_codes, _other_status, st.sampled_from(UNKNOWN), st.text(max_size=40))
def test_no_other_status_is_ever_final(code: int, status: str, words: str, more: str) -> None:
    assert not is_final_refusal(code, f"{status} {words}; {more}")


@given(
    _codes,
    st.sampled_from(["", *sorted(FINAL_STATUS)]),
    st.permutations(["reason", "unknown", "address"]),
    st.sampled_from(OTHER),
    st.sampled_from(UNKNOWN),
)
def test_no_answer_that_speaks_of_another_reason_is_ever_final(
    code: int, status: str, order: list[str], other: str, unknown: str
) -> None:
    words = {"reason": other, "unknown": unknown, "address": TO}
    assert not is_final_refusal(code, f"{status} {': '.join(words[name] for name in order)}")


@given(_codes, st.text(alphabet="abcdefghij klm.<>@-#123456789", max_size=80))
def test_no_answer_without_status_and_clear_words_is_ever_final(code: int, text: str) -> None:
    """The alphabet has no n, o, s, u: no word for an unknown user can be written."""
    if any(text.lstrip("#<>-. @").startswith(status) for status in FINAL_STATUS):
        return
    assert not is_final_refusal(code, text)


@given(
    st.sampled_from(
        [
            smtplib.SMTPDataError,
            smtplib.SMTPHeloError,
            smtplib.SMTPConnectError,
            smtplib.SMTPAuthenticationError,
            smtplib.SMTPResponseException,
        ]
    ),
    st.integers(-1, 999),
    st.sampled_from([*NO_SUCH_RECIPIENT.values(), *ANOTHER_REASON.values()]),
)
def test_nothing_but_the_answer_to_rcpt_is_ever_final(
    error: type[smtplib.SMTPResponseException], code: int, answer: str
) -> None:
    text = answer[4:].encode()
    assert isinstance(mail_error_for(error(code, text), "mail"), MailTemporary)
    refused = smtplib.SMTPSenderRefused(code, text, "collector@example.net")
    assert isinstance(mail_error_for(refused, "mail"), MailTemporary)
