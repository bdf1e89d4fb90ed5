"""What does a reader see? Whose landings, where, how many, and could we see: no machinery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from collector.drawing import Drawer
from collector.queries import health, reception
from collector.queries.snapshot import Snapshot
from collector.reports.glossary import glossary
from collector.reports.picture import PHONE_PX, Look, order
from collector.store import conditions, feeds
from collector.store.landing_list import Wanted, number_of, page_of
from collector.web import aircraft, alerts, calendar, corrections, landings, weeks
from collector.web.filters import (
    PER_AIRFRAME,
    PER_PAGE,
    NoSuchChoiceError,
    asked_by,
    choices,
    wanted_landings,
    years,
)
from collector.web.pages import PageMaker, page_asked, year_asked
from collector.web.week_sentence import week_sentence

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A picture may use its own colours, and nothing else."""
TRACK_LOOKS = {
    "": Look(suffix="svg"),
    "width=phone": Look(suffix="svg", width_px=PHONE_PX),
}
"""How a track may be drawn, by the question in its address: a closed set, since each is drawn."""
ON_FIRST_PAGE = 5
"""The last landings on the first page; the list has the others."""
T = TypeVar("T")


class ReaderPages:
    """The reader's pages, as plain functions: the server runs them in its threads."""

    def __init__(self, maker: PageMaker) -> None:
        self._maker = maker
        self._open = maker.source.open
        self._drawer = Drawer()

    def week(self, _request: Request) -> Response:
        """Show the present week of every watch, and the last landings."""
        with self._open() as snapshot:
            watches = weeks.watch_weeks(snapshot)
            return self._maker.page(
                "week",
                snapshot,
                warning=_cannot_receive(snapshot),
                watches=[(each, week_sentence(snapshot, each)) for each in watches],
                landings=landings.recent_rows(snapshot, ON_FIRST_PAGE),
                no_landing=landings.none_stored(snapshot),
                conflicts=landings.conflict_lines_of_week(snapshot),
            )

    def weeks(self, request: Request) -> Response:
        """Show the last weeks, or those of a year."""
        with self._open() as snapshot:
            year = year_asked(snapshot, request.query_params)
            return self._maker.page(
                "weeks",
                snapshot,
                watches=weeks.watch_weeks(snapshot, year=year),
                year=year,
                years=years(snapshot),
            )

    def landings(self, request: Request) -> Response:
        """Show the landings that the address asks for, a page at a time."""
        with self._open() as snapshot:
            try:
                asked = asked_by(request.query_params)
                wanted = wanted_landings(snapshot, asked)
            except NoSuchChoiceError as error:
                raise HTTPException(404) from error
            number = number_of(snapshot.store, wanted)
            first = (asked.page - 1) * PER_PAGE
            found = page_of(snapshot.store, wanted, limit=PER_PAGE, offset=first)
            if not found and asked.page > 1:
                raise HTTPException(404)
            address = f"{self._maker.root}/landings"
            return self._maker.page(
                "landings",
                snapshot,
                landings=landings.rows(snapshot, found),
                no_landing="" if asked.narrowed else landings.none_stored(snapshot),
                number=number,
                first=first + 1,
                filters=choices(snapshot, asked, address),
                json=f"{self._maker.root}/landings.json{asked.query()}",
                newer=f"{address}{asked.query(page=asked.page - 1)}" if asked.page > 1 else "",
                older=f"{address}{asked.query(page=asked.page + 1)}"
                if first + PER_PAGE < number
                else "",
            )

    def landing(self, request: Request) -> Response:
        """Show one landing with all its evidence."""
        with self._open() as snapshot:
            page = landings.landing_page(snapshot, request.path_params["landing_id"])
            if page is None:
                raise HTTPException(404)
            return self._maker.page("landing", snapshot, page=page)

    def track(self, request: Request) -> Response:
        """Show the track of one landing, which another process draws; answer 503 if it cannot.

        With `width=phone` it has the layout for phones. Any other question is answered with 404.
        """
        look = TRACK_LOOKS.get(request.url.query)
        if look is None:
            raise HTTPException(404)
        with self._open() as snapshot:
            picture = landings.track_picture(snapshot, request.path_params["landing_id"])
        if picture is None:
            raise HTTPException(404)
        (drawn,) = self._drawer.drawn([order(picture, look)])
        if drawn is None:
            return PlainTextResponse("This picture cannot be drawn now.\n", status_code=503)
        headers = {"Cache-Control": "max-age=60", "Content-Security-Policy": PICTURE_POLICY}
        return Response(drawn, media_type="image/svg+xml", headers=headers)

    def aircraft(self, request: Request) -> Response:
        """Show each airframe's year."""
        with self._open() as snapshot:
            known = years(snapshot)
            year = year_asked(snapshot, request.query_params) or known[0]
            return self._maker.page(
                "aircraft",
                snapshot,
                watches=aircraft.watch_years(snapshot, year),
                year=year,
                years=known,
            )

    def airframe(self, request: Request) -> Response:
        """Show the years of one airframe, and its landings."""
        icao24, page = request.path_params["icao24"], page_asked(request)
        with self._open() as snapshot:
            wanted = Wanted(icao24=icao24)
            first = (page - 1) * PER_AIRFRAME
            found = page_of(snapshot.store, wanted, limit=PER_AIRFRAME + 1, offset=first)
            name = aircraft.airframe_name(snapshot, icao24, found)
            if name is None or (page > 1 and not found):
                raise HTTPException(404)
            return self._maker.page(
                "airframe",
                snapshot,
                name=name,
                tables=aircraft.airframe_years(snapshot, icao24),
                landings=landings.rows(snapshot, found[:PER_AIRFRAME]),
                **_turns(f"{self._maker.root}/aircraft/{icao24}", page, len(found) > PER_AIRFRAME),
            )

    def alerts(self, request: Request) -> Response:
        """Show the rules that reached their thresholds."""
        page = page_asked(request)
        with self._open() as snapshot:
            rows = alerts.alert_rows(snapshot)
            return self._maker.page(
                "alerts",
                snapshot,
                alerts=_part(rows, page),
                mutes=alerts.mute_lines(snapshot),
                **_turns(f"{self._maker.root}/alerts", page, len(rows) > page * PER_PAGE),
            )

    def corrections(self, request: Request) -> Response:
        """Show what changed in weeks that digests had reported."""
        page = page_asked(request)
        with self._open() as snapshot:
            rows, more = corrections.correction_rows(snapshot, page)
            told = {row.landing.id for row in rows}
            return self._maker.page(
                "corrections",
                snapshot,
                rows=rows,
                weeks=corrections.changed_weeks(snapshot, told=told) if page == 1 else (),
                **_turns(f"{self._maker.root}/corrections", page, more),
            )

    def cited(self, _request: Request) -> Response:
        """Show the numbers that were cited, and what became of them."""
        with self._open() as snapshot:
            return self._maker.page("cited", snapshot, rows=corrections.cited_rows(snapshot))

    def coverage(self, request: Request) -> Response:
        """Show how much of each week could be seen, and of the last day."""
        with self._open() as snapshot:
            known = years(snapshot)
            year = year_asked(snapshot, request.query_params) or known[0]
            return self._maker.page(
                "coverage",
                snapshot,
                places=calendar.place_years(snapshot, year),
                year=year,
                years=known,
                days=reception.sky_days(snapshot),
                usual=reception.usual_reception(snapshot),
            )

    def glossary(self, _request: Request) -> Response:
        """Show what the words mean; this page needs no database."""
        return self._maker.plain("glossary", glossary=glossary())


def _cannot_receive(snapshot: Snapshot) -> str:
    """Return why nothing is received now; empty if something is."""
    now = health.reception_now(
        snapshot, feeds.states(snapshot.store), conditions.open_conditions(snapshot.store)
    )
    return "" if now.receives else now.text


def _part(rows: Sequence[T], page: int) -> Sequence[T]:
    """Return the rows of a page. Raises HTTPException (404) if there is no such page."""
    part = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    if not part and page > 1:
        raise HTTPException(404)
    return part


def _turns(address: str, page: int, more: bool) -> dict[str, str]:
    """Return the addresses of the newer and of the older page; empty where there is none."""
    newer = address if page == 2 else f"{address}?page={page - 1}"
    return {
        "newer": newer if page > 1 else "",
        "older": f"{address}?page={page + 1}" if more else "",
    }
