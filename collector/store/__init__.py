"""What does the collector remember? One SQLite file, with one module for each subject.

    with Store.open(path) as store, store.transaction():
        changed = observations.store_reports(store, reports)
        coverage_slots.merge_polls(store, polls)

Migrations make the schema. Every function takes the Store first and raises StoreError, whose
message says what to do.
"""

from collector.store.database import Store

__all__ = ["Store"]
