"""What happened before the collector ran? Archives go through the same pipeline as polls.

    batches ─► search ─► reader (workers) ─► writer (one) ─► derive ─► rules

`search` says what is looked for, `sample` which further aircraft prove coverage, and `workers`
which processes read. `estimate` says beforehand how long that takes. `session` holds what all
commands that fetch need: `globe_history` (days of adsb.lol) and `flight_lists` (arrivals).
"""
