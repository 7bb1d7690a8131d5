"""A subsidiary's score for its management, all of them for the group's; nobody else opens it."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import openpyxl
import pytest
from chalice.test import Client

from chalicelib.adapters import archive
from chalicelib.domain.record.number import spoken
from chalicelib.services.measures import rolling, standing
from chalicelib.store import standings
from chalicelib.store import table as tables
from chalicelib.web.manager import standing as pages
from tests.services.measures.test_standing import FINAL, MARCH, closed
from tests.web.browsing import get
from tests.web.test_desk import Counted
from tests.web.test_scores import token
from tests.world import World


@pytest.fixture
def stood(world: World, browser: Client) -> World:
    pages._names.forget()
    closed(world, 100, 10)
    closed(world, 100, 30, unit="V1")
    world.at = FINAL
    rolling.roll(MARCH, world.at)
    standing.stand(MARCH, world.at)
    for who, team in (("m1", "P1/manager"), ("m2", "S1/manager2"), ("m9", "group/management")):
        world.employ(who, team)
    return world


def test_the_group_sees_all_by_rank_and_each_with_its_points_and_tickets(stood: World, browser: Client) -> None:
    base = f"/g/{token(stood, 'm9')}/standing"
    page = get(browser, base)
    assert page.index("of=S1") < page.index("of=S2")
    assert "104.5" in page
    one = get(browser, f"{base}?of=S2")
    assert "升级至集团" in one
    assert '得分 <span class="num">87</span>' in one
    assert one.count("/ticket/") == 60
    assert "限期整改" in one


def test_a_ticket_behind_a_point_is_named_by_its_number(stood: World, browser: Client) -> None:
    ticket = stood.report("漏水")
    [made] = standings.of_month(["S1"], MARCH)
    point = made.points[0]._replace(tickets=(ticket.id,))
    standings.keep(replace(made, month="2026-02", points=(point,)), True)
    page = get(browser, f"/g/{token(stood, 'm9')}/standing?month=2026-02&of=S1")
    assert re.findall(r'/ticket/(\w+)">([^<]*)</a>', page) == [(ticket.id, spoken(stood.load(ticket).number))]
    book = openpyxl.load_workbook(io.BytesIO(standing.workbook("2026-02", "zh_CN")))
    assert [row[4].value for row in book.worksheets[1].iter_rows(min_row=2)] == [spoken(stood.load(ticket).number)]


def test_a_subsidiary_sees_its_own_alone_and_no_sheet(stood: World, browser: Client) -> None:
    base = f"/g/{token(stood, 'm2')}/standing"
    page = get(browser, base)
    assert "104.5" in page
    assert "of=S2" not in page
    assert "104.5" in get(browser, f"{base}?of=S2")  # still its own
    get(browser, f"{base}/file", 404)


def test_the_sheet_is_the_groups_once_it_is_made(
    stood: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "presigned_file", lambda key, name: f"https://files.example/{key}?{name}")
    base = f"/g/{token(stood, 'm9')}/standing"
    get(browser, f"{base}/file", 404)
    assert "standing/file" not in get(browser, base)
    key = standing.make_sheet(MARCH, stood.at)
    assert "standing/file" in get(browser, base)
    answer = browser.http.get(f"{base}/file")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"https://files.example/{key}?standing-2026-03.xlsx"


@pytest.mark.parametrize("who", ["m1", "s1", "d1", "e1", "h1"])
def test_nobody_else_opens_it(stood: World, browser: Client, who: str) -> None:
    for path in ("standing", "standing/file"):
        get(browser, f"/g/{token(stood, who)}/{path}", 404)


def test_a_month_without_a_score_says_so(stood: World, browser: Client) -> None:
    for month in ("2025-01", "2026-99", "x"):
        get(browser, f"/g/{token(stood, 'm9')}/standing?month={month}")
    assert "本月没有得分" in get(browser, f"/g/{token(stood, 'm9')}/standing?month=2025-01")


def test_it_is_three_calls_at_most(stood: World, browser: Client) -> None:
    path = f"/g/{token(stood, 'm9')}/standing?of=S1"
    get(browser, path)
    counted = Counted(stood.table)
    tables.use(counted)
    try:
        get(browser, path)
    finally:
        tables.use(stood.table)
    assert 0 < counted.calls <= 3
