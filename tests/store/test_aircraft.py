"""Are the names and matches of each aircraft stored, with their times?"""

from __future__ import annotations

from collections.abc import Sequence

from collector.model import Observation, WatchMatch
from collector.store import Store, aircraft, observations
from tests.store.samples import (
    DAY,
    HOUR,
    NOON,
    SILKWAY,
    observation,
)


def test_names_are_remembered(store: Store) -> None:
    def seen(at_h: int, **names: object) -> tuple[Observation, Sequence[WatchMatch]]:
        return observation(NOON + at_h * HOUR, **names), (SILKWAY,)

    observations.store_reports(
        store, [seen(1, callsign="AZQ2"), seen(3, registration=None, callsign="AZQ3")]
    )
    observations.store_reports(store, [seen(0, callsign="AZQ1"), seen(2, registration="4K-AZ102")])
    observations.store_reports(store, [seen(4, registration=None, callsign="", type_code=None)])
    known = aircraft.identity(store, "600865")
    assert known == aircraft.Identity(
        icao24="600865",
        registration="4K-AZ102",
        type_code="IL76",
        callsign="AZQ3",
        first_seen_at=NOON,
        last_seen_at=NOON + 4 * HOUR,
    )
    assert [known] == aircraft.identities(store) == aircraft.identities(store, ["600865", "none"])
    assert aircraft.identity(store, "600808") is None
    assert aircraft.names(store, "600865")[-3:] == [
        aircraft.Name(
            kind="registration",
            value="4K-AZ101",
            first_seen_at=NOON,
            last_seen_at=NOON + HOUR,
        ),
        aircraft.Name(
            kind="registration",
            value="4K-AZ102",
            first_seen_at=NOON + 2 * HOUR,
            last_seen_at=NOON + 2 * HOUR,
        ),
        aircraft.Name(
            kind="type_code", value="IL76", first_seen_at=NOON, last_seen_at=NOON + 3 * HOUR
        ),
    ]


def test_a_new_match_of_an_old_report_is_a_change(store: Store) -> None:
    """A replay under a configuration with another watch."""
    other = WatchMatch("visitors", "type IL76", True)
    assert observations.store_reports(store, [(observation(), (SILKWAY,))]) == {"600865"}
    assert observations.store_reports(store, [(observation(), (SILKWAY,))]) == set()
    assert observations.store_reports(store, [(observation(), (SILKWAY, other))]) == {"600865"}
    assert aircraft.matches(store, "600865") == (SILKWAY, other)
    assert aircraft.matches(store, "600865", NOON + HOUR, NOON + DAY) == ()
    assert aircraft.matches(store, "600865", NOON - HOUR, NOON) == (SILKWAY, other)
