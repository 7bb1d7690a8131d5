"""A project with numbers and holidays of its own: every page and every message says the same moment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from chalice.test import Client

from app import app
from chalicelib.adapters import settings
from chalicelib.domain.policy.overrides import Override
from chalicelib.domain.ticket.routing import Person
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.record import numbers
from chalicelib.services.ticket import frontdesk
from chalicelib.store import people, rules
from chalicelib.store.people import Staff
from chalicelib.store.table import Put
from tests.web.links import staff
from tests.world import DAY, STAFF, World, forget

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HOUR, HALF = timedelta(hours=1), timedelta(minutes=30)
OWN = [  # every clock that is said of a repair, in working days; the base policy would say today
    *(Override(clock, "urgent", HALF, "office") for clock in ("response", "dispatch", "acknowledge")),
    Override("arrive", "urgent", HOUR, "office"),
    Override("resolve", "urgent", 3 * HOUR, "office"),
    Override("arrive", "normal", 2 * HOUR, "office"),
    Override("resolve", "normal", 4 * HOUR, "office"),
]
MONDAY_OFF = {2026: {date(2026, 3, 2): False}}  # so that work begins on Tuesday at nine
TODAY = ("今天 ", "09:30前", "11:00前", "13:00前")  # what the numbers that ship would say of a deadline


@pytest.fixture
def browser(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv("PUBLIC_URL", "https://b.cn")
    settings.settings.cache_clear()
    for row in [*rules.put_overrides("P1", OWN), *rules.put_years(MONDAY_OFF)]:
        world.table.write(Put(row))
    for who in ("b1", "b2"):
        for row in people.rows_of(Staff(Person(who, who, *STAFF[who][:2], DAY), "19900001111", "")):
            world.table.write(Put(row))
    forget()
    frontdesk.forget()
    world.sends = world.send_really
    with Client(app) as client:
        yield client
    frontdesk.forget()
    monkeypatch.undo()
    settings.settings.cache_clear()


def seen(browser: Client, path: str) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == 200, path
    return str(answer.body.decode())


def walk(browser: Client, ticket: Ticket) -> dict[str, str]:
    """Every page that says a deadline of the ticket, as each audience reads it."""
    one, own = (access.token(g) for g in (access.ticket_grant(ticket.id, ticket.holder), access.own_grant(ticket.id)))
    desk, work = staff("d1"), staff(ticket.holder)
    paths = {
        "owner": f"/o/{own}",
        "owner late": f"/o/{own}/late",
        "staff": f"/t/{one}",
        "staff late": f"/t/{one}/late",
        "my work": f"/w/{work}",
        "my ticket": f"/w/{work}/{ticket.id}",
        "queue": f"/d/{desk}",
        "desk": f"/d/{desk}/{ticket.id}",
        "desk late": f"/d/{desk}/{ticket.id}/late",
    }
    return {name: seen(browser, path) for name, path in paths.items()}


def said(world: World) -> list[str]:
    return [str(sent.get("Message") or sent.get("Content")) for sent in world.provider.sent]


def test_pages_and_messages_of_a_place_with_its_own_numbers_agree(world: World, browser: Client) -> None:
    ticket = world.report("卫生间漏水", email="owner@example.invalid")
    world.pump()
    ticket = world.load(ticket)
    head = world.head(ticket)
    assert head["by"] == "2026-03-03T01:30:00Z"  # Tuesday 09:30: somebody has spoken to the owner
    first = said(world)
    assert sum(bool(re.search("3月3日( 周二 )?09:30", text)) for text in first) == 3, first  # two SMS and the mail
    assert all("今天" not in text for text in first), first
    world.do(ticket, "contact")
    world.do(ticket, "acknowledge")
    world.pump()
    ticket = world.load(ticket)
    for name, page in walk(browser, ticket).items():
        assert "明天 10:00" in page or "明天10:00" in page, name
        assert not any(f">{was}" in page for was in TODAY[1:]), name
    assert world.head(ticket)["by"] == "2026-03-03T02:00:00Z"


def test_a_new_priority_tells_the_deadlines_of_the_places_own_numbers(world: World, browser: Client) -> None:
    ticket = world.report("卫生间漏水")
    world.pump()
    ticket = world.load(ticket)
    asked = b"key=01KJP0Y9M0QWGD6621HF2227A3&priority=normal&words=%E6%B0%B4%E5%B7%B2%E6%AD%A2%E4%BD%8F"
    answer = browser.http.post(f"/d/{staff('d1')}/{ticket.id}/set_priority", headers=FORM, body=asked)
    assert answer.status_code == 303
    changed = world.load(ticket).events[-1]
    assert changed.kind == "deadline_changed"
    assert changed.data["deadlines"] == {
        "arrive": "2026-03-03T03:00:00+00:00",
        "resolve": "2026-03-03T06:30:00+00:00",
    }
    world.pump()
    for name, page in walk(browser, world.load(ticket)).items():
        if "late" in name:
            assert "明天 11:00" in page, name


def test_the_form_and_its_hints_open_where_numbers_are_the_places_own(world: World, browser: Client) -> None:
    world.report("大堂漏水", unit="A1")
    assert 'value="water_leak"' in seen(browser, "/report?p=U1")
    answer = browser.http.post("/hints", headers=FORM, body="words=大堂漏水&place=A1".encode())
    assert "今天 09:00" in answer.json_body["alike"]
    assert numbers.policy_for({"project": "P1"}).version != numbers.policy_for({"project": "P2"}).version
