"""A retention is paid back once: applied for, counted by two sides, paid by a third; silence and stops matter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.contractor.contract import Contract
from chalicelib.domain.money.release import Release, State
from chalicelib.domain.money.release_clocks import runs
from chalicelib.domain.money.releasing import MOVES, moves
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.record.roles import Role
from chalicelib.services.money import releases, retentions
from chalicelib.services.record import record, registry
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import records
from tests.services.contractor import scene
from tests.services.money import kept
from tests.services.money.kept import HELD, NAME, do, load
from tests.world import World

DAYS = timedelta(days=1)


@pytest.fixture
def contract(world: World) -> Contract:
    made = kept.settle(world)
    kept.stated(world, made)
    world.pump()
    return made


def verified(world: World) -> None:
    do(world, "apply", "C1.k1", fen=HELD)
    do(world, "verify", "o1", fen=HELD)
    do(world, "verify", "d1", fen=HELD)


def pay(world: World, who: str = "o2", **more: Any) -> Any:
    on = world.at.date().isoformat()
    return do(world, "pay", who, **{"on": on, "voucher": "记-12", **more})


def breached(one: Release) -> list[str]:
    return [e.data["clock"] for e in one.events if e.kind == "breached"]


def told(world: World) -> set[tuple[str, str]]:
    world.pump()
    return {(m.template, m.to) for m in world.told(NAME)}


def test_it_is_applied_for_counted_by_two_and_paid_by_a_third_and_each_is_told(
    world: World, contract: Contract
) -> None:
    verified(world)
    one = load()
    assert (one.state, one.fen) == (State.VERIFIED, HELD)
    paid = pay(world)
    assert (paid.state, paid.left, paid.is_open) == (State.CLOSED, 0, False)
    known = told(world)
    assert {("release_applied", "o1"), ("release_applied", "d1"), ("release_countersign", "d1")} <= known
    assert {("release_verified", "C1.k1"), ("release_to_pay", "o2"), ("release_paid", "C1.k1")} <= known
    assert ("release_countersign", "o1") not in known


def test_the_two_sides_are_two_people_and_pay_is_neithers(world: World, contract: Contract) -> None:
    do(world, "apply", "C1.k1", fen=HELD)
    with pytest.raises(NotAllowed):
        do(world, "verify", "C1.k1", fen=HELD)
    do(world, "verify", "o1", fen=HELD)
    with pytest.raises(IllegalMove, match="countersigned_already"):
        do(world, "verify", "o1", fen=HELD)
    assert do(world, "verify", "o2", fen=HELD).state is State.HALF  # the same side again
    do(world, "verify", "d1", fen=HELD)
    with pytest.raises(NotAllowed, match="not_who_verified"):
        pay(world, "o2")
    assert pay(world, "f1").state is State.CLOSED


def test_other_amounts_of_the_two_sides_verify_nothing_until_they_agree(world: World, contract: Contract) -> None:
    do(world, "apply", "C1.k1", fen=HELD)
    do(world, "verify", "o1", fen=HELD)
    with pytest.raises(Invalid, match="required"):
        do(world, "verify", "d1", fen=HELD - 1, said={})  # less than was asked for needs words
    assert do(world, "verify", "d1", fen=HELD - 1).state is State.HALF
    assert do(world, "verify", "o1", fen=HELD - 1).state is State.VERIFIED


def test_nobody_applies_before_defect_liability_is_over_nor_for_more_than_is_left(world: World) -> None:
    contract = kept.settle(world)
    kept.stated(world, contract, liability_ends="2026-03-02")
    with pytest.raises(IllegalMove, match="liability_runs"):
        do(world, "apply", "C1.k1", fen=HELD)
    world.at += DAYS
    with pytest.raises(NotAllowed, match="not_authorised"):
        do(world, "apply", "C1.k3", fen=HELD)
    with pytest.raises(Invalid, match="above_left"):
        do(world, "apply", "C1.k1", fen=HELD + 1)
    with pytest.raises(Invalid, match="proof_needed"):
        do(world, "apply", "o1", fen=HELD, said={})  # for a letter that came: with its picture
    assert do(world, "apply", "o1", fen=HELD).state is State.APPLIED


def test_silence_is_consent_only_fourteen_days_after_the_contractors_own_reminder(
    world: World, contract: Contract
) -> None:
    do(world, "apply", "C1.k1", fen=HELD)  # Monday, March 2
    with pytest.raises(IllegalMove, match="not_due_yet"):
        do(world, "press", "C1.k1")
    world.advance(days=15)
    late = load()
    assert late.state is State.APPLIED
    assert [e.kind for e in late.events if e.data.get("clock") == "verify"][-2:] == ["breached", "escalated"]
    do(world, "press", "C1.k1")  # March 17
    world.advance(days=14)
    assert load().state is State.APPLIED
    world.advance(days=1)
    one = load()
    assert (one.state, one.fen, one.silent) == (State.VERIFIED, HELD, True)
    assert ("release_deemed", "o1") in told(world) or ("release_deemed", "o2") in told(world)


def test_an_answer_in_time_ends_the_silence(world: World, contract: Contract) -> None:
    do(world, "apply", "C1.k1", fen=HELD)
    world.advance(days=15)
    do(world, "press", "C1.k1")
    do(world, "refuse", "o1")
    world.advance(days=30)
    assert load().state is State.HELD
    assert do(world, "apply", "C1.k1", fen=HELD).round == 2


def test_the_days_end_with_a_working_day_at_its_end(world: World, contract: Contract) -> None:
    world.at += 4 * DAYS  # Friday, March 6: fourteen days end on Friday 20
    do(world, "apply", "C1.k1", fen=HELD)
    [run] = runs(load(), policy_for(load().place))
    assert run.clock.due_at is not None
    assert (
        run.clock.due_at.astimezone(policy_for({}).calendars["office"].zone).isoformat()[:19] == "2026-03-20T23:59:59"
    )


@pytest.mark.parametrize("ground", ["freeze", "factored"])
def test_a_stop_blocks_paying_and_deducting_until_a_second_person_lifts_it_with_its_paper(
    world: World, contract: Contract, ground: str
) -> None:
    verified(world)
    with pytest.raises(Invalid, match="proof_needed"):
        do(world, "stop", "o1", said={"words": "法院来函"}, ground=ground)
    stop = do(world, "stop", "o1", ground=ground, waived=True).stops[0]
    assert retentions.blocked(contract.id) == ground
    assert stop.waived == (ground == "factored")
    with pytest.raises(IllegalMove, match="payments_stopped"):
        pay(world)
    assert {("release_stopped", "C1.k1")} <= told(world)
    with pytest.raises(NotAllowed, match="not_who_stopped"):
        do(world, "lift", "o1", of=stop.version)
    with pytest.raises(Invalid, match="proof_needed"):
        do(world, "lift", "o2", said={"words": "解除"}, of=stop.version)
    do(world, "lift", "o2", of=stop.version)
    assert retentions.blocked(contract.id) == ""
    assert pay(world).state is State.CLOSED


def test_the_time_to_pay_stands_still_while_a_stop_stands_and_somebody_looks_at_it_again(
    world: World, contract: Contract
) -> None:
    verified(world)
    do(world, "stop", "o1", ground="freeze")
    world.pump()
    world.advance(days=100)
    one = load()
    assert not [e for e in one.events if e.kind == "breached" and e.data["clock"] == "pay"]
    assert breached(one) == ["liability", "review"]
    do(world, "lift", "o2", of=one.stops[0].version)
    world.pump()
    world.advance(days=20)
    assert breached(load()) == ["liability", "review", "pay"]


def test_two_stops_stand_apart_and_both_have_to_be_lifted(world: World, contract: Contract) -> None:
    verified(world)
    do(world, "stop", "o1", ground="freeze")
    two = do(world, "stop", "o1", ground="factored").stops
    do(world, "lift", "o2", of=two[0].version)
    with pytest.raises(IllegalMove, match="payments_stopped"):
        pay(world)
    with pytest.raises(IllegalMove, match="changed_meanwhile"):
        do(world, "lift", "o2", of=two[0].version)
    do(world, "lift", "o2", of=two[1].version)
    assert pay(world).state is State.CLOSED


def test_open_defects_above_what_is_left_stand_with_the_countersignature(world: World, contract: Contract) -> None:
    scene.opened(world)
    scene.opened(world, unit="U2")
    assert retentions.sheet(contract).estimate == 2 * 450_000
    kept.stated(world, contract, on="2026-03-02", deducted=HELD - 100)
    do(world, "apply", "C1.k1", fen=100)
    do(world, "verify", "o1", fen=100)
    [signed] = [e for e in load().events if e.kind == "countersigned"]
    assert signed.data["alerts"] == ["defects_exceed"]


def test_what_a_page_says_of_what_is_left_or_of_who_may_speak_is_not_believed(world: World, contract: Contract) -> None:
    with pytest.raises(NotAllowed, match="not_authorised"):
        do(world, "apply", "C1.k3", fen=HELD, authorised=True)
    do(world, "apply", "C1.k1", fen=HELD)
    kept.stated(world, contract, on="2026-03-02", deducted=HELD - 100)
    with pytest.raises(Invalid, match="above_left"):
        do(world, "verify", "o1", fen=HELD, sheet_left=HELD)


def test_the_same_balance_again_is_nothing_an_older_one_is_refused_and_a_later_one_has_what_was_paid(
    world: World, contract: Contract
) -> None:
    before = load().version
    kept.stated(world, contract)
    assert load().version == before
    with pytest.raises(IllegalMove, match="older_balance"):
        kept.stated(world, contract, on="2026-02-28", held=1)
    do(world, "apply", "C1.k1", fen=1_000_000)
    do(world, "verify", "o1", fen=1_000_000)
    do(world, "verify", "d1", fen=1_000_000)
    assert pay(world).left == HELD - 1_000_000
    assert kept.stated(world, contract, on="2026-03-02", released=1_000_000).left == HELD - 1_000_000


def test_a_balance_with_something_left_opens_it_again(world: World, contract: Contract) -> None:
    assert kept.stated(world, contract, on="2026-03-02", released=HELD).state is State.CLOSED
    assert records.ids_at("S1/office", limit=9, prefix="RELEASE")[0] == []
    assert kept.stated(world, contract, on="2026-03-03", released=HELD - 1).state is State.HELD
    assert records.ids_at("S1/office", limit=9, prefix="RELEASE")[0] == [NAME]


def test_before_defect_liability_and_limitation_end_the_office_hears_of_it(world: World) -> None:
    contract = kept.settle(world)
    kept.stated(world, contract, liability_ends="2026-05-29")
    world.pump()
    world.advance(days=30)
    assert ("release_waits", "o1") in told(world) or ("release_waits", "o2") in told(world)
    assert [e.data["clock"] for e in load().events if e.kind == "warned"] == ["liability"]
    world.advance(days=60)
    assert breached(load()) == ["liability"]
    world.advance(days=3 * 365 - 175)
    assert [e.data["clock"] for e in load().events if e.kind == "warned"] == ["liability", "limitation"]


def test_every_state_has_a_next_moment_and_somebody_whom_it_is_due_to(world: World, contract: Contract) -> None:
    seen = {}

    def look() -> None:
        one = load()
        found = runs(one, policy_for(one.place))
        seen[one.state] = [releases._turn(run.rule.hands, one, world.at) for run in found]

    for step in (
        lambda: None,
        lambda: do(world, "apply", "C1.k1", fen=HELD),
        lambda: do(world, "verify", "o1", fen=HELD),
        lambda: do(world, "verify", "d1", fen=HELD),
    ):
        step()
        look()
    assert set(seen) == set(State) - {State.CLOSED}
    assert all(people and all(people) for people in seen.values())
    assert seen[State.HALF] == ["d1"]


def test_a_retention_without_an_end_on_file_asks_for_it(world: World) -> None:
    contract = kept.settle(world)
    kept.stated(world, contract, liability_ends="")
    with pytest.raises(IllegalMove, match="no_liability_end"):
        do(world, "apply", "C1.k1", fen=HELD)
    world.pump()
    world.advance(days=31)
    assert "dates" in {e.data["clock"] for e in load().events if e.kind == "breached"}


def test_who_may_do_what(world: World, contract: Contract) -> None:
    verified(world)
    one = load()
    system = {name for name, move in MOVES.items() if move.by == frozenset({Role.SYSTEM})}
    by_role = {role: set(moves(one, role)) - system for role in Role}
    assert by_role[Role.OFFICE] == {"date", "pay", "stop"}
    assert by_role[Role.FINANCE] == {"pay", "stop", "state"}
    others = {r for r, names in by_role.items() if names} - {Role.OFFICE, Role.FINANCE, Role.SYSTEM}
    assert others == set()


def test_the_sheet_says_rate_ends_and_warnings(world: World, contract: Contract) -> None:
    sheet = retentions.sheet(contract)
    assert (sheet.rate, sheet.left, sheet.warnings) == (300, HELD, ())
    assert sheet.liability_ends == date(2025, 6, 30)
    assert sheet.warranty_ends == date(2029, 7, 2)  # June 30 is a Saturday
    assert SYSTEM.role is Role.SYSTEM
    assert record.load(NAME).number == "HT-2021-007"


def test_a_message_carries_its_readers_link_to_the_retention(world: World, contract: Contract) -> None:
    world.sends = world.send_really
    do(world, "apply", "C1.k1", fen=HELD)
    world.pump()
    texts = [str(text) for text in world.provider.sent if "HT-2021-007" in str(text)]
    assert texts
    assert all("/b/" in text for text in texts)


def test_an_answer_to_another_application_than_the_page_showed_is_refused(world: World, contract: Contract) -> None:
    first = do(world, "apply", "C1.k1", fen=HELD).version
    do(world, "withdraw", "C1.k1")
    do(world, "apply", "C1.k1", fen=100)
    for move, who in (("verify", "o1"), ("refuse", "o1"), ("withdraw", "C1.k1"), ("press", "C1.k1")):
        for of in (first, None):
            with pytest.raises(IllegalMove, match="changed_meanwhile"):
                do(world, move, who, of=of, fen=100)
    verified_for(world, 100)
    with pytest.raises(IllegalMove, match="changed_meanwhile"):
        pay(world, of=first)
    assert pay(world).left == HELD - 100


def verified_for(world: World, fen: int) -> None:
    for who in ("o1", "d1"):
        do(world, "verify", who, fen=fen)


def test_an_end_that_came_to_be_known_is_read_again_at_night_and_not_late_once_it_is_on_record(
    world: World, contract: Contract
) -> None:
    kept.stated(world, contract, on="2026-03-02", liability_ends="")
    assert load().liability_ends is None
    assert registry.of(NAME).tidies(load(), world.at) == 1
    assert load().liability_ends == date(2025, 6, 30)
    assert registry.of(NAME).tidies(load(), world.at) == 0
    world.pump()
    world.advance(days=1)
    assert [run.name for run in runs(load(), policy_for(load().place))] == ["limitation"]
