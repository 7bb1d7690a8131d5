"""Ten days by the mailbox's clock on the deployed system: people do what their messages lead to, or nothing at all.

`tests/model/days.py` plays 200 tickets by the hour in memory; here it is as many as the journeys have time for, and
200 where `make test-deep` asks.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
import requests

from infra.local.stack import ROOT
from tests.e2e.play import OWNERS, Play, Reported, plain

HALF_DAYS = 20
SETTLES = 60.0  # seconds, on a busy machine
KINDS = ("repair", "repair", "repair", "complaint", "enquiry", "suggestion")
WORDS = ("跳闸停电了", "电梯按钮不亮", "暖气不热", "楼道垃圾没人清")  # of categories that need no photo of the work
MOVES = re.compile(r'(?:form)?action="[^"]*/(\w+)"')
NEXT = ("acknowledge", "arrive", "complete", "relay", "answer", "write_result", "check", "follow_up", "assign")
FIELDS = {
    "complete": {"words": "已处理"},
    "answer": {"words": "我们正在核实"},
    "write_result": {"words": "已处理"},
    "check": {"words": "现场查看合格"},
    "follow_up": {"fixed": "yes"},
    "relay": {"to": "PM"},
    "cancel": {"words": "不用了"},
    "refuse": {"words": "还是不行"},
    "confirm": {"satisfied": "yes"},
}


class Town:
    """Reports at random flats, and whoever is told of one; each acts as often as they are diligent."""

    def __init__(self, play: Play, units: Sequence[str], count: int, number: int = 20260302) -> None:
        self.play, self.dice = play, random.Random(number)
        self.asks = requests.Session()
        self.asks.headers["X-Forwarded-For"] = play.address
        self.units = list(units)
        self.dice.shuffle(self.units)
        self.left, self.count = count, count
        self.tickets: list[Reported] = []
        self.will: dict[str, float] = {}  # who, by phone → how often they do something
        self.made: Counter[str] = Counter()

    def report(self) -> None:
        for _ in range(min(self.left, -(-self.count // (HALF_DAYS - 6)))):
            unit = self.units[len(self.tickets) % len(self.units)]
            words, kind = self.dice.choice(WORDS), self.dice.choice(KINDS)
            self.tickets.append(self.play.sent_report(unit, words, kind=kind))
            self.left -= 1

    def act(self) -> None:
        """Everybody who was sent a link may open it and do what comes next; owners sign, refuse, cancel or forget."""
        mails = self.play.stack.mailbox()
        for ticket in self.tickets:
            mine = [m for m in mails if ticket.number in m.text or ticket.digits in m.text]
            links = {plain(m.to): a for m in reversed(mine) for a in m.links if "/t/" in a}
            for phone, link in [*links.items(), (ticket.phone, ticket.link)]:
                if self.dice.random() < self.will.setdefault(phone, self.dice.choice((0.0, 0.3, 0.8))):
                    self.move(link)

    def move(self, link: str) -> None:
        page = self.asks.get(link, timeout=60)
        body, offered = page.text, set(MOVES.findall(page.text)) if page.status_code == 200 else set()
        wanted = [m for m in NEXT if m in offered] or [m for m in ("refuse", "cancel", "confirm") if m in offered]
        if not wanted or ("cancel" in wanted and self.dice.random() < 0.9):
            return
        name = wanted[0]
        fields = dict(FIELDS.get(name, {}))
        if of := re.search(rf'/{name}".*?name="of" value="(\w+)"', body, re.S):
            fields["of"] = of[1]
        fields["key"] = f"{name}-{self.dice.randrange(10**9)}"
        answer = self.asks.post(f"{link}/{name}", data=fields, allow_redirects=False, timeout=60)
        assert answer.status_code < 500, answer.text
        self.made[name] += answer.status_code == 303

    def faults(self) -> list[str]:
        ids = [self.play.ticket_id(t.number) for t in self.tickets]
        now = self.play.stack.now()
        done = subprocess.run(
            [sys.executable, "-m", "tests.e2e.audit"],
            cwd=ROOT,
            env={**os.environ, **self.play.stack.environment},
            input=json.dumps({"now": now.isoformat(), "tickets": ids}),
            capture_output=True,
            text=True,
            check=True,
        )
        found: list[str] = json.loads(done.stdout.splitlines()[-1])
        told = [m for m in self.play.items("TOLD#") if any(one in m["sk"]["S"] for one in ids)]
        late = (now - timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M")
        for message in told:
            day, sk, state = message["pk"]["S"].rpartition("#")[2], message["sk"]["S"], message["state"]["S"]
            if state == "failed" or (
                state == "queued" and f"{day}T{sk}" < late and "waits" not in message["body"]["S"]
            ):
                found.append(f"{sk} is {state}")
        numbers = [one for t in self.tickets for one in (t.number, t.digits)]
        sent = Counter((m.to, m.text, m.at) for m in self.play.stack.mailbox() if any(n in m.text for n in numbers))
        return [*found, *(f"sent {n} times: {text}" for (_, text, _), n in sent.items() if n > 1)]

    def settled(self, day: str) -> None:
        """Nothing is at fault once what is on its way has arrived."""
        until = time.monotonic() + SETTLES
        while found := self.faults():
            assert time.monotonic() < until, "\n".join([day, *found[:12]])
            time.sleep(1)


def live(play: Play, count: int) -> Town:
    town = Town(play, [unit for unit in OWNERS if unit.startswith(("FL-", "YS-2-"))], count)
    for n in range(HALF_DAYS):
        town.report()
        town.act()
        play.advance(hours=3 if n % 2 == 0 else 21)
        if n % 4 == 3:
            town.settled(f"day {n // 2}")
    return town


def test_ten_days_on_the_deployed_system_leave_nothing_without_a_next_step(play: Play) -> None:
    town = live(play, 10)
    assert len(town.tickets) == 10
    assert town.made.total() >= 10, town.made  # whoever is eager did something


@pytest.mark.deep
def test_nor_do_ten_days_of_200_tickets(play: Play) -> None:
    assert len(live(play, 200).tickets) == 200
