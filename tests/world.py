"""A small world to try the services in: places, residents, teams and desks on the table in memory, and a clock.

    project P1 (subsidiary S1)   units U1 to U4 in building B1, common area A1
        P1/building              b1 b2           waterproofing, masonry, carpentry
        P1/engineering           e1 e2 e3 e4     plumbing, electrical, lift, gas, hvac; e4 at night too
        P1/desk                  d1 d2
        P1/dept/engineering      g1 g2           and P1/dept/property_engineering g3; nobody in P1/dept/design
        S1/desk2, group/hotline  s1 s2, h1
    project P2 (subsidiary S2)   unit V1; a desk (d9) and nobody else in the project

Stream, queue and executions wait until they are told to go on: `pump` delivers what is there, `advance` lets time pass.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
os.environ.setdefault("GRANT_KEY", "only-for-tests-only-for-tests-32")

import botocore.session

from chalicelib.adapters import aws, ids, metrics, time
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.roles import role_in
from chalicelib.domain.ticket.command import ANSWERS, answered
from chalicelib.domain.ticket.routing import Person
from chalicelib.domain.ticket.ticket import Actor, Role, Ticket
from chalicelib.functions import act, reconcile, sweep, tell, tick
from chalicelib.services.access import access, inviting
from chalicelib.services.contractor import drafting, engaging
from chalicelib.services.money import desk, retentions
from chalicelib.services.record import numbers, record, sending
from chalicelib.services.ticket import departments, dispatch, report
from chalicelib.services.warranty import answering, judging
from chalicelib.store import grants, messages, people, places
from chalicelib.store import table as tables
from chalicelib.store.invitations import PREFIX
from chalicelib.store.memory import MemoryTable
from chalicelib.store.messages import Message
from chalicelib.store.people import Staff
from chalicelib.store.places import Place, Resident
from chalicelib.store.table import Put, Row
from tests.domain.samples import SIGNED
from tests.fakes import Pictures, Provider, Queue, States, as_record

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
DAY = dict.fromkeys(range(7), (8 * 60, 20 * 60))
ALL_HOURS = dict.fromkeys(range(7), (0, 24 * 60))
BUILDING = frozenset({"waterproofing", "masonry", "carpentry"})
ENGINEERING = frozenset({"plumbing", "electrical", "lift", "gas", "hvac"})
STAFF: Mapping[str, tuple[str, frozenset[str], Mapping[int, tuple[int, int]]]] = {
    "b1": ("P1/building", BUILDING, DAY),
    "b2": ("P1/building", BUILDING, DAY),
    "e1": ("P1/engineering", ENGINEERING, DAY),
    "e2": ("P1/engineering", ENGINEERING - {"gas", "lift"}, DAY),
    "e3": ("P1/engineering", frozenset({"plumbing"}), DAY),
    "e4": ("P1/engineering", ENGINEERING, ALL_HOURS),
    "d1": ("P1/desk", frozenset(), DAY),
    "d2": ("P1/desk", frozenset(), ALL_HOURS),
    "g1": ("P1/dept/engineering", frozenset(), DAY),
    "g2": ("P1/dept/engineering", frozenset(), ALL_HOURS),
    "g3": ("P1/dept/property_engineering", frozenset(), DAY),
    "d9": ("P2/desk", frozenset(), DAY),
    "s1": ("S1/desk2", frozenset(), DAY),
    "s2": ("S1/desk2", frozenset(), DAY),
    "h1": ("group/hotline", frozenset(), ALL_HOURS),
}
DEPARTMENTS = {"engineering": "工程部", "property_engineering": "物业工程部", "design": "设计部"}  # of P1
UNITS = {"U1": "P1", "U2": "P1", "U3": "P1", "U4": "P1", "V1": "P2"}
MOVES_SAID: Mapping[str, dict[str, Any]] = {
    "complete": {"words": "修好了", "photos": ["after"]},
    "sign_off": {"signature": SIGNED},
}

_current: World | None = None
_real_now, _real_ring, _real_session = time.now, metrics.ring, botocore.session.get_session
_real_rest = time.rest


def _now() -> datetime:
    return _current.at if _current else _real_now()


def _rest(seconds: float) -> None:
    if _current:
        _current.rested.append(seconds)
    else:
        _real_rest(seconds)


def _ring(name: str, count: int = 1) -> None:
    if _current:
        _current.rings[name] = _current.rings.get(name, 0) + count
    else:
        _real_ring(name, count)


def _replace(was: Callable[..., Any], by: Callable[..., Any]) -> None:
    """Put one function in another's place, wherever it was imported by name."""
    for name, module in list(sys.modules.items()):
        if name.startswith("chalicelib.") and getattr(module, was.__name__, None) is was:
            setattr(module, was.__name__, by)


class World:
    """One table and what happens around it. `at` is the time; nothing moves it but `advance` and `until`."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at
        self.table = MemoryTable(self._inserted)
        self.pictures = Pictures()
        self.states, self.queue, self.provider = States(), Queue(lambda: self.at), Provider()
        self.to_act: list[dict[str, Any]] = []
        self.to_tell: list[dict[str, Any]] = []
        self.rings: dict[str, int] = {}
        self.rested: list[float] = []  # seconds that were waited before another try
        self.delivered: list[tuple[str, str]] = []  # (ticket, message) of everything that was sent
        self.sends: Callable[[str, str], None] = self._send
        self.employed: dict[str, str] = {}  # whoever came later, and the team
        self._made = self._numbered = 0
        _settle(self.table)

    def _inserted(self, row: Row) -> None:
        self._numbered += 1
        if row["sk"].startswith(("EVENT#", "INVITED#")):
            record = as_record(row, self._numbered)
            self.to_act += [record] * bool(row.get("act"))
            self.to_tell += [record] * bool(row.get("tell"))

    def _send(self, ticket: str, sk: str) -> None:
        """What `send` does for one message, without words and addresses."""
        message = messages.get(ticket, sk)
        if message and message.state == "queued":
            self.delivered.append((ticket, sk))
            messages.sent(message, self.at, "test")

    def send_really(self, ticket: str, sk: str) -> None:
        """The service itself, to the providers: `world.sends = world.send_really`."""
        before = len(self.provider.sent)
        try:
            sending.send(ticket, sk, self.at)
        finally:
            self.delivered += [(ticket, sk)] * (len(self.provider.sent) - before)

    # what people do

    def report(
        self, words: str = "卫生间漏水", unit: str = "U1", kind: str = "repair", by: str = "", **more: Any
    ) -> Ticket:
        """A report from the form, or `by` somebody at the desk."""
        self._made += 1
        mark = ids.ulid(self.at, self._made.to_bytes(10, "big"))
        phone = more.pop("phone", f"1990000{self._made:04d}")
        sent = report.Report(
            mark, unit, kind=kind, words=words, phone=phone, name=more.pop("name", "测试"), consent=True, **more
        )
        return report.take(sent, self.at, self.actor(by) if by else None).ticket

    def actor(self, who: str) -> Actor:
        if who in ("reporter", "system"):
            return Actor(who, Role.OWNER if who == "reporter" else Role.SYSTEM)
        role = role_in(self.employed.get(who) or STAFF[who][0])
        assert role is not None
        return Actor(who, role)

    def do(
        self,
        ticket: Ticket | str,
        move: str,
        who: str = "",
        said: Mapping[str, Any] | None = None,
        key: str = "",
        **data: Any,
    ) -> Ticket:
        """A move by somebody; by whoever holds the ticket when nobody is named."""
        ticket_id = ticket if isinstance(ticket, str) else ticket.id
        by = self.actor(who or self.load(ticket_id).holder)
        words = {"words": "好的"} | MOVES_SAID.get(move, {}) if said is None else said
        data = (
            seen(self.load(ticket_id), move)
            | self.ticked(ticket_id, move)
            | (self.in_three_days() if move == "pause" else {})
            | data
        )
        moved: Ticket = record.perform(Command(move, by, data, words, key), ticket_id, self.at)
        return moved

    def in_three_days(self) -> dict[str, str]:
        """Until when something waits, where nothing else is said."""
        return {"until": (self.at + timedelta(days=3)).isoformat()}

    def ticked(self, ticket_id: str, move: str) -> dict[str, Any]:
        """Whoever completes has done all of the category's checklist, unless the test says otherwise."""
        if move != "complete":
            return {}
        ticket = self.load(ticket_id)
        category = numbers.policy_for(ticket.place).categories.get(ticket.category)
        return {"done": list(category.checklist)} if category else {}

    # what the system does

    def pump(self) -> None:
        """Deliver what waits in the stream and the queue, until nothing does."""
        while self.to_act or self.to_tell or self.queue.waiting:
            if self.to_act:
                self.deliver(act.act, self.to_act)
            elif self.to_tell:
                self.deliver(tell.tell, self.to_tell)
            else:
                self.send()

    def pump_stream(self) -> None:
        """Deliver what waits in the stream; what it queues stays there."""
        while self.to_act or self.to_tell:
            self.deliver(*((act.act, self.to_act) if self.to_act else (tell.tell, self.to_tell)))

    def deliver(
        self, reader: Callable[[dict[str, Any], object], dict[str, Any]], waiting: list[dict[str, Any]], which: int = 0
    ) -> None:
        """Give one record to a reader of the stream; what it gives back raises."""
        answer = reader({"Records": [waiting[which]]}, None)
        assert answer["batchItemFailures"] == [], answer
        del waiting[which]

    def send(self) -> None:
        """Send the oldest message in the queue; it leaves the queue when that went well."""
        body = json.loads(self.queue.waiting[0]["MessageBody"])
        if body["message"].startswith(PREFIX):
            inviting.send(body["record"], body["message"], self.at)
        else:
            self.sends(body["record"], body["message"])
        del self.queue.waiting[0]

    def advance(self, **time: float) -> None:
        """Let time pass: `advance(minutes=30)`. Executions fire at their moments, and what follows is delivered."""
        self.until(self.at + timedelta(**time))

    def until(self, at: datetime) -> None:
        self.pump()
        while (running := self.states.running()) and running[0].until <= at:
            self.at = max(self.at, running[0].until)
            self.states.fire(running[0], tick.tick, self.at)
            self.pump()
        self.at = max(self.at, at)

    def sweep(self) -> dict[str, Any]:
        return sweep.sweep({}, None)

    def reconcile(self) -> dict[str, Any]:
        return reconcile.reconcile({}, None)

    # what can be seen

    def load(self, ticket: Ticket | str) -> Ticket:
        loaded: Ticket = record.load(ticket if isinstance(ticket, str) else ticket.id, consistent=True)
        return loaded

    def head(self, ticket: Ticket | str) -> Row:
        row = self.table.get(f"TICKET#{ticket if isinstance(ticket, str) else ticket.id}", "HEAD")
        assert row is not None
        return row

    def told(self, ticket: Ticket | str) -> list[Message]:
        """The messages of a ticket, by event."""
        wanted = ticket if isinstance(ticket, str) else ticket.id
        rows = [r for pk, part in self.table.parts.items() if pk.startswith("TOLD#") for r in part.values()]
        return sorted((m for m in map(messages.read, rows) if m.record == wanted), key=lambda m: m.told)

    def kinds(self, ticket: Ticket | str) -> list[str]:
        return [e.kind for e in self.load(ticket).events]

    def employ(self, who: str, team: str, active: bool = True, duty: Mapping[int, tuple[int, int]] = DAY) -> None:
        """Add somebody to a team, or change them."""
        self.employed[who] = team
        skills = STAFF[who][1] if who in STAFF else BUILDING | ENGINEERING
        for row in people.rows_of(Staff(Person(who, who, team, skills, duty, active=active), "19900001111", "")):
            self.table.write(Put(row))
        forget()

    def own_link(self, ticket: Ticket) -> bool:
        """Whether the reporter's link of the ticket works."""
        return grants.get(access.hash_of(access.token(access.own_grant(ticket.id)))) is not None


def seen(ticket: Ticket, move: str) -> dict[str, Any]:
    """What a page that shows the ticket as it is sends along: the event that the move answers, an offered window."""
    found: dict[str, Any] = {"of": answered(ticket, move)} if move in ANSWERS else {}
    if move == "choose_window" and ticket.windows:
        found["window"] = [ticket.windows[0].start.isoformat(), ticket.windows[0].end.isoformat()]
    return found


@contextmanager
def world(at: datetime = MONDAY) -> Iterator[World]:
    """A fresh world in the place of table, clock, metrics and AWS; all are put back afterwards."""
    global _current
    made = _current = World(at)
    clients = {
        "stepfunctions": made.states,
        "sqs": made.queue,
        "s3": made.pictures,
        "sns": made.provider,
        "ses": made.provider,
        "sesv2": made.provider,
    }
    session = SimpleNamespace(create_client=lambda service, **_: clients[service])
    _replace(_real_now, _now)
    _replace(_real_ring, _ring)
    _replace(_real_rest, _rest)
    botocore.session.get_session = lambda *_: session
    aws.client.cache_clear()
    tables.use(made.table)
    forget()
    try:
        yield made
    finally:
        _current = None
        botocore.session.get_session = _real_session
        aws.client.cache_clear()
        tables.use(None)
        forget()
        _replace(_now, _real_now)
        _replace(_ring, _real_ring)
        _replace(_rest, _real_rest)


def forget() -> None:
    """Whatever services keep for a minute is read anew."""
    dispatch.forget()
    departments.forget()
    judging.forget()
    answering.forget()
    numbers.forget()
    engaging.forget()
    drafting.forget()
    desk.forget()
    retentions.forget()


def _settle(table: MemoryTable) -> None:
    rows: list[Row] = []
    for project, subsidiary in (("P1", "S1"), ("P2", "S2")):
        facts = {"departments": json.dumps(list(DEPARTMENTS.items()))} if project == "P1" else {}
        rows += places.put_place(
            Place(project, "project", f"{project}苑", subsidiary, f"{project}苑", {"subsidiary": subsidiary}, facts)
        )
    for unit, project in UNITS.items():
        above = {
            "subsidiary": f"S{project[1]}",
            "project": project,
            "building": f"B{project[1]}",
            "entrance": f"E{project[1]}",
        }
        rows += places.put_place(Place(unit, "unit", unit, above["entrance"], f"{project}苑 1栋 {unit}", above))
        rows += places.put_resident(Resident(f"r-{unit}", unit, "owner", "业主", "19911112222"), f"hash-{unit}")
    area = {"subsidiary": "S1", "project": "P1", "building": "B1"}
    for subsidiary in sorted({f"S{project[1:]}" for project in UNITS.values()}):
        rows += places.put_place(Place(subsidiary, "subsidiary", f"{subsidiary}公司", "", f"{subsidiary}公司", {}))
    rows += places.put_place(Place("A1", "area", "大堂", "B1", "P1苑 1栋 大堂", area))
    for who, (team, skills, duty) in STAFF.items():
        rows += people.rows_of(Staff(Person(who, who, team, skills, duty), "19900001111", f"{who}@example.invalid"))
    for row in rows:
        table.write(Put(row))
