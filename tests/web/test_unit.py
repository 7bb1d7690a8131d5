"""The file of a unit: warranty, what was and what comes back; who lives there for the desk alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from chalice.test import Client

from app import app
from chalicelib.domain.contractor.contract import MatrixRow
from chalicelib.services.access import access
from chalicelib.services.ticket import frontdesk
from chalicelib.store import places
from chalicelib.store.places import Place, Resident
from chalicelib.store.table import Put
from tests.web.test_desk import PHONE, get, link, text
from tests.world import World


@pytest.fixture
def browser(world: World) -> Iterator[Client]:
    frontdesk.forget()
    within = {"subsidiary": "S1", "project": "P1", "building": "B1"}
    facts = {"acceptance": "2021-06-30", "handover": "2021-09-30"}
    rows = places.put_place(Place("U1", "unit", "1001", "B1", "P1苑 3栋 1001", within, facts))
    rows += places.put_resident(Resident("r1", "U1", "owner", "陈示例", PHONE), access.hidden("phone", PHONE))
    for row in rows:
        world.table.write(Put(row))
    with Client(app) as client:
        yield client
    frontdesk.forget()


def ended(world: World, component: str = "") -> str:
    ticket = world.report("卫生间漏水", by="d1", category="water_leak", component=component)
    world.do(ticket, "cancel", "d1")
    return "-".join((ticket.number[:4], ticket.number[4:8], ticket.number[8:]))


def test_the_desk_reads_residents_dates_warranty_and_what_was(world: World, browser: Client) -> None:
    number = ended(world)
    page = text(get(browser, f"{link('d1')}/unit?place=U1"))
    for said in ("陈示例", "2021-09-30", "防水", "2026-06-30", "在保", "2023-06-30", "已过", number):
        assert said in page, said


def test_whoever_is_on_the_ticket_reads_the_same_without_who_lives_there(world: World, browser: Client) -> None:
    number = ended(world)
    ticket = world.report("卫生间漏水", unit="U1")
    world.pump()
    holder = world.load(ticket).holder
    page = text(get(browser, f"{link(holder).replace('/d/', '/w/')}/{ticket.id}/unit"))
    assert "2026-06-30" in page
    assert number in page
    assert "陈示例" not in page
    assert PHONE not in page
    assert f'/{ticket.id}"' not in page.partition("<main")[2]  # names other tickets, opens none


def test_what_comes_back_within_90_days_is_said(world: World, browser: Client) -> None:
    ended(world, "bathroom")
    world.at += timedelta(days=91)
    ended(world, "bathroom")
    desk = link("d1")
    assert "90 天内" not in text(get(browser, f"{desk}/unit?place=U1"))
    world.at += timedelta(days=89)
    ended(world, "bathroom")
    assert "90 天内重复报修：渗漏水 · 卫生间" in text(get(browser, f"{desk}/unit?place=U1"))


def test_what_ended_comes_page_by_page_the_newest_first(world: World, browser: Client) -> None:
    made = []
    for _ in range(31):
        made.append(ended(world))
        world.at += timedelta(minutes=1)
    path: str = f"{link('d1')}/unit?place=U1"
    seen: list[str] = []
    for _ in range(2):
        page = text(get(browser, path))
        seen += re.findall(r'<span class="num">([\d-]+)</span>', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert path == ""
    assert seen == made[::-1]


def test_another_projects_file_is_nobody_elses(browser: Client) -> None:
    assert get(browser, f"{link('d9')}/unit?place=U1").status_code == 404
    assert get(browser, f"{link('b1')}/unit?place=U1").status_code == 404
    assert get(browser, f"{link('d1')}/unit?place=%00&after=x").status_code == 404


def test_the_file_has_both_terms_by_the_contract_that_is_about_a_part(world: World, browser: Client) -> None:
    from tests.promised import CONTRACT, promise
    from tests.web.test_liable import get, staff

    promise(world, CONTRACT)
    ticket = world.report("卫生间漏水", category="water_leak", component="bathroom")
    world.pump()
    page = get(browser, f"{staff(world.load(ticket).holder)}/{ticket.id}/unit")
    row = next(row for row in page.split("<tr>") if "HT-01" in row)
    assert "防水" in row
    assert "卫生间" in row  # for the rest of the term no clause speaks
    assert "2028-06-30" in row
    rest = [row for row in page.split("<tr>") if "防水" in row and "HT-01" not in row]
    assert len(rest) == 1


def test_the_file_names_whose_it_is_where_no_contractor_bears_it(world: World, browser: Client) -> None:
    from tests.promised import CONTRACT, entrust, promise
    from tests.web.test_liable import get, staff

    promise(world, CONTRACT)
    entrust(world, MatrixRow("P1", "", "", "property_engineering", date(2019, 1, 1), "d1"))
    ticket = world.report("卫生间漏水", category="water_leak", component="bathroom")
    world.pump()
    page = get(browser, f"{staff(world.load(ticket).holder)}/{ticket.id}/unit")
    rows = page.partition("<tbody>")[2].split("<tr>")[1:]
    assert [row for row in rows if "HT-01" in row and "物业工程部" not in row]
    assert [row for row in rows if "HT-01" not in row and "物业工程部 · d1" in row]
