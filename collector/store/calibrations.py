"""What was calculated of the rules by chance? One row a watch, place, quarter and set of rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from collector.store.database import Store
from collector.store.encoding import from_json, stamp, to_json

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CalibrationKey:
    """Of what a calculation was made: the rules of a watch at a place, for a quarter."""

    watch: str
    place: str
    quarter: str
    made_for: str
    """The version of the method, and the rules as they were configured."""


def calibration_of(store: Store, key: CalibrationKey, kind: type[T]) -> T | None:
    """Return what was calculated, None if nothing was. Raises StoreError."""
    rows = store.execute(
        "SELECT result_json FROM calibrations "
        "WHERE watch = ? AND place = ? AND quarter = ? AND made_for = ?",
        (key.watch, key.place, key.quarter, key.made_for),
    )
    return next((from_json(row["result_json"], kind) for row in rows), None)


def store_calibration(store: Store, key: CalibrationKey, result: object, made_at: datetime) -> None:
    """Store what was calculated, in the place of what was before. Raises StoreError."""
    store.execute(
        "INSERT INTO calibrations (watch, place, quarter, made_for, made_at, result_json) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
        "SET made_at = excluded.made_at, result_json = excluded.result_json",
        (key.watch, key.place, key.quarter, key.made_for, stamp(made_at), to_json(result)),
    )
