"""What does the collector do without any configuration? The default feed, watch and recipient."""

from __future__ import annotations

from collections.abc import Sequence

from collector.settings.rule_schema import RulePart
from collector.settings.schema import RecipientPart
from collector.settings.watch_schema import WatchPart

DEFAULT_FEED = "adsblol"
"""The only public feed that an unattended program may use without permission (docs/feeds.md)."""

MOST_TYPES_NAMED = 3
"""A title that is made from more types than these would not fit into a subject."""

OPERATOR = RecipientPart(name="operator", address="operator@localhost")


def usual_rules(place: str, prefix: str = "", week: int = 2, days14: int = 3) -> list[RulePart]:
    """Return the three rules of a watch that has no rules of its own; undetermined landings can
    make each of them fire.

    The published bursts at Ovda were two landings in one week of September 2020 and two in the
    next, and five in two weeks of 2023. A weekly threshold of three would have missed both.
    """
    rules = [
        RulePart(name=f"{prefix}weekly", at=place, count=week),
        RulePart(name=f"{prefix}fortnight", at=place, count=days14, days=14),
        RulePart(name=f"{prefix}surge", kind="surge", at=place, count=2),
    ]
    # A surge weighs them by itself.
    return [rule.model_copy(update={"undetermined": rule.kind != "surge"}) for rule in rules]


def shipped_watch() -> WatchPart:
    """Return the default watch: Silk Way's aircraft at Ovda and Ramon, of which Il-76s count.

    Both airfields together had about 49 landings in 2025 (43 at Ramon and 6 at Ovda, by one
    source). If landings at this rate are independent, 1.6 % of weeks have four or more, and 1.4 %
    of fortnights have six or more.
    """
    together = "LLOV or LLER"
    weekly, fortnight, surge = usual_rules("LLOV")
    # config/history/published_counts.csv has this number with its sources.
    published = {
        "usual_landings": 92,
        "usual_from": "2016-04",
        "usual_to": "2023-03",
        "usual_source": "Haaretz, March 2023",
    }
    surge = surge.model_copy(update=published)
    return WatchPart(
        name="silkway",
        title="Silk Way Il-76s",
        places=["LLOV", "LLER", together],
        fleets=["silkway"],
        callsigns=["AZQ*", "AZG*", "AZAF*"],
        count_types=["IL76"],
        home=["UBBB", "UBBG"],
        rule=[weekly, fortnight, surge, *usual_rules(together, "together-", 4, 6)],
    )


def title_of(watch: WatchPart) -> str:
    """Return the title of a watch as configured, or else its name with the types that it counts.

    >>> title_of(WatchPart(name="cargo", places=["LLOV"], count_types=["IL76", "A124"]))
    'cargo (IL76, A124)'
    >>> title_of(WatchPart(name="air_force", places=["LLOV"]))
    'air force'
    """
    if watch.title is not None:
        return watch.title
    name = watch.name.replace("_", " ")
    types = watch.count_types
    if not types:
        return name
    counted = ", ".join(types) if len(types) <= MOST_TYPES_NAMED else f"{len(types)} types"
    return f"{name} ({counted})"


def rules_of(watch: WatchPart) -> Sequence[RulePart]:
    """Return the rules of a watch as configured, or else the usual ones."""
    return usual_rules(watch.places[0]) if watch.rule is None else watch.rule
