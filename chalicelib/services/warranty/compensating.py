"""What services know of compensations, and how one is claimed. It is reached through its ticket's links alone.

claim      by the reporter, or by desk or office for him: one record a claim, named by ticket and count
of         a ticket's, by the record's name that the ticket has noted
move       offer, agree, approve, pay …: through the ticket, by whom its link lets in
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.measures.flows import of_compensation
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command, event_of
from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.making import MAX_WORDS
from chalicelib.domain.record.promise import Due
from chalicelib.domain.record.reference import parts, reference
from chalicelib.domain.ticket.ticket import State, Ticket
from chalicelib.domain.warranty.compensation import COMPENSATIONS, PREFIX, Compensation, amount, legal
from chalicelib.services import staffed
from chalicelib.services.access import access
from chalicelib.services.measures import stating
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.registry import Posted, Recipient, RecordService, register
from chalicelib.services.ticket import dispatch
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.records import StaleRecord

MOST = 5  # claims of one ticket
NEVER = frozenset({State.MERGED, State.CANCELLED})


def may_claim(ticket: Ticket, last: Compensation | None) -> bool:
    """Whether something may be claimed now; `last`: the claim before."""
    return ticket.is_work and ticket.state not in NEVER and (last is None or not last.is_open)


def claim(
    ticket: Ticket, by: Actor, at: datetime, said: Mapping[str, Any], *, fen: int = 0, key: str = ""
) -> Compensation:
    """A new claim with its words and photos; the same claim again, under the same key, is the one that is there.

    Raises Invalid, IllegalMove where one is open already or there were too many.
    """
    if not may_claim(ticket, None):
        raise IllegalMove("illegal_move", move="claim", state=ticket.state.value)
    if not str(said.get("words", "")).strip():
        raise Invalid("words", "required")
    if len(str(said["words"])) > MAX_WORDS:
        raise Invalid("words", "too_long", limit=MAX_WORDS)
    numbers = policy_for(ticket.place)
    asked = amount(fen, needed=False)
    facts: dict[str, Any] = {
        "ticket": ticket.id,
        "number": ticket.number,
        "place": dict(ticket.place),
        "photos": len(said.get("photos", ())),
    }
    if asked:
        facts["fen"] = asked
    command = Command("claim", by, {"fen": asked}, said, key=key, correlation=key)
    for n in range(1, MOST + 1):
        name = reference(PREFIX, _named(ticket.id, n))
        try:
            there: Compensation = record.load(name, consistent=True)
        except record.NotFound:
            try:
                made: Compensation = record.begin(name, [event_of("claimed", facts, command, at, numbers.version)])
                return made
            except StaleRecord:
                there = record.load(name, consistent=True)
        if there.knows(key):
            return there
        if there.is_open:
            raise IllegalMove("claim_open")
    raise IllegalMove("claims_many")


def _named(ticket_id: str, n: int) -> str:
    """ULID-shaped: the ticket's time, and letters that its id and the count give."""
    digest = hashlib.sha256(f"{ticket_id}/{n}".encode()).digest()
    return ticket_id[:10] + "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[byte & 31] for byte in digest[:16])


def of(ticket: Ticket) -> list[Compensation]:
    """The claims of a ticket, the newest first: those that it has noted, and one of a moment ago. A call each."""
    found: list[Compensation] = []
    for n in range(1, MOST + 1):
        try:
            found.insert(0, record.load(reference(PREFIX, _named(ticket.id, n))))
        except record.NotFound:
            break
    return found


def move(
    ticket: Ticket,
    name: str,
    by: Actor,
    at: datetime,
    data: Mapping[str, Any],
    said: Mapping[str, Any],
    *,
    key: str = "",
) -> Compensation:
    """Move the claim of a ticket that was made last. Raises what the move raises, NotFound where there is none."""
    found = of(ticket)
    if not found:
        raise record.NotFound
    command = Command(name, by, data, said, key=key, correlation=key)
    moved: Compensation = record.perform(command, found[0].id, at)
    return moved


# what the mechanism asks


def _ticket(one: Compensation) -> Ticket:
    ticket: Ticket = record.load(one.ticket)
    return ticket


def _informed(command: Command, one: Compensation, at: datetime) -> Command:
    """A payment with its proof, where that is a file; it is kept with the ticket."""
    if command.name != "pay" or one.knows(command.key):
        return command
    from chalicelib.services.ticket import papers

    return papers.informed(command, one.ticket, legal(one, "pay", command.by.role))


def _moment(due: Due, one: Compensation, at: datetime) -> Command:
    return staffed.moment(due, lambda hands: _turn(one, at), lambda level: dispatch.at_level(level, _ticket(one), at))


def _turn(one: Compensation, at: datetime) -> str:
    """Who must act: the owner on an offer, who did not offer on an agreement, else the office."""
    if one.state == "offered":
        return "reporter"
    return staffed.at_office(one.place, at, frozenset({one.offered_by}) if one.state == "agreed" else frozenset())


def _recipients(telling: Telling, event: Event, after: Compensation, one: Compensation, at: datetime) -> Iterable[str]:
    if telling.to == "reporter":
        person = "reporter"
    elif telling.to == "proposer":
        person = one.offered_by
    elif telling.to in ("turn", "level"):
        person = str(event.data.get("person", ""))
    else:
        person = staffed.at_office(one.place, at, frozenset({one.offered_by} if telling.to == "approver" else ()))
    return [person] if person and person != event.by else []


def _service(one: Compensation) -> tuple[RecordService, Ticket]:
    from chalicelib.services.record import registry

    return registry.of(one.ticket), _ticket(one)


def _recipient(one: Compensation, to: str) -> Recipient | None:
    service, ticket = _service(one)
    return service.recipient(ticket, to)


def _link(one: Compensation, message: Message) -> Grant | None:
    """The ticket's page, by the reader's own link to it."""
    _, ticket = _service(one)
    if message.to == "reporter":
        return access.own_grant(ticket.id)
    for team in (*access.answering(ticket), ""):
        grant = access.ticket_grant(ticket.id, message.to, team)
        try:
            access.actor_on(grant, ticket)
        except access.NoAccess:
            continue
        return grant
    return None


def _grants(one: Compensation, message: Message) -> Grant | None:
    return None if message.to == "reporter" else _link(one, message)


def _sms(one: Compensation, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    from chalicelib.services.ticket import posting

    return posting.sms(_ticket(one), message, to, at, link, code, page)


def _mail(one: Compensation, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    from chalicelib.services.ticket import posting

    return posting.mail(_ticket(one), message, to, at, link)


def _actor_on(grant: Grant, one: Compensation) -> Actor:
    """Nobody comes here but through the ticket. Raises NoAccess."""
    raise access.NoAccess


def _path(grant: Grant) -> str:
    return {"own": "o", "ticket": "t"}[grant.kind]


def _opens(one: Compensation, at: datetime) -> bool:
    """Its ticket hears of it, and of its payment, by which the finding stays as it is. May run again."""
    if one.noted:
        return False
    name = parts(one.id)[1]
    moved = [Command("note_claim", SYSTEM, {"record": one.id}, key=f"claim/{name}")]
    if one.state == "paid":
        moved.append(Command("note_money", SYSTEM, {"what": "compensation", "record": one.id}, key=f"paid/{name}"))
    for command in moved:
        try:
            record.perform(command, one.ticket, at)
        except IllegalMove:  # money moved by something else before
            continue
    record.perform(Command("note_on_ticket", SYSTEM, key=f"noted/{one.version}"), one.id, at)
    return True


register(
    RecordService(
        kind=COMPENSATIONS,
        moment=_moment,
        hands=lambda due: "turn",
        recipients=_recipients,
        recipient=_recipient,
        link=_link,
        grants=_grants,
        sms=_sms,
        mail=_mail,
        actor_on=_actor_on,
        path=_path,
        desks=staffed.offices,
        informed=_informed,
        opens=_opens,
        joins=lambda before, after, events, numbers, head: stating.moved_by(of_compensation(after, events), numbers),
        undelivered=staffed.undelivered,
    )
)
