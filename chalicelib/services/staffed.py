"""What kinds of records that staff and companies work on answer the mechanism alike: who reads, by which link, in whose
hands a moment is, who of the warranty office is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from chalicelib.adapters.metrics import ring
from chalicelib.adapters.settings import settings
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record import roles
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM, Actor
from chalicelib.domain.record.promise import Due, Step
from chalicelib.domain.record.roles import ROLES, Role, desk_of, office_of
from chalicelib.language.text import Text
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record.registry import Posted, Recipient
from chalicelib.services.ticket import dispatch
from chalicelib.store import people, places
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.places import GROUP
from chalicelib.store.table import iso

DEVELOPER = 2  # the level that answers where a kind has no ladder of its own


class Named(Protocol):
    """What is asked of a record."""

    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=Named)


def moment(due: Due, in_hand: Callable[[str], str], above: Callable[[int], str], **more: Any) -> Command:
    """The command that records a moment. `in_hand`: whose turn → the person; `above`: who answers at a level.

    `more`: facts of what climbs.
    """
    its, clock, rule = due.moment, due.promise.clock, due.promise.rule
    turn = rule.hands if rule else ""
    data: dict[str, Any] = {"moment": its.key, "clock": due.promise.name}
    if its.kind == "warning":
        return Command("warn", SYSTEM, data | {"person": in_hand(turn), "fraction": its.which})
    if its.kind == "deadline":
        late = iso(clock.due_at or its.at)
        return Command("breach", SYSTEM, data | {"person": in_hand(turn), "deadline": late})
    if its.kind == "level":
        level = its.which if isinstance(its.which, int) else DEVELOPER
        return Command("escalate", SYSTEM, data | more | {"level": level, "person": above(level)})
    level = max((n for n, _ in due.promise.levels), default=DEVELOPER)
    return Command("remind", SYSTEM, data | {"level": level, "person": above(level)})


def hands(due: Due) -> str:
    """Whoever must act, told once of all moments that come together."""
    rule = due.promise.rule
    return f"whoever must act: {rule.hands if rule else due.promise.name}"


def comes(step: Callable[[Any, Policy], Step | None]) -> Callable[[Any, datetime], Command | None]:
    """The system's command for what a kind waits for besides its clocks, once that has come."""

    def command(one: Any, at: datetime) -> Command | None:
        from chalicelib.services.record.numbers import policy_for

        ahead = step(one, policy_for(one.place))
        return Command(ahead.name, SYSTEM) if ahead and ahead.at <= at else None

    return command


def undelivered(message: Message) -> Command:
    """The command that notes a message which reached nobody."""
    facts = {"message": message.sk, "template": message.template, "to": message.to}
    return Command("note_failed_message", SYSTEM, facts, key=f"failed/{message.sk}")


def posts(
    texts: Mapping[str, Text], facts: Callable[[Any, str], Mapping[str, str]]
) -> tuple[Callable[..., Posted], Callable[..., Posted]]:
    """The SMS and the e-mail of a kind whose messages name plain facts, the same in both. `facts`: (record, lang)."""

    def sms(one: Any, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
        from chalicelib.language.wording import sms_of

        known, signed = facts(one, to.lang), settings().sms_signature
        text = sms_of(texts[message.template], known, to.lang, signed, link=link, code=code, page=page)
        carried = {"link": link, "code": code}
        return Posted(text, parameters={**known, **{name: value for name, value in carried.items() if value}})

    def mail(one: Any, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
        from chalicelib.language.wording import mail_of

        known, signed = facts(one, to.lang), settings().sms_signature
        letter = mail_of(texts[message.template], known, to.lang, signed, to.name, link)
        return Posted(letter.body, letter.subject)

    return sms, mail


def recipient(one: Any, to: str) -> Recipient | None:
    """Whoever it goes to, with the addresses as they are now; None when there is nobody any more."""
    staff = people.get(to)
    if staff is None or not staff.person.active:
        return None
    return Recipient(staff.person.name, staff.phone, "" if staff.phone else staff.email, staff.lang)


def link(
    kind: str, team_of: Callable[[R, str], str], actor_on: Callable[[Grant, R], Actor]
) -> Callable[[R, Message], Grant | None]:
    """What a message's link opens: the one record, for its reader; None for no link, or one that is dead by now."""

    def opens(one: R, message: Message) -> Grant | None:
        if message.link != kind:
            return None
        grant = access.ticket_grant(one.id, message.to, team_of(one, message.to))
        try:
            actor_on(grant, one)
        except NoAccess:
            return None
        return grant

    return opens


def team_among(teams: Iterable[str], person: str) -> str:
    """The first of the teams that somebody works on; "" for none. From rosters that are kept."""
    return next((t for t in teams if any(s.id == person and s.person.active for s in dispatch.roster(t))), "")


def actor(grant: Grant, one: Named, place: Mapping[str, str], reaches: Callable[[Role, str], bool]) -> Actor:
    """Who a grant's holder is on a record, if it is of a place that they answer for, or they reach it otherwise.

    `reaches`: (role, company, "" for none) → whether. Raises NoAccess.
    """
    if grant.kind not in ("staff", "ticket") or (grant.kind == "ticket" and grant.record != one.id):
        raise NoAccess
    role = access.role_of(grant)
    may = roles.covers(grant.team, place) or reaches(role, roles.company_of(grant.team) or "")
    if not may or not dispatch.is_active(grant.holder, grant.team):
        raise NoAccess
    return Actor(grant.holder, role, grant.id)


def path(grant: Grant) -> str:
    """A link to one record begins where its holder's own pages do; the desks see it as the warranty office does."""
    role = access.role_of(grant)
    return ROLES[role if role in roles.OUTSIDE else Role.OFFICE].home.strip("/")


def at_office(place: Mapping[str, str], at: datetime, without: frozenset[str] = frozenset()) -> str:
    """Who of a place's warranty office has it: on duty, else the first there; the developer desk where nobody is."""
    team = office_of(place)
    there: Sequence[str] = [s.id for s in dispatch.roster(team) if s.person.active and s.id not in without]
    found = dispatch.on_duty(team, at, without) or next(iter(there), "")
    if not found:
        ring("NobodyAtLevel")
    return found or at_developer_desk(place, at)


def at_developer_desk(place: Mapping[str, str], at: datetime) -> str:
    """Who answers there; a desk without people leaves it to the next one up, else down. "" where nobody works."""
    levels = (DEVELOPER, DEVELOPER + 1, DEVELOPER - 1)
    return next((who for level in levels if (who := dispatch.somebody(desk_of(level, place), at))), "")


def offices() -> Sequence[str]:
    """Both lists of the warranty office of every subsidiary that has a project, in a fixed order."""
    from chalicelib.domain.contractor.heading import beside

    projects = [places.get(child.id) for child in places.children(GROUP) if child.kind == "project"]
    named = {office_of(project.as_fact()) for project in projects if project}
    return sorted({desk for office in named for desk in (office, beside(office))})
