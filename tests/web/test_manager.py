"""A manager's pages: figures with their year, from each number to its tickets, no names; other scopes are not there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from chalice.test import Client

from chalicelib.language.money import figures
from chalicelib.services.access import access
from chalicelib.services.contractor import office
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import actions, grants
from chalicelib.store import table as tables
from tests.services.measures.test_improving import BEFORE, plan
from tests.services.measures.year import MONTH, link, year
from tests.web.browsing import get, post
from tests.web.test_desk import Counted
from tests.web.test_scores import token
from tests.world import World

HERE = f"?month={MONTH}"


def test_the_screen_has_six_figures_each_with_target_interval_rank_and_a_year(browser: Client, world: World) -> None:
    year(world)
    page = get(browser, link("m1") + HERE)
    assert page.count('<article class="card figure') == 6
    assert page.count('<svg class="trend"') == 6
    assert page.count("<title id=") >= 6
    for said in (
        "满意率",
        "投诉 24 小时答复率",
        "按时到场率",
        "一次修复率",
        "修复时长",
        "目标 ≥ 85%",
        "排名 2 / 5",
        "评价率",
    ):
        assert said in page
    assert "未达标" in page
    assert "<script" not in page.replace("desk-page.js", "")


def test_the_screen_is_three_calls_and_below_sixty_kilobytes(browser: Client, world: World) -> None:
    year(world)
    for who in ("m1", "m2", "m9"):
        get(browser, link(who) + HERE)
        counted = Counted(world.table)
        tables.use(counted)  # type: ignore[arg-type]
        page = get(browser, link_of(who) + HERE)
        tables.use(world.table)
        assert counted.calls <= 3
        assert len(page.encode()) < 60_000


def link_of(who: str) -> str:
    """The address, without writing it again."""
    from tests.services.measures.test_improving import TEAMS

    return f"/g/{access.token(access.staff_grant(who, TEAMS[who], 1))}"


def test_a_month_that_moved_shows_what_it_was_first(browser: Client, world: World) -> None:
    year(world)
    page = get(browser, link("m1") + "?month=2026-02")
    assert "定稿后有变动" in page
    assert "定稿时为 87.5%" in page
    assert "定稿后有变动" not in get(browser, link("m2") + "?month=2026-02")


def test_a_month_without_figures_says_so(browser: Client, world: World) -> None:
    year(world)
    assert "本月还没有指标" in get(browser, link("m1") + "?month=2020-01")


def test_few_cases_carry_no_pay(browser: Client, world: World) -> None:
    year(world)
    assert "不足 30 单" not in get(browser, link("m1") + HERE)
    assert "不足 30 单" in get(browser, link("m7") + HERE)


@pytest.mark.parametrize(
    ("who", "of", "status"),
    [("m9", "P2", 200), ("m9", "S1", 200), ("m2", "P1", 200), ("m2", "P2", 404), ("m1", "S1", 404), ("m1", "P2", 404)],
)
def test_a_scope_inside_is_open_and_any_other_is_not_there(
    browser: Client, world: World, who: str, of: str, status: int
) -> None:
    year(world)
    for page in ("", "/tickets", "/words", "/actions", "/act"):
        get(browser, f"{link(who)}{page}{HERE}&m=satisfaction&of={of}", status)


def test_from_a_number_of_the_group_to_its_projects_and_their_tickets(browser: Client, world: World) -> None:
    from chalicelib.services.measures import rolling

    ticket = year(world)
    rolling.roll(MONTH, world.at)
    page = get(browser, link("m9") + HERE)
    [behind] = set(re.findall(r'href="([^"]*/tickets\?[^"]*m=satisfaction[^"]*)"', page))
    projects = get(browser, behind.replace("&amp;", "&"))
    [theirs] = set(re.findall(r'href="([^"]*p=P1[^"]*)"', projects))
    listed = get(browser, theirs.replace("&amp;", "&"))
    assert f"/ticket/{ticket.id}" in listed
    assert "未达到" in listed


def test_from_an_amount_to_the_tickets_whose_money_it_is(browser: Client, world: World) -> None:
    from tests.services.money import owed

    office.forget()
    here = owed.settle(world)
    here.employ("m1", "P1/manager")
    case = owed.invoiced(here)
    one = owed.act(here, case, "agree", "C1.k1", total=owed.noticed(here, case).total)
    page = get(browser, f"/g/{token(here, 'm1')}/tickets?m=recovery&month={here.at:%Y-%m}")
    assert f"/ticket/{one.tickets[0]}" in page
    assert f"¥0.00 / ¥{figures(one.total)}" in page
    assert "没有" in get(browser, f"/g/{token(here, 'm1')}/tickets?m=cost&month=2025-01")


def test_a_manager_sees_a_ticket_without_who_lives_there(browser: Client, world: World) -> None:
    ticket = year(world)
    said = ticket.said("reported")
    for who in ("m1", "m2", "m9"):
        page = get(browser, f"{link(who)}/ticket/{ticket.id}")
        assert ticket.number.replace("-", "")[:4] in page
        assert said["phone"] not in page
        assert not said.get("name") or said["name"] not in page
        assert "<form" not in page
    get(browser, f"{link('m7')}/ticket/{ticket.id}", 404)


def test_an_action_is_entered_on_a_figure_and_stands_on_the_screen(browser: Client, world: World) -> None:
    year(world)
    home = link("m1")
    form = get(browser, f"{home}/act{HERE}&m=satisfaction")
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key
    fields = {"key": key[1], "measure": "satisfaction", "words": "周五前电话回访每一户", "goal": "85", "who": "d1"}
    wrong = post(browser, f"{home}/act{HERE}&m=satisfaction", 400, **fields)
    assert "请选择完成日期" in wrong
    assert "周五前电话回访每一户" in wrong
    where = post(browser, f"{home}/act{HERE}&m=satisfaction", **fields, until="2026-04-10")
    page = get(browser, where)
    assert "已下达" in page
    assert "周五前电话回访每一户" in page
    assert "周五前电话回访每一户" in get(browser, home + HERE)
    [one] = actions.of_scope("project#P1")[0]
    assert (one.line.goal, one.line.before.month) == (8500, MONTH)


def test_next_months_figure_shows_whether_it_moved(browser: Client, world: World) -> None:
    year(world)
    plan(world, measure="arrive_kept", goal=9000)
    page = get(browser, link("m1") + HERE)
    assert BEFORE.month < MONTH
    assert re.search(r"按时到场率.*7\.5% → 90%.*现为 [\d.]+%.*有改善", page, re.S)


def test_days_of_an_action_are_the_offices_and_the_projects(
    browser: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    year(world)
    one = plan(world, until=f"{world.at + timedelta(days=1):%Y-%m-%d}")
    world.at = world.at.replace(hour=17) + timedelta(days=1)  # 01:00 there, of the day after its last one
    today = f"{world.at + timedelta(days=1):%Y-%m-%d}"
    numbers = policy_for(one.place)
    shorter = replace(numbers, actions=numbers.actions.replace('"365d"', '"30d"'))
    monkeypatch.setattr("chalicelib.web.manager.actions.policy_for", lambda place: shorter if place else numbers)
    form = get(browser, link("m1") + "/act?m=satisfaction&month=" + MONTH)
    page = get(browser, f"{link('m1')}/action/{one.id.partition('#')[2]}")
    for shown in (form, page):
        assert f'min="{today}"' in shown
        assert f'max="{world.at + timedelta(days=31):%Y-%m-%d}"' in shown
    assert "state--late" in page


@pytest.mark.parametrize(("move", "fields"), [("cancel", {}), ("put_off", {"until": "2026-05-01"}), ("finish", {})])
def test_an_action_is_moved_by_its_manager_alone(
    browser: Client, world: World, move: str, fields: dict[str, str]
) -> None:
    year(world)
    one = plan(world)
    name = one.id.partition("#")[2]
    post(browser, f"{link('m7')}/action/{name}/{move}", 404, words="x", key="01KJP0Y9M0QWGD6621HF2227C1", **fields)
    post(browser, f"{link('m1')}/action/{name}/{move}", words="原因如下", key="01KJP0Y9M0QWGD6621HF2227C2", **fields)
    assert record.load(one.id).version == 2


def test_whoever_does_it_reports_by_the_link_of_the_message_and_sees_no_figures(browser: Client, world: World) -> None:
    year(world)
    one = plan(world)
    theirs = access.ticket_grant(one.id, "d1", "P1/desk")
    grants.put(theirs, access.hash_of(access.token(theirs)))
    base = f"/g/{access.token(theirs)}"
    answer = browser.http.get(base)
    assert answer.status_code == 303
    page = get(browser, answer.headers["Location"])
    assert "确认完成" in page
    assert "延期" not in page
    for page_of in ("/tickets", "/words", "/actions", "/act"):
        get(browser, f"{base}{page_of}?m=satisfaction", 404)
    post(browser, answer.headers["Location"] + "/finish", words="已回访全部业主", key="01KJP0Y9M0QWGD6621HF2227C3")
    assert not record.load(one.id).is_open


@pytest.mark.parametrize("who", ["d1", "e1", "s1", "h1"])
def test_figures_are_nobody_elses(browser: Client, world: World, who: str) -> None:
    from tests.web import links

    year(world)
    get(browser, f"/g/{links.staff(who)}", 404)


def test_what_owners_wrote_stands_without_names_and_numbers(browser: Client, world: World) -> None:
    from chalicelib.services.measures import rolling
    from tests.services.measures.test_portraying import rated

    rated(world, "王师傅很好,但是拖了三天,打我电话19911112222")
    year(world)
    rolling.roll(MONTH, world.at)
    page = get(browser, f"{link('m1')}/words{HERE}")
    assert "拖了三天" in page
    assert "19911112222" not in page
    assert "某师傅" in page


def test_the_report_is_offered_once_it_is_made_and_can_be_asked_for(
    browser: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.adapters import objects
    from chalicelib.services.measures import monthly
    from tests.typeset import press, use_faces

    use_faces()
    year(world)
    monkeypatch.setattr(objects, "presigned_file", lambda bucket, key, name, cache: f"https://files/{key}")
    home = link("m1")
    assert "次月第三个工作日" in get(browser, f"{home}/report{HERE}")
    assert "尚未生成" in get(browser, f"{home}/report?month=2026-02")
    post(browser, f"{home}/report?month=2026-02")
    press(world)
    assert monthly.find("project#P1", "2026-02")
    page = get(browser, f"{home}/report?month=2026-02")
    for ending in ("pdf", "xlsx"):
        [where] = re.findall(rf'href="([^"]*/report/{ending}[^"]*)"', page)
        answer = browser.http.get(where.replace("&amp;", "&"))
        assert answer.status_code == 303
        assert f".{ending}" in answer.headers["Location"]
    get(browser, f"{home}/report/exe?month=2026-02", 404)
    get(browser, f"{link('m7')}/report/pdf?month=2026-02&of=P1", 404)


def test_the_link_that_came_with_the_report_opens_the_figures_of_its_scope(browser: Client, world: World) -> None:
    from chalicelib.services.measures import monthly
    from tests.typeset import use_faces

    use_faces()
    year(world)
    monthly.make("2026-02/project#P1", world.at)
    one = monthly.find("project#P1", "2026-02")
    assert one
    theirs = access.ticket_grant(one.id, "m1", "P1/manager")
    grants.put(theirs, access.hash_of(access.token(theirs)))
    assert "六项指标" in get(browser, f"/g/{access.token(theirs)}?month=2026-02")
    world.employ("m1", "P1/manager", active=False)
    get(browser, f"/g/{access.token(theirs)}?month=2026-02", 404)
