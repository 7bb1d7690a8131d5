"""Letters of a record, from the release on: a number, its content for good, its PDF.

release      one transaction: what the record says of it, the number, the content; whoever lost the race for the number
             takes the next one
ask_for_pdf  the function `letter` makes it; whatever was released and not made, the sweep asks for again
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.adapters import press
from chalicelib.adapters.log import logger
from chalicelib.domain.contractor.letter import (
    Letter,
    checked,
    free_words,
    frozen,
    may_release,
    number_of,
    numbered,
)
from chalicelib.domain.contractor.typeface import rare, texts_in
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Actor
from chalicelib.language.letters import said
from chalicelib.services.record import record
from chalicelib.store import letters
from chalicelib.store.records import StaleRecord
from chalicelib.store.table import Conflict, Write

AGAIN = timedelta(minutes=20)  # until the sweep asks once more


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter as it may be released: what the event says of it, and the writes that go with the event."""

    number: str
    data: Mapping[str, Any]
    writes: list[Write]


def prepare(letter: Letter, reference: str, by: Actor, at: datetime) -> Prepared:
    """The letter with the next number of its entity and year, complete, frozen. Writes nothing.

    Its writes fail where somebody else took the number. Raises NotAllowed, and Invalid for what it lacks.
    """
    may_release(letter.kind, by)
    year = at.astimezone(ZoneInfo(letter.tz)).year
    before = letters.last(letter.entity.id, year)
    number = number_of(letter.entity.id, year, before + 1)
    final = checked(replace(numbered(letter, number, at), words=free_words(letter.words)))
    words = said(final)
    content = frozen(final, words)
    facts = {
        "letter": number,
        "kind": final.kind.value,
        "hash": content.hash,
        "to": final.to.id,
        "copies": [party.id for party in final.copies],
        "deadline": final.deadline,
        "respond_by": final.respond_by,
        "inspect_by": final.inspect_by,
        "rare": [f"U+{ord(c):04X}" for c in rare(texts_in(words))],
    }
    data = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in facts.items() if v}
    writes = letters.written(letter.entity.id, year, before, reference, final.kind.value, content, at)
    return Prepared(number, data, writes)


def release(reference: str, make: Callable[[Any], tuple[Letter, Command]], at: datetime) -> Any:
    """Release a letter of a record; the record afterwards. Sent twice under one key, it is released once.

    `make`: the record as it is → the letter, and the move that releases it; the move's data get what is said in
    `Prepared`. Asked again on every try. Raises what the move raises, NotAllowed, Invalid, NotFound, Busy.
    """
    for attempt in range(record.TRIES):
        if attempt:
            record.back_off(attempt)
        before, seen = record.load_with_timer(reference, consistent=True)
        letter, command = make(before)
        if before.knows(command.key):
            return before
        prepared = prepare(letter, before.id, command.by, at)
        wanted = replace(command, data={**command.data, **prepared.data})
        events = record.decided(before, seen, record.only(wanted), at)
        if not events:
            return before
        try:
            return record.append(before, seen, events, more=prepared.writes)
        except (StaleRecord, Conflict):
            continue
    raise record.Busy


def ask_for_pdf(number: str) -> None:
    """Have the PDF of a letter made. May be asked again; a queue that does not answer is left to the sweep."""
    try:
        press.enqueue(number)
    except press.NotQueued as fault:
        logger.warning("letter not queued", extra={"letter": number, "fault": str(fault)})


def ask_again(pk: str, at: datetime) -> bool:
    """What the sweep does for a letter that is due: not made yet, or not sent on. Raises NotQueued."""
    number = letters.named(pk)
    press.enqueue(number)
    letters.again(number, at + AGAIN)
    return True
