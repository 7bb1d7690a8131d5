"""Finance's desk: the link and the code, what is exported, a batch, periods, what came back; and whose it is not."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.adapters import archive, objects
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.domain.register.faults import Fault
from chalicelib.services.access import session
from chalicelib.services.contractor import office
from chalicelib.services.money import balances, batches, jobs, making, packing, periods, sealing, settling
from chalicelib.services.record.record import NotFound
from chalicelib.services.ticket import dispatch
from chalicelib.store import people
from chalicelib.store.table import Put
from chalicelib.web.finance import books
from tests.services.contractor import scene
from tests.services.money import owed
from tests.services.money.owed import act, invoiced, noticed, of_case, packed
from tests.world import World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OTHER = Actor("f2", Role.FINANCE)
HEADINGS = "扣款单号,凭证号,记账日期,会计期间,付款申请,来源,金额"


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    for kept in (office, batches):
        kept.forget()
    monkeypatch.setattr(archive, "keep_file", lambda key, path: True)
    monkeypatch.setattr(archive, "keep", lambda key, content: True)
    return owed.settle(world)


class Desk:
    """Somebody of finance at a browser."""

    def __init__(self, world: World, browser: Client, who: str = "f1") -> None:
        self.world, self.browser, self.cookie = world, browser, ""
        self.base = f"/f/{scene.own_link(who)}"

    def get(self, path: str = "") -> HTTPResponse:
        return self.browser.http.get(self.base + path, headers={"Cookie": self.cookie})

    def post(self, path: str, **fields: Any) -> HTTPResponse:
        body = urlencode({"key": secrets.token_hex(13), **fields}).encode()
        return self.browser.http.post(self.base + path, headers={**FORM, "Cookie": self.cookie}, body=body)

    def code(self) -> str:
        """The code that was sent last."""
        return re.findall(r"验证码(\d{8})", "\n".join(str(text) for text in self.world.provider.sent))[-1]

    def sign_in(self) -> Desk:
        assert self.post("/code").status_code == 200
        self.world.pump()
        answer = self.post("/enter", code=self.code())
        assert answer.status_code == 303
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        return self

    def seen(self, path: str) -> str:
        """What a page that asks once more says it showed."""
        found = re.search(r'name="seen" value="([^"]+)"', self.get(path).body.decode())
        assert found, path
        return found[1]

    def shown(self, path: str = "") -> str:
        answer = self.get(path)
        assert answer.status_code == 200, path
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.body.decode()))


@pytest.fixture
def desk(here: World, browser: Client) -> Desk:
    return Desk(here, browser)


def firm(world: World) -> str:
    """A firm deduction with its pack; its case."""
    case = invoiced(world)
    noticed(world, case)
    act(world, case, "agree", "C1.k1", total=of_case(case).total)
    packed(world, case)
    return case


def test_a_link_alone_opens_nothing_of_the_desk_and_a_session_without_its_link_neither(
    here: World, browser: Client
) -> None:
    firm(here)
    one = Desk(here, browser)
    closed = one.get()
    assert closed.status_code == 401
    assert "发送验证码" in closed.body.decode()
    assert "694.00" not in closed.body.decode()
    one.sign_in()
    assert "694.00" in one.shown()
    other = Desk(here, browser, "f2")
    other.cookie = one.cookie
    assert other.get().status_code == 401
    assert browser.http.get(f"/f/{scene.own_link('o1')}").status_code == 404


def test_a_code_opens_once_and_for_half_an_hour_and_a_session_for_twelve_hours(here: World, browser: Client) -> None:
    one = Desk(here, browser).sign_in()
    assert one.post("/enter", code=one.code()).status_code == 400
    assert one.get().status_code == 200
    here.advance(hours=11, minutes=50)
    assert one.get().status_code == 200
    here.advance(minutes=11)
    assert one.get().status_code == 401
    one.post("/code")
    here.pump()
    here.advance(minutes=31)
    assert one.post("/enter", code=one.code()).status_code == 400


def test_guesses_are_slowed_and_who_signs_out_is_out(here: World, browser: Client) -> None:
    one = Desk(here, browser).sign_in()
    carried = one.cookie
    assert one.post("/leave").status_code == 303
    one.cookie = carried
    assert one.get().status_code == 401
    answers = [one.post("/enter", code="00000000").status_code for _ in range(6)]
    assert answers[0] == 400
    assert answers[-1] == 429


def test_what_is_firm_is_sealed_into_a_batch_once_and_its_progress_can_be_left(here: World, desk: Desk) -> None:
    firm(here)
    desk.sign_in()
    assert "没有已打开的会计期间" in desk.shown()
    assert desk.post("/periods", move="open", period="2026-03").status_code == 303
    assert "1 笔已确定扣款" in desk.shown()
    key, seen = secrets.token_hex(13), desk.seen("/seal?period=2026-03")
    first, again = (desk.post("/seal", period="2026-03", key=key, seen=seen) for _ in range(2))
    assert first.status_code == 303
    page = first.headers["Location"].partition("?")[0]
    assert again.headers["Location"].partition("?")[0] == page
    path = page.removeprefix(desk.base)
    assert "可离开本页" in desk.shown(path)
    making.go_on(f"BATCH#{path.rpartition('/')[2]}", here.at)
    assert "E1-B-2026-0001" in desk.shown(path)
    assert "没有待导出的扣款" in desk.shown()
    assert "E1-B-2026-0001" in desk.shown("/batches")
    assert desk.post("/batch/E1-B-2026-0001/acknowledge").status_code == 303
    assert "已入账" in desk.shown("/batch/E1-B-2026-0001")
    assert "694.00" in desk.shown("/reports?period=2026-03")
    assert "已导出未入账 · 1 · 694.00" in desk.shown("/reports")
    assert "账龄（2026-" in desk.shown("/reports")


def test_the_reports_come_as_a_workbook_too_by_an_address_that_ends(
    here: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm(here)
    desk.sign_in()
    kept: list[str] = []
    monkeypatch.setattr(objects, "put_once", lambda key, content, kind, loose: kept.append(key) or loose)
    monkeypatch.setattr(objects, "presigned_file", lambda bucket, key, name, how: f"https://files.example/{key}")
    answer = desk.post("/reports/file", period="2026-03", key="report-of-march")
    assert answer.status_code == 303
    path = answer.headers["Location"].removeprefix(desk.base)
    again = desk.post("/reports/file", period="2026-03", key="report-of-march")
    assert again.headers["Location"] == answer.headers["Location"]
    assert "处理中" in desk.shown(path)
    assert desk.get(f"{path}/file").status_code == 404
    while here.queue.jobs:
        jobs.go_on(*here.queue.jobs.pop(), here.at)
    assert "下载工作簿" in desk.shown(path)
    assert "已完成" in desk.shown("/reports"), "it is found again"
    answer = desk.get(f"{path}/file")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"https://files.example/{kept[0]}"
    assert kept[0].startswith("reports/E1/")
    assert desk.post("/reports/file", period="x").status_code == 404
    with pytest.raises(NotFound):
        jobs.one("E2", path.rpartition("/")[2])


def test_rows_that_were_overtaken_while_others_were_booked_are_told_apart(
    here: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault("settlements", 3, "", "settled_meanwhile", {"why": "illegal_move"})
    overtaken = settling.Settlement(rows=2, booked=1, faults=[fault])
    monkeypatch.setattr(settling, "settle", lambda *_, **__: overtaken)
    desk.sign_in()
    body = desk.post("/settle", rows="x", book="yes").body.decode()
    assert "已登记1行，以下各行未登记" in body
    assert "未登记任何内容" not in body


def test_balances_that_were_overtaken_while_others_were_written_are_told_apart(
    here: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault("retentions", 3, "on", "older_balance", {"on": "2026-03-01"})
    overtaken = balances.Loaded(rows=2, changed=1, faults=[fault])
    monkeypatch.setattr(balances, "load", lambda *_, **__: overtaken)
    desk.sign_in()
    body = desk.post("/releases", rows="x", book="yes").body.decode()
    assert "已写入1行余额，以下各行未写入" in body
    assert "未写入任何数据" not in body


def test_what_has_no_pack_yet_says_so_and_is_not_sealed(here: World, desk: Desk) -> None:
    case = invoiced(here)
    noticed(here, case)
    act(here, case, "agree", "C1.k1", total=of_case(case).total)
    desk.sign_in()
    desk.post("/periods", move="open", period="2026-03")
    assert "证据包制作中" in desk.shown()
    assert "另有1笔的证据包尚未生成" in desk.shown("/seal?period=2026-03")
    refused = desk.post("/seal", period="2026-03")
    assert (refused.status_code, "没有证据包的扣款不能封存" in refused.body.decode()) == (409, True)
    packing.give_up(of_case(case).id, here.at)
    assert ("证据包制作失败" in desk.shown(), "证据包制作中" in desk.shown()) == (True, False)
    act(here, case, "pack_again", "o2")
    assert ("证据包制作失败" in desk.shown(), "证据包制作中" in desk.shown()) == (False, True)
    packing.give_up(of_case(case).id, here.at)
    packed(here, case)
    assert "证据包制作失败" not in desk.shown()
    assert "证据包制作中" not in desk.shown()
    assert desk.post("/seal", period="2026-03", seen=desk.seen("/seal?period=2026-03")).status_code == 303


def test_a_pack_is_opened_by_the_deductions_number_and_only_of_the_own_entity(
    here: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "presigned_get", lambda key, name: f"https://files.example/{key}?{name}")
    number = of_case(firm(here)).number
    path = f"/evidence?number={number}"
    assert desk.get(path).status_code == 401
    desk.sign_in()
    answer = desk.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"https://files.example/evidence/E1/{'e' * 64}.pdf?{number}.pdf",
    )
    for row in here.table.parts[f"ENTRY#{number}"].values():
        if "line" in row:
            row["line"] = row["line"].replace('"e":"E1"', '"e":"E2"')
    assert desk.get(path).status_code == 404
    for other in ("", "E1-K-2026-0999", "%00"):
        assert desk.get(f"/evidence?number={other}").status_code == 404


def test_another_entity_s_batch_is_not_there(here: World, desk: Desk) -> None:
    desk.sign_in()
    assert desk.get("/batch/E2-B-2026-0001").status_code == 404
    assert desk.get("/batch/01KJP0Y9M0QWGD6621HF2227A3").status_code == 404


def test_a_batch_is_taken_back_by_a_counter_batch(here: World, desk: Desk) -> None:
    firm(here)
    desk.sign_in()
    desk.post("/periods", move="open", period="2026-03")
    opened = sealing.seal("E1", OTHER, here.at, period="2026-03", key="k1")
    making.go_on(opened.id, here.at)
    without = desk.post("/batch/E1-B-2026-0001/counter", period="2026-03")
    assert without.status_code == 400
    assert 'aria-describedby="e-words"' in without.body.decode()
    answer = desk.post("/batch/E1-B-2026-0001/counter", period="2026-03", words="税率有误")
    assert answer.status_code == 303
    name = answer.headers["Location"].partition("?")[0].rpartition("/")[2]
    making.go_on(f"BATCH#{name}", here.at)
    assert "已冲销" in desk.shown("/batch/E1-B-2026-0001")
    assert "冲销原因： 税率有误" in desk.shown("/batch/E1-B-2026-0001")
    assert "冲销的批次 E1-B-2026-0001 冲销原因： 税率有误" in desk.shown("/batch/E1-B-2026-0002")
    assert "694.00" in desk.shown()


def test_settlements_are_checked_as_a_whole_and_booked_when_the_page_says_so(here: World, desk: Desk) -> None:
    case = firm(here)
    desk.sign_in()
    desk.post("/periods", move="open", period="2026-03")
    making.go_on(sealing.seal("E1", OTHER, here.at, period="2026-03", key="k1").id, here.at)
    number = of_case(case).number
    row = f"{number},记-31,2026-03-28,2026-03,,质保金,"
    wrong = desk.post("/settle", rows=f"{HEADINGS}\n{row}999999.00")
    assert wrong.status_code == 400
    assert "未登记任何内容" in wrong.body.decode()
    checked = desk.post("/settle", rows=f"{HEADINGS}\n{row}600.00")
    assert checked.status_code == 200, checked.body.decode()[-3000:]
    assert of_case(case).recovered == {}
    content = base64.b64encode(f"{HEADINGS}\n{row}600.00".encode()).decode()
    assert desk.post("/settle", content=content, name="settlements.csv", book="yes").status_code == 303
    assert of_case(case).recovered == {"retention": 60_000}


def test_a_long_file_is_checked_and_booked_outside_the_request_and_goes_on_where_it_was_cut(
    here: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "MOST", 2)
    monkeypatch.setattr(jobs, "STEP", 1)
    kept: dict[str, bytes] = {}
    monkeypatch.setattr(objects, "put_once", lambda key, content, kind, loose: bool(kept.setdefault(key, content)))
    monkeypatch.setattr(objects, "read_clean", lambda key, most: kept[key])
    case = firm(here)
    desk.sign_in()
    desk.post("/periods", move="open", period="2026-03")
    making.go_on(sealing.seal("E1", OTHER, here.at, period="2026-03", key="k1").id, here.at)
    number = of_case(case).number
    rows = [f"{number},记-{n},2026-03-28,2026-03,,质保金,100.00" for n in range(5)]

    def brought(*rows: str) -> str:
        answer = desk.post("/settle", rows="\n".join((HEADINGS, *rows)))
        assert answer.status_code == 303, answer.body.decode()[-2000:]
        return answer.headers["Location"].removeprefix(desk.base)

    def go_on(steps: int = 99) -> None:
        left = iter(range(steps))
        jobs.go_on(*here.queue.jobs.pop(), here.at, lambda: next(left, None) is not None)

    wrong = brought(*rows, f"{number},记-9,2026-03-28,2026-03,,质保金,999.00")
    go_on()
    assert "第 7 行" in desk.shown(wrong)
    assert "未登记任何内容" in desk.shown(wrong)
    path = brought(*rows)
    go_on()
    assert "5行检查无误" in desk.shown(path)
    assert of_case(case).recovered == {}
    assert desk.post(f"{path}/book").status_code == 303
    go_on(2)
    assert of_case(case).recovered == {"retention": 20_000}
    assert "2 / 5" in desk.shown(path)
    assert desk.post(f"{path}/on").status_code == 303
    go_on()
    assert of_case(case).recovered == {"retention": 50_000}
    assert "5 行已登记" in desk.shown(path)
    assert "已登记" in desk.shown("/settle")
    assert desk.post(f"{path}/book").status_code == 303
    while here.queue.jobs:
        go_on()
    assert of_case(case).recovered == {"retention": 50_000}


def test_a_session_belongs_to_the_person_and_nobody_who_left_the_list_gets_in(here: World, desk: Desk) -> None:
    assert session.LASTS.total_seconds() == 12 * 3600
    assert desk.sign_in().get().status_code == 200
    gone = people.get("f1")
    assert gone is not None
    for row in people.rows_of(replace(gone, person=replace(gone.person, active=False))):
        here.table.write(Put(row))
    dispatch.forget()
    assert desk.get().status_code == 404


def test_what_is_sealed_is_what_was_shown_or_it_is_shown_anew(here: World, desk: Desk) -> None:
    firm(here)
    desk.sign_in()
    desk.post("/periods", move="open", period="2026-03")
    page = desk.shown("/seal?period=2026-03")
    assert "确认封存以下扣款" in page
    assert "694.00" in page
    for seen in ("", "1/1", "2/69400"):
        answer = desk.post("/seal", period="2026-03", seen=seen)
        assert answer.status_code == 409
        assert 'name="seen" value="1/69400"' in answer.body.decode()
    assert sealing.batches("E1")[0] == []
    answer = desk.post("/seal", period="2026-03", seen="1/69400")
    assert answer.status_code == 303
    making.go_on(f"BATCH#{answer.headers['Location'].partition('?')[0].rpartition('/')[2]}", here.at)
    assert "没有符合条件的待导出扣款" in desk.shown("/seal?period=2026-03")


def test_the_preview_is_narrowed_by_month_nature_and_why_it_waits_and_so_is_the_batch(here: World, desk: Desk) -> None:
    firm(here)
    desk.sign_in()
    desk.post("/periods", move="open", period="2026-03")
    line = sealing.preview("E1").lines[0]
    fits = f"?month={line.month}&nature=penalty&status=first&contract={line.contract}"
    assert "1 笔已确定扣款" in desk.shown(fits)
    assert "违约金" in desk.shown(fits)
    for other in ("month=2025-01", "nature=loss", "status=again", "status=reversal"):
        assert "没有符合条件的待导出扣款" in desk.shown(f"?{other}")
    chosen = {"period": "2026-03", "nature": "penalty", "seen": desk.seen("/seal?period=2026-03&nature=penalty")}
    answer = desk.post("/seal", **chosen)
    name = answer.headers["Location"].partition("?")[0].rpartition("/")[2]
    assert making.go_on(f"BATCH#{name}", here.at).filter.plain() == {"nature": "penalty"}
    assert sealing.preview("E1").lines == []


def test_a_project_goes_by_its_name_in_the_table_the_sums_and_what_narrows(here: World, desk: Desk) -> None:
    firm(here)
    desk.sign_in()
    page = desk.get().body.decode()
    assert "<td>P1苑</td>" in page
    assert "<span>P1苑</span>" in page
    assert '<option value="P1">P1苑</option>' in page
    assert ">P1<" not in page


def test_a_period_is_closed_as_it_was_shown(here: World, desk: Desk) -> None:
    firm(here)
    desk.sign_in()
    desk.post("/periods", move="open", period="2026-03")
    page = desk.shown("/periods?close=2026-03")
    assert "确认关闭2026-03" in page
    assert "尚有1笔、694.00元未导出" in page
    assert desk.post("/periods", move="close", period="2026-03").status_code == 409
    assert periods.of("E1").is_open("2026-03")
    seen = desk.seen("/periods?close=2026-03")
    assert desk.post("/periods", move="close", period="2026-03", seen=seen).status_code == 303
    assert periods.of("E1").is_closed("2026-03")
    assert "确认关闭" not in desk.shown("/periods?close=2026-03")
