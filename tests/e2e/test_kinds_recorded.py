"""Is each kind of evidence found in a real recording that shows it, with the right landing?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from collector.landings.unheard_landings import evidence_of
from collector.model import Grade
from tests.e2e.recorded import (
    BLACK_ROCK_CITY,
    WEST,
    counted,
    day_trace,
    landed,
    sifted,
    silences,
    table,
    west_asia,
)
from tests.support.reshape import DESERT_TRACES, trace_reply, v2_replies
from tests.support.shared import needs_shared

pytestmark = needs_shared


def test_contact_with_the_ground() -> None:
    """sitpulse-westasia, 06a08e: on the ground at Doha at 10:23:16, 2 m/s."""
    heard, slots = west_asia()
    (doha,) = landed(heard["06a08e"], *WEST, slots=slots)
    assert (doha.airfield, doha.grade) == ("OTHH", Grade.PROBABLE), "once, without an approach"
    assert "ground-contact" in {one.kind for one in doha.evidence}


def test_approach_silence_and_return_low() -> None:
    """sitpulse-westasia, 155c68: 2,450 ft and sinking 8 km from Tbilisi at 08:07, 4,900 ft and
    climbing at 09:57; the snapshots between hear others."""
    heard, slots = west_asia()
    (tbilisi,) = counted(landed(heard["155c68"], *WEST, slots=slots))
    assert (tbilisi.airfield, tbilisi.grade) == ("UGTB", Grade.PROBABLE)
    found, scene, _ = silences(heard["155c68"], *WEST)
    (silence,) = [one for one in found if one.arrival and one.departure]
    pieces = dict(evidence_of(silence, scene)["UGTB"])
    assert pieces["ends"] == 0, "both ends"
    names = {"path", "height", "projected", "speed", "course", "side", "centreline"}
    assert {f"{side}.{name}" for side in ("arrival", "departure") for name in names} <= set(pieces)


def test_listening_while_it_is_silent() -> None:
    """sitpulse-westasia, 155c68: of the quarter of an hour after 08:07 the snapshots of 08:07
    and 08:27 prove little, and it is said so."""
    heard, slots = west_asia()
    (tbilisi,) = counted(landed(heard["155c68"], *WEST, slots=slots))
    (silence,) = [one for one in tbilisi.evidence if one.kind == "silence"]
    assert silence.speaks == "against"
    assert "0% of the next" in silence.text


def test_lost_high_and_heard_again_climbing() -> None:
    """trace_full_ac671b: 8,450 ft, 20 NM from Spokane at 06:18, and 11,275 ft climbing at 14:42."""
    found, scene, _ = silences(day_trace(), "KMSP", "KDEN", "KGEG", "KSKA")
    (spokane,) = [one for one in found if one.arrival and one.departure]
    assert spokane.arrival is not None
    assert spokane.departure is not None
    assert spokane.arrival.fix.altitude_ft == 7875, "geometric; 8,450 by pressure"
    assert (spokane.departure.fix.vertical_rate_fpm or 0) > 0
    assert spokane.departure.fix.at - spokane.arrival.fix.at > timedelta(hours=8)
    assert {"KGEG", "KSKA"} <= set(evidence_of(spokane, scene))
    landings = landed(day_trace(), "KMSP", "KDEN", "KGEG", "KSKA")
    (unheard,) = [one for one in landings if one.grade is not Grade.CONFIRMED]
    assert {"KGEG", "KSKA"} & {one.airfield for one in unheard.candidates}
    assert unheard.uncertainty_s <= 360


def test_gaps_in_cruise_are_no_landings() -> None:
    """trace_full_ac671b: 48 min over the Gulf at FL320; the clipped traces: hours at FL290+."""
    gulf = landed(day_trace(), "KMSP", "KDEN", "KGEG", "KSKA", "KMSY", "KMOB")
    assert not {"KMSY", "KMOB"} & {one.airfield for one in gulf}
    silent = []
    for path in sorted(DESERT_TRACES.rglob("trace_full_*.json")):
        ((icao24, heard),) = sifted([trace_reply(path)], ())[0].items()
        if icao24 not in ("a3c78c", "aa178d"):
            silent += landed(heard, own=BLACK_ROCK_CITY)
    assert silent == []


def test_overflights() -> None:
    """sitpulse-westasia, 4ba8f4 at FL360 beside Ovda, 4080f1 and 4243c4 (Silk Way West) over
    Georgia."""
    heard, slots = west_asia()
    for icao24 in ("4ba8f4", "4080f1", "4243c4"):
        assert heard[icao24]
        assert landed(heard[icao24], *WEST, slots=slots) == []


def test_ground_bits_of_aircraft_that_fly() -> None:
    """1hr.json, a9ddb5: ground values while it climbs out at 4,500 ft; two landings, not five."""
    heard, slots = sifted(v2_replies(), (BLACK_ROCK_CITY,))
    found = landed(heard["a9ddb5"], own=BLACK_ROCK_CITY, slots=slots)
    assert [f"{one.touchdown_at:%H:%M}" for one in counted(found)] == ["10:17", "10:49"]


def test_low_pass_then_landing() -> None:
    """elal747: at 14:40 low over Ben Gurion, at 15:10 down; departed from Fiumicino."""
    found = counted(landed(table("elal747.json.gz"), "LLBG", "LIRF"))
    assert [(one.airfield, one.grade) for one in found] == [("LLBG", Grade.CONFIRMED)]


def test_go_arounds_then_landing_elsewhere() -> None:
    """belevingsvlucht: five low approaches at Lelystad, one landing at Schiphol at 20:17.

    The table has no ground bit, and after the landing its positions jump to and fro: one slow
    report remains, so it is not `confirmed`.
    """
    found = counted(landed(table("belevingsvlucht.json.gz"), "EHLE", "EHAM"))
    assert [(one.airfield, one.grade) for one in found] == [("EHAM", Grade.PROBABLE)]
    labelled = datetime(2018, 5, 30, 20, 17, tzinfo=UTC)
    assert abs(found[0].touchdown_at - labelled) < timedelta(minutes=4)  # the table has no bit
