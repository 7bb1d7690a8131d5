"""A contractor disputes a finding: from its case, for it may not have the ticket any more, or not yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid, NotAllowed
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.services.record import record

MOVE = "dispute_finding"


def together(name: str) -> Callable[..., Case] | None:
    """What makes the move; None for any other."""
    return dispute if name == "dispute" else None


def dispute(command: Command, reference: str, at: datetime, allow: Callable[[Any], Actor] | None = None) -> Case:
    """Dispute what was found on `ticket`, one of the case's; the case, which does not change. May be sent twice.

    Raises NotAllowed, Invalid, IllegalMove, NotFound, Busy.
    """
    case: Case = record.load(reference)
    by = allow(case) if allow else command.by
    if by.role is not Role.CONTRACTOR:
        raise NotAllowed("not_allowed", move=MOVE)
    ticket = str(command.data.get("ticket", ""))
    if ticket not in case.tickets:
        raise Invalid("ticket", "unknown")
    facts = {name: value for name, value in command.data.items() if name == "of"}
    record.perform(replace(command, name=MOVE, by=by, data=facts), ticket, at)
    return case
