"""By which rules was a landing derived? Every threshold and weight, so that a hash names them."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import timedelta
from typing import Any

from collector.landings.evidence.weights import WEIGHTS
from collector.landings.rules import RULES_VERSION, LandingRules


def rules_json() -> bytes:
    """Return the rules of this installation as JSON, the same bytes for the same rules.

    Durations are in seconds; each threshold's name says its unit, and docs/landing-rules.md what it
    is for.
    """
    rules = LandingRules()
    document = {
        "version": RULES_VERSION,
        "thresholds": {each.name: _plain(getattr(rules, each.name)) for each in fields(rules)},
        "weights_nats": {name: list(values) for name, values in sorted(WEIGHTS.items())},
    }
    return (json.dumps(document, indent=1, sort_keys=True) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return sorted(value) if isinstance(value, frozenset) else value
