"""The other lives: complaint, suggestion, and the turns that a repair may take."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.e2e.play import OWNERS, Play, Reported, jpeg, plain, sign, zh


def on_site(play: Play, unit: str, words: str = "洗手池下水堵了") -> tuple[Reported, str]:
    """A repair with somebody at work: (ticket, their link)."""
    ticket = play.sent_report(unit, words)
    link, _ = play.work_link(ticket)
    for move in ("contact", "acknowledge", "arrive"):
        status, _, body = play.post(f"{link}/{move}", key=f"{move}-{ticket.digits}", how="phone")
        assert status == 303, body
    return ticket, link


def complete(play: Play, link: str) -> None:
    page = play.open(play.phone(), link)
    play.do(page, "complete", photo=[jpeg(page)], words="已修好")


def test_a_complaint_is_relayed_answered_resulted_and_settled(play: Play, links: dict[str, str]) -> None:
    owner = play.phone()
    ticket = play.report(owner, "LW-A-1203", "保安态度差，多次反映没人管", kind="complaint")
    desk = play.open(play.desktop(), links["LW-D1"])
    play.tap(desk, desk.get_by_role("link", name=ticket.number))
    play.do(desk, "relay", to="PM", words="请核实")
    link = play.eventually(
        lambda: [m for m in play.messages(ticket, link="/t/") if plain(m.to).startswith("1000011")],
        "the department is told",
    )[-1].links[0]
    department = play.open(play.phone(), link)
    expect(department.locator("main")).to_contain_text("请核实")
    play.do(department, "answer", words="我们正在核实，三天内答复您")
    play.eventually(lambda: [m for m in play.messages(ticket, ticket.phone) if "答复" in m.text], "the answer")
    play.open(owner, ticket.link)
    expect(owner.locator("main")).to_contain_text("三天内答复您")
    play.do(department, "write_result", words="已调整班次")
    play.open(owner, ticket.link)
    play.do(owner, "confirm", satisfied="no", words="没有人道歉")
    expect(owner.locator("h1")).to_have_text(zh("We look into it again and give you a new result"))
    play.open(department, link)
    expect(department.locator("main")).to_contain_text("没有人道歉")
    play.do(department, "write_result", words="已调整班次并道歉")
    play.open(owner, ticket.link)
    expect(owner.locator("main")).to_contain_text("已调整班次并道歉")
    play.do(owner, "confirm", satisfied="yes")
    expect(owner.locator("h1")).to_have_text(zh("Closed. Thank you"))


def test_a_suggestion_is_closed_by_its_answer(play: Play, links: dict[str, str]) -> None:
    ticket = play.sent_report("LW-A-1001", "建议花园加装长椅", kind="suggestion")
    desk = play.open(play.desktop(), links["LW-D2"])
    play.tap(desk, desk.get_by_role("link", name=ticket.number))
    play.do(desk, "answer", words="已列入下季度计划，谢谢")
    owner = play.open(play.phone(), ticket.link)
    expect(owner.locator("main")).to_contain_text("已列入下季度计划")
    expect(owner.locator("h1")).to_have_text(zh("Closed. Thank you"))


def test_an_owner_cancels_and_whoever_was_to_come_is_told(play: Play) -> None:
    ticket = play.sent_report("LW-A-101", "卧室窗户关不严")
    link, technician = play.work_link(ticket)
    had = len(play.messages(ticket, technician))
    owner = play.open(play.phone(), ticket.link)
    play.do(owner, "cancel", words="自己修好了")
    expect(owner.locator("h1")).to_have_text(zh("Cancelled. Nobody will come"))
    play.eventually(lambda: len(play.messages(ticket, technician)) > had, "the technician is told")
    status, _, _ = play.post(f"{link}/acknowledge", key=f"late-{ticket.digits}")
    assert status in (404, 409)


def test_refused_work_is_done_again_and_signed_then(play: Play) -> None:
    ticket, link = on_site(play, "YS-1-1-501")
    complete(play, link)
    owner = play.phone()
    plainly = play.open(play.phone(java_script_enabled=False), ticket.link + "/sheet")
    before = play.stack.now()
    plainly.locator("details:has(form[action$='/refuse']) > summary").click()
    plainly.fill("form[action$='/refuse'] [name=words]", "还是漏")
    plainly.locator("form[action$='/refuse'] button").first.click()
    expect(plainly.locator("h1")).to_have_text(zh("We come again and put it right"))
    link, _ = play.work_link(ticket, after=before)
    page = play.open(play.phone(), link)
    expect(page.locator("main")).to_contain_text("还是漏")
    for move in ("acknowledge", "arrive"):
        play.do(page, move)
    play.do(page, "complete", photo=[jpeg(page)], words="重新密封")
    play.open(owner, ticket.link + "/sheet")
    sign(owner)
    play.do(owner, "sign_off")
    expect(owner.locator("main")).to_contain_text(
        zh("Thank you. The work is signed off; we ask you later whether it is really fixed.")
    )


def test_declined_work_goes_to_somebody_else_and_never_back(play: Play) -> None:
    ticket = play.sent_report("YS-1-1-601", "卫生间地漏返臭")
    link, first = play.work_link(ticket)
    page = play.open(play.phone(), link)
    form = play.form(page, "decline")
    play.fill(form, "words", "今天排满了")
    with page.expect_navigation(url=re.compile("passed-on")):
        play.button(page, form, "decline").click()
    play.look(page)
    assert play.is_passed_on(link)
    others = play.eventually(
        lambda: [m for m in play.messages(ticket, link="/t/") if plain(m.to) != first], "somebody else has it"
    )
    assert play.fetched(others[0].links[0])[0] == 200


def test_work_that_waits_rests_its_clocks_and_goes_on(play: Play) -> None:
    ticket, link = on_site(play, "YS-1-1-701", "厨房水管接头坏了")
    page = play.open(play.phone(), link)
    until = page.locator("#pause-until").get_attribute("min") or ""
    play.do(page, "pause", reason="parts", until=until, words="等阀门到货")
    owner = play.open(play.phone(), ticket.link)
    expect(owner.locator("h1")).to_contain_text(zh("The work has to wait until %(day)s: %(why)s").partition("%")[0])
    expect(owner.locator("main")).to_contain_text("等阀门到货")
    play.told(ticket, ticket.phone)
    longer = page.locator("#wait_longer-until").get_attribute("max") or ""
    play.do(page, "wait_longer", until=longer, words="厂家缺货")
    play.open(owner, ticket.link)
    expect(owner.locator("main")).to_contain_text("厂家缺货")
    play.do(page, "resume")
    play.open(owner, ticket.link + "/late")
    expect(owner.locator("main")).to_contain_text(zh("counted, after the deadline"))


def test_where_nobody_signs_a_supervisor_checks_and_it_is_closed_by_the_follow_up(
    play: Play, links: dict[str, str]
) -> None:
    ticket, link = on_site(play, "YS-1-1-801")
    complete(play, link)
    supervisor = play.phone()
    play.open(supervisor, links["BJ-S1"])
    own = play.ticket_id(ticket.number)
    play.open(supervisor, f"{links['BJ-S1']}/{own}")
    play.do(supervisor, "check", words="业主长期在外，现场查看合格")
    owner = play.open(play.phone(), ticket.link + "/sheet")
    expect(owner.locator(".sheet")).to_contain_text(zh("Supervisor's check (not signed by the owner)"))
    assert owner.locator("img.signature").count() == 0
    desk = play.open(play.desktop(), f"{links['YS-D1']}/{own}")
    play.do(desk, "follow_up", fixed="yes")
    play.open(owner, ticket.link)
    expect(owner.locator("h1")).to_have_text(zh("Closed. Thank you"))


def test_not_fixed_at_the_follow_up_is_rework(play: Play, links: dict[str, str]) -> None:
    ticket, link = on_site(play, "YS-1-1-901")
    complete(play, link)
    desk = play.open(play.desktop(), f"{links['YS-D1']}/{play.ticket_id(ticket.number)}")
    before = play.stack.now()
    play.do(desk, "follow_up", fixed="no", words="两天后又堵了")
    assert play.work_link(ticket, after=before)
    owner = play.open(play.phone(), ticket.link)
    expect(owner.locator("h1")).to_have_text(zh("We come again and put it right"))


def test_the_owner_proposes_a_time_and_it_is_accepted(play: Play) -> None:
    ticket = play.sent_report("YS-1-2-101", "厨房吊柜门掉了")
    link, technician = play.work_link(ticket)
    page = play.open(play.phone(), link)
    play.do(page, "contact")
    play.do(page, "acknowledge")
    owner = play.open(play.phone(), ticket.link)
    form = play.form(owner, "propose_window")
    day = form.locator("[name=day] option").nth(2).get_attribute("value")
    play.do(owner, "propose_window", day=day, slot="14-16")
    play.eventually(lambda: len(play.messages(ticket, technician)) >= 2, "the technician is told")
    play.open(page, link)
    accept = page.locator("#m-accept_window")
    with page.expect_navigation(url=re.compile("done=set_window")):
        play.button(page, accept, "set_window").click()
    play.open(owner, ticket.link)
    expect(owner.locator("h1")).to_contain_text("14:00")


def test_the_whole_form_and_page_speak_english_after_the_switch(play: Play) -> None:
    owner = play.phone()
    play.open(owner, "/report?p=LW-A-201")
    play.tap(owner, owner.get_by_role("link", name="English"))
    expect(owner.locator("html")).to_have_attribute("lang", "en")
    ticket = play.report(owner, "LW-A-201", "The bathroom tap is dripping")
    expect(owner.locator("main")).to_contain_text(re.compile("We call you before|is with you before"))
    told = play.told(ticket, ticket.phone)
    assert re.search(r"We have your report \(.+\), ticket [\d-]+\. We call you by .+\d\d:\d\d", told.text)
    text = owner.inner_text("main").replace("澜湾花园", "").replace("A座", "")
    assert not re.search(r"[\u4e00-\u9fff]{2}", re.sub(r"演示\S+|滨江\S*|河东\S*|\S*物业\S*|\S*服务热线", "", text)), (
        text
    )


def test_a_report_is_made_followed_and_cancelled_without_javascript(play: Play) -> None:
    owner = play.phone(java_script_enabled=False)
    owner.goto(play.stack.url + "/")
    owner.get_by_role("link", name=zh("Report something")).click()
    owner.get_by_role("link", name="枫林里", exact=True).click()
    owner.locator("#places").get_by_role("link", name="2号楼").click()
    owner.locator("#places").get_by_role("link").first.click()
    owner.locator("#places").get_by_role("link").first.click()
    owner.fill("[name=words]", "阳台漏水")
    owner.locator("#send").click()
    expect(owner.locator(".error").first).to_be_visible()
    expect(owner.locator("[name=words]")).to_have_value("阳台漏水")
    owner.fill("[name=phone]", plain(OWNERS["FL-2-1-101"]["phone"]))
    owner.locator("[name=consent]").check(force=True)
    owner.locator("#send").click()
    expect(owner.locator("main .number")).to_be_visible()
    owner.locator("details:has(form[action$='/cancel']) > summary").click()
    owner.locator("form[action$='/cancel'] button").first.click()
    expect(owner.locator("h1")).to_have_text(zh("Cancelled. Nobody will come"))


def test_a_form_that_is_sent_twice_gives_one_ticket(play: Play) -> None:
    with play.requests() as ask:
        page = ask.get(f"{play.stack.url}/report?p=LW-A-301").text()
        mark = re.search(r'name="mark" value="(\w+)"', page)
        assert mark
        fields = {"mark": mark[1], "place": "LW-A-301", "kind": "repair", "reporter": "owner", "words": "灯坏了"}
        fields |= {"phone": plain(OWNERS["LW-A-301"]["phone"]), "consent": "yes", "seen": "1"}
        sent = [ask.post(f"{play.stack.url}/report", form=fields, max_redirects=0) for _ in range(3)]
    assert {a.status for a in sent} == {303}
    assert len({a.headers["location"].partition("?")[0] for a in sent}) == 1
    assert "done=again" in sent[1].headers["location"]


def test_a_phone_that_is_not_registered_is_taken_marked_and_learns_nothing(play: Play, links: dict[str, str]) -> None:
    stranger = play.phone()
    known = OWNERS["LW-A-401"]
    ticket = play.report(stranger, "LW-A-401", "楼道灯不亮", phone="10099998888", reporter="behalf")
    for address in (ticket.link, ticket.link + "/sheet", ticket.link + "/late"):
        _, body = play.fetched(address)
        assert str(known["name"]) not in body
        assert plain(known["phone"]) not in re.sub(r"\D", "", body)
        assert str(known["email"]) not in body
    desk = play.open(play.desktop(), f"{links['LW-D1']}/{play.ticket_id(ticket.number)}")
    expect(desk.locator("main")).to_contain_text(zh("Unverified"))
    assert plain(known["phone"]) not in {plain(m.to) for m in play.messages(ticket)}


def test_what_is_open_here_is_followed_instead_of_reported_again(play: Play) -> None:
    first = play.sent_report("LW-A-501", "厨房水管漏水")
    play.told(first, first.phone)
    had = len(play.messages(first, first.phone))
    owner = play.phone()
    play.open(owner, "/report?p=LW-A-501")
    owner.fill("[name=words]", "厨房漏水")
    owner.locator("[name=words]").blur()
    expect(owner.locator("[name=category]")).not_to_have_value("")
    expect(owner.locator("#alike")).to_be_hidden()  # a stranger learns nothing
    owner.locator("[name=phone]").press_sequentially(first.phone)
    expect(owner.locator("#alike")).to_be_in_viewport()  # where the eyes are, before anything else is typed
    play.look(owner)
    with owner.expect_navigation(url=re.compile("done=followed")):
        owner.locator("button[form=follow]").click()
    play.look(owner)
    play.eventually(lambda: len(play.messages(first, first.phone)) > had, "the link goes to who reported it")
    assert len(play.messages(first)) == had + len(play.messages(first, link="/t/")) + 1, "nobody else is told"


def test_a_plan_that_the_owner_agrees_to_is_the_new_promise(play: Play) -> None:
    ticket, link = on_site(play, "YS-1-2-201", "厨房下水管老化堵塞")
    page = play.open(play.phone(), link)
    day = (play.stack.now() + timedelta(days=9)).date().isoformat()
    play.do(page, "propose_plan", day=day, until="18:00", words="整根更换，分两次施工")
    owner = play.open(play.phone(), ticket.link)
    expect(owner.locator("main")).to_contain_text("分两次施工")
    play.do(owner, "agree_plan")
    expect(owner.locator("main")).to_contain_text(zh("Agreed completion"))
    play.open(owner, ticket.link + "/late")
    expect(owner.locator("main")).to_contain_text("18:00")
