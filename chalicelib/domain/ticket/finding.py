"""What the moves about liability make: verdict, finding, dispute, appraisal, quote, access. See `making.py`.

Whether a cause or a contract is one at all is asked before, of what is stored (`services/warranty/judging.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid, NotAllowed
from chalicelib.domain.record.making import Made, words
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.liability import (
    CONTRACTOR,
    OWNER,
    PARTIES,
    UNDECIDED,
    WHOLE,
    Share,
    bears,
    is_common,
)
from chalicelib.domain.ticket.making import photos_sent
from chalicelib.domain.ticket.ticket import Ticket

MAX_LINES = 20
MAX_ITEM = 80
MAX_FEN = 100_000_000  # a million yuan
MAX_QUANTITY = 10_000_000  # thousandths
ACCESS = ("offered", "refused", "given")
# Why an owner doesn't let the contractor in; without a reason it becomes the developer's cost.
ACCESS_REASONS = ("not_at_home", "other_time", "bad_work", "damage", "conduct", "no_reason")


def give_verdict(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    left_open = command.data.get("cause") == UNDECIDED
    asked: Made = [("office_asked", {"what": "verdict", "cause": "verdict"})] if left_open else []
    return [("verdict_given", dict(command.data)), *asked]


def decide_liability(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """The office names who pays, and the contract where it is a contractor."""
    words(command)
    payer, contract = str(command.data.get("payer", "")), str(command.data.get("contract", ""))
    if payer not in PARTIES:
        raise Invalid("payer", "required")
    if payer == CONTRACTOR and not contract:
        raise Invalid("contract", "required")
    _nobodys_own(ticket, [Share(payer, WHOLE)], "payer")
    named = {"contract": contract} if payer == CONTRACTOR else {}
    return [("verdict_decided", {"payer": payer, **named})]


def find(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """The cause, who bears it and photos of it. Once there is a finding, words say why it changes."""
    words(command, required=bool(ticket.finding))
    photos = photos_sent(ticket, command)
    if not ticket.finding and not photos:
        raise Invalid("photos", "finding_photo_refused" if command.said.get("photos") else "finding_photo_needed")
    cause = str(command.data.get("cause", ""))
    if not cause:
        raise Invalid("cause", "required")
    found = _shares(ticket, command)
    data: dict[str, Any] = {"cause": cause, "shares": [list(share) for share in found], "photos": len(photos)}
    data["component"] = f"{ticket.category}/{ticket.component}"
    data |= {"of": ticket.finding["version"]} if ticket.finding else {}
    unnamed = any(share.party == CONTRACTOR and not share.contract for share in found)
    return [("found", data), *([("office_asked", {"what": "finding", "cause": "finding"})] if unnamed else [])]


def dispute(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    words(command)
    side = OWNER if command.by.role is Role.OWNER else CONTRACTOR
    return [("finding_disputed", {"side": side}), ("office_asked", {"what": "appraisal", "cause": "appraisal"})]


def appraise(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """The appraisal's document, as photos or a paper that was kept, and its result: upheld, or other shares."""
    words(command)
    photos, paper = photos_sent(ticket, command), _paper(command)
    if not photos and not paper:
        raise Invalid("photos", "document_needed")
    upheld = command.data.get("upheld")
    if not isinstance(upheld, bool):
        raise Invalid("upheld", "required")
    if command.by.id == ticket.finding["by"]:
        raise NotAllowed("not_who_found")
    changed = {} if upheld else {"shares": [list(share) for share in _shares(ticket, command)]}
    return [("appraised", {"result": "upheld" if upheld else "changed", "photos": len(photos), **paper, **changed})]


def _paper(command: Command) -> Mapping[str, Any]:
    return {name: command.data[name] for name in ("sha256", "key") if command.data.get("key")}


def quote(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """What the owner would pay. `lines`: [quantity in thousandths, fen for one]; what each is for stands in `items`."""
    if is_common(ticket):
        raise Invalid("lines", "common_part")
    if not bears(ticket, OWNER):
        raise Invalid("lines", "not_the_owners")
    lines, items = command.data.get("lines", ()), command.said.get("items", ())
    if not lines or len(lines) != len(items) or len(lines) > MAX_LINES:
        raise Invalid("lines", "required")
    stored = [_line(line, item) for line, item in zip(lines, items, strict=True)]
    words(command, required=False)
    return [("quoted", {"lines": stored, "fen": sum(fen for _, _, fen in stored)})]


def _line(line: object, item: object) -> list[int]:
    """Quantity, price of one, price of the line: rounded half up to a fen."""
    if not str(item).strip():
        raise Invalid("lines", "required")
    if len(str(item)) > MAX_ITEM:
        raise Invalid("lines", "too_long", limit=MAX_ITEM)
    try:
        quantity, each = (int(n) for n in line)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise Invalid("lines", "no_amount") from None
    if not 0 < quantity <= MAX_QUANTITY or not 0 < each <= MAX_FEN:
        raise Invalid("lines", "no_amount")
    return [quantity, each, (quantity * each + 500) // 1000]


def accept_quote(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    from chalicelib.domain import signature

    signature.checked(command.said.get("signature"))
    return [("quote_accepted", {"fen": ticket.quote["fen"]})]


def decline_quote(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    words(command, required=False)
    return [("quote_declined", {"fen": ticket.quote["fen"]})]


def note_access(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """From either side. The contractor's side needs words for a refusal, the owner's a reason or its lack."""
    what, reason = str(command.data.get("what", "")), str(command.data.get("reason", ""))
    owners = command.by.role is Role.OWNER
    if what not in ACCESS:
        raise Invalid("what", "required")
    if what == "refused" and reason not in ACCESS_REASONS:
        raise Invalid("reason", "required")
    words(command, required=what == "refused" and not owners)
    facts: dict[str, Any] = {"what": what, "cause": what, "side": OWNER if owners else CONTRACTOR}
    return [("access_noted", facts | ({"reason": reason} if what == "refused" else {}))]


def _shares(ticket: Ticket, command: Command) -> list[Share]:
    """Whole parts that make a hundred, each party and contract once. Raises Invalid."""
    made = [_share(share) for share in command.data.get("shares", ())]
    if not made:
        raise Invalid("shares", "required")
    if len({(share.party, share.contract) for share in made}) != len(made):
        raise Invalid("shares", "party_twice")
    if sum(share.percent for share in made) != WHOLE:
        raise Invalid("shares", "not_a_hundred", sum=sum(share.percent for share in made))
    _nobodys_own(ticket, made, "shares")
    return made


def _share(raw: object) -> Share:
    if isinstance(raw, Mapping) or not isinstance(raw, (list, tuple)) or not 2 <= len(raw) <= 3:
        raise Invalid("shares", "required")
    party, percent, contract = str(raw[0]), raw[1], str(raw[2]) if len(raw) > 2 else ""
    if party not in PARTIES or party == UNDECIDED:
        raise Invalid("shares", "required")
    if not isinstance(percent, int) or isinstance(percent, bool) or not 1 <= percent <= WHOLE:
        raise Invalid("shares", "no_percent")
    return Share(party, percent, contract if party == CONTRACTOR else "")


def _nobodys_own(ticket: Ticket, made: list[Share], field: str) -> None:
    """Nobody's own bill for a common part, and no fund for a flat."""
    parties = {share.party for share in made}
    if is_common(ticket) and OWNER in parties:
        raise Invalid(field, "common_part")
    if not is_common(ticket) and "fund" in parties:
        raise Invalid(field, "fund_in_flat")
