"""What does a receiver of a webhook get, and how does it know that it is from us?

The body is described by docs/webhook.schema.json. The headers follow Standard Webhooks
(https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), for
which receivers have libraries: `webhook-id`, `webhook-timestamp` and `webhook-signature`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from collector.model.notice import Owed

VERSION = 1
_KEY_PREFIX = "whsec_"
"""Begins a key that is written in Base64 (Standard Webhooks); any other is used as it is."""


def message_id(key: str) -> str:
    """Return the `webhook-id` of a notice: the same at every try, and no other's.

    >>> message_id("digest:2026-W47:desk")
    'msg_250a17828b32dfc73e25b0420732cff9'
    """
    return f"msg_{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def body_of(notice: Owed) -> bytes:
    """Return the JSON of a notice; the same notice always gives the same bytes."""
    document = {
        "version": VERSION,
        "id": message_id(notice.key),
        "key": notice.key,
        "kind": notice.key.partition(":")[0],
        "recipient": notice.recipient.name,
        "created_at": f"{notice.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "subject": notice.message.subject,
        "text": notice.message.text,
        "html": notice.message.html_in_words,
        "follows": [message_id(key) for key in notice.follows],
    }
    # ASCII alone: a lone surrogate, which UTF-8 cannot carry, is escaped too.
    return json.dumps(document, separators=(",", ":")).encode()


def headers_of(notice: Owed, body: bytes, secret: str, now: datetime) -> Mapping[str, str]:
    """Return the headers by which a receiver knows sender, message and time."""
    identity, at = message_id(notice.key), str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{signature(secret, identity, at, body)}",
    }


def signature(secret: str, identity: str, timestamp: str, body: bytes) -> str:
    """Return the HMAC-SHA256 (RFC 2104) of `identity.timestamp.body`, in Base64.

    The example is the specification's own.

    >>> signature(
    ...     "whsec_plJ3nmyCDGBKInavdOK15jsl",
    ...     "msg_loFOjxBNrRLzqYUf",
    ...     "1731705121",
    ...     b'{"event_type":"ping","data":{"success":true}}',
    ... )
    'rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0='
    """
    signed = f"{identity}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    if secret.startswith(_KEY_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_KEY_PREFIX), validate=True)
        except binascii.Error:
            pass  # not of that form after all
    return secret.encode()
