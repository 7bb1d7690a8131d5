"""What a company's page shows of a case: what is wrong, by when, the letters, what may be done, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from chalicelib.adapters.ids import ulid
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.clocks import promises
from chalicelib.domain.contractor.words import REASONS, State
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket import lifecycle as ticket_life
from chalicelib.language import cases, times, words
from chalicelib.language.deadlines import deadline
from chalicelib.language.letters import file_word, title_of
from chalicelib.services.contractor import desk, papers
from chalicelib.services.contractor.desk import Seen
from chalicelib.services.contractor.papers import Paper
from chalicelib.services.record.numbers import policy_for
from chalicelib.web.contractor import history
from chalicelib.web.contractor.lines import MINE
from chalicelib.web.kit import pages
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.kept import Kept
from chalicelib.web.kit.moves import Tried
from chalicelib.web.staff import hidden

SHORT = 16  # digits of a hash that are shown beside a letter; all of them stand on its public page
OFFICES = frozenset({"inspection", "answer", "acceptance"})  # clocks of others that the contractor waits for


@dataclass(frozen=True, slots=True)
class Run:
    """A clock that runs, in words. `ours`: the reader's own turn."""

    word: str
    due: datetime
    left: str
    when: str
    late: bool
    ours: bool


def company_name(company: str) -> str:
    found = desk.company_named(company)
    return found.name if found else company


def page(seen: Seen, door: Door, lang: str, at: datetime) -> dict[str, Any]:
    """Everything the template needs of a case."""
    case, role, ticket = seen.case, seen.role, seen.ticket
    numbers = policy_for(case.place)
    tz = numbers.zone
    runs = _runs(case, role, numbers, lang, at, tz)
    own = seen.opened.grant.kind == "staff"
    clause = next((one for one in seen.contract.clauses if one.id == case.clause), None) if seen.contract else None
    here = f"?of={ticket.id}" if ticket.id != case.ticket else ""
    return {
        "c": case,
        "role": role.value,
        "base": door.base,
        "home": f"/k/{door.token}" if own else "",
        "tz": tz,
        "company": company_name(seen.company),
        "number": spoken(case.number),
        "state": cases.state_word(case.state.value, lang),
        "tone": "done" if not case.is_open else "late" if any(one.late for one in runs if one.ours) else "open",
        "runs": runs,
        "next": next((one for one in runs if one.ours), None),
        "authorised": seen.authorised,
        "contract": seen.contract.number if seen.contract else "",
        "clause": clause.text if clause and role is Role.CONTRACTOR else "",
        "clause_id": case.clause,
        "reported": times.clock_time(ticket.reported_at, tz, lang, at) if ticket.reported_at else "",
        "words_said": hidden.words_of(ticket)["words"],
        "shots": [f"{door.base}/photo/{n}{here}" for n in range(len(history.photos(ticket)))],
        "letters": _letters(case, door, lang, at, tz) if role is Role.CONTRACTOR else (),
        "tickets": _tickets(seen, door, lang),
        "looked": ticket.id,
        "rows": history.rows(seen, door.base, lang, at, tz),
        "refusal": cases.reason_word(case.reason, lang) if case.state is State.REFUSED else "",
        "inspection": _moment(case.inspection, lang, at, tz),
        "proposed": _moment(case.proposed, lang, at, tz),
        "job": _job(seen, lang, at, tz),
        "outcome": cases.outcome_word(case.outcome, lang) if case.outcome else "",
    }


def _moment(moment: datetime | None, lang: str, at: datetime, tz: str) -> str:
    return times.clock_time(moment, tz, lang, at) if moment else ""


def _runs(case: Case, role: Role, numbers: Any, lang: str, at: datetime, tz: str) -> list[Run]:
    """The deadlines that run: the reader's own, then those that they wait for, each with date and time."""
    found = []
    for one in promises(case, numbers):
        due, mine = one.clock.due_at, one.rule.hands == MINE[role]
        waits = role is Role.CONTRACTOR and one.name in OFFICES
        if not one.running or due is None or not (mine or waits):
            continue
        by = deadline(due, at, tz, lang, ours=mine)
        found.append(Run(words.clock_word(one.name, lang), due, by.left, by.when, by.late, mine))
    return sorted(found, key=lambda one: (not one.ours, one.due))


def _letters(case: Case, door: Door, lang: str, at: datetime, tz: str) -> list[dict[str, Any]]:
    return [_letter(paper, f"{door.base}/letter/{paper.letter.number}", lang, at, tz) for paper in papers.papers(case)]


def _letter(paper: Paper, file: str, lang: str, at: datetime, tz: str) -> dict[str, Any]:
    """A letter and its files, what was sealed before what was set. `file`: the path of the last one."""
    letter = paper.letter
    sheets = reversed(paper.sheets)
    return {
        "number": letter.number,
        "title": title_of(letter.kind.value, lang),
        "sent": times.clock_time(letter.at, tz, lang, at),
        "deadline": times.full_time(letter.deadline, tz, lang) if letter.deadline else "",
        "arrived": _moment(letter.delivered_at, lang, at, tz),
        "how": cases.delivery_word(letter.how.value, lang) if letter.how else "",
        "page": paper.page,
        "files": [(f"{file}?sum={one.hash}", file_word(one.how, lang), one.hash[:SHORT]) for one in sheets],
    }


def _tickets(seen: Seen, door: Door, lang: str) -> list[dict[str, Any]]:
    """The tickets of a case: where, how far, and the page of those that are the reader's to work on."""
    case = seen.case
    pages_of = desk.held(case, seen.opened.grant, door.token)
    if not case.batch:
        one = seen.ticket
        state = words.state_word(one.state.value, lang, one.kind.value)
        return [_ticket(one.id, one.number, str(one.place.get("label", "")), state, pages_of, case)]
    return [
        _ticket(
            one.id,
            one.line.number,
            one.line.place,
            words.state_word(one.line.state, lang, one.line.kind),
            pages_of,
            case,
        )
        for one in desk.lines(case)
    ]


def _ticket(
    ticket: str, number: str, place: str, state: str, pages_of: Mapping[str, str], case: Case
) -> dict[str, Any]:
    return {
        "id": ticket,
        "number": spoken(number or case.tickets[ticket]),
        "place": place,
        "state": state,
        "page": pages_of.get(ticket, ""),
        "worker": case.delegates.get(ticket, ""),
        "done": ticket in case.done,
    }


def _job(seen: Seen, lang: str, at: datetime, tz: str) -> dict[str, Any] | None:
    """What a third party is engaged for; None for anybody else."""
    from chalicelib.language.liability import yuan

    case = seen.case
    if seen.role is not Role.THIRD_PARTY:
        return None
    found = next((one for one in (case.stop, case.job) if one and one.company == seen.company), None)
    if found is None:
        return None
    return {
        "stop": found is case.stop,
        "price": yuan(found.price, lang) if found.price is not None else "",
        "quoted": yuan(found.quoted, lang) if found.quoted is not None else "",
        "window": times.window_time(found.starts, found.ends, tz, lang, at) if found.starts and found.ends else "",
        "invoice": found.invoice,
    }


_kept = Kept("contractor/moves.html", "here", "leave", "key", "found", "clock", "looked", "who", "each")


def forms(seen: Seen, door: Door, lang: str, at: datetime, tried: Tried) -> dict[str, Any]:
    """The forms of a case's page, and what is wrong in one of them.

    They are kept for every case in the same situation; with something typed, they are made anew.
    """
    open_moves = tuple(desk.open_moves(seen))
    workers = [(one.id, one.person.name) for one in desk.workers(seen.company)] if "delegate" in open_moves else []
    stop = desk.stop_of(seen)
    now = {
        "moves": open_moves,
        "main": main_move(open_moves),
        "knows": bool(workers),
        "many": len(seen.case.unfinished) > 1,
        "of_stop": stop is not None and stop.done_at is not None and stop.invoiced_at is None,
        "today": at.astimezone(ZoneInfo(policy_for(seen.case.place).zone)).date().isoformat(),
    }
    wrong = {"wrong_move": tried.move, "wrong": tried.wrong(lang), "kept": tried.kept}
    own = {
        "here": pages.root() + door.base,
        "leave": pages.root() + "/passed-on",
        "key": ulid(at),
        "found": str(ticket_life.answered(seen.ticket, "dispute_finding")),
        "clock": str(int(at.timestamp())),
        "looked": seen.ticket.id,
        "who": _who(workers, str(tried.kept.get("person", ""))),
        "each": _each(seen),
    }

    def more() -> dict[str, Any]:
        return {**now, **wrong, "reasons": [(one, cases.reason_word(one, lang)) for one in REASONS]}

    text = _kept.anew(lang, more(), **own) if tried.fault else _kept.text(lang, tuple(now.values()), more, **own)
    moves, bar, outbox = (Markup(part.strip()) for part in text.split("<!-- -->"))
    return {
        **wrong,
        "here": own["here"],
        "key": own["key"],
        "main": now["main"],
        "forms": moves,
        "bar": bar,
        "outbox": outbox,
        "working": _working(seen) if "take_back" in open_moves else (),
        "overtaken": tried.overtaken(lang),
        "unsent": "" if tried.move in open_moves else tried.unsent,
    }


def main_move(open_moves: Sequence[str]) -> str:
    """The one thing to do next; "" where it is somebody else's turn, or the work goes on at the tickets."""
    first = ("acknowledge", "confirm", "agree_inspection", "finish_stop", "quote", "appoint", "invoice")
    return next((name for name in first if name in open_moves), "")


ONE = Markup('<label><input type="radio" name="person" value="{}" required{}><span>{}</span></label>')
TICK = Markup(
    '<label class="tick"><input type="checkbox" name="tickets" value="{}"><span>{} '
    '<span class="num muted">{}</span></span></label>'
)


def _who(workers: Sequence[tuple[str, str]], chosen: str) -> Markup:
    """The workers who are known, to choose from."""
    made = (ONE.format(person, Markup(" checked") if person == chosen else "", name) for person, name in workers)
    return Markup("").join(made)


def _each(seen: Seen) -> Markup:
    """The tickets that are not repaired, to choose from."""
    unfinished = seen.case.unfinished
    if len(unfinished) < 2:
        return Markup("")
    return Markup("").join(TICK.format(one, "", spoken(seen.case.tickets[one])) for one in unfinished)


def _working(seen: Seen) -> list[tuple[str, str]]:
    """Who works for the case now, with their names."""
    names = seen.people
    return [(one, names.get(one, parts(one)[1])) for one in sorted(seen.case.workers)]
