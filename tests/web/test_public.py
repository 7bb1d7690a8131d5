"""The hosted form, through the routes."""

from __future__ import annotations

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
from chalicelib.adapters.ids import ulid
from chalicelib.adapters.settings import settings as deployed
from chalicelib.domain.record.number import spoken
from chalicelib.services.access import access
from chalicelib.services.ticket import choosing, photos
from chalicelib.store import grants, places
from chalicelib.store import table as tables
from chalicelib.store.places import Place
from chalicelib.store.table import Put
from chalicelib.web.kit.asked import network
from chalicelib.web.kit.device import LASTS
from chalicelib.web.kit.moves import done
from chalicelib.web.kit.static import static_url
from tests.world import MONDAY, World
from tests.world import world as fresh_world

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PHONE = "13900000001"
REGISTERED = "19911112222"  # of every flat of the small world


@pytest.fixture
def browser(world: World) -> Iterator[Client]:
    choosing.forget()
    ladder = json.dumps([[1, "物业客服", "020-00000001"], [2, "地产客服", "020-00000002"]], ensure_ascii=False)
    above = {"subsidiary": "S1"}
    rows = places.put_place(Place("P1", "project", "P1苑", "S1", "P1苑", above, {"ladder": ladder}))
    rows += places.put_place(Place("B1", "building", "1栋", "P1", "P1苑 1栋", above | {"project": "P1"}))
    rows += places.put_place(
        Place("E1", "entrance", "1单元", "B1", "P1苑 1栋 1单元", above | {"project": "P1", "building": "B1"})
    )
    for row in rows:
        world.table.write(Put(row))
    with Client(app) as client:
        yield client
    choosing.forget()


def post(browser: Client, path: str, **fields: Any) -> HTTPResponse:
    return browser.http.post(path, headers=FORM, body=urlencode(fields, doseq=True).encode())


def text(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


def filled(browser: Client, place: str = "U1", **more: Any) -> dict[str, Any]:
    """A form as a person would fill it, with what the page hides in it."""
    hidden = dict(
        re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text(browser.http.get(f"/report?p={place}")))
    )
    typed = {"kind": "repair", "reporter": "owner", "words": "卫生间漏水", "phone": PHONE, "consent": "yes"}
    return hidden | typed | more


def test_the_first_page_offers_to_report_and_to_follow(browser: Client) -> None:
    page = text(browser.http.get("/"))
    assert 'href="/report"' in page
    assert 'href="/c"' in page


def test_a_place_is_chosen_step_by_step_by_plain_links(browser: Client) -> None:
    assert "/report?in=P1" in text(browser.http.get("/report"))
    assert "/report?in=B1" in text(browser.http.get("/report?in=P1"))
    only_entrance = browser.http.get("/report?in=B1")
    assert "/report?p=A1" in text(only_entrance)  # the lobby hangs in the building
    assert "/report?in=E1" in text(only_entrance)
    assert "/report?p=U1" in text(browser.http.get("/report?in=E1"))


def test_a_project_is_found_by_part_of_its_name(browser: Client) -> None:
    found = text(browser.http.get("/report?q=" + quote("2苑")))
    assert "P2苑" in found
    assert "P1苑" not in found


@pytest.mark.parametrize("asked", ["p=U1", "p=A1", "p=P1", "p=U1&k=complaint"])
def test_an_address_on_the_wall_opens_the_form_for_its_place(browser: Client, asked: str) -> None:
    page = text(browser.http.get(f"/report?{asked}"))
    assert 'name="mark"' in page
    assert "020-00000001" in page
    assert "\ue001" not in page


def test_a_place_that_is_not_there_leads_to_the_choice(browser: Client) -> None:
    for asked in ("p=nowhere", "p=S1", "p=" + "x" * 3000, "in=nowhere"):
        answer = browser.http.get(f"/report?{asked}")
        assert answer.status_code == 200
        assert "/report?in=P1" in text(answer)


def test_two_forms_have_two_marks(browser: Client) -> None:
    assert filled(browser)["mark"] != filled(browser)["mark"]


def test_a_report_gives_a_number_a_link_and_who_answers_by_when(world: World, browser: Client) -> None:
    answer = post(browser, "/report", **filled(browser, component="water_leak/bathroom", when=["weekend", "evenings"]))
    assert answer.status_code == 303
    page = text(browser.http.get(answer.headers["Location"]))
    token = answer.headers["Location"].split("?")[0].rpartition("/")[2]
    ticket = world.load(access.open_link(token).record)
    assert (ticket.category, ticket.component, ticket.verified) == ("water_leak", "bathroom", False)
    assert f"{ticket.number[:4]}-{ticket.number[4:8]}-{ticket.number[8:]}" in page
    assert token in page
    assert "今天 09:30" in page
    assert "020-00000002" in page
    assert "周末" in page


def test_sending_twice_gives_one_ticket(world: World, browser: Client) -> None:
    form = filled(browser)
    first, second = post(browser, "/report", **form), post(browser, "/report", **form)
    assert first.headers["Location"].split("?")[0] == second.headers["Location"].split("?")[0]
    assert second.headers["Location"].endswith(f"done={done('again', world.at)}")


def test_every_field_at_fault_is_named_and_nothing_typed_is_lost(browser: Client) -> None:
    form = filled(browser, words="漏水 <b>很急</b>", phone="none", consent="", email="a@b", name="周")
    answer = post(browser, "/report", **form)
    page = text(answer)
    assert answer.status_code == 400
    assert all(f'id="e-{field}"' in page for field in ("phone", "email", "consent"))
    assert "漏水 &lt;b&gt;很急&lt;/b&gt;" in page
    assert all(f'value="{typed}"' in page for typed in ("none", "a@b", "周", form["mark"]))
    assert 'aria-invalid="true" maxlength="40" autofocus' in page


def test_uploaded_photos_stay_on_a_form_that_was_not_taken(world: World, browser: Client) -> None:
    upload = ulid(world.at)
    page = text(post(browser, "/report", **filled(browser, phone="", photos=[upload, "../x"])))
    assert f'value="{upload}"' in page
    assert "../x" not in page


def test_a_photo_alone_is_a_report(world: World, browser: Client) -> None:
    answer = post(browser, "/report", **filled(browser, words="", photos=[ulid(world.at)]))
    assert answer.status_code == 303


def test_what_is_open_there_already_is_shown_before_sending_and_nothing_personal_with_it(
    world: World, browser: Client
) -> None:
    known = world.report("主卧墙角漏水,周女士家", phone="13711112222")
    answer = post(browser, "/report", **filled(browser, phone=REGISTERED))
    page = text(answer)
    assert answer.status_code == 409
    assert "这件事已经有人在处理" in page
    assert not any(secret in page for secret in ("13711112222", "周女士", "主卧", known.number, known.id))
    assert access.token(access.own_grant(known.id)) not in page
    assert post(browser, "/report", **filled(browser, seen="1")).status_code == 303


def test_what_is_open_in_a_flat_is_told_to_nobody_whose_phone_is_not_registered_there(
    world: World, browser: Client
) -> None:
    world.report("主卧墙角漏水")
    for phone in ("", PHONE, "13911112222"):
        assert "alike" not in json.loads(post(browser, "/hints", words="浴室漏水", place="U1", phone=phone).body)
    assert post(browser, "/report", **filled(browser)).status_code == 303
    world.report("大堂漏水", unit="A1")
    assert "alike" in json.loads(post(browser, "/hints", words="漏水", place="A1").body)


def test_who_asks_what_is_open_again_and_again_is_told_nothing_more(world: World, browser: Client) -> None:
    world.report("漏水")
    asked = [json.loads(post(browser, "/hints", words="漏水", place="U1", phone=REGISTERED).body) for _ in range(31)]
    assert ["alike" in answer for answer in asked] == [True] * 30 + [False]
    assert asked[-1]["category"] == "water_leak"


def test_another_category_or_place_is_not_the_same(world: World, browser: Client) -> None:
    world.report("插座坏了", unit="U1")
    world.report("漏水", unit="U2")
    assert post(browser, "/report", **filled(browser)).status_code == 303


def test_following_sends_the_link_to_who_reported_and_tells_the_asker_nothing(world: World, browser: Client) -> None:
    known = world.report("漏水")
    there = post(browser, "/report/follow", place="U1", category="water_leak")
    nothing = post(browser, "/report/follow", place="U2", category="water_leak")
    assert (there.status_code, there.headers["Location"]) == (nothing.status_code, nothing.headers["Location"])
    assert "link_asked" in world.kinds(known)
    assert "链接已发出" in text(browser.http.get(there.headers["Location"]))


def test_in_a_common_area_nobody_is_sent_a_link(world: World, browser: Client) -> None:
    known = world.report("大堂漏水", unit="A1")
    assert "跟进那一张" not in text(post(browser, "/report", **filled(browser, "A1", words="漏水")))
    post(browser, "/report/follow", place="A1", category="water_leak")
    assert "link_asked" not in world.kinds(known)


def test_who_hammers_is_slowed_and_loses_nothing(world: World, browser: Client) -> None:
    for n in range(6):
        world.at += timedelta(seconds=1)
        assert post(browser, "/report", **filled(browser, words=f"漏水 {n}", seen="1")).status_code == 303
    answer = post(browser, "/report", **filled(browser, words="漏水 最后", seen="1"))
    assert answer.status_code == 429
    assert "漏水 最后" in text(answer)
    assert "020-00000001" in text(answer)


def test_a_stranger_learns_nothing_about_who_lives_there(browser: Client) -> None:
    pages = [text(browser.http.get("/report?p=U1"))]
    answer = post(browser, "/report", **filled(browser))
    pages.append(text(browser.http.get(answer.headers["Location"])))
    assert not any("19911112222" in page or "r-U1" in page for page in pages)


def test_a_phone_that_is_registered_gets_the_same_page_as_any_other(world: World, browser: Client) -> None:
    pages = set()
    for phone, verified in ((PHONE, False), ("19911112222", True)):
        answer = post(browser, "/report", **filled(browser, phone=phone, seen="1"))
        page = text(browser.http.get(answer.headers["Location"]))
        token = answer.headers["Location"].split("?")[0].rpartition("/")[2]
        ticket = world.load(access.open_link(token).record)
        assert ticket.verified is verified
        for own in (token, spoken(ticket.number), phone):
            page = page.replace(own, "")
        pages.add(re.sub(r"\b[0-9A-Z]{26}\b", "", page))
    assert len(pages) == 1


def test_the_words_suggest_a_category(world: World, browser: Client) -> None:
    answer = json.loads(post(browser, "/hints", words="浴室漏水", place="U1").body)
    assert answer == {"category": "water_leak", "word": "渗漏水", "emergency": False, "ask": False}
    assert json.loads(post(browser, "/hints", words="有燃气味").body)["emergency"] is True
    assert json.loads(post(browser, "/hints", words="你好").body)["category"] == ""
    world.report("漏水")
    known = {"words": "浴室漏水", "place": "U1", "phone": "+86 199 1111 2222"}
    assert "alike" in json.loads(post(browser, "/hints", **known).body)


def test_photos_of_a_form_that_was_sent_already_are_asked_for_again(world: World, browser: Client) -> None:
    form = filled(browser, photos=[ulid(world.at)])
    assert post(browser, "/report", **form).status_code == 303
    answer = post(browser, "/report", **form | {"words": "厨房也漏水"})
    assert answer.status_code == 400
    assert "请重新添加" in text(answer)
    assert 'class="shot done"' not in text(answer)


def test_an_upload_is_told_where_to_go_or_to_wait(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"id": "01", "url": "http://objects", "fields": {"key": "k"}}
    monkeypatch.setattr(photos.objects, "presigned_post", lambda *_: {k: told[k] for k in ("url", "fields")})
    monkeypatch.setattr(photos, "UPLOADS", 1)
    mark = ulid(MONDAY)
    assert json.loads(post(browser, "/photos", mark=mark).body)["url"] == "http://objects"
    slowed = post(browser, "/photos", mark=mark)
    assert slowed.status_code == 429
    assert json.loads(slowed.body)["error"]
    for nobody in ({}, {"mark": "x"}, {"ticket": "../x"}):
        assert post(browser, "/photos", **nobody).status_code == 400


def test_an_upload_of_the_form_belongs_to_the_ticket_that_it_makes(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(photos.objects, "presigned_post", lambda upload, *_: asked.append(upload) or {"fields": {}})
    form = filled(browser)
    upload = json.loads(post(browser, "/photos", mark=form["mark"]).body)["id"]
    answer = post(browser, "/report", **form, photos=[upload])
    made = grants.get(access.hash_of(answer.headers["Location"].split("/")[2].partition("?")[0])).record
    assert asked == [f"{made}/{upload}"]
    assert world.load(made).said("reported")["photos"] == [f"/{upload}"]
    world.pump()
    assert world.pictures.kept == [f"photos/{made}/{upload}"]


def test_the_switch_changes_the_language_and_stays_at_the_place(browser: Client) -> None:
    answer = browser.http.get("/report?p=U1&lang=en")
    assert "What happened?" in text(answer)
    assert answer.headers["Set-Cookie"].startswith("lang=en")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert 'href="/report?p=U1&amp;lang=zh_CN"' in text(answer)


@pytest.mark.parametrize(("lang", "mark"), [("en", "a random mark on your device (a cookie)"), ("zh_CN", "随机标记")])
def test_what_is_agreed_to_names_the_mark_of_the_device_and_how_long_it_lasts(
    browser: Client, lang: str, mark: str
) -> None:
    agreed = text(browser.http.get(f"/report?p=U1&lang={lang}")).partition('class="card consent"')[2]
    said = agreed.partition('name="consent"')[0]
    assert mark in said
    assert str(LASTS // 86400) in said


@pytest.mark.parametrize(("front", "secure"), [("https://bx.example.cn", True), ("http://127.0.0.1:8000", False)])
def test_the_cookie_goes_over_tls_where_there_is_tls(
    browser: Client, monkeypatch: pytest.MonkeyPatch, front: str, secure: bool
) -> None:
    monkeypatch.setenv("PUBLIC_URL", front)
    deployed.cache_clear()
    cookie = browser.http.get("/?lang=en").headers["Set-Cookie"]
    deployed.cache_clear()
    assert ("; Secure" in cookie) is secure


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::", "::/64"),
        ("no:address", "no:address"),
        ("", ""),
    ],
)
def test_one_subscriber_is_one_address(address: str, counted: str) -> None:
    assert network(address) == counted


def test_pages_have_no_inline_script_or_style(browser: Client) -> None:
    for path in ("/", "/report", "/report?p=U1"):
        page = text(browser.http.get(path))
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=|javascript:", page)


def test_a_form_page_is_small(browser: Client) -> None:
    page = text(browser.http.get("/report?p=U1"))
    parts = re.findall(r'(?:src|href)="(/static/(?!nojs)[^"]+)"', page)
    assert len(page.encode()) + sum(len(browser.http.get(part).body) for part in set(parts)) < 100_000


class _Counted:
    """The table, noting what is asked of it; a batch of nothing is no call."""

    def __init__(self, table: Any) -> None:
        self.table, self.calls = table, list[str]()

    def __getattr__(self, name: str) -> Any:
        def asked(*args: Any, **more: Any) -> Any:
            if name != "batch" or list(args[0]):
                self.calls.append(name)
            return getattr(self.table, name)(*args, **more)

        return asked


def test_a_form_is_one_call_and_a_report_three(world: World, browser: Client) -> None:
    post(browser, "/report", **filled(browser, "U2"))  # ladder and numbers are kept from here on
    form = filled(browser)
    counted = _Counted(world.table)
    tables.use(counted)  # type: ignore[arg-type]
    browser.http.get("/report?p=U1")
    assert counted.calls == ["get"]
    counted.calls.clear()
    assert post(browser, "/report", **form).status_code == 303
    assert counted.calls == ["index", "query", "transact"]


FIELDS = (
    "mark",
    "near",
    "label",
    "place",
    "kind",
    "reporter",
    "category",
    "component",
    "words",
    "photos",
    "name",
    "phone",
    "email",
)
MORE = ("preferred", "when", "consent", "seen")
anything = st.one_of(
    st.sampled_from(
        ["", "U1", "A1", "P1", "repair", "complaint", "owner", "water_leak", "water_leak/tap", PHONE, "on"]
    ),
    st.text(max_size=60),
    st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")),
    st.integers(1, 4).map(lambda n: "长" * 10**n),
)
bodies = st.one_of(
    st.binary(max_size=300),
    st.dictionaries(st.sampled_from(FIELDS + MORE), st.lists(anything, min_size=1, max_size=3)).map(
        lambda fields: urlencode(fields, doseq=True, encoding="utf-8", errors="replace").encode()
    ),
)


@pytest.mark.parametrize("code", ["Ｕ１", "U1\u200b", " U1\u00a0"])
def test_a_code_in_an_address_is_read_however_it_is_typed(browser: Client, code: str):
    assert 'value="U1"' in browser.http.get(f"/report?p={quote(code)}").body.decode()


def test_danger_in_a_complaint_is_asked_about_and_becomes_work(browser: Client, world: World):
    sent = {"mark": ulid(world.at), "place": "U1", "kind": "complaint", "words": "配电箱冒烟没人管", "phone": PHONE}
    sent |= {"reporter": "owner", "consent": "yes"}
    assert post(browser, "/report", **sent).status_code == 409
    for minutes, danger, kind, priority in ((0, "yes", "repair", "emergency"), (1, "no", "complaint", "normal")):
        taken = post(browser, "/report", **sent | {"mark": ulid(world.at + timedelta(minutes=minutes))}, danger=danger)
        token = re.search(r"/o/([\w-]+)", taken.headers["Location"])
        assert token
        ticket = world.load(access.open_link(token[1]).record)
        assert (ticket.kind, ticket.priority) == (kind, priority)


def test_words_that_only_look_dangerous_are_asked_about_before_they_are_taken(browser: Client, world: World):
    assert json.loads(post(browser, "/hints", words="窗户漏气", place="U1").body)["ask"] is True
    sent = {"mark": ulid(world.at), "place": "U1", "kind": "repair", "words": "窗户漏气", "phone": PHONE}
    sent |= {"reporter": "owner", "consent": "yes"}
    asked = post(browser, "/report", **sent)
    assert asked.status_code == 409
    assert 'name="danger" value="yes"' in asked.body.decode()
    assert "窗户漏气" in asked.body.decode()
    taken = post(browser, "/report", **sent, danger="yes")
    assert taken.status_code == 303
    token = re.search(r"/o/([\w-]+)", taken.headers["Location"])
    assert token
    ticket = access.open_link(token[1]).record
    assert world.load(ticket).priority == "emergency"
    calm = post(browser, "/report", **sent | {"mark": ulid(world.at + timedelta(minutes=1))}, danger="no", seen="1")
    other = re.search(r"/o/([\w-]+)", calm.headers["Location"])
    assert other
    assert world.load(access.open_link(other[1]).record).priority == "normal"


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(["/report", "/report/follow", "/hints"]), body=bodies)
def test_any_bytes_give_an_answer_and_never_a_fault(path: str, body: bytes) -> None:
    with fresh_world(), Client(app) as client:
        answer = client.http.post(path, headers=FORM, body=body)
        assert answer.status_code in (200, 303) or 400 <= answer.status_code < 500


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=st.dictionaries(st.sampled_from(["p", "in", "q", "k", "lang", "done"]), anything, max_size=4))
def test_any_address_of_the_form_gives_a_page(query: dict[str, str]) -> None:
    with fresh_world(), Client(app) as client:
        asked = urlencode(query, encoding="utf-8", errors="replace")
        assert client.http.get(f"/report?{asked}").status_code in (200, 303)


def test_a_static_file_is_the_same_for_everybody_and_a_page_is_not(browser: Client) -> None:
    static = browser.http.get(static_url("desk.css").partition("?")[0])
    assert static.status_code == 200
    assert "Vary" not in static.headers
    assert browser.http.get("/").headers["Vary"] == "Cookie"


def test_under_a_stage_every_address_of_a_page_a_move_and_the_cookie_begins_with_it(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://a1b2c3.execute-api.cn-north-1.amazonaws.com.cn/api")
    deployed.cache_clear()
    static_url.cache_clear()
    try:
        page = browser.http.get("/report?lang=en&place=U1")
        addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.body.decode())
        assert addresses
        assert [a for a in addresses if not a.startswith("/api/")] == []
        assert "Path=/api;" in page.headers["Set-Cookie"]
        sent = post(browser, "/report", **filled(browser))
        assert sent.headers["Location"].startswith("/api/o/")
    finally:
        monkeypatch.undo()
        deployed.cache_clear()
        static_url.cache_clear()


def test_a_typed_line_leads_to_the_form_of_the_flat(world: World, browser: Client) -> None:
    above = {"subsidiary": "S1", "project": "P1"}
    rows = places.put_place(Place("B9", "building", "9号楼", "P1", "P1苑 9号楼", above))
    for room in ("1001", "1002", "901"):
        within = {**above, "building": "B9"}
        rows += places.put_place(Place(f"B9-{room}", "unit", room, "B9", f"P1苑 9号楼 {room}", within))
    for row in rows:
        world.table.write(Put(row))

    def asked(**query: str) -> HTTPResponse:
        return browser.http.get(f"/report?{urlencode(query)}")

    answer = asked(q="P1苑 9号楼1001")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/report?p=B9-1001")
    assert asked(**{"in": "P1", "q": "9-10层"}).status_code == 200
    several = asked(**{"in": "P1", "q": "9-10层"}).body.decode()
    assert "p=B9-1001" in several
    assert "p=B9-1002" in several
    assert "p=B9-901" not in several.partition('id="places"')[0]
    floors = asked(**{"in": "B9"}).body.decode()
    assert floors.index("10 层") < floors.index("p=B9-1001")
    assert 'href="/report?in=P1"' in floors  # the path back
    assert "没有找到" in asked(**{"in": "B9", "q": "没有这里"}).body.decode()
