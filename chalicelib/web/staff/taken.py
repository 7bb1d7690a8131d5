"""What the pages of a ticket say of its photos as they were taken: which are known from elsewhere, their originals."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.record.roles import DESKS, Role
from chalicelib.services.access.opening import Opened


def shown(opened: Opened, every: list[tuple[int, str]], base: str) -> dict[str, Any]:
    """`known`: (photo, address, tickets' numbers) of those that other tickets have too, for desks and the office.

    `kept`: (photo, address, hash) of originals, for the office. A photo is called by its place on the ticket, from 1.
    """
    ticket, role = opened.ticket, opened.actor.role
    if role not in DESKS | {Role.OFFICE}:
        return {}
    named = [(n, ticket.originals[photo]) for n, (_, photo) in enumerate(every) if photo in ticket.originals]
    known = [(n + 1, f"{base}/photo/{n}", [number for _, number in one.also]) for n, one in named if one.also]
    kept = [(n + 1, f"{base}/photo/{n}?taken=1", one.hash) for n, one in named] if role is Role.OFFICE else []
    return {"known": known, "kept": kept}
