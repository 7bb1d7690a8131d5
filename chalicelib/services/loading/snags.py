"""Snag lists 交付整改: checked as a whole first, then a ticket per place and trade, then the contractors' cases.

tickets    with all that the system would owe them: at the desk, the verdict by dates; nobody is told one by one
photos     into the inbox, as if they had been sent to their ticket: the photo function does the rest
cases      one per contract, clause and urgency, at most 200 tickets each: one letter for all of them

Each has a name that follows from the list: cut off anywhere and run again, the same rows make the same tickets, photos
and cases, each once. Other rows under the name of a list that was begun are refused. Costs two transactions a ticket.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.adapters import objects
from chalicelib.adapters.ids import ulid
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.number import short_number
from chalicelib.domain.record.roles import desk_of
from chalicelib.domain.register.faults import Fault, TooMany
from chalicelib.domain.register.reader import Book
from chalicelib.domain.register.snags import SHEET, Bundle, ListReader, Pictures, Snag, bundled, content_of
from chalicelib.domain.ticket.kind import TICKETS
from chalicelib.domain.ticket.liability import CONTRACTOR, shares
from chalicelib.domain.ticket.ticket import Kind, Ticket
from chalicelib.language import words
from chalicelib.services.contractor import opening
from chalicelib.services.loading.known import Stored, policy_numbers
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.warranty import judging
from chalicelib.store import snags as lists
from chalicelib.store.records import NumberTaken, StaleRecord
from chalicelib.store.snags import LOADED, Kept

LANG = "zh_CN"
EVERY = 50  # tickets after which it is noted how far the list came
Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, of: int) -> None:
    """Progress that nobody looks at."""


@dataclass(slots=True)
class Listed:
    """`faults`: nothing was written when there are any. `made` of `tickets` are new; `cases`: references."""

    project: str = ""
    rows: int = 0
    tickets: int = 0
    made: int = 0
    photos: int = 0
    cases: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    more_faults: bool = False


def load(
    name: str,
    book: Book,
    pictures: Pictures,
    at: datetime,
    by: Actor,
    *,
    write: bool = True,
    progress: Progress = silent,
) -> Listed:
    """Check a list and make its tickets and cases. May run again, were it cut off. Raises Busy."""
    listed, rows = _checked(book, pictures, progress)
    if listed.faults:
        return listed
    trades = {one.name: one.trade for one in policy_for({"project": listed.project}).categories.values()}
    bundles = bundled(rows, trades)
    listed.tickets = len(bundles)
    content = content_of(rows)
    kept = lists.get(listed.project, name)
    if kept is None and write:
        kept = lists.begin(listed.project, name, content, len(rows), len(bundles), at)
    if kept is not None and kept.hash != content:
        listed.faults.append(Fault(SHEET.name, 0, "", "list_other", {"name": name}))
    if kept is None or listed.faults or not write:
        return listed
    groups: dict[tuple[str, str, str], list[str]] = {}
    for done, bundle in enumerate(bundles, 1):
        ticket, new = _stands(kept, bundle, at, by)
        listed.made += new
        listed.photos += _send_photos(kept, bundle, ticket, pictures)
        for contract in _bearing(ticket):
            clause = str(ticket.verdict.get("clause", ""))
            groups.setdefault((contract, clause, ticket.priority.value), []).append(ticket.id)
        if not done % EVERY:
            lists.note(kept, done)
            progress("tickets", done, len(bundles))
    for group, tickets in groups.items():
        listed.cases += _cases(kept, group, tickets, at)
        progress("cases", len(listed.cases), len(groups))
    lists.note(kept, len(bundles), LOADED)
    return listed


def _checked(book: Book, pictures: Pictures, progress: Progress) -> tuple[Listed, list[Snag]]:
    reader = ListReader(book, Stored(), policy_numbers(), pictures, lambda sheet, rows: progress("check", rows, rows))
    listed, rows = Listed(), []
    try:
        rows = list(reader.snags())
    except TooMany:
        listed.more_faults = True
    listed.faults, listed.project, listed.rows = reader.faults, reader.project, len(rows)
    if not rows and not listed.faults:
        listed.faults.append(Fault(SHEET.name, 0, "", "nothing"))
    return listed, rows


def ticket_id(kept: Kept, key: str) -> str:
    """The ticket of a bundle: always the same."""
    return ulid(kept.began, _digest("ticket", kept, key))


def upload_id(kept: Kept, snag: Snag, name: str) -> str:
    """The upload of a row's photo: always the same."""
    return ulid(kept.began, _digest("photo", kept, f"{snag.row}/{name}"))


def _digest(what: str, kept: Kept, key: str) -> bytes:
    return hashlib.sha256(f"snag/{what}/{kept.project}/{kept.name}/{key}".encode()).digest()[:10]


def _stands(kept: Kept, bundle: Bundle, at: datetime, by: Actor) -> tuple[Ticket, bool]:
    """The ticket of a bundle, and whether it was made now. Raises Busy."""
    named = ticket_id(kept, bundle.key)
    for attempt in range(record.TRIES):
        try:
            made: Ticket = record.begin(named, _first(kept, bundle, named, short_number(named, attempt), at, by))
            return made, True
        except NumberTaken:
            continue
        except StaleRecord:
            try:
                return record.load(named, consistent=True), False
            except record.NotFound:  # another write was in the way
                record.back_off(attempt)
    raise record.Busy


def _first(kept: Kept, bundle: Bundle, named: str, number: str, at: datetime, by: Actor) -> list[Event]:
    """What a snag begins with: where and what, that the desk has it, who answers for it by dates."""
    place = bundle.place.as_fact()
    numbers = policy_for(place)
    photos = [f"/{upload_id(kept, snag, name)}" for snag in bundle.snags for name in snag.photos]
    data: dict[str, Any] = {
        "number": number,
        "kind": Kind.SNAG.value,
        "priority": bundle.priority.value,
        "category": bundle.category,
        "place": place,
        "reporter": "behalf",
        "desk": desk_of(1, place),
        "lang": LANG,
        "photos": len(photos),
        "list": kept.name,
        "rows": [snag.row for snag in bundle.snags],
    }
    if bundle.component:
        data["component"] = bundle.component
    said = {"words": _words(bundle), **({"photos": photos} if photos else {})}
    reported = Event(
        kind="reported",
        at=at.replace(microsecond=0),
        by=by.id,
        role=by.role,
        data=data,
        said=said,
        channel=by.channel,
        key=f"snag/{kept.name}/{bundle.key}",
        policy=numbers.version,
        correlation=f"snags/{kept.project}/{kept.name}",
    )
    events = [reported]
    at_desk = Command("route_to_desk", SYSTEM, {"team": data["desk"], "person": "", "rule": "snags"})
    events += _decided(named, events, at_desk, at, numbers)
    return events + _decided(named, events, judging.by_dates(TICKETS.fold(named, events)), at, numbers)


def _decided(named: str, events: Iterable[Event], command: Command, at: datetime, numbers: Policy) -> list[Event]:
    return list(TICKETS.decide(TICKETS.fold(named, events), command, at, numbers))


def _words(bundle: Bundle) -> str:
    lines = []
    for n, snag in enumerate(bundle.snags, 1):
        about = words.component_word(snag.component, LANG) if snag.component and not bundle.component else ""
        lines.append(" ".join(filter(None, (f"{n}.", snag.where, about, snag.words))))
    return "\n".join(lines)


def _send_photos(kept: Kept, bundle: Bundle, ticket: Ticket, pictures: Pictures) -> int:
    """Send the photos that the ticket doesn't have; how many."""
    sent = 0
    for snag in bundle.snags:
        for name in snag.photos:
            upload = upload_id(kept, snag, name)
            if f"/{upload}" in ticket.originals or f"/{upload}" in ticket.refused:
                continue
            objects.put_inbox(f"{ticket.id}/{upload}", pictures.read(name))
            sent += 1
    return sent


def _bearing(ticket: Ticket) -> list[str]:
    """The contracts that bear it by dates."""
    if ticket.decision or ticket.finding or not ticket.is_open:
        return []  # its cases are its own by now
    return sorted({share.contract for share in shares(ticket) if share.party == CONTRACTOR and share.contract})


def _cases(kept: Kept, group: tuple[str, str, str], tickets: Sequence[str], at: datetime) -> Iterator[str]:
    contract, clause, priority = group
    for n, first in enumerate(range(0, len(tickets), opening.MAX_TICKETS)):
        name = f"{kept.project}/{kept.name}/{contract}/{clause}/{priority}/{n}"
        those = tickets[first : first + opening.MAX_TICKETS]
        if opened := opening.open_list(name, contract, those, at, clause):
            yield opened
