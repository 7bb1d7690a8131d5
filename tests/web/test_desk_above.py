"""The desks above the property's: what climbed, all projects together, counts; and what ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from chalice.test import Client

from app import app
from chalicelib.services.ticket import frontdesk, overview
from chalicelib.store import places
from chalicelib.store import table as tables
from chalicelib.store.places import Place
from chalicelib.store.table import Put
from tests.web.test_desk import Counted, get, link, numbers, text
from tests.world import World


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    frontdesk.forget()
    overview.forget()
    yield
    frontdesk.forget()
    overview.forget()


@pytest.fixture
def browser(world: World) -> Iterator[Client]:
    for row in places.put_place(Place("S1", "subsidiary", "S1公司", "", "S1公司", {})):
        world.table.write(Put(row))
    with Client(app) as client:
        yield client


def headings(page: str) -> list[str]:
    return re.findall(r'rowgroup">(\S+)', page)


def plain(numbers: list[str]) -> list[str]:
    return [n.replace("-", "") for n in numbers]


def test_what_climbed_to_whoever_looks_stands_first_then_emergencies_then_what_climbed_to_others(
    world: World, browser: Client
) -> None:
    climbed = []
    for unit in ("U1", "U2", "U3"):
        climbed.append(world.report("卫生间漏水", unit=unit))
        world.pump()
        world.advance(minutes=40)
    gas = world.report("厨房有煤气味", unit="U4")
    quiet = world.report("停车费怎么收", kind="enquiry", unit="U3")
    who = {t.number: world.load(t).watchers[2] for t in climbed}
    assert set(who.values()) == {"s1", "s2"}
    page = get(browser, link("s1"))
    mine = {number for number, person in who.items() if person == "s1"}
    shown = plain(numbers(page))
    assert set(shown[: len(mine)]) == mine
    assert shown[len(mine)] == gas.number
    assert set(shown[len(mine) + 1 :]) == who.keys() - mine
    assert headings(text(page)) == ["升级给我", "紧急事件", "升级到本台"]
    assert quiet.number not in shown


def test_the_title_says_whose_desk_it_is(world: World, browser: Client) -> None:
    assert "地产客服 · S1公司<" in text(get(browser, link("s1")))
    assert "集团400<" in text(get(browser, link("h1")))
    assert "前台 · P1苑<" in text(get(browser, link("d1")))
    for who in ("s1", "h1", "d1"):
        assert f"· {who}</span>" in text(get(browser, link(who)))


def test_a_desk_above_lists_all_its_projects_together_by_deadline(world: World, browser: Client) -> None:
    first = world.report("卫生间漏水", unit="U1", by="d1")
    world.advance(minutes=5)
    second = world.report("卫生间漏水", unit="V1", by="d9")
    world.advance(minutes=5)
    third = world.report("卫生间漏水", unit="U2", by="d1")
    order = sorted((first, second, third), key=lambda ticket: str(world.head(ticket)["by"]))
    assert plain(numbers(get(browser, f"{link('h1')}?show=all"))) == [t.number for t in order]
    of_s1 = [t.number for t in order if t is not second]
    assert plain(numbers(get(browser, f"{link('s1')}?show=all"))) == of_s1


def pages_of(browser: Client, path: str) -> list[list[str]]:
    """The numbers of every page from the first on."""
    found: list[list[str]] = []
    while path:
        page = get(browser, path)
        found.append(plain(numbers(page)))
        following = re.search(r'href="([^"]+)" rel="next"', text(page))
        path = following[1].replace("&amp;", "&") if following else ""
    return found


@pytest.mark.parametrize("asked", ["all", "dispatch", "all&category=water_leak"])
def test_the_list_of_all_projects_goes_on_without_gap_or_twin(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    monkeypatch.setattr(overview, "EACH", 3)
    monkeypatch.setattr(overview, "STRETCH", 4)
    monkeypatch.setattr(overview, "PAGE_ABOVE", 5)
    made = []
    for n in range(9):
        made.append(world.report("卫生间漏水", unit="V1" if n % 3 else "U1", by="d9" if n % 3 else "d1"))
        world.at += timedelta(minutes=1)
    order = sorted(made, key=lambda ticket: (str(world.head(ticket)["by"]), ticket.id))
    pages = pages_of(browser, f"{link('h1')}?show={asked}")
    assert len(pages) > 1
    assert [number for page in pages for number in page] == [t.number for t in order]


def test_projects_beyond_those_of_the_first_pages_follow_on_the_next(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "AT_ONCE", 1)
    one, other = world.report("卫生间漏水", unit="U1", by="d1"), world.report("卫生间漏水", unit="V1", by="d9")
    assert pages_of(browser, f"{link('h1')}?show=all") == [[one.number], [other.number]]


def test_what_waits_for_the_owner_is_nobodys_lateness(world: World, browser: Client) -> None:
    ticket = world.report("卫生间漏水")
    world.pump()
    for move in ("acknowledge", "arrive", "complete"):
        world.do(ticket, move)
    world.do(ticket, "follow_up", "d1", fixed=True)
    world.advance(days=8)
    assert world.load(ticket).state == "completed"
    for desk in (link("h1"), link("d1")):
        assert plain(numbers(get(browser, f"{desk}?show=late"))) == []
    assert plain(numbers(get(browser, f"{link('d1')}"))) == [ticket.number]
    counts = re.findall(r'<th scope="row"><a href="[^"]+">P1苑</a></th>(.*?)</tr>', text(get(browser, link("h1"))))
    assert re.findall(r">(\d+)\+?<", counts[0])[:2] == ["1", "0"]


def test_counts_by_project_and_category_lead_to_what_they_count(world: World, browser: Client) -> None:
    world.report("卫生间漏水", unit="U1", by="d1")
    world.report("卫生间漏水", unit="U2", by="d1")
    world.report("厨房有煤气味", unit="V1", by="d9")
    desk = link("h1")
    page = text(get(browser, desk)).replace("&amp;", "&")
    table = re.findall(r'<tr><th scope="row"><a href="([^"]+)">([^<]+)</a></th>(.*?)</tr>', page)
    counts = {name: re.findall(r">(\d+)\+?<", cells) for _, name, cells in table}
    assert counts["P1苑"][0] == "2"
    assert counts["P2苑"][0] == "1"
    assert counts["P2苑"][2] == "1"
    assert counts["渗漏水"][0] == "2"
    for _, name, cells in table:
        for address, count in re.findall(r'href="([^"]+)"[^>]*>(\d+)', cells):
            assert len(numbers(get(browser, address))) == int(count), (name, address)


def test_the_page_of_a_desk_above_costs_the_same_however_many_are_open(world: World, browser: Client) -> None:
    counted = Counted(world.table)
    desk = link("s1")
    tables.use(counted)
    calls = []
    try:
        for _ in range(2):
            for _ in range(30):
                world.report("卫生间漏水", unit="U1", by="d1")
            overview.forget()
            get(browser, desk)
            counted.calls = 0
            overview.forget()
            assert get(browser, desk).status_code == 200
            calls.append(counted.calls)
    finally:
        tables.use(world.table)
    assert calls[0] == calls[1] == 3  # the link, what climbed, one project


def test_my_work_shows_what_a_supervisor_answers_for(world: World, browser: Client) -> None:
    ticket = world.report("卫生间漏水")
    world.pump()
    world.advance(hours=1)
    person = world.load(ticket).watchers[2]
    page = text(get(browser, link(person).replace("/d/", "/w/")))
    assert ticket.id in page
    assert "升级给我" in page
    other = "s2" if person == "s1" else "s1"
    assert ticket.id not in text(get(browser, link(other).replace("/d/", "/w/")))


def test_what_ended_is_listed_by_month_with_the_latest_first(world: World, browser: Client) -> None:
    done = []
    for unit in ("U1", "U2"):
        ticket = world.report("卫生间漏水", unit=unit)
        world.do(ticket, "cancel", "d1")
        done.append(ticket.number)
        world.advance(minutes=1)
    still = world.report("卫生间漏水", unit="U3")
    desk = link("d1")
    page = get(browser, f"{desk}/closed")
    assert plain(numbers(page)) == done[::-1]
    assert still.number not in plain(numbers(page))
    assert f"{desk}/closed" in text(get(browser, desk))
    assert plain(numbers(get(browser, f"{desk}/closed?category=water_leak"))) == done[::-1]
    assert numbers(get(browser, f"{desk}/closed?category=gas_smell")) == []
    before = re.search(r'href="([^"]+month=2026-02[^"]*)"', text(page))
    assert before
    assert numbers(get(browser, before[1].replace("&amp;", "&"))) == []


def test_pages_of_what_ended_follow_each_other_without_gap(world: World, browser: Client) -> None:
    made = set()
    for _ in range(31):
        ticket = world.report("卫生间漏水", by="d1")
        world.do(ticket, "cancel", "d1")
        made.add(ticket.number)
    path: str = f"{link('d1')}/closed"
    seen: list[str] = []
    for _ in range(2):
        page = get(browser, path)
        seen += plain(numbers(page))
        following = re.search(r'rel="next" href="([^"]+)"', text(page))
        path = following[1].replace("&amp;", "&") if following else ""
    assert path == ""
    assert len(seen) == 31
    assert set(seen) == made


def test_another_projects_closed_tickets_are_nobody_elses(world: World, browser: Client) -> None:
    ticket = world.report("卫生间漏水", unit="V1")
    world.do(ticket, "cancel", "d9")
    assert plain(numbers(get(browser, f"{link('d1')}/closed?desk=P2"))) == []
    assert plain(numbers(get(browser, f"{link('h1')}/closed?desk=P2"))) == [ticket.number]
    assert get(browser, f"{link('b1')}/closed").status_code == 404


@pytest.mark.parametrize(
    "asked", ["?month=x", "?month=2099-01", "?after=x", "?after=2026-03-02T01:00:00Z.x", "?desk=%00"]
)
def test_an_address_that_leads_nowhere_shows_the_list_all_the_same(world: World, browser: Client, asked: str) -> None:
    assert get(browser, f"{link('d1')}/closed{asked}").status_code == 200
    assert get(browser, f"{link('s1')}{asked}&from=99999&show=x").status_code == 200
