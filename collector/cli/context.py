"""What does a command work with? The configuration, the database, logs and the present time.

Each command receives one `Invocation`, which opens these things when the command asks for them.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from collector.cli.output import say

if TYPE_CHECKING:
    from collector.services import Services
    from collector.settings import Settings
    from collector.store import Store


@dataclass
class Invocation:
    """One call of `collector`: the options that stand before the command's name."""

    config: Path | None
    level: str = "info"
    underived: int = 0
    """Aircraft whose landings a command could not find, by a defect of the collector."""
    unread: TextIO | None = None
    """Where a command that runs for months writes; None: stderr, for whose reader it waits."""

    def configure_logs(self, *, says_itself: bool = False, for_months: bool = False) -> None:
        """Send logs to stderr, without secrets. Commands that work for a while call this first.

        `says_itself`: the command says in a sentence what it did, so that of what it logs only
        warnings are written, unless more is asked for. A command that runs `for_months` never waits
        for whoever reads them. Raises ConfigError.
        """
        from collector.cli import logs
        from collector.cli.unread_lines import unread_stderr

        level = "warning" if says_itself and self.level == "info" else self.level
        self.unread = unread_stderr() if for_months else None
        logs.configure(level, self.unread, self.settings.secrets)

    @cached_property
    def settings(self) -> Settings:
        """The configuration, perhaps without its secrets. Raises ConfigError with every mistake."""
        return self._load(secrets_needed=False)

    def demand_secrets(self) -> Settings:
        """Return the configuration for a command that logs in somewhere.

        Raises ConfigError with every mistake; a missing secret is one.
        """
        self.settings = self._load(secrets_needed=True)
        return self.settings

    def tell_defect(self, error: Exception) -> None:
        """Write the traceback of an unexpected error to stderr, without secrets and control
        characters."""
        from collector.secret import redacted
        from collector.untrusted import visible

        known = "settings" in self.__dict__  # loading them may be what failed
        secrets = [secret.reveal() for secret in self.settings.secrets] if known else []
        text = redacted("".join(traceback.format_exception(error)), secrets)
        shown = "\n".join(visible(line) for line in text.splitlines())
        if self.unread is None:
            click.echo(shown, err=True)
        else:  # behind the last lines of the log, and whether anybody reads them or not
            self.unread.write(f"{shown}\n")

    def _load(self, *, secrets_needed: bool) -> Settings:
        from collector.settings import load

        return load(self.config, environ=os.environ, secrets_needed=secrets_needed)

    def usable_settings(self) -> Settings:
        """Return the configuration without its mistakes, to tell the operators of them."""
        from collector.settings import load_usable

        return load_usable(self.config, environ=os.environ)[0]

    @contextmanager
    def open_read_only(self) -> Iterator[Services]:
        """Open the database in one transaction, so that nothing changes between two queries.

        Raises StoreError.
        """
        from collector.queries.followed import with_times
        from collector.services import Services
        from collector.store import Store

        settings = self.settings
        with Store.open(settings.database, read_only=True) as store, store.transaction():
            yield Services(with_times(settings, store), store)

    @contextmanager
    def open_read_only_or_empty(self, *, quiet: bool = False) -> Iterator[Services]:
        """Open the database as `open_read_only` does, or an empty one where none exists yet.

        Says that there is none, unless `quiet`. Raises StoreError.
        """
        from collector.services import build_services

        if _may_exist(self.settings.database):
            with self.open_read_only() as services:
                yield services
            return
        if not quiet:
            say(
                f"collector: there is no database at {self.settings.database} yet, so no landing "
                "was tracked"
            )
        with self.open_store_or_empty() as store:
            yield build_services(self.settings, store)

    @contextmanager
    def open_for_writing(self, *, past: bool = False, create: bool = False) -> Iterator[Services]:
        """Open the database for changes, migrated as needed. Raises StoreError.

        With `past`, for commands that read past data, notices about what is over already are kept
        and not mailed. Only with `create`, for those that have something to store, may it be new:
        an empty database made in the wrong folder would hide that the right one was not found.
        At their end they also tell of every aircraft that could not be derived.
        """
        from collector.services import build_services
        from collector.store import closed_time

        over_before = now() if past else None
        with self.open_store(create=create) as store:
            store.clock = now
            if past and (closed_until := closed_time.closed_until(store)) is not None:
                say(
                    f"collector: the time before {closed_until:%Y-%m-%d} (UTC) is closed, since it "
                    "was pruned: its landings stay as they are, and only what is new is added"
                )
            yield build_services(self.settings, store, over_before=over_before)
            if past:
                self._tell_underived(store)

    def _tell_underived(self, store: Store) -> None:
        from collector.pipeline.failed_derivations import failed_derivations
        from collector.untrusted import visible

        failed = failed_derivations(store)
        self.underived += len(failed)
        for icao24, one in failed.items():
            span = f"{one.first:%Y-%m-%d %H:%M} to {one.last:%Y-%m-%d %H:%M} UTC"
            say(
                f"collector: the landings of {icao24} in {span} could not be found, by a defect of "
                f"the collector ({visible(one.why)}); its reports are stored, and the daemon and "
                "the next replay or backfill try again"
            )

    @contextmanager
    def open_store(self, *, create: bool) -> Iterator[Store]:
        """Open the bare database, migrated as needed and perhaps created. Raises StoreError."""
        from collector.store import Store

        with Store.open(self.settings.database, create=create) as store:
            yield store

    @contextmanager
    def open_store_or_empty(self) -> Iterator[Store]:
        """Open the bare database for changes, or an empty one that is then deleted.

        Raises StoreError.
        """
        from collector.private import scratch_folder
        from collector.store import Store

        if _may_exist(self.settings.database):
            with self.open_store(create=False) as store:
                yield store
            return
        with scratch_folder() as folder, Store.open(folder / "empty.sqlite") as store:
            yield store


def now() -> datetime:
    """Return the present time, for commands that describe or change the present state."""
    from collector.clock import SystemClock

    return SystemClock().now()


def _may_exist(path: Path) -> bool:
    """Return False only if the file certainly does not exist.

    A file that cannot be reached gets its error message when the database is opened.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def say_of_the_past(services: Services) -> None:
    """Say on stderr of which part of the past some watch followed nobody, or counts nothing any
    more. Raises StoreError."""
    from collector.queries.watches_past import warnings

    for warning in warnings(services.store, services.settings.watches):
        say(f"collector: note: {warning}")
