"""What the warranty office sees of a case: gate A, deadlines, letters, what happened, what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup

from chalicelib.adapters.ids import ulid
from chalicelib.domain.contractor import gates
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.clocks import promises
from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.contractor.lifecycle import moves
from chalicelib.domain.contractor.words import Engagement, Route, State
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.number import spoken
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
from chalicelib.web.kit.kept import Kept
from chalicelib.web.kit.moves import Tried
from chalicelib.web.office import forms as office_forms
from chalicelib.web.staff.view import Clocks

SHORT = 16  # digits of a hash that stand beside a letter; all of them are on its public page
LATE = frozenset({"breached", "missed", "expired", "work_refused", "message_failed", "unwritten", "refused"})
QUIET = frozenset({"warned", "reminded", "entrusted"})  # they say nothing that the deadlines don't
ELSEWHERE = frozenset(
    {"edit_letter", *office_forms.RELEASES, "engage", "stop_damage", "prove_delivery", "seal", "join"}
)
# what comes next for the office, the first that is open to it
FIRST = (
    "answer_refusal",
    "confirm_in_writing",
    "agree_price",
    "accept",
    "accept_stop",
    "agree_inspection",
    "pass_gate",
)
DRAFTS = {f"release_{kind.value}": kind.value for kind in LetterKind}


class Run(NamedTuple):
    """A clock that runs, in words. `ours`: the office's own."""

    word: str
    left: str
    when: str
    late: bool
    ours: bool


class Condition(NamedTuple):
    """A condition of the gate. `behind`: the event that meets it; `missing`: what it costs in time where none does."""

    word: str
    met: bool
    behind: str
    when: str
    missing: str


class Row(NamedTuple):
    """A line of what happened."""

    when: str
    text: str
    who: str
    words: str
    photos: Sequence[str]
    late: bool


def page(opened: Opened, door: Door, lang: str, at: datetime) -> dict[str, Any]:
    """Everything the template needs of a case."""
    case: Case = opened.record
    numbers = policy_of(case)
    said = Clocks(lang, at, numbers.zone)
    own = opened.grant.kind == "staff"
    runs = _runs(case, numbers, said)
    contract = desk.contract_named(case.contract)
    names = contacts.names([case.company, *(job.company for job in (case.job, case.stop) if job)])
    people = frontdesk.names(_people(case), case.place.get("project", ""))
    clause = next((one for one in contract.clauses if one.id == case.clause), None) if contract else None
    return {
        "c": case,
        "id": parts(case.id)[1],
        "base": door.base,
        "token": door.token,
        "whose": frontdesk.whose(opened.grant),
        "home": _home(opened, door),
        "ours": own and opened.actor.role is Role.OFFICE,
        "number": spoken(case.number),
        "state": cases.state_word(case.state.value, lang),
        "tone": "done" if not case.is_open else "late" if any(one.late for one in runs) else "open",
        "next": next((one for one in runs if one.ours), None),
        "runs": runs,
        "company": names.get(case.company, case.company),
        "contract": contract.number if contract else case.contract,
        "clause": clause.text if clause else "",
        "opened": said.when(case.opened_at) if case.opened_at else "",
        "tickets": [(f"/w/{door.token}/{one}" if own else "", spoken(n)) for one, n in case.tickets.items()],
        "gates": [
            (office.route_word(r.value, lang), r.value, _gate(case, numbers, r, people, said)) for r in routes(case)
        ],
        "likes": _likes(case, said) if own else (),
        "letters": _letters(case, door, people, said),
        "job": _job(case.job, case, names, said),
        "stop": _job(case.stop, case, names, said),
        "rows": rows(case, door, people, said),
        "outcome": cases.outcome_word(case.outcome, lang) if case.outcome else "",
        "refusal": cases.reason_word(case.reason, lang) if case.state is State.REFUSED else "",
        "refused": case.said("refused").get("words", "") if case.state is State.REFUSED else "",
        "inspection": said.when(case.inspection) if case.inspection else "",
        "proposed": said.when(case.proposed) if case.proposed else "",
        "proposer": case.proposer,
        "reach": _reach(case) if case.is_open else (),
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


def _gate(case: Case, numbers: Policy, route: Route, people: Any, said: Clocks) -> list[Condition]:
    found = []
    for one in gates.gate_a(case, numbers, said.at, route):
        event = case.events[one.event - 1] if one.met else None
        behind = cases.event_sentence(event, said.lang, said.tz, people, said.at) if event else ""
        when = said.when(event.at) if event else ""
        missing = office.costs_text(one, said.tz, said.lang)
        found.append(Condition(office.condition_word(one.name, said.lang), one.met, behind, when, missing))
    return found


def _likes(case: Case, said: Clocks) -> list[tuple[str, str, str, str]]:
    """(id, number, place, state) of like open defects that could stand under one letter. One call while it may join."""
    return [
        (parts(one.id)[1], spoken(one.line.number), one.line.place, cases.state_word(one.line.state, said.lang))
        for one in batching.like(case, said.at)
    ]


def _runs(case: Case, numbers: Policy, said: Clocks) -> list[Run]:
    """The clocks that run, the office's own first, each by deadline."""
    found = []
    for one in promises(case, numbers) if case.is_open else ():
        due = one.clock.due_at
        if one.running and due is not None:
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


def photos(case: Case) -> list[tuple[int, str]]:
    """Every photo of the case with the version it came with; a place in the list is a photo's number for good."""
    return [(e.version, str(photo)) for e in case.events if e.said for photo in e.said.get("photos", ())]


def rows(case: Case, door: Door, people: Any, said: Clocks) -> list[Row]:
    """What happened, newest first."""
    roles = {role: words.role_word(role.value, said.lang) for role in {e.role for e in case.events}}
    shots: dict[int, list[str]] = {}
    for n, (version, _) in enumerate(photos(case)):
        shots.setdefault(version, []).append(f"{pages.root()}{door.base}/photo/{n}")
    return [
        Row(
            said.when(event.at),
            cases.event_sentence(event, said.lang, said.tz, people, said.at),
            people.get(event.by) or roles[event.role],
            str(event.said.get("words", "")) if event.said else "",
            shots.get(event.version, ()),
            event.kind in LATE,
        )
        for event in reversed(case.events)
        if event.kind not in QUIET
    ]


_kept = Kept("office/moves.html", "here", "key", "fen")


def forms(opened: Opened, door: Door, lang: str, at: datetime, tried: Tried) -> dict[str, Any]:
    """The forms of a case's page, and what is wrong in one of them.

    They are kept for every case in the same situation; with something typed, they are made anew.
    """
    case, role = opened.record, opened.actor.role
    now = situation(case, role, at, lang)
    wrong = {"wrong_move": tried.move, "wrong": tried.wrong(lang), "kept": tried.kept}
    quoted = case.job.quoted if case.job and case.job.quoted else 0
    own = {"here": pages.root() + door.base, "key": ulid(at), "fen": str(quoted)}

    def more() -> dict[str, Any]:
        return {**now, **wrong, "now": at}

    text = _kept.anew(lang, more(), **own) if tried.fault else _kept.text(lang, tuple(now.values()), more, **own)
    known = now["moves"]
    return {
        **wrong,
        "fragments": Markup(text),
        "legal": known,
        "drafts": [(DRAFTS[one], title_of(DRAFTS[one], lang)) for one in known if one in DRAFTS and _ready(case, one)],
        "key": own["key"],
        "here": own["here"],
        "today": now["today"],
        "overtaken": tried.overtaken(lang),
        "unsent": "" if tried.move in known else tried.unsent,
    }


def _ready(case: Case, release: str) -> bool:
    """Whether a letter is asked for: a reminder once something was missed, an invitation once it is known to what."""
    if release == "release_reminder":
        return case.cause is not None and case.arrived(LetterKind.NOTICE) is not None
    return release != "release_third_party_notice" or bool(case.job and case.job.starts)


def situation(case: Case, role: Role, at: datetime, lang: str) -> dict[str, Any]:
    """What the forms depend on: the same for many cases, and nothing about persons."""
    numbers = policy_of(case)
    ways = [r for r in routes(case) if r is not Route.STOP and gates.passed(gates.gate_a(case, numbers, at, r))]
    stop = case.stop
    makes_sense = {
        "agree_inspection": case.proposed is not None and case.proposer != "office",
        "pass_gate": bool(ways),
        "agree_price": case.job is not None and case.job.quoted is not None,
        "invoice": _owes_invoice(case),
        "accept_stop": bool(stop and stop.done_at and not stop.accepted_at),
        "stop_damage": case.priority is Priority.EMERGENCY,
        "take_back": bool(case.workers),
    }
    open_moves = [name for name in moves(case, role) if name in office_forms.READERS and makes_sense.get(name, True)]
    shown = tuple(name for name in open_moves if name not in ELSEWHERE)
    today = at.astimezone(ZoneInfo(numbers.zone)).date()
    return {
        "moves": tuple(open_moves),
        "shown": shown,
        "main": next((name for name in FIRST if name in shown), ""),
        "today": today.isoformat(),
        "last": (today + timedelta(days=62)).isoformat(),
        "ways": tuple(route.value for route in ways),
        "stops": "stop_of_damage" if _stop_owes(case) else "",
        "workers": tuple(sorted(case.workers)),
    }


def _stop_owes(case: Case) -> bool:
    return bool(case.stop and case.stop.done_at and not case.stop.invoiced_at)


def _owes_invoice(case: Case) -> bool:
    job = case.job
    return bool(job and job.accepted_at and not job.invoiced_at) or _stop_owes(case)
