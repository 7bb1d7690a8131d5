"""What services know of a retention's release, for the mechanism of records.

who reaches it     warranty office, desks that answer for its place, contacts of the contractor, finance of its entity
verifiers          the property desk of its project and its warranty office; whoever of the two has not signed yet
payer              finance of its entity; where nobody works there, somebody of the office who has not countersigned
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.contract import Contract
from chalicelib.domain.money.release import Release, Side, named
from chalicelib.domain.money.release_kind import RELEASES
from chalicelib.domain.money.retention import alerts
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record import roles
from chalicelib.domain.record.command import Command, event_of
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.promise import Due
from chalicelib.domain.record.roles import ROLES, Role, desk_of, office_of
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import contacts
from chalicelib.services.money import retentions
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.registry import Posted, Recipient, RecordService, register
from chalicelib.services.ticket import dispatch
from chalicelib.store import contracts, people, places
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.records import StaleRecord
from chalicelib.store.table import iso

SPEAKS = frozenset({"apply", "press", "withdraw"})  # moves of whoever may speak for the contractor
COUNTS = frozenset({"verify", "deem", "pay"})  # moves for which it is looked up what is left
LOOKED_UP = frozenset({"authorised", "sheet_left", "alerts"})


def begun(contract: Contract, at: datetime) -> Release:
    """The record of a contract's retention, made where there is none. May run again. Raises Invalid."""
    name = named(contract.id)
    try:
        found: Release = record.load(name)
        return found
    except record.NotFound:
        pass
    project = places.get(contract.projects[0]) if contract.projects else None
    if project is None:
        raise Invalid("contract", "unknown")
    facts = {
        "contract": contract.id,
        "number": contract.number,
        "entity": contract.entity,
        "company": contract.company,
        "place": project.as_fact(),
    }
    version = policy_for(project.as_fact()).version
    try:
        made: Release = record.begin(name, [event_of("opened", facts, Command("open", SYSTEM), at, version)])
    except StaleRecord:
        made = record.load(name, consistent=True)
    return made


def finance_of(entity: str) -> str:
    """The team that keeps an entity's books."""
    return f"{entity}/finance"


def _moment(due: Due, one: Release, at: datetime) -> Command:
    """The command that records a moment."""
    moment, clock = due.moment, due.promise.clock
    facts: dict[str, Any] = {"moment": moment.key, "clock": due.promise.name}
    if moment.kind in ("level", "reminder"):
        person = dispatch.somebody(desk_of(2, one.place), at)
        return Command(
            "escalate" if moment.kind == "level" else "remind", SYSTEM, facts | {"level": 2, "person": person}
        )
    facts["person"] = _turn(due.promise.rule.hands, one, at)
    if moment.kind == "warning":
        return Command("warn", SYSTEM, facts)
    return Command("breach", SYSTEM, facts | {"deadline": iso(clock.due_at or moment.at)})


def _turn(hands: str, one: Release, at: datetime) -> str:
    """Whose turn it is, in person."""
    if hands == "payer":
        return _payer(one, at)
    if hands == "verifiers" and one.signature(Side.OFFICE) and not one.signature(Side.PROPERTY):
        return _property(one, at)
    return _office(one, at)


def _office(one: Release, at: datetime, without: frozenset[str] = frozenset()) -> str:
    team = office_of(one.place)
    found = dispatch.on_duty(team, at, without) or next(
        (s.id for s in dispatch.roster(team) if s.person.active and s.id not in without), ""
    )
    return found or dispatch.somebody(desk_of(2, one.place), at)


def _property(one: Release, at: datetime) -> str:
    return dispatch.somebody(desk_of(1, one.place), at) or _office(one, at)


def _payer(one: Release, at: datetime) -> str:
    signed = frozenset(signature.by for signature in one.signed)
    return dispatch.somebody(finance_of(one.entity), at) or _office(one, at, signed)


def _recipients(telling: Telling, event: Event, after: Release, one: Release, at: datetime) -> Iterable[str]:
    if telling.to == "turn":
        person = str(event.data.get("person", ""))
    elif telling.to == "level":
        person = str(event.data.get("person") or dispatch.somebody(desk_of(2, one.place), at))
    elif telling.to == "contractor":
        person = contacts.nearest(one.company)
    elif telling.to == "payer":
        person = _payer(after, at)
    elif telling.to == "property":
        person = _property(one, at)
    elif telling.to == "other_side":
        if after.signature(Side.OFFICE) and after.signature(Side.PROPERTY):
            return []
        person = _office(one, at) if event.data.get("side") == Side.PROPERTY else _property(one, at)
    else:
        person = _office(one, at)
    return [person] if person and person != event.by else []


def _recipient(one: Release, to: str) -> Recipient | None:
    """Whoever it goes to, with the addresses as they are now; None when there is nobody any more."""
    staff = people.get(to)
    if staff is None or not staff.person.active:
        return None
    return Recipient(staff.person.name, staff.phone, "" if staff.phone else staff.email, staff.lang)


def _none(*_: Any) -> None:
    """No page shows a release yet: a link would be dead."""
    return None


def actor_on(grant: Grant, one: Release) -> Actor:
    """Who a grant's holder is on it, if it reaches it now. Raises NoAccess."""
    if grant.kind not in ("staff", "ticket") or (grant.kind == "ticket" and grant.record != one.id):
        raise NoAccess
    role = access.role_of(grant)
    theirs = role is Role.CONTRACTOR and roles.company_of(grant.team) == one.company
    reaches = roles.covers(grant.team, one.place) or theirs or grant.team == finance_of(one.entity)
    if not reaches or not dispatch.is_active(grant.holder, grant.team):
        raise NoAccess
    return Actor(grant.holder, role, grant.id)


def _path(grant: Grant) -> str:
    role = access.role_of(grant)
    return ROLES[role if role in roles.OUTSIDE else Role.OFFICE].home.strip("/")


def _informed(command: Command, one: Release, at: datetime) -> Command:
    """With what only the world knows; what a page says of it is not believed."""
    data = {name: value for name, value in command.data.items() if name not in LOOKED_UP}
    if command.name in SPEAKS and command.by.role is Role.CONTRACTOR:
        data["authorised"] = contacts.authorised(one.company, command.by.id)
    if command.name in COUNTS and not one.knows(command.key):
        contract = contracts.contract(one.contract)
        if contract:
            sheet = retentions.sheet(contract, one)
            data |= {"sheet_left": sheet.left, "alerts": list(alerts(sheet))}
    return replace(command, data=data)


def _sms(one: Release, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    from chalicelib.services.money import announcing

    return announcing.sms(one, message, to, at, link, code, page)


def _mail(one: Release, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    from chalicelib.services.money import announcing

    return announcing.mail(one, message, to, at, link)


def _desks() -> Sequence[str]:
    from chalicelib.services.contractor.serving import desks

    return desks()


def _undelivered(message: Message) -> Command:
    facts = {"message": message.sk, "template": message.template, "to": message.to}
    return Command("note_failed_message", SYSTEM, facts, key=f"failed/{message.sk}")


register(
    RecordService(
        kind=RELEASES,
        moment=_moment,
        hands=lambda due: f"whoever must act: {due.promise.rule.hands}",
        recipients=_recipients,
        recipient=_recipient,
        link=_none,
        grants=_none,
        sms=_sms,
        mail=_mail,
        actor_on=actor_on,
        path=_path,
        desks=_desks,
        informed=_informed,
        undelivered=_undelivered,
    )
)
