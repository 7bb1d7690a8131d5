"""Erasing what is personal of a record, for good. What happened, and when, stays.

    noted         in the table, and in the bucket, which no restore of the table takes back
    pictures      all that lies below the record's keys, every version: photos that were never sent with it too, and
                  the originals of work photos
    PRIVATE#…     overwritten: words, names, phones, addresses, keys of pictures
    own link      opens nothing any more, and no phone leads to it

So too what its kind says goes with it, such as the complaint that a ticket opened. It may run again,
and does after a restore: `replay`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.adapters import objects, originals
from chalicelib.services.access import access
from chalicelib.services.record import record, registry
from chalicelib.store import erasures
from chalicelib.store.reading import Unreadable


class StillOpen(Exception):
    """Whoever works on the record needs what would be erased. Its text is the record's number."""


@dataclass(frozen=True, slots=True)
class Erased:
    """`parts` that said something, `pictures` with all their versions; `first`: it was not erased before."""

    record: str
    parts: int
    pictures: int
    first: bool


def erase(reference: str, at: datetime, *, even_open: bool = False) -> list[Erased]:
    """Erase a record and what goes with it. May run again. Raises NotFound, StillOpen."""
    first = record.load(reference, consistent=True)
    others = registry.of(reference).goes_with(first)
    found = [first, *(record.load(other, consistent=True) for other in others)]
    for one in found:
        if one.is_open and not even_open:
            raise StillOpen(registry.of(one.id).kind.number(one) or one.id)
    return [_erase(one, at) for one in found]


def replay(at: datetime) -> Iterator[Erased]:
    """Erase again all that ever was, open or not: the table was restored to a time before. May run again.

    A record that the restored table does not know, or that can't be read, is passed over; the latter rings.
    """
    for reference in objects.erased():
        try:
            yield _erase(record.load(reference, consistent=True), at)
        except (record.NotFound, Unreadable):
            continue


def _erase(one: Any, at: datetime) -> Erased:
    """Noted first, pictures before the words that name them: cut off anywhere, the next run finds what is left."""
    service = registry.of(one.id)
    objects.note_erased(one.id)
    first = erasures.note(one.id, at)
    own = (f"{objects.PHOTOS}{one.id}/", f"{objects.SIGNATURES}{one.id}/")
    gone = sum(objects.forget(key) for key in (*service.pictures(one), *own)) + originals.forget(one.id)
    parts = erasures.overwrite(one.id)
    for grant in service.opened_by(one):
        access.revoke(grant)
    return Erased(one.id, parts, gone, first)
