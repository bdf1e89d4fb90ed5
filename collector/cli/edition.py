"""What may be published now? The choice that `publish` and `methodology` make their texts from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from collector.cli.context import Invocation, say_of_the_past

if TYPE_CHECKING:
    from collector.publishing.edition import Edition

checked_only_option = click.option(
    "--checked-only",
    is_flag=True,
    help="Pages of those landings alone that a person confirmed or rejected.",
)


@contextmanager
def edition_of(invocation: Invocation, now: datetime, *, checked_only: bool) -> Iterator[Edition]:
    """Open the database and yield what may be published now.

    Raises CollectorError if that is nothing, and StoreError.
    """
    from collector.errors import CollectorError
    from collector.private import scratch_folder
    from collector.publishing.edition import Edition
    from collector.store import Store

    with (
        invocation.open_read_only() as services,
        scratch_folder() as scratch,
        Store.open(scratch / "scratch.sqlite") as empty,
    ):
        edition = Edition(services.store, services.settings, now, empty, checked_only)
        if not edition.public.watches:
            raise CollectorError(
                "nothing can be published: no watch names an operator, by a fleet file or by lines "
                "on operators or callsigns (docs/exports.md#whose-landings-leave)"
            )
        say_of_the_past(services)
        yield edition
