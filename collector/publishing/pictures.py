"""Which pictures are published, and which of them have to be drawn? Charts, maps and tracks.

A picture is drawn again only if what it shows has changed: a season has hundreds.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from collector import __version__
from collector.drawing import Drawer
from collector.model import Landing, Place, Watch
from collector.model.terms import Terms
from collector.publishing.folder import Ours, kept
from collector.publishing.links import file_of
from collector.queries.pictures import tracks_map, weeks_chart
from collector.queries.snapshot import Snapshot
from collector.reports.exports.spreadsheet import BOM, LINE_END, inert
from collector.reports.exports.table import NOTICE, attribution_lines
from collector.reports.picture import PHONE_PX, Look, Picture, TracksMap, WeeksChart, order
from collector.reports.picture.weeks_chart import chart_footer
from collector.reports.titles import week_title, whose_and_where
from collector.web.week_sentence import usual_of
from collector.web.weeks import PlaceWeekCell, WatchWeeks
from collector.weeks import local_date, week_bounds

SHORT_NOTICE = "Shows no cargo, purpose, persons or charterer."
TRACK_LOOKS = {
    "": Look(suffix="svg"),
    "?width=phone": Look(suffix="svg", width_px=PHONE_PX),
}
MAP_LOOKS = {
    "svg": Look(suffix="svg"),
    "png": Look(),
    "png?width=phone": Look(width_px=PHONE_PX),
}
AT_ONCE = 8
"""Pictures that one process draws: each takes about half a second, and starting one as long."""
TIMEOUT_S = 180.0
"""For so many, on a machine that is ten times slower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePictures:
    """The pictures of a place; addresses without their suffix."""

    words: str
    """What the chart shows."""
    address: str
    map: str = ""
    map_words: str = ""


@dataclass
class Ordered:
    """The pictures of a site, by the file in which each will stand."""

    orders: dict[str, str] = field(default_factory=dict)
    _addresses: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Whose pictures stand at an address: a watch and a place by name."""

    def address(self, folder: str, watch: Watch, place: Place) -> str:
        """Return where a place's picture stands, without suffix. No other one gets that address,
        though names such as `Il 76` and `il-76` look alike in it."""
        wanted = found = f"/{folder}/{slug(watch.name)}-{slug(place.name)}"
        number, owner = 1, (watch.name, place.name)
        while self._addresses.setdefault(found, owner) != owner:
            number += 1
            found = f"{wanted}-{number}"
        return found

    def add(self, address: str, picture: Picture, look: Look) -> None:
        """Order a picture for the file of an address."""
        self.orders[file_of(address)] = order(picture, look)

    @property
    def made_from(self) -> dict[str, str]:
        """By file, what tells whether the picture would be another one."""
        return {
            path: sha256(f"{__version__} {text}".encode()).hexdigest()
            for path, text in self.orders.items()
        }

    def drawn(
        self, folder: Path, known: Ours, progress: Callable[[int, str], None]
    ) -> dict[str, bytes]:
        """Return the pictures that could be drawn, by file.

        Those that stand in the folder and would be the same are taken from there. `progress` is
        called before each step with the number of steps, and with how many pictures are drawn.
        """
        made_from = self.made_from
        found = {path: kept(folder, known, path, made_from[path]) for path in self.orders}
        done = {path: content for path, content in found.items() if content is not None}
        missing = [path for path in self.orders if path not in done]
        drawer = Drawer(TIMEOUT_S)
        for begin in range(0, len(missing), AT_ONCE):
            progress(-(-len(missing) // AT_ONCE), f"{begin:,} of {len(missing):,}")
            part = missing[begin : begin + AT_ONCE]
            drawn = drawer.drawn([self.orders[path] for path in part])
            done |= {path: one for path, one in zip(part, drawn, strict=True) if one is not None}
        return done


def slug(text: str) -> str:
    """Return a text as a part of a file name.

    >>> slug("Silk Way / LLOV or LLER")
    'silk-way-llov-or-ller'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "x"


def order_chart(
    ordered: Ordered, snapshot: Snapshot, weeks: WatchWeeks, number: int, terms: Sequence[Terms]
) -> tuple[str, WeeksChart]:
    """Order the chart of a watch's last weeks at a place, given by its number.

    Return its address without suffix, and the chart. Raises StoreError.
    """
    watch, cell = weeks.watch, weeks.rows[0].cells[number]
    chart = weeks_chart(
        *(snapshot.coverage, watch, cell.place, cell.key, snapshot.now),
        usual=usual_of(snapshot, watch, cell),
        terms=terms,
    )
    sources = tuple(each.credit for each in terms)
    footer = f"{chart_footer(f'the end of {week_title(cell.key)}', sources)} {SHORT_NOTICE}"
    chart = replace(chart, footer=footer)
    address = ordered.address("charts", watch, cell.place)
    for suffix in ("svg", "png"):
        ordered.add(f"{address}.{suffix}", chart, Look(suffix=suffix))
    return address, chart


def chart_csv(watch: Watch, cells: Sequence[PlaceWeekCell], terms: Sequence[Terms]) -> bytes:
    """Return the numbers of a chart, the oldest week first, each row with licence and notice."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator=LINE_END)
    head = ("watch", "airfield", "week", "begins_on", "at_least", "at_most", "seen", "statement")
    writer.writerow((*head, "sources", "licence", "notice"))
    sources = inert("; ".join(each.attribution for each in terms))
    licence = inert("; ".join(dict.fromkeys(each.licence for each in terms)))
    notice = inert(" ".join([NOTICE, *attribution_lines(terms)]))
    for cell in cells:
        blind, told = cell.seen.blind, cell.seen
        statement = ", ".join(filter(None, (f"{cell.number} {cell.unit}", cell.listed)))
        writer.writerow(
            (
                inert(watch.name),
                inert(cell.place.name),
                cell.key,
                cell.monday.isoformat(),
                "" if blind else told.least,
                "" if blind or told.in_part else told.most,
                round(cell.share_seen, 3),
                inert(statement),
                sources,
                licence,
                notice,
            )
        )
    return f"{BOM}{file.getvalue()}".encode()


def order_map(
    ordered: Ordered,
    snapshot: Snapshot,
    *,
    watch: Watch,
    place: Place,
    found: Mapping[str, Sequence[Landing]],
    terms: Sequence[Terms],
) -> tuple[str, str]:
    """Order the map of the newest week with landings of a place.

    `found` are these landings by week. Return its address without suffix and what it shows; both
    empty if no track of any week was received. Raises StoreError.
    """
    for week in sorted(found, reverse=True):
        in_order = sorted(found[week], key=lambda each: (each.detection.touchdown_at, each.id))
        marked = [(str(number), each) for number, each in enumerate(in_order, 1)]
        shown = tracks_map(
            *(snapshot.coverage, watch, place, week, marked), now=snapshot.now, terms=terms
        )
        if shown is None:
            continue
        shown = _with_notice(shown)
        address = ordered.address("maps", watch, place)
        for suffix, look in MAP_LOOKS.items():
            ordered.add(f"{address}.{suffix}", shown, look)
        monday = local_date(week_bounds(week, watch.zone)[0], watch.zone)
        headline = whose_and_where(watch, place, snapshot.settings.airfields, monday)
        words = f"{headline}: the tracks of {week_title(week)} as received"
        return address, f"{words}, numbered in order of touchdown."
    return "", ""


def _with_notice(shown: TracksMap) -> TracksMap:
    return replace(shown, footer=f"{shown.footer} {SHORT_NOTICE}".strip())
