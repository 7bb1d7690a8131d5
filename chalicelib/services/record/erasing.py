"""Erasing what is personal of a record, for good. What happened, and when, stays.

    noted         in the table, and in the bucket, which no restore of the table takes back
    pictures      all that lies below the record's keys, every version: photos that were never sent with it too, and
                  the originals of work photos
    PRIVATE#…     overwritten: words, names, phones, addresses, keys of pictures
    own link      opens nothing any more, and no phone leads to it

Where it has to be kept, because a case goes on or what it was about can still be claimed, it is held instead:
restricted until that ends, and erased the night after (`erase_held`).

So too what its kind says goes with it, such as the complaint that a ticket opened. What other records show of it, as a
case does of its tickets, is hidden there with it, and erased once all that they show is. It may run again, and does
after a restore: `replay`. Letters that were sent stay as they went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.adapters import objects, originals
from chalicelib.domain.record.keeping import Reason, until
from chalicelib.domain.record.reference import parts
from chalicelib.services.access import access
from chalicelib.services.record import record, registry
from chalicelib.services.record.rounds import Round
from chalicelib.store import erasures, holds
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


@dataclass(frozen=True, slots=True)
class Held:
    """It is kept, for these reasons, until then (None: nobody knows yet), and erased by itself after that."""

    record: str
    reasons: tuple[Reason, ...]
    until: datetime | None


def erase(reference: str, at: datetime) -> list[Erased | Held]:
    """Erase a record and what goes with it, or hold it where it has to be kept. May run again.

    What is held opens nothing for whoever reported it, and for nobody of the house but the warranty office.
    Raises NotFound, StillOpen.
    """
    found = _all(reference)
    for one in found:
        if one.is_open:
            raise StillOpen(registry.of(one.id).kind.number(one) or one.id)
    if not (reasons := _reasons(found[0], at)):
        return [*_erased(found, at)]
    for grant in (grant for one in found for grant in registry.of(one.id).opened_by(one)):
        access.revoke(grant)
    ends = until(reasons)
    holds.hold(reference, ends, at)
    for other in _shown_by(found):
        holds.hide(other)
    return [Held(reference, reasons, ends)]


def erase_held(at: datetime, goes_on: Callable[[], bool] = lambda: True) -> Round:
    """Erase what was held and need be kept no more. Every night; may run again. `repaired`: how many were erased."""
    done = Round()
    for reference in list(holds.waiting(at)):
        if not goes_on():
            done.more = True
            break
        with done.spared(reference, "erasing"):
            found = _all(reference)
            reasons = _reasons(found[0], at)
            if reasons:
                holds.look_again(reference, until(reasons))
            elif not any(one.is_open for one in found):
                for _ in _erased(found, at):
                    done.repaired += 1
    return done


def _all(reference: str) -> list[Any]:
    """A record and what goes with it. Raises NotFound."""
    first = record.load(reference, consistent=True)
    return [first, *(record.load(other, consistent=True) for other in registry.of(reference).goes_with(first))]


def _shown_by(found: Sequence[Any]) -> list[str]:
    """The records that show something of these."""
    return sorted({other for one in found for other in registry.of(one.id).shown_by(one)})


def _reasons(one: Any, at: datetime) -> tuple[Reason, ...]:
    return tuple(registry.of(one.id).keeps(one, at))


def _erased(found: Sequence[Any], at: datetime) -> Iterator[Erased]:
    """Erase them; held until all of it is gone, so that the next night finds what is left."""
    for one in found:
        yield _erase(one, at)
    for other in _shown_by(found):
        holds.hide(other)
        shown = record.load(other, consistent=True)
        if not shown.is_open and all(erasures.noted(one) for one in registry.of(other).shows(shown)):
            yield _erase(shown, at)
    if getattr(found[0], "held", False):
        holds.over(found[0].id, at)


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
    bare = parts(one.id)[1]
    own = (f"{objects.PHOTOS}{bare}/", f"{objects.AS_SENT}{bare}/", f"{objects.SIGNATURES}{bare}/")
    gone = sum(objects.forget(key) for key in (*service.pictures(one), *own)) + originals.forget(bare)
    said = erasures.overwrite(one.id)
    for grant in service.opened_by(one):
        access.revoke(grant)
    return Erased(one.id, said, gone, first)
