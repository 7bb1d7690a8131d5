"""What an evidence pack says: sections of facts, tables and photos, and a list of its files with their hashes.

    {lang, title, number, of, facts: [[label, fact]], amount: [figures, capitals], words, sections: [{title, blocks}]}
    block    {facts: [[label, fact]]} | {head: […], widths: […], rows: [[…]]} | {note} | {photos: [{n, caption, hash}]}

`binding.py` sets it. People stand in it by role and code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.money.capitals import capitals
from chalicelib.domain.money.pack import Pack, Shot
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.promise import Promise
from chalicelib.domain.record.roles import Role
from chalicelib.language import cases, deductions, money, times, words
from chalicelib.language.catalogue import word
from chalicelib.language.letters import title_of

COUNTS: Mapping[str, str] = {"always": "calendar time", "office": "office hours"}
QUIET = frozenset({"warned", "reminded", "escalated", "entrusted", "message_failed", "gate_asked", "letter_made"})
WORK = frozenset({"engaged", "disengaged", "quoted", "price_agreed", "appointed", "done", "stop_done"})
DONE = frozenset({"work_done", "work_refused", "work_accepted", "accepted", "stop_accepted", "cured"})
SEEN = frozenset({"found", "finding_disputed", "inspection_proposed", "inspection_agreed", "inspection_held"})


@dataclass(frozen=True, slots=True)
class Named:
    """What the codes of a pack are called; `clause`: its text; `items`: of the third party's price list."""

    entity: str
    company: str
    third_party: str
    contract: str
    clause: str
    items: Mapping[str, str]


class _Ids(dict[str, str]):
    """Whoever it is: their code."""

    def __missing__(self, key: str) -> str:
        return key

    def get(self, key: str, default: Any = None) -> Any:
        return key or default


@dataclass(frozen=True, slots=True)
class _Page:
    pack: Pack
    lang: str
    tz: str

    def __call__(self, text: str, **facts: Any) -> str:
        said = word("evidence pack", text, self.lang)
        return said.format(**facts) if facts else said

    def time(self, at: datetime | None) -> str:
        return times.letter_time(at, self.tz, self.lang) if at else ""

    def who(self, event: Event) -> str:
        role = words.role_word(event.role.value, self.lang)
        return role if event.role in (Role.SYSTEM, Role.OWNER) else f"{role} {event.by}"

    def of_case(self, event: Event) -> str:
        return cases.event_sentence(event, self.lang, self.tz, _Ids(), self.pack.at)

    def of_deduction(self, event: Event) -> str:
        return deductions.event_sentence(event, self.lang, self.tz, _Ids(), self.pack.at)


def said(
    pack: Pack, named: Named, runs: Sequence[Promise], objection: datetime | None, lang: str, tz: str
) -> dict[str, Any]:
    """Everything that is read in the pack, but for its files. `runs`: the case's clocks; `objection`: until when."""
    page, one = _Page(pack, lang, tz), pack.one
    sections = [
        (page("Gate B, and what it was passed on"), _gate(page)),
        (page("Letters and their arrival"), _letters(page)),
        (page("Inspection and share"), _found(page)),
        (page("Deadlines, and how they were kept"), _clocks(page, runs, objection)),
        (page("Third party's work, quotes and price"), _work(page, named.items)),
        (page("Acceptance"), _table_of(page, pack.case.events, DONE)),
        (page("Invoice and payment"), _paid(page)),
        (page("How the amount was reckoned"), _reckoned(page)),
        (page("Approval, notice, objection"), _approved(page)),
        (page("The case from its first day"), _table_of(page, pack.case.events, None)),
    ]
    return {
        "lang": lang,
        "title": page("Evidence pack of a deduction"),
        "number": one.number,
        "of": named.entity,
        "facts": _cover(page, named),
        "amount": [page("Amount"), money.figures(one.total), capitals(one.total)],
        "words": layout_words(lang),
        "sections": [{"title": title, "blocks": list(blocks)} for title, blocks in sections],
    }


def captions(pack: Pack, lang: str, tz: str) -> list[str]:
    """What stands below each photo."""
    page = _Page(pack, lang, tz)
    return [_caption(page, shot) for shot in pack.shots]


def layout_words(lang: str) -> dict[str, str]:
    """What the layout itself says."""

    def page(text: str) -> str:
        return word("evidence pack", text, lang)

    return {
        "contents": page("Contents"),
        "numbering": word("letter", "1", lang),
        "after": word("letter", ". ", lang),
        "page": word("letter", "Page {n} of {m}", lang),
        "hash": page("SHA-256 of the content"),
        "photos": page("Photos"),
        "photo": page("Photo"),
        "file": page("File"),
        "unshown": page("This photo can't be shown"),
        "none": page("None on record"),
    }


def _cover(page: _Page, named: Named) -> list[list[str]]:
    pack, one = page.pack, page.pack.one
    rows = [
        (page("Legal entity"), named.entity),
        (page("Contractor"), named.company),
        (page("Contract"), named.contract),
        (page("Clause"), named.clause),
        (page("Case"), spoken(pack.case.number)),
        (page("Tickets"), " ".join(spoken(number) for number in pack.case.tickets.values())),
        (page("Place"), str(one.place.get("label", ""))),
        (page("Repaired by"), named.third_party),
        (page("Source"), money.source_word(one.source, page.lang)),
        (page("Basis"), money.basis_word(one.basis, page.lang)),
        (page("Firm since"), page.time(pack.at)),
    ]
    return [[label, fact] for label, fact in rows if fact]


def _gate(page: _Page) -> Iterator[dict[str, Any]]:
    rows = []
    for name, event in page.pack.conditions:
        behind = ""
        if event:
            of_case = event in page.pack.case.events
            behind = page.of_case(event) if of_case else page.of_deduction(event)
        rows.append(
            [
                deductions.condition_word(name, page.lang),
                behind or page("nothing was open"),
                page.time(event.at) if event else "",
                page.who(event) if event else "",
            ]
        )
    head = [page("Condition"), page("Stands on"), page("When"), page("By")]
    yield {"head": head, "widths": [5, 5, 3, 3], "rows": rows}


def _letters(page: _Page) -> Iterator[dict[str, Any]]:
    pack, rows = page.pack, []
    for record in (pack.case, pack.one):
        for letter in record.letters:
            proof = record.events[letter.delivery - 1] if letter.delivery else None
            waybill = str(proof.data.get("waybill", "")) if proof else ""
            how = cases.delivery_word(letter.how.value, page.lang) if letter.how else page("no proof of arrival")
            rows.append(
                [
                    f"{title_of(letter.kind.value, page.lang)}\n{letter.number}",
                    page.time(letter.at),
                    page.time(letter.delivered_at),
                    f"{how} {waybill}".strip(),
                    page.time(letter.deadline),
                ]
            )
    head = [page("Letter"), page("Sent"), page("Arrived"), page("Proof"), page("Deadline in it")]
    yield {"head": head, "widths": [4, 3, 3, 3, 3], "rows": rows}


def _found(page: _Page) -> Iterator[dict[str, Any]]:
    case = page.pack.case
    rows = [
        [
            spoken(case.tickets.get(ticket, "")) or ticket,
            page.time(its.at),
            its.finder,
            f"{its.share} %",
            page("disputed") if its.disputed else page("undisputed"),
        ]
        for ticket, its in case.findings.items()
    ]
    head = [page("Ticket"), page("When"), page("Found by"), page("Contractor's share"), page("Dispute")]
    yield {"head": head, "widths": [3, 4, 3, 3, 2], "rows": rows}
    yield from _table_of(page, case.events, SEEN)


def _clocks(page: _Page, runs: Iterable[Promise], objection: datetime | None) -> Iterator[dict[str, Any]]:
    until = page.pack.at
    rows = [
        _run(page, words.clock_word(run.name, page.lang), run.rule.counts, run.clock, until)
        for run in runs
        if run.clock.started_at <= until
    ]
    head = [page("Deadline of"), page("Counted in"), page("From"), page("Until"), page("Done"), page("Result")]
    yield {"head": head, "widths": [6, 4, 7, 7, 7, 3], "rows": rows}
    letter = page.pack.one.letter
    if letter and letter.delivered_at and objection:
        last = page.pack.one.last("confirmed", "disputed", "objection_over")
        yield {
            "note": page(
                "The notice arrived on {arrived}; until {end} the contractor could object. {what}",
                arrived=page.time(letter.delivered_at),
                end=page.time(objection),
                what=page.of_deduction(last) if last else "",
            ).strip()
        }
    yield {"note": page("The day of a letter's arrival is not counted; a deadline in days ends with its last day.")}


def _run(page: _Page, name: str, counts: str, clock: Any, until: datetime) -> list[str]:
    stopped = clock.stopped_at if clock.stopped_at and clock.stopped_at <= until else None
    due = clock.due_at
    late = bool(due and (stopped or until) > due)
    result = page("late") if late else page("in time") if stopped else page("running")
    return [
        name,
        page(COUNTS.get(counts, "working days")),
        page.time(clock.started_at),
        page.time(due),
        page.time(stopped),
        result,
    ]


def _work(page: _Page, items: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    case, one = page.pack.case, page.pack.one
    for event in case.events:
        if event.kind in ("engaged", "price_agreed") and event.data.get("quotes"):
            rows = [[str(who), money.figures(int(fen))] for who, fen in event.data["quotes"]]
            head = [page("Sealed quote of"), page("Yuan")]
            yield {"head": head, "widths": [6, 3], "rows": rows}
    agreed = [(page("Price agreed"), money.figures(one.price) if one.price else "")]
    agreed += [(page("Measured by {who}", who=who), _quantities(page, who, items)) for who in one.measured]
    if one.beyond:
        agreed.append((page("Beyond the defect, not charged"), money.figures(one.beyond)))
    yield {"facts": [[label, fact] for label, fact in agreed if fact]}
    yield from _table_of(page, case.events, WORK)


def _quantities(page: _Page, who: str, items: Mapping[str, str]) -> str:
    return " · ".join(
        f"{items.get(item, item)} × {quantity / 1000:g}" for item, quantity in page.pack.one.measured[who]
    )


def _paid(page: _Page) -> Iterator[dict[str, Any]]:
    one, facts = page.pack.one, []
    if invoice := one.invoice:
        facts = [
            [page("Invoice number"), invoice.number],
            [page("In all"), money.figures(invoice.total)],
            [page("Of it, for this deduction"), money.figures(invoice.allocated)],
        ]
    if paid := one.last("third_paid"):
        facts += [
            [page("Paid"), money.figures(int(paid.data.get("fen", 0)))],
            [page("On"), str(paid.data.get("on", ""))],
            [page("Voucher"), str(paid.data.get("voucher", ""))],
        ]
    yield {"facts": [fact for fact in facts if fact[1]]}


def _reckoned(page: _Page) -> Iterator[dict[str, Any]]:
    one = page.pack.one
    rows = [
        [
            money.nature_word(line.nature.value, page.lang),
            money.reckoning(line.steps, page.lang),
            money.figures(line.fen),
        ]
        for line in one.lines
    ]
    rows.append([page("Total"), capitals(one.total), money.figures(one.total)])
    if one.reversed:
        rows.append([page("Upheld of the objection"), "", money.figures(-one.reversed)])
        rows.append([page("Firm"), capitals(one.total - one.reversed), money.figures(one.total - one.reversed)])
    yield {"head": [page("What"), page("How"), page("Yuan")], "widths": [3, 8, 3], "rows": rows, "right": 1}
    yield {"note": page("Each line is rounded once, half up, from exact products. Amounts are in yuan, tax included.")}


def _approved(page: _Page) -> Iterator[dict[str, Any]]:
    """What happened to the deduction, and what both sides wrote of a refusal and of an objection."""
    yield from _table_of(page, page.pack.one.events, None)
    spoken = [[f"{page.time(event.at)}\n{page.who(event)}", words] for event, words in page.pack.spoken]
    if spoken:
        yield {"sub": page("In their own words")}
        yield {"facts": spoken}


def _table_of(page: _Page, events: Sequence[Event], kinds: frozenset[str] | None) -> Iterator[dict[str, Any]]:
    """What happened of some kinds, None: of all that are not quiet, the oldest first."""
    sentence = page.of_case if events is page.pack.case.events else page.of_deduction
    rows = [
        [page.time(event.at), sentence(event), page.who(event)]
        for event in events
        if (event.kind in kinds if kinds is not None else event.kind not in QUIET)
    ]
    yield {"head": [page("When"), page("What"), page("By")], "widths": [4, 9, 4], "rows": rows}


def _caption(page: _Page, shot: Shot) -> str:
    what = words_of(page, shot)
    number = f" {spoken(shot.number)}" if shot.number else ""
    return f"{page.time(shot.event.at)} {what}{number}"


def words_of(page: _Page, shot: Shot) -> str:
    if not shot.number:
        of_case = shot.event in page.pack.case.events
        return page.of_case(shot.event) if of_case else page.of_deduction(shot.event)
    return word("evidence pack", TICKETS.get(shot.event.kind, "Photo"), page.lang)


TICKETS: Mapping[str, str] = {
    "found": "Inspection",
    "appraised": "Appraisal",
    "arrived": "On arrival",
    "completed": "Work finished",
    "checked": "Supervisor's check",
}
