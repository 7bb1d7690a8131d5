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
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command, event_of
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.promise import Due
from chalicelib.domain.record.roles import ROLES, Role, company_team, desk_of, office_of
from chalicelib.services import staffed
from chalicelib.services.access import access
from chalicelib.services.contractor import contacts
from chalicelib.services.money import retentions
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.registry import Posted, Recipient, RecordService, register
from chalicelib.services.ticket import dispatch
from chalicelib.store import contracts, places, stops
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.records import StaleRecord
from chalicelib.store.table import Row, Write

SPEAKS = frozenset({"apply", "press", "withdraw"})  # moves of whoever may speak for the contractor
COUNTS = frozenset({"verify", "deem", "pay"})  # moves for which it is looked up what is left
LOOKED_UP = frozenset({"authorised", "sheet_left", "alerts"})
ENDS = ("liability_ends", "warranty_ends")


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
    return staffed.moment(
        due, lambda hands: _turn(hands, one, at), lambda level: staffed.at_developer_desk(one.place, at)
    )


def _turn(hands: str, one: Release, at: datetime) -> str:
    """Whose turn it is, in person."""
    if hands == "payer":
        return _payer(one, at)
    if hands == "verifiers" and one.signature(Side.OFFICE) and not one.signature(Side.PROPERTY):
        return _property(one, at)
    return _office(one, at)


def _office(one: Release, at: datetime, without: frozenset[str] = frozenset()) -> str:
    return staffed.at_office(one.place, at, without)


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


def _team_of(one: Release, person: str) -> str:
    """The team by which somebody has to do with it; "" for none."""
    desks = [desk_of(level, one.place) for level in (1, 2)]
    teams = [company_team(one.company, "contractor"), office_of(one.place), finance_of(one.entity), *desks]
    return staffed.team_among(teams, person)


def actor_on(grant: Grant, one: Release) -> Actor:
    """Who a grant's holder is on it, if it reaches it now. Raises NoAccess."""
    books = grant.team == finance_of(one.entity)
    return staffed.actor(
        grant, one, one.place, lambda role, company: books or (role is Role.CONTRACTOR and company == one.company)
    )


def _path(grant: Grant) -> str:
    """Finance sees it on its own desk, once it is signed in."""
    role = access.role_of(grant)
    return ROLES[role].home.strip("/") if role is Role.FINANCE else staffed.path(grant)


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
    if command.name == "date":
        data = _ends(one)
    return replace(command, data=data)


def _ends(one: Release) -> dict[str, str]:
    """When both periods end, as it is on file now."""
    contract = contracts.contract(one.contract)
    days = retentions.ends(contract, policy_for(one.place)) if contract else ()
    return {name: day.isoformat() for name, day in zip(ENDS, days, strict=False) if day}


def _tidies(one: Release, at: datetime) -> int:
    """The ends of both periods are read again where that of defect liability is not known yet. Every night."""
    if one.liability_ends or not one.is_open:
        return 0
    after: Release = record.perform(Command("date", SYSTEM, key=f"night/{at.date()}"), one.id, at)
    return int(after.version != one.version)


def _joins(before: Any, after: Release, events: Sequence[Event], numbers: Policy, head: Row) -> Sequence[Write]:
    """What sealing reads of stops, with the very change."""
    if not any(event.kind in ("stopped", "lifted") for event in events):
        return ()
    return [stops.noted(after.entity, after.contract, after.stops[0].ground.value if after.stops else "")]


def _sms(one: Release, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    from chalicelib.services.money import announcing

    return announcing.sms(one, message, to, at, link, code, page)


def _mail(one: Release, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    from chalicelib.services.money import announcing

    return announcing.mail(one, message, to, at, link)


LINK = staffed.link("release", _team_of, actor_on)
register(
    RecordService(
        kind=RELEASES,
        moment=_moment,
        hands=staffed.hands,
        recipients=_recipients,
        recipient=staffed.recipient,
        link=LINK,
        grants=LINK,
        sms=_sms,
        mail=_mail,
        actor_on=actor_on,
        path=_path,
        desks=staffed.offices,
        informed=_informed,
        joins=_joins,
        undelivered=staffed.undelivered,
        tidies=_tidies,
    )
)
