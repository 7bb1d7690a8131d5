"""What a batch has: the entries that it claimed, in the order of its plan; a function of the batch and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.money.batch import Batch
from chalicelib.domain.money.content import taken_back
from chalicelib.domain.money.entry import Entry
from chalicelib.store import batches, entries
from chalicelib.store.entries import Ref


def refs(one: Batch) -> Iterator[Ref]:
    """The entries that a batch has; of a counter-batch, those of the batch that it takes back."""
    for part in batches.plan(one.counters or one.id):
        yield from part.got()


def of(one: Batch) -> Iterator[Entry]:
    """What a batch contains, in its order. Of a batch whose parts are not all claimed, what it would be now."""
    for entry in entries.facts(refs(one)):
        yield taken_back(entry) if one.counters else entry
