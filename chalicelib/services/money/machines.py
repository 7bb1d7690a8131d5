"""Keys for the machines of finance: made, rotated and revoked by an operator; each is of one entity and of some verbs.

read         batches and their files            settle   settlements back in
acknowledge  that a batch is in the books

None approves or seals. A key reads like `bx_<32 letters>`; whoever has it is that machine, so it is shown once.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.store import machines
from chalicelib.store.machines import Machine
from chalicelib.store.table import Conflict

VERBS = ("read", "acknowledge", "settle")
PREFIX = "bx_"
LETTERS = 43  # 256 bits
TRIES = 5


class Taken(Exception):
    """The entity has a key of this name already."""


class Unknown(Exception):
    """The entity has no such key, or it is revoked."""


def make(entity: str, name: str, verbs: frozenset[str], at: datetime) -> str:
    """A new key. Raises Taken; ValueError for a verb that is none."""
    if not verbs or verbs - set(VERBS):
        raise ValueError("verbs")
    if machines.named(entity, name):
        raise Taken(name)
    key = _new()
    try:
        machines.put(Machine(name, entity, verbs, hash=hash_of(key)), at)
    except Conflict as lost:
        raise Taken(name) from lost
    return key


def rotate(entity: str, name: str, at: datetime) -> str:
    """A new key in the place of one; the one before opens nothing any more. Raises Unknown."""
    known = _known(entity, name)
    key = _new()
    try:
        machines.put(Machine(name, entity, known.verbs, hash=hash_of(key)), at, before=known.hash)
    except Conflict as lost:  # somebody else rotated or revoked it
        raise Unknown(name) from lost
    return key


def revoke(entity: str, name: str) -> None:
    """Raises Unknown."""
    for _ in range(TRIES):
        try:
            machines.revoke(_known(entity, name))
            return
        except Conflict:  # rotated meanwhile: the new key goes
            continue
    raise Unknown(name)


def opened_by(key: str) -> Machine | None:
    """The machine whose key it is; None for none. One call."""
    right = key.startswith(PREFIX) and len(key) == len(PREFIX) + LETTERS
    return machines.opened_by(hash_of(key)) if right else None


def actor_of(machine: Machine) -> Actor:
    """Who it is in the records."""
    return Actor(f"machine:{machine.entity}/{machine.name}", Role.FINANCE, channel="api")


def hash_of(key: str) -> str:
    """What the table keeps of a key: 256 random bits need no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


def _known(entity: str, name: str) -> Machine:
    found = machines.named(entity, name)
    if found is None or not found.live:
        raise Unknown(name)
    return found


def _new() -> str:
    return PREFIX + secrets.token_urlsafe(32)
