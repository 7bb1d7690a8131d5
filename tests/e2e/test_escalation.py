"""No deadline passes silently: what nobody does climbs, and everybody can see why it is late."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.play import NUMBER, STAFF, Play, like, plain, staff_phone, zh

LEVEL_2 = {staff_phone(code) for code in STAFF if "-S" in code}
LEVEL_3 = {staff_phone(code) for code in STAFF if code.startswith("H")}


def test_a_ticket_that_nobody_acknowledges_goes_to_another_and_level_2_is_told(play: Play) -> None:
    ticket = play.sent_report("FL-2-1-302", "厨房下水道堵了")
    link, first = play.work_link(ticket)
    assert play.fetched(link)[0] == 200
    play.advance(minutes=31)

    play.eventually(lambda: {plain(m.to) for m in play.messages(ticket, link="/t/")} & LEVEL_2, "level 2 is told")
    technicians = {staff_phone(code) for code in STAFF if code.startswith("FL-E")}
    second = play.eventually(lambda: told_at(play, ticket, technicians) - {first}, "somebody else has it now").pop()
    link_2, _ = play.work_link(ticket, second)
    assert play.is_passed_on(link)

    above = play.open(play.phone(), play.told(ticket, next(iter(told_at(play, ticket, LEVEL_2))), link="/t/").links[0])
    play.do(above, "hand_back", words="请马上联系业主")
    page = play.open(play.phone(), link_2)
    expect(page.locator("main")).to_contain_text("请马上联系业主")
    play.do(page, "acknowledge")


def told_at(play: Play, ticket: object, level: set[str]) -> set[str]:
    return {plain(m.to) for m in play.messages(ticket, link="/t/")} & level  # type: ignore[arg-type]


def test_warning_breach_level_2_and_level_3_follow_each_other_and_both_sides_see_why(
    play: Play, links: dict[str, str]
) -> None:
    ticket = play.sent_report("FL-2-2-402", "马桶漏水不停")
    link, technician = play.work_link(ticket)
    page = play.open(play.phone(), link)
    play.do(page, "contact")
    play.do(page, "acknowledge")
    number = ticket.number

    def count(to: str) -> int:
        return len([m for m in play.stack.mailbox(to) if number in m.text or plain(number) in m.text])

    had = count(technician)
    play.advance(hours=1, minutes=40)
    play.eventually(lambda: count(technician) > had, "the technician is warned")
    assert not told_at(play, ticket, LEVEL_2)

    play.advance(hours=2, minutes=30)
    play.eventually(lambda: told_at(play, ticket, LEVEL_2), "level 2 is told of the breach")
    assert not told_at(play, ticket, LEVEL_3)

    play.advance(hours=5)
    play.eventually(lambda: told_at(play, ticket, LEVEL_3), "level 3 is told")

    # the desk sees the complaint that level 3 opened, linked to the repair
    desk = play.open(play.desktop(), links["FL-D1"])
    play.tap(desk, desk.get_by_role("link", name=number))
    play.tap(desk, desk.get_by_role("link", name=zh("Linked ticket")))
    for said in ("系统投诉", f"关于{number}：", "逾期后仍无人处理"):
        expect(desk.locator("main")).to_contain_text(said)
    theirs = set(NUMBER.findall(desk.inner_text("main"))) - {number}
    assert theirs
    assert not [m for other in theirs for m in play.messages(other, ticket.phone)], "a number that they don't know"
    owner = play.open(play.phone(), ticket.link)
    expect(owner.locator("#late")).to_be_visible()

    # why is it late? for whoever works on it, and in plain words for the owner
    why = play.open(play.desktop(), link + "/late")
    expect(why.locator("h1")).to_have_text(zh("Why is it late?"))
    expect(why.locator(".account").first).to_contain_text(zh("Who was told"))
    assert why.locator("svg[role=img]").count() == 1, "the clock that was missed"
    assert why.locator("table.counted tbody tr").count() >= 2
    expect(why.locator(".others li")).to_have_count(5)
    play.tap(why, why.get_by_role("link", name=zh("Every clock with its bar and table")))
    assert why.locator("svg[role=img]").count() == 6
    play.open(owner, ticket.link + "/late")
    expect(owner.locator("h1")).to_have_text(zh("Why does it take so long?"))
    expect(owner.locator(".account").first).to_contain_text(like("%(late)s. We are sorry."))
    assert "测试" not in owner.inner_text("main"), "no member of staff is named to the owner"


def test_an_owner_whose_promise_was_broken_asks_for_the_next_desk(play: Play) -> None:
    ticket = play.sent_report("FL-3-1-201", "客厅插座没电")
    link, _ = play.work_link(ticket)
    page = play.open(play.phone(), link)
    play.do(page, "contact")
    owner = play.open(play.phone(), ticket.link)
    assert owner.locator("form[action$='/climb']").count() == 0, "nothing was broken yet"
    play.do(page, "acknowledge")
    play.advance(hours=5)
    play.eventually(lambda: told_at(play, ticket, LEVEL_2), "level 2 is told of the breach")
    late = "未能按时上门"
    play.eventually(lambda: any(late in m.text for m in play.messages(ticket, ticket.phone)), "the owner is told")
    play.open(owner, ticket.link)
    expect(owner.locator("#late")).to_contain_text("还没有上门")
    expect(owner.locator("#late")).to_contain_text("正在催办")
    play.do(owner, "climb")
    expect(owner.locator("[aria-current=step]")).to_contain_text("集团")
    play.eventually(lambda: told_at(play, ticket, LEVEL_3), "level 3 is told")
    assert owner.locator("form[action$='/climb']").count() == 0, "there is no desk above"
