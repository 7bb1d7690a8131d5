"""The reference life of one repair, from the report to its close: units, calls, transitions, price.

09:00 reported · 09:06 acknowledged, the owner contacted, three windows offered · 09:12 window chosen · 09:25 arrived ·
11:30 completed with the checklist · 11:50 signed off and rated · 16:00 followed up and closed; 12 page views, 7
messages, no warning. Through the pages and the handlers, on the emulator's DynamoDB, with every cache empty.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench.cloud import TABLE, Cloud
from tests.bench.figures import figure, keep
from tests.bench.group import PHONE, PROJECT, UNIT
from tests.bench.meter import Work, size
from tests.bench.web import Context, event
from tests.domain.samples import strokes

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WORDS = "主卧卫生间的淋浴间漏水,已经渗到楼下人家的天花板,麻烦尽快来人看看。"


class Life:
    """One ticket on its way, each person acting through the pages behind their own link."""

    def __init__(self, cloud: Cloud) -> None:
        from app import app

        self.app = app
        self.cloud = cloud
        self.persons: list[Work] = []
        self.own = self.worker = self.desk = self.ticket = ""
        self.views = self.moves = 0
        self.items: list[dict[str, Any]] = []  # what the ticket left behind
        self.page = ""  # as viewed last
        self.statics: set[str] = set()  # the static files that the owner's pages ask for

    def live(self) -> None:
        from chalicelib.services.access import access

        self.post("report", "/report", report_form(self.minute(0)))
        self.own = self.went.partition("/o/")[2].partition("?")[0]
        self.view(f"/o/{self.own}")
        ticket = self.found()
        self.ticket = ticket.id
        assert ticket.holder, "routing found nobody"
        self.worker = f"/t/{access.token(access.ticket_grant(self.ticket, ticket.holder))}"
        self.desk = f"/d/{access.token(access.staff_grant(f'{PROJECT}-desk-1', f'{PROJECT}/desk', 1))}"
        own = f"/o/{self.own}"
        self.until(3)
        self.view(self.worker)
        self.until(6)
        offered = [(self.minute(start), self.minute(start + 120)) for start in (20, 300, 420)]
        windows = [("w", f"{start.isoformat()}/{end.isoformat()}") for start, end in offered]
        self.move(self.worker, "acknowledge", [("contacted", "phone"), ("how", "phone"), *windows])
        if not self.found().contacted:
            self.move(self.worker, "contact", [("how", "phone")])
        self.view(self.worker)
        self.until(9)
        self.view(own)
        self.until(12)
        window = self.found().windows[0]
        self.move(own, "choose_window", [("window", f"{window.start.isoformat()}/{window.end.isoformat()}")])
        self.view(own)
        self.until(18)
        self.view(self.worker)
        self.until(25)
        self.move(self.worker, "arrive", [])
        self.view(self.worker)
        self.until(150)
        done = [("done", step) for step in self.checklist()]
        if not self.takes("complete", "done"):
            self.move(self.worker, "tick_checklist", done)
        words = [("words", "淋浴间地漏处防水重做,闭水两小时无渗漏。"), ("photos", "01HX0000000000000000000000")]
        self.move(self.worker, "complete", [*done, *words])
        self.view(self.worker)
        self.until(165)
        self.view(f"{own}/sheet")
        self.until(170)
        scores = [(name, "5") for name in ("overall", "speed", "thoroughness", "manners")]
        self.move(own, "sign_off", [self.of("sign_off"), ("signature", SIGNATURE), *scores, ("words", "师傅很仔细")])
        if not self.found().rated:
            self.move(own, "rate", [*scores, ("words", "师傅很仔细")])
        self.view(own)
        self.until(420)
        self.view(f"{self.desk}/{self.ticket}")
        self.move(f"{self.desk}/{self.ticket}", "follow_up", [self.of("follow_up"), ("fixed", "yes")])
        self.view(own)
        self.until(60 * 24 * 30)

    def minute(self, n: int) -> datetime:
        return START + timedelta(minutes=n)

    def until(self, minute: int) -> None:
        self.cloud.until(self.minute(minute))

    def found(self) -> Any:
        """The ticket as it is, read by the bench."""
        from chalicelib.services.access import access
        from chalicelib.services.record.record import load

        with self.cloud.meter.off():
            return load(self.ticket or access.open_link(self.own).record)

    def of(self, move: str) -> tuple[str, str]:
        """The field that names what a move answers, as its page has it."""
        from chalicelib.domain.ticket.command import answered

        return "of", str(answered(self.found(), move))

    def takes(self, move: str, field: str) -> bool:
        """Whether the form of a staff move has a field."""
        from chalicelib.web.kit import forms
        from chalicelib.web.staff import forms as staff_forms

        return field in staff_forms.read(move, forms.Form({field: ["1"]}), self.cloud.at)[0]

    def checklist(self) -> list[str]:
        from chalicelib.adapters.policies import policy

        return list(policy().categories[self.found().category].checklist)

    def act(self, name: str, method: str, address: str, form: list[tuple[str, str]] | None = None) -> dict[str, Any]:
        asked = event(self.app, method, address, form)
        with self.cloud.meter.step(name) as work:
            answer = self.cloud.timed(work, lambda: self.app(asked, Context()))
        self.persons.append(work)
        self.cloud.settle()
        return dict(answer)

    def view(self, address: str) -> None:
        self.views += 1
        kind = "/".join([address.split("/")[1], *address.split("/")[3:]])
        answer = self.act(f"view {kind[:8]}", "GET", address)
        assert answer["statusCode"] == 200, (address, answer["statusCode"])
        self.page = answer["body"]
        if kind.startswith("o"):
            asked = re.sub(r"<noscript>.*?</noscript>", "", answer["body"], flags=re.DOTALL)  # a browser with scripts
            self.statics |= set(re.findall(r"(?:src|href)=\"[^\"]*(/static/[^\"]+)", asked))

    def post(self, name: str, address: str, form: list[tuple[str, str]]) -> None:
        answer = self.act(name, "POST", address, form)
        assert answer["statusCode"] == 303, (name, answer["statusCode"], errors_in(answer["body"]))
        headers = answer["headers"] | {k: v[0] for k, v in answer.get("multiValueHeaders", {}).items()}
        self.went = headers["Location"]

    def move(self, base: str, name: str, form: list[tuple[str, str]]) -> None:
        from chalicelib.adapters.ids import ulid

        self.moves += 1
        self.post(name, f"{base}/{name}", [("key", ulid(self.cloud.at)), *self.answered(name), *form])

    def answered(self, name: str) -> list[tuple[str, str]]:
        """What the form of a move says that it answers, on the page that was viewed last."""
        found = re.search(rf'action="[^"]*/{name}"[^>]*>(.*?)</form>', self.page, re.DOTALL)
        of = re.search(r'name="of" value="([0-9]+)"', found[1]) if found else None
        return [("of", of[1])] if of else []


SIGNATURE = strokes(
    [[(20 + 30 * n + 2 * i, 60 + 25 * ((i * i + n) % 3)) for i in range(12)] for n in range(7)]
)  # as long as a name of three characters


def report_form(at: datetime, **more: str) -> list[tuple[str, str]]:
    """The form as an owner fills it in."""
    from chalicelib.adapters.ids import ulid

    fields = {
        "mark": ulid(at),
        "place": UNIT,
        "kind": "repair",
        "reporter": "owner",
        "words": WORDS,
        "name": "张示例",
        "phone": PHONE,
        "preferred": "",
        "when": "weekdays",
        "consent": "on",
        "category": "water_leak",
        "seen": "1",
    }
    return list((fields | more).items())


def errors_in(body: str) -> list[str]:
    """What a page says is wrong."""
    return re.findall(r'class="[^"]*(?:error|bad|warn)[^"]*"[^>]*>([^<]+)', body)[:5]


def seed(cloud: Cloud) -> None:
    """Put the group on the table, and links for its front desk."""
    from chalicelib.services.access import access
    from chalicelib.store import grants, people
    from chalicelib.store.table import Put, table
    from tests.bench.group import rows

    for row in rows():
        table().write(Put(row))
    for i in range(2):
        staff = people.get(f"{PROJECT}-desk-{i + 1}")
        assert staff is not None
        grant = access.staff_grant(staff.id, staff.person.team, staff.link)
        grants.put(grant, access.hash_of(access.token(grant)))
    cloud.settle()


def lived() -> tuple[Cloud, Life]:
    """A life that was led, once a process. Raises AssertionError where it was not the reference life."""
    global _lived
    if _lived is None:
        with Cloud.up(START) as cloud:
            seed(cloud)
            life = Life(cloud)
            life.live()
            ticket = life.found()
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
