"""How are the season's mails looked at without a mail program? Each becomes a page of its own.

The page is the HTML part of the mail; its pictures, which a mail refers to by Content-ID
(RFC 2392), are put into the page itself, so that a browser shows what a mail program would.
"""

from __future__ import annotations

import base64
import email
import email.policy
import os
from email.message import EmailMessage
from pathlib import Path

from collector import private


def write_as_pages(folder: Path) -> list[Path]:
    """Write each mail (`.eml`) of a folder as a page (`.html`) beside it; return the pages.

    Raises OSError.
    """
    pages = []
    for path in sorted(folder.glob("*.eml")):
        with path.open("rb") as file:
            mail = email.message_from_binary_file(file, policy=email.policy.default)
        page = path.with_suffix(".html")
        with os.fdopen(private.open_new(page), "w", encoding="utf-8") as written:
            written.write(page_of(mail))
        pages.append(page)
    return pages


def page_of(mail: EmailMessage) -> str:
    """Return the HTML of a mail with its pictures inside. Raises ValueError if it has no HTML."""
    body = mail.get_body(("html",))
    if body is None:
        raise ValueError("the mail has no HTML part")
    html: str = body.get_content()
    for part in mail.walk():
        name = str(part.get("Content-ID", "")).strip("<> ")
        if name and part.get_content_maintype() == "image":
            data = base64.b64encode(part.get_payload(decode=True) or b"").decode()  # type: ignore[arg-type]
            html = html.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{data}")
    return html
