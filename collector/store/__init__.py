"""What do we remember? One SQLite file: schema by migration, one module a subject.

    with Store.open(path) as store, store.transaction():
        changed = observations.add(store, rows)
        hearings.merge(store, heard)

Every function takes the Store first and raises StoreError, whose message says what to do.
"""

from collector.store.database import Store

__all__ = ["Store"]
