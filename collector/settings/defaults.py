"""What holds without any configuration? The shipped watch, its rules and its recipient."""

from __future__ import annotations

from collections.abc import Sequence

from collector.settings.schema import RecipientPart
from collector.settings.watch_schema import RulePart, WatchPart

DEFAULT_FEED = "adsblol"
"""The only public feed that an unattended program may use without asking (FEEDS.md §0)."""

OPERATOR = RecipientPart(name="operator", address="operator@localhost")


def usual_rules(place: str, prefix: str = "", week: int = 2, days14: int = 3) -> list[RulePart]:
    """The four rules of a watch that names none.

    The published bursts at Ovda were two landings in one week of September 2020 and two in the
    next, and five in two weeks of 2023: three in one week would have been silent in both.
    """
    return [
        RulePart(name=f"{prefix}weekly", at=place, count=week),
        RulePart(name=f"{prefix}fortnight", at=place, count=days14, days=14),
        RulePart(name=f"{prefix}surge", kind="surge", at=place, count=2),
        RulePart(name=f"{prefix}undetermined", kind="undetermined", at=place, count=week),
    ]


def shipped_watch() -> WatchPart:
    """Silk Way's aircraft at Ovda and Ramon: Il-76s are counted, the others shown.

    Both fields together had about 49 landings in 2025 (43 and 6, one source). At that rate, if
    they came independently, four fall into 1.6 % of weeks and six into 1.4 % of fortnights.
    """
    together = "LLOV or LLER"
    return WatchPart(
        name="silkway",
        places=["LLOV", "LLER", together],
        fleets=["silkway"],
        callsigns=["AZQ*", "AZG*", "AZAF*"],
        count_types=["IL76"],
        home=["UBBB", "UBBG"],
        rule=[*usual_rules("LLOV"), *usual_rules(together, "together-", 4, 6)],
    )


def rules_of(watch: WatchPart) -> Sequence[RulePart]:
    """A watch's rules as written, or the usual ones."""
    return usual_rules(watch.places[0]) if watch.rule is None else watch.rule
