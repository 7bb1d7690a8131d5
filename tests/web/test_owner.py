"""The reporter's page, through the routes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import app
from chalicelib.adapters import objects
from chalicelib.adapters.ids import ulid
from chalicelib.domain import signature as drawing
from chalicelib.domain.measures.facts import fact_of
from chalicelib.domain.record.number import spoken
from chalicelib.domain.ticket.lifecycle import moves
from chalicelib.domain.ticket.ticket import Role, Ticket
from chalicelib.services.access import access
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.ticket import choosing, follow, photos
from chalicelib.store import originals, places
from chalicelib.store.places import Place
from chalicelib.store.table import Put
from chalicelib.web.kit.moves import done
from chalicelib.web.owner import forms as owner_forms
from chalicelib.web.owner import routes as owner
from tests.domain.samples import SIGNED, strokes
from tests.web.forms import answered
from tests.web.links import own
from tests.world import World
from tests.world import world as fresh_world

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
STARS = {"overall": 5, "speed": 4, "thoroughness": 5, "manners": 4}


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What is kept in the bucket."""
    kept: dict[str, bytes] = {}
    monkeypatch.setattr(objects, "put", lambda key, content, kind: kept.__setitem__(key, content))
    monkeypatch.setattr(objects, "exists", lambda key: key in kept)
    monkeypatch.setattr(objects, "presigned_get", lambda key: f"https://objects.invalid/{key}")
    photos._is_clean.cache_clear()
    return kept


def post(browser: Client, path: str, **fields: Any) -> HTTPResponse:
    page, _, move = path.rpartition("/")
    body = urlencode({**answered(browser, page, move), **fields}, doseq=True)
    return browser.http.post(path, headers=FORM, body=body.encode())


def text(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


def see(browser: Client, ticket: Ticket, more: str = "") -> str:
    answer = browser.http.get(own(ticket) + more)
    assert answer.status_code == 200
    return text(answer)


def assigned(world: World, words: str = "卫生间漏水", **more: Any) -> Ticket:
    ticket = world.report(words, **more)
    world.pump()
    return world.load(ticket)


def said(move: str, world: World) -> str:
    return f"?done={done(move, world.at)}"


def windows_of(ticket: Ticket) -> list[str]:
    """As the page offers them."""
    return [f"{w.start.isoformat()}/{w.end.isoformat()}" for w in ticket.windows]


def offered(world: World) -> Ticket:
    at = world.at
    windows = [[(at + timedelta(hours=h)).isoformat(), (at + timedelta(hours=h + 2)).isoformat()] for h in (2, 5)]
    return world.do(assigned(world), "acknowledge", windows=windows)


def completed(world: World) -> Ticket:
    ticket = offered(world)
    world.do(ticket, "arrive")
    return world.do(ticket, "complete", said={"words": "已重做防水", "photos": [ulid(world.at)]})


def test_the_page_says_how_things_stand_and_what_comes_next_by_when(world: World, browser: Client) -> None:
    reported = world.report("卫生间漏水")
    assert "正在为您派单" in see(browser, reported)
    assert "今天 09:30" in see(browser, reported)
    world.pump()
    assert "维修师傅将在今天 11:00 前上门" in see(browser, reported)


def test_an_emergency_says_first_what_to_do_and_whom_to_call_then_both_deadlines(world: World, browser: Client) -> None:
    gas = world.report("厨房有煤气味")
    page = see(browser, gas)
    first = page[page.index("请先这样做") :]
    assert "拨打 119（火警）" in first.partition('href="tel:119"')[2].partition("</a>")[0]
    assert "打电话" not in first.partition("</section>")[0].replace("室外再打电话", "").replace("室外打电话", "")
    order = [first.index(x) for x in ("打开门窗通风", 'href="tel:119"', "今天 09:10", "今天 10:15", "经过")]
    assert order == sorted(order)
    world.pump()
    assert "今天 10:00" in see(browser, gas)  # an hour from when somebody was chosen
    for move in ("contact", "acknowledge", "arrive"):
        world.do(gas, move, **({"how": "phone"} if move == "contact" else {}))
    assert "请先这样做" not in see(browser, gas)  # somebody is there


def test_a_page_that_asks_again_gets_304_until_something_changes(world: World, browser: Client) -> None:
    ticket = assigned(world)
    first = browser.http.get(own(ticket))
    mark = {"If-None-Match": first.headers["ETag"]}
    again = browser.http.get(own(ticket), headers=mark)
    assert (again.status_code, again.body) == (304, b"")
    world.do(ticket, "acknowledge")
    now = browser.http.get(own(ticket), headers=mark)
    assert now.status_code == 200
    world.at += timedelta(minutes=5)
    later = browser.http.get(own(ticket), headers={"If-None-Match": now.headers["ETag"]})
    assert later.status_code == 200  # how long is left has changed


def test_what_ended_is_reported_again_with_what_is_known_and_linked(world: World, browser: Client) -> None:
    ticket = world.report("卫生间漏水", unit="U1", phone="19900000001", name="王示例")
    assert "again=" not in see(browser, ticket)
    world.do(ticket, "cancel", "reporter")
    found = re.search(r'href="(/report\?p=U1&amp;again=[\w-]{22})"', see(browser, ticket))
    assert found
    form = text(browser.http.get(found[1].replace("&amp;", "&")))
    for known in ('value="19900000001"', 'value="王示例"', 'value="water_leak" selected'):
        assert known in form
    sent = dict(re.findall(r'name="(mark|place|again|near|label)" value="([^"]*)"', form))
    more = {"words": "又漏了", "kind": "repair", "reporter": "owner", "phone": "19900000001", "consent": "yes"}
    answer = browser.http.post("/report", headers=FORM, body=urlencode({**sent, **more}).encode())
    assert answer.status_code == 303
    world.pump()
    token = answer.headers["Location"].removeprefix("/o/").partition("?")[0]
    made = access.open_link(token).record
    assert ticket.id in world.load(made).linked
    assert world.load(made).events[0].data["repeats"] == ticket.id
    again = world.load(made)
    assert fact_of(again, policy_of(again), "closed").repeats == ticket.id


@pytest.mark.parametrize("again", ["x", "A" * 22, ""])
def test_nothing_is_filled_in_for_who_has_no_such_link(world: World, browser: Client, again: str) -> None:
    open_yet = world.report("卫生间漏水", unit="U1", phone="19900000001")
    for token in (again, access.token(access.own_grant(open_yet.id))):
        assert "19900000001" not in text(browser.http.get(f"/report?p=U1&again={token}"))


def test_a_leak_is_no_emergency(world: World, browser: Client) -> None:
    assert "请先这样做" not in see(browser, world.report("卫生间漏水"))


def test_technicians_are_known_by_surname_alone(world: World, browser: Client) -> None:
    assert [follow.surname(name) for name in ("欧阳明", "张伟", "欧阳", "Maria Weber", "")] == [
        "欧阳",
        "张",
        "欧",
        "Weber",
        "",
    ]
    assert "19900001111" not in see(browser, assigned(world))


def test_a_complaint_is_with_the_desk_not_with_a_technician(world: World, browser: Client) -> None:
    page = see(browser, assigned(world, "收费不清", kind="complaint"))
    assert "师傅" not in page
    assert "待答复" in page


def test_exactly_the_open_moves_have_a_form(world: World, browser: Client) -> None:
    for ticket in (assigned(world), offered(world), completed(world), assigned(world, "投诉", kind="complaint")):
        both = see(browser, ticket) + see(browser, ticket, "/sheet")
        shown = set(re.findall(r'action="/o/[\w-]{22}/(\w+)"', both)) - {"sheet"}
        assert shown == set(moves(ticket, Role.OWNER)) - {"climb"}


def test_every_move_of_the_reporter_has_a_reader_and_says_what_happened() -> None:
    from chalicelib.domain.ticket.lifecycle import MOVES

    of_owner = {name for name, move in MOVES.items() if Role.OWNER in move.by}
    assert of_owner == set(owner_forms.READERS)
    assert of_owner <= set(owner.DONE)


def test_choosing_a_window_makes_the_appointment_once(world: World, browser: Client) -> None:
    ticket = offered(world)
    assert "请选择一个时间" in text(post(browser, own(ticket) + "/choose_window"))
    key = ulid(world.at)
    for _ in range(2):
        answer = post(browser, own(ticket) + "/choose_window", window=windows_of(ticket)[1], key=key)
        assert answer.headers["Location"].endswith(said("choose_window", world))
    assert world.kinds(ticket).count("window_chosen") == 1
    page = see(browser, ticket, said("choose_window", world))
    assert "今天 14:00–16:00" in page
    assert "时间定好了" in page


def test_another_time_is_proposed_in_the_zone_of_the_place(world: World, browser: Client) -> None:
    ticket = offered(world)
    late = post(browser, own(ticket) + "/propose_window", day="2026-03-02", slot="08-10", key=ulid(world.at))
    assert late.status_code == 303  # it is 09:00: the window is not over yet
    for fields in ({"day": "2026-03-01", "slot": "08-10"}, {"day": "morgen", "slot": "08-10"}, {"day": "2026-03-03"}):
        answer = post(browser, own(ticket) + "/propose_window", **fields)
        assert answer.status_code == 400
        assert 'class="error"' in text(answer)
    post(browser, own(ticket) + "/propose_window", day="2026-03-03", slot="14-16", key=ulid(world.at))
    proposed = world.load(ticket).proposed
    assert proposed
    assert proposed.start.isoformat() == "2026-03-03T14:00:00+08:00"


def test_whoever_comes_is_not_told_of_more_times_than_a_person_proposes(world: World, browser: Client) -> None:
    ticket = offered(world)
    for _ in range(21):
        fields = {"day": "2026-03-03", "slot": "14-16", "key": ulid(world.at)}
        answer = post(browser, own(ticket) + "/propose_window", **fields)
    assert answer.status_code == 400
    assert 'class="error"' in text(answer)
    assert world.kinds(ticket).count("window_proposed") == 20


def test_a_note_needs_words_or_a_photo_and_is_kept_as_typed_when_it_fails(world: World, browser: Client) -> None:
    ticket = assigned(world)
    assert post(browser, own(ticket) + "/note").status_code == 400
    assert post(browser, own(ticket) + "/note", photos=[ulid(world.at)], key=ulid(world.at)).status_code == 303
    answer = post(browser, own(ticket) + "/note", words="很长" * 2001)
    assert answer.status_code == 400
    assert "很长很长" in text(answer)


def test_notes_among_staff_are_not_shown(world: World, browser: Client) -> None:
    ticket = assigned(world)
    world.do(ticket, "note", said={"words": "业主很难缠", "photos": [ulid(world.at)]})
    page = see(browser, ticket)
    assert "难缠" not in page
    assert "/photo/" not in page


def test_signing_keeps_the_strokes_and_the_sheet_draws_them(
    world: World, browser: Client, stored: dict[str, bytes]
) -> None:
    ticket = completed(world)
    assert "请在框内签名" in text(post(browser, own(ticket) + "/sign_off", key=ulid(world.at))).replace("用手指", "")
    sent = {"key": ulid(world.at), "signature": SIGNED, **answered(browser, own(ticket), "sign_off")}
    for _ in range(2):
        answer = post(browser, own(ticket) + "/sign_off", **sent)
        assert answer.headers["Location"].endswith(said("sign_off", world))
    assert world.load(ticket).said("signed_off")["signature"] == SIGNED
    assert not stored
    assert '<path d="M20 90' in see(browser, ticket, "/sheet")


def test_a_signature_that_was_kept_as_a_picture_is_shown_as_before(
    world: World, browser: Client, stored: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = completed(world)
    key = f"signatures/{ticket.id}/1"
    with monkeypatch.context() as before:
        before.setattr(drawing, "checked", str)
        world.do(ticket, "sign_off", "reporter", said={"signature": key})
    assert "/photo/signature" in see(browser, ticket, "/sheet")
    shown = browser.http.get(own(ticket) + "/photo/signature")
    assert (shown.status_code, shown.headers["Location"]) == (303, f"https://objects.invalid/{key}")


def test_what_is_no_signature_is_refused(world: World, browser: Client, stored: dict[str, bytes]) -> None:
    ticket = completed(world)
    for drawn in ("data:image/png;base64,AAAA", "x" * 300_000, "<svg/>", "signatures/other/1"):
        assert post(browser, own(ticket) + "/sign_off", key=ulid(world.at), signature=drawn).status_code == 400
    dot = text(post(browser, own(ticket) + "/sign_off", key=ulid(world.at), signature=strokes([[(90, 50)]])))
    assert "还不是完整的签名" in dot
    assert not world.load(ticket).signed


def test_refusing_needs_a_reason_and_starts_rework(world: World, browser: Client) -> None:
    ticket = completed(world)
    answer = post(browser, own(ticket) + "/refuse")
    assert answer.status_code == 400
    assert "维修服务确认单" in text(answer)
    assert post(browser, own(ticket) + "/refuse", words="还在滴水", key=ulid(world.at)).status_code == 303
    assert world.load(ticket).rounds == 1
    assert "还在滴水" in see(browser, ticket)


def test_four_scores_are_given_once(world: World, browser: Client) -> None:
    ticket = completed(world)
    missing = post(browser, own(ticket) + "/rate", overall=5)
    assert missing.status_code == 400
    assert 'id="r-overall-5" checked' in text(missing).replace('value="5" ', "")
    assert post(browser, own(ticket) + "/rate", **STARS, key=ulid(world.at)).status_code == 303
    assert world.load(ticket).scores == STARS
    assert post(browser, own(ticket) + "/rate", **STARS, key=ulid(world.at)).status_code == 409


def test_some_stars_given_with_a_good_signature_are_kept_until_the_others_are_given(
    world: World, browser: Client
) -> None:
    ticket = completed(world)
    stars = {"overall": "4", "speed": "2"}
    assert post(browser, own(ticket) + "/sign_off", **stars, key=ulid(world.at), signature=SIGNED).status_code == 303
    assert world.load(ticket).scores == {}
    page = see(browser, ticket)
    assert re.findall(r'id="r-(\w+-\d)" checked', page) == ["overall-4", "speed-2"]
    assert "已打的分已保留" in page
    assert post(browser, own(ticket) + "/rate", **STARS, key=ulid(world.at)).status_code == 303
    assert world.load(ticket).scores == STARS
    assert "checked" not in see(browser, completed(world))  # the next owner's stars are not these


def desk_has_a_phone(world: World) -> None:
    ladder = json.dumps([[1, "物业客服", "020-00000001"]])
    home = Place("P1", "project", "P1苑", "S1", "P1苑", {"subsidiary": "S1"}, {"ladder": ladder})
    for row in places.put_place(home):
        world.table.write(Put(row))
    choosing.forget()


def test_who_can_not_sign_with_a_finger_reads_whom_to_phone_instead(world: World, browser: Client) -> None:
    desk_has_a_phone(world)
    ticket = completed(world)
    otherwise = see(browser, ticket, "/sheet").partition('id="otherwise"')[2].partition("</p>")[0]
    assert "可由主管核验" in otherwise
    assert 'href="tel:020-00000001"' in otherwise
    world.do(ticket, "check", "s1", said={"words": "业主无法签名"})
    assert 'id="otherwise"' not in see(browser, ticket, "/sheet")


@pytest.mark.parametrize("who", ["desk", "technician"])
def test_the_owner_calls_the_desk_or_whoever_comes_by_policy(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    desk_has_a_phone(world)
    ticket = assigned(world)
    numbers = policy_of(ticket)
    by_policy = replace(numbers, care=replace(numbers.care, call=who))
    monkeypatch.setattr(follow, "policy_of", lambda ticket: by_policy)
    page = see(browser, ticket)
    assert ('href="tel:19900001111"' in page) is (who == "technician")
    assert ("199****1111" in page) is (who == "technician")
    card = page[page.index("上门安排") : page.index("<h2>经过")]
    assert ("020-00000001" in card) is (who == "desk")
    world.at += timedelta(hours=13)  # nobody calls whoever is off duty: the desk is offered again
    assert 'href="tel:19900001111"' not in see(browser, ticket)


def test_a_merged_report_says_where_the_other_one_is_found_and_shows_nothing_of_it(
    world: World, browser: Client
) -> None:
    mine, other = assigned(world), assigned(world, words="卫生间漏水，隔壁也看见了")
    world.do(mine, "merge", "d1", into=other.id)
    page = see(browser, mine)
    assert spoken(other.number) in page
    assert "可在首页“查看进展”中凭手机号查看" in page
    assert "隔壁" not in page


def test_a_late_page_says_why_and_what_is_arranged_instead(world: World, browser: Client) -> None:
    ticket = assigned(world)
    world.do(ticket, "acknowledge")
    world.advance(hours=5)
    page = see(browser, ticket)
    late = re.search(r'<section class="card" id="late">.*?</section>', page, re.S)
    assert late
    assert "还没有上门" in late[0]
    assert "正在催办，新的时间一经确定就通知您。" in late[0]
    assert page.count("逾期 3 小时") == 1  # in the line above
    assert "逾期 " not in late[0]
    world.do(ticket, "pause", reason="parts")
    assert "周四恢复。" in see(browser, ticket)


def test_the_next_desk_can_be_asked_for_only_when_a_promise_is_missed(world: World, browser: Client) -> None:
    ticket = assigned(world)
    assert "/climb" not in see(browser, ticket)
    assert post(browser, own(ticket) + "/climb", key=ulid(world.at)).status_code == 409
    world.advance(minutes=31)  # the system itself told level 2 on the breach
    assert '/climb"' in see(browser, ticket)
    assert 'name="level" value="3"' in see(browser, ticket)
    stale = post(browser, own(ticket) + "/climb", level="2", key=ulid(world.at))
    assert (stale.status_code, world.load(ticket).level) == (303, 2)
    assert post(browser, own(ticket) + "/climb", level="9", key=ulid(world.at)).status_code in (400, 409)
    assert post(browser, own(ticket) + "/climb", level="3", key=ulid(world.at)).status_code == 303
    climbed = world.load(ticket)
    assert (climbed.level, climbed.watchers[3]) == (3, "h1")
    assert '/climb"' not in see(browser, ticket)


def test_a_complaint_is_confirmed_or_goes_back(world: World, browser: Client) -> None:
    ticket = assigned(world, "收费不清", kind="complaint")
    world.do(ticket, "relay", who="d1", to="engineering")
    for move in ("answer", "write_result"):
        world.do(ticket, move, who="d1", said={"words": "退还 120 元"})
    assert "退还 120 元" in see(browser, ticket)
    answer = post(browser, own(ticket) + "/confirm", satisfied="no")
    assert answer.status_code == 400
    assert 'value="no" checked' in text(answer)
    post(browser, own(ticket) + "/confirm", satisfied="yes", key=ulid(world.at))
    assert not world.load(ticket).is_open


def test_what_somebody_else_did_first_is_said_and_the_new_state_shown(world: World, browser: Client) -> None:
    ticket = completed(world)
    world.do(ticket, "check", who="s1")
    answer = post(browser, own(ticket) + "/refuse", words="还在滴水", key=ulid(world.at))
    assert answer.status_code == 409
    assert "已验收" in text(answer)


def test_cancelled_is_cancelled(world: World, browser: Client) -> None:
    ticket = assigned(world)
    answer = post(browser, own(ticket) + "/cancel", words="自己修好了", key=ulid(world.at))
    assert answer.status_code == 303
    page = see(browser, ticket, said("cancel", world))
    assert "不再安排上门" in page
    assert "<form" not in page


def test_photos_are_shown_when_they_are_clean(world: World, browser: Client, stored: dict[str, bytes]) -> None:
    ticket = assigned(world, photos=[ulid(world.at)])
    assert see(browser, ticket).count("/photo/0") == 2
    address = own(ticket) + "/photo/0"
    assert browser.http.get(address).headers["Location"].startswith("/static/checking.svg")
    stored[f"photos/{ticket.id}{follow.photos_of(ticket)[0]}"] = b"clean"
    assert browser.http.get(address).headers["Location"].startswith("https://objects.invalid/")
    for other in ("1", "-1", "99999", "x"):
        assert browser.http.get(f"{own(ticket)}/photo/{other}").status_code == 404
    assert "checking.svg" in browser.http.get(f"{own(ticket)}/photo/signature").headers["Location"]


def test_a_photo_that_was_refused_is_shown_as_refused_and_said(
    world: World, browser: Client, stored: dict[str, bytes]
) -> None:
    ticket = assigned(world, photos=[ulid(world.at)])
    assert "无法读取的照片" not in see(browser, ticket)
    originals.refuse(ticket.id, follow.photos_of(ticket)[0].removeprefix("/"))
    assert "无法读取的照片" in see(browser, ticket)
    assert browser.http.get(own(ticket) + "/photo/0").headers["Location"].startswith("/static/refused.svg")


def test_a_photo_of_another_ticket_put_into_a_note_shows_nothing(
    world: World, browser: Client, stored: dict[str, bytes]
) -> None:
    theirs = ulid(world.at)
    other = assigned(world, photos=[theirs])
    stored[f"photos/{other.id}/{theirs}"] = b"clean"
    ticket = assigned(world)
    assert post(browser, own(ticket) + "/note", words="看", photos=theirs).status_code == 303
    assert browser.http.get(own(ticket) + "/photo/0").headers["Location"].startswith("/static/checking.svg")
    assert browser.http.get(own(other) + "/photo/0").headers["Location"].startswith("https://objects.invalid/")


def test_an_erased_ticket_still_has_its_page(world: World, browser: Client) -> None:
    ticket = completed(world)
    rows = world.table.parts[f"TICKET#{ticket.id}"]
    for sk in [sk for sk in rows if sk.startswith("PRIVATE#")]:
        del rows[sk]
    assert "待验收" in see(browser, ticket)
    assert see(browser, ticket, "/sheet")


def test_looking_changes_nothing(world: World, browser: Client) -> None:
    ticket = completed(world)
    before = str(world.table.parts)
    for more in ("", "/sheet", "/photo/0", "/note", "/sign_off", "?done=cancel", "?lang=en"):
        for _ in range(2):
            browser.http.get(own(ticket) + more)
    assert str(world.table.parts) == before


@pytest.mark.parametrize("token", ["x", "%0d%0aSet-Cookie:a=b", "漏" * 22, "%2F%2Fevil.example" + "x" * 8])
def test_what_is_no_link_is_never_repeated_in_a_header(browser: Client, token: str) -> None:
    answer = browser.http.get(f"/o/{token}/note")
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_whatever_is_wrong_with_a_link_gives_one_page(world: World, browser: Client) -> None:
    ticket = assigned(world)
    staff = access.token(access.ticket_grant(ticket.id, ticket.holder))
    wrong = [browser.http.get(f"/o/{token}") for token in ("x", "A" * 22, staff, "%00")]
    assert {(answer.status_code, answer.body) for answer in wrong} == {(404, wrong[0].body)}
    assert post(browser, f"/o/{'A' * 22}/note", words="x").status_code == 404
    assert post(browser, f"/o/{staff}/cancel").status_code == 404


def test_a_page_of_somebody_elses_words_is_escaped(world: World, browser: Client) -> None:
    page = see(browser, assigned(world, "漏水 <script>alert(1)</script>"))
    assert "<script>alert" not in page
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", page)


class _Counted:
    """The table, counting what is asked of it."""

    def __init__(self, table: Any) -> None:
        self.table, self.calls = table, 0

    def __getattr__(self, name: str) -> Any:
        self.calls += 1
        return getattr(self.table, name)


def test_a_page_is_two_calls_and_a_move_three(world: World, browser: Client) -> None:
    from chalicelib.store import table as tables

    ticket = offered(world)
    see(browser, ticket)  # rosters, ladder and numbers are kept from here on
    counted = _Counted(world.table)
    tables.use(counted)
    see(browser, ticket)
    assert counted.calls == 2
    counted.calls = 0
    post(browser, own(ticket) + "/choose_window", window=windows_of(ticket)[0], key=ulid(world.at))
    assert counted.calls == 3


anything: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(["", "0", "1", "5", "yes", "no", "2026-03-03", "08-10", "01" * 13, "9" * 30]),
    st.text(max_size=40),
    st.integers(1, 4).map(lambda n: "长" * 10**n),
)
fields: st.SearchStrategy[Mapping[str, Any]] = st.dictionaries(
    st.sampled_from(["key", "words", "photos", "window", "day", "slot", "satisfied", "signature", *STARS]),
    st.lists(anything, min_size=1, max_size=3),
)
bodies = st.one_of(st.binary(max_size=200), fields.map(lambda f: urlencode(f, doseq=True, errors="replace").encode()))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    move=st.sampled_from([*owner_forms.READERS, "assign", "nothing"]),
    body=bodies,
    made=st.sampled_from([assigned, offered, completed]),
)
def test_any_bytes_give_an_answer_and_never_a_fault(move: str, body: bytes, made: Any) -> None:
    with fresh_world() as world, Client(app) as client:
        answer = client.http.post(f"{own(made(world))}/{move}", headers=FORM, body=body)
        assert answer.status_code in (200, 303) or 400 <= answer.status_code < 500


def test_a_time_that_has_begun_is_not_offered_and_the_page_says_what_to_do(world: World, browser: Client) -> None:
    ticket = offered(world)
    first, second = windows_of(ticket)
    world.at += timedelta(hours=2)
    page = text(browser.http.get(own(ticket)))
    assert first not in page
    assert second in page
    world.at += timedelta(hours=3)
    page = text(browser.http.get(own(ticket)))
    assert second not in page
    assert "可选的时间已过" in page


def test_a_plan_is_refused_with_words_and_its_proposer_hears_of_it(world: World, browser: Client) -> None:
    ticket = world.do(offered(world), "arrive")
    world.do(ticket, "propose_plan", until=(world.at + timedelta(days=5)).isoformat())
    page = own(ticket)
    assert post(browser, f"{page}/refuse_plan", key=ulid(world.at)).status_code == 400
    answer = post(browser, f"{page}/refuse_plan", key=ulid(world.at), words="那几天不在家")
    assert answer.headers["Location"] == page + said("refuse_plan", world)
    world.pump()
    assert world.load(ticket).plan_proposed is None
    assert "refuse_plan" not in see(browser, ticket)
    assert ("plan_refused", ticket.holder) in {(m.template, m.to) for m in world.told(ticket)}
