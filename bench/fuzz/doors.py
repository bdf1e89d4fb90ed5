"""At which doors do foreign bytes enter, and what must hold there for any bytes?

Everywhere: only errors of the collector are raised. Of a reply, moreover, every number that is
believed is finite and within its bounds, and what is shown is printable. `promises` has the doors
of which more is promised.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import ModuleType

from collector import recording
from collector.archives import flight_lists, traces, units
from collector.archives.csv_files import lines_of, opened
from collector.archives.track_exports import flightradar24, state_vectors
from collector.audit.evidence_checks import check_pack
from collector.coverage.region import Region
from collector.decode.gzipped import fast_zlib, gunzip
from collector.errors import CollectorError
from collector.http import etiquette
from collector.model import WatchMatch
from collector.model.body import unpacked
from collector.model.reply import Everything, Format, Reply
from collector.pipeline.sift import sift
from collector.published import csv_tables
from collector.published.spreadsheets import decoded
from collector.recording import poll_coverage
from collector.settings import fleets, load, new_watch
from collector.settings.airfield_catalogue import shipped_as
from collector.settings.salvaging import salvaged

from . import promises

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EVERYTHING = Region(((0.0, 0.0, 20_000.0),))
MATCH = (WatchMatch("fleet", "all", True),)
UNPACKED_BYTES = 1 << 20
DAMAGED = (OSError, EOFError, zlib.error)
"""What `backfill.track_exports` tells of a damaged file, besides DecodeError."""

Door = Callable[[bytes, Path], None]
"""Given the bytes and a file that holds them, whose folder is the door's own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A door, and how it is searched."""

    enter: Door
    files: tuple[str, ...] = ("input",)
    """The name under which the file lies; where the name says how it is read, the first byte
    chooses one of them, and the rest is the file."""
    on_disk: bool = True
    longest_bytes: int = 4096


def _reply(format: Format, body: bytes, _path: Path) -> None:  # noqa: A002
    """Sift a reply as a poll and a replay do."""
    reply = Reply(
        feed="feed",
        format=format,
        ask=Everything(),
        url="https://feed.example/v2/all",
        received_at=AT,
        body=body,
    )
    sifted = sift(reply, lambda _row, _day: MATCH, EVERYTHING)
    for observation, _ in sifted.observations:
        for each in fields(observation):
            value = getattr(observation, each.name)
            if isinstance(value, float):
                assert math.isfinite(value), each.name
                assert abs(value) < 1e6, (each.name, value)
            elif isinstance(value, str):
                assert value.isprintable(), (each.name, value)
    assert sifted.coverage.unplaced <= sifted.coverage.aircraft


def _gzip(body: bytes, _path: Path) -> None:
    """Unpacked, and alike by the quicker library, which not every machine has."""
    assert _unpacked(body, fast_zlib) == _unpacked(body, zlib)
    assert len(gunzip(body, max_bytes=UNPACKED_BYTES)) <= UNPACKED_BYTES


def _unpacked(body: bytes, library: ModuleType) -> bytes | None:
    with suppress(ValueError):
        return unpacked(body, UNPACKED_BYTES, library=library)
    return None


def _body(body: bytes, _path: Path) -> None:
    """A body as a server sends it, in two pieces, whatever encoding it claims."""
    claimed = (None, "gzip", "deflate", "identity", "br")[body[0] % 5] if body else None
    middle = len(body) // 2
    with suppress(ValueError):  # it says what is wrong with the body, for the error of the poll
        found = etiquette.decoded_body([body[1:middle], body[middle:]], claimed, UNPACKED_BYTES)
        assert len(found) <= UNPACKED_BYTES
    said = etiquette.reason_given(body)
    assert said == "" or said.isprintable()


def _headers(body: bytes, _path: Path) -> None:
    """The times and names that a server states."""
    text = body.decode("latin-1")
    pause = etiquette.obeyed_pause(etiquette.stated_pause({"retry-after": text}, AT))
    assert pause is None or pause <= etiquette.LONGEST_RETRY_AFTER
    etiquette.http_date(text)
    assert etiquette.shown_url(text).isprintable()
    assert etiquette.sendable(text).isascii()


def _recording(_body: bytes, path: Path) -> None:
    recognise = partial(recording.recognise, hosts={})
    for found in recording.read([path], recognise=recognise):
        if found.reply is not None:
            with suppress(CollectorError):
                sift(found.reply, lambda _row, _day: MATCH, EVERYTHING)


def _polls(body: bytes, _path: Path) -> None:
    with suppress(CollectorError, ValueError):
        poll_coverage.from_json(body)
    poll_coverage.ask_from_text(body.decode("latin-1"))


def _archive(_body: bytes, path: Path) -> None:
    """An archive's day or a single trace: never an error for what a file holds."""
    for unit in units.units([path]):
        for reply in traces.read_unit(unit):
            with suppress(CollectorError):
                sift(reply, lambda _row, _day: MATCH, EVERYTHING)


def _flight_list(_body: bytes, path: Path) -> None:
    flight_lists.why_no_flight_list(path)
    fields = {"LLOV": shipped_as("LLOV")}
    list(flight_lists.read(path, fields, lambda _: ("600865", None), lambda _: None))


def _export(read: Callable[[Iterator[str]], Sequence[Reply]], _body: bytes, path: Path) -> None:
    """An export of another service; damage of the file is told where it is opened."""
    with suppress(*DAMAGED), opened(path) as file:
        for reply in read(lines_of(file, path)):
            sift(reply, lambda _row, _day: MATCH, EVERYTHING)


def _flightradar24(lines: Iterator[str]) -> Sequence[Reply]:
    return flightradar24(lines, "600865", [(29.94, 34.93)], lambda _: None, lambda _: None)


def _state_vectors(lines: Iterator[str]) -> Sequence[Reply]:
    return state_vectors(lines, lambda _: True, lambda _: None)


def _sightings(body: bytes, _path: Path) -> None:
    try:
        text = decoded(body)
    except ValueError:  # told as the file's, where it is opened
        return
    csv_tables.read_sightings(text, "table.csv", {"600865"})
    for read in (csv_tables.read_counts, csv_tables.read_fighting):
        with suppress(CollectorError):
            read(text, "table.csv")


def _configuration(_body: bytes, path: Path) -> None:
    load(path, environ={}, secrets_needed=False)


def _broken_configuration(body: bytes, _path: Path) -> None:
    """What the alarm reads of a configuration that is no valid TOML."""
    salvaged(body.decode("utf-8", "replace"))


def _variables(body: bytes, path: Path) -> None:
    """A sound file, and the rest from the environment: a variable's name and value each line."""
    path.write_text('contact = "desk@example.org"\n')
    lines = (line.partition("=") for line in body.decode("latin-1").splitlines())
    load(path, environ={name: value for name, _, value in lines}, secrets_needed=False)


def _fleet(_body: bytes, path: Path) -> None:
    for each in fleets.read(path.stem, path.parent.parent / "collector.toml", "watch").mistakes:
        assert str(each)


def _list(body: bytes, _path: Path) -> None:
    """A list of aircraft for a new watch, and the same words at a prompt."""
    text = body.decode("utf-8", "replace")
    for wanted in (new_watch.listed(text), new_watch.understood(text)):
        new_watch.private_addresses(wanted)
        for key in ("icao24", "registrations", "types", "operators"):
            new_watch.unusable(key, list(getattr(wanted, key)))


def _pack(_body: bytes, path: Path) -> None:
    check_pack(path, lambda _: None)


DOORS: dict[str, Kind] = {
    **{f"reply {each.value}": Kind(partial(_reply, each), on_disk=False) for each in Format},
    "gzip": Kind(_gzip, on_disk=False),
    "body": Kind(_body, on_disk=False),
    "headers": Kind(_headers, on_disk=False, longest_bytes=200),
    "recording": Kind(_recording, ("a.warc", "a.warc.gz")),
    "recorded polls": Kind(_polls, on_disk=False),
    "archive": Kind(
        _archive,
        ("v2026.11.22-planes-readsb-prod-0.tar", "trace_full_600865.json", "600865.json", "a.tgz"),
        longest_bytes=8192,
    ),
    "flight list": Kind(_flight_list, ("flightlist_20261101_20261130.csv", "flights.csv.gz")),
    "Flightradar24": Kind(partial(_export, _flightradar24), ("flight.csv",)),
    "state vectors": Kind(partial(_export, _state_vectors), ("rows.csv",)),
    "sightings": Kind(_sightings, on_disk=False),
    "configuration": Kind(_configuration, ("collector.toml",), longest_bytes=2048),
    "broken configuration": Kind(_broken_configuration, on_disk=False, longest_bytes=2048),
    "variables": Kind(_variables, ("collector.toml",), longest_bytes=1024),
    "fleet": Kind(_fleet, ("fleets/made.toml",)),
    "list of aircraft": Kind(_list, on_disk=False, longest_bytes=1024),
    "evidence pack": Kind(_pack, ("pack.zip",)),
    "one row spoilt": Kind(promises.one_row_spoilt, on_disk=False, longest_bytes=40),
    "live and replayed": Kind(promises.live_and_replayed, ("a.warc.gz",)),
    "leaving": Kind(promises.leaving, on_disk=False),
}


def enter(name: str, data: bytes, folder: Path) -> None:
    """Pass the bytes through a door. Raises what must not be raised."""
    kind = DOORS[name]
    chosen = kind.files[0]
    if len(kind.files) > 1 and data:
        chosen, data = kind.files[data[0] % len(kind.files)], data[1:]
    path = folder / chosen
    if kind.on_disk:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    with suppress(CollectorError):
        kind.enter(data, path)
