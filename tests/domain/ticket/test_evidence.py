"""The completion sheet proves what was promised, checked, repeated and signed; what nobody did is said so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.ticket.evidence import Evidence, evidence
from chalicelib.domain.ticket.lifecycle import Command, decide
from chalicelib.domain.ticket.ticket import Actor, Role, Ticket, fold
from tests.domain.happened import DAY, HOUR, MINUTE, POLICY, Life

CHECKLIST = POLICY.categories["water_leak"].checklist
FLOOD = POLICY.categories["water_leak"].required[0]
OTHERS = [entry for entry in CHECKLIST if entry != FLOOD]
B1 = Actor("b1", Role.TECHNICIAN)
SAID = {"words": "修好了", "photos": ["after"]}


def at_work() -> Life:
    return Life().then("assigned", MINUTE).then("acknowledged", 2 * MINUTE).then("arrived", HOUR)


def completed(done: list[str], why: dict[str, str] | None = None) -> Ticket:
    life = at_work()
    said = SAID | ({"why": why} if why else {})
    events = decide(life.ticket, Command("complete", B1, {"done": done}, said), life.begin + 2 * HOUR, POLICY)
    return fold("T1", events, onto=life.ticket)


def proved(life: Life, after: timedelta = 30 * DAY) -> Evidence:
    return evidence(life.ticket, POLICY, life.begin + after)


def test_what_the_category_needs_is_done_before_anybody_completes() -> None:
    with pytest.raises(Invalid, match="checklist_required"):
        completed(OTHERS)
    with pytest.raises(Invalid, match="checklist_required"):
        completed(OTHERS, {FLOOD: "  "})
    assert completed([*CHECKLIST]).state == "completed"


def test_what_was_ticked_before_counts_when_completing_says_nothing_of_it() -> None:
    life = at_work().then("checklist_ticked", 90 * MINUTE, done=[FLOOD])
    assert decide(life.ticket, Command("complete", B1, {}, SAID), life.begin + 2 * HOUR, POLICY)


def test_each_entry_is_done_or_not_or_does_not_apply_for_a_reason() -> None:
    ticket = completed([OTHERS[0]], {FLOOD: "窗框渗水,无需闭水"})
    found = evidence(ticket, POLICY, ticket.events[-1].at).items
    assert [item.entry for item in found] == list(CHECKLIST)
    said = {item.entry: (item.state, item.why) for item in found}
    assert said[OTHERS[0]] == ("done", "")
    assert said[OTHERS[1]] == ("not_done", "")
    assert said[FLOOD] == ("not_applicable", "窗框渗水,无需闭水")


def test_why_something_does_not_apply_is_erased_with_the_words_and_that_it_did_not_stays() -> None:
    ticket = completed(OTHERS, {FLOOD: "租户不在家"})
    assert "租户" not in str(ticket.events[-1].data)
    assert ticket.events[-1].data["without"] == [FLOOD]


def test_the_first_and_the_last_promise_stand_beside_when_it_was_kept() -> None:
    window = {"start": "2026-03-03T06:00:00+00:00", "end": "2026-03-03T08:00:00+00:00"}
    life = Life().then("assigned", MINUTE).then("acknowledged", 2 * MINUTE).then("window_chosen", 3 * MINUTE, **window)
    life.then("contacted", 4 * MINUTE).then("arrived", 30 * HOUR).then("completed", 32 * HOUR)
    found = {p.clock: p for p in proved(life).promised}
    assert list(found) == ["response", "arrive", "resolve"]  # as they fall due
    visit = found["arrive"]
    assert visit.first < visit.last == life.begin + 31 * HOUR
    assert visit.kept == life.begin + 30 * HOUR
    assert not visit.late


def test_a_round_of_rework_begins_a_sheet_of_its_own_and_stays_on_it() -> None:
    life = (
        at_work()
        .then("completed", 2 * HOUR)
        .then("refused", 3 * HOUR, Role.OWNER)
        .then("reworked", 3 * HOUR, cause="refused")
    )
    found = proved(life)
    assert (found.completed, found.signed, found.arrived) == (None, None, None)
    assert [r.cause for r in found.rounds] == ["refused"]
    life.then("acknowledged", 4 * HOUR).then("arrived", 5 * HOUR).then("completed", 6 * HOUR).then("checked", 8 * DAY)
    again = proved(life)
    assert again.completed
    assert again.completed.at == life.begin + 6 * HOUR
    assert again.signed
    assert again.signed.kind == "checked"
    assert len(again.rounds) == 1
    assert [(p.clock, p.run) for p in again.promised if p.clock == "resolve"] == [("resolve", 1), ("resolve", 2)]
