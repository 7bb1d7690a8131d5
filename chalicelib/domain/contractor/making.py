"""What each move of a case makes: the events that follow from a command, or why it is refused.

Each function takes the case, the command, the time and the policy, and answers (kind, facts) of the events in order.
It may rely on `lifecycle` having checked state and role. What was said goes with the first event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.delivery import checked_waybill
from chalicelib.domain.contractor.letter import LetterKind, free_words
from chalicelib.domain.contractor.words import BY_POST, REASONS, Delivery, Sent, State
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.making import Made, words
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.trade import time_of

MAX_AHEAD = timedelta(days=62)
MAX_TICKETS = 200  # under one letter

Makes = Callable[[Case, Command, datetime, Policy], Made]


class Counted(Protocol):
    """What a contract says of receipt."""

    @property
    def returned_counts(self) -> bool: ...


class Lettered(Protocol):
    """Any record that sends letters: a case, a deduction."""

    @property
    def letters(self) -> tuple[Sent, ...]: ...
    @property
    def undelivered(self) -> tuple[Sent, ...]: ...
    @property
    def terms(self) -> Counted: ...


def moment(command: Command, name: str, *, after: datetime, before: datetime) -> datetime:
    """A time that was named, between two. Raises Invalid."""
    try:
        found = time_of(str(command.data.get(name)))
    except ValueError:
        raise Invalid(name, "no_time") from None
    if found.tzinfo is None:
        raise Invalid(name, "no_time")
    if not after <= found <= before:
        raise Invalid(name, "out_of_range")
    return found


# letters


def edit(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """The office's own words in a letter before it goes."""
    free_words(words(command))
    return [("letter_edited", {"kind": _kind(command).value})]


def release(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """A letter goes: `letter` is its number, which is claimed with this change. Only a notice goes by itself."""
    kind = _kind(command)
    if command.by.role is Role.SYSTEM and kind is not LetterKind.NOTICE:
        raise NotAllowed("releaser_needed")
    if kind is LetterKind.REMINDER and (case.cause is None or case.arrived(LetterKind.NOTICE) is None):
        raise IllegalMove("nothing_missed" if case.cause is None else "notice_not_delivered")
    if kind is LetterKind.THIRD_PARTY_NOTICE and (case.job is None or case.job.starts is None):
        raise IllegalMove("not_appointed")
    if not command.data.get("letter"):
        raise Invalid("letter", "required")
    keys = ("letter", "hash", "person", "to", "copies", "deadline", "respond_by", "inspect_by", "rare")
    return [("letter_released", {"kind": kind.value} | {k: command.data[k] for k in keys if k in command.data})]


def releasable(case: Case, kind: LetterKind) -> bool:
    """Whether a letter of the kind is the next to go."""
    if kind is LetterKind.NOTICE:
        return case.state is State.DRAFTED
    if kind is LetterKind.REMINDER:
        return case.state in (State.NOTICED, State.ACKNOWLEDGED) or (case.state is State.REMINDED and case.expired)
    return case.state is State.ENGAGED


def _kind(command: Command) -> LetterKind:
    try:
        return LetterKind(str(command.data.get("kind", "")))
    except ValueError:
        raise Invalid("kind", "required") from None


def _letter(case: Lettered, command: Command) -> Sent:
    found = next((one for one in case.letters if one.number == command.data.get("letter")), None)
    if found is None:
        raise Invalid("letter", "unknown")
    return found


def note_made(case: Lettered, command: Command, at: datetime, policy: Policy) -> Made:
    if _letter(case, command).made:
        return []
    return [("letter_made", {k: command.data[k] for k in ("letter", "sha256", "key", "unshown") if k in command.data})]


def seal(case: Lettered, command: Command, at: datetime, policy: Policy) -> Made:
    """The sealed letter is there: the scan of the paper (`scan`), or what a CA's service sealed (`e_seal`)."""
    letter = _letter(case, command)
    if command.data.get("how") not in ("scan", "e_seal"):
        raise Invalid("how", "required")
    if not letter.made:
        raise IllegalMove("not_made_yet")
    if letter.made == command.data.get("sha256"):
        raise Invalid("scan", "not_sealed")
    if letter.sealed == command.data.get("sha256"):
        return []
    return [("letter_sealed", {k: command.data[k] for k in ("letter", "how", "sha256", "key") if k in command.data})]


def prove(case: Lettered, command: Command, at: datetime, policy: Policy) -> Made:
    """That a letter arrived, by a way that counts: see `delivery.py`.

    `at`: when it arrived, which the waybill says; `contents`: what the waybill says is in it; its scan is photos, or a
    file that was kept (`sha256`, `key`). A letter that arrived already arrives no second time.
    """
    letter = _letter(case, command)
    try:
        how = Delivery(str(command.data.get("how", "")))
    except ValueError:
        raise Invalid("how", "required") from None
    if how is Delivery.BUTTON:
        raise NotAllowed("not_allowed")  # only a contact presses it: `confirm`
    if how is Delivery.RETURNED and not case.terms.returned_counts:
        raise Invalid("how", "returned_is_no_delivery")
    if letter.delivered_at is not None:
        return []
    arrived = moment(command, "at", after=letter.at - timedelta(minutes=1), before=at)
    facts: dict[str, Any] = {}
    if how in BY_POST:
        contents = str(command.data.get("contents", ""))
        facts["waybill"] = checked_waybill(str(command.data.get("waybill", "")), contents, letter.number)
    if (how in BY_POST or command.by.role is not Role.SYSTEM) and not (
        command.said.get("photos") or command.data.get("key")
    ):
        raise Invalid("photos", "scan_needed")
    facts |= {name: command.data[name] for name in ("sha256", "key") if name in command.data}
    return [_arrival(letter, how, facts | {"at": max(arrived, letter.at).isoformat()})]


def _arrival(letter: Sent, how: Delivery, facts: Mapping[str, Any] = {}) -> tuple[str, dict[str, Any]]:
    return "letter_delivered", {"letter": letter.number, "kind": letter.kind.value, "how": how.value, **facts}


def confirm(case: Lettered, command: Command, at: datetime, policy: Policy) -> Made:
    """确认收到: every letter that is out has arrived. Only a contact whom the contract names may press it."""
    authorised(command)
    arrivals = [_arrival(letter, Delivery.BUTTON) for letter in case.undelivered]
    if not arrivals:
        raise IllegalMove("nothing_to_confirm")
    return arrivals


def acknowledge(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """The contractor takes it on; what is out has arrived with it."""
    authorised(command)
    return [
        *(_arrival(letter, Delivery.BUTTON) for letter in case.undelivered),
        ("acknowledged", {"person": command.by.id}),
    ]


def refuse(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    authorised(command)
    if command.data.get("reason") not in REASONS:
        raise Invalid("reason", "required")
    words(command)
    return [
        ("refused", {"reason": command.data["reason"]}),
        *(_arrival(letter, Delivery.BUTTON) for letter in case.undelivered),
    ]


def authorised(command: Command) -> None:
    if command.data.get("authorised") is not True:  # looked up for the person, never the page's word
        raise NotAllowed("not_authorised")


def answer_refusal(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """The office's answer: upheld, and the case ends; or overruled, and the contractor has it again."""
    words(command)
    if command.data.get("upheld") is True:
        return [("refusal_upheld", {"reason": case.reason}), ("released_from", {"reason": "refusal_upheld"})]
    return [("refusal_overruled", {"reason": case.reason})]


# on site


def propose_inspection(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    start = moment(command, "start", after=at, before=at + MAX_AHEAD)
    return [("inspection_proposed", {"start": start.isoformat()})]


def agree_inspection(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """To the time that the other side proposed last."""
    mine = "office" if command.by.role is Role.OFFICE else "contractor"
    if case.proposed is None or case.proposer == mine:
        raise IllegalMove("nothing_proposed")
    return [("inspection_agreed", {"start": case.proposed.isoformat()})]


def hold_inspection(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """Who came. Without the contractor it binds him by photos and a witness."""
    came = sorted({str(who) for who in command.data.get("came", ())} & {"contractor", "office", "owner"})
    one_sided = "contractor" not in came
    if one_sided and not command.said.get("photos"):
        raise Invalid("photos", "photos_needed")
    if one_sided:
        words(command, "witness")
    return [("inspection_held", {"came": came, "one_sided": one_sided})]


def delegate(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """To a worker of the company, who is made by services; the tickets named, else all that are unfinished."""
    person, named = command.data.get("person"), command.data.get("tickets") or list(case.unfinished)
    if not person:
        raise Invalid("person", "required")
    if not named or not set(named) <= set(case.unfinished):
        raise Invalid("tickets", "unknown")
    if not case.taken_on:
        raise IllegalMove("acknowledge_first")
    return [("delegated", {"person": person, "tickets": sorted(named)})]


def take_back(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    if command.data.get("person") not in case.workers:
        raise IllegalMove("changed_meanwhile")
    return [("taken_back", {"person": command.data["person"]})]


def call(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """A telephone call on record: what it was about, whether anybody answered, in words what was said."""
    if command.data.get("purpose") not in ("deadline", "stop", "access"):
        raise Invalid("purpose", "required")
    if command.data.get("result") not in ("reached", "no_answer"):
        raise Invalid("result", "required")
    words(command)
    return [("called", {k: command.data[k] for k in ("purpose", "result", "person") if k in command.data})]


def join(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """Like defects under one letter, with what was found of them: ticket → number; ticket → (finder, share)."""
    found = {str(ticket): str(number) for ticket, number in dict(command.data.get("tickets", {})).items()}
    new = {ticket: number for ticket, number in found.items() if ticket not in case.tickets}
    if len(case.tickets) + len(new) > MAX_TICKETS:
        raise Invalid("tickets", "too_many", limit=MAX_TICKETS)
    findings = {ticket: list(one) for ticket, one in dict(command.data.get("findings", {})).items() if ticket in new}
    return [("joined", {"tickets": new} | ({"findings": findings} if findings else {}))] if new else []


def join_into(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """Another case goes on for it, under one letter."""
    return [("joined_into", {"case": command.data["case"]})]


def joinable(case: Case) -> bool:
    """Whether another letter may still speak for a case: nobody has taken it on or refused it, nothing is missed."""
    quiet = not case.taken_on and case.cause is None and case.stop is None and case.job is None
    return quiet and case.state in (State.DRAFTED, State.NOTICED)


def alike(case: Case, other: Case) -> bool:
    """Whether two cases are about like defects: one contract, one component, one building."""
    return _kind_of(case) == _kind_of(other) and case.id != other.id


def _kind_of(case: Case) -> tuple[str, ...]:
    return case.contract, case.category, case.component, case.place.get("building", "")


def release_from(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """The office lets the contractor go: not his, bought out, withdrawn."""
    words(command)
    reason = command.data.get("reason")
    if reason not in ("not_theirs", "bought_out", "withdrawn"):
        raise Invalid("reason", "required")
    return [("released_from", {"reason": reason})]


def miss(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    return [("missed", {"cause": command.data["cause"]})] if case.cause is None else []


def expire(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    return [("expired", {})] if not case.expired else []


def entrusted(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """What was really given to whom: only that is owed no more."""
    given = {ticket: list(hand) for ticket, hand in dict(command.data["tickets"]).items() if ticket in case.tickets}
    return [("entrusted", {"tickets": given})] if given else []
