"""What happened to a case, as far as it is the business of the company that reads it; the photos that it may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.language import cases, times, words
from chalicelib.language.catalogue import catalogue
from chalicelib.services.contractor.desk import Seen
from chalicelib.web.staff import hidden

FIRST_OF_CASE = 1000  # numbers of photos from here on are of the case, those before of the ticket's report
# Of what happened, what a company hears of; the rest is between the house and somebody else.
LETTERS = frozenset(
    {"joined", "terms_changed", "letter_released", "letter_delivered", "missed", "expired", "breached", "called"}
)
ANSWERS = frozenset({"acknowledged", "refused", "refusal_upheld", "refusal_overruled", "released_from"})
ON_SITE = frozenset({"found", "inspection_proposed", "inspection_agreed", "inspection_held", "visited"})
WORK = frozenset({"delegated", "taken_back", "work_done", "cured", "reopened", "left_out", "gate_passed"})
JOB = frozenset({"engaged", "disengaged", "appointed", "done", "stop_done", "confirmed_in_writing"})
BOTH = frozenset({"access", "work_refused", "work_accepted", "accepted", "closed", "noted"})
PAID = frozenset({"quoted", "price_agreed", "measured", "stop_accepted", "invoiced"})
HEARS: Mapping[Role, frozenset[str]] = {
    Role.CONTRACTOR: LETTERS | ANSWERS | ON_SITE | WORK | JOB | BOTH,
    Role.THIRD_PARTY: JOB | PAID | BOTH,
}
# Of what was said, what is said to the company too; its own words it may always read.
TOLD = frozenset({"refusal_upheld", "refusal_overruled", "confirmed_in_writing"})
# Of photos likewise.
PICTURED = frozenset({"inspection_held", "stop_done", "stop_accepted", "accepted"})


@dataclass(frozen=True, slots=True)
class Row:
    """A line of what happened."""

    when: str
    text: str
    who: str
    words: str
    photos: list[str]
    late: bool


def photos(ticket: Ticket) -> list[str]:
    """The photos that the report came with; a place in the list is a photo's number for good."""
    return [str(photo) for photo in ticket.said("reported").get("photos", ())]


def of_case(seen: Seen) -> dict[int, tuple[int, str]]:
    """The photos of the case that the reader may see: number on the page → (version that it came with, upload).

    A number is a photo's for good: it counts all of them, seen or not. None where anything is to be erased.
    """
    if seen.case.held:
        return {}
    names = seen.people
    theirs = {event.version for event in _heard(seen) if event.kind in PICTURED or event.by in names}
    every = [(e.version, str(photo)) for e in seen.case.events if e.said for photo in e.said.get("photos", ())]
    return {n: found for n, found in enumerate(every, FIRST_OF_CASE) if found[0] in theirs}


def photo(seen: Seen, n: int) -> str:
    """The upload that a number of the page stands for; "" for one that is not the reader's to see."""
    if n < FIRST_OF_CASE:
        return photos(seen.ticket)[n] if n < len(photos(seen.ticket)) else ""
    return of_case(seen).get(n, (0, ""))[1]


def rows(seen: Seen, base: str, lang: str, at: datetime, tz: str) -> list[Row]:
    """What happened, newest first, as far as it is the company's business."""
    case = seen.case
    shown: dict[int, list[str]] = {}
    for n, (version, _) in of_case(seen).items():
        shown.setdefault(version, []).append(f"{base}/photo/{n}")
    names = {**seen.people, seen.me: catalogue(lang).pgettext("who", "me")}
    roles = {one: words.role_word(one.value, lang) for one in {event.role for event in case.events}}
    return [
        Row(
            times.clock_time(event.at, tz, lang, at),
            cases.event_sentence(event, lang, tz, names, at),
            names.get(event.by) or roles[event.role],
            hidden.text(str(event.said.get("words", "")), seen.ticket) if _readable(event, names, seen.case) else "",
            shown.get(event.version, []),
            event.kind in ("breached", "missed", "expired", "work_refused"),
        )
        for event in reversed(_heard(seen))
    ]


def _heard(seen: Seen) -> list[Event]:
    """What happened, as far as the reader's company hears of it."""
    since = _since(seen.case, seen) if seen.role is Role.THIRD_PARTY else 0
    names = seen.people
    return [
        event
        for event in seen.case.events
        if event.kind in HEARS[seen.role] and event.version > since and _concerns(event, names)
    ]


def _since(case: Case, seen: Seen) -> int:
    """The event before the one that engaged a third party: what was before is not its business."""
    jobs = [one.event for one in (case.stop, case.job) if one and one.company == seen.company]
    return min(jobs, default=case.version) - 1


def _readable(event: Event, names: Mapping[str, str], case: Case) -> bool:
    return bool(event.said) and (event.by in names or (event.kind in TOLD and not case.held))


def _concerns(event: Event, names: Mapping[str, str]) -> bool:
    """Notes are read by whose company wrote them."""
    return event.kind != "noted" or event.by in names
