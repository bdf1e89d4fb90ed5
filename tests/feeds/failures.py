"""How does a poll fail? What the parts of the conformance suite share."""

from __future__ import annotations

import json

import pytest

from collector.errors import (
    FeedError,
)
from tests.feeds.rigs import (
    Rig,
)

FORBIDDEN = b"<!DOCTYPE html><html><title>403 Forbidden</title></html>"
HTML = b"<!DOCTYPE html><html><title>Just a moment...</title></html>"
CONTACT_US = json.dumps(
    {"error": "Please contact us at contact@airplanes.live. Your email MUST include any links"}
).encode()


def failing(rig: Rig) -> FeedError:
    """The error that asking ends with."""
    with pytest.raises(FeedError) as caught:
        rig.feed.fetch(rig.ask)
    return caught.value
