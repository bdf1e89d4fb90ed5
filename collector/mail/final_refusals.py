"""Which refusals at RCPT are final? Only those that surely concern that one recipient.

Servers answer RCPT with 5xx for many other reasons: a blocklist, no relaying, a greeting that they
dislike, a login or TLS that they want, the sender's address. RFC 5321 §4.2.3 itself describes 550
as "mailbox not found, no access, or command rejected for policy reasons". All of these pass, or are
corrected, and then every mail is accepted. Thus a refusal is final only if everything in the reply
speaks of the recipient's mailbox, and nothing of anything else.
"""

from __future__ import annotations

import re

_CODES = frozenset({501, 550, 551, 553, 554, 556})
"""The reply codes of RFC 5321 §4.2.3 and RFC 7504 (556) that servers refuse a mailbox with. 530,
535 and 538 ask for a login or TLS (RFC 4954), 503 and 504 object to commands, 552 to the size."""

FINAL_STATUS = frozenset({"5.1.1", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""RFC 3463 §3.2–3.3, RFC 7505: no such mailbox, no such address, moved without a new address, a
domain that states that it takes no mail, mailbox disabled.

5.1.2 (bad destination system) is not among them: a domain whose name has lapsed comes back, and the
server's own name resolution may fail. 5.2.2 (mailbox full), 5.2.3 and 5.3.4 (mail too large) end
when somebody makes room; 5.7.x is policy."""

_UNSPECIFIC_STATUS = frozenset({"5.0.0", "5.1.0"})
"""RFC 3463 §3.1–3.2: "other undefined status"; the text must say what it means."""

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_LEADING_STATUS = re.compile(r"\W{0,2}" + _STATUS.pattern)
"""RFC 2034 §4: the status begins the text; some servers write `#5.1.1`."""

_QUOTED_ADDRESS = re.compile(r"<[^<>]*>|\S+@\S+")
"""An address in the text: its words say nothing about the reason."""

_MAILBOX = r"(?:e-?mail )?(?:user|mailbox|recipient|account|addressee|address|person|local user)"
_UNKNOWN_MAILBOX = re.compile(
    rf"\b(?:{_MAILBOX} (?:is |was |name )?(?:unknown|not found|does(?:n't| not) exist)"
    rf"|unknown {_MAILBOX}"
    rf"|no such {_MAILBOX}"
    rf"|no {_MAILBOX} (?:here )?by that name"
    rf"|does(?:n't| not) have an? \S+ account)\b"
)

_OTHER_REASON = re.compile(
    r"block|black-?list|deny-?list|\bdenied\b|\bdeny|spam|abus|reputation|\br?bls?\b|dnsbl|listed"
    r"|polic|relaying|\brelay (?:access|denied|not)|to relay|\bauth|unauth|log-?in\b|\blog in"
    r"|credential|password|starttls|\btls\b|\bssl\b|encrypt|\b[he][eh]lo\b|greeting|reverse|\bptr\b"
    r"|\br?dns\b|\bspf\b|dkim|dmarc|allowed|permitted|permission|forbidden|prohibit|restrict"
    r"|client|\byour (?:ip|host|server|network|domain|message|mail)|\bour\b|sender|verif|callout"
    r"|\brates?\b|\btoo\b|quota|\bfull\b|storage|\bsize\b|temporar|again|later|delayed|gr[ea]ylist"
    r"|throttl|limit|exceed|content|virus|lookup (?:fail|error)|timed? ?-?out|unavailable"
)
"""Words of every reason but the recipient: policy, our standing, our sender, limits, outages."""


def is_final_refusal(code: int, answer: str) -> bool:
    r"""Return whether a server's reply to RCPT surely says that there is no such recipient.

    >>> is_final_refusal(550, "5.1.1 <desk@example.org>: Recipient address rejected: User unknown")
    True
    >>> is_final_refusal(554, "5.7.1 Service unavailable; Client host [192.0.2.7] blocked")
    False
    """
    if code not in _CODES:
        return False
    statuses = set(_STATUS.findall(answer)) - _UNSPECIFIC_STATUS
    text = " ".join(_QUOTED_ADDRESS.sub(" ", answer).lower().split())
    if not statuses <= FINAL_STATUS or _OTHER_REASON.search(text):
        return False
    leading = _LEADING_STATUS.match(answer.lstrip())
    has_final_status = leading is not None and leading[1] in FINAL_STATUS
    return has_final_status or _UNKNOWN_MAILBOX.search(text) is not None
