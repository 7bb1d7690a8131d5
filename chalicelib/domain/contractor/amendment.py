"""An amendment 变更单: what is to change of a stored company or contract, once a second person confirms it.

    proposed → confirmed → applied           confirmed: from a day on, by somebody other than who proposed it
    beside it    rejected                    by either of the two, or because a later one takes its place
                 overtaken                   on its day, what it was to change was no longer as it had been

What is new and what was old lie with the private parts: names, phones and addresses are among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.contractor.contract import Clause, Company, CompanyKind, Contract
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import MARKED, Command, made_already
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.kinds import Heading, RecordKind, register
from chalicelib.domain.record.moving import folded
from chalicelib.domain.record.roles import Role, office_of

PREFIX = "AMENDMENT"
OPEN = frozenset({"proposed", "confirmed"})
STATES = OPEN | {"rejected", "applied", "overtaken"}
LONGEST_AHEAD = timedelta(days=366)
MOST_WORDS = 500
PARTS: Mapping[str, str] = {
    "contacts": "contacts",
    "email": "addresses",
    "post": "addresses",
    "bank": "account",
    "account": "account",
    "tax_number": "account",
    "clauses": "clauses",
}
CAPS = ("fee_rate", "fee_cap", "penalty", "penalty_rate", "cap")
TELLINGS: Mapping[str, tuple[Telling, ...]] = {
    "proposed": (
        Telling("proposed", "contacts", "amendment_proposed", "none"),
        Telling("proposed", "office", "amendment_waits", "none"),
    ),
    "confirmed": (Telling("confirmed", "contacts", "amendment_confirmed", "none"),),
    "overtaken": (Telling("overtaken", "office", "amendment_overtaken", "none"),),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that changes, as the store writes it; None where it was or will be as by default.

    `where`: the sheet of the workbook: contractors, third_parties, company_people, contracts, clauses. `of`: the clause
    or person, "" for the company or contract itself. A clause's `term` is a number and its season ("": months).
    """

    where: str
    of: str
    field: str
    old: Any
    new: Any


@dataclass(slots=True)
class Amendment:
    """`subject`: company or contract; `of`: its id; `parts`: what changes, in words of PARTS and `caps`, `details`.

    `company`: whose contacts are told, `contacts`: those that were authorised before. `new`, `old`: `company` or
    `contract` as the store writes them, and `people`.
    """

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    place: Mapping[str, str] = field(default_factory=dict)
    state: str = ""
    subject: str = ""
    of: str = ""
    company: str = ""
    parts: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    by: str = ""
    since: date | None = None
    new: Mapping[str, Any] = field(default_factory=dict)
    old: Mapping[str, Any] = field(default_factory=dict)
    closed_under: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def outstanding(self) -> bool:
        return False

    def knows(self, key: str) -> bool:
        return bool(key) and any(event.key.partition(MARKED)[0] == key for event in self.events)

    def differences(self) -> list[Difference]:
        """All that changes, field by field."""
        found = []
        for what, where in (("company", _sheet(self.new)), ("contract", "contracts")):
            old, new = self.old.get(what, {}), self.new.get(what, {})
            found += _differ(where, "", _without(old, "clauses"), _without(new, "clauses"))
            was, now = (_by_id(one.get("clauses", ())) for one in (old, new))
            for clause in sorted({*was, *now}):
                found += _differ("clauses", clause, _flat(was.get(clause, {})), _flat(now.get(clause, {})))
        were, are = (_by_id(one.get("people", ())) for one in (self.old, self.new))
        for person in sorted(are):
            found += _differ("company_people", person, were.get(person, {}), are[person])
        return found

    def begins(self, zone: str) -> datetime | None:
        """When it takes effect; None before it is confirmed."""
        since = self.since if self.state == "confirmed" else None
        return datetime.combine(since, time(), ZoneInfo(zone)) if since else None


def _differ(where: str, of: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    names = (name for name in sorted({*old, *new} - {"id"}) if old.get(name) != new.get(name))
    return [Difference(where, of, name, old.get(name), new.get(name)) for name in names]


def _sheet(new: Mapping[str, Any]) -> str:
    third = new.get("company", {}).get("kind") == CompanyKind.THIRD_PARTY.value
    return "third_parties" if third else "contractors"


def _by_id(some: Iterable[Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    return {one["id"]: one for one in some}


def _without(one: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return {key: value for key, value in one.items() if key != name}


def _flat(clause: Mapping[str, Any]) -> Mapping[str, Any]:
    """A clause as the workbook has it: its scope beside the rest, its term and its start in one field each."""
    found = {**_without(clause, "scope"), **clause.get("scope", {})}
    length = found.pop("months", 0), found.pop("seasons", 0), found.pop("season", "")
    if length[0] or length[1]:
        found["term"] = [length[0] or length[1], length[2]]
    if starts_on := found.pop("starts_on", None):
        found["starts"] = starts_on
    return found


def parts_of_company(new: Company, old: Company) -> tuple[str, ...]:
    """What differs between two states of a company, as its contacts are told."""
    differ = (f.name for f in fields(Company) if getattr(new, f.name) != getattr(old, f.name))
    return tuple(sorted({PARTS.get(name, "details") for name in differ}))


def parts_of_contract(new: Contract, old: Contract) -> tuple[str, ...]:
    """The same for a contract: caps apart from the rest of its clauses."""
    differ = {f.name for f in fields(Contract) if getattr(new, f.name) != getattr(old, f.name)}
    found = {PARTS.get(name, "details") for name in differ - {"clauses"}}
    was = {clause.id: clause for clause in old.clauses}
    for clause in new.clauses if "clauses" in differ else ():
        before = was.pop(clause.id, None)
        if before is None or _without_caps(clause) != _without_caps(before):
            found.add("clauses")
        if before is None or any(getattr(clause, name) != getattr(before, name) for name in CAPS):
            found.add("caps")
    if "clauses" in differ and (was or not found & {"clauses", "caps"}):
        found.add("clauses")
    return tuple(sorted(found))


def _without_caps(clause: Clause) -> Clause:
    return replace(clause, fee_rate=0, fee_cap=0, penalty=0, penalty_rate=0, cap=0)


def fold(reference: str, events: Iterable[Event], onto: Amendment | None = None, **_: Any) -> Amendment:
    """The amendment that the events make; `onto` continues a copy of one that is folded already."""
    return folded(replace(onto) if onto else Amendment(reference), events, _apply)


def _apply(one: Amendment, event: Event) -> None:
    one.state = event.kind if event.kind in STATES else one.state
    if event.kind == "proposed":
        d = event.data
        one.place, one.subject, one.of, one.company = d["place"], d["subject"], d["of"], d["company"]
        one.parts, one.contacts, one.by = tuple(d["parts"]), tuple(d["contacts"]), event.by
        one.new, one.old = event.said.get("new", {}), event.said.get("old", {})
    elif event.kind == "confirmed":
        one.since = date.fromisoformat(event.data["since"])
    if not one.is_open:
        one.closed_under = event.policy


def decide(one: Amendment, command: Command, at: datetime, numbers: Policy) -> list[Event]:
    """What happens to an amendment. Raises IllegalMove, NotAllowed, Invalid.

    confirm   `since`: from which day on, today or later; not by who proposed it
    reject    `words`: why; `cause`: superseded, where a later one takes its place
    apply     `stands`: whether what it changes is still as it was
    """
    if made_already(one, command):
        return []
    allowed = {"confirm": {"proposed"}, "reject": OPEN, "apply": {"confirmed"}}
    if one.state not in allowed.get(command.name, ()):
        raise IllegalMove("amendment_decided", state=one.state)
    if command.by.role not in (Role.OFFICE, Role.SYSTEM):
        raise NotAllowed("not_allowed")
    data: dict[str, Any] = {}
    if command.name == "confirm":
        if command.by.id == one.by:
            raise NotAllowed("second_person")
        data["since"] = _since(command, at, numbers.zone).isoformat()
    if cause := command.data.get("cause"):
        data["cause"] = cause
    kind = {"confirm": "confirmed", "reject": "rejected"}.get(command.name)
    kind = kind or ("applied" if command.data.get("stands") else "overtaken")
    said = {"words": str(command.said["words"])[:MOST_WORDS]} if command.said.get("words") else {}
    who = command.by
    key = f"{command.key}{MARKED}{command.mark}" if command.mark else command.key
    return [Event(kind, at, who.id, who.role, data, said, who.channel, who.grant, key, numbers.version)]


def _since(command: Command, at: datetime, zone: str) -> date:
    today = at.astimezone(ZoneInfo(zone)).date()
    try:
        since = date.fromisoformat(str(command.data.get("since") or today))
    except ValueError as fault:
        raise Invalid("since", "out_of_range") from fault
    if not today <= since <= today + LONGEST_AHEAD:
        raise Invalid("since", "out_of_range")
    return since


def heading(one: Amendment, numbers: Policy) -> Heading:
    """At the warranty office's desk while it is open, and with what it is about."""
    about = {"state": one.state, "subject": one.subject, "of": one.of, "parts": list(one.parts)}
    lists = {"desk": office_of(one.place), "place": f"{one.subject}/{one.of}"} if one.is_open else {}
    return Heading(None, one.begins(numbers.zone), about, lists)


def due_moments(one: Amendment, numbers: Policy, at: datetime) -> Sequence[Any]:
    """No clock runs: what comes is its day."""
    return ()


def next_moment(one: Amendment, numbers: Policy, at: datetime) -> datetime | None:
    return one.begins(numbers.zone)


AMENDMENTS = RecordKind(PREFIX, fold, decide, heading, due_moments, next_moment, lambda numbers: TELLINGS)
register(AMENDMENTS)
