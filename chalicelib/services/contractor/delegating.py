"""Workers of a contractor 施工人员: made when somebody delegates to them by their phone, dead when taken back.

A worker's id follows from company and phone, so that the same one is the same person again. Name and phone stand with
the people, nowhere else; taken back from the last case, he is on no roster and his links open nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.settings import settings
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.lifecycle import legal
from chalicelib.domain.record import phone as phones
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import company_team
from chalicelib.domain.record.text import line
from chalicelib.domain.ticket.routing import Person
from chalicelib.services.access import access
from chalicelib.services.record import record
from chalicelib.services.ticket import dispatch
from chalicelib.store import people, tickets
from chalicelib.store.people import Staff
from chalicelib.store.table import Put, table

ALWAYS = dict.fromkeys(range(7), (0, 24 * 60))
MAX_NAME = 60
LETTERS = 12


def delegate(
    case: Case, name: str, phone: str, by: Actor, at: datetime, only: Sequence[str] = (), key: str = ""
) -> Case:
    """Give tickets of a case (`only` these; else all that are unfinished) to a worker; the case afterwards.

    Raises Invalid, NotAllowed, IllegalMove, Busy. May run again.
    """
    if not case.knows(key) and not (legal(case, "delegate", by.role) and case.taken_on):
        raise IllegalMove("illegal_move" if case.taken_on else "acknowledge_first", move="delegate")
    worker = _worker(case.company, name, phone)
    stands = people.get(worker.id)
    if stands is None or not stands.person.active:
        _put(worker)
    facts = {"person": worker.id, "tickets": list(only)}
    return _change(Command("delegate", by, facts, key=key, correlation=key), case.id, at)


def take_back(case: Case, person: str, by: Actor, at: datetime, key: str = "") -> Case:
    """Take the tickets of a case from a worker; his links to them are dead at once. May run again."""
    done = _change(Command("take_back", by, {"person": person}, key=key, correlation=key), case.id, at)
    retire(done, person, at)
    return done


def _change(command: Command, case: str, at: datetime) -> Case:
    done: Case = record.change(case, record.only(command), at)
    return done


def together(name: str) -> Callable[..., Case] | None:
    """What makes a move by which workers come and go; None for any other."""
    return {"delegate": _delegated, "take_back": _gone}.get(name)


def _delegated(command: Command, reference: str, at: datetime, allow: Callable[[Any], Actor] | None = None) -> Case:
    """To `person`, who works for the company already, or to who is said by `name` and `phone`."""
    case: Case = record.load(reference)
    by = allow(case) if allow else command.by
    only, person = command.data.get("tickets", ()), str(command.data.get("person", ""))
    if not person:
        said = command.said
        return delegate(case, str(said.get("name", "")), str(said.get("phone", "")), by, at, only, command.key)
    theirs = dispatch.roster(company_team(case.company, "workers"))
    if not any(one.id == person and one.person.active for one in theirs):
        raise Invalid("person", "required")
    return _change(replace(command, by=by), case.id, at)


def _gone(command: Command, reference: str, at: datetime, allow: Callable[[Any], Actor] | None = None) -> Case:
    case: Case = record.load(reference)
    by = allow(case) if allow else command.by
    return take_back(case, str(command.data.get("person", "")), by, at, command.key)


def retire(case: Case, person: str, at: datetime) -> bool:
    """Who works for a case no more reaches its tickets no more; without other work he is no worker at all.

    Whether anything was left to do. Nobody but a worker of the case's company is touched. May run again.
    """
    stands = people.get(person)
    if stands is None or stands.person.team != company_team(case.company, "workers") or not stands.person.active:
        return False
    for ticket in case.tickets:
        access.deaden(access.ticket_grant(ticket, person), at)
    held, _ = tickets.held_by(person)
    if all(one.id in case.tickets for one in held):
        access.deaden(access.staff_grant(person, stands.person.team, stands.link), at)
        name, phone = stands.person.name, stands.phone
        _put(_staff(person, name, phone, case.company, active=False, link=stands.link + 1))
    return True


def taken_back(case: Case) -> Sequence[str]:
    """Who worked for a case and does so no more."""
    return sorted({str(e.data["person"]) for e in case.events if e.kind == "taken_back"} - case.workers)


def _worker(company: str, name: str, phone: str) -> Staff:
    """Raises Invalid."""
    called = line(name)
    if not called or len(called) > MAX_NAME:
        raise Invalid("name", "required" if not called else "too_long", limit=MAX_NAME)
    try:
        number = phones.kept(phone, abroad=settings().sms_abroad)
    except phones.NoPhone as none:
        raise Invalid("phone", none.reason) from None
    if not phones.is_sent_to(number):
        raise Invalid("phone", "phone_form")
    for person in (f"{company}.w{hidden[:LETTERS]}" for hidden in access.ever_hidden("worker", f"{company}/{number}")):
        stands = people.get(person)
        if stands:
            return _staff(person, called, number, company, active=True, link=stands.link)
    now = access.hidden("worker", f"{company}/{number}")[:LETTERS]
    return _staff(f"{company}.w{now}", called, number, company, active=True, link=1)


def _staff(person: str, name: str, phone: str, company: str, *, active: bool, link: int) -> Staff:
    team = company_team(company, "workers")
    return Staff(Person(person, name, team, frozenset(), ALWAYS, active=active), phone, "", link=link)


def _put(staff: Staff) -> None:
    for row in people.rows_of(staff):
        table().write(Put(row))
    dispatch.forget_person(staff.id, staff.person.team)
