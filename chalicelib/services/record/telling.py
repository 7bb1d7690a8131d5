"""Who is told: from events to message items, by the table in `policy/telling.toml`.

One change tells a person once, however many of its events concern them: by the row that comes first.
The item's key is natural (event, recipient, template), so that telling twice writes once; what is written and not yet
sent is queued again, and sending looks at the item's state first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters.messages import enqueue
from chalicelib.domain.policy.telling import Telling, told_at
from chalicelib.domain.record.event import Event
from chalicelib.services.access import access
from chalicelib.services.record import registry
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.record import load
from chalicelib.store import grants, messages
from chalicelib.store.messages import Message

FACTS = (
    *("clock", "deadline", "deadlines", "fraction", "level", "start", "end", "until"),
    *("reason", "moment", "cause", "to", "windows", "other", "fen"),
)
# Who is on duty there depends on when it is told: it stands in the key.
WHOLE = {"desk": "desk", "stead": "desk", "office": "office"}
LATELY = timedelta(days=10)  # how far back `missing` looks
TAKES = timedelta(hours=1)  # a message that is younger may be on its way
OPEN = timedelta(microseconds=1)  # counted time there is only in service hours


def tell(reference: str, first: int, count: int, at: datetime) -> int:
    """Write and queue the messages of a change: `count` events from `first` on. How many; may run again."""
    record = load(reference)
    if record.version < first + count - 1:
        record = load(reference, consistent=True)
    queued = [m for m in _wanted(record, range(first, first + count), at) if _add(m, record, at) and not m.waits]
    if queued:
        enqueue((m.record, m.sk) for m in queued)
    return len(queued)


def tell_missing(record: Any, at: datetime) -> int:
    """Write what should have been told lately and was not, and queue again what waits; how many. May run again.

    Whatever presses goes at once. All else that comes to light at night is sent when service begins: the sweep does.
    """
    since, until = at - LATELY, at - TAKES
    opens = policy_for(record.place).calendars["service"].deadline(at, OPEN)
    held = opens > at + OPEN and not registry.of(record.id).pressing(record)
    recent = [e.version for e in record.events if since <= e.at <= until]
    wanted = _wanted(record, recent, at)
    known = messages.known(record.id, wanted)
    there = {m.told for m in known}
    missing = _missing(record, [m for m in wanted if m.told not in there], at)
    late = [m for m in missing if _add(m, record, at, opens if held else None)]
    queued = [m for m in known if m.state == "queued" and m.made <= until]
    for message in queued if held else ():
        if not (message.waits or message.held):  # those have a time of their own
            messages.again(message, opens)
    late += queued
    if late and not held:
        enqueue((m.record, m.sk) for m in late)
    return len(late)


def _missing(record: Any, wanted: Sequence[Message], at: datetime) -> list[Message]:
    """Those that were not told when their change was. Most often none; one query a change that is looked at.

    A change that told anybody was told: it lacks only what it asked for then. Who has the record now and did not have
    it then, or had it otherwise, is not told of it afterwards.
    """
    found: list[Message] = []
    for change in sorted({record.events[m.event - 1].change for m in wanted}):
        mine = [m for m in wanted if record.events[m.event - 1].change == change]
        if messages.told_of(record.id, {e.version: e.at for e in record.events if e.change == change}):
            then = {m.told for m in _wanted(record, [change], at, then=True)}
            mine = [m for m in mine if m.told in then]
        found += mine
    return found


def _wanted(record: Any, versions: Iterable[int], at: datetime, *, then: bool = False) -> list[Message]:
    """The messages of some events' changes, each to whoever it concerned then and still concerns.

    `then`: whether or not it still does.
    """
    service = registry.of(record.id)
    tellings = service.kind.tellings(policy_for(record.place))
    first: dict[tuple[int, str], tuple[int, Message]] = {}
    for change in sorted({record.events[version - 1].change for version in versions}):
        events = [event for event in record.events if event.change == change]
        if not any(event.kind in tellings for event in events):
            continue
        last = events[-1].version
        after = service.kind.fold(record.id, record.events[:last]) if last < record.version else record
        for event in events:
            for telling in tellings.get(event.kind, ()):
                when = _when(telling, event, record)
                if when is None:
                    continue
                for person in service.recipients(telling, event, after, after if then else record, at):
                    message = _message(record, event, telling, person, when)
                    known = first.get((change, person))
                    if known is None or telling.rank < known[0]:
                        first[change, person] = (telling.rank, message)
    return [message for _, message in first.values()]


def _when(telling: Telling, event: Event, record: Any) -> datetime | None:
    """When an event is told; None for never."""
    if not telling.applies(event) or not registry.of(record.id).suits(telling, record):
        return None
    return told_at(telling, record.events[: event.version]) if telling.bundle else event.at


def _message(record: Any, event: Event, telling: Telling, person: str, when: datetime) -> Message:
    facts: dict[str, Any] = {k: event.data[k] for k in FACTS if k in event.data}
    if telling.to == "loser":
        facts.setdefault("cause", event.kind)
    if when > event.at:  # it speaks for what follows too: the sweep queues it then
        facts["waits"] = when.isoformat()
    role = WHOLE.get(telling.to, "")
    return Message(record.id, event.version, person, telling.template, telling.link, event.at, facts=facts, role=role)


def _add(message: Message, record: Any, at: datetime, due: datetime | None = None) -> bool:
    """Write the message, and the grant behind its link before it; whether it is still to be sent. `due`: then."""
    if grant := registry.of(record.id).grants(record, message):
        hidden = access.hash_of(access.token(grant))
        if not (_named_before(message, record) and grants.stands(grant, hidden)):
            grants.put(grant, hidden)
    if messages.add(message, at, due):
        return True
    known = messages.get(message.record, message.sk)
    return known is not None and known.state == "queued"


def _named_before(message: Message, record: Any) -> bool:
    """Whether who is told had to do with the record before this change: their link may stand, and is worth a look."""
    change = record.events[message.event - 1].change
    earlier = (event for event in record.events if event.change < change)
    return any(message.to == event.by or message.to in event.data.values() for event in earlier)
