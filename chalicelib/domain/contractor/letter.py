"""The letters that an entity sends to a liable contractor: what each must contain, its number, its content for good.

    kind                 says                                                     after
    notice               what is wrong, by when; invites to a joint inspection    the provisional verdict
    reminder             the last deadline, and what follows                      a notice that was delivered
    third_party_notice   when and where a third party works; invites to be there  gate A
    deduction_notice     what is deducted, how it was reckoned, how to object     gate B and its approvals

On screen 维修通知单, 催告函, 第三方维修告知函, 扣款通知单.

A letter is written once: its content, with every word that is read on it, is frozen as canonical JSON, and the hash of
that is printed on it. Nothing in it is an owner's: a place, a number and what is broken, no name and no phone.
Only the notice may go by itself; the others name who released them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.contractor.contract import Clause, Company, Contract, Entity
from chalicelib.domain.record.errors import Invalid, NotAllowed
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.domain.record.text import words

FORM = 1  # of the frozen content; raised when its shape changes
LEAST_DIGITS = 4
NUMBER = re.compile(r"(?P<entity>[A-Za-z0-9_.-]+)-(?P<year>20\d\d)-(?P<sequence>\d{4,9})", re.ASCII)
MOST_WORDS = 2000
PHONE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)", re.ASCII)


class LetterKind(StrEnum):
    NOTICE = "notice"
    REMINDER = "reminder"
    THIRD_PARTY_NOTICE = "third_party_notice"
    DEDUCTION_NOTICE = "deduction_notice"


OF_CASES = (LetterKind.NOTICE, LetterKind.REMINDER, LetterKind.THIRD_PARTY_NOTICE)  # a deduction's is its own


class Cause(StrEnum):
    """Why a letter after the notice is sent."""

    MISSED = "missed"  # the deadline is over
    REFUSED = "refused"  # and the office answered that the reason doesn't hold
    FAILED = "failed"  # came twice and it is not repaired
    STOP_OF_DAMAGE = "stop_of_damage"  # an emergency: no ladder before it
    DIRECT = "direct_engagement"  # the clause allows it without a ladder


LADDER = frozenset({Cause.MISSED, Cause.REFUSED, Cause.FAILED})


@dataclass(frozen=True, slots=True)
class Party:
    """A legal entity or company as it stands on a letter."""

    id: str
    name: str
    tax_number: str = ""
    post: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a letter appeals to: a clause of a contract. `fee`, `penalty`: whether the clause has them."""

    contract: str  # its number, as printed
    signed: date
    clause: str
    text: str
    fee: bool = False
    penalty: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """One defect: the ticket's number as people read it, where, what (in words), since when. `described`: by staff."""

    ticket: str
    place: str
    what: str
    reported: datetime
    described: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of a letter: its key in the clean bucket, what it shows."""

    key: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A letter before this one, as it is referred to. `how`: see `delivery.py`; "" where it has not arrived."""

    number: str
    kind: LetterKind
    released: datetime
    delivered: datetime | None = None
    how: str = ""
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What a third party will do, where, from when to when."""

    by: str
    scope: str
    place: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Charge:
    """What a deduction notice asks for. `lines`: (what it is, how it was reckoned, fen); `days` to object in."""

    number: str
    lines: tuple[tuple[str, str, int], ...]
    total: int
    source: str
    days: int
    silence: bool = False  # whether silence is consent by the contract


@dataclass(frozen=True, slots=True)
class Letter:
    """The facts of a letter. `number` is empty until it is released at `at`; moments are shown in the zone `tz`.

    `under`: number of the general contract, where the contract is a sub's; its contractor stands in `copies` then.
    `respond_by`, `inspect_by`: of a notice. `deadline`: until when it must be repaired; of a reminder the last one.
    `called`: the call on record. `words`: what the office adds.
    """

    kind: LetterKind
    entity: Party
    to: Party
    terms: Terms
    matters: tuple[Matter, ...]
    tz: str
    at: datetime
    number: str = ""
    under: str = ""
    copies: tuple[Party, ...] = ()
    photos: tuple[Picture, ...] = ()
    deadline: datetime | None = None
    respond_by: datetime | None = None
    inspect_by: datetime | None = None
    earlier: tuple[Earlier, ...] = ()
    cause: Cause | None = None
    called: datetime | None = None
    work: Work | None = None
    charge: Charge | None = None
    office: str = ""
    words: str = ""


def entity_of(entity: Entity) -> Party:
    return Party(entity.id, entity.name, entity.tax_number)


def company_of(company: Company) -> Party:
    return Party(company.id, company.name, company.tax_number, company.post, company.email)


def terms_of(contract: Contract, clause: Clause) -> Terms:
    fee, penalty = bool(clause.fee_rate or clause.fee_cap), bool(clause.penalty or clause.penalty_rate)
    return Terms(contract.number, contract.signed, clause.id, clause.text, fee, penalty)


def may_release(kind: LetterKind, by: Actor) -> None:
    """Raises NotAllowed: the system sends notices by itself and nothing else; whoever else does is the office."""
    if by.role is Role.SYSTEM and kind is not LetterKind.NOTICE:
        raise NotAllowed("releaser_needed")
    if by.role not in (Role.SYSTEM, Role.OFFICE):
        raise NotAllowed("not_allowed")


def free_words(text: str) -> str:
    """What the office adds to a letter. Raises Invalid: it is kept for good, so nobody's mobile stands in it."""
    said = words(text)
    if len(said) > MOST_WORDS:
        raise Invalid("words", "too_long", limit=MOST_WORDS)
    if PHONE.search(said):
        raise Invalid("words", "no_phones")
    return said


def checked(letter: Letter) -> Letter:
    """The letter, if it has all that its kind must contain. Raises Invalid with the first field that is missing."""
    for name in missing(letter):
        raise Invalid(name, "letter_incomplete")
    return letter


def missing(letter: Letter) -> Iterator[str]:
    """The fields that a letter of its kind can't go without, and has not got."""
    always: Mapping[str, Any] = {
        "entity": letter.entity.name,
        "to": letter.to.name,
        "contract": letter.terms.contract,
        "clause": letter.terms.clause and letter.terms.text,
        "matters": letter.matters and all(m.ticket and m.place and m.what for m in letter.matters),
        "copies": letter.copies or not letter.under,
    }
    yield from (name for name, value in always.items() if not value)
    if letter.kind is LetterKind.DEDUCTION_NOTICE:
        charge = letter.charge
        if not (charge and charge.number and charge.lines and charge.total == sum(fen for _, _, fen in charge.lines)):
            yield "charge"
        if not any(one.kind is LetterKind.NOTICE and one.delivered for one in letter.earlier):
            yield f"earlier.{LetterKind.NOTICE}"
        return
    if letter.kind is LetterKind.THIRD_PARTY_NOTICE:
        work = letter.work
        if not (work and work.by and work.scope and work.place and letter.at < work.ends and work.starts < work.ends):
            yield "work"
    elif not (letter.deadline and letter.deadline > letter.at):
        yield "deadline"
    if letter.kind is LetterKind.NOTICE:
        if not (letter.respond_by and letter.respond_by > letter.at):
            yield "respond_by"
        if not (letter.inspect_by and letter.inspect_by > letter.at):
            yield "inspect_by"
        return
    if letter.cause is None:
        yield "cause"
    yield from _not_arrived(letter)


def _not_arrived(letter: Letter) -> Iterator[str]:
    """What the ladder must have sent before this letter, with its delivery."""
    if letter.kind is LetterKind.THIRD_PARTY_NOTICE and letter.cause not in LADDER:
        if letter.cause is Cause.STOP_OF_DAMAGE and letter.called is None:
            yield "called"
        return
    arrived = {one.kind for one in letter.earlier if one.number and one.delivered}
    needed = [LetterKind.NOTICE, *[LetterKind.REMINDER] * (letter.kind is LetterKind.THIRD_PARTY_NOTICE)]
    yield from (f"earlier.{kind}" for kind in needed if kind not in arrived)


# numbers


def numbered(letter: Letter, number: str, at: datetime) -> Letter:
    """The letter as it is released."""
    return replace(letter, number=number, at=at)


def number_of(entity: str, year: int, sequence: int) -> str:
    """E1-2026-0007: by entity and year, from 1 on."""
    return f"{entity}-{year}-{sequence:0{LEAST_DIGITS}d}"


def parse_number(text: str) -> tuple[str, int, int] | None:
    """(entity, year, sequence) of a number as it was typed; None where it is none."""
    found = NUMBER.fullmatch(text)
    return (found["entity"], int(found["year"]), int(found["sequence"])) if found else None


# the content for good


@dataclass(frozen=True, slots=True)
class Content:
    """A letter as it was released: canonical JSON, and the hash that is printed on it."""

    text: str
    hash: str

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.text))


def frozen(letter: Letter, said: Mapping[str, Any]) -> Content:
    """The content of a released letter. `said`: what is read on it, in words. The same facts give the same bytes."""
    facts: dict[str, Any] = {
        "form": FORM,
        "kind": letter.kind.value,
        "number": letter.number,
        "at": _iso(letter.at),
        "tz": letter.tz,
        "entity": letter.entity.id,
        "to": letter.to.id,
        "copies": [party.id for party in letter.copies],
        "contract": letter.terms.contract,
        "clause": letter.terms.clause,
        "tickets": [matter.ticket for matter in letter.matters],
        "deadline": _iso(letter.deadline),
        "respond_by": _iso(letter.respond_by),
        "inspect_by": _iso(letter.inspect_by),
        "earlier": [one.number for one in letter.earlier],
        "cause": letter.cause.value if letter.cause else "",
        "called": _iso(letter.called),
        "starts": _iso(letter.work.starts) if letter.work else "",
        "photos": [[photo.key, photo.caption] for photo in letter.photos],
        "said": said,
    }
    if letter.charge:
        facts["charge"] = [letter.charge.number, letter.charge.total]
    text = canonical(facts)
    return Content(text, hash_of(text))


def canonical(value: Any) -> str:
    """JSON in the one form that is hashed: keys in order, no space, letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of(text: str) -> str:
    """SHA-256 of a text, in hex. Raises UnicodeEncodeError for a lone surrogate: `text.words` takes those away."""
    return hashlib.sha256(text.encode()).hexdigest()


def in_groups(digest: str, by: int = 8) -> str:
    """A hash as it is printed, to be compared by eye."""
    return " ".join(digest[i : i + by] for i in range(0, len(digest), by))


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
