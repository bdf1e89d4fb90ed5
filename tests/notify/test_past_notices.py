"""Is what was over before a command began kept from mailboxes, and everything present mailed?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from structlog.testing import capture_logs

from collector.daemon import start
from collector.model import Landing, Recipient, Revision
from collector.model.notice import Message, Owed
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, landings, outbox
from tests.support.station import Station
from tests.support.touchdowns import touchdown

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def services_of(station: Station, store: Store, over_before: datetime | None = None) -> Services:
    return build_services(load(station.config, environ={}), store, over_before=over_before)


def judge(services: Services, landing: Landing, now: datetime) -> None:
    """Store a landing, and evaluate the rules of its week."""
    with services.store.transaction():
        landings.save(services.store, landing, Revision(landing.id, now, "found", "Heard.", "1"))
        at = [landing.detection.touchdown_at]
        services.alert_evaluator.evaluate_touchdowns({"w": at}, now)


def states(store: Store) -> dict[str, str]:
    return {item.key.removeprefix("alert:w:one:"): item.state for item in outbox.listing(store)}


def test_only_the_present_is_mailed_after_a_backfill_of_years(tmp_path: Path) -> None:
    station = Station(tmp_path)
    with Store.open(station.database) as store:
        services = services_of(station, store, over_before=NOW)
        for weeks in (60, 20, 1, 0):
            judge(services, touchdown(NOW - DAY - weeks * 7 * DAY, "LLOV", watch="w"), NOW)
        assert states(store) == {
            "2025-W39:crossed:1:ops": "dropped",
            "2026-W27:crossed:1:ops": "dropped",
            "2026-W46:crossed:1:ops": "dropped",
            "2026-W47:crossed:1:ops": "owed",
        }
        before = states(store)
        for at in (NOW, NOW + DAY):
            services_of(station, store).alert_evaluator.evaluate(at)
        assert states(store) == before


def test_the_correction_of_an_alert_that_nobody_received_is_not_mailed(tmp_path: Path) -> None:
    station = Station(tmp_path)
    one = touchdown(NOW - DAY, "LLOV", watch="w")
    for name, over_before, state in (
        ("mailed", None, "owed"),
        ("kept back", NOW + 9 * DAY, "dropped"),
    ):
        with Store.open(tmp_path / f"{name}.sqlite") as store:
            judge(services_of(station, store, over_before), one, NOW)
            judge(services_of(station, store), replace(one, retracted=True), NOW + 10 * DAY)
            assert states(store) == {
                "2026-W47:crossed:1:ops": state,
                "2026-W47:corrected_below:0:ops": state,
            }


def test_a_start_says_how_many_old_mails_wait(tmp_path: Path) -> None:
    station = Station(tmp_path)
    message = Message("a", "a", "<p>a</p>")
    now = datetime.now(UTC)
    with Store.open(station.database) as store:
        for days in (0, 2, 900):
            notice = Owed(
                key=str(days),
                recipient=Recipient("ops", "ops@example.org"),
                message=message,
                created_at=now - days * DAY,
            )
            outbox.owe(store, notice)
    with capture_logs() as lines, start.daemon(load(station.config, environ={}), {}):
        pass
    (line,) = [line for line in lines if line["event"] == "old mails wait to be sent"]
    assert (line["mails"], line["oldest"][:10]) == (2, str((now - 900 * DAY).date()))
    assert "collector outbox drop --before DAY" in line["hint"]
