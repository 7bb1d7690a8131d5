"""Links and codes: who holds one, what it opens, and when it is dead.

    grant id                        kind     opens                       dead when
    own/<ticket>                    own      the reporter's ticket       the ticket was erased
    ticket/<ticket>/<person>        ticket   one ticket, for a person    the person is off the ticket and off its desk,
                                                                         or works here no more
    staff/<person>                  staff    all that is theirs          the person is not active, or got a new one
    phone/<hash>                    phone    what belongs to a phone     a day is over

A token is 128 bits of HMAC(key, grant id, generation): it can be derived again whenever it must be sent, and the table
keeps only its hash. Hashes of phones use the same key, so that the table can't be searched for numbers from outside.

After a change of the key, what is made is made with the new one, and what the ones before made is still known: a link
opens by its hash, a phone or code is looked up under each, and who is sent a new link has it beside the old.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.adapters.settings import settings
from chalicelib.domain.record import roles
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.ticket import Actor, Ticket
from chalicelib.services.ticket import dispatch
from chalicelib.store import grants, throttles
from chalicelib.store.grants import Grant

SHORTEST_KEY = 32
A_DAY = timedelta(days=1)
TOKEN_LETTERS = 22
TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LETTERS}}}")
WRONG_SECONDS, WRONG_LINKS = 600, 40  # so many wrong links an address may open in that time


class NoAccess(Refused):
    """Wrong, expired, revoked or foreign: nobody is told which."""

    def __init__(self) -> None:
        super().__init__("no_access")


class PassedOn(NoAccess):
    """A link of somebody who had the ticket and has it no more. `why`: as `domain/ticket/standing.py` says."""

    def __init__(self, number: str, why: str) -> None:
        super().__init__()
        self.number, self.why = number, why


def _macs(text: str) -> list[bytes]:
    """Under the key in force, then under those before it.

    Raises RuntimeError without a key: whoever knows what stands in its place could derive every link.
    """
    keys = settings().grant_keys
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise RuntimeError(f"GRANT_KEY is missing, or shorter than {SHORTEST_KEY} letters")
    return [hmac.digest(key, text.encode(), "sha256") for key in keys]


def hash_of(token: str) -> str:
    """What the table keeps of a token."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:18]).decode()


def hidden(kind: str, value: str) -> str:
    """A keyed hash of something personal (phone, address), to look it up or count it without keeping it."""
    return ever_hidden(kind, value)[0]


def ever_hidden(kind: str, value: str) -> list[str]:
    """The same under every key there was: what is stored may have been hidden under any."""
    return [base64.urlsafe_b64encode(mac[:15]).decode() for mac in _macs(f"{kind}/{value}")]


def own_grant(ticket_id: str) -> Grant:
    return Grant(id=f"own/{ticket_id}", kind="own", holder="reporter", record=ticket_id)


def ticket_grant(ticket_id: str, person: str, team: str = "") -> Grant:
    """`team`: the property desk or warranty office of the ticket, for whoever is on it; good while they are."""
    return Grant(id=f"ticket/{ticket_id}/{person}", kind="ticket", holder=person, record=ticket_id, team=team)


def staff_grant(person: str, team: str, generation: int) -> Grant:
    return Grant(id=f"staff/{person}", kind="staff", holder=person, team=team, generation=generation)


def token(grant: Grant) -> str:
    """22 letters, 128 bits."""
    return ever_tokens(grant)[0]


def ever_tokens(grant: Grant) -> list[str]:
    """The tokens under every key there was: links with any of them may be in somebody's hands."""
    macs = _macs(f"grant/{grant.id}/{grant.generation}")
    return [base64.urlsafe_b64encode(mac[:16]).decode().rstrip("=") for mac in macs]


def token_to_send(grant: Grant) -> str:
    """The token for a link that goes out now. After a change of the key, it opens what an older one opens."""
    now, *before = ever_tokens(grant)
    if before and grants.get(hash_of(now)) is None and any(grants.get(hash_of(old)) for old in before):
        grants.put(grant, hash_of(now))
    return now


def revoke(grant: Grant) -> None:
    """Kill every link of a grant, whichever key it was derived with."""
    for text in ever_tokens(grant):
        grants.revoke(hash_of(text))


def deaden(grant: Grant, at: datetime) -> None:
    """Kill every link of a grant where nothing may be deleted: what is left opens nothing, and is gone in a day."""
    gone = replace(grant, kind="dead", expires=int((at + A_DAY).timestamp()))
    for text in ever_tokens(grant):
        grants.put(gone, hash_of(text))


def open_link(token_text: str) -> Grant:
    """The grant behind a token. One read. Raises NoAccess."""
    if not TOKEN.fullmatch(token_text):
        raise NoAccess
    grant = grants.get(hash_of(token_text))
    if grant is None:
        raise NoAccess
    return grant


def guesses(address: str, at: datetime) -> bool:
    """Count a wrong link of an address; whether it opened too many lately."""
    return not throttles.allowed("wrong", hidden("address", address), at, WRONG_SECONDS, WRONG_LINKS)


def role_of(grant: Grant) -> Role:
    """The role that the team of a person's own link gives. Raises NoAccess where there is no such team."""
    role = roles.role_in(grant.team)
    if role is None:
        raise NoAccess
    return role


def answering(ticket: Ticket) -> list[str]:
    """The teams of which anybody may open a ticket by a link to it that names the team: its property desk, its warranty
    office, and the developer desk, which is told in place of an office that has nobody."""
    above = [roles.office_of(ticket.place), roles.desk_of(2, ticket.place)] if ticket.place.get("subsidiary") else []
    return [ticket.desk, *above]


def actor_on(grant: Grant, ticket: Ticket) -> Actor:
    """Who the grant's holder is on a ticket, if the grant reaches it now. Raises NoAccess.

    What is only kept until it may be erased is the warranty office's to read, and nobody else's.
    """
    actor = _actor_on(grant, ticket)
    if ticket.held and actor.role is not Role.OFFICE:
        raise NoAccess
    return actor


def _actor_on(grant: Grant, ticket: Ticket) -> Actor:
    if grant.kind == "own":
        if grant.record == ticket.id:
            return Actor("reporter", Role.OWNER, grant.id)
    elif grant.kind == "ticket":
        on_desk = grant.team in answering(ticket) and any(
            s.id == grant.holder and s.person.active for s in dispatch.roster(grant.team)
        )
        if grant.record == ticket.id and (ticket.stands(grant.holder) or on_desk):
            level = next((n for n, who in ticket.watchers.items() if who == grant.holder), 0)
            role = roles.at_level(level) or roles.role_in(grant.team if on_desk else ticket.team)
            role = Role.DESK if not level and not on_desk and ticket.at_desk else role
            # Whatever the state: what was done or closed by somebody who left is no more theirs to read than the rest.
            if role is None or (not on_desk and not dispatch.is_active(grant.holder, ticket.team)):
                raise NoAccess
            return Actor(grant.holder, role, grant.id)
    elif grant.kind == "staff":
        role = role_of(grant)
        ours = role is Role.DEPARTMENT and grant.team == ticket.team
        company = roles.company_of(ticket.team) if role in roles.CONTACTS else ""
        ours = ours or (bool(company) and company == roles.company_of(grant.team))
        on_it = ours or ticket.stands(grant.holder) or roles.covers(grant.team, ticket.place)
        if on_it and dispatch.is_active(grant.holder, grant.team):
            return Actor(grant.holder, role, grant.id)
    raise NoAccess
