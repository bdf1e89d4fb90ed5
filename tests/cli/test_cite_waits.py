"""Is a number printed of landings that may not leave the operator's own pages yet?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from collector.cli import cite
from collector.disclosure.delay import Delay
from collector.reports.formatting import iso_z
from collector.store import Store, landings
from tests.cli import test_cite
from tests.cli.runner import call, listed
from tests.cli.test_cite import OPEN, SPAN, SURE
from tests.support.station import Station

station = test_cite.station


def test_a_landing_that_may_not_leave_yet_is_not_cited(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one departed after an hour, and leaves a day later."""
    with Store.open(station.database, read_only=True) as store:
        kept = [landings.get(store, each.id) for each in (SURE, OPEN)]
    due_at = max(Delay().landing_leaves_at(each.detection) for each in kept if each is not None)
    monkeypatch.setattr(cite, "now", lambda: due_at - timedelta(seconds=1))
    told = " ".join(call(station, "cite", *SPAN, code=1).stderr.split())
    assert "these days have a landing that is too recent to be printed" in told
    assert f"cite them from {iso_z(due_at)} on" in told
    assert listed(station, "cite") == []
    earlier = ("--from", "2026-11-16", "--to", "2026-11-16")
    assert "landing of w at Ovda" in call(station, "cite", *earlier).stdout
    monkeypatch.setattr(cite, "now", lambda: due_at)
    assert "at most 2 landings" in call(station, "cite", *SPAN).stdout
