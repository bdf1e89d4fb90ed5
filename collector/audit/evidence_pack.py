"""What goes into the evidence pack of one landing? Its replies, what it was derived from, and what
follows from that, for people and for programs.

The edition to pass on is derived anew from what may leave, and everything in it but the stored
result comes from that derivation: what stays behind cannot show through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from collector import __version__, recording
from collector.audit import evidence_documents, evidence_due
from collector.audit.derive_again import Derived, derived_again
from collector.audit.evidence_inputs import Inputs, as_it_leaves, finding_of, inputs_of
from collector.audit.evidence_order import ASKED_FOR, RECEIVERS, Order
from collector.audit.evidence_replies import (
    REPLIES,
    Chosen,
    Written,
    all_of,
    everything,
    missing_lines,
    records_of,
    what_leaves,
    write_replies,
)
from collector.audit.sealing import proof_of
from collector.audit.stamping import files_of
from collector.errors import PackError, os_words
from collector.landings.rules import RULES_VERSION
from collector.private import scratch_folder
from collector.reports.evidence.rules_document import rules_json
from collector.reports.evidence.summary import FORM, Edition, Summary
from collector.settings.derived import terms_of_feeds


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that can be written."""

    root: str
    """The folder inside."""
    members: Mapping[str, bytes | Path]
    summary: Summary


@contextmanager
def collected(order: Order, report: Callable[[str], None]) -> Iterator[Pack]:
    """Collect a pack; its members exist within the block.

    `report` is called with a message for each record that cannot be read. Raises CollectorError if
    the landing may not be passed on yet, RecordingError, PackError, StoreError.
    """
    landing, settings = order.landing, order.settings
    leaves = order.edition is Edition.TO_PASS_ON
    if leaves:
        evidence_due.refuse_unless_due(landing, settings.watches, settings.disclosure, order.now)
    inputs = inputs_of(order.store, settings, landing, order.now)
    chosen = everything(settings)
    if leaves:
        receivers = RECEIVERS in order.asked_for
        chosen = what_leaves(settings, landing.detection.icao24, receivers=receivers)
        inputs = as_it_leaves(inputs, chosen.names)
    with scratch_folder() as folder:
        path = folder / REPLIES
        written = _write(path, order, inputs, chosen, report)
        if leaves:
            span = inputs.begins_at, max(inputs.ends_at, written.last_at or inputs.ends_at)
            evidence_due.refuse_if_it_shows_more(
                order.store, landing, span, settings.disclosure, order.now
            )
        records = read_replies(path, report) if written.records else iter(())
        with derived_again(records, inputs, landing.detection.touchdown_at) as derived:
            summary = _summary(order, inputs, chosen, written, derived)
            sources = evidence_documents.Sources(
                store=derived.store if leaves else order.store,
                landing=derived.landing if leaves else landing,
                terms=chosen.terms,
                feeds=frozenset(written.feeds),
            )
            in_pack = all_of(path, report) if written.records else ()
            proof = proof_of(order.store, landing.id, in_pack)
            sealed = {} if proof is None else files_of(order.store, proof)
            texts = evidence_documents.members(order, summary, inputs, sources, sealed)
        members: dict[str, bytes | Path] = dict(texts)
        if written.records:
            members[REPLIES] = path
        yield Pack(f"evidence-{landing.id}", members, summary)


def _write(
    path: Path,
    order: Order,
    inputs: Inputs,
    chosen: Chosen,
    report: Callable[[str], None],
) -> Written:
    extracts = records_of(order.store, order.settings, order.landing, order.recordings, report)
    try:
        return write_replies(path, extracts, inputs.icao24, chosen)
    except OSError as error:
        raise PackError(f"the replies cannot be collected: {os_words(error)}") from error


def read_replies(path: Path, report: Callable[[str], None]) -> Iterator[recording.Recorded]:
    """Yield the records of a pack's replies in order of time. Raises RecordingError."""
    return recording.read([path], recognise=partial(recording.recognise, hosts={}), report=report)


def _summary(
    order: Order,
    inputs: Inputs,
    chosen: Chosen,
    written: Written,
    derived: Derived,
) -> Summary:
    missing = missing_lines(
        written,
        chosen,
        terms_of_feeds(order.settings),
        order.landing.detection.feeds,
        (inputs.begins_at, inputs.ends_at),
    )
    return Summary(
        form=FORM,
        edition=order.edition,
        landing=order.landing.id,
        software=__version__,
        rules_version=RULES_VERSION,
        rules_sha256=sha256(rules_json()).hexdigest(),
        stored=finding_of(order.landing),
        derived=finding_of(derived.landing),
        replies=written.replies,
        redacted=written.redacted,
        missing=tuple(missing),
        asked_for=tuple(ASKED_FOR[name] for name in sorted(order.asked_for)),
    )
