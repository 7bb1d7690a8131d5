"""Why is it late, through the routes: for staff with names and times, for the owner in plain words."""

from __future__ import annotations

import copy
import re
from contextlib import suppress
from datetime import timedelta

import pytest
from chalice.test import Client, HTTPResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from app import app
from chalicelib.domain.record.errors import IllegalMove, NotAllowed
from chalicelib.domain.ticket.explaining import explain
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.record.numbers import policy_of
from chalicelib.store import grants
from chalicelib.web.late.bar import draw
from tests.web.links import staff
from tests.world import World
from tests.world import world as fresh_world


def get(browser: Client, path: str) -> HTTPResponse:
    return browser.http.get(path)


def text(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


def late_repair(world: World) -> Ticket:
    """Assigned to b1, who never came: response, acknowledge and arrive are missed, level 2 was told."""
    ticket = world.report("卫生间漏水")
    world.pump()
    world.do(ticket, "acknowledge")
    world.advance(hours=5)
    return world.load(ticket)


def test_staff_see_each_clock_as_a_bar_and_a_table_and_who_was_told(world: World, browser: Client) -> None:
    ticket = late_repair(world)
    page = get(browser, f"/d/{staff('d1')}/{ticket.id}/late?all=1")
    said = text(page)
    assert page.status_code == 200
    assert said.count("<figure") == said.count('class="counted"') >= 4
    assert 'class="others"' not in said
    assert "为什么逾期" in said
    assert re.search(r"地产客服 · s[12]", said)
    assert "逾期 3 小时" in said  # arrive: 2 hours from nine
    assert "style=" not in said


def test_what_was_missed_stands_in_whole_and_every_other_clock_in_a_line(world: World, browser: Client) -> None:
    ticket = late_repair(world)
    path = f"/d/{staff('d1')}/{ticket.id}/late"
    said, everything = text(get(browser, path)), text(get(browser, f"{path}?all=1"))
    late = everything.count('class="state state--late"')
    assert said.count("<figure") == said.count('class="state state--late"') == late >= 2
    others = said.partition('class="others"')[2].partition("</ul>")[0]
    assert others.count("<li>") == everything.count("<figure") - late >= 2
    for name, verdict, when in (("派单", "按时", "今天 09:00"), ("完工", "进行中", "剩 ")):
        assert re.search(rf"<li><span>{name}</span>.*{verdict}.*{when}", others), name
    assert 'href="?all=1"' in said


def test_where_none_was_missed_the_next_one_due_stands_in_whole(world: World, browser: Client) -> None:
    ticket = world.report("卫生间漏水")
    world.pump()
    said = text(get(browser, f"/d/{staff('d1')}/{ticket.id}/late"))
    assert said.count("<figure") == 1
    assert said.index("<figure") < said.index('class="others"')
    world.do(ticket, "cancel", "d1")
    closed = text(get(browser, f"/d/{staff('d1')}/{ticket.id}/late"))
    assert "<figure" not in closed
    assert closed.count("<li><span>") >= 3


@pytest.mark.parametrize("name", ["<b>", "a & b", '"'])
def test_what_is_drawn_escapes_what_is_written_in_it(world: World, browser: Client, name: str) -> None:
    ticket = late_repair(world)
    found = explain(ticket, policy_of(ticket), world.at)
    bar = draw(found.accounts[-1], found.marks, "zh_CN", world.at, "Asia/Shanghai", {}, False, name)
    assert f'aria-label="{escape(name)}"' in bar.svg


def test_the_same_page_opens_by_every_link_that_reaches_the_ticket(world: World, browser: Client) -> None:
    ticket = late_repair(world)
    one = access.ticket_grant(ticket.id, "b1", ticket.desk)
    grants.put(one, access.hash_of(access.token(one)))
    for path in (
        f"/d/{staff('s1')}/{ticket.id}/late",
        f"/w/{staff('b1')}/{ticket.id}/late",
        f"/t/{access.token(one)}/late",
    ):
        assert get(browser, path).status_code == 200, path


def test_the_owner_reads_plain_words_and_no_names_of_staff(world: World, browser: Client) -> None:
    ticket = late_repair(world)
    page = get(browser, f"/o/{access.token(access.own_grant(ticket.id))}/late")
    said = text(page)
    assert page.status_code == 200
    assert "我们承诺今天 11:00 前上门" in said
    assert "逾期 3 小时，很抱歉" in said
    assert not re.search(r"\b[bsde][12]\b", re.sub(r"<[^>]+>", " ", said))


def test_who_may_not_see_the_ticket_gets_the_page_of_every_wrong_link(world: World, browser: Client) -> None:
    ticket = late_repair(world)
    answers = [
        get(browser, path)
        for path in (
            f"/d/{staff('d9')}/{ticket.id}/late",
            f"/w/{staff('b2')}/{ticket.id}/late",
            "/t/0123456789012345678901/late",
            f"/o/{staff('d1')}/late",
            f"/d/{staff('d1')}/nothing/late",
        )
    ]
    assert {a.status_code for a in answers} == {404}
    assert len({text(a) for a in answers}) == 1


def test_a_ticket_without_a_missed_promise_says_so(world: World, browser: Client) -> None:
    ticket = world.report("卫生间漏水")
    assert "均未逾期" in text(get(browser, f"/d/{staff('d1')}/{ticket.id}/late"))


def test_a_pause_of_months_still_fits_a_page(world: World, browser: Client) -> None:
    ticket = world.report("水龙头滴水")
    world.pump()
    world.do(ticket, "contact", how="phone")
    world.do(ticket, "acknowledge")
    world.do(ticket, "arrive")
    world.at += timedelta(days=400)
    said = text(get(browser, f"/d/{staff('d1')}/{ticket.id}/late"))
    assert len(said) < 60_000
    assert "段：计入" in said


def test_looking_changes_nothing(world: World, browser: Client) -> None:
    ticket = late_repair(world)
    paths = [f"/d/{staff('d1')}/{ticket.id}/late", f"/o/{access.token(access.own_grant(ticket.id))}/late"]
    before = copy.deepcopy(world.table.parts)
    for path in paths * 2:
        assert get(browser, path).status_code == 200
    assert world.table.parts == before


MORE: dict[str, dict[str, str]] = {
    "pause": {"reason": "parts"},
    "contact": {"how": "phone"},
    "set_priority": {"priority": "emergency"},
}
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["contact", "acknowledge", "arrive", "pause", "resume", "complete", "refuse", "set_priority"]),
        st.integers(1, 60 * 30),
    ),
    max_size=9,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(MOVES)
def test_whatever_happened_can_be_explained_to_both(steps: list[tuple[str, int]]) -> None:
    with fresh_world() as world, Client(app) as browser:
        ticket = world.report("卫生间漏水", by="d1")
        world.pump()
        for name, minutes in steps:
            world.advance(minutes=minutes)
            who = "reporter" if name == "refuse" else world.load(ticket).holder or "d1"
            with suppress(IllegalMove, NotAllowed):
                world.do(ticket, name, who, **MORE.get(name, {}))
        for path in (
            f"/d/{staff('d1')}/{ticket.id}/late",
            f"/o/{access.token(access.own_grant(ticket.id))}/late",
        ):
            for lang in ("zh_CN", "en"):
                assert get(browser, f"{path}?lang={lang}").status_code == 200


def test_the_first_thing_said_is_whose_turn_it_was(world: World, browser: Client) -> None:
    ticket = late_repair(world)
    said = text(get(browser, f"/d/{staff('d1')}/{ticket.id}/late"))
    assert "到期时b1还没有上门" in said
    assert said.index("到期时") < said.index("<figure")
    own = text(get(browser, f"/o/{access.token(access.own_grant(ticket.id))}/late"))
    assert "到期时维修师傅还没有上门" in own
    assert own.index("到期时") < own.index("<figure")


HOURS = r"(?:(\d+) 小时)? ?(?:(\d+) 分)?"


@pytest.mark.parametrize("audience", ["staff", "owner"])
def test_what_counted_and_what_did_not_add_up_to_the_whole(world: World, browser: Client, audience: str) -> None:
    ticket = world.report("水龙头滴水")
    world.pump()
    world.at += timedelta(minutes=17, seconds=41)
    world.do(ticket, "acknowledge")
    world.do(ticket, "contact", how="phone")
    world.do(ticket, "arrive")
    world.at += timedelta(hours=27, seconds=29)
    world.do(ticket, "pause", reason="parts")
    world.at += timedelta(days=4, minutes=5, seconds=58)
    world.do(ticket, "resume")
    world.at += timedelta(days=11, seconds=7)
    path = f"/d/{staff('d1')}/{ticket.id}/late" if audience == "staff" else own_link(ticket)
    said = re.sub(r"<[^>]+>", "", text(get(browser, path)))
    sums = re.findall(rf"共 {HOURS} = 计入 {HOURS} \+ 不计入 {HOURS}\s*（([^）]*)）", said)
    assert sums
    for found in sums:
        h = [int(n or 0) for n in found[:6]]
        whole, counted, rested = (h[i] * 60 + h[i + 1] for i in (0, 2, 4))
        assert whole == counted + rested > 0
        named = [re.search(rf" {HOURS}$", part) for part in found[6].split("、")]
        assert rested == sum(int(m[1] or 0) * 60 + int(m[2] or 0) for m in named if m)


def own_link(ticket: Ticket) -> str:
    return f"/o/{access.token(access.own_grant(ticket.id))}/late"
