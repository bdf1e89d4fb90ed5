"""How many inputs does a costly property get? A few in the suite, as many as any in `make fuzz`."""

from __future__ import annotations

from hypothesis import settings


def in_the_suite(usual: int) -> settings:
    """So many in the suite; in `make fuzz` as many as every other property."""
    if settings.get_current_profile_name() == "fuzz":
        return settings(deadline=None)
    return settings(max_examples=usual, deadline=None)
