"""Are the real tracks judged rightly that once were not? Five of them, as traces and as polls."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta

import pytest

from collector.decode import decode
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Detection, Grade, Observation
from collector.model.reply import Format
from collector.settings.airfield_catalogue import look_up
from tests.support.shared import SHARED, needs_shared

CASES = SHARED / "data" / "field-cases"
RHYTHMS_S = (0, 61, 300)


def labels() -> list[dict[str, str]]:
    if not CASES.is_dir():
        return [{"folder": "no recordings"}]
    with (CASES / "LABELS.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reports_of(folder: str, every_s: int) -> list[Observation]:
    (path,) = (CASES / folder).rglob("trace_full_*.json")
    received_at = datetime(2026, 1, 1, tzinfo=UTC)
    snapshot = decode(Format.TRACE, path.read_bytes(), received_at=received_at)
    kept: list[Observation] = []
    for row in snapshot.rows:
        report = snapshot.observation(row, "adsblol")
        if not kept or report.heard_at - kept[-1].heard_at >= timedelta(seconds=every_s):
            kept.append(report)
    return kept


def found(label: dict[str, str], every_s: int) -> list[Detection]:
    known = look_up([label["airfield"]])
    fields = (known.found[label["airfield"]], *known.nearby)
    reports = reports_of(label["folder"], every_s)
    now = reports[-1].heard_at + timedelta(hours=3)
    return list(detect(reports, (), fields, LandingRules(), now).detections)


@needs_shared
@pytest.mark.parametrize("every_s", RHYTHMS_S)
@pytest.mark.parametrize("label", labels(), ids=lambda label: label["folder"])
def test_a_real_track_is_judged_as_its_label_says(label: dict[str, str], every_s: int) -> None:
    landings = found(label, every_s)
    counted = [each for each in landings if each.grade.rank >= 2]
    if label["expect"].startswith("no `confirmed`"):
        assert not any(each.grade is Grade.CONFIRMED for each in landings)
    elif label["expect"] == "no-landing":
        assert landings == []
    elif every_s == 300 and not counted:
        # Between two polls the whole of a short roll-out may go unseen: shown, and not counted.
        assert [each.airfield for each in landings] == [label["airfield"]]
    else:
        assert [each.airfield for each in counted] == [label["airfield"]]
    if label["time_utc"]:
        at = datetime.fromisoformat(label["time_utc"]).replace(tzinfo=UTC)
        assert all(abs(each.touchdown_at - at) < timedelta(minutes=2) for each in landings)
