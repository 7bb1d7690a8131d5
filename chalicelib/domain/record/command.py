"""What somebody wants of a record, before it was decided. The same for every kind of record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role


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
    data = {k: v for k, v in command.data.items() if k != "team"}  # which is looked up for the person
    asked = json.dumps([command.name, data, said], sort_keys=True, default=str)
    return hashlib.blake2b(asked.encode("utf-8", "replace"), digest_size=3).hexdigest()
