"""What the warranty office sees of a case: the gates, deadlines, letters, what happened, what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.domain.contractor import gates
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.clocks import promises
from chalicelib.domain.contractor.words import Engagement, Route, State
from chalicelib.domain.money.gates import ahead
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.promise import Promise
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role, company_team
from chalicelib.domain.ticket.trade import Priority
from chalicelib.language import cases, office, words
from chalicelib.language.letters import file_word, title_of
from chalicelib.language.liability import yuan
from chalicelib.services.access.opening import Opened
from chalicelib.services.contractor import batching, contacts, papers
from chalicelib.services.contractor import office as desk
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.ticket import dispatch, frontdesk
from chalicelib.web.kit import pages
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.gates import Condition, gate_a, gate_b
from chalicelib.web.staff.view import Clocks

SHORT = 16  # digits of a hash that stand beside a letter; all of them are on its public page
LATE = frozenset({"breached", "missed", "expired", "work_refused", "message_failed", "unwritten", "refused"})
QUIET = frozenset({"warned", "reminded", "entrusted"})  # they say nothing that the deadlines don't


class Run(NamedTuple):
    """A clock that runs, in words. `ours`: the office's own."""

    word: str
    left: str
    when: str
    late: bool
    ours: bool


class Row(NamedTuple):
    """A line of what happened."""

    when: str
    text: str
    who: str
    words: str
    photos: Sequence[str]
    late: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as it is looked at. `runs`: its clocks; `gates`: the conditions of each way to a third party."""

    opened: Opened
    case: Case
    said: Clocks
    numbers: Policy
    runs: Sequence[Promise]
    gates: Mapping[Route, Sequence[gates.Condition]]

    @property
    def own(self) -> bool:
        """Whether the link is somebody's own, which opens more than this case."""
        return self.opened.grant.kind == "staff"


def seen(opened: Opened, lang: str, at: datetime) -> Seen:
    """The case behind a link, its clocks read once for all that a page says of them."""
    case: Case = opened.record
    numbers = policy_of(case)
    runs = [one for one in promises(case, numbers) if one.running] if case.is_open else []
    by_name = {one.name: one for one in runs}
    found = {route: gates.gate_a(case, numbers, at, route, by_name) for route in routes(case)}
    return Seen(opened, case, Clocks(lang, at, numbers.zone), numbers, runs, found)


def page(it: Seen, door: Door) -> dict[str, Any]:
    """Everything the template needs of a case."""
    case, said, lang = it.case, it.said, it.said.lang
    runs = _runs(it.runs, said)
    contract = desk.contract_named(case.contract)
    names = contacts.names([case.company, *(job.company for job in (case.job, case.stop) if job)])
    people = frontdesk.names(_people(case), case.place.get("project", ""))
    clause = next((one for one in contract.clauses if one.id == case.clause), None) if contract else None
    return {
        "c": case,
        "id": parts(case.id)[1],
        "base": door.base,
        "token": door.token,
        "whose": frontdesk.whose(it.opened.grant),
        "home": _home(it.opened, door),
        "ours": it.own and it.opened.actor.role is Role.OFFICE,
        "number": spoken(case.number),
        "state": cases.state_word(case.state.value, lang),
        "tone": "done" if not case.is_open else "late" if any(one.late for one in runs) else "open",
        "next": next((one for one in runs if one.ours), None),
        "runs": runs,
        "company": names.get(case.company, case.company),
        "contract": contract.number if contract else case.contract,
        "clause": clause.text if clause else "",
        "opened": said.when(case.opened_at) if case.opened_at else "",
        "tickets": [(f"/w/{door.token}/{one}" if it.own else "", spoken(n)) for one, n in case.tickets.items()],
        "gate_a": _gate_a(it, people),
        "gate_b": _gate_b(it, people),
        "deductions": _deductions(it, door),
        "likes": _likes(case, said) if it.own else (),
        "letters": _letters(case, door, people, said),
        "job": _job(case.job, case, names, said),
        "stop": _job(case.stop, case, names, said),
        "rows": rows(case, door, people, said, shown=readable(it)),
        "outcome": cases.outcome_word(case.outcome, lang) if case.outcome else "",
        "refusal": cases.reason_word(case.reason, lang) if case.state is State.REFUSED else "",
        "refused": case.said("refused").get("words", "") if case.state is State.REFUSED and readable(it) else "",
        "inspection": said.when(case.inspection) if case.inspection else "",
        "proposed": said.when(case.proposed) if case.proposed else "",
        "proposer": case.proposer,
        "reach": _reach(case) if case.is_open else (),
        "workers": [(one, people.get(one) or one) for one in sorted(case.workers)],
    }


def _home(opened: Opened, door: Door) -> str:
    """The list that the case stands in; "" where the link opens this case alone."""
    if opened.grant.kind != "staff":
        return ""
    return f"/{'b' if opened.actor.role is Role.OFFICE else 'd'}/{door.token}"


def _people(case: Case) -> set[str]:
    named = {str(e.data["person"]) for e in case.events if "person" in e.data} | {e.by for e in case.events}
    return {one for one in named if one and ":" not in one}


def _reach(case: Case) -> Sequence[tuple[str, str]]:
    """(name, phone) of who receives letters for the contractor, the nearest first."""
    known = {one.id: one for one in dispatch.roster(company_team(case.company, "contractor"))}
    return [(known[one].person.name, known[one].phone) for one in contacts.receiving(case.company) if one in known]


def routes(case: Case) -> list[Route]:
    """By which a third party could be engaged, now or later; none once one is, or the case has ended."""
    if not case.is_open or case.state in (State.GATED, State.ENGAGED, State.DONE, State.ACCEPTED, State.CURED):
        return []
    found = [Route.DIRECT] if case.terms.direct_engagement else []
    found.append(Route.LADDER)
    return found + ([Route.STOP] if case.priority is Priority.EMERGENCY and case.stop is None else [])


def _gate_a(it: Seen, people: Mapping[str, str]) -> list[tuple[str, list[Condition]]]:
    """(title, conditions) of each way; once the gate is passed, what it was passed on."""
    lang, case = it.said.lang, it.case
    ways: Iterable[tuple[str, Sequence[gates.Condition]]]
    if case.gate:
        event = case.events[case.gate - 1]
        stored = [gates.Condition(one["name"], int(one["event"])) for one in event.data["conditions"]]
        ways = [(str(event.data["route"]), stored)]
    else:
        ways = [(route.value, conditions) for route, conditions in it.gates.items()]
    return [(office.route_word(route, lang), gate_a(conditions, case, people, it.said)) for route, conditions in ways]


def _gate_b(it: Seen, people: Mapping[str, str]) -> list[Condition]:
    """What a deduction will need, from the first day on; nothing once there is one, or there will be none."""
    case = it.case
    if not case.is_open or case.deductions or case.state is State.CURED:
        return []
    way = case.job or case.stop
    found = ahead(case, way.route if way else next(iter(it.gates), Route.LADDER))
    return gate_b(found, None, case, people, it.said)


def _deductions(it: Seen, door: Door) -> list[tuple[str, str]]:
    """(address, what for) of the deductions that came of it; for who has a link of the office."""
    if not (it.own and it.opened.actor.role is Role.OFFICE):
        return []
    base = f"/b/{door.token}/deduction"
    return [
        (f"{base}/{parts(one)[1]}", office.route_word(route, it.said.lang)) for route, one in it.case.deductions.items()
    ]


def _likes(case: Case, said: Clocks) -> list[tuple[str, str, str, str]]:
    """(id, number, place, state) of like open defects that could stand under one letter. One call while it may join."""
    return [
        (parts(one.id)[1], spoken(one.line.number), one.line.place, cases.state_word(one.line.state, said.lang))
        for one in batching.like(case, said.at)
    ]


def _runs(runs: Sequence[Promise], said: Clocks) -> list[Run]:
    """The clocks that run, the office's own first, each by deadline."""
    found = []
    for one in runs:
        if (due := one.clock.due_at) is not None:
            by = said.deadline(due)
            ours = one.rule.hands == "office"
            found.append((not ours, due, Run(words.clock_word(one.name, said.lang), by.left, by.when, by.late, ours)))
    return [run for *_, run in sorted(found)]


def _letters(case: Case, door: Door, people: Any, said: Clocks) -> list[dict[str, Any]]:
    """The letters, the newest first, with their files and whether they arrived."""
    found = []
    for paper in papers.papers(case):
        one = paper.letter
        found.append(
            {
                "number": one.number,
                "title": title_of(one.kind.value, said.lang),
                "sent": said.when(one.at),
                "by": people.get(one.by, ""),
                "deadline": said.when(one.deadline) if one.deadline else "",
                "arrived": said.when(one.delivered_at) if one.delivered_at else "",
                "how": cases.delivery_word(one.how.value, said.lang) if one.how else "",
                "files": [
                    (f"{door.base}/letter/{one.number}?sum={s.hash}", file_word(s.how, said.lang), s.hash[:SHORT])
                    for s in paper.sheets
                ],
                "page": paper.page,
                "rare": " ".join(paper.rare),
                "made": bool(one.made),
                "sealed": bool(one.sealed),
            }
        )
    return found


def _job(job: Engagement | None, case: Case, names: Any, said: Clocks) -> dict[str, str] | None:
    if job is None:
        return None
    return {
        "company": names.get(job.company, job.company),
        "id": job.company,
        "price": yuan(job.price, said.lang) if job.price is not None else "",
        "quoted": yuan(job.quoted, said.lang) if job.quoted is not None else "",
        "fen": str(job.quoted or ""),
        "starts": said.when(job.starts) if job.starts else "",
        "ends": said.when(job.ends) if job.ends else "",
        "done": said.when(job.done_at) if job.done_at else "",
        "accepted": said.when(job.accepted_at) if job.accepted_at else "",
        "invoice": job.invoice,
    }


def readable(it: Seen) -> bool:
    """Whether words and photos are the reader's: of what is to be erased, the warranty office's alone."""
    return not it.case.held or it.opened.actor.role is Role.OFFICE


def photos(case: Case) -> list[tuple[int, str]]:
    """Every photo of the case with the version it came with; a place in the list is a photo's number for good."""
    return [(e.version, str(photo)) for e in case.events if e.said for photo in e.said.get("photos", ())]


def rows(case: Case, door: Door, people: Any, said: Clocks, *, shown: bool = True) -> list[Row]:
    """What happened, newest first; with what was said and photographed where it may be `shown`."""
    roles = {role: words.role_word(role.value, said.lang) for role in {e.role for e in case.events}}
    shots: dict[int, list[str]] = {}
    for n, (version, _) in enumerate(photos(case) if shown else ()):
        shots.setdefault(version, []).append(f"{pages.root()}{door.base}/photo/{n}")
    return [
        Row(
            said.when(event.at),
            cases.event_sentence(event, said.lang, said.tz, people, said.at),
            people.get(event.by) or roles[event.role],
            str(event.said.get("words", "")) if event.said and shown else "",
            shots.get(event.version, ()),
            event.kind in LATE,
        )
        for event in reversed(case.events)
        if event.kind not in QUIET
    ]
