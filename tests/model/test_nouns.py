"""Do the values that all rooms share answer as they promise?"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import io
import tarfile
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from collector.model import Aircraft, Observation, Place, Watch
from collector.model.body import unpacked
from collector.model.citation import CitedCount, CitedLanding
from collector.model.imported import FLIGHTRADAR24, OPENSKY_TRINO, rests_on_imports
from collector.model.notice import Illustration, Message
from collector.model.packed import how_to_unpack
from collector.model.reply import Format, Outcome, is_newer
from collector.model.review import CONFIRMED, REJECTED, Review, standing_review
from collector.model.seal import Sealed, record_hash, salt_of_record
from collector.model.stop import Side, Stop, StopCandidate, StopRevision
from collector.model.terms import PROTECTED, Terms, protected
from collector.model.watch import Airfield, ListedRunways, Rule, RuleKind, RunwayEnd, airfield_on
from collector.model.week_statement import WeekStatement

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def test_a_body_is_unpacked_by_its_first_bytes_twice_and_in_several_members() -> None:
    packed = gzip.compress(b"one ")
    assert unpacked(b"plain", 3) == b"plain"
    assert unpacked(packed + gzip.compress(b"two"), 7) == b"one two"
    assert unpacked(gzip.compress(packed), 100) == b"one "
    assert unpacked(packed + b"rubbish", 100) == b"one "
    large = bytes(600_000) + zlib.compress(bytes(300_000))
    assert unpacked(gzip.compress(large, 0) + packed, 10**6) == large + b"one "
    for body, why in (
        (gzip.compress(b"eight by"), "larger than 7 bytes"),
        (packed[:-1], "ends early"),
        (packed[:10] + b"\xff" * 9, "damaged"),
        (packed + gzip.compress(b"x")[:-1], "ends early"),
        # A replay unpacks what was unpacked live: more layers would then say more than the poll.
        (gzip.compress(gzip.compress(packed)), "more than twice"),
    ):
        with pytest.raises(ValueError, match=why):
            unpacked(body, 100 if "more" in why else 7)


def test_what_somebody_packed_again_says_how_to_unpack_it() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("a.json"))
    path, made = Path("day"), file.getvalue()
    for head, command in (
        (made[:1024], "tar --extract --file day"),
        (gzip.compress(made)[:1024], "tar --extract --file day"),
        (b"\xfd7zXZ\0rest", "xz --decompress --keep day"),
        (b"Rar!", "unrar x day"),
    ):
        assert how_to_unpack(path, head) == (
            f"unpack it first (`{command}`), then name what comes out"
        )
    for head in (b"", b'{"now": 1}', gzip.compress(b"{}"), b"\x1f\x8bdamaged"):
        assert how_to_unpack(path, head) is None


CITED = CitedLanding(
    id="1", aircraft="4K-AZ101", where="Ovda", touchdown_at=AT, grade="confirmed", review=None,
    counted=True, open_data=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({}, False),
        ({"touchdown_at": AT + 59 * SECOND}, False),
        ({"touchdown_at": AT - 60 * SECOND}, True),
        ({"touchdown_at": AT + 60 * SECOND}, True),
        ({"where": "Ramon"}, True),
        ({"grade": "probable"}, True),
        ({"review": "rejected"}, True),
        ({"counted": False}, True),
        ({"aircraft": "600865", "open_data": False}, False),
        ({"id": "2"}, True),
    ],
)
def test_a_citation_changes_with_what_a_reader_relies_on(
    changes: dict[str, object], *, differs: bool
) -> None:
    other = CitedCount((replace(CITED, **changes),))  # type: ignore[arg-type]
    count = CitedCount((CITED,))
    assert count.differs_from(other) is other.differs_from(count) is differs
    assert CitedCount(()).differs_from(count)


def test_a_cited_count_says_what_counts_and_what_might() -> None:
    several = CitedCount((
        CITED, replace(CITED, counted=False), replace(CITED, open_data=False),
        replace(CITED, counted=False, open_data=False),
    ))  # fmt: skip
    assert (several.least, several.most, several.open_data) == (2, 4, 1)


def test_a_reply_is_new_unless_a_cache_gave_it_or_a_clock_was_wrong() -> None:
    assert is_newer(None, AT, AT)
    assert is_newer(AT, AT + SECOND, AT)
    assert not is_newer(AT, AT, AT)
    assert not is_newer(AT + timedelta(minutes=5), AT, AT)
    assert is_newer(AT + timedelta(minutes=5) + SECOND, AT, AT)
    assert [each for each in Format if each.history] == [Format.TRACE, Format.OPENSKY_TRACK]
    assert [each for each in Outcome if each.alive] == [Outcome.HEARD, Outcome.NOBODY]


def reviews(*given: tuple[str, str | None, str | None]) -> list[Review]:
    return [
        Review(at=AT, by=by, verdict=verdict, note="", airfield=airfield)
        for by, verdict, airfield in given
    ]


@pytest.mark.parametrize(
    ("given", "persons"),
    [
        ([], 0),
        ([("Ann", CONFIRMED, None)], 1),
        ([("Ann", CONFIRMED, None), ("ann", CONFIRMED, None), ("Bo", CONFIRMED, None)], 2),
        ([("Ann", CONFIRMED, "LLER"), ("Bo", CONFIRMED, None)], 1),
        ([("Ann", REJECTED, None), ("Bo", CONFIRMED, None)], 1),
        ([("Ann", CONFIRMED, None), ("Bo", None, None)], 0),
        ([("Ann", CONFIRMED, None), ("Bo", REJECTED, None), ("Cy", CONFIRMED, None)], 1),
    ],
)
def test_as_many_persons_stand_behind_a_review_as_gave_it_one_after_the_other(
    given: list[tuple[str, str | None, str | None]], persons: int
) -> None:
    made = reviews(*given)
    assert standing_review(made) == (made[-1] if persons else None, persons)


def test_a_stop_is_known_direct_and_named() -> None:
    named = Stop(side=Side.NEXT, airfield="LLER",
                 candidates=(StopCandidate("LLER", "Ramon", 0.9),))  # fmt: skip
    either = Stop(side=Side.NEXT, candidates=(
        StopCandidate("OJAQ", "Aqaba", 0.5), StopCandidate("LLER", "Ramon", 0.4)))  # fmt: skip
    nowhere = Stop(side=Side.NEXT, reason="It was not heard.")
    assert (named.codes, either.codes, nowhere.codes) == (("LLER",), ("LLER", "OJAQ"), ())
    assert (named.known, nowhere.known) == (True, False)
    assert (named.direct, nowhere.direct) == (True, False)
    assert not replace(named, open_because="It was silent for hours.").direct
    assert (either.name_of("OJAQ"), either.name_of("LLBG")) == ("Aqaba", "LLBG")


@pytest.mark.parametrize(
    ("before", "now", "denied"),
    [
        ((), ("LLER",), False),
        (("LLER", "OJAQ"), ("LLER",), False),
        (("LLER",), ("LLER",), False),
        (("LLER",), ("LLER", "OJAQ"), True),
        (("LLER",), ("OJAQ",), True),
        (("LLER",), (), True),
    ],
)
def test_a_stop_denies_an_earlier_one_unless_it_is_known_better(
    before: tuple[str, ...], now: tuple[str, ...], *, denied: bool
) -> None:
    change = StopRevision("1", Side.NEXT, AT, "moved", before, (), "10")
    candidates = tuple(StopCandidate(each, each, 0.5) for each in now)
    assert change.taken_back_by(Stop(side=Side.NEXT, candidates=candidates)) is denied
    assert change.taken_back_by(None) is bool(before)


def test_terms_say_what_may_leave_and_protected_hosts_are_never_asked() -> None:
    terms = Terms("adsb.lol contributors", "ODbL 1.0", True, False, "https://example.org")
    assert terms.credit == "adsb.lol contributors (ODbL 1.0)"
    closed = replace(terms, redistributable=False)
    said = [each.leaves for each in (terms, closed, replace(closed, findings=True))]
    assert said == ["raw", "nothing", "derived"]
    for domain in PROTECTED:
        assert protected(f"https://globe.{domain.upper()}./x") == f"globe.{domain}"
        assert protected(f"https://{domain}/") == domain
        assert protected(f"https://not{domain}/") is None
    assert protected("no address") is protected("https://[bad/") is None


def test_airfields_count_as_configured_and_as_of_the_day() -> None:
    end = RunwayEnd("01", 29.7, 35.0, 13.6, 3000.0)
    field = Airfield(icao="LLER", name="Ramon", lat_deg=29.7, lon_deg=35.0, elevation_ft=288.0,
                     zone="UTC", runways=(end,), valid_from=date(2019, 1, 21),
                     valid_to=date(2026, 1, 1))  # fmt: skip
    assert field.as_configured() is field
    looked_up = replace(field, runways=ListedRunways((end,)))
    assert looked_up.as_configured().runways == ()
    days = [date(2019, 1, 20), date(2019, 1, 21), date(2025, 12, 31), date(2026, 1, 1)]
    assert [field.exists_on(day) for day in days] == [False, True, True, False]
    assert airfield_on([field], "LLOV", days[1]) is None
    before, after = (
        replace(field, name="before", valid_from=None, valid_to=date(2019, 1, 21)),
        replace(field, name="after", valid_from=date(2026, 1, 1), valid_to=None),
    )
    assert [airfield_on([before, field, after], "LLER", day) for day in days] == [
        before, field, field, after,
    ]  # fmt: skip
    assert airfield_on([field, after], "LLER", days[0]) is field, "rather than none, the first"
    row = Aircraft(icao24="600865", valid_from=days[1], valid_to=days[3])
    assert [row.is_listed_on(day) for day in days] == [False, True, True, False]
    assert Place(("LLOV", "LLER")).name == "LLOV or LLER"
    watch = Watch(name="w", places=(Place(("LLOV",)), Place(("LLER", "LLOV"))))
    assert watch.airfields == ("LLOV", "LLER")
    weekly = Rule(name="r", kind=RuleKind.THRESHOLD, place=watch.places[0])
    assert weekly.weekly
    assert not replace(weekly, days=7).weekly
    assert not replace(weekly, kind=RuleKind.SURGE).weekly


def test_a_landing_rests_on_imports_unless_one_feed_received_it() -> None:
    told = [(), (FLIGHTRADAR24,), (FLIGHTRADAR24, "adsblol"), ("adsblol", OPENSKY_TRINO)]
    assert [rests_on_imports(feeds) for feeds in told] == [False, True, False, False]


def test_a_picture_of_a_mail_is_shown_said_or_left_out() -> None:
    html = 'A<!--picture c--><img src="cid:c" alt="Up.">B<!--/picture-->C'
    assert Message("", "", html).html_showing({"c": "x"}) == 'A<img src="x" alt="Up.">BC'
    assert Message("", "", html).html_showing({"d": "x"}) == "AC"
    assert Message("", "", html).html_in_words == "A<p>Up.</p>C"
    assert Message("", "", f"{html} Up.").html_in_words == "AC Up."
    one, other = (Illustration(name="c", alt="", order=order) for order in ("1", "2"))
    assert one.digest != other.digest
    assert len(one.digest) == 64


def test_a_week_reads_otherwise_by_a_landing_or_a_whole_percent() -> None:
    week = WeekStatement(least=1, most=2, coverage=0.504, seen=0.4, counting="x")
    for change, differs in (
        ({"coverage": 0.496}, False), ({"coverage": 0.506}, True), ({"seen": 0.41}, True),
        ({"seen": 0.404}, False),
        ({"least": 2}, True), ({"most": 3}, True), ({"counting": "y"}, False),
    ):  # fmt: skip
        assert week.differs_from(replace(week, **change)) is differs


@pytest.mark.parametrize(
    ("age_s", "fresh"), [(None, False), (0, True), (60, True), (60.001, False), (600, False)]
)
def test_a_report_is_of_its_position_while_that_is_fresh_and_else_of_its_last_contact(
    age_s: float | None, *, fresh: bool
) -> None:
    position_at = None if age_s is None else AT - age_s * SECOND
    report = Observation(icao24="600865", feed="one", heard_at=AT, position_at=position_at)
    assert (report.fresh, report.at) == (fresh, position_at if fresh else AT)


def test_a_seal_can_be_checked_with_a_published_hash_function() -> None:
    """docs/evidence-pack.md tells strangers how."""
    salt = bytes(range(32))
    mine = salt_of_record(salt, "r1")
    assert mine == hmac.digest(salt, b"r1", "sha256") != salt_of_record(salt, "r2")
    assert record_hash(mine, b"reply") == hashlib.sha256(mine + b"reply").digest()
    sealed = Sealed("600865-1", salt, (b"a" * 32, b"b" * 32))
    assert sealed.content == b"600865-1\0" + b"a" * 32 + b"b" * 32
