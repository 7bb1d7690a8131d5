"""Taking a report: from the hosted form, and by the desk for whoever phones or stands at the counter.

Sending twice gives one ticket: its id is derived from the form's own mark. The phone that isn't registered for the unit
is accepted, marked unverified, and learns nothing about who lives there. Three calls: place, its numbers (if
not read lately), ticket (one transaction).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.adapters.settings import settings
from chalicelib.domain.record import email, phone, text
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.domain.record.number import short_number
from chalicelib.domain.record.roles import desk_of
from chalicelib.domain.register.stages import stage_of
from chalicelib.domain.ticket.ticket import WORKS, Actor, Event, Kind, Priority, Role, Ticket
from chalicelib.domain.ticket.triage import ANSWERS, Suggestion, suggest
from chalicelib.services.access import access
from chalicelib.services.record.numbers import everywhere, policy_for
from chalicelib.services.record.record import TRIES, NotFound, back_off, begin, load
from chalicelib.store import grants, places, records, throttles
from chalicelib.store.places import Place, Resident
from chalicelib.store.records import NumberTaken, StaleRecord
from chalicelib.store.table import Conflict, Write

REPORTERS = ("owner", "family", "tenant", "behalf")
FORM_KINDS = (Kind.REPAIR, Kind.COMPLAINT, Kind.ENQUIRY, Kind.SUGGESTION)
SPOKEN = frozenset({"phone", "counter"})
MAX_PHOTOS = 9
MAX_WORDS = 2000
SECONDS = 3600
# How many reports in that time. A lift or a lobby is reported by many at once; a flat is not.
STRANGERS: Mapping[str, int] = {"phone": 6, "place": 12, "address": 60}
COMMON_PLACE = 200
# Registered phones and emergencies are counted apart, so that nobody else's reports can stop them.
LET_THROUGH: Mapping[str, int] = {"sure-place": 60, "sure-address": 240}
FROM_ONE = 12  # of those of a place, from one address


class Slowed(Refused):
    """Too many reports from here for now; nothing typed is lost. `wait`: seconds. It says not what was counted."""

    def __init__(self) -> None:
        super().__init__("slowed", wait=SECONDS)


@dataclass(frozen=True, slots=True)
class Report:
    """What a reporter sends. `mark`: the form's ULID. `photos`: ids of uploads.

    `address`: where the request came from, "" for the desk.
    """

    mark: str
    place: str
    kind: str = "repair"
    reporter: str = "owner"
    category: str = ""
    component: str = ""
    words: str = ""
    photos: Sequence[str] = ()
    name: str = ""
    phone: str = ""
    email: str = ""
    preferred: str = ""
    consent: bool = False
    lang: str = "zh_CN"
    priority: str = ""
    danger: str = ""  # yes or no, where the form asked
    address: str = ""
    said: Suggestion | None = None  # what the words suggest, where that was asked already
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """A report that was taken: the ticket, and the token of the reporter's link."""

    ticket: Ticket
    token: str
    again: bool = False


def ticket_id(mark: str) -> str:
    """The ticket that a form makes. Who doesn't know the mark can't name the ticket, and the other way round.

    One that was made before the key was changed keeps its id.
    """
    now, *before = (_made_of(mark, secret) for secret in access.ever_hidden("mark", mark))
    return next((made for made in before if records.load(made)), now)


def _made_of(mark: str, secret: str) -> str:
    value = ulid(datetime.fromtimestamp(0).astimezone(), hashlib.sha256(secret.encode()).digest()[:10])
    return mark[:10] + value[10:]


def take(report: Report, at: datetime, by: Actor | None = None) -> Taken:
    """Make the ticket. May be called again with the same mark. Raises Invalid, Slowed."""
    report = plain(report)
    check(report, by)
    place, residents = places.with_residents(report.place)
    if place is None or place.kind in ("subsidiary", "phase"):
        raise Invalid("place", "required")
    if place.closed:
        raise Invalid("place", "place_closed")
    made = ticket_id(report.mark)
    own = access.own_grant(made)
    own_token = access.token(own)
    found_by = access.hidden("phone", report.phone) if report.phone else ""
    for attempt in range(TRIES):
        if attempt:
            back_off(attempt)
        event = _reported(report, place, residents, short_number(made, attempt), at, by)
        limits = [] if by else _limits(report, event, place, at)
        more: list[Write] = [grants.as_put(own, access.hash_of(own_token), found_by), *limits]
        try:
            events = [event, *_spoken_to(event, by), *_repeating(event)]
            return Taken(begin(made, events, more=more), own_token)
        except NumberTaken:
            continue
        except StaleRecord:
            if (known := _taken_already(made, report)) is not None:
                return Taken(known, access.token_to_send(own), again=True)
        except Conflict as lost:
            raise Slowed from lost
    raise Refused("busy")


def _taken_already(made: str, report: Report) -> Ticket | None:
    """The ticket that the form made when it was sent before; None: there is none, another write was in the way.

    Raises Invalid where it was sent by somebody else or with other words: nobody who goes back to a page gets another's
    link, or loses what they report.
    """
    try:
        ticket: Ticket = load(made, consistent=True)
    except NotFound:
        return None
    said = ticket.said("reported")
    before = tuple(said.get(name, "") for name in ("phone", "email", "words"))
    if before != (report.phone, report.email, report.words):
        raise Invalid("mark", "form_expired")
    return ticket


def _spoken_to(event: Event, by: Actor | None) -> list[Event]:
    """Who reports by telephone or at the counter has been contacted: nobody promises to call them first."""
    if by is None or by.channel not in SPOKEN or Kind(event.data["kind"]) not in WORKS:
        return []
    return [replace(event, kind="contacted", data={"how": by.channel}, said={}, key="")]


def _repeating(event: Event) -> list[Event]:
    """A fault that is back is linked to the ticket that was to have ended it."""
    before = event.data.get("repeats")
    return (
        [replace(event, kind="linked", data={"ticket": before, "cause": "repeat"}, said={}, key="")] if before else []
    )


def plain(report: Report) -> Report:
    """The report in the one form of its texts; a phone or an address that is none stays for `check` to refuse."""
    return replace(
        report,
        words=text.words(report.words),
        name=text.line(report.name),
        preferred=text.line(report.preferred),
        phone=phone.compared(report.phone) if _is_phone(report.phone) else report.phone,
        email=email.kept(report.email),
    )


def _is_phone(written: str) -> bool:
    try:
        phone.kept(written, abroad=settings().sms_abroad)
    except phone.NoPhone:
        return False
    return True


def check(report: Report, by: Actor | None) -> None:
    """Everything that can be said about a report without reading. Raises Invalid for the first field at fault."""
    if not is_ulid(report.mark):
        raise Invalid("mark", "form_expired")
    if report.kind not in tuple(k.value for k in Kind):
        raise Invalid("kind", "required")
    if by is None and Kind(report.kind) not in FORM_KINDS:
        raise Invalid("kind", "required")
    if report.reporter not in REPORTERS:
        raise Invalid("reporter", "required")
    known = everywhere().categories.get(report.category)
    if report.category and known is None:
        raise Invalid("category", "unknown")
    if report.component and (known is None or report.component not in known.components):
        raise Invalid("component", "unknown")
    if not text.plain(report.words) and not report.photos:
        raise Invalid("words", "words_or_photo")
    if len(report.words) > MAX_WORDS:
        raise Invalid("words", "too_long", limit=MAX_WORDS)
    if len(report.photos) > MAX_PHOTOS:
        raise Invalid("photos", "too_many", limit=MAX_PHOTOS)
    if len(report.name) > 60:
        raise Invalid("name", "too_long", limit=60)
    if len(report.preferred) > 200:
        raise Invalid("preferred", "too_long", limit=200)
    if not report.phone and not report.email:
        raise Invalid("phone", "phone_or_email")
    if report.phone:
        try:
            phone.kept(report.phone, abroad=settings().sms_abroad)
        except phone.NoPhone as none:
            raise Invalid("phone", none.reason) from none
    if report.email and not email.is_address(email.kept(report.email)):
        raise Invalid("email", "email_form")
    if by is None and not report.consent:
        raise Invalid("consent", "consent_needed")


def again(token: str) -> Ticket | None:
    """The ended ticket behind a reporter's link, to be reported again; None for any other."""
    if not access.TOKEN.fullmatch(token):
        return None
    grant = grants.get(access.hash_of(token))
    try:
        before = load(grant.record) if grant and grant.kind == "own" else None
    except NotFound:
        return None
    return before if before is not None and not before.is_open else None


def registered(residents: Sequence[Resident], typed: str) -> Resident | None:
    """Whose phone it is, of those who are registered at a place; `typed` in its one form."""
    return next((r for r in residents if typed and phone.compared(r.phone) == typed), None)


def _known(report: Report, resident: Resident | None) -> list[str]:
    """Which of name, phone and email are those of the registered resident; the others are only the reporter's word."""
    if resident is None:
        return []
    mail = bool(report.email) and email.counted(resident.email) == email.counted(report.email)
    name = bool(report.name) and text.sought(resident.name) == text.sought(report.name)
    return ["phone", *["email"] * mail, *["name"] * name]


def heard(report: Report) -> Report:
    """The report with what its words suggest, so that they are read once."""
    return replace(report, said=suggested(report))


def asks(report: Report) -> bool:
    """Whether the form has to ask for danger first: words that only look dangerous, or danger that is no repair."""
    said = suggested(report)
    unheard = said.priority is Priority.EMERGENCY and Kind(report.kind) not in WORKS
    return bool(said.ask) or (unheard and report.danger not in ANSWERS)


def suggested(report: Report) -> Suggestion:
    """What the words of a report suggest, and what was answered."""
    return report.said or suggest(report.words, everywhere(), report.category, report.danger)


def _reported(
    report: Report, place: Place, residents: Sequence[Resident], number: str, at: datetime, by: Actor | None
) -> Event:
    here = place.as_fact()
    numbers = policy_for(here)
    said = suggested(report)
    kind = Kind(report.kind)
    if report.danger == "yes" and kind not in WORKS:
        kind = Kind.REPAIR  # somebody has to go there, whatever it was headed
    priority = Priority(report.priority) if by and report.priority else said.priority
    if kind not in (Kind.REPAIR, Kind.EMERGENCY) and not report.priority:
        priority = Priority.NORMAL
    known = registered(residents, report.phone)
    data: dict[str, Any] = {
        "number": number,
        "kind": kind.value,
        "priority": priority.value,
        "category": said.category,
        "place": here,
        "reporter": report.reporter,
        "desk": desk_of(1, here),
        "lang": report.lang,
        "photos": len(report.photos),
        "verified": known is not None,
        "known": _known(report, known),
    }
    if report.component and report.component in numbers.categories[said.category].components:
        data["component"] = report.component
    if place.kind == "unit":
        data["stage"] = stage_of(place.facts, at.astimezone(ZoneInfo(numbers.zone)).date())
    if known:
        data["resident"] = known.id
    if report.danger in ANSWERS:
        data["danger"] = report.danger
    data |= report.more
    private = {
        "words": report.words,
        "photos": [f"/{photo}" for photo in report.photos],
        "name": report.name,
        "phone": report.phone,
        "email": report.email,
        "preferred": report.preferred,
    }
    actor = by or Actor("reporter", Role.OWNER)
    return Event(
        kind="reported",
        at=at.replace(microsecond=0),
        by=actor.id,
        role=actor.role,
        data=data,
        said={k: v for k, v in private.items() if v},
        channel=actor.channel,
        grant=actor.grant,
        key=report.mark,
        policy=numbers.version,
        correlation=report.mark,
    )


def _limits(report: Report, event: Event, place: Place, at: datetime) -> list[Write]:
    """The counters that a report from outside goes through: strangers' ones, or those of who is let through."""
    reach = report.phone or email.counted(report.email)
    known = bool(event.data["verified"])
    parts: dict[str, tuple[str, int]] = {}
    if known or event.data["priority"] == Priority.EMERGENCY.value:
        target = f"{report.place}/{reach}" if known else report.place
        values = {"sure-place": target, "sure-address": report.address}
        limits = LET_THROUGH
        parts["sure-place"] = (access.hidden("sure-pair", f"{report.address}/{target}"), FROM_ONE)
    else:
        values = {"phone": reach, "place": report.place, "address": report.address}
        limits = STRANGERS if place.kind == "unit" else {**STRANGERS, "place": COMMON_PLACE}
    return [
        throttles.change(purpose, access.hidden(purpose, values[purpose]), at, SECONDS, limit, part=parts.get(purpose))
        for purpose, limit in limits.items()
    ]
