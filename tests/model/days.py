"""Ten days by the hour: random people report, come, answer, forget and leave; what is left without a next step is kept.

    reports    of every kind, at any place, from any hour of the first days; by the form, by the desk, by a plan
    people     each with a diligence of their own, some with none: they never open a message
    outages    hours in which no provider takes anything
    leavers    from one hour on they work here no more, as a loaded workbook says

After every hour `faults` is asked of whatever changed, and of all that is open. It says what is wrong in words.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import EndpointConnectionError

from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.roles import Role, role_in
from chalicelib.domain.ticket import waiting
from chalicelib.domain.ticket.lifecycle import moves
from chalicelib.domain.ticket.promises import next_moment, promises
from chalicelib.domain.ticket.ticket import ENDS, Event, State, Ticket, fold
from chalicelib.domain.ticket.trade import Priority
from chalicelib.functions import send, tick
from chalicelib.services.record import ceilings
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import leaving
from chalicelib.store import messages
from chalicelib.store.messages import Message
from tests.domain.ahead import lacks
from tests.model import ways
from tests.world import ALL_HOURS, STAFF, UNITS, World

HOUR = timedelta(hours=1)
AWAKE = range(7, 23)
HELD_UP = 4 * HOUR  # longer than all tries of a message take
LATE = timedelta(minutes=12)  # by when the sweep has seen what a timer did not
KINDS = (*["repair"] * 10, *["complaint"] * 3, "enquiry", "suggestion", "patrol", "maintenance", "emergency")
WORDS = ("卫生间漏水", "燃气味", "电梯困人", "停电了", "墙面开裂", "马桶堵了", "保安态度差", "想加装长椅", "灯不亮")
DILIGENCE = (0.0, 0.02, 0.15, 0.4, 0.9)
OTHERWISE = 0.05  # how often somebody who comes by does what does not usually come next
BUSY = "19955556666"
MOST_HANDS = 5  # through which a ticket goes before the desk leaves it to those above
AFTERWARDS = {"rated_low", "told_why", "link_asked"}  # what may still be told of a ticket that has ended


class Days:
    """One run. `play` goes through the hours and gives everything that was found at fault."""

    def __init__(self, world: World, number: int, tickets: int, days: int = 10) -> None:
        self.world, self.dice = world, random.Random(number)
        self.ends = world.at + timedelta(days=days)
        hours = [self.dice.randrange(24 * (days - 2)) for _ in range(tickets)]
        self.reports = Counter(hours)
        self.diligence = {who: self.dice.choice(DILIGENCE[1:]) for who in STAFF}
        self.diligence |= dict.fromkeys(self.dice.sample(("b2", "e2", "e3", "g3", "d1", "s2"), 3), 0.0)
        self.leaves = {self.dice.randrange(30, 200): who for who in self.dice.sample(("b1", "e1", "g1", "s1", "d1"), 3)}
        self.gone: set[str] = set()
        self.down: list[tuple[datetime, datetime]] = []
        self.owners: dict[str, float] = {}
        self.ids: list[str] = []
        self.ended: dict[str, datetime] = {}
        self.sent: Counter[tuple[str, str]] = Counter()
        self.versions: dict[str, int] = {}
        self.made: Counter[str] = Counter()
        self.done: dict[tuple[str, str], Message] = {}
        self.written: dict[tuple[str, str], datetime] = {}  # the hour in which a message was first there
        self.loaded: dict[str, tuple[int, Ticket]] = {}
        self.coming: dict[str, tuple[int, datetime | None]] = {}
        self._outages(days)
        world.pump = self.pump  # type: ignore[method-assign]

    def _outages(self, days: int) -> None:
        takes = self.world.provider.publish
        for _ in range(3):
            begins = self.world.at + self.dice.randrange(24 * days) * HOUR
            self.down.append((begins, begins + self.dice.choice((1, 2, 5)) * HOUR))

        def publish(**call: Any) -> dict[str, str]:
            if self.is_down(self.world.at):
                raise EndpointConnectionError(endpoint_url="https://sns")
            return takes(**call)

        self.world.provider.publish = publish  # type: ignore[method-assign]

    def is_down(self, at: datetime) -> bool:
        return any(begins <= at < ends for begins, ends in self.down)

    # the hours

    def play(self) -> list[str]:
        found: list[str] = []
        hour = 0
        while self.world.at < self.ends:
            self._report(self.reports[hour])
            self._people()
            if who := self.leaves.get(hour):
                self._leave(who)
            self._pass()
            if self.world.at.hour == 19:  # three at night
                self.world.reconcile()
                self.pump()
            found += [f"hour {hour}: {fault}" for fault in self.faults()]
            hour += 1
        return found

    def _pass(self) -> None:
        """An hour, with the sweep every ten minutes."""
        ends = self.world.at + HOUR
        while self.world.at < ends:
            soon = min(ends, self.world.at + timedelta(minutes=10))
            self.pump()
            while (running := self.world.states.running()) and running[0].until <= soon:
                self.world.at = max(self.world.at, running[0].until)
                self.world.states.fire(running[0], tick.tick, self.world.at)
                self.pump()
            self.world.at = soon
            self.world.sweep()
            self.pump()

    def pump(self) -> None:
        """Deliver the stream, and give the queue to its consumer as often as it has something."""
        while True:
            self.world.pump_stream()
            if not self.world.queue.deliver(self._consumed) and not self.world.to_act and not self.world.to_tell:
                return

    def _consumed(self, event: dict[str, Any], context: object) -> dict[str, Any]:
        body = json.loads(event["Records"][0]["body"])
        before = len(self.world.provider.sent)
        answer = send.send(event, context)
        self.sent[body["record"], body["message"]] += len(self.world.provider.sent) - before
        return answer

    # what people do

    def _report(self, count: int) -> None:
        for _ in range(count):
            kind = self.dice.choice(KINDS)
            by = "" if kind in ("repair", "complaint", "enquiry", "suggestion") and self.dice.random() < 0.8 else "d2"
            unit = self.dice.choice([*UNITS, "U1", "U2", "A1"])
            registered = unit != "A1" and self.dice.random() < 0.5
            more: dict[str, Any] = {"phone": "19911112222"} if registered else {}
            if self.dice.random() < 0.1:
                more = {"phone": "", "email": f"owner{len(self.ids)}@example.invalid"}
            elif not registered and self.dice.random() < 0.3:
                more = {"phone": BUSY}  # one number that nobody vouches for, and more to say than a day's worth
            with suppress(Refused):
                ticket = self.world.report(self.dice.choice(WORDS), unit, kind, by, **more)
                self.ids.append(ticket.id)
                self.owners[ticket.id] = self.dice.choice(DILIGENCE)

    def _leave(self, who: str) -> None:
        self.gone.add(who)
        self.world.employ(who, STAFF[who][0], active=False)
        leaving.release(frozenset({who}), self.world.at)

    def _people(self) -> None:
        for ticket_id in self.everything():
            if ticket_id in self.ended:
                continue
            for who in self.concerned(self.load(ticket_id)):
                if self.dice.random() < self._will(who, ticket_id):
                    self._move(self.load(ticket_id), who)

    def concerned(self, ticket: Ticket) -> list[str]:
        """Who may come by: whoever is on it, its desk, and who reported it."""
        desk = [who for who, (team, *_) in STAFF.items() if team == ticket.desk]
        on_it = {ticket.holder, *ticket.watchers.values(), *desk} - self.gone - {""}
        return ["reporter"] * (not ticket.by_system) + sorted(on_it)

    def _will(self, who: str, ticket_id: str) -> float:
        hour = (self.world.at.hour + 8) % 24
        if who == "reporter":
            return self.owners.get(ticket_id, 0.1) if hour in AWAKE else 0.0
        duty = STAFF[who][2]
        return self.diligence[who] if duty is ALL_HOURS or 8 <= hour < 20 else 0.0

    def _move(self, ticket: Ticket, who: str) -> None:
        """What usually comes next; now and then anything else that is open to them."""
        open_now = moves(ticket, self.world.actor(who).role)
        usual = [name for name in self._usual(who, ticket) if name in open_now]
        if usual and self.dice.random() < 0.9:
            self.try_move(ticket, self.dice.choice(usual), who)
        elif open_now and self.dice.random() < OTHERWISE:
            self.try_move(ticket, self.dice.choice(open_now), who)

    def _usual(self, who: str, ticket: Ticket) -> list[str]:
        """What they would do next. Nobody gives to others what somebody has, nor for ever to who never comes."""
        held = ticket.state is State.ASSIGNED or sum(e.kind == "assigned" for e in ticket.events) > MOST_HANDS
        wanted = ways.USUAL.get(ticket.state.value, ())
        return [name for name, by in wanted if self._is(who, by, ticket) and not (held and name == "assign")]

    def _is(self, who: str, by: str, ticket: Ticket) -> bool:
        """Whether somebody is whom a usual move names: the holder, or anybody in that one's role."""
        return who == ticket.holder if not by else self.world.actor(who).role is self.world.actor(by).role

    def try_move(self, ticket: Ticket, name: str, who: str) -> None:
        data, said = ways.facts(name, ticket, self.world.at, self.dice.randrange(2**16))
        if name == "merge":
            data = {"into": self.dice.choice(self.ids)}
        elif name == "assign":
            data["person"] = self.dice.choice(("b1", "b2", "e1", "e4"))
        with suppress(Refused):
            self.world.do(ticket.id, name, who, said, **data)
            self.made[name] += 1

    def everything(self) -> list[str]:
        parts = self.world.table.parts
        return [pk.removeprefix("TICKET#") for pk, rows in parts.items() if pk.startswith("TICKET#") and "HEAD" in rows]

    # what is wrong

    def faults(self) -> Iterator[str]:
        """Of everything that changed this hour, and of what is open and should have moved."""
        told = self._messages()
        for ticket_id in self.everything():
            ticket = self.load(ticket_id)
            mine = told.get(ticket_id, [])
            for check in self._checks(ticket):
                for fault in check(ticket, mine):
                    yield f"{ticket.kind.value} {ticket_id[-6:]} {ticket.state.value}: {fault}"
            self.versions[ticket_id] = ticket.version
            if not ticket.is_open and ticket_id not in self.ended:
                self.ended[ticket_id] = next(e.at for e in reversed(ticket.events) if e.kind in ENDS)

    def _messages(self) -> dict[str, list[Message]]:
        """All messages, by record. Those that are done with are read once."""
        found: dict[str, list[Message]] = {}
        for pk, part in self.world.table.parts.items():
            for sk, row in part.items() if pk.startswith("TOLD#") else ():
                message = self.done.get((pk, sk)) or messages.read(row)
                self.written.setdefault((pk, sk), self.world.at)
                if message.state != "queued":
                    self.done[pk, sk] = message
                found.setdefault(message.record, []).append(message)
        return found

    def load(self, ticket_id: str) -> Ticket:
        """The ticket; read anew where something was written."""
        rows = len(self.world.table.parts[f"TICKET#{ticket_id}"])
        known = self.loaded.get(ticket_id)
        if known is None or known[0] != rows:
            known = self.loaded[ticket_id] = (rows, self.world.load(ticket_id))
        return known[1]

    def _checks(self, ticket: Ticket) -> list[Callable[[Ticket, list[Message]], Iterator[str]]]:
        if self.versions.get(ticket.id) != ticket.version:
            return [self._ahead, self._on_time, self._told, self._known, self._once, self._over, self._at_work]
        return [self._on_time, self._told] if ticket.is_open else [self._told, self._once]

    def _ahead(self, ticket: Ticket, told: list[Message]) -> Iterator[str]:
        if lack := lacks(ticket, policy_for(ticket.place)):
            yield lack
        if ticket.outstanding:
            yield "the system still owes it something"

    def _on_time(self, ticket: Ticket, told: list[Message]) -> Iterator[str]:
        known = self.coming.get(ticket.id)
        if known is None or known[0] != ticket.version or (known[1] and known[1] < self.world.at):
            coming = next_moment(ticket, policy_for(ticket.place), at=self.world.at)
            known = self.coming[ticket.id] = (ticket.version, coming)
        coming = known[1]
        if coming and ticket.is_open and coming < self.world.at - LATE:
            yield f"a moment passed at {coming} and nothing was recorded"

    def _at_work(self, ticket: Ticket, told: list[Message]) -> Iterator[str]:
        if ticket.is_open and (there := self.gone & {ticket.holder, *ticket.watchers.values()}):
            yield f"{sorted(there)} work here no more"
        if not self.world.own_link(ticket) and not ticket.by_system:
            yield "the reporter's link is dead"

    def _told(self, ticket: Ticket, told: list[Message]) -> Iterator[str]:
        """Every message went out, waits for its bundle or the provider, or was given up where it can be seen."""
        for m in (one for one in told if one.state != "sent"):
            age = self.world.at - self.written[m.key]
            waits = ceilings.frees(m.held) if m.held else datetime.fromisoformat(m.waits) if m.waits else m.made
            if m.state == "queued" and waits < self.world.at - LATE and not self._rests(ticket, m):
                age -= max(waits - self.written[m.key], timedelta(0))
                if age > HELD_UP or (age > LATE and not self.is_down(self.world.at) and not self._lately_down(m)):
                    yield f"{m.sk} to {m.to} still waits after {age}"
            elif m.state == "failed" and not any(e.data.get("message") == m.sk for e in ticket.events):
                yield f"{m.sk} was given up and nobody sees it"
            elif m.state == "skipped" and not self._may_skip(ticket, m, told):
                yield f"{m.sk} was not sent to {m.to}, for no reason that shows"

    def _rests(self, ticket: Ticket, m: Message) -> bool:
        """Whether what came to light tonight may wait for the morning: unless it pressed already when it did."""
        before, moment = self.world.at - LATE, timedelta(seconds=1)
        opens = policy_for(ticket.place).calendars["service"].deadline(before, moment)
        since = {e.kind for e in ticket.events if e.at >= self.written[m.key]}
        raised = "priority_changed" in since
        if "place_changed" in since:  # to where it is no night
            return self.world.at - self.written[m.key] < 12 * HOUR
        return opens > before + moment and (raised or ticket.priority is not Priority.EMERGENCY)

    def _lately_down(self, m: Message) -> bool:
        return any(begins <= self.world.at < ends + HOUR for begins, ends in self.down)

    def _may_skip(self, ticket: Ticket, m: Message, told: list[Message]) -> bool:
        if m.to == "reporter":
            said = ticket.said("reported")  # another one is held that speaks for it
            ways = [(way, str(said[way])) for way in ("phone", "email") if said.get(way)]
            return any(ceilings.held(way, address, day) for way, address in ways for day in (m.made, self.world.at))
        if m.to in self.gone or not ticket.is_open or m.waits:
            return True
        later = (fold(ticket.id, ticket.events[:n]) for n in range(m.event, ticket.version + 1))
        return not all(now.stands(m.to) for now in later)  # it was not theirs for a time, and the link dead

    def _known(self, ticket: Ticket, told: list[Message]) -> Iterator[str]:
        """Whoever's turn it is has been told of it since it became theirs, or made it so."""
        if not ticket.is_open or ticket.outstanding:
            return
        numbers = policy_for(ticket.place)
        for promise in promises(ticket, numbers):
            if promise.running and promise.clock.paused_at is None:
                begun = next(
                    (e for e in ticket.events if e.at == promise.clock.started_at and e.kind in promise.rule.starts),
                    ticket.events[0],
                )
                yield from self._heard(ticket, told, promise.rule.hands, begun, promise.clock.name)
        if waiting.step(ticket, numbers):
            begun = next(e for e in reversed(ticket.events) if e.kind == "paused")
            yield from self._heard(ticket, told, "holder", begun, "wait")

    def _heard(self, ticket: Ticket, told: list[Message], hands: str, begun: Event, clock: str) -> Iterator[str]:
        desk = {who for who, (team, *_) in STAFF.items() if team == ticket.desk}
        hands = "desk" if hands == "owner" and ticket.by_system else hands
        who = {"holder": {ticket.holder}, "desk": {*desk, ticket.holder}, "owner": {"reporter"}}[hands]
        upper = [m.to for m in told if m.to in STAFF and role_in(STAFF[m.to][0]) in (Role.SUPERVISOR, Role.HOTLINE)]
        who |= {*upper} if hands == "desk" else set()  # where the desk has nobody
        heard = any(m.to in who and m.event >= begun.change for m in told)
        did = any(e.by in who and e.version >= begun.change for e in ticket.events)
        if not heard and not did:
            yield f"{clock} runs since {begun.kind}, and {sorted(who)} were told nothing of it"

    def _once(self, ticket: Ticket, told: list[Message]) -> Iterator[str]:
        by_change = Counter((ticket.events[m.event - 1].change, m.to) for m in told if m.state == "sent")
        for (change, to), count in by_change.items():
            if count > 1:
                yield f"{to} was told {count} times of change {change}: {[m.template for m in told if m.to == to]}"
        for m in told:
            if self.sent[m.record, m.sk] > len(m.via.split("+")):
                yield f"{m.sk} was sent {self.sent[m.record, m.sk]} times"

    def _over(self, ticket: Ticket, told: list[Message]) -> Iterator[str]:
        """Nothing is said of a ticket that has ended but what happens afterwards."""
        if ticket.is_open:
            return
        end = next(e for e in reversed(ticket.events) if e.kind in ENDS)
        for e in ticket.events[end.version :]:
            if e.change != end.change and e.kind in ("warned", "reminded", "escalated", "breached"):
                yield f"{e.kind} after its end: {dict(e.data)}"
        for m in told:
            event = ticket.events[m.event - 1]
            if event.change > end.change and event.kind not in AFTERWARDS and m.state == "sent":
                yield f"{m.to} was told of {event.kind} ({m.template}) after its end"

    def story(self, ticket_id: str) -> str:
        """What happened to a ticket and who was told, for whoever reads a fault."""
        full = next(t for t in self.everything() if t.endswith(ticket_id))
        ticket, lines = self.world.load(full), []
        for e in ticket.events:
            facts = dict(e.data) if e.kind != "reported" else e.data["priority"]
            lines.append(f"{e.version:3} {e.at:%d %H:%M:%S} {e.kind} by {e.by} {facts}")
        lines += [f"    {m.event:3} {m.template} to {m.to} {m.state} {m.sent}" for m in self.world.told(full)]
        return "\n".join(lines)
