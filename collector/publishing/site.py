"""Which files has the whole site? Pages, pictures, tables and feeds, made from one edition."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from collector.model import Landing
from collector.publishing.counted import Stage, stages, with_listed
from collector.publishing.edition import Edition
from collector.publishing.feeds import atom_files
from collector.publishing.folder import ours
from collector.publishing.links import file_of, with_files
from collector.publishing.note import note_of
from collector.publishing.pages import Pages
from collector.publishing.pictures import (
    MAP_LOOKS,
    TRACK_LOOKS,
    Ordered,
    PlacePictures,
    chart_csv,
    order_chart,
    order_map,
)
from collector.publishing.stores import counted_snapshot, listed_snapshot
from collector.publishing.tables import package
from collector.queries.landing import reports_around
from collector.reports.methodology import Note, as_markdown
from collector.web import landings, rendering
from collector.web.weeks import WatchWeeks, watch_weeks

ASSETS = ("style.css", "icon.svg")


@dataclass(frozen=True, slots=True)
class Site:
    """The files, and what an operator must know of them before they are written."""

    files: dict[str, bytes]
    made_from: dict[str, str]
    """Of each picture, what tells whether another one would have to be drawn."""
    pages: int
    landings: int
    undrawn: int
    """Pictures that could not be drawn."""
    left_out: tuple[str, ...]


def note(edition: Edition) -> Note:
    """Return the note on the method. Raises StoreError."""
    with counted_snapshot(edition) as counts, listed_snapshot(edition) as listed:
        return note_of(edition, counts, listed)


@dataclass(frozen=True, slots=True)
class Draft:
    """A site whose pictures are still to be drawn. It needs the database no more, since drawing
    hundreds takes minutes, and a reader keeps the daemon's log of changes from being emptied."""

    pages: Pages
    ordered: Ordered
    texts: dict[str, bytes]
    landings: int
    left_out: tuple[str, ...]

    def drawn(self, folder: Path, progress: Callable[[int, str], None]) -> Site:
        """Return the files. Pictures that stand in `folder` already are taken from there.

        `progress` is called before each step with the number of steps, and with how many pictures
        are drawn. Raises CollectorError if a page would lead nowhere.
        """
        drawn = self.ordered.drawn(folder, ours(folder), progress)
        self.pages.finish(drawn)
        rendered, files = self.pages.rendered, drawn | self.texts
        known = {*files, *rendered}
        files |= {file: with_files(text, file, known).encode() for file, text in rendered.items()}
        return Site(
            files=files,
            made_from={path: one for path, one in self.ordered.made_from.items() if path in drawn},
            pages=len(rendered),
            landings=self.landings,
            undrawn=len(self.ordered.orders) - len(drawn),
            left_out=self.left_out,
        )


def draft(edition: Edition) -> Draft:
    """Return the site of an edition, with its pictures ordered and not yet drawn.

    Raises StoreError.
    """
    with counted_snapshot(edition) as counts, listed_snapshot(edition) as listed:
        found = stages(edition)
        pages, ordered = Pages(edition, counts, listed, found), Ordered()
        watches = with_listed(watch_weeks(counts), found)
        texts: dict[str, bytes] = {}
        pictures = [
            picture for weeks in watches for picture in _of_places(pages, ordered, weeks, texts)
        ]
        for each in edition.listed:
            _order_track(pages, ordered, each.landing)
        texts |= _texts(edition, pages, found)
        pages.add_first(watches, partial(_that_are_there, pictures))
        pages.add_weeks(watches)
        pages.add_coverage()
        pages.add_lists()
        for each in edition.listed:
            pages.add_landing(each, _tracks(each.landing))
        pages.add_aircraft()
        pages.add_corrections()
        pages.add_texts(note_of(edition, counts, listed))
        return Draft(pages, ordered, texts, len(edition.listed), edition.left_out)


def _of_places(
    pages: Pages, ordered: Ordered, weeks: WatchWeeks, files: dict[str, bytes]
) -> list[PlacePictures]:
    """Order chart and map of each place of a watch, and add the chart's numbers to `files`."""
    done = []
    for number, place in enumerate(weeks.watch.places):
        address, chart = order_chart(ordered, pages.counts, weeks, number, pages.count_terms)
        cells = [row.cells[number] for row in reversed(weeks.rows)]
        files[f"{address.strip('/')}.csv"] = chart_csv(weeks.watch, cells, pages.count_terms)
        there = {
            key: mine
            for key, found in pages.by_week.items()
            if (mine := [each for each in found if each.stands and _is_at(each, weeks, number)])
        }
        drawn, words = "", ""
        if len(place.airfields) == 1:  # those of several have maps of their own
            drawn, words = order_map(
                *(ordered, pages.listed),
                watch=weeks.watch,
                place=place,
                found=there,
                terms=pages.row_terms,
            )
        done.append(
            PlacePictures(words=chart.headline, address=address, map=drawn, map_words=words)
        )
    return done


def _is_at(landing: Landing, weeks: WatchWeeks, number: int) -> bool:
    on_watch = any(match.watch == weeks.watch.name for match in landing.watches)
    return on_watch and landing.airfield in weeks.watch.places[number].airfields


def _that_are_there(
    pictures: Sequence[PlacePictures], drawn: Collection[str]
) -> list[PlacePictures]:
    """Return the pictures whose files could be drawn."""
    return [
        one if _all_drawn(one.map, MAP_LOOKS, drawn) else replace(one, map="")
        for one in pictures
        if _all_drawn(one.address, ("svg", "png"), drawn)
    ]


def _all_drawn(address: str, suffixes: Iterable[str], drawn: Collection[str]) -> bool:
    return bool(address) and all(file_of(f"{address}.{each}") in drawn for each in suffixes)


def _order_track(pages: Pages, ordered: Ordered, landing: Landing) -> None:
    snapshot = pages.as_of(landing)
    if not reports_around(snapshot.store, landing, snapshot.now):
        return
    picture = landings.track_picture(snapshot, landing.id)
    if picture is not None:
        for asked, look in TRACK_LOOKS.items():
            ordered.add(f"{_track(landing)}{asked}", picture, look)


def _track(landing: Landing) -> str:
    return f"/landings/{landing.id}/track.svg"


def _tracks(landing: Landing) -> list[str]:
    return [file_of(f"{_track(landing)}{asked}") for asked in TRACK_LOOKS]


def _texts(edition: Edition, pages: Pages, found: Sequence[Stage]) -> dict[str, bytes]:
    """Return tables, feeds, the note as text, and what every page refers to."""
    note = as_markdown(note_of(edition, pages.counts, pages.listed))
    return {
        **package(edition, pages.counts, pages.listed, found),
        **atom_files(edition, pages.listed),
        "methodology.md": note.encode(),
        **{name: rendering.asset(name) for name in ASSETS},
    }
