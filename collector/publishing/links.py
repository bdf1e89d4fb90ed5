"""At which file does a page stand? Addresses of pages become relative paths of files."""

from __future__ import annotations

import posixpath
import re
import secrets
from collections.abc import Collection
from urllib.parse import parse_qsl, unquote, urlsplit

from collector.errors import CollectorError

ROOT = f"published-{secrets.token_hex(8)}:"
"""Stands before every address while a page is rendered, where the server has its path. It is
another one in each run: a text from the air that held it would stop the publication."""
_ADDRESS = re.compile(rf'((?:href|src|srcset)=")({ROOT}/[^"]*)"')


class BrokenLinkError(CollectorError):
    """A page leads to one that is not published, by a defect."""


def file_of(address: str) -> str:
    """Return the file of a page's address without its root, relative to the folder.

    >>> [file_of(each) for each in ("/", "/weeks?year=2026", "/landings/600865-2026-11-22-1")]
    ['index.html', 'weeks-2026.html', 'landings/600865-2026-11-22-1.html']
    >>> file_of("/landings/x/track.svg?width=phone"), file_of("/glossary#coverage")
    ('landings/x/track-phone.svg', 'glossary.html')
    """
    parts = urlsplit(address)
    base, suffix = posixpath.splitext(unquote(parts.path).strip("/"))
    asked = "".join(f"-{value}" for _, value in parse_qsl(parts.query))
    return f"{base or 'index'}{asked}{suffix or '.html'}"


def with_files(page: str, file: str, known: Collection[str]) -> str:
    """Return the text of a page with every address of ours as a path relative to its `file`.

    `known` are the files that there are. Raises BrokenLinkError for any other.
    """

    def relative(match: re.Match[str]) -> str:
        address = match[2].removeprefix(ROOT).replace("&amp;", "&")
        target = file_of(address)
        if target not in known:
            raise BrokenLinkError(f"{file} leads to {address}, which is not published")
        path = posixpath.relpath(target, posixpath.dirname(file) or ".")
        fragment = urlsplit(address).fragment
        return f'{match[1]}{path}{f"#{fragment}" if fragment else ""}"'

    done = _ADDRESS.sub(relative, page)
    if ROOT + "/" in done:
        raise BrokenLinkError(f"{file} has an address that is no link")
    return done
