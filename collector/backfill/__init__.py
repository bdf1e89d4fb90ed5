"""What happened before we listened? Archives of the past, through the same line as live polls.

    units ─► search ─► reading (workers) ─► storing (one writer) ─► deriving ─► rules

`search` says what is looked for, `sample` whose hearing is proof, `executors` who reads;
`planning` tells beforehand how long it takes, `archived` afterwards what the weeks rest on.
"""
