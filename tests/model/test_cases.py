"""Whole lives of cases, each cut off once before or after an effect that any process has: nothing is lost or doubled.

No number twice or missing, no letter unsent or told twice, no gate without its evidence, no ticket in the wrong hands.
Every person whose request is cut off sends it again, under the same key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.domain.contractor.words import State
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role, role_in
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.contractor import delegating
from chalicelib.services.record import rebuilding, record
from chalicelib.store import people, records
from tests.domain.samples import SIGNED
from tests.model.crashes import CUT, UNNOTED, Cut, Scissors, pump, settle, told, until
from tests.services.contractor import scene
from tests.services.contractor.scene import SCAN, actor, case_of
from tests.world import World
from tests.world import world as fresh_world

PHONES = ("13900000001", "13900000002")
SAID = {"words": "说明", "photos": ["/p"], "witness": "见证人"}
FEW, MOST = 6, 10_000  # lives that `make test` tries of each; points of a life, more than there are
MANY = 500
EVERY = 7  # of the points of a life, in `make test-deep`: odd, so that it falls before and after effects
GATE = ["finding", "notice_delivered", "cure_missed", "reminder_delivered", "last_expired", "called"]


class Life:
    """A case from the report on, in a world where something is cut off after so many points."""

    def __init__(self, world: World, cut_after: int | None, tickets: int = 1) -> None:
        self.world = scene.settle(world)
        self.world.sends = world.send_really
        self.scissors = Scissors(world, lambda who: None)
        about = {"category": "water_leak", "component": "bathroom"}
        self.ticket, *self.others = [world.report("卫生间漏水", unit, **about) for unit in ("U1", "U2", "U3")[:tickets]]
        self.joined: list[str] = []  # cases
        self.first = ""  # the worker who was taken back
        self.points = cut_after if cut_after is not None else MOST * MOST
        self.scissors.left, self.scissors.what = self.points, CUT
        self.again(lambda: None)

    @property
    def case(self) -> str:
        return self.case_of(self.ticket)

    def case_of(self, ticket: Ticket) -> str:
        return self.world.load(ticket).cases[scene.CONTRACT]

    def again(self, does: Callable[[], object]) -> None:
        """Whoever is cut off does it once more; then what waits is delivered."""
        while True:
            try:
                does()
                break
            except Cut:
                continue
        pump(self.world)

    def passed(self) -> int:
        """How many points there were so far."""
        return self.points - self.scissors.left if self.scissors.left is not None else self.points

    def move(self, move: str, who: str, said: dict[str, object] | None = None, **data: object) -> None:
        command = Command(move, actor(who), data, SAID if said is None else said, key=f"{move}/{who}/{self.world.at}")
        self.again(lambda: record.perform(command, self.case, self.world.at))

    def on_ticket(
        self, move: str, said: dict[str, object], who: str = "", role: Role | None = None, **data: object
    ) -> None:
        held = self.world.load(self.ticket)
        by = Actor(who or held.holder, role or role_in(held.team) or Role.TECHNICIAN)
        known = self.world.ticked(self.ticket.id, move) | data
        if move == "sign_off":
            known["of"] = next(e.version for e in reversed(held.events) if e.kind == "completed")
        command = Command(move, by, known, said, key=f"{move}/{self.world.at}")
        self.again(lambda: record.perform(command, self.ticket.id, self.world.at))

    def waits(self, **span: float) -> None:
        until(self.world, timedelta(**span).total_seconds() / 3600)

    def arrives(self) -> None:
        letter, at = case_of(self.case).letters[-1].number, self.world.at.isoformat()
        proof = {"how": "ems_signed", "at": at, "waybill": "EE123456785CN", "contents": letter}
        self.move("prove_delivery", "o1", SCAN, letter=letter, **proof)

    def found(self) -> None:
        shares = [["contractor", 100, scene.CONTRACT]]
        self.on_ticket("find", {"photos": ["/p"]}, "b1", Role.TECHNICIAN, cause="waterproof_layer", shares=shares)

    def delegate(self, phone: str) -> None:
        by, at = actor("C1.k1"), self.world.at
        self.again(lambda: delegating.delegate(case_of(self.case), "张工", phone, by, at, key=f"to/{phone}"))

    def take_back(self, person: str) -> None:
        by, at = actor("C1.k1"), self.world.at
        self.again(lambda: delegating.take_back(case_of(self.case), person, by, at, key=f"back/{person}"))

    def repaired_and_signed(self) -> None:
        held = self.world.load(self.ticket)
        first = [] if held.state.value == "acknowledged" else ["acknowledge"]
        for move in (*first, "arrive", "complete"):
            self.on_ticket(move, {"words": "修好了", "photos": ["/after"]})
        self.on_ticket("sign_off", {"signature": SIGNED}, "reporter", Role.OWNER)


def silent(life: Life) -> None:
    """Nobody of the contractor's answers: notice, reminder, gate A, third party, acceptance, invoice."""
    life.found()
    life.waits(hours=2)
    life.arrives()
    life.waits(days=8)
    life.move("release_reminder", "o1")
    life.arrives()
    life.move("call", "o1", purpose="deadline", result="no_answer")
    life.waits(days=4)
    life.move("pass_gate", "o1")
    life.move("engage", "o1", company="T1", items=[["membrane", 4500]])
    start = life.world.at + timedelta(hours=2)
    life.move("appoint", "T1.t1", start=start.isoformat(), end=(start + timedelta(hours=4)).isoformat())
    life.move("release_third_party_notice", "o1")
    life.waits(hours=2)
    life.repaired_and_signed()
    life.move("invoice", "T1.t1", invoice="2" * 20)


def delegated(life: Life) -> None:
    """The contractor takes it on, gives it to a worker, takes it back, gives it to another one, who repairs it."""
    life.move("release_notice", "o1")
    life.move("acknowledge", "C1.k1")
    life.delegate(PHONES[0])
    life.first = next(iter(case_of(life.case).workers))
    life.take_back(life.first)
    life.delegate(PHONES[1])
    life.repaired_and_signed()


def batched(life: Life) -> None:
    """Three like defects under one letter; the contractor repairs them one by one."""
    cases = [life.case_of(ticket) for ticket in life.others]
    life.joined = cases
    life.move("join", "o1", cases=cases)
    life.move("release_notice", "o1")
    life.move("acknowledge", "C1.k1")
    for ticket in (life.ticket, *life.others):
        life.ticket = ticket
        life.repaired_and_signed()


def check(life: Life, where: str) -> None:
    """What holds of every life, wherever it was cut off."""
    world, reference = life.world, life.case
    one = case_of(reference)
    assert not one.is_open, (where, [e.kind for e in one.events])
    moments = Counter(e.data["moment"] for e in one.events if "moment" in e.data)
    assert set(moments.values()) <= {1}, (where, moments)
    numbers = [letter.number for letter in one.letters]
    assert numbers == [f"E1-2026-{n + 1:04d}" for n in range(len(numbers))], where
    assert sorted(pk for pk in world.table.parts if pk.startswith("LETTER#")) == [f"LETTER#{n}" for n in numbers], where
    assert world.table.parts["LETTERS#E1#2026"]["COUNTER"]["n"] == len(numbers), where
    assert set(world.queue.pressed) == set(numbers), where
    for gate in (e for e in one.events if e.kind == "gate_passed"):
        assert [c["name"] for c in gate.data["conditions"]] == GATE, where
        assert all(0 < c["event"] < gate.version for c in gate.data["conditions"]), where
    found = told(world, reference)
    sent_letters = [m for m in found if m.template == "case_letter"]
    assert len(sent_letters) == len(numbers), where
    assert len({m.told for m in found}) == len(found), where
    assert {m.state for m in found} <= {"sent", "skipped"}, where
    assert {m.state for m in sent_letters} == {"sent"}, where
    sent = Counter(sk for of, sk in world.delivered if of == reference)
    extra = sum(sent.values()) - len([m for m in found if m.state == "sent"])
    assert extra == 0 or (extra == 1 and where in UNNOTED), (where, sent)
    for named in (reference, life.ticket.id):
        timer = records.load(named, consistent=True)[1]  # type: ignore[index]
        assert records.stored_head(named) == rebuilding.head_of(record.load(named), timer, world.at), (where, named)


def check_silent(life: Life, where: str) -> None:
    one, ticket = case_of(life.case), life.world.load(life.ticket)
    assert one.outcome == "third_party", where
    kinds = Counter(e.kind for e in one.events)
    for kind in (
        "missed",
        "expired",
        "gate_passed",
        "engaged",
        "appointed",
        "work_done",
        "accepted",
        "invoiced",
        "closed",
    ):
        assert kinds[kind] == 1, (where, kind)
    hands = [e.data["team"] for e in ticket.events if e.kind == "assigned" and "/third_party" in e.data["team"]]
    assert hands == ["T1/third_party"], where


def check_delegated(life: Life, where: str) -> None:
    one, ticket = case_of(life.case), life.world.load(life.ticket)
    assert (one.outcome, one.state) == ("cured", State.CLOSED), where
    kinds = Counter(e.kind for e in one.events)
    assert (kinds["delegated"], kinds["taken_back"], kinds["acknowledged"]) == (2, 1, 1), where
    hands = [e.data["person"] for e in ticket.events if e.kind == "assigned" and e.data["team"].startswith("C1/")]
    assert len(hands) == len(set(hands)) + hands.count("C1.k1") - bool(hands.count("C1.k1")), (where, hands)
    assert ticket.holder not in ("C1.k1", life.first), where
    gone = people.get(life.first)
    assert gone is not None, where
    assert not gone.person.active, where


def check_batched(life: Life, where: str) -> None:
    one = case_of(life.case)
    assert one.outcome == "cured", where
    assert {case_of(other).outcome for other in life.joined} == {"joined"}, where
    assert {life.case_of(life.world.load(ticket)) for ticket in one.tickets} == {one.id}, where
    assert (len(one.tickets), len(one.letters), len(one.accepted)) == (3, 1, 3), where
    kinds = Counter(e.kind for e in one.events)
    assert (kinds["joined"], kinds["work_done"], kinds["work_accepted"]) == (2, 3, 3), where


LIVES: dict[str, tuple[Callable[[Life], None], Callable[[Life, str], None]]] = {
    "silent": (silent, check_silent),
    "delegated": (delegated, check_delegated),
    "batched": (batched, check_batched),
}


def lived(name: str, cut_after: int | None) -> tuple[int, str]:
    """One life: how many points there were, and where it was cut off."""
    lives, checks = LIVES[name]
    with fresh_world() as world:
        life = Life(world, cut_after, 3 if name == "batched" else 1)
        lives(life)
        points, where = life.passed(), life.scissors.cut_at
        life.scissors.left = None
        settle(world)
        check(life, where)
        checks(life, where)
    return points, where


def points_of(name: str) -> int:
    return lived(name, None)[0]


@pytest.mark.parametrize("name", LIVES)
def test_a_case_is_whole_wherever_a_process_is_cut_off(name: str) -> None:
    points = points_of(name)
    steps = 0
    for cut_after in range(0, points, points // FEW | 1):
        _, where = lived(name, cut_after)
        assert where, cut_after
        steps += points
    assert steps >= 1000


@pytest.mark.deep
@pytest.mark.parametrize("name", LIVES)
def test_a_case_is_whole_before_and_after_every_effect(name: str) -> None:
    steps, places = 0, set[str]()
    points = points_of(name)
    for cut_after in range(0, points, EVERY if points > MANY else 1):
        _, where = lived(name, cut_after)
        places.add(where)
        steps += points
    assert steps >= 20_000
    assert {
        "before table.transact",
        "after table.transact",
        "after table.write",
        "after queue.send_message_batch",
    } <= places
