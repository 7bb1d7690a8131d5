"""What of an owner nobody of a company sees: the name, the number but for its end; were it in what was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.phone import hushed, masked
from chalicelib.domain.ticket.ticket import Event, Ticket
from chalicelib.services.ticket import choosing


def reach(ticket: Ticket, numbers: Policy) -> Mapping[str, Any]:
    """How the owner is reached: `masked` and the `desk` to call, or the `phone` where the policy is open with it."""
    phone = str(ticket.said("reported").get("phone", ""))
    if not ticket.is_open:
        return {}
    from chalicelib.domain.policy.ladder import ladder_of

    if ladder_of(numbers).owner_phone == "open":
        return {"phone": phone} if phone else {}
    rungs = choosing.ladder(ticket.place.get("project", ""))
    return {"masked": masked(phone) if phone else "", "desk": rungs[0].phone if rungs else "", "hidden": True}


def words_of(ticket: Ticket) -> Mapping[str, str]:
    """Of what the report said, its words."""
    return {"words": text(str(ticket.said("reported").get("words", "")), ticket)}


def text(said: str, ticket: Ticket) -> str:
    """Something that was written, without the owner's name and without numbers to call."""
    return hushed(said, str(ticket.said("reported").get("name", "")))


def said(event: Event, ticket: Ticket, *, outside: bool) -> str:
    """The words of an event, as whoever reads them may."""
    written = str(event.said.get("words", ""))
    return text(written, ticket) if outside and written else written
