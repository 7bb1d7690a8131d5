"""The staff pages through their routes: exactly the moves that are open, links that die at once, work by deadline."""

from __future__ import annotations

import copy
import cProfile
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.adapters import ids
from chalicelib.domain.record.number import spoken
from chalicelib.domain.ticket.lifecycle import DESKS, moves
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.ticket import worklist
from chalicelib.store import grants, places, records, tickets
from chalicelib.store import table as tables
from chalicelib.web.kit.moves import done
from chalicelib.web.staff import forms as staff_forms
from tests.web.forms import answered
from tests.world import STAFF, World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PHOTO = "01KJP0Y9M0QWGD6621HF2227A3"
MOST_CALLS = 4200  # of functions, for a page; 3318 when it took 0.7 ms
WINDOW = "2026-03-03T09:00+08:00/2026-03-03T12:00+08:00"


def own(who: str) -> str:
    """The address of somebody's own work."""
    grant = access.staff_grant(who, STAFF[who][0], 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    return f"/w/{access.token(grant)}"


def given_to(world: World, **how: Any) -> tuple[Ticket, str]:
    """A ticket with whoever got it, and the address that their message carried."""
    ticket = world.report(**how)
    world.pump()
    ticket = world.load(ticket)
    return ticket, f"/t/{access.token(access.ticket_grant(ticket.id, ticket.holder))}"


def get(browser: Client, path: str) -> HTTPResponse:
    return browser.http.get(path)


def text(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


def send(browser: Client, path: str, move: str, **fields: Any) -> HTTPResponse:
    own = {"key": ids.ulid(tickets.datetime.now().astimezone()), **answered(browser, path, move)}
    body = urlencode({**own, **fields}, doseq=True)
    return browser.http.post(f"{path}/{move}", headers=FORM, body=body.encode())


def says(path: str, move: str, world: World) -> str:
    """The address that a move leads to."""
    return f"{path}?done={done(move, world.at)}"


def offered(page: str) -> set[str]:
    """The moves that a page has a form or a button for, outside of what waits for a lost signal."""
    now = re.sub(r"<template.*?</template>", "", page, flags=re.S)
    found = set(re.findall(r'data-move="(\w+)"', now))
    return found | ({"assign"} if "/people" in now else set())


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


# one ticket


def test_a_technician_does_the_whole_job_from_the_page(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    for move, fields in (
        ("contact", {"how": "phone"}),
        ("acknowledge", {"w": [WINDOW]}),
        ("set_window", {"w": WINDOW}),
        ("arrive", {}),
        ("tick_checklist", {"done": ["Source found"]}),
        ("note", {"words": "接头渗水", "photos": [PHOTO]}),
        ("pause", {"reason": "parts", "until": "2026-03-04", "words": "等阀门"}),
        ("wait_longer", {"until": "2026-03-06", "words": "还没到货"}),
        ("resume", {}),
        ("set_priority", {"priority": "normal", "words": "水已止住"}),
        ("set_category", {"category": "plumbing/tap"}),
        ("complete", {"words": "换了接头", "photos": [PHOTO]}),
    ):
        answer = send(browser, path, move, **fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, says(path, move, world)), move
        assert get(browser, answer.headers["Location"]).status_code == 200
    assert world.load(ticket).state.value == "completed"


@pytest.mark.parametrize("who", ["", "d1", "s1", "h1"])
def test_the_page_offers_exactly_the_moves_that_are_open(world: World, browser: Client, who: str) -> None:
    ticket, path = given_to(world)
    if who:
        path = f"{own(who)}/{ticket.id}"
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("", "contact", {"how": "phone"}),
        ("", "acknowledge", {}),
        ("reporter", "propose_window", {"window": WINDOW.split("/")}),
        ("", "set_window", {"window": "proposed"}),
        ("", "pause", {"reason": "parts"}),
        ("", "resume", {}),
        ("", "arrive", {}),
        ("", "complete", {}),
        ("reporter", "sign_off", {}),
    ]
    for by, move, data in steps:
        now = world.load(ticket)
        actor = world.actor(who or now.holder)
        expected = set(moves(now, actor.role)) & (set(staff_forms.READERS))
        assert offered(text(get(browser, path))) == expected, now.state
        world.do(ticket, move, by, **data)


@pytest.mark.parametrize(
    ("kind", "words"), [("complaint", "没人管"), ("enquiry", "物业费怎么交"), ("suggestion", "多种树")]
)
def test_complaints_enquiries_and_suggestions_have_their_own_moves(
    world: World, browser: Client, kind: str, words: str
) -> None:
    ticket = world.report(words, kind=kind)
    world.pump()
    path = f"{own('d1')}/{ticket.id}"
    role = world.actor("d1").role
    assert role in DESKS
    now = world.load(ticket)
    assert offered(text(get(browser, path))) == set(moves(now, role)) & set(staff_forms.READERS)
    assert send(browser, path, "answer", words="已答复").status_code in (303,)
    assert world.load(ticket).is_open == (kind == "complaint")


def test_the_page_says_who_and_where_and_by_when(world: World, browser: Client) -> None:
    _, path = given_to(world, phone="19900010009")
    page = text(get(browser, path))
    for part in ("渗漏水", "P1苑 1栋 U1", "卫生间漏水", 'href="tel:19900010009"', "剩 30 分", "今天 09:30", " 前"):
        assert part in page, part


def test_late_says_by_how_much(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    world.do(ticket, "acknowledge")
    world.advance(minutes=50)
    assert "逾期 20 分" in text(get(browser, path))


def test_phone_and_name_are_gone_when_the_ticket_is_closed(world: World, browser: Client) -> None:
    ticket, path = given_to(world, phone="19900010009")
    for move in ("contact", "acknowledge", "arrive", "complete"):
        world.do(ticket, move, **({"how": "phone"} if move == "contact" else {}))
    world.do(ticket, "sign_off", "reporter")
    assert "19900010009" in text(get(browser, path))
    world.do(ticket, "follow_up", "d1", fixed=True)
    page = get(browser, path)
    assert page.status_code == 200
    assert "19900010009" not in text(page)


def test_who_declined_is_off_the_ticket_at_once(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    answer = send(browser, path, "decline", words="今天不当班")
    assert (answer.status_code, answer.headers["Location"]) == (303, says("/passed-on", "decline", world))
    assert "已退单" in text(get(browser, answer.headers["Location"]))
    dead = get(browser, path)
    assert dead.status_code == 404
    assert "已退单" in text(dead)
    assert spoken(ticket.number) in text(dead)
    assert ticket.place["label"] not in text(dead)
    assert send(browser, path, "arrive").body == dead.body
    world.pump()
    assert world.load(ticket).holder == "b2"


@pytest.mark.parametrize(("how", "says"), [("assign", "已改派他人"), ("time", "未接单"), ("place", "位置已更正")])
def test_whoever_lost_it_reads_on_their_link_that_somebody_else_has_it_and_why(
    world: World, browser: Client, how: str, says: str
) -> None:
    ticket, path = given_to(world)
    first = world.load(ticket).holder
    if how == "assign":
        world.do(ticket, "assign", "d1", team="P1/engineering", person="e1")
    elif how == "time":
        world.advance(minutes=31)
    else:
        world.do(ticket, "change_place", "d1", place=places.get("V1").as_fact())  # type: ignore[union-attr]
    world.pump()
    for address, home in ((path, False), (f"{own(first)}/{ticket.id}", True)):
        page = get(browser, address)
        said = text(page)
        assert page.status_code == 404
        assert "此工单已转由他人处理" in said
        assert says in said
        assert spoken(ticket.number) in said
        assert "报过事" not in said
        assert ("返回我的工单" in said) is home
        assert home or re.search(r'<a class="btn main" data-home="我的工单" href="/c">凭手机号看工单</a>', said)
        for personal in ("卫生间漏水", "19900010009", ticket.place["label"]):
            assert personal not in said
    lost = send(browser, path, "note", words="阀门在厨房")
    assert "阀门在厨房" in text(lost)


def test_a_leaver_reads_nothing_of_what_they_had(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    first = world.load(ticket).holder
    world.employ(first, "P1/building", active=False)
    world.do(ticket, "assign", "d1", team="P1/engineering", person="e1")
    wrong = get(browser, "/t/" + "x" * 22)
    assert get(browser, path).body == wrong.body


def test_declined_from_my_work_leads_back_to_my_work(world: World, browser: Client) -> None:
    ticket, _ = given_to(world)
    work = own(world.load(ticket).holder)
    answer = send(browser, f"{work}/{ticket.id}", "decline", words="今天不当班")
    assert answer.headers["Location"].startswith(f"{work}?done=decline.")
    assert "已退单" in text(get(browser, answer.headers["Location"]))
    assert get(browser, f"{work}/{ticket.id}").status_code == 404


def test_wrong_foreign_and_revoked_links_give_one_page(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    owner = access.token(access.own_grant(ticket.id))
    dead = own("e3")
    grants.revoke(access.hash_of(dead.removeprefix("/w/")))
    pages = [
        get(browser, p)
        for p in (
            "/t/" + "x" * 22,
            f"/t/{owner}",
            f"/w/{path.removeprefix('/t/')}",
            dead,
            f"{own('e2')}/{ticket.id}",
            f"{own('e2')}/{'0' * 26}",
            f"{own('d9')}/{ticket.id}",
            f"{path}/photo/0",
            f"{path}/people",
        )
    ]
    pages += [send(browser, f"/t/{'x' * 22}", "note"), send(browser, f"{own('e2')}/{ticket.id}", "pause")]
    assert {(p.status_code, p.body) for p in pages} == {(404, pages[0].body)}


def test_a_form_that_is_wrong_comes_back_with_what_was_typed(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    world.do(ticket, "acknowledge")
    world.do(ticket, "arrive")
    answer = send(browser, path, "complete", words="换了接头 <b>")
    assert answer.status_code == 400
    assert "换了接头 &lt;b&gt;" in text(answer)
    assert 'id="e-complete-photos"' in text(answer)
    assert send(browser, path, "pause").status_code == 400


def test_a_wait_is_asked_for_its_day_and_offers_nobody_at_home_only_to_who_came(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    world.do(ticket, "acknowledge")
    form = text(get(browser, path)).partition('id="fold-pause"')[2].partition("</form>")[0]
    assert 'name="until" type="date" required min="2026-03-03" max="2026-04-01"' in form
    assert 'value="owner_absent"' not in form
    refused = text(send(browser, path, "pause", reason="parts", words="等阀门"))
    assert 'id="e-pause-until"' in refused
    assert "等阀门" in refused
    world.do(ticket, "arrive")
    assert 'value="owner_absent"' in text(get(browser, path))
    assert send(browser, path, "pause", reason="parts", until="2026-03-04", words="等阀门").status_code == 303
    seen = text(get(browser, path))
    assert "至3月4日" in seen or "至后天" in seen or "至周三" in seen
    own_page = text(get(browser, f"/o/{access.token(access.own_grant(ticket.id))}"))
    assert "等阀门" in own_page
    assert "到那天恢复维修" in own_page


def test_times_are_checked_and_kept(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    for fields in (
        {"w": ["rubbish"]},
        {"w": ["2026-03-03T09:00+08:00"]},
        {"w": [WINDOW] * 4},
        {"day": "2026-03-03", "from": "10:00", "to": ""},
        {"day": "2026-02-30", "from": "10:00", "to": "11:00"},
        {"day": "2026-03-01", "from": "10:00", "to": "11:00"},
        {"day": "9999-12-31", "from": "23:00", "to": "23:59"},
    ):
        answer = send(browser, path, "acknowledge", **fields)
        assert answer.status_code == 400, fields
        assert 'id="e-acknowledge-windows"' in text(answer)
    assert send(browser, path, "acknowledge", day="2026-03-03", **{"from": "10:00", "to": "11:30"}).status_code == 303
    assert [w.start.isoformat() for w in world.load(ticket).windows] == ["2026-03-03T10:00:00+08:00"]


def test_the_owners_own_time_is_taken_with_one_touch(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    world.do(ticket, "acknowledge")
    world.do(ticket, "propose_window", "reporter", window=WINDOW.split("/"))
    assert 'form="m-accept_window"' in text(get(browser, path))
    assert send(browser, path, "set_window", window="proposed").status_code == 303
    assert world.load(ticket).state.value == "scheduled"


def test_who_comes_second_is_told_what_happened(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    world.do(ticket, "acknowledge")
    world.do(ticket, "cancel", "reporter", reason="")
    answer = send(browser, path, "pause", reason="parts", words="等配件")
    page = text(answer)
    assert answer.status_code == 409
    assert "已撤销" in page
    assert "等配件" in page


def test_sent_twice_counts_once(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    for _ in range(3):
        assert send(browser, path, "note", words="已看过", key=PHOTO).status_code == 303
    assert world.kinds(ticket).count("noted") == 1


def test_what_was_entered_without_signal_says_when(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    world.advance(minutes=20)
    assert send(browser, path, "note", words="地下室", entered="900").status_code == 303
    assert world.load(ticket).said("noted")["entered"] == "2026-03-02T01:05:00+00:00"
    assert "无信号时填写于" in text(get(browser, path))
    for entered in ("5", "²", "٩٠٠", "9" * 20):
        assert send(browser, path, "note", words="立即", entered=entered).status_code == 303
        assert "entered" not in world.load(ticket).said("noted")


def test_a_message_that_was_not_delivered_is_shown(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    world.do(ticket, "note_failed_message", "system", said={}, message="x", template="assigned", to="reporter")
    assert "有消息没有送达业主" in text(get(browser, path))


def test_the_supervisor_checks_and_hands_back(world: World, browser: Client) -> None:
    ticket, _ = given_to(world)
    for move in ("acknowledge", "arrive", "complete"):
        world.do(ticket, move)
    path = f"{own('s1')}/{ticket.id}"
    assert send(browser, path, "check").status_code == 400
    assert send(browser, path, "check", words="业主出国,现场已修好", photos=PHOTO).status_code == 303
    assert world.load(ticket).signed
    assert world.load(ticket).said("checked")["photos"] == [f"/{PHOTO}"]


def test_handing_back_kills_the_link_of_the_level(world: World, browser: Client) -> None:
    ticket, _ = given_to(world)
    world.advance(minutes=31)
    watcher = world.load(ticket).watchers[2]
    path = f"/t/{access.token(access.ticket_grant(ticket.id, watcher))}"
    assert get(browser, path).status_code == 200
    answer = send(browser, path, "hand_back", words="马上联系业主")
    assert answer.headers["Location"] == says("/passed-on", "hand_back", world)
    assert get(browser, path).status_code == 404


def test_the_desk_gives_a_ticket_to_somebody_it_chooses(world: World, browser: Client) -> None:
    ticket, old = given_to(world)
    path = f"{own('d1')}/{ticket.id}"
    people = text(get(browser, f"{path}/people"))
    assert 'value="b2"' in people
    assert "在办 0 单" in people
    assert f'value="{ticket.holder}"' not in people
    assert send(browser, path, "assign").status_code == 400
    assert send(browser, path, "assign", person="d9").status_code == 400
    assert send(browser, path, "assign", person="b2", words="老业主,客气点").status_code == 303
    world.pump()
    assert world.load(ticket).holder == "b2"
    assert get(browser, old).status_code == 404
    theirs = f"/t/{access.token(access.ticket_grant(ticket.id, 'b2'))}"
    assert "老业主,客气点" in text(get(browser, theirs))


def test_whom_to_give_a_new_report_to_is_asked_on_its_page_and_no_empty_card_stands_for_it(
    world: World, browser: Client
) -> None:
    ticket = world.report("书房插座没电", by="d1")
    page = get(browser, f"{own('d1')}/{ticket.id}").body.decode()
    assert f"{ticket.id}/people" in page.partition('id="bar"')[2].partition("</div>")[0]
    assert 'id="main-' not in page


def test_a_technician_can_neither_assign_nor_act_for_others(world: World, browser: Client) -> None:
    _, path = given_to(world)
    for move in ("assign", "check", "sign_off", "follow_up", "route", "climb", "nonsense"):
        answer = send(browser, path, move, person="b2", words="x", fixed="yes")
        assert answer.status_code == 403, move


def test_a_photo_leads_to_where_it_is_kept(world: World, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.services.ticket import photos

    _, path = given_to(world, photos=[PHOTO, PHOTO])
    page = text(get(browser, path))
    assert f"{path}/photo/0" in page
    assert f"{path}/photo/1" in page
    monkeypatch.setattr(photos, "show", lambda ticket, photo: f"https://objects.example{photo}")
    answer = get(browser, f"{path}/photo/1")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"https://objects.example/{PHOTO}")
    monkeypatch.setattr(photos, "show", lambda ticket, photo: None)
    assert "/static/checking.svg" in get(browser, f"{path}/photo/0").headers["Location"]
    for n in ("2", "-1", "x", "٣", "99999999"):
        assert get(browser, f"{path}/photo/{n}").status_code == 404


def test_without_signal_the_next_step_stands_ready_in_the_page(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    ready = re.findall(r'<template data-after="(\w+)"', text(get(browser, path)))
    assert ready == ["acknowledge", "arrive", "complete"]
    world.do(ticket, "acknowledge")
    assert re.findall(r'<template data-after="(\w+)"', text(get(browser, path))) == ["arrive", "complete"]


def test_the_worker_that_keeps_pages_is_served_at_the_root(world: World, browser: Client) -> None:
    answer = get(browser, "/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b"respondWith" in answer.body


def test_the_forms_of_one_ticket_never_show_on_another(world: World, browser: Client) -> None:
    (_, one), (_, two) = given_to(world), given_to(world, unit="U2")
    first, second = text(get(browser, one)), text(get(browser, two))
    assert two not in first
    assert one not in second
    pages = [page.split("<template")[0] for page in (first, second, text(get(browser, one)))]
    keys = [re.findall(r'name="key" value="([^"]+)"', page) for page in pages]
    assert len({key for page in keys for key in page}) == sum(map(len, keys))


# cost


def test_a_page_is_two_calls_and_a_move_three(world: World, browser: Client, counted: Counted) -> None:
    ticket, path = given_to(world)
    work = own(ticket.holder)
    for address in (path, f"{work}/{ticket.id}", work, f"{work}?late=1"):
        counted.calls = 0
        assert get(browser, address).status_code == 200
        assert counted.calls <= 2, address
    counted.calls = 0
    assert send(browser, path, "contact", how="phone").status_code == 303
    assert counted.calls <= 3


def test_a_page_costs_little_of_our_own_time(world: World, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in calls of functions, which no load on the machine moves; `make bench` measures the time."""
    ticket, path = given_to(world)
    loaded, grant = records.load(ticket.id), grants.get(access.hash_of(path.removeprefix("/t/")))
    monkeypatch.setattr(records, "load", lambda *a, **k: loaded)
    monkeypatch.setattr(grants, "get", lambda *a: grant)
    get(browser, path)
    profile = cProfile.Profile()
    profile.runcall(get, browser, path)
    assert 0 < sum(entry.callcount for entry in profile.getstats()) < MOST_CALLS


def test_looking_changes_nothing(world: World, browser: Client) -> None:
    ticket, path = given_to(world, photos=[PHOTO])
    desk = f"{own('d1')}/{ticket.id}"
    work = own(ticket.holder)
    before = copy.deepcopy(world.table.parts)
    for address in (path, desk, f"{desk}/people", work, f"{work}/{ticket.id}", f"{work}?state=assigned", "/passed-on"):
        for _ in range(2):
            assert get(browser, address).status_code == 200, address
    assert world.table.parts == before


# my work


def test_my_work_lists_everything_by_deadline(world: World, browser: Client) -> None:
    first, _ = given_to(world)
    world.advance(minutes=5)
    held = [
        t for t in (first, given_to(world, unit="U2")[0], given_to(world, unit="U3")[0]) if t.holder == first.holder
    ]
    page = text(get(browser, own(first.holder)))
    assert re.findall(r"/w/[^/]+/(\w{26})", page) == [t.id for t in held]
    assert f"共 {len(held)} 单" in page
    assert "剩 25 分" in page


def test_an_emergency_stands_on_top_of_my_work_until_it_is_ended(world: World, browser: Client) -> None:
    leak = world.report("水龙头漏水", unit="U1")
    world.pump()
    holder = world.load(leak).holder
    world.do(leak, "acknowledge")
    world.advance(hours=5)
    burst = world.report("水管爆裂", unit="U2")
    world.do(burst, "assign", "d1", person=holder, team="P1/engineering")
    assert world.load(burst).priority.value == "emergency"
    order = re.findall(r"[0-9A-Z]{26}", text(get(browser, own(holder))))
    assert order.index(burst.id) < order.index(leak.id)
    for move in ("contact", "acknowledge", "arrive", "complete"):
        world.do(burst, move, **({"how": "phone"} if move == "contact" else {}))
    assert not world.head(burst)["by"].startswith("!")


def test_who_is_sent_to_an_emergency_reads_what_the_owner_was_told(world: World, browser: Client) -> None:
    page = given_to(world, words="厨房有煤气味")[1]
    assert "打开门窗通风" in text(get(browser, page))
    assert "打开门窗通风" not in text(get(browser, given_to(world, words="卫生间漏水")[1]))


def test_finished_work_is_off_the_list_and_back_with_a_rework(world: World, browser: Client) -> None:
    ticket, _ = given_to(world)
    for move in ("contact", "acknowledge", "arrive", "complete"):
        world.do(ticket, move, **({"how": "phone"} if move == "contact" else {}))
    assert ticket.id not in get(browser, own(ticket.holder)).body.decode()
    world.do(ticket, "refuse", "reporter", said={"words": "还在漏"})
    assert ticket.id in get(browser, own(ticket.holder)).body.decode()


def test_filters_hide_neither_work_nor_that_there_is_more(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "PAGE", 3)
    monkeypatch.setattr(worklist, "STRETCH", 4)
    for i in range(12):
        world.report("入户门锁坏了" if i % 6 else "卫生间漏水", unit=f"U{i % 4 + 1}", by="d1")
    world.pump()
    who = "b1"
    mine = {line.id: line.line["c"] for line in tickets.held_by(who, limit=100)[0]}
    for query, wanted in (("", set(mine)), ("category=water_leak", {i for i, c in mine.items() if c == "water_leak"})):
        seen: list[str] = []
        path, pages = f"{own(who)}?{query}", 0
        while path:
            page = text(get(browser, path))
            seen += re.findall(r"/w/[^/]+/(\w{26})\"", page)
            more = re.search(r'rel="next" href="([^"]+)"', page)
            path, pages = more[1].replace("&amp;", "&") if more else "", pages + 1
            assert pages < 20
        assert sorted(seen) == sorted(wanted), query
    none = text(get(browser, f"{own(who)}?category=lift"))
    assert "没有符合筛选条件的" in none
    assert 'rel="next"' in none


def test_an_empty_list_says_what_would_fill_it(world: World, browser: Client) -> None:
    assert "派给您的工单会出现在这里" in text(get(browser, own("e3")))
    desk = own("d1")
    assert f"/d/{desk.removeprefix('/w/')}" in text(get(browser, desk))


@pytest.mark.parametrize(
    "after", ["x", "9999~", "9999~" + "0" * 26, "2026-03-02T08:00:00Z~" + "Z" * 26, "%00", "~" * 300]
)
def test_a_cursor_from_anywhere_is_harmless(world: World, browser: Client, after: str) -> None:
    ticket, _ = given_to(world)
    assert get(browser, f"{own(ticket.holder)}?{urlencode({'after': after})}").status_code == 200


def test_an_id_that_no_table_could_hold_is_of_no_ticket(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, _ = given_to(world)
    asked: list[str] = []
    query = world.table.query
    monkeypatch.setattr(world.table, "query", lambda pk, *a, **more: asked.append(pk) or query(pk, *a, **more))
    for home in (own(ticket.holder), own("d1")):
        assert get(browser, f"{home}/{'X' * 3000}").status_code == 404
        assert send(browser, f"{home}/{'X' * 3000}", "note", words="x").status_code == 404
    assert all(len(pk) < 100 for pk in asked)


def test_in_english_too(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    assert "I have contacted the owner" in text(get(browser, f"{path}?lang=en"))
    assert "1 tickets" in text(get(browser, f"{own(ticket.holder)}?lang=en"))


# whatever is sent


ANY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["phone", WINDOW, "proposed", "parts", "yes", "normal", "water_leak/bathroom", PHOTO, "b2", "x" * 5000]
    ),
    st.sampled_from(["\ud800", "\x00", "2026-03-03", "10:00", "24:00", "0001-01-01", "9999-12-31", "-1", "9" * 19]),
)
FIELDS = "key how w day from to until window words photos done reason priority category person fixed satisfied entered"
ROUTES = (*staff_forms.READERS, "climb", "route", "nonsense", "%00", "people")


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(ROUTES),
    st.dictionaries(st.sampled_from(FIELDS.split()), st.lists(ANY, max_size=3), max_size=8),
    st.one_of(st.just(b""), st.binary(max_size=80)),
    st.sampled_from(["", "d1", "s1"]),
    st.sampled_from(["assigned", "acknowledged", "on_site", "completed"]),
)
def test_any_bytes_in_any_field_are_answered(
    world: World, browser: Client, route: str, fields: dict[str, list[str]], noise: bytes, who: str, state: str
) -> None:
    ticket, path = given_to(world, by="d1")
    for move, reached in (("acknowledge", "acknowledged"), ("arrive", "on_site"), ("complete", "completed")):
        if world.load(ticket).state.value != state and reached != "":
            world.do(ticket, move)
    if who:
        path = f"{own(who)}/{ticket.id}"
    body = urlencode(
        [(name, value.encode("utf-8", "surrogatepass")) for name, values in fields.items() for value in values]
    )
    answer = browser.http.post(f"{path}/{route}", headers=FORM, body=body.encode() + noise)
    assert answer.status_code < 500
    query = urlencode({k: v[0].encode("utf-8", "surrogatepass") for k, v in fields.items() if v})
    assert get(browser, f"{path}?{query}").status_code in (200, 404)
    assert get(browser, f"{own('b1')}?state={query}&after={query}").status_code == 200


def test_a_time_that_the_owner_asked_for_and_that_has_passed_is_not_accepted_but_said(
    world: World, browser: Client
) -> None:
    ticket, path = given_to(world)
    world.do(ticket, "acknowledge")
    start, end = ((world.at + timedelta(hours=n)).isoformat() for n in (1, 2))
    world.do(ticket, "propose_window", "reporter", window=[start, end])
    assert "同意业主的时间" in text(get(browser, path))
    world.at += timedelta(hours=3)
    page = text(get(browser, path))
    assert "同意业主的时间" not in page
    assert "业主希望的时间已过" in page


def test_a_failed_form_keeps_every_tick(world: World, browser: Client) -> None:
    ticket, path = given_to(world)
    for name in ("acknowledge", "arrive"):
        world.do(ticket, name)
    world.do(ticket, "tick_checklist", done=[])
    answer = send(browser, path, "complete", done="Source found", checklist="1", words="")
    assert answer.status_code == 400
    assert re.search(r'value="Source found" checked', text(answer))
