"""What of a reply may be passed on? What the terms allow, without what tells of the operator.

Own receivers stay behind unless they were asked for; then their replies leave without address,
name, and what the receiver measured, which shows where it stands. A poll by addresses names every
aircraft that is watched, so that only the rows of the one that landed are left. Of the HTTP headers
only those leave that date the reply: servers repeat the client's address in others.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from collector.disclosure.origins import UNSTATED
from collector.model.coverage import PollCoverage
from collector.model.reply import Fleet, Format, Reply
from collector.model.terms import Terms

OWN_RECEIVER = "own-receiver"
NAME = "the name that the operator gave the feed"
ADDRESS = "the address that was asked"
HEADERS = "HTTP headers other than dates and type"
OTHERS = "other aircraft that were asked for"
MEASURED = "what the receiver measured of itself"

_KEPT_HEADERS = frozenset(
    {"age", "cache-control", "content-length", "content-type", "date", "expires", "last-modified"}
)
_OF_RECEIVER = frozenset({"r_dst", "r_dir", "rssi", "dst", "dir"})
"""Distance and direction from the receiver, and its signal strength
(https://github.com/wiedehopf/readsb/blob/dev/README-json.md)."""
_ROWS = ("ac", "aircraft")
_OF_REPLY = frozenset({"now", "messages", *_ROWS})
"""The keys of a receiver's `aircraft.json` that say nothing of the receiver."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What may leave of the replies around the landing of one aircraft."""

    icao24: str
    names: Mapping[str, str]
    """Under which name each feed leaves; those that are missing stay behind."""
    receivers: frozenset[str] = frozenset()
    """Which of these are receivers of the operator's own."""
    hosts: frozenset[str] = frozenset()
    """The networks' own hosts; any other address is the operator's own."""

    def of_reply(self, reply: Reply) -> tuple[Reply, tuple[str, ...]] | None:
        """Return the reply as it leaves, and what was taken out; None if nothing leaves."""
        if reply.feed not in self.names:
            return None
        left, removed = self._renamed(reply)
        if isinstance(reply.ask, Fleet) and set(reply.ask.icao24) - {self.icao24}:
            if reply.format.history and self.icao24 not in reply.ask.icao24:
                return None
            only = _edited(left, lambda row: row.get("hex") == self.icao24, frozenset())
            if only is None:
                return None
            ask = Fleet((self.icao24,) if self.icao24 in reply.ask.icao24 else ())
            url = f"urn:collector:feed:{left.feed}"
            left, removed = replace(only, ask=ask, url=url), [*removed, ADDRESS, OTHERS]
        if reply.feed in self.receivers:
            bare = _edited(left, lambda _: True, _OF_RECEIVER)
            if bare is None:
                return None
            url = f"urn:collector:feed:{left.feed}"
            left, removed = replace(bare, url=url, headers=()), [*removed, ADDRESS, MEASURED]
        return left, tuple(dict.fromkeys(removed))

    def of_poll(self, poll: PollCoverage) -> tuple[PollCoverage, tuple[str, ...]] | None:
        """Return the coverage of a poll as it leaves, and what was taken out; None as above."""
        if poll.feed not in self.names:
            return None
        return replace(poll, feed=self.names[poll.feed]), (NAME, ADDRESS)

    def _renamed(self, reply: Reply) -> tuple[Reply, list[str]]:
        name = self.names[reply.feed]
        headers = tuple(each for each in reply.headers if each[0].lower() in _KEPT_HEADERS)
        removed = [NAME] if name != reply.feed else []
        removed += [HEADERS] if headers != reply.headers else []
        url = reply.url
        if urlsplit(url).hostname not in self.hosts:
            url, removed = f"urn:collector:feed:{name}", [*removed, ADDRESS]
        return replace(reply, feed=name, url=url, headers=headers), removed


def names_of(
    feeds: Iterable[str],
    kinds: Mapping[str, str],
    terms: Mapping[str, Terms],
    receivers: Iterable[str],
) -> dict[str, str]:
    """Return under which name each feed may leave: its kind, since names are the operator's own.

    Feeds whose terms forbid it are left out. `receivers` are those of the operator's own that were
    asked for; other receivers must not be among `feeds`.

    >>> open_data = Terms("adsb.lol contributors", "ODbL 1.0", True, False, "https://adsb.lol")
    >>> given = {"janes_key": open_data, "adsblol": open_data}
    >>> names_of(["adsblol", "janes_key", "x"], {"janes_key": "adsblol"}, given, [])
    {'adsblol': 'adsblol', 'janes_key': 'adsblol-2'}
    """
    own = frozenset(receivers)
    names: dict[str, str] = {}
    number: Counter[str] = Counter()
    for feed in sorted(feeds):
        if terms.get(feed, UNSTATED).redistributable:
            kind = OWN_RECEIVER if feed in own else kinds.get(feed, feed)
            number[kind] += 1
            names[feed] = kind if number[kind] == 1 else f"{kind}-{number[kind]}"
    return names


def _edited(
    reply: Reply, wanted: Callable[[dict[str, Any]], bool], without: frozenset[str]
) -> Reply | None:
    """Return a reply of readsb with some rows and without some keys; None if it has another form.

    With keys to be left out, those of the whole reply that are no part of the traffic go as well. A
    full track is of one aircraft, and keeps its rows.
    """
    if reply.format not in (Format.READSB, Format.TRACE):
        return None
    try:
        body = json.loads(reply.body)
        if reply.format is Format.TRACE:
            return replace(reply, body=json.dumps(_bare(body, without)).encode())
        rows = {
            key: [_bare(row, without) for row in body[key] if wanted(row)]
            for key in _ROWS
            if key in body
        }
        head = {key: value for key, value in body.items() if not without or key in _OF_REPLY}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return replace(reply, body=json.dumps(head | rows).encode())


def _bare(value: Any, without: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: _bare(each, without) for key, each in value.items() if key not in without}
    return [_bare(each, without) for each in value] if isinstance(value, list) else value
