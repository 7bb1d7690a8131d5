"""The reference life of one repair, from the report to its close: units, calls, transitions, price.

09:00 reported · 09:04 contacted · 09:06 acknowledged with three windows · 09:20 window chosen · 10:02 arrived ·
10:10 checklist · 11:30 completed · 11:50 signed off and rated · 16:00 followed up and closed; 12 page views and 8
messages, no warning. Real handlers on the emulator's DynamoDB.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench.cloud import TABLE, Cloud
from tests.bench.figures import figure, keep
from tests.bench.meter import Work, size

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WORDS = "主卧卫生间的淋浴间漏水,已经渗到楼下人家的天花板,麻烦尽快来人看看。"


class Life:
    """One ticket on its way, each person acting through their own link."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.persons: list[Work] = []
        self.own = self.worker = self.desk = self.ticket = ""
        self.views = self.moves = 0
        self.items: list[dict[str, Any]] = []  # what the ticket left behind

    def live(self) -> None:
        from chalicelib.adapters.ids import ulid
        from chalicelib.services import access
        from chalicelib.services.report import Report, take
        from tests.bench.group import PHONE, PROJECT, UNIT

        cloud = self.cloud
        report = Report(
            ulid(START), UNIT, component="bathroom", words=WORDS, phone=PHONE, name="张示例", consent=True,
            category="", preferred="工作日上午", address="203.0.113.7",
        )  # fmt: skip
        report = _fitting(report)
        taken = self.act("report", lambda: take(report, cloud.at))
        self.ticket, self.own = taken.ticket.id, taken.token
        self.view("own")
        from chalicelib.services.record import load

        with cloud.meter.off():
            holder = load(self.ticket).holder
        assert holder, "routing found nobody"
        self.worker = access.token(access.ticket_grant(self.ticket, holder))
        self.desk = access.token(access.staff_grant(f"{PROJECT}-desk-1", f"{PROJECT}/desk", 1))
        self.until(3)
        self.view("ticket")
        self.until(4)
        self.move("ticket", "contact", data={"how": "phone"})
        self.view("ticket")
        self.until(6)
        windows = [
            [self.minute(a).isoformat(), self.minute(b).isoformat()] for a, b in ((60, 120), (300, 360), (420, 480))
        ]
        self.move("ticket", "acknowledge", data={"windows": windows})
        self.until(15)
        self.view("own")
        self.until(20)
        self.move("own", "choose_window", data={"window": 0})
        self.view("own")
        self.until(55)
        self.view("ticket")
        self.until(62)
        self.move("ticket", "arrive")
        self.view("ticket")
        self.until(70)
        self.move("ticket", "tick_checklist", data={"done": self.checklist()})
        self.until(150)
        self.move(
            "ticket",
            "complete",
            said={"words": "淋浴间地漏处防水重做,闭水两小时无渗漏。", "photos": ["01HX0000000000000000000000"]},
        )
        self.view("ticket")
        self.until(165)
        self.view("own")
        self.until(170)
        self.move("own", "sign_off", said={"signature": "01HX0000000000000000000001"})
        scores = dict.fromkeys(("overall", "speed", "thoroughness", "manners"), 5)
        self.move("own", "rate", data={"scores": scores}, said={"words": "师傅很仔细"})
        self.view("own")
        self.until(420)
        self.view("staff")
        self.move("staff", "follow_up", data={"fixed": True}, said={"words": "业主确认已修好"})
        self.view("own")
        self.until(60 * 24 * 30)

    def minute(self, n: int) -> datetime:
        return START + timedelta(minutes=n)

    def until(self, minute: int) -> None:
        self.cloud.until(self.minute(minute))

    def checklist(self) -> list[str]:
        from chalicelib.adapters.policies import policy

        with self.cloud.meter.off():
            from chalicelib.services.record import load

            return list(policy().categories[load(self.ticket).category].checklist)

    def token(self, kind: str) -> tuple[str, str]:
        return {"own": (self.own, ""), "ticket": (self.worker, ""), "staff": (self.desk, self.ticket)}[kind]

    def act(self, name: str, does: Callable[[], Any]) -> Any:
        with self.cloud.meter.step(name) as work:
            answer = self.cloud.timed(work, does)
        self.persons.append(work)
        self.cloud.settle()
        return answer

    def view(self, kind: str) -> None:
        from chalicelib.services.opening import open_ticket

        token, ticket = self.token(kind)
        self.views += 1
        self.act(f"view {kind}", lambda: open_ticket(token, frozenset({kind}), ticket))

    def move(self, kind: str, name: str, **more: Any) -> None:
        from chalicelib.adapters.ids import ulid
        from chalicelib.services.opening import move

        token, ticket = self.token(kind)
        self.moves += 1
        at = self.cloud.at
        self.act(name, lambda: move(token, frozenset({kind}), name, at, ticket_id=ticket, key=ulid(at), **more))


def _fitting(report: Any) -> Any:
    """A component of the category that the words suggest."""
    from dataclasses import replace

    from chalicelib.adapters.policies import policy
    from chalicelib.domain.triage import suggest

    category = suggest(report.words, policy(), "").category
    components = policy().categories[category].components
    return replace(report, category=category, component=components[0] if components else "")


def lived() -> tuple[Cloud, Life]:
    """A life that was led, once a process."""
    global _lived
    if _lived is None:
        with Cloud.up(START) as cloud:
            from chalicelib.services import access
            from chalicelib.store import grants, people
            from chalicelib.store.table import Put, table
            from tests.bench.group import PROJECT, rows

            for row in rows():
                table().write(Put(row))
            for i in range(4):
                staff = people.get(f"{PROJECT}-desk-{i + 1}")
                assert staff is not None
                grant = access.staff_grant(staff.id, staff.person.team, staff.link)
                grants.put(grant, access.hash_of(access.token(grant)))
            cloud.settle()
            life = Life(cloud)
            life.live()
            with cloud.meter.off():
                from chalicelib.services.record import load

                ticket = load(life.ticket)
                key = {":pk": {"S": f"TICKET#{life.ticket}"}}
                life.items = cloud.dynamodb.query(
                    TableName=TABLE, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=key
                )["Items"]
        assert ticket.state.value == "closed", ticket.state
        warned = [e.kind for e in ticket.events if e.kind in ("warned", "breached", "escalated")]
        assert not warned, warned
        _lived = (cloud, life)
    return _lived


_lived: tuple[Cloud, Life] | None = None


def breakdown(cloud: Cloud, life: Life) -> dict[str, Any]:
    by: Counter[str] = Counter()
    for work in cloud.meter.steps:
        for call in work.detail:
            for part in ("table", "work", "queue", "due", "place"):
                by[part] += call.get(part, 0)
    return {
        "written": sum(w.written for w in cloud.meter.steps),
        "read": sum(w.read for w in cloud.meter.steps),
        "written_by": dict(by),
        "transitions": {r.name[-6:]: [r.transitions, r.status] for r in cloud.timers.executions.values()},
        "messages": len(cloud.mail),
        "items": {item["sk"]["S"]: size(item) for item in life.items},
        "invoked": {name: len(each) for name, each in cloud.invoked.items()},
        "steps": [
            {
                "step": w.name,
                "written": w.written,
                "read": w.read,
                "calls": len(w.calls),
                "ms": round(w.cpu_seconds * 1000, 2),
                "detail": w.detail,
            }
            for w in cloud.meter.steps
        ],
    }


def run() -> None:
    cloud, life = lived()
    found = breakdown(cloud, life)
    keep("bench-life.json", found)
    figure("reference life: write units", found["written"], "WRU", "<= 100")
    figure("reference life: read units, from item sizes", found["read"], "RRU", "<= 40")
    figure("reference life: state transitions", cloud.timers.transitions, "transitions", "<= 10")
    figure("reference life: messages", len(cloud.mail), "messages", views=life.views, moves=life.moves)
