"""What services know of tickets, for the mechanism of records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM, Event
from chalicelib.domain.record.keeping import Reason
from chalicelib.domain.ticket import waiting
from chalicelib.domain.ticket.heading import levels
from chalicelib.domain.ticket.kind import TICKETS
from chalicelib.domain.ticket.liability import for_office
from chalicelib.domain.ticket.lifecycle import told_anew
from chalicelib.domain.ticket.promises import Due, new_deadlines, promises
from chalicelib.domain.ticket.standing import lost
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.domain.ticket.trade import STATED, Priority
from chalicelib.services import staffed
from chalicelib.services.access import access
from chalicelib.services.record.numbers import policy_for, policy_of
from chalicelib.services.record.registry import Posted, Recipient, RecordService, register
from chalicelib.services.ticket import climbing, dispatch, reaching
from chalicelib.store import places
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.places import GROUP
from chalicelib.store.table import Row, Write, iso

PATHS = {"own": "o", "ticket": "t"}


def _moment(due: Due, ticket: Ticket, at: datetime) -> Command:
    """The command that records a moment."""
    moment, clock = due.moment, due.promise.clock
    data: dict[str, Any] = {"moment": moment.key, "clock": due.promise.name}
    if moment.kind == "warning":
        return Command("warn", SYSTEM, data | {"fraction": moment.which, "person": ticket.holder})
    if moment.kind == "deadline":
        return Command("breach", SYSTEM, data | {"deadline": iso(clock.due_at or moment.at), "person": ticket.holder})
    if moment.kind == "level":
        assert isinstance(moment.which, int)
        person = dispatch.at_level(moment.which, ticket, at)
        return Command("escalate", SYSTEM, data | {"level": moment.which, "cause": "breach", "person": person})
    level = max((n for n, _ in due.promise.levels), default=1)
    assert isinstance(moment.which, date)
    return Command("remind", SYSTEM, data | {"level": level, "person": dispatch.at_level(level, ticket, at)})


def _comes(ticket: Ticket, at: datetime) -> Command | None:
    """A wait that ends: its holder is asked, and where nobody answers it goes on by itself."""
    step = waiting.step(ticket, policy_of(ticket))
    if not step or step.at > at:
        return None
    if step.name == "resume":
        return Command("resume", SYSTEM, {"person": dispatch.at_level(waiting.HEARS, ticket, at)})
    return Command("ask_to_resume", SYSTEM, {"person": ticket.holder})


def _hands(due: Due) -> str:
    return f"whoever must act: {due.promise.rule.hands}"


def _together(name: str) -> Callable[..., Ticket] | None:
    """Merging writes two tickets at once."""
    if name != "merge":
        return None
    from chalicelib.services.ticket.merging import merge

    return merge


def _opens(ticket: Ticket, at: datetime) -> bool:
    """The complaint that climbing opens, the cases that liability does; photos of a report are kept from now on."""
    if ticket.route_due and ticket.is_open and ticket.said("reported").get("photos"):
        from chalicelib.services.ticket import photos

        photos.keep(ticket, at)
    if ticket.complaint_due:
        climbing.open_complaint(ticket, at)
    if not ticket.cases_due:
        return ticket.complaint_due
    from chalicelib.services.contractor import opening

    opening.open_cases(ticket, at)
    return True


def _owed(ticket: Ticket, at: datetime) -> list[Command]:
    """Somebody who has it, and a verdict by dates: in one change."""
    made: list[Command] = []
    if ticket.route_due and ticket.is_open:
        made.append(dispatch.route(ticket, at))
    if ticket.verdict_due:
        from chalicelib.services.warranty import judging

        made.append(judging.by_dates(ticket))
    return made


def _given(before: Ticket, after: Ticket) -> None:
    if after.holder != before.holder:
        dispatch.given(after.holder)


def _sms(ticket: Ticket, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    from chalicelib.services.ticket import posting

    return posting.sms(ticket, message, to, at, link, code, page)


def _mail(ticket: Ticket, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    from chalicelib.services.ticket import posting

    return posting.mail(ticket, message, to, at, link)


def _refused(grant: Grant, ticket: Ticket) -> None:
    """Who works here and had the ticket hears that it was passed on. Raises PassedOn."""
    why = lost(ticket, grant.holder) if grant.kind != "own" else ""
    if why and dispatch.is_active(grant.holder, grant.team):
        raise access.PassedOn(ticket.number, why)


def _path(grant: Grant) -> str:
    return PATHS[grant.kind]


def desks() -> list[str]:
    """The property desk of every project, in a fixed order."""
    return sorted(f"{child.id}/desk" for child in places.children(GROUP) if child.kind == "project")


def corrected(ticket: Ticket, before: Policy, at: datetime) -> list[Command]:
    """What a corrected schedule asks for: that it is noted, and the new deadlines of what the owner was told."""
    numbers = policy_for(ticket.place)
    if not ticket.is_open or before is numbers:
        return []
    moved = new_deadlines(promises(ticket, before), promises(ticket, numbers))
    if not moved:
        return []
    [(_, facts)] = told_anew(moved, "schedule_corrected")
    marks = (f"{name}={due}" for name, due in sorted(facts["deadlines"].items()))
    mark = f"schedule/{at:%Y-%m-%d}/{'/'.join(marks)}"
    if ticket.knows(mark):
        return []
    return [
        Command("correct_schedule", SYSTEM, {"cause": numbers.version}, key=mark),
        Command("tell_new_deadline", SYSTEM, facts, key=f"{mark}/told"),
    ]


def _joins(
    before: Ticket | None, after: Ticket, events: Sequence[Event], numbers: Policy, head: Row
) -> Sequence[Write]:
    """Its entries at the levels above, and the fact that figures are made of: most changes make neither."""
    writes: list[Write] = []
    if levels(after) or for_office(after) or (before and (levels(before) or for_office(before))):
        from chalicelib.store.levels import changes

        writes += changes(before, after, head)
    if not after.is_open or any(e.kind in STATED for e in events):
        from chalicelib.services.measures.stating import stated_by

        writes += stated_by(before, after, events, numbers)
    if after.cases or (before and before.cases):
        from chalicelib.services.contractor.hearing import said_by

        writes += said_by(before, after, events)
    return writes


def _mends(ticket: Ticket, head: Row) -> bool:
    from chalicelib.store.levels import mend

    return mend(ticket, head)


def _tidies(ticket: Ticket, at: datetime) -> int:
    from chalicelib.services.ticket import leaving

    gone = leaving.leavers_on(ticket)
    return int(leaving.let_go(ticket, gone, at)) if gone else 0


def _goes_with(ticket: Ticket) -> list[str]:
    """The complaint that the ticket opened, and what its owner claimed."""
    opened = [str(e.data["ticket"]) for e in ticket.events if e.kind == "linked" and e.data.get("cause") == "climbed"]
    return [*opened, *ticket.compensations]


def _shown_by(ticket: Ticket) -> list[str]:
    """The cases that it stood under."""
    opened = {str(e.data["case"]) for e in ticket.events if e.kind == "case_opened" and e.data["case"]}
    return sorted(opened | {case for case in ticket.cases.values() if case})


def _pictures(ticket: Ticket) -> list[str]:
    """Photos of the time before uploads belonged to a ticket."""
    from chalicelib.services.ticket.photos import old

    return old({str(photo) for event in ticket.events for photo in event.said.get("photos", ())})


def _opened_by(ticket: Ticket) -> list[Grant]:
    return [access.own_grant(ticket.id)]


def _keeps(ticket: Ticket, at: datetime) -> Sequence[Reason]:
    from chalicelib.services.ticket import keeping

    return keeping.reasons(ticket, at)


def _pressing(ticket: Ticket) -> bool:
    return ticket.priority is Priority.EMERGENCY


register(
    RecordService(
        kind=TICKETS,
        moment=_moment,
        hands=_hands,
        comes=_comes,
        recipients=reaching.recipients,
        suits=reaching.suits,
        recipient=reaching.recipient,
        link=reaching.link,
        grants=reaching.grants,
        sms=_sms,
        mail=_mail,
        actor_on=access.actor_on,
        refused=_refused,
        path=_path,
        desks=desks,
        informed=dispatch.informed,
        together=_together,
        opens=_opens,
        owed=_owed,
        given=_given,
        undelivered=staffed.undelivered,
        corrected=corrected,
        joins=_joins,
        mends=_mends,
        tidies=_tidies,
        goes_with=_goes_with,
        pictures=_pictures,
        shown_by=_shown_by,
        opened_by=_opened_by,
        keeps=_keeps,
        pressing=_pressing,
    )
)
