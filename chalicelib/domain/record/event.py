"""What happened to a record, and who made it happen. The same for every kind of record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.record.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person's id (or `reporter`, `system`), in which role, under which grant, through which channel."""

    id: str
    role: Role
    grant: str = ""
    channel: str = "web"


SYSTEM = Actor("system", Role.SYSTEM, channel="system")


@dataclass(frozen=True, slots=True)
class Event:
    """One change. `data` holds facts and ids only; `said` what is personal, stored apart and erasable.

    `at` is when it happened (a note written without signal happened before it arrived), `key` is the sender's own mark
    by which a change that is sent twice counts once.
    """

    kind: str
    at: datetime
    by: str
    role: Role
    data: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    channel: str = "web"
    grant: str = ""
    key: str = ""
    policy: str = ""
    cause: str = ""
    correlation: str = ""
    schema: int = 1
    version: int = 0
    change: int = field(default=0, compare=False)  # the version that its change began with, once it is stored
