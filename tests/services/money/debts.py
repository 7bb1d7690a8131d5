"""A stand-in for a deduction, for the tests of ledger, sealing and settling: its money, and none of its ladder.

proposed → approved → noticed → delivered → disputed → firm → closed        moved by nobody in particular, by `do`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command, event_of, made_already
from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.kinds import Heading, RecordKind
from chalicelib.domain.record.roles import Role
from chalicelib.services.money import posting
from chalicelib.services.record import record
from chalicelib.services.record.registry import Posted, RecordService
from chalicelib.store import contracts
from chalicelib.store.records import StaleRecord
from tests.world import World

PREFIX = "DEBT"
PLACE = {"project": "P1", "subsidiary": "S1", "label": "云栖苑 3 栋 1 单元 302"}
STATES = {
    "proposed": "proposed",
    "approved": "approved",
    "letter_released": "noticed",
    "delivered": "delivered",
    "disputed": "disputed",
    "firm": "firm",
}


@dataclass(frozen=True, slots=True)
class Part:
    nature: str
    fen: int


@dataclass(slots=True)
class Debt:
    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    number: str = ""
    entity: str = "E1"
    company: str = "C1"
    contract: str = "K1"
    clause: str = "1"
    case: str = "CASE#1"
    tickets: tuple[str, ...] = ("T1",)
    place: Mapping[str, str] = field(default_factory=lambda: PLACE)
    lines: tuple[Part, ...] = ()
    total: int = 0
    source: str = "retention"
    basis: str = "contract"
    state: str = ""
    disputed_fen: int = 0
    recovered: Mapping[str, int] = field(default_factory=dict)
    reversed: int = 0
    written_off: int = 0
    refunded: int = 0
    approvals: tuple[str, ...] = ()
    evidence: str = ""
    closed_under: str | None = None

    @property
    def is_open(self) -> bool:
        return True

    @property
    def outstanding(self) -> bool:
        return False

    @property
    def left(self) -> int:
        done = sum(self.recovered.values()) + self.reversed + self.written_off
        return self.total - done + self.refunded

    def knows(self, key: str) -> bool:
        return bool(key) and any(e.key.partition("~")[0] == key for e in self.events)


def fold(reference: str, events: Iterable[Event], onto: Debt | None = None, **_: Any) -> Debt:
    one = replace(onto) if onto else Debt(reference)
    for event in events:
        one.version += 1
        one.events += (replace(event, version=one.version),)
        _apply(one, event)
    return one


def _apply(one: Debt, event: Event) -> None:
    d = event.data
    one.state = STATES.get(event.kind, one.state)
    if event.kind == "proposed":
        one.number = one.id.partition("#")[2]
        one.lines = tuple(Part(nature, fen) for nature, fen in d["lines"])
        one.total = sum(line.fen for line in one.lines)
        for name in ("entity", "company", "contract", "source", "place"):
            if name in d:
                setattr(one, name, d[name])
    elif event.kind == "approved":
        one.approvals += (event.by,)
    elif event.kind == "disputed":
        one.disputed_fen = d["fen"]
    elif event.kind == "dispute_decided":
        one.reversed += d["upheld_fen"]
        one.disputed_fen = 0
        if one.reversed == one.total:
            one.state = "closed"
    elif event.kind in ("reversed", "written_off"):
        setattr(one, event.kind, getattr(one, event.kind) + d["fen"])
    elif event.kind == "recovered":
        one.recovered = {**one.recovered, d["source"]: one.recovered.get(d["source"], 0) + d["fen"]}
    elif event.kind == "evidence_packed":
        one.evidence = d["hash"]
    elif event.kind == "refunded":
        one.refunded += d["fen"]


def decide(one: Debt, command: Command, at: datetime, numbers: Policy) -> list[Event]:
    if made_already(one, command):
        return []
    if command.name in ("recover", "recovered") and command.data["fen"] > one.left:
        raise IllegalMove("recovered_too_much")
    if command.name in ("reversed", "written_off") and one.reversed + one.written_off + command.data["fen"] > one.total:
        raise IllegalMove("illegal_move")
    if command.name == "refund" and command.data["fen"] > -one.left:
        raise IllegalMove("refunded_too_much")
    kind = {"recover": "recovered", "refund": "refunded"}.get(command.name, command.name)
    return [event_of(kind, command.data, command, at, numbers.version)]


def heading(one: Debt, numbers: Policy) -> Heading:
    return Heading(None, None, {"s": one.state}, {"desk": "S1/office"})


DEBTS = RecordKind(PREFIX, fold, decide, heading, lambda one, n, at: (), lambda one, n, at: None, lambda numbers: {})


def _none(*_: Any) -> None:
    return None


SERVICE = RecordService(
    kind=DEBTS,
    moment=lambda due, one, at: Command("none", SYSTEM),
    hands=lambda due: "",
    recipients=lambda telling, event, after, one, at: (),
    recipient=_none,
    link=_none,
    grants=_none,
    sms=lambda *_: Posted(""),
    mail=lambda *_: Posted(""),
    actor_on=lambda grant, one: SYSTEM,
    path=lambda grant: "b",
    desks=lambda: ["S1/office"],
    joins=lambda before, after, events, numbers, head: posting.written(before, after, events, numbers),
)

OFFICE = Actor("o1", Role.OFFICE)


def entity(world: World) -> None:
    """Entity E1, its contractor C1, their contract K1."""
    from datetime import date

    from chalicelib.domain.contractor.contract import Company, CompanyKind, Contract, ContractKind, Entity
    from chalicelib.store.table import Put

    rows = contracts.put_entity(Entity("E1", "云栖置业有限公司", "91330100MA2B00001X", "A01", ("P1",)))
    rows += contracts.put_entity(Entity("E2", "湖畔置业有限公司", "91330100MA2B00002Y", "A02", ("P2",)))
    for n in (1, 2):
        named = f"第{n}建筑公司"
        rows += contracts.put_company(
            Company(f"C{n}", CompanyKind.CONTRACTOR, named, f"9133010000000000{n}A", f"00{n:04d}")
        )
    for k, e, c, p in (("K1", "E1", "C1", "P1"), ("K2", "E1", "C2", "P1"), ("K9", "E2", "C1", "P2")):
        signed = date(2019, 5, 20)
        rows += contracts.put_contract(Contract(k, f"HT-{k}", e, c, ContractKind.GENERAL, (p,), (p,), signed))
    for row in rows:
        world.table.write(Put(row))


def propose(world: World, number: str, *lines: tuple[str, int], **facts: Any) -> str:
    """A deduction under a number; its reference."""
    name = f"{PREFIX}#{number}"
    data = {"lines": [list(line) for line in lines or (("repair_cost", 100_00),)], **facts}
    made = Command("proposed", SYSTEM, data)
    for _ in range(
        3
    ):  # a period that is closed meanwhile asks for another try: no real deduction begins with an amount
        try:
            record.begin(name, [event_of("proposed", data, made, world.at, "1")])
        except StaleRecord:
            continue
        break
    return name


def do(world: World, name: str, what: str, by: Actor = SYSTEM, key: str = "", **data: Any) -> Debt:
    made: Debt = record.perform(Command(what, by, data, key=key), name, world.at)
    return made


def firm(world: World, number: str, *lines: tuple[str, int], by: Actor = OFFICE, **facts: Any) -> str:
    """A deduction that is firm; its reference."""
    name = propose(world, number, *lines, **facts)
    do(world, name, "approved", by)
    for what in ("letter_released", "delivered", "firm"):
        do(world, name, what)
    return name


def numbers_of(entries: Sequence[Any]) -> list[str]:
    return [entry.number for entry in entries]
