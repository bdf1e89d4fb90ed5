"""How much, how long and how often, at most? The defaults of every request."""

from __future__ import annotations

from datetime import timedelta

ATTEMPTS = 3
"""First try included; the next poll is the better retry."""
PATIENCE = timedelta(seconds=20)
"""Longest time one fetch may spend on retries: shorter than the shortest usual poll interval."""
TIMEOUT = timedelta(seconds=20)
"""For one exchange, from connecting to the last byte."""
MAX_BYTES = 32 * 1024 * 1024
"""A reply with 12,000 aircraft has 6 MB."""
MAX_ERROR_BYTES = 64 * 1024
MAX_REDIRECTS = 3
MAX_REMEMBERED = 256
"""URLs whose validators are kept; a collector asks for a few dozen."""
