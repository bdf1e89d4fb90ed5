"""Do the stored keys of what archives were read for stay the same, in every process and version?"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from collector.backfill.sample import Sample
from collector.backfill.scope import request_scope
from collector.backfill.search import Search
from collector.model import (
    Aircraft,
    Airfield,
    ListedRunways,
    Place,
    Rule,
    RuleKind,
    RunwayEnd,
    StatedUsual,
    Watch,
)
from collector.watches.visitors import VISITORS, VisitorRule

FLEET = (
    Aircraft(icao24="600866"),
    Aircraft(icao24="600865", registration="4K-AZ1", valid_from=date(2020, 1, 1)),
)
WATCH = Watch(
    name="w",
    places=(Place(("LLOV", "LLER")),),
    fleet=FLEET,
    callsigns=("AZQ*",),
    exclude=("600867",),
)
VISITOR_RULE = VisitorRule(
    lines=Watch(name=VISITORS, places=(), types=("IL76",)),
    categories=frozenset({"A5"}),
    within_nm=30.0,
    below_ft=29000.0,
)
RUNWAY = RunwayEnd("20L", 29.95, 34.94, 205.0, 3000.0)
OVDA = Airfield(
    icao="LLOV",
    name="Ovda",
    lat_deg=29.94,
    lon_deg=34.93,
    elevation_ft=1492.0,
    zone="Asia/Jerusalem",
    runways=(RUNWAY,),
)
THREE_CATEGORIES = """
from tests.backfill.test_scope import *
rule = replace(VISITOR_RULE, categories=frozenset({"A5", "A3", "B1"}))
print(request_scope(settings(rule), Sample(0.25), rule))
"""


def settings(visitors: VisitorRule | None) -> Any:
    return SimpleNamespace(watches=(WATCH,), visitors=visitors)


def test_the_stored_scope_of_requests_stays() -> None:
    sample = Sample(0.25, (("738000", "73ffff"),))
    anybody = replace(VISITOR_RULE, categories=frozenset())
    assert request_scope(settings(VISITOR_RULE)) == "1ef2ae8ec0daa6ce"
    assert request_scope(settings(None), "http://x/", ("600865",)) == "8bf4eb87863d640c"
    assert request_scope(settings(VISITOR_RULE), sample, anybody) == "e91ad220ebe6ce7a"


def test_the_stored_fingerprint_of_a_search_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under one version of the rules; another version reads every trace again, on purpose."""
    monkeypatch.setattr("collector.backfill.search.RULES_VERSION", "4")
    search = Search(
        watches=(WATCH,),
        circles=((29.94, 34.93, 100.0),),
        watched=(OVDA,),
        airfields=(OVDA,),
        sample=Sample(0.25),
        visitors=VISITOR_RULE,
    )
    assert search.fingerprint == "a73df0930a03e38414a5f24257f29e71"


def test_runways_that_were_looked_up_are_no_part_of_the_fingerprint() -> None:
    """A new edition of the shipped table must not have every archive read again."""

    def fingerprint(runways: tuple[RunwayEnd, ...]) -> str:
        field = replace(OVDA, runways=runways)
        search = Search(
            watches=(WATCH,),
            circles=(),
            watched=(field,),
            airfields=(field,),
            sample=Sample(0.0),
            visitors=None,
        )
        return search.fingerprint

    assert fingerprint(ListedRunways([RUNWAY])) == fingerprint(())
    assert fingerprint((RUNWAY,)) != fingerprint(())


def test_every_process_gives_the_same_scope() -> None:
    """A set's order depends on the process: three categories once made another scope each time."""
    scopes = {
        subprocess.run(
            [sys.executable, "-c", THREE_CATEGORIES],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "123"
    }
    assert len(scopes) == 1


def test_no_younger_field_has_an_archive_read_again() -> None:
    surge = Rule(name="surge", kind=RuleKind.SURGE, place=WATCH.places[0])
    stated = StatedUsual(landings=92, weeks=365.0, source="a report")
    changed = replace(surge, false_alarms_per_year=0.2, stated_usual=stated)
    ruled = replace(WATCH, rules=(surge,))
    titled = replace(WATCH, title="Silk Way Il-76s", rules=(changed,))
    rule = replace(VISITOR_RULE, lines=replace(VISITOR_RULE.lines, title="Heavy visitors"))
    keys = {
        Search(
            watches=(watch,),
            circles=(),
            watched=(OVDA,),
            airfields=(OVDA,),
            sample=Sample(0.0),
            visitors=visitors,
        ).fingerprint
        for watch in (ruled, titled)
        for visitors in (VISITOR_RULE, rule)
    }
    assert len(keys) == 1
    scopes = {
        request_scope(SimpleNamespace(watches=(watch,), visitors=visitors))  # type: ignore[arg-type]
        for watch in (ruled, titled)
        for visitors in (VISITOR_RULE, rule)
    }
    assert len(scopes) == 1
