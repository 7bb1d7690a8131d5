"""What services know of deductions, for the mechanism of records.

who reaches a deduction     warranty office and the desks that answer for its place; contacts of the contractor, from
                            its notice on; finance sees it on its own desk, by no link to it
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from chalicelib.domain.measures.flows import of_deduction
from chalicelib.domain.money.deduction import Deduction, State
from chalicelib.domain.money.kind import DEDUCTIONS, UNKNOWN_TO_THEM
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.promise import Due
from chalicelib.domain.record.roles import Role, company_team, desk_of, office_of
from chalicelib.services import staffed
from chalicelib.services.contractor import contacts
from chalicelib.services.measures import stating
from chalicelib.services.money import gathering, posting
from chalicelib.services.record import record
from chalicelib.services.record.registry import Posted, Recipient, RecordService, register
from chalicelib.services.ticket import dispatch
from chalicelib.store import counters, invoices
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.table import Row, Write


def _moment(due: Due, one: Deduction, at: datetime) -> Command:
    """The command that records a moment."""
    return staffed.moment(
        due, lambda hands: _in_hand(hands, one, at), lambda level: staffed.at_developer_desk(one.place, at)
    )


def _in_hand(hands: str, one: Deduction, at: datetime) -> str:
    """Whose turn it is, in person; where nobody works for finance yet, the office answers."""
    if hands == "contractor":
        return contacts.nearest(one.company)
    if hands == "finance":
        return dispatch.somebody(_finance(one), at) or _office(one, at)
    return _approver(one, at) if one.state in (State.PROPOSED, State.HALF, State.DISPUTED) else _office(one, at)


def _finance(one: Deduction) -> str:
    return f"{one.entity}/finance"


def _office(one: Deduction, at: datetime, without: frozenset[str] = frozenset()) -> str:
    return staffed.at_office(one.place, at, without)


def _approver(one: Deduction, at: datetime) -> str:
    """Somebody of the office who had no part in it yet; the developer desk where there is nobody."""
    return _office(one, at, frozenset(one.approvals).union(*one.people.values()))


def _recipients(telling: Telling, event: Event, after: Deduction, one: Deduction, at: datetime) -> Iterable[str]:
    if telling.to in ("level", "turn"):
        person = str(event.data.get("person", ""))
    elif telling.to == "contractor":
        person = contacts.nearest(one.company)
    elif telling.to == "finance":
        person = dispatch.somebody(_finance(one), at)
    else:
        person = _approver(after, at) if telling.to == "approver" else _office(one, at)
    return [person] if person and person != event.by else []


def _team_of(one: Deduction, person: str) -> str:
    """The team by which somebody has to do with it; "" for none."""
    teams = [company_team(one.company, "contractor"), office_of(one.place), desk_of(2, one.place)]
    return staffed.team_among(teams, person)


def actor_on(grant: Grant, one: Deduction) -> Actor:
    """Who a grant's holder is on a deduction, if it reaches it now. Raises NoAccess."""

    def reaches(role: Role, company: str) -> bool:
        return role is Role.CONTRACTOR and company == one.company and one.state not in UNKNOWN_TO_THEM

    return staffed.actor(grant, one, one.place, reaches)


def _sms(one: Deduction, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    from chalicelib.services.money import wording as messages

    return messages.sms(one, message, to, at, link, code, page)


def _mail(one: Deduction, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    from chalicelib.services.money import wording as messages

    return messages.mail(one, message, to, at, link)


def _opens(one: Deduction, at: datetime) -> bool:
    """Gate B is asked again, since something was gathered; a firm one's pack is asked for, unless it was given up.
    Whether it changed. May run again."""
    if one.unproved and not one.unpacked:
        from chalicelib.services.money import packing

        packing.ask(one.id)
    if not one.outstanding or one.unproved:
        return False
    record.perform(Command("propose", SYSTEM, key=f"propose/{one.version}"), one.id, at)
    return True


def _tidies(one: Deduction, at: datetime) -> int:
    """What it waits for may be met by now elsewhere: an owner was paid; a pack that was given up is tried once. Every
    night."""
    if one.unpacked:
        from chalicelib.services.money import packing

        packing.ask(one.id)
    if one.state is not State.GATHERING or not (one.paid and one.scope and one.invoice):
        return 0
    try:
        after: Deduction = record.perform(Command("propose", SYSTEM, key=f"night/{at.date()}"), one.id, at)
    except Refused:
        return 0
    return int(after.state is not State.GATHERING)


def _joins(
    before: Deduction | None, after: Deduction, events: Sequence[Event], numbers: Policy, head: Row
) -> Sequence[Write]:
    """The ledger's entries; the number that an approval takes, and what it counts for; what an invoice is used for;
    what of it figures count.
    """
    writes: list[Write] = [*posting.written(before, after, events, numbers)]
    writes += stating.moved_by(of_deduction(after, events), numbers)
    for event in events:
        if event.kind == "approved":
            year, _, sequence = after.number.partition("-K-")[2].partition("-")
            writes.append(counters.taken(gathering.ROOM, after.entity, int(year), int(sequence) - 1))
            nth = int(event.data.get("nth", 0))
            writes += invoices.approves(after.company, after.third_party, after.id, after.total, event.at, nth)
        if event.kind == "invoice_checked":
            writes += _invoiced(before, after)
        if event.kind == "letter_sealed":
            from chalicelib.services.contractor import sealing

            writes += sealing.joins([event])
    return writes


def _invoiced(before: Deduction | None, after: Deduction) -> Iterable[Write]:
    """What stands here of the invoice; what stood here of another one stands there no more."""
    was, now = before.invoice if before else None, after.invoice
    assert now is not None
    if was and was.number != now.number:
        used, total = invoices.used(was.number)
        yield invoices.taken(was.number, -was.allocated, total, used)
    used, _ = invoices.used(now.number)
    more = now.allocated - (was.allocated if was and was.number == now.number else 0)
    yield invoices.taken(now.number, more, now.total, used)


def _together(name: str) -> Callable[..., Deduction] | None:
    """Releasing the notice writes a letter too."""
    if name != "release_deduction_notice":
        return None
    from chalicelib.services.money import noticing

    return noticing.release


LINK = staffed.link("deduction", _team_of, actor_on)
register(
    RecordService(
        kind=DEDUCTIONS,
        moment=_moment,
        hands=staffed.hands,
        recipients=_recipients,
        recipient=staffed.recipient,
        link=LINK,
        grants=LINK,
        sms=_sms,
        mail=_mail,
        actor_on=actor_on,
        path=staffed.path,
        desks=staffed.offices,
        informed=gathering.informed,
        joins=_joins,
        together=_together,
        opens=_opens,
        undelivered=staffed.undelivered,
        tidies=_tidies,
    )
)
