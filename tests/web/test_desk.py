"""The front desk through the routes: its queue, whoever calls, and the moves of a ticket."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from chalice.test import Client, HTTPResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import app
from chalicelib.adapters import ids
from chalicelib.domain.register.spelling import called
from chalicelib.domain.ticket.ticket import State, Ticket
from chalicelib.services.access import access
from chalicelib.services.ticket import frontdesk
from chalicelib.store import grants, places
from chalicelib.store import table as tables
from chalicelib.store.places import Place, Resident
from chalicelib.store.table import Put, iso
from chalicelib.web.kit.moves import done
from tests.web.forms import answered
from tests.world import STAFF, World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PHONE = "19900010001"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    frontdesk.forget()
    yield
    frontdesk.forget()


@pytest.fixture
def browser(world: World) -> Iterator[Client]:
    above = {"subsidiary": "S1", "project": "P1"}
    rows = places.put_place(Place("B1", "building", "3栋", "P1", "P1苑 3栋", above))
    rows += places.put_place(Place("E1", "entrance", "2单元", "B1", "P1苑 3栋 2单元", above))
    within = {**above, "building": "B1", "entrance": "E1"}
    rows += places.put_place(Place("U1", "unit", "1001", "E1", "P1苑 3栋 2单元 1001", within))
    rows += places.put_resident(Resident("r1", "U1", "owner", "陈示例", PHONE), access.hidden("phone", PHONE))
    for row in rows:
        world.table.write(Put(row))
    with Client(app) as client:
        yield client


def link(who: str) -> str:
    """The front desk's address of somebody."""
    grant = access.staff_grant(who, STAFF[who][0], 1)
    token = access.token(grant)
    grants.put(grant, access.hash_of(token))
    return f"/d/{token}"


def get(browser: Client, path: str) -> HTTPResponse:
    return browser.http.get(path)


def post(browser: Client, path: str, **fields: str) -> HTTPResponse:
    return browser.http.post(path, headers=FORM, body=urlencode(fields).encode())


def text(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


def numbers(answer: HTTPResponse) -> list[str]:
    """The numbers of the lines, in their order."""
    return re.findall(r'<a class="num" href="/d/[^"]+">([\d-]+)</a>', text(answer))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


class Counted:
    """The table, counting calls."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.calls = inner, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            return found(*args, **kwargs)

        return call


@pytest.fixture
def counted(world: World) -> Iterator[Counted]:
    made = Counted(world.table)
    tables.use(made)
    yield made
    tables.use(world.table)


# the queue


def test_the_queue_shows_each_open_ticket_by_its_deadline(world: World, browser: Client) -> None:
    later = world.report("水龙头滴水", unit="U2", kind="suggestion")
    first = world.report("卫生间漏水", unit="U1")
    world.pump()
    page = get(browser, link("d1"))
    assert page.status_code == 200
    order = [n.replace("-", "") for n in numbers(page)]
    assert order == [first.number, later.number]
    assert "渗漏水" in text(page)
    assert "b1" in text(page)  # who holds it


def test_emergencies_stand_on_top_of_the_queue_whatever_their_deadline(world: World, browser: Client) -> None:
    late = world.report("卫生间漏水", unit="U1")
    world.pump()
    world.advance(hours=2)
    gas = world.report("厨房有煤气味", unit="U2")
    world.pump()
    page = get(browser, link("d1"))
    assert [n.replace("-", "") for n in numbers(page)] == [gas.number, late.number]
    assert re.findall(r'rowgroup">(\S+)', text(page)) == ["紧急事件", "逾期"]


def test_pages_lead_from_emergencies_on_to_all_others(world: World, browser: Client) -> None:
    leaks = {world.report("卫生间漏水", by="d1").number for _ in range(20)}
    gas = {world.report("厨房有煤气味", by="d1").number for _ in range(30)}
    world.advance(hours=2)
    for show in ("", "?show=late"):
        path: str = link("d1") + show
        seen: list[str] = []
        while path:
            page = get(browser, path)
            seen += [n.replace("-", "") for n in numbers(page)]
            following = re.search(r'href="([^"]+)" rel="next"', text(page))
            path = following[1].replace("&amp;", "&") if following else ""
        assert set(seen[:30]) == gas
        assert set(seen[30:]) == leaks
        assert len(seen) == 50


def test_a_queue_page_is_two_calls_and_25_lines_however_many_are_open(
    world: World, browser: Client, counted: Counted
) -> None:
    ticket = world.report("卫生间漏水")
    world.pump()
    head = world.head(ticket)
    desk = link("d1")
    made = 0
    for size in (1_000, 10_000, 50_000):
        while made < size:
            made += 1
            tid = ids.ulid(world.at, made.to_bytes(10, "big"))
            by = iso(world.at + timedelta(seconds=made))
            world.table.write(Put({**head, "pk": f"TICKET#{tid}", "id": tid, "by": by}))
        for path in (desk, f"{desk}?show=late", f"{desk}?state=assigned", f"{desk}?priority=normal"):
            get(browser, path)
            counted.calls = 0
            page = get(browser, path)
            assert page.status_code == 200
            assert counted.calls == 2, path
            assert len(numbers(page)) <= 25
        assert len(numbers(get(browser, desk))) == 25


def test_pages_follow_each_other_without_gap_or_repetition(world: World, browser: Client) -> None:
    made = {world.report("卫生间漏水", by="d1").number for _ in range(31)}
    path: str = link("d1")
    seen: list[str] = []
    for _ in range(2):
        page = get(browser, path)
        seen += [n.replace("-", "") for n in numbers(page)]
        following = re.search(r'href="([^"]+)" rel="next"', text(page))
        path = following[1].replace("&amp;", "&") if following else ""
    assert path == ""
    assert len(seen) == 31
    assert set(seen) == made


@pytest.mark.parametrize("after", ["x", "9999~", "9999~../../x", "2026-03-02T01:00:00Z~0", "%00", "9999~" + "0" * 26])
def test_a_mark_that_leads_nowhere_shows_a_page_all_the_same(world: World, browser: Client, after: str) -> None:
    world.report("卫生间漏水")
    assert get(browser, f"{link('d1')}?after={quote(after)}").status_code == 200


def test_filters_narrow_the_queue(world: World, browser: Client) -> None:
    leak = world.report("卫生间漏水")
    asked = world.report("停车费怎么收", kind="enquiry", unit="U2")
    world.pump()
    world.advance(hours=1)
    desk = link("d1")
    assert [n.replace("-", "") for n in numbers(get(browser, f"{desk}?priority=urgent"))] == [leak.number]
    assert [n.replace("-", "") for n in numbers(get(browser, f"{desk}?state=reported"))] == [
        n for n, t in ((leak.number, leak), (asked.number, asked)) if world.load(t).state is State.REPORTED
    ]
    assert leak.number in [n.replace("-", "") for n in numbers(get(browser, f"{desk}?show=late"))]
    assert asked.number not in [n.replace("-", "") for n in numbers(get(browser, f"{desk}?show=late"))]


def test_the_lines_alone_refresh_the_page(world: World, browser: Client) -> None:
    world.report("卫生间漏水")
    part = get(browser, f"{link('d1')}?part=lines")
    assert part.status_code == 200
    assert "<html" not in text(part)
    assert len(numbers(part)) == 1


def test_an_empty_queue_says_what_would_fill_it(browser: Client) -> None:
    assert "自动出现" in text(get(browser, link("d1")))


def test_level_two_chooses_among_its_desks_and_the_hotline_among_all(world: World, browser: Client) -> None:
    world.report("卫生间漏水", unit="V1")
    assert "P2苑" not in text(get(browser, link("s1")))
    hotline = link("h1")
    assert "P2苑" in text(get(browser, hotline))
    assert len(numbers(get(browser, f"{hotline}?desk=P2"))) == 1
    assert len(numbers(get(browser, f"{link('s1')}?desk=P2"))) == 0


def test_technicians_wrong_and_foreign_links_get_one_and_the_same_answer(world: World, browser: Client) -> None:
    ticket = world.report("卫生间漏水")
    world.pump()
    own = access.token(access.own_grant(ticket.id))
    answers = [
        get(browser, path)
        for path in (
            link("b1"),
            f"/d/{own}",
            "/d/0123456789012345678901",
            "/d/short",
            f"{link('d9')}/{ticket.id}",
            f"{link('b1')}/{ticket.id}",
            f"{link('d1')}/nothing",
            f"{link('d9')}/{ticket.id}/people",
        )
    ]
    assert {a.status_code for a in answers} == {404}
    assert len({text(a) for a in answers}) == 1


# whoever calls


def test_a_ticket_number_leads_to_the_ticket(world: World, browser: Client) -> None:
    ticket = world.report("卫生间漏水")
    desk = link("d1")
    answer = post(browser, desk, find=f"{ticket.number[:4]}-{ticket.number[4:8]} {ticket.number[8:]}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{desk}/{ticket.id}")


# As the keyboards of phones and the sheets of others write it.
ELSEWHERE = ["Ｕ１", "３栋２单元１００１", "3–2–1001", "3栋\u00a02单元\u30001001", "\u200bU1\u202c"]


@pytest.mark.parametrize("label", ["U1", "u1", "3-2-1001", "3栋2单元1001", "P1苑 3栋 2单元 1001", *ELSEWHERE])
def test_a_unit_is_found_by_its_code_and_by_its_label(browser: Client, label: str) -> None:
    desk = link("d1")
    answer = post(browser, desk, find=label)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{desk}/new?place=U1")


@pytest.mark.parametrize(
    "phone", ["+86 (0)199 0001 0001", "０１９９０００１０００１", "199\u00a00001\u20090001", "8619900010001"]
)
def test_a_phone_finds_who_calls_however_it_is_typed(browser: Client, phone: str) -> None:
    assert "陈示例" in text(post(browser, link("d1"), find=phone))


def test_a_phone_shows_who_calls_and_what_is_open_there_and_stands_in_no_address(world: World, browser: Client) -> None:
    ticket = world.report("卫生间漏水", unit="U1")
    desk = link("d1")
    answer = post(browser, desk, find="199 0001 0001")
    page = text(answer)
    assert answer.status_code == 200
    assert "陈示例" in page
    assert f"{desk}/{ticket.id}" in page
    assert hidden(page, "place") == "U1"
    assert not re.search(rf'(href|action)="/[^"]*{PHONE}', page)


def test_nobody_sees_who_lives_in_another_project(browser: Client) -> None:
    desk = link("d9")
    for answer in (
        post(browser, desk, find=PHONE),
        post(browser, desk, find="U1"),
        get(browser, f"{desk}/new?place=U1"),
        post(browser, f"{desk}/new", do="find", find=PHONE),
    ):
        assert answer.status_code == 200
        assert "陈示例" not in text(answer)
        assert "1001" not in text(answer).replace("3-2-1001", "").replace(PHONE, "")


def taken(browser: Client, desk: str, **more: str) -> tuple[HTTPResponse, dict[str, str]]:
    page = text(get(browser, f"{desk}/new?place=U1"))
    fields = {
        "do": "take",
        "mark": hidden(page, "mark"),
        "place": hidden(page, "place"),
        "seal": hidden(page, "seal"),
        "kind": "repair",
        "channel": "phone",
        "reporter": "owner",
        "words": "厨房漏水,漏到楼下",
        "phone": PHONE,
        "name": "陈示例",
        **more,
    }
    return post(browser, f"{desk}/new", **fields), fields


def ticket_at(answer: HTTPResponse, world: World) -> Ticket:
    assert answer.status_code == 303, text(answer)
    return world.load(answer.headers["Location"].rpartition("/")[2].partition("?")[0])


def test_a_call_becomes_a_ticket_with_the_channel_and_who_took_it(world: World, browser: Client) -> None:
    answer, _ = taken(browser, link("d1"))
    ticket = ticket_at(answer, world)
    event = ticket.events[0]
    assert (event.by, event.channel, ticket.verified) == ("d1", "phone", True)
    assert (ticket.category, ticket.priority.value) == ("water_leak", "urgent")
    assert "已登记" in text(get(browser, answer.headers["Location"]))


def test_a_call_sent_twice_is_one_ticket_and_costs_three_calls(world: World, browser: Client, counted: Counted) -> None:
    desk = link("d1")
    page = text(get(browser, f"{desk}/new?place=U1"))
    fields = {n: hidden(page, n) for n in ("mark", "place", "seal")}
    fields |= {"do": "take", "kind": "repair", "channel": "counter", "words": "漏水", "phone": PHONE}
    taken(browser, desk, words="另一件")  # what is kept for a while is read
    counted.calls = 0
    first = post(browser, f"{desk}/new", **fields)
    assert counted.calls == 3
    assert first.headers["Location"] == post(browser, f"{desk}/new", **fields).headers["Location"]
    assert len(numbers(get(browser, desk))) == 2


def test_staff_may_correct_what_the_words_suggest(world: World, browser: Client) -> None:
    answer, _ = taken(browser, link("d1"), category="plumbing/tap", priority="normal")
    ticket = ticket_at(answer, world)
    assert (ticket.category, ticket.component, ticket.priority.value) == ("plumbing", "tap", "normal")


def test_an_enquiry_answered_on_the_spot_is_closed_at_once_and_counted(world: World, browser: Client) -> None:
    answer, fields = taken(browser, link("d1"), kind="enquiry", words="停车费怎么收", answer="每月 300 元")
    ticket = ticket_at(answer, world)
    assert ticket.state is State.CLOSED
    assert world.kinds(ticket) == ["reported", "answered", "closed"]
    again = post(browser, f"{link('d1')}/new", **fields)
    assert ticket_at(again, world).version == 3


def test_a_finding_of_a_patrol_needs_nobody_to_call(world: World, browser: Client) -> None:
    answer, _ = taken(browser, link("d1"), kind="patrol", phone="", name="", words="大堂灯不亮")
    assert ticket_at(answer, world).said("reported")["phone"] == "19900001111"


def test_what_is_wrong_stands_at_the_field_and_nothing_typed_is_lost(browser: Client) -> None:
    answer, _ = taken(browser, link("d1"), phone="12", words="厨房漏水", name="李示例")
    page = text(answer)
    assert answer.status_code == 400
    assert 'id="e-phone"' in page
    assert all(typed in page for typed in ("厨房漏水", "李示例", 'value="12"'))


@pytest.mark.parametrize(("place", "seal"), [("V1", ""), ("V1", None), ("", ""), ("U1", "forged")])
def test_a_place_that_the_page_did_not_show_is_refused(browser: Client, place: str, seal: str | None) -> None:
    more = {"place": place} if seal is None else {"place": place, "seal": seal}
    answer, _ = taken(browser, link("d1"), **more)
    assert answer.status_code == 400


def lives(world: World, unit: str, who: str, name: str) -> None:
    hidden = access.hidden("name", called(name))
    for row in places.put_resident(Resident(who, unit, "owner", name, "19900030003"), f"phone of {who}", "", hidden):
        world.table.write(Put(row))


@pytest.mark.parametrize("typed", ["欧阳示例", " 歐陽 示例 ", "欧阳·示例"])
def test_a_residents_whole_name_leads_to_the_unit_and_to_whom(world: World, browser: Client, typed: str) -> None:
    lives(world, "U2", "r9", "欧阳示例")
    answer = post(browser, link("d1"), find=typed)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/new?place=U2&who=r9")  # no name in an address
    page = text(get(browser, answer.headers["Location"]))
    assert "<strong>欧阳示例</strong>" in page
    entry = text(post(browser, f"{link('d1')}/new", do="find", find=typed))
    assert 'value="欧阳示例"' in entry


def test_namesakes_are_chosen_from_by_where_they_live(world: World, browser: Client) -> None:
    for unit in ("U2", "U3"):
        lives(world, unit, f"r-{unit}", "欧阳示例")
    page = text(post(browser, link("d1"), find="欧阳示例"))
    assert re.findall(r"place=(U\d)&amp;who=(r-U\d)", page) == [("U2", "r-U2"), ("U3", "r-U3")]


def test_a_desk_finds_nobody_of_another_project_by_name_and_nobody_by_a_part_of_one(
    world: World, browser: Client
) -> None:
    lives(world, "V1", "r9", "欧阳示例")
    lives(world, "U2", "r8", "司马示例")
    for typed in ("欧阳示例", "司马", "示例"):
        page = post(browser, link("d1"), find=typed)
        assert page.status_code == 200, typed
        assert not re.search(r"\b(U2|V1)\b", text(page))
    assert post(browser, link("h1"), find="欧阳示例").status_code == 303
    lives(world, "U3", "r7", "示例业主016")
    assert post(browser, link("d1"), find="示例业主016").status_code == 303


def test_words_suggest_category_and_priority_while_they_are_typed(browser: Client) -> None:
    answer = post(browser, f"{link('d1')}/new", do="suggest", words="电梯困人了")
    found = json.loads(answer.body)
    assert (found["category"], found["priority"]) == ("lift_trapped", "emergency")


def test_another_caller_does_not_keep_the_name_of_the_one_before(world: World, browser: Client) -> None:
    for row in places.put_resident(
        Resident("r2", "U2", "owner", "林示范", "19900020002"), access.hidden("phone", "19900020002")
    ):
        world.table.write(Put(row))
    desk = link("d1")
    page = text(post(browser, f"{desk}/new", do="find", find="19900020002", place="U1", name="陈示例", phone=PHONE))
    assert 'value="林示范"' in page
    assert 'value="陈示例"' not in page
    kept = text(post(browser, f"{desk}/new", do="find", find="U1", words="漏水", phone="13800000000"))
    assert 'value="13800000000"' in kept
    assert "漏水" in kept


# a ticket's moves


def move(browser: Client, base: str, name: str, **fields: str) -> HTTPResponse:
    key = f"{name}-{hash(tuple(fields.items())) % 10**8:08}"
    return post(browser, f"{base}/{name}", **{"key": key, **answered(browser, base, name), **fields})


def at_desk(world: World, **more: Any) -> tuple[Ticket, str]:
    ticket = world.report(**more)
    world.pump()
    return ticket, f"{link('d1')}/{ticket.id}"


def test_a_ticket_page_is_two_calls_and_a_move_three(world: World, browser: Client, counted: Counted) -> None:
    ticket, base = at_desk(world)
    get(browser, base)
    counted.calls = 0
    assert get(browser, base).status_code == 200
    assert counted.calls == 2
    counted.calls = 0
    assert move(browser, base, "note", words="业主催了").status_code == 303
    assert counted.calls == 3
    of = answered(browser, base, "assign")["of"]
    counted.calls = 0
    assert post(browser, f"{base}/assign", key="assign-12345678", person="b2", of=of).status_code == 303
    assert counted.calls == 3
    assert (world.load(ticket).holder, world.load(ticket).team) == ("b2", "P1/building")


def test_whom_to_dispatch_to_is_listed_with_what_they_hold(world: World, browser: Client) -> None:
    _, base = at_desk(world)
    page = text(get(browser, f"{base}/people"))
    assert page.index('value="b2"') < page.index('value="e1"')  # the trade first
    assert 'value="d9"' not in page


@pytest.mark.parametrize("person", ["d9", "nobody", "", "s1"])
def test_work_goes_to_nobody_outside_the_project(world: World, browser: Client, person: str) -> None:
    ticket, base = at_desk(world)
    assert move(browser, base, "assign", person=person).status_code == 400
    assert world.load(ticket).holder == "b1"


def completed(world: World) -> tuple[Ticket, str]:
    ticket, base = at_desk(world)
    for name in ("acknowledge", "arrive", "complete"):
        world.do(ticket, name)
    world.pump()
    return ticket, base


def test_the_follow_up_closes_what_is_fixed_and_reworks_what_is_not(world: World, browser: Client) -> None:
    ticket, base = completed(world)
    assert move(browser, base, "follow_up", fixed="no").status_code == 400
    assert move(browser, base, "follow_up", fixed="no", words="还在漏").status_code == 303
    assert (world.load(ticket).state, world.load(ticket).rounds) == (State.ASSIGNED, 1)
    ticket, base = completed(world)
    world.do(ticket, "sign_off", "reporter")
    answer = move(browser, base, "follow_up", fixed="yes")
    assert answer.headers["Location"] == f"{base}?done={done('follow_up', world.at)}"
    assert world.load(ticket).state is State.CLOSED
    assert 'role="status"' in text(get(browser, answer.headers["Location"]))


def test_only_level_two_checks_in_place_of_a_signature(world: World, browser: Client) -> None:
    ticket, base = completed(world)
    assert move(browser, base, "check", words="业主不在").status_code == 403
    above = f"{link('s1')}/{ticket.id}"
    assert move(browser, above, "check", words="业主不在,现场已修好").status_code == 303
    assert world.load(ticket).state is State.SIGNED_OFF


def test_a_complaint_goes_to_the_department_and_comes_back_answered(world: World, browser: Client) -> None:
    ticket, base = at_desk(world, words="物业态度不好", kind="complaint")
    for name, fields in (
        ("relay", {"to": "property_engineering"}),
        ("answer", {"words": "已安排整改"}),
        ("write_result", {"words": "已整改"}),
        ("confirm", {"satisfied": "yes"}),
    ):
        assert move(browser, base, name, **fields).status_code == 303, name
    assert world.load(ticket).state is State.CLOSED


def test_who_comes_second_sees_the_ticket_as_it_is_now_and_what_was_typed(world: World, browser: Client) -> None:
    ticket, base = at_desk(world)
    world.do(ticket, "cancel", "reporter")
    answer = move(browser, base, "follow_up", fixed="no", words="还在漏")
    assert answer.status_code == 409
    assert 'role="alert"' in text(answer)
    assert "还在漏" in text(answer)
    assert "已撤销" in text(answer)


def test_words_that_are_wrong_are_kept_in_their_form(world: World, browser: Client) -> None:
    _, base = at_desk(world)
    answer = move(browser, base, "set_category", category="nonsense")
    assert answer.status_code == 400
    answer = move(browser, base, "merge", into="123")
    assert answer.status_code == 400
    assert 'value="123"' in text(answer)


def test_a_ticket_goes_on_with_another_of_the_same_desk_only(world: World, browser: Client) -> None:
    ticket, base = at_desk(world)
    other = world.report("卫生间又漏水")
    foreign = world.report("卫生间漏水", unit="V1")
    assert move(browser, base, "merge", into=foreign.number).status_code == 400
    assert move(browser, base, "merge", into=ticket.number).status_code == 400
    assert move(browser, base, "merge", into=other.number).status_code == 303
    assert world.load(ticket).state is State.MERGED


def test_the_place_is_corrected_within_the_desk(world: World, browser: Client) -> None:
    ticket, base = at_desk(world, unit="U2")
    assert move(browser, base, "change_place", where="V1").status_code == 400
    assert move(browser, base, "change_place", where="3-2-1001").status_code == 303
    assert world.load(ticket).place["unit"] == "U1"


def test_a_move_sent_twice_counts_once(world: World, browser: Client) -> None:
    ticket, base = at_desk(world)
    for _ in range(2):
        assert move(browser, base, "note", words="业主催了").status_code == 303
    assert world.kinds(ticket).count("noted") == 1


def test_looking_changes_nothing(world: World, browser: Client) -> None:
    _, base = at_desk(world)
    desk = base.rpartition("/")[0]
    before = copy.deepcopy(world.table.parts)
    for path in (desk, f"{desk}?part=lines", f"{desk}/new", f"{desk}/new?place=U1", base, f"{base}/people"):
        for _ in range(2):
            assert get(browser, path).status_code == 200, path
    assert world.table.parts == before


ANY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["take", "find", "suggest", "U1", "V1", PHONE, "3-2-1001", "yes", "repair", "9" * 5000, "\ud800", "%00"]
    ),
)
FIELDS = (
    "do find mark place seal kind category priority reporter words name phone email preferred channel answer speaks"
)
FIELDS += " desk key person to fixed satisfied reason window w day from until into where how photos entered who"
ROUTES = "- new assign contact set_priority set_category note offer_windows set_window pause resume check follow_up"
ROUTES += " hand_back cancel waive relay answer write_result confirm merge change_place climb route nonsense"


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(ROUTES.split()),
    st.dictionaries(st.sampled_from(FIELDS.split()), ANY, max_size=8),
    st.one_of(st.just(b""), st.binary(max_size=80)),
    st.sampled_from(["d1", "s1", "h1"]),
)
def test_any_bytes_in_any_field_are_answered(
    world: World, browser: Client, route: str, fields: dict[str, str], noise: bytes, who: str
) -> None:
    ticket = world.report("卫生间漏水", by="d1")
    desk = link(who)
    path = {"-": desk, "new": f"{desk}/new"}.get(route, f"{desk}/{ticket.id}/{route}")
    body = urlencode({k: v.encode("utf-8", "surrogatepass") for k, v in fields.items()}).encode() + noise
    answer = browser.http.post(path, headers=FORM, body=body)
    assert answer.status_code < 500
    shown = browser.http.get(f"{desk}?{urlencode({k: v.encode('utf-8', 'surrogatepass') for k, v in fields.items()})}")
    assert shown.status_code < 500


def test_times_are_told_in_the_zone_of_the_place(world: World, browser: Client) -> None:
    world.report("卫生间漏水")
    assert re.search(r">今天 09:(15|30) ", text(get(browser, link("d1"))))  # 01:00 in UTC is nine in the morning


@pytest.mark.parametrize("survives", ["other", "this"])
def test_merging_asks_which_one_goes_on(world: World, browser: Client, survives: str) -> None:
    here, other = world.report(), world.report(unit="U2")
    world.pump()
    base = f"{link('d1')}/{here.id}"
    assert "保留哪一张" in text(browser.http.get(base))
    assert move(browser, base, "merge", into=other.number, survives=survives).status_code == 303
    ended, goes_on = (here, other) if survives == "other" else (other, here)
    assert world.load(ended).state is State.MERGED
    assert world.load(goes_on).is_open
    assert ended.id in world.load(goes_on).linked


def test_a_merge_that_is_refused_stays_on_the_page_with_what_was_chosen(world: World, browser: Client) -> None:
    here = world.report()
    thought = world.report("多装几个座椅", unit="U2", kind="suggestion")
    world.pump()
    base = f"{link('d1')}/{here.id}"
    answer = move(browser, base, "merge", into=thought.number, survives="this")
    assert answer.status_code == 400
    assert here.number[:4] in text(answer)
    assert world.load(thought).is_open


def test_a_phone_that_is_not_registered_finds_what_was_reported_with_it(world: World, browser: Client) -> None:
    stranger = "19900017777"
    ticket = world.report("卫生间漏水", unit="U2", phone=stranger)
    page = text(post(browser, link("d1"), find=stranger))
    assert f"/{ticket.id}" in page
    assert "此号码报过的工单" in page
    assert ticket.id not in text(post(browser, link("d9"), find=stranger))
