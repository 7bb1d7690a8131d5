"""What a link opens, and moves made through it. Two calls to see a record, three to move it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.record.reference import UNNAMED, parts
from chalicelib.domain.ticket.lifecycle import Command
from chalicelib.domain.ticket.ticket import Actor, Role, Ticket
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record import record, registry
from chalicelib.services.ticket import dispatch
from chalicelib.store.grants import Grant


@dataclass(frozen=True, slots=True)
class Opened:
    """A record as the link's holder may see it now."""

    grant: Grant
    actor: Actor
    record: Any

    @property
    def ticket(self) -> Ticket:
        """The record, where it is a ticket."""
        assert isinstance(self.record, Ticket)
        return self.record


def open_record(token: str, kinds: frozenset[str], reference: str = "", *, prefix: str = UNNAMED) -> Opened:
    """The record behind a link (`reference` where the link opens several). Raises NoAccess, whatever is wrong.

    `prefix`: of which kind it is where the page names none: a link to another kind opens nothing there.
    Who works here and had it hears that it was passed on.
    """
    grant = _grant(token, kinds)
    try:
        found = record.load(_named(grant, reference, prefix))
    except record.NotFound as none:
        raise NoAccess from none
    try:
        return Opened(grant, registry.of(found.id).actor_on(grant, found), found)
    except NoAccess:  # who was given it a moment ago, perhaps
        found = record.load(found.id, consistent=True)
        return Opened(grant, _actor_on(grant, found), found)


def open_ticket(token: str, kinds: frozenset[str], ticket_id: str = "") -> Opened:
    """The same for pages of tickets: a link to anything else opens nothing there. Raises NoAccess."""
    opened = open_record(token, kinds, ticket_id)
    if not isinstance(opened.record, Ticket):
        raise NoAccess
    return opened


def open_staff(token: str, roles: frozenset[Role]) -> Grant:
    """The grant behind a person's own link, for lists. One call. Raises NoAccess."""
    return staff(_grant(token, frozenset({"staff"})), roles)


def staff(grant: Grant, roles: frozenset[Role]) -> Grant:
    """The same of a link that is read already. Raises NoAccess."""
    theirs = grant.kind == "staff" and access.role_of(grant) in roles
    if not theirs or not dispatch.is_active(grant.holder, grant.team):
        raise NoAccess
    return grant


def open_phone(token: str, at: datetime) -> Grant:
    """The grant behind the link to what belongs to a phone. One call. Raises NoAccess."""
    grant = _grant(token, frozenset({"phone"}))
    if grant.expires <= at.timestamp():
        raise NoAccess
    return grant


def move(
    token: str,
    kinds: frozenset[str],
    name: str,
    at: datetime,
    *,
    reference: str = "",
    data: Mapping[str, Any] | None = None,
    said: Mapping[str, Any] | None = None,
    key: str = "",
    roles: frozenset[Role] = frozenset(Role),
    prefix: str = UNNAMED,
) -> Any:
    """Make a move through a link; the record afterwards. `key`: the page's own mark: what is sent twice counts once.

    `reference`: which record, where the link opens several; `prefix`: of which kind where it opens one.
    `roles`: of whose own link it may be.
    Raises NoAccess, and what the move raises.
    """
    grant = _grant(token, kinds)
    if grant.kind == "staff" and access.role_of(grant) not in roles:
        raise NoAccess
    nobody = Actor(grant.holder, Role.SYSTEM, grant.id)
    command = Command(name, nobody, data or {}, said or {}, key=key, correlation=key)
    try:
        return record.perform(
            command, _named(grant, reference, prefix), at, allow=lambda one: _actor_in(roles, grant, one)
        )
    except record.NotFound as none:
        raise NoAccess from none


def _actor_on(grant: Grant, one: Any) -> Actor:
    """Raises NoAccess, or what the kind says of it (PassedOn)."""
    service = registry.of(one.id)
    try:
        return service.actor_on(grant, one)
    except NoAccess:
        service.refused(grant, one)
        raise


def _actor_in(roles: frozenset[Role], grant: Grant, one: Any) -> Actor:
    """Raises NoAccess also where the link's holder has another role there than the page is for."""
    actor = _actor_on(grant, one)
    if actor.role not in roles:
        raise NoAccess
    return actor


def _named(grant: Grant, reference: str, prefix: str) -> str:
    """The record that is meant: a link to one opens no other, nor one of another kind. Raises NoAccess."""
    other = parts(grant.record)[0] != prefix if not reference else grant.record != reference
    if grant.record and other:
        raise NoAccess
    return grant.record or reference


def _grant(token: str, kinds: frozenset[str]) -> Grant:
    grant = access.open_link(token)
    if grant.kind not in kinds:
        raise NoAccess
    return grant
