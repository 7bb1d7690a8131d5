"""What the warranty office and the contractor see alike of a deduction: the amount and how it was reckoned, what became
of it, its clock, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from chalice.app import Response

from chalicelib.domain.money.capitals import capitals
from chalicelib.domain.money.deduction import Deduction, State
from chalicelib.domain.money.kind import runs
from chalicelib.domain.money.release import Release
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.reference import parts
from chalicelib.language import deductions, money, releases, words
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import contacts
from chalicelib.services.contractor import office as desk
from chalicelib.services.money import proofs
from chalicelib.services.money.desk import Item, Line
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.record.record import NotFound
from chalicelib.store import stops
from chalicelib.web.kit import pages
from chalicelib.web.kit import ticket as shared
from chalicelib.web.kit.doors import Door
from chalicelib.web.staff.view import Clocks

QUIET = frozenset({"gate_asked", "warned", "reminded"})  # they say nothing that the page doesn't
LATE = frozenset({"breached", "message_failed", "disputed", "evidence_failed"})


class Row(NamedTuple):
    """A line of what happened. `photos`: their addresses."""

    when: str
    text: str
    who: str
    words: str
    photos: list[str]
    late: bool


class Timed(NamedTuple):
    """Where a line of a list leads, and its next deadline; "" for none."""

    href: str
    late: bool
    left: str
    when: str


class Listed(NamedTuple):
    """A deduction in a list, in words."""

    href: str
    late: bool
    left: str
    when: str
    clock: str
    number: str
    place: str
    company: str
    state: str
    tone: str
    amount: str


def facts(one: Deduction, said: Clocks, hands: str = "") -> dict[str, Any]:
    """What both pages say of it; of its clocks those in somebody's `hands`. Contract and companies are looked up."""
    lang = said.lang
    names = contacts.names([one.company, one.third_party])
    contract = desk.contract_named(one.contract)
    clause = next((its for its in contract.clauses if its.id == one.clause), None) if contract else None
    entity = desk.entity_named(one.entity)
    taken = [(money.source_word(source, lang), money.figures(fen)) for source, fen in one.recovered.items()]
    return {
        "d": one,
        "id": parts(one.id)[1],
        "number": one.number or spoken(one.case_number),
        "case": parts(one.case)[1],
        "case_number": spoken(one.case_number),
        "state": money.state_word(one.state.value, lang),
        "tone": tone(one.state.value, late=False),
        "company": names.get(one.company, one.company),
        "third_party": names.get(one.third_party, one.third_party),
        "contract": contract.number if contract else one.contract,
        "clause": clause.text if clause else "",
        "entity": entity.name if entity else one.entity,
        "what": _what(one, lang),
        "lines": [
            (money.nature_word(line.nature.value, lang), money.reckoning(line.steps, lang), money.figures(line.fen))
            for line in one.lines
        ],
        "total": money.figures(one.total),
        "capitals": capitals(one.total) if one.total else "",
        "source": money.source_word(one.source, lang) if one.source else "",
        "basis": money.basis_word(one.basis, lang) if one.basis else "",
        "taken": taken,
        "reversed": money.figures(one.reversed) if one.reversed else "",
        "written_off": money.figures(one.written_off) if one.written_off else "",
        "refunded": money.figures(one.refunded) if one.refunded else "",
        "refund_due": money.figures(one.refund_due) if one.refund_due else "",
        "left": money.figures(one.left) if one.total and one.left > 0 else "",
        "disputed": money.figures(one.disputed_fen) if one.disputed_fen else "",
        "packed": _packed(one),
        "stop": releases.ground_word(ground, lang) if (ground := stops.of_contract(one.entity, one.contract)) else "",
        "runs": [_run(run, said) for run in runs(one, policy_of(one)) if hands in ("", run.rule.hands)],
    }


def evidence(door: Door) -> Response:
    """303 to its evidence pack. Raises NotFound while there is none."""
    one = door.open_record().record
    if not isinstance(one, Deduction):
        raise NoAccess
    return shared.shown(proofs.pack(one))


def _packed(one: Deduction) -> str:
    """How large its pack is, in MB; "" while there is none."""
    packed = one.last("evidence_packed")
    return f"{max(int(packed.data.get('size', 0)), 50_000) / 1e6:.1f} MB" if packed else ""


def _what(one: Deduction, lang: str) -> str:
    what, component = words.category_word(one.about["category"], lang), one.about.get("component", "")
    return f"{what} · {words.component_word(component, lang)}" if component else what


def _run(run: Any, said: Clocks) -> tuple[str, str, str, bool, str]:
    """(clock, left, when, late, whose turn it is)."""
    by = said.deadline(run.clock.due_at)
    return words.clock_word(run.name, said.lang), by.left, by.when, by.late, run.rule.hands


def tone(state: str, *, late: bool) -> str:
    if state in (State.CLOSED.value, State.DROPPED.value):
        return "done"
    return "late" if late or state == State.DISPUTED.value else "open"


def photos(one: Deduction | Release) -> list[tuple[int, str]]:
    """Every photo of a record with the version it came with; a place in the list is a photo's number for good."""
    return [(e.version, str(photo)) for e in one.events if e.said for photo in e.said.get("photos", ())]


def photo(one: Deduction | Release, n: str, versions: frozenset[int] | None = None) -> str:
    """The upload that a number of the page stands for. `versions`: of what the reader sees. Raises NotFound."""
    known = photos(one)
    if not (n.isascii() and n.isdigit() and len(n) < 5 and int(n) < len(known)):
        raise NotFound
    version, upload = known[int(n)]
    if versions is not None and version not in versions:
        raise NotFound
    return upload


def shots(one: Deduction | Release, base: str) -> dict[int, list[str]]:
    """The addresses of its photos, by the version that they came with."""
    found: dict[int, list[str]] = {}
    for n, (version, _) in enumerate(photos(one)):
        found.setdefault(version, []).append(f"{pages.root()}{base}/photo/{n}")
    return found


def rows(
    events: Iterable[Event], one: Deduction, base: str, names: Mapping[str, str], said: Clocks, *, shows: bool = True
) -> list[Row]:
    """What happened, newest first. `names`: of persons, as the reader may see them. `shows`: the photos too."""
    seen = shots(one, base) if shows else {}
    return [
        Row(
            said.when(event.at),
            deductions.event_sentence(event, said.lang, said.tz, names, said.at),
            names.get(event.by) or words.role_word(event.role.value, said.lang),
            str(event.said.get("words", "")) if event.said else "",
            seen.get(event.version, []),
            event.kind in LATE,
        )
        for event in reversed([*events])
        if event.kind not in QUIET
    ]


def timed(item: Line[Any], base: str, said: Clocks) -> Timed:
    """`base`: the path in front of the record's id."""
    by = said.deadline(item.by) if item.by else None
    href = f"{pages.root()}{base}/{parts(item.id)[1]}"
    return Timed(href, by.late, by.left, by.when) if by else Timed(href, late=False, left="", when="")


def listed(
    items: Iterable[Item], base: str, names: Mapping[str, str], lang: str, at: datetime, tz: str
) -> list[Listed]:
    """Lines of a list in words; `base`: the path in front of a deduction's id."""
    said, found = Clocks(lang, at, tz), []
    for item in items:
        line, due = item.line, timed(item, base, said)
        found.append(
            Listed(
                *due,
                words.clock_word(line.clock, lang) if line.clock else "",
                line.number or spoken(line.case_number),
                line.place,
                names.get(line.company, line.company),
                money.state_word(line.state, lang),
                tone(line.state, late=due.late),
                money.figures(line.fen) if line.fen else "—",
            )
        )
    return found
