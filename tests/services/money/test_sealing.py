"""Sealing: each entry in one live batch, whoever seals at the same time and wherever it is cut off."""

from __future__ import annotations

import pytest

from chalicelib.adapters import mappings
from chalicelib.domain.money.entry import Filter
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Actor
from chalicelib.services.money import checking, contents, making, periods, releases, sealing
from chalicelib.services.record import record
from chalicelib.store import batches as stored
from chalicelib.store import contracts, entries
from tests.services.money import debts
from tests.services.money.debts import do, firm
from tests.services.money.people import OTHER, SEALER
from tests.world import World

MARCH = "2026-03"


@pytest.fixture
def ready(here: World) -> World:
    periods.open_one("E1", MARCH, SEALER, here.at)
    return here


def sealed(world: World, key: str = "k1", by: Actor = SEALER, chosen: Filter | None = None) -> sealing.Batch:
    opened = sealing.seal("E1", by, world.at, period=MARCH, chosen=chosen, key=key)
    return making.go_on(opened.id, world.at)


def test_a_firm_deduction_is_ready_once_and_a_batch_takes_it(ready: World) -> None:
    firm(ready, "D1", ("repair_cost", 1000), ("fee", 50))
    assert [(line.number, line.fen) for line in sealing.preview("E1").lines] == [("D1", 1050)]
    one = sealed(ready)
    assert (one.number, one.count, one.fen, one.totals) == ("E1-B-2026-0001", 1, 1050, {"repair_cost": 1000, "fee": 50})
    assert sealing.preview("E1").lines == []


def test_sealing_again_under_one_key_is_the_same_batch(ready: World) -> None:
    firm(ready, "D1")
    first = sealed(ready)
    assert sealing.seal("E1", SEALER, ready.at, period=MARCH, key="k1").id == first.id
    with pytest.raises(IllegalMove):
        sealing.seal("E1", SEALER, ready.at, period=MARCH, chosen=Filter(project="P9"), key="k1")


def test_while_one_is_being_sealed_another_is_refused(ready: World) -> None:
    firm(ready, "D1")
    sealing.seal("E1", SEALER, ready.at, period=MARCH, key="k1")
    with pytest.raises(IllegalMove, match="sealing_under_way"):
        sealing.seal("E1", OTHER, ready.at, period=MARCH, key="k2")


def test_only_finance_seals_and_never_what_it_approved(ready: World) -> None:
    with pytest.raises(NotAllowed):
        sealing.seal("E1", debts.OFFICE, ready.at, period=MARCH)
    firm(ready, "D1", by=Actor(SEALER.id, debts.OFFICE.role))
    with pytest.raises(NotAllowed, match="approver_cannot_seal"):
        sealing.seal("E1", SEALER, ready.at, period=MARCH)
    firm(ready, "D2")
    one = sealed(ready)
    assert (one.count, one.left_out) == (1, 1)
    assert debts.numbers_of(sealing.preview("E1").lines) == ["D1"]


def test_a_period_that_is_not_open_is_refused_and_one_in_use_is_not_closed(ready: World) -> None:
    firm(ready, "D1")
    with pytest.raises(Invalid, match="period_not_open"):
        sealing.seal("E1", SEALER, ready.at, period="2026-04")
    sealing.seal("E1", SEALER, ready.at, period=MARCH, key="k1")
    with pytest.raises(IllegalMove, match="period_in_use"):
        periods.close_one("E1", MARCH, SEALER, ready.at)


def stop(world: World, contract: str = "K1") -> str:
    """A court freezes the payments of a contract; its retention's record."""
    known = contracts.contract(contract)
    assert known
    name = releases.begun(known, world.at).id
    paper = {"words": "协助执行通知书", "photos": ["/paper"]}
    record.perform(Command("stop", debts.OFFICE, {"ground": "freeze"}, paper), name, world.at)
    return name


def lift(world: World, name: str) -> None:
    [standing] = record.load(name, consistent=True).stops
    paper = {"words": "解除冻结裁定", "photos": ["/paper"]}
    by = Actor("o2", debts.OFFICE.role)
    record.perform(Command("lift", by, {"of": standing.version}, paper), name, world.at)


def test_a_stop_of_its_contract_holds_back_what_was_firm_before_it(ready: World) -> None:
    firm(ready, "D1")
    firm(ready, "D2", company="C2", contract="K2")
    stopped = stop(ready)
    held = sealing.totals("E1")
    assert (held.count, held.fen, held.stopped, held.stopped_fen) == (1, 10_000, 1, 10_000)
    one = sealed(ready)
    assert (one.count, one.left_out) == (1, 1)
    assert [entry.number for entry in contents.of(one)] == ["D2"]
    with pytest.raises(IllegalMove, match="payments_stopped"):
        sealing.seal("E1", SEALER, ready.at, period=MARCH, key="k2")
    lift(ready, stopped)
    assert [entry.number for entry in contents.of(sealed(ready, "k3"))] == ["D1"]


def test_a_stop_that_comes_while_a_batch_is_being_sealed_holds_back_what_is_not_planned_yet(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PART", 1)
    firm(ready, "D1")
    firm(ready, "D2")
    opened = sealing.seal("E1", SEALER, ready.at, period=MARCH, key="k1")
    turns = iter((True, False))
    making.go_on(opened.id, ready.at, lambda: next(turns))
    stop(ready)
    assert [entry.number for entry in contents.of(making.go_on(opened.id, ready.at))] == ["D1"]


def test_what_takes_a_deduction_back_goes_out_though_payments_are_stopped(ready: World) -> None:
    name = firm(ready, "D1")
    sealed(ready)
    do(ready, name, "reversed", fen=10_000)
    stop(ready)
    assert sealed(ready, "k2").fen == -10_000


def test_what_was_left_over_is_no_batch_and_takes_no_number(ready: World) -> None:
    name = firm(ready, "D1")
    opened = sealing.seal("E1", SEALER, ready.at, period=MARCH, key="k1")
    do(ready, name, "reversed", fen=10_000)
    assert making.go_on(opened.id, ready.at).state == "empty"
    firm(ready, "D2")
    assert sealed(ready, "k2").number == "E1-B-2026-0001"


def test_a_filter_takes_what_fits(ready: World) -> None:
    firm(ready, "D1")
    firm(ready, "D2", company="C2", contract="K2")
    assert sealed(ready, chosen=Filter(company="C2")).count == 1
    assert debts.numbers_of(sealing.preview("E1").lines) == ["D1"]


def test_reversed_before_anybody_had_it_nothing_is_exported(ready: World) -> None:
    name = firm(ready, "D1")
    do(ready, name, "reversed", fen=4000)
    do(ready, name, "reversed", fen=6000)
    assert sealing.preview("E1").lines == []


def test_reversed_afterwards_a_counter_entry_is_exported(ready: World) -> None:
    name = firm(ready, "D1")
    sealed(ready)
    do(ready, name, "reversed", fen=10000)
    assert [line.fen for line in sealing.preview("E1").lines] == [-10000]
    assert sealed(ready, "k2").fen == -10000


def test_a_counter_batch_takes_back_and_all_may_be_sealed_anew(ready: World) -> None:
    firm(ready, "D1")
    firm(ready, "D2")
    first = sealed(ready)
    back = making.go_on(sealing.counter("E1", first.number, SEALER, ready.at, period=MARCH, words="重复").id, ready.at)
    assert (back.number, back.fen, back.count) == ("E1-B-2026-0002", -first.fen, 2)
    assert sealing.batch("E1", first.number).state == "countered"
    assert sealing.counter("E1", first.number, SEALER, ready.at, period=MARCH, words="重复").id == back.id
    with pytest.raises(IllegalMove):
        sealing.counter("E1", back.number, SEALER, ready.at, period=MARCH, words="重复")
    assert sealed(ready, "k2").fen == first.fen
    assert [one.number[-1] for one in sealing.batches("E1")[0]] == ["3", "2", "1"]


def test_what_a_counter_batch_gave_back_is_told_apart_and_needs_no_pack(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm(ready, "D1")
    first = sealed(ready)
    making.go_on(sealing.counter("E1", first.number, SEALER, ready.at, period=MARCH, words="重复").id, ready.at)
    monkeypatch.setattr(mappings, "evidence_needed", lambda: True)
    firm(ready, "D2")
    assert [line.status for line in entries.page("E1", limit=10)[0]] == ["again", "first"]
    counts = [sealing.totals("E1", Filter(status=status), by=SEALER.id).count for status in ("again", "first")]
    assert counts == [1, 0], "a pack joins nothing that a batch had: it is sealed as that one had it"
    one = sealed(ready, "k2")
    assert [entry.number for entry in contents.of(one)] == ["D1"]


def test_another_entitys_batch_is_not_there(ready: World) -> None:
    firm(ready, "D1")
    one = sealed(ready)
    for number in (one.number, one.id):
        with pytest.raises(record.NotFound):
            sealing.batch("E2", number)


def test_the_hash_of_the_evidence_joins_what_is_ready_and_what_lacks_it_may_be_left_out(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mappings, "evidence_needed", lambda: True)
    name = firm(ready, "D1")
    firm(ready, "D2")
    do(ready, name, "evidence_packed", hash="e" * 64)
    one = sealed(ready)
    assert (one.count, one.left_out) == (1, 1)
    [entry] = contents.of(one)
    assert (entry.number, entry.evidence) == ("D1", "e" * 64)
    do(ready, name, "evidence_packed", hash="f" * 64)
    assert [entry.evidence for entry in contents.of(one)] == ["e" * 64], "what a batch has never changes"
    making.go_on(sealing.counter("E1", one.number, OTHER, ready.at, period=MARCH, words="重复").id, ready.at)
    do(ready, name, "evidence_packed", hash="0" * 64)
    assert [entry.evidence for entry in contents.of(one)] == ["e" * 64]
    assert checking.check("E1").wrong == []


def test_a_preview_goes_on_where_it_stopped_with_a_filter_too(ready: World) -> None:
    for n in range(7):
        firm(ready, f"D{n}", company="C2" if n % 2 else "C1", contract="K2" if n % 2 else "K1")
    for chosen, wanted in ((None, 7), (Filter(company="C2"), 3)):
        seen: list[str] = []
        cursor = None
        while True:
            page = sealing.preview("E1", chosen, cursor, limit=2)
            seen += debts.numbers_of(page.lines)
            cursor = page.next
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == wanted
    assert sealing.totals("E1").count == 7


def test_progress_is_told_while_a_batch_is_being_sealed(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PART", 2)
    for n in range(5):
        firm(ready, f"D{n}")
    opened = sealing.seal("E1", SEALER, ready.at, period=MARCH, key="k")
    turns = iter((True, True, False))
    half = making.go_on(opened.id, ready.at, lambda: next(turns))
    assert (half.state, sealing.progress(half)) == ("opened", 4)
    assert sealing.progress(making.go_on(opened.id, ready.at)) == 5


def test_two_who_send_the_same_key_have_a_batch_each(ready: World) -> None:
    firm(ready, "D1")
    first = sealed(ready, "k1")
    firm(ready, "D2")
    assert sealed(ready, "k1", by=OTHER).number != first.number


def test_what_a_slow_run_got_after_the_part_was_noted_is_given_back(ready: World) -> None:
    firm(ready, "D1")
    opened = sealing.seal("E1", SEALER, ready.at, period=MARCH, key="k1")
    part = stored.put_part(opened.id, stored.Part(0, (("D1", 5),), None))
    assert stored.claimed(opened.id, 0, [0]) == {0}, "another run found that others have it"
    making._claim_part(opened, part, resumed=False)
    assert entries.state(("D1", 5)) == "ready"
    assert making.go_on(opened.id, ready.at).state == "empty"
