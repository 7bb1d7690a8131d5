"""Codes where an SMS may carry no link, and a new link for who lost theirs.

    code        eight digits, derived from the message it came with; opens once, within 72 hours, with its phone
    new link    goes to the address that the report was made with, never to one that is typed

Whoever asks learns nothing: a wrong, used or expired code is refused alike, and any number gives the same answer.
Tries are counted by the address and phone together, so nobody's wrong codes stop anybody else's right one. Over all
addresses a phone takes 2,000 tries a day, 8,000 in a code's life: one in 12,500 for each code alive. Codes of six
digits were sent before and live out their time under the numbers made for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.domain.record.number import parse_number
from chalicelib.domain.record.phone import compared
from chalicelib.domain.record.text import plain
from chalicelib.domain.ticket.lifecycle import Command
from chalicelib.domain.ticket.ticket import Actor, Role
from chalicelib.services.access import access
from chalicelib.services.record import record
from chalicelib.services.ticket.report import Slowed
from chalicelib.store import grants, throttles, tickets
from chalicelib.store.grants import Grant

DIGITS = 8
STRANGER = Actor("system", Role.SYSTEM)  # whoever asks for a link is nobody to the ticket
VALID = timedelta(hours=72)
# What is counted, seconds, how often: wrong codes, and new links. The address first: who is stopped there stops nobody.
TRIES = (("address", 900, 20), ("pair", 900, 5), ("pair", 86400, 30), ("phone", 86400, 2000))
SHORT_TRIES = (("address", 900, 20), ("short", 900, 5), ("short", 86400, 30))
LINKS = (("address", 900, 10), ("number", 3600, 3), ("number", 86400, 6))


class WrongCode(Refused):
    """Wrong, used or expired: nobody is told which."""

    def __init__(self) -> None:
        super().__init__("code_wrong")


class TooOften(Slowed):
    """Too many tries for now. `wait`: seconds."""

    def __init__(self, wait: int) -> None:
        Refused.__init__(self, "slowed", wait=wait)


def code_of(ticket_id: str, message: str) -> str:
    """The code of a message: the same however often it is delivered."""
    digest = hashlib.sha256(access.hidden("code", f"{ticket_id}/{message}").encode()).digest()
    return str(int.from_bytes(digest[:8], "big") % 10**DIGITS).zfill(DIGITS)


def keep(phone: str, code: str, grant: Grant, at: datetime, valid: timedelta = VALID) -> None:
    """Let phone and code open what the grant opens. Repeating neither renews a code nor revives a used one."""
    code_hash = _hashes(phone, code)[0]
    known = grants.code(code_hash)
    if known and known[0] == grant.id and known[2] > at.timestamp():
        return
    expires = int((at + valid).timestamp())
    grants.put_code(code_hash, grant.id, access.hash_of(access.token_to_send(grant)), expires)


def redeem(phone: str, code: str, address: str, at: datetime) -> Grant:
    """The grant that phone and code open; the code is used up. Raises Invalid, TooOften, WrongCode."""
    phone, code = compared(phone), "".join(c for c in plain(code) if c in "0123456789")
    if not phone:
        raise Invalid("phone", "phone_form")
    if not code:
        raise Invalid("code", "required")
    keys = {"phone": phone, "address": address, "pair": f"{address}/{phone}", "short": phone}
    tries = TRIES if len(code) == DIGITS else SHORT_TRIES
    count("code", tries, keys, at)
    for code_hash in _hashes(phone, code):
        known = grants.code(code_hash)
        if known is not None and known[2] > at.timestamp():
            break
    else:
        raise WrongCode
    grant = grants.get(known[1])
    if grant is None or not grants.use_code(code_hash):
        raise WrongCode
    for purpose, seconds, _ in tries:  # a right code is no guess: who opens many tickets is not slowed
        throttles.take_back(f"code-{purpose}", access.hidden(purpose, keys[purpose]), at, seconds)
    return grant


def send_again(number: str, address: str, at: datetime) -> None:
    """Send the reporter of the ticket with this number a new message with their link, if there is such a ticket.

    Raises Invalid, TooOften. The request is an event of the ticket, told like any other.
    """
    parsed = parse_number(number)
    if parsed is None:
        raise Invalid("number", "number_form" if number.strip() else "required")
    count("link", LINKS, {"number": parsed, "address": address}, at)
    ticket_id = tickets.by_number(parsed)
    if ticket_id is None:
        return
    record.perform(Command("ask_link", STRANGER), ticket_id, at)


def _hashes(phone: str, code: str) -> list[str]:
    """Under the key in force, then under those before it."""
    return access.ever_hidden("phone-code", f"{compared(phone)}/{code}")


def count(what: str, limits: Sequence[tuple[str, int, int]], values: dict[str, str], at: datetime) -> None:
    """Count a try under each key. Raises TooOften."""
    for purpose, seconds, limit in limits:
        key_hash = access.hidden(purpose, values[purpose])
        if not throttles.allowed(f"{what}-{purpose}", key_hash, at, seconds, limit):
            raise TooOften(seconds)
