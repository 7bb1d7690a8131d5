"""The evidence pack 证据包 of a deduction: what was on record when it became firm, and the files that prove it.

A pack is a function of the records up to that moment, and of files that are kept for good: made again, it is the same.
It names nobody: people stand in it by their codes, an owner by nothing but the unit.

file        what it is                                        where it comes from
letter      of the case, and the notice of the deduction      as it was set
sealed      the scan, or what a CA's service sealed           of either
waybill     that a letter arrived, where it is no photo       of either
invoice     the third party's, as it came                     the deduction
payment     to the third party                                the deduction
objection   what the contractor brought                       the deduction
appraisal   its document, where it is no photo                a ticket
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.changes import fold as case_at
from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.money.changes import fold
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.money.gates import OF_CASE, UNDATED
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.phone import hushed, uncalled
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.ticket import Ticket

MOST_BYTES = 10_000_000
KINDS: Mapping[str, str] = {"invoice_checked": "invoice", "third_paid": "payment", "disputed": "objection"}
LETTERS: Mapping[str, str] = {"letter_made": "letter", "letter_sealed": "sealed", "letter_delivered": "waybill"}
SPOKEN = frozenset(
    {"refused", "refusal_overruled", "disputed", "dispute_decided"}
)  # both sides' words, which it quotes
TICKET_SHOWS = frozenset({"found", "appraised", "arrived", "completed", "checked"})  # whose photos prove the repair


@dataclass(frozen=True, slots=True)
class File:
    """A file behind the pack. `letter`: its number and kind, of a letter; `at`: when it came to be."""

    kind: str
    sha256: str
    key: str
    at: datetime
    letter: str = ""
    letter_kind: str = ""


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo. `records`: ids of the records that its upload may lie below; `number` of a ticket, "" of the case."""

    records: tuple[str, ...]
    upload: str
    event: Event
    number: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """All that a pack says, but for names and words. Everything is as it was when the deduction became firm."""

    one: Deduction
    case: Case
    at: datetime
    conditions: Sequence[tuple[str, Event | None]]
    files: Sequence[File]
    shots: Sequence[Shot]
    spoken: Sequence[tuple[Event, str]] = ()  # without the owner's name and numbers to call


def pack_of(now: Deduction, case_now: Case, tickets: Sequence[Ticket]) -> Pack:
    """The pack of a deduction that is firm, or was. Raises ValueError for one that never was."""
    firm = next((event for event in now.events if event.kind == "firm"), None)
    if firm is None:
        raise ValueError(now.id)
    one = fold(now.id, now.events[: firm.version])
    case = case_at(case_now.id, [event for event in case_now.events if event.at <= firm.at])
    shots: tuple[Shot, ...] = ()
    spoken: tuple[tuple[Event, str], ...] = ()
    papers: tuple[File, ...] = ()
    if not case_now.held:
        papers = tuple(_papers(tickets, firm.at))
        shots = (*_of_case(case), *_of_tickets(tickets, firm.at), *_of_deduction(one))
        spoken = tuple(_spoken([*case.events, *one.events], tickets))
    return Pack(one, case, firm.at, tuple(_conditions(one, case)), (*_files(one, case), *papers), shots, spoken)


def _conditions(one: Deduction, case: Case) -> Iterator[tuple[str, Event | None]]:
    """What gate B was passed on: (condition, the event behind it)."""
    put = one.last("proposed")
    for its in put.data["conditions"] if put else ():
        name, version = str(its["name"]), int(its["event"])
        events = case.events if name in OF_CASE else one.events
        known = name not in UNDATED and 0 < version <= len(events)
        yield name, events[version - 1] if known else None


def _files(one: Deduction, case: Case) -> Iterator[File]:
    for record in (case, one):
        kinds: Mapping[str, LetterKind] = {letter.number: letter.kind for letter in record.letters}
        for event in record.events:
            yield from _of_letter(event, kinds)
    for event in one.events:
        if event.kind in KINDS and (key := str(event.data.get("file", ""))):
            yield File(KINDS[event.kind], key.rpartition("/")[2].partition(".")[0], key, event.at)


def _of_letter(event: Event, kinds: Mapping[str, LetterKind]) -> Iterator[File]:
    made: Mapping[str, Any] = event.data
    if event.kind in LETTERS and made.get("key") and (number := str(made["letter"])) in kinds:
        kind = LETTERS[event.kind]
        yield File(kind, str(made["sha256"]), str(made["key"]), event.at, number, kinds[number].value)


def _papers(tickets: Sequence[Ticket], until: datetime) -> Iterator[File]:
    for ticket in tickets:
        for event in () if ticket.held else ticket.events:
            if event.kind == "appraised" and event.at <= until and (key := str(event.data.get("key", ""))):
                yield File("appraisal", str(event.data["sha256"]), key, event.at)


def _photos(event: Event) -> list[str]:
    return [str(photo) for photo in event.said.get("photos", ())] if event.said else []


def _of_case(case: Case) -> Iterator[Shot]:
    records = (case.id.partition("#")[2], *list(case.tickets)[:1])
    for event in case.events:
        for photo in _photos(event):
            yield Shot(records, photo, event)


def _of_deduction(one: Deduction) -> Iterator[Shot]:
    for event in one.events:
        for photo in _photos(event):
            yield Shot((one.id.partition("#")[2],), photo, event)


def _spoken(events: Sequence[Event], tickets: Sequence[Ticket]) -> Iterator[tuple[Event, str]]:
    """What both sides wrote of a refusal and an objection."""
    for event in events:
        words = str(event.said.get("words", "")) if event.said and event.kind in SPOKEN else ""
        for ticket in tickets:
            words = hushed(words, str(ticket.said("reported").get("name", "")))
        if words:
            yield event, uncalled(words)


def _of_tickets(tickets: Sequence[Ticket], until: datetime) -> Iterator[Shot]:
    for ticket in tickets:
        for event in () if ticket.held else ticket.events:
            if event.kind in TICKET_SHOWS and event.role is not Role.OWNER and event.at <= until:
                for photo in _photos(event):
                    if photo not in ticket.refused:
                        yield Shot((ticket.id,), photo, event, ticket.number)
