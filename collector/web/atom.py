"""How is news handed to a feed reader? As Atom (RFC 4287), in plain text that nothing can run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from collector.reports.formatting import iso_z
from collector.untrusted import visible

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One piece of news; every text may quote text from the air."""

    id: str
    """What tells it from any other, without the feed's own address."""
    title: str
    text: str
    at: datetime
    """When it left, or changed since."""
    address: str
    """Where it stands, below the address of the first page."""
    rights: str
    """Whose data it rests on."""


def atom(
    home: str,
    name: str,
    title: str,
    entries: Sequence[Entry],
    now: datetime,
    *,
    pages: str | None = None,
) -> bytes:
    """Return a feed with its entries in the order given.

    `home` is the address of the first page without its last slash, `name` that of the feed below
    it. Links lead to below `pages` (None: `home`). Ids do not change with the order. An empty feed
    is as old as `now`.
    """
    pages = home if pages is None else pages
    ET.register_namespace("", _ATOM)
    feed = ET.Element(_tag("feed"))
    _add(feed, "id", f"{home}/{name}")
    _add(feed, "title", title)
    _add(feed, "updated", iso_z(max((each.at for each in entries), default=now)))
    _add(_add(feed, "author", ""), "name", "Landing collector")
    _link(feed, "self", f"{pages}/{name}")
    _link(feed, "alternate", f"{pages}/")
    for each in entries:
        entry = _add(feed, "entry", "")
        _add(entry, "id", f"{home}/{name}#{each.id}")
        _add(entry, "title", each.title)
        _add(entry, "updated", iso_z(each.at))
        _link(entry, "alternate", f"{pages}{each.address}")
        _add(entry, "rights", each.rights)
        _add(entry, "summary", each.text).set("type", "text")
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text


def _tag(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, _tag(name))
    child.text = visible(text) or None
    return child


def _link(parent: ET.Element, rel: str, address: str) -> None:
    ET.SubElement(parent, _tag("link"), {"rel": rel, "href": address})
