"""What services know of a kind of record: whom it reaches and tells, what it is owed, what goes when it is erased.

A kind that ships is a row in SHIPPED and is imported when it is first asked for; any other registers itself.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record import kinds
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Actor, Event
from chalicelib.domain.record.keeping import Reason
from chalicelib.domain.record.kinds import RecordKind
from chalicelib.domain.record.reference import parts, reference
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.table import Row, Write

SHIPPED: Mapping[str, str] = {
    "TICKET": "chalicelib.services.ticket.serving",
    "CASE": "chalicelib.services.contractor.serving",
    "AMENDMENT": "chalicelib.services.contractor.amendments",
    "COMPENSATION": "chalicelib.services.warranty.compensating",
    "DEDUCTION": "chalicelib.services.money.serving",
    "BATCH": "chalicelib.services.money.batches",
    "RELEASE": "chalicelib.services.money.releases",
    "FINDING": "chalicelib.services.money.auditing",
    "SURVEY": "chalicelib.services.measures.surveying",
    "SCORE": "chalicelib.services.measures.scoring",
    "ACTION": "chalicelib.services.measures.improving",
    "MONTHLY": "chalicelib.services.measures.monthly",
}
WAYS = frozenset({"phone", "email"})


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads a message. Personal. `sure`: the ways whose address is not just a stranger's word (`ceilings.py`)."""

    name: str
    phone: str
    email: str
    lang: str
    owner: bool = False
    sure: frozenset[str] = WAYS


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it is read. `parameters`: what a provider that sends by registered templates fills in."""

    text: str
    subject: str = ""
    parameters: Mapping[str, str] | None = None


def _as_it_is(command: Command, record: Any, at: datetime) -> Command:
    return command


def _nothing(*_: Any) -> tuple[()]:
    return ()


def _none(*_: Any) -> None:
    return None


def _no(*_: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class RecordService:
    """A kind's answers. What has a default, a simple kind does without."""

    kind: RecordKind
    # (moment, record, at) → the system's command that records it; `level` in its facts: told to that level
    moment: Callable[[Any, Any, datetime], Command]
    # whoever must act on a moment that goes to no level: told once, however many moments come together
    hands: Callable[[Any], str]
    # (telling, event, the record as the change left it, as it is now, at) → who is told: persons' ids, or a word
    recipients: Callable[[Telling, Event, Any, Any, datetime], Iterable[str]]
    # (record, whom) → the reader, with the addresses as they are now; None when there is nobody any more
    recipient: Callable[[Any, str], Recipient | None]
    # (record, message) → what the message's link opens; None for no link, or one that would be dead
    link: Callable[[Any, Message], Grant | None]
    # (record, message) → the grant to write before the message; None where it stands already
    grants: Callable[[Any, Message], Grant | None]
    # (record, message, reader, at, link, code, page) → an SMS; (record, message, reader, at, link) → an e-mail
    sms: Callable[[Any, Message, Recipient, datetime, str, str, str], Posted]
    mail: Callable[[Any, Message, Recipient, datetime, str], Posted]
    # who a grant's holder is on a record, if it reaches it now; raises NoAccess
    actor_on: Callable[[Grant, Any], Actor]
    # the page that a grant opens, below the public address
    path: Callable[[Grant], str]
    # the desks that every open record of the kind stands at one of
    desks: Callable[[], Sequence[str]]
    # (record, at) → the system's command for a moment that is no clock's, such as the end of a wait, once it has come
    comes: Callable[[Any, datetime], Command | None] = _none
    # whether a row of the table of tellings is meant for such a record at all
    suits: Callable[[Telling, Any], bool] = lambda telling, record: True
    # says to whoever may not open a record any more why that is, by raising a NoAccess of its own
    refused: Callable[[Grant, Any], None] = _none
    # a command with what only the world knows, such as who is on duty; may raise what is refused
    informed: Callable[[Command, Any, datetime], Command] = _as_it_is
    # moves that write more than one record: name → (command, reference, at, allow) → the record
    together: Callable[[str], Callable[..., Any] | None] = _none
    # makes what else the record is owed; whether the record changed with it. May run again
    opens: Callable[[Any, datetime], bool] = _no
    # the commands that the system owes it at once, such as giving it to somebody; after they were made:
    # (record as it was, as it is) → `given`
    owed: Callable[[Any, datetime], Sequence[Command]] = _nothing
    given: Callable[[Any, Any], None] = _none
    # a message that reached nobody → the command that notes it
    undelivered: Callable[[Message], Command | None] = _none
    # (record, the numbers until now, at) → the commands of a corrected schedule
    corrected: Callable[[Any, Policy, datetime], Sequence[Command]] = _nothing
    # (before, after, events, numbers, head) → writes of the change's own transaction, such as facts at its close
    joins: Callable[[Any, Any, Sequence[Event], Policy, Row], Sequence[Write]] = _nothing
    # (record, head) → whether what `joins` wrote had to be written anew. Raises Conflict where somebody wrote
    mends: Callable[[Any, Row], bool] = _no
    # (record, at) → how much of it was put right that no event says: whoever left lets go of it. Every night
    tidies: Callable[[Any, datetime], int] = lambda record, at: 0
    # with an erased record: others that go with it, keys of pictures that lie elsewhere, what opens nothing any more
    goes_with: Callable[[Any], Sequence[str]] = _nothing
    pictures: Callable[[Any], Sequence[str]] = _nothing
    # other records that show what is personal of it: held with it, erased once nothing that they show of is left
    shown_by: Callable[[Any], Sequence[str]] = _nothing
    # what a record shows of others
    shows: Callable[[Any], Sequence[str]] = _nothing
    opened_by: Callable[[Any], Sequence[Grant]] = _nothing
    # (record, at) → why what is personal of it has to be kept for a while
    keeps: Callable[[Any, datetime], Sequence[Reason]] = _nothing
    # whether nobody may wait: its messages are tried again sooner
    pressing: Callable[[Any], bool] = _no


_services: dict[str, RecordService] = {}


def register(service: RecordService) -> None:
    """Make a kind known, to the domain too. The same prefix again replaces it."""
    kinds.register(service.kind)
    _services[service.kind.prefix] = service


def forget(prefix: str) -> None:
    """Know a kind no more."""
    kinds.forget(prefix)
    _services.pop(prefix, None)


def of(named: str) -> RecordService:
    """What services know of a record's kind. Raises KeyError where nobody has registered it."""
    prefix = parts(named)[0]
    if prefix not in _services and prefix in SHIPPED:
        importlib.import_module(SHIPPED[prefix])
    return _services[prefix]


def every() -> list[RecordService]:
    """All kinds, in a fixed order."""
    return [of(reference(prefix, "")) for prefix in kinds.known()]
