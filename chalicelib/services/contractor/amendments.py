"""What services know of amendments, for the mechanism of records.

told         proposed: who could receive letters for the company until now, where they were reached until now; and
             whoever of the warranty office is on duty. confirmed: the same contacts, with the day.
             overtaken: the office
reached by   the warranty office that answers for a project of the company
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.amendment import AMENDMENTS, Amendment
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.roles import Role, covers, office_of
from chalicelib.language import amendments as wording
from chalicelib.services import staffed
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import amending
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.registry import Recipient, RecordService, register
from chalicelib.services.ticket import dispatch, leaving
from chalicelib.store import contracts, people, places
from chalicelib.store.grants import Grant
from chalicelib.store.places import GROUP
from chalicelib.store.table import Row, Write


def _recipients(telling: Telling, event: Event, after: Amendment, one: Amendment, at: datetime) -> Iterable[str]:
    if telling.to == "contacts":
        return one.contacts
    person = dispatch.somebody(office_of(one.place), at)
    return [person] if person and person != event.by else []


def _recipient(one: Amendment, to: str) -> Recipient | None:
    """A contact as he was reached before, whatever has become of that since."""
    if was := next((person for person in one.old.get("people", ()) if person["id"] == to), None):
        return Recipient(was["name"], was["phone"], was["email"], was["lang"])
    staff = people.get(to)
    return Recipient(staff.person.name, staff.phone, staff.email, staff.lang) if staff else None


def _facts(one: Amendment, lang: str) -> dict[str, Any]:
    company = contracts.company(one.company)
    contract = contracts.contract(one.of) if one.subject == "contract" else None
    about = contract.number if contract else company.name if company else one.of
    return wording.facts(about, one.parts, one.since, lang)


_sms, _mail = staffed.posts(wording.TEXTS, _facts)


def actor_on(grant: Grant, one: Amendment) -> Actor:
    """Who a grant's holder is on an amendment, if it reaches it now. Raises NoAccess."""
    office = grant.kind == "staff" and access.role_of(grant) is Role.OFFICE and covers(grant.team, one.place)
    if not office or not dispatch.is_active(grant.holder, grant.team):
        raise NoAccess
    return Actor(grant.holder, Role.OFFICE, grant.id)


def _desks() -> Sequence[str]:
    projects = places.several(child.id for child in places.children(GROUP)).values()
    return sorted({office_of(project.as_fact()) for project in projects})


def _comes(one: Amendment, at: datetime) -> Command | None:
    """Its day: it takes effect, unless what it changes is no longer as it was."""
    begins = one.begins(policy_for(one.place).zone)
    return Command("apply", SYSTEM, {"stands": amending.stands(one)}) if begins and begins <= at else None


def _joins(before: Any, after: Amendment, events: Sequence[Event], numbers: Policy, head: Row) -> Sequence[Write]:
    return amending.writes(after) if any(event.kind == "applied" for event in events) else ()


def _opens(one: Amendment, at: datetime) -> bool:
    """Who left with it lets go of what he had."""
    if one.state == "applied" and (gone := amending.left(one)):
        leaving.release(gone, at)
    return False


def _none(*_: Any) -> None:
    return None


SERVICE = RecordService(
    kind=AMENDMENTS,
    moment=lambda due, one, at: Command("apply", SYSTEM),
    hands=lambda due: "",
    recipients=_recipients,
    recipient=_recipient,
    link=_none,
    grants=_none,
    sms=_sms,
    mail=_mail,
    actor_on=actor_on,
    path=lambda grant: "b",
    desks=_desks,
    comes=_comes,
    opens=_opens,
    joins=_joins,
)
register(SERVICE)
