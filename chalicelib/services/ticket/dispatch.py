"""Routing: who gets a ticket now. Rosters are kept for a minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.adapters.metrics import ring
from chalicelib.domain.record import roles
from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.record.roles import company_of, desk_of, is_department
from chalicelib.domain.ticket.command import HANDS
from chalicelib.domain.ticket.complaining import hears
from chalicelib.domain.ticket.lifecycle import Command, legal
from chalicelib.domain.ticket.promises import may_climb, promises
from chalicelib.domain.ticket.routing import candidates, choose, rule_for, team_of
from chalicelib.domain.ticket.ticket import SYSTEM, Ticket
from chalicelib.domain.ticket.trade import GATED
from chalicelib.services.recent import Recent
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import people, tickets
from chalicelib.store.people import Staff

KEEP_SECONDS = 60
JUDGED = frozenset({"find", "correct_finding", "appraise", "decide_liability"})
_rosters: Recent[list[Staff]] = Recent(KEEP_SECONDS, most=500)
_open: Recent[int] = Recent(KEEP_SECONDS, most=2000)
_active: Recent[bool] = Recent(KEEP_SECONDS, most=2000)


def roster(team: str) -> list[Staff]:
    """Who is on a team or desk; at most a minute old."""
    return _rosters.get(team, lambda: people.team(team))


def forget() -> None:
    """Read the rosters anew."""
    for kept in (_rosters, _open, _active):
        kept.forget()


def forget_person(person: str, team: str) -> None:
    """Read anew whether somebody works here: this process has just changed it."""
    _rosters.drop(team)
    _active.drop(person)


def is_active(person: str, team: str = "") -> bool:
    """Whether somebody works here; at most a minute old. By the roster of `team`, mostly kept, if they are on it."""
    listed = next((s for s in roster(team) if s.id == person), None) if team else None
    if listed:
        return listed.person.active

    def read() -> bool:
        staff = people.get(person)
        return staff is not None and staff.person.active

    return _active.get(person, read)


def open_work(person: str, at: datetime) -> int:
    """How much a person holds: counted once a minute, and what is given to them here in between."""
    return _open.get(person, lambda: tickets.count_held_by(person), at.timestamp())


def given(person: str) -> None:
    """The person was given one more ticket."""
    _open.change(person, lambda held: held + 1)


def on_duty(team: str, at: datetime, without: frozenset[str] = frozenset(), skill: str = "") -> str:
    """Whoever is on duty in a team (with the skill) and has the least open work; "" when nobody is."""
    found = candidates((s.person for s in roster(team)), at, skill, without)
    if len(found) == 1:
        return found[0].id
    chosen = choose(found, {p.id: open_work(p.id, at) for p in found})
    return chosen.id if chosen else ""


def somebody(team: str, at: datetime) -> str:
    """Who has something that is a whole team's: on duty, with the least open work; else the first there, or ""."""
    return on_duty(team, at) or next((s.id for s in roster(team) if s.person.active), "")


def at_level(level: int, ticket: Ticket, at: datetime) -> str:
    """Who answers at a level now. Whoever there has it or knows it, if on duty; at night the first of the desk.

    A desk without people rings and the next one up answers, else the next one down: "" only where nobody works at all.
    """
    known = ticket.watchers.get(level, "") or (ticket.holder if level == 1 and ticket.at_desk else "")
    for other in (level, *range(level + 1, 4), *range(level - 1, 0, -1)):
        desk = desk_of(other, ticket.place)
        staff = [s.person for s in roster(desk) if s.person.active]
        if any(p.id == known and p.on_duty(at) for p in staff):
            return known
        if staff:
            return on_duty(desk, at) or staff[0].id
        ring("NobodyAtLevel")
    return ""


def teams(project: str, *, work: bool = True) -> Sequence[str]:
    """The teams of a project that rules send work to, and its desk: whoever may be given a ticket.

    What nobody comes for (`work`) is answered by a desk alone; a complaint is relayed to others.
    """
    rules = policy_for({"project": project}).rules if work else ()
    return [*sorted({f"{project}/{rule.team}" for rule in rules if rule.team}), f"{project}/desk"]


def working_team(person: str, project: str, *, work: bool = True) -> str:
    """The team of somebody who may be given a ticket of the project. Raises Invalid."""
    for team in teams(project, work=work):
        if any(s.id == person and s.person.active for s in roster(team)):
            return team
    raise Invalid("person", "unknown")


def informed(command: Command, ticket: Ticket, at: datetime) -> Command:
    """A command with what only the rosters know: the team of who is assigned, who answers where it climbs
    to, who has it in the department that it is relayed to.

    Raises Invalid for somebody who works elsewhere and for a department without people, IllegalMove where no clock is
    breached.
    """
    if ticket.knows(command.key):
        return command
    if command.name in JUDGED:
        from chalicelib.services.ticket import papers
        from chalicelib.services.warranty import judging

        if command.name == "appraise":
            command = papers.informed(command, ticket.id, legal(ticket, "appraise", command.by.role))
        return judging.informed(command, ticket)
    if command.name == "assign" and command.data.get("person") and legal(ticket, "assign", command.by.role):
        team = working_team(str(command.data["person"]), ticket.place.get("project", ""), work=ticket.is_work)
        return replace(command, data={**command.data, "team": team})
    if command.name == "climb":
        if not may_climb(ticket, promises(ticket, policy_for(ticket.place)), at):
            raise IllegalMove("not_late_yet")
        level = command.data.get("level", ticket.level + 1)
        person = at_level(level, ticket, at) if level in (2, 3) else ""
        return replace(command, data={**command.data, "level": level, "person": person})
    if command.name == "relay" and legal(ticket, "relay", command.by.role):
        found = _relayed_to(str(command.data.get("to", "")), ticket.place.get("project", ""), at)
        return replace(command, data={**command.data, **found})
    if command.name == "confirm" and command.data.get("satisfied") is False:
        return replace(command, data={**command.data, "person": at_level(hears(ticket), ticket, at)})
    return command


def _relayed_to(code: str, project: str, at: datetime) -> dict[str, str]:
    """The department, and who has it there. Raises Invalid where there is none, or nobody."""
    from chalicelib.services.ticket import departments

    department = departments.named(code, project)
    if department is None:
        raise Invalid("to", "required")
    team = roles.department(project, department.code)
    person = somebody(team, at)
    if not person:
        raise Invalid("to", "nobody_there")
    return {"to": department.code, "name": department.name, "team": team, "person": person}


def route(ticket: Ticket, at: datetime) -> Command:
    """The command that gives the ticket to somebody. No rule or nobody on duty: the property desk, and an alarm."""
    if is_department(ticket.team) and (colleague := somebody(ticket.team, at)):  # who had it there works here no more
        return Command("route", SYSTEM, {"team": ticket.team, "person": colleague, "rule": "department"})
    if theirs := _of_company(ticket):
        return theirs
    if _waits_for_third_party(ticket):
        return Command("route_to_desk", SYSTEM, {"team": ticket.desk, "person": at_level(1, ticket, at), "rule": GATED})
    numbers = policy_for(ticket.place)
    rule = rule_for(ticket, numbers)
    name = rule.name if rule else "no-rule"
    if rule and (rule.team or not ticket.is_work):
        team = team_of(rule, ticket.place)
        category = numbers.categories.get(ticket.category)
        skill = category.trade if category and rule.team and category.trade != "general" else ""
        person = on_duty(team, at, ticket.declined_by | ticket.passed_over, skill)
        if person:
            return Command("route", SYSTEM, {"team": team, "person": person, "rule": name})
    if not (rule and rule.desk):
        ring("RoutedToDesk")
    return Command("route_to_desk", SYSTEM, {"team": ticket.desk, "person": at_level(1, ticket, at), "rule": name})


def _of_company(ticket: Ticket) -> Command | None:
    """To a contact of the company that has it, where somebody there gave it back and another has not done so."""
    company = company_of(ticket.team)
    if not company:
        return None
    name = "third_party" if roles.role_in(ticket.team) is roles.Role.THIRD_PARTY else "contractor"
    team = roles.company_team(company, name)
    gone = ticket.declined_by | ticket.passed_over
    person = next((s.id for s in roster(team) if s.person.active and s.id not in gone), "")
    return Command("route", SYSTEM, {"team": team, "person": person, "rule": "company"}) if person else None


def _waits_for_third_party(ticket: Ticket) -> bool:
    """Whether it was taken from a contractor so that a third party is engaged: no crew is sent meanwhile."""
    last = next((e for e in reversed(ticket.events) if e.kind in HANDS), None)
    return last is not None and last.kind == "taken_away" and last.data.get("cause") == GATED
