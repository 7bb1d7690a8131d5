"""What somebody wants of a record, before it was decided. The same for every kind of record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.event import Actor, Event
from chalicelib.domain.record.roles import Role

LOOKED_UP = frozenset({"team", "device"})  # for the person, and of what they hold
MARKED = "~"  # between the sender's key and the mark of what was asked under it


class Eventful(Protocol):
    @property
    def events(self) -> tuple[Event, ...]: ...


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants. `data`: facts; `said`: personal words, keys of photos and signatures.

    `key`: the sender's own, the same however often it is sent. `mark`: of what was asked under it; what is looked up
    for it afterwards (a team, who is on duty) does not change it.
    """

    name: str
    by: Actor
    data: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    correlation: str = ""
    cause: str = ""
    mark: str = ""

    def __post_init__(self) -> None:
        if self.key and not self.mark and self.by.role is not Role.SYSTEM:
            object.__setattr__(self, "mark", _mark(self))


def _mark(command: Command) -> str:
    """Six letters of a digest: enough to tell two contents apart, too few to guess words by."""
    said = {k: v for k, v in command.said.items() if k != "entered"}  # which grows while it lies on the phone
    data = {k: v for k, v in command.data.items() if k not in LOOKED_UP}
    asked = json.dumps([command.name, data, said], sort_keys=True, default=str)
    return hashlib.blake2b(asked.encode("utf-8", "replace"), digest_size=3).hexdigest()


def made_already(record: Eventful, command: Command) -> bool:
    """Whether this very command is in already. Raises IllegalMove where its key came with another one."""
    key = command.key
    known = [e.key.partition(MARKED)[2] for e in record.events if key and e.key.partition(MARKED)[0] == key]
    if known and command.mark and known[0] and known[0] != command.mark:
        raise IllegalMove("key_used")
    return bool(known)


def event_of(
    kind: str, data: Mapping[str, Any], command: Command, at: datetime, policy: str, *, first: bool = True
) -> Event:
    """An event that a command makes. The `first` of them carries its key and what was said."""
    key = f"{command.key}{MARKED}{command.mark}" if command.mark else command.key
    return Event(
        kind=kind,
        at=at,
        by=command.by.id,
        role=command.by.role,
        data=data,
        said=command.said if first else {},
        channel=command.by.channel,
        grant=command.by.grant,
        key=key if first else "",
        policy=policy,
        cause=command.cause,
        correlation=key if command.correlation == command.key else command.correlation,
    )
