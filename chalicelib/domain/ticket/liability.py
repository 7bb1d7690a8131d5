"""Who is liable for what a ticket is about: by dates, by the office's decision, by inspection; the quote; access.

verdict_given       by dates, provisional; again when place, category or component change
verdict_decided     the office's word where the dates leave it open, with its reason
found               查勘定责: cause, shares of a hundred, photos; again: a correction, until money moved
finding_disputed    by the owner, or by the office for a contractor
appraised           鉴定: upheld, or with other shares; nothing is disputed after it
quoted              lines and total for the owner, never for a common part; then quote_accepted or quote_declined
office_asked        the warranty office has to do something about it: a clock runs from here
access_noted        offered, refused or given, by the owner's side or the contractor's
money_moved         somebody was paid or charged by it: what was found stays
compensation_claimed   the owner asks to be paid for what the fault damaged: `domain/warranty/compensation.py`
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role

if TYPE_CHECKING:
    from chalicelib.domain.ticket.folded import Ticket

CONTRACTOR, DEVELOPER, OWNER, FUND, UNDECIDED = "contractor", "developer", "owner", "fund", "undecided"
PARTIES = (CONTRACTOR, DEVELOPER, "property", OWNER, "third_person", FUND)
UNASKED = "no_contracts"  # nothing was ever loaded: nobody waits for the office's word
NO_REASON = "no_reason"
WHOLE = 100


class Share(NamedTuple):
    """What part of a hundred a party bears. `contract`: the contractor's, "" where the office still has to name it."""

    party: str
    percent: int
    contract: str = ""


def shares(ticket: Ticket) -> tuple[Share, ...]:
    """Who bears it as things stand: as found, else as decided, else by dates. None before there is a verdict.

    Of an owner who bars the contractor without a reason, the contractor's part is the developer's.
    """
    found = _unbarred(ticket)
    return _barred(found) if ticket.access == "barred" else found


def of_contractor(ticket: Ticket) -> bool:
    """Whether a contractor has a part in it, let in or not."""
    return any(share.party == CONTRACTOR for share in _unbarred(ticket))


def _unbarred(ticket: Ticket) -> tuple[Share, ...]:
    if ticket.finding:
        return tuple(Share(*share) for share in ticket.finding["shares"])
    says = ticket.decision or ticket.verdict
    return (Share(says["payer"], WHOLE, says.get("contract", "")),) if says else ()


def _barred(found: tuple[Share, ...]) -> tuple[Share, ...]:
    moved = sum(share.percent for share in found if share.party in (CONTRACTOR, DEVELOPER))
    others = tuple(share for share in found if share.party not in (CONTRACTOR, DEVELOPER))
    return (*((Share(DEVELOPER, moved),) if moved else ()), *others)


def share_of(ticket: Ticket, contract: str) -> int:
    """The part of a hundred that is a contract's, as things stand."""
    return sum(share.percent for share in shares(ticket) if share.party == CONTRACTOR and share.contract == contract)


def bears(ticket: Ticket, party: str) -> bool:
    return any(share.party == party for share in shares(ticket))


def about(ticket: Ticket) -> str:
    """The mark of what a verdict is about, category, component and place: another one is due when it changes."""
    place = "/".join(v for k, v in sorted(ticket.place.items()) if k != "label")
    named = f"{ticket.category}/{ticket.component}@{place}"
    return hashlib.blake2b(named.encode(), digest_size=6).hexdigest()


def for_office(ticket: Ticket) -> str:
    """What the warranty office has to do about it: verdict, finding, appraisal; "" for nothing."""
    if ticket.disputed:
        return "appraisal"
    if any(share.party == CONTRACTOR and not share.contract for share in shares(ticket)) and ticket.finding:
        return "finding"
    open_ = ticket.verdict.get("payer") == UNDECIDED and not ticket.decision and not ticket.finding
    return "verdict" if open_ and ticket.verdict.get("cause") != UNASKED and ticket.is_open else ""


def is_common(ticket: Ticket) -> bool:
    """Whether it is about a part that is no single flat's."""
    return not ticket.place.get("unit") or bool({"area", "asset"} & ticket.place.keys())


def _verdict(ticket: Ticket, event: Event) -> None:
    ticket.verdict, ticket.decision = event.data, {}


def _decided(ticket: Ticket, event: Event) -> None:
    ticket.decision = event.data


def _found(ticket: Ticket, event: Event) -> None:
    ticket.finding = {**event.data, "by": event.by, "version": event.version}
    ticket.disputed = False


def _disputed(ticket: Ticket, event: Event) -> None:
    ticket.disputed = True


def _appraised(ticket: Ticket, event: Event) -> None:
    ticket.finding = {**ticket.finding, **{k: event.data[k] for k in ("shares", "cause") if k in event.data}}
    ticket.disputed, ticket.appraised = False, True


def _quoted(ticket: Ticket, event: Event) -> None:
    ticket.quote = {**event.data, "version": event.version, "state": "offered"}


def _answered(state: str) -> Callable[[Ticket, Event], None]:
    def change(ticket: Ticket, event: Event) -> None:
        ticket.quote = {**ticket.quote, "state": state}

    return change


def _access(ticket: Ticket, event: Event) -> None:
    """A refusal without a reason counts from the owner or the office: no contractor clears itself by its own word."""
    barred = event.data.get("reason") == NO_REASON and event.role in (Role.OWNER, Role.OFFICE)
    ticket.access = "barred" if barred else event.data["what"]


def _nothing(ticket: Ticket, event: Event) -> None:
    """Told, and read by a clock."""


def _claimed(ticket: Ticket, event: Event) -> None:
    ticket.compensations += (event.data["record"],)


def _money(ticket: Ticket, event: Event) -> None:
    ticket.money_moved = True


FOLDS: Mapping[str, Callable[[Ticket, Event], None]] = {
    "verdict_given": _verdict,
    "verdict_decided": _decided,
    "found": _found,
    "finding_disputed": _disputed,
    "appraised": _appraised,
    "quoted": _quoted,
    "quote_accepted": _answered("accepted"),
    "quote_declined": _answered("declined"),
    "access_noted": _access,
    "money_moved": _money,
    "compensation_claimed": _claimed,
    "office_asked": _nothing,
}
