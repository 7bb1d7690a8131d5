"""Cellars have no signal: what staff enter there is kept on the phone and sent later, once."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.e2e.play import Play, jpeg, zh


def test_what_is_entered_without_signal_is_kept_and_sent_later_once(play: Play) -> None:
    ticket = play.sent_report("YS-2-2-101", "地下室下水管堵了")
    link, _ = play.work_link(ticket)
    page = play.open(play.phone(), link)
    play.do(page, "contact")
    page.context.set_offline(True)
    play.do(page, "acknowledge", stays=True)
    kept = page.locator("#outbox .kept")
    expect(kept).to_contain_text(zh("Kept on this phone, will be sent as soon as there is signal"))
    play.do(page, "arrive", stays=True)
    expect(kept.locator("li")).to_have_count(2)
    play.do(page, "note", stays=True, words="管道井积水")
    expect(kept.locator("li")).to_have_count(3)
    # a closed browser loses nothing: another page of the same phone still has it
    again = page.context.new_page()
    again.goto(link)
    expect(again.locator("#outbox .kept li")).to_have_count(3)
    assert not [p for p in play.parts(ticket.number) if "acknowledged" in str(p)]

    page.context.set_offline(False)
    expect(page.locator("main > .notice[role=status]")).to_be_visible()
    kinds = play.eventually(lambda: sent(play, ticket.number), "all three are there")
    assert (kinds.count("acknowledged"), kinds.count("arrived"), kinds.count("noted")) == (1, 1, 1)
    third = play.open(page.context.new_page(), link)
    expect(third.locator("#outbox .kept")).to_have_count(0)
    kinds = sent(play, ticket.number) or []
    assert (kinds.count("acknowledged"), kinds.count("arrived"), kinds.count("noted")) == (1, 1, 1)


def test_what_was_entered_too_late_is_shown_with_what_became_of_it(play: Play) -> None:
    ticket = play.sent_report("YS-2-2-201", "厨房水槽下水堵了")
    link, _ = play.work_link(ticket)
    page = play.open(play.phone(), link)
    page.context.set_offline(True)
    play.do(page, "note", stays=True, words="已到现场看过")
    status, location, _ = play.post(ticket.link + "/cancel", words="不需要了")
    assert (status, "done=cancel" in location) == (303, True)
    page.context.set_offline(False)
    expect(page.locator("#outbox .refused")).to_contain_text("已到现场看过")


SLOWLY = """() => {
    const made = window.Picking;
    window.Picking = file => new Promise(done => setTimeout(() => done(made(file)), 1500));
}"""


def test_what_is_sent_while_its_photos_are_still_made_small_goes_with_them(play: Play) -> None:
    ticket = play.sent_report("YS-1-2-301", "洗手池下水堵了")
    link, _ = play.work_link(ticket)
    for move in ("contact", "acknowledge", "arrive"):
        assert play.post(f"{link}/{move}", key=f"{move}-{ticket.digits}", how="phone")[0] == 303
    page = play.open(play.phone(), link)
    page.evaluate(SLOWLY)
    play.do(page, "complete", photo=[jpeg(page)], words="已修好")
    kept = [row["body"]["S"] for row in play.parts(ticket.number) if row["sk"]["S"].startswith("EVENT#")]
    [completed] = [event for body in kept for event in json.loads(body)["e"] if event["k"] == "completed"]
    assert completed["d"]["photos"] == 1


def test_a_photo_that_cannot_be_read_holds_back_what_was_sent_with_it(play: Play) -> None:
    ticket = play.sent_report("YS-1-2-302", "洗手池下水堵了")
    link, _ = play.work_link(ticket)
    page = play.open(play.phone(), link)
    page.evaluate(SLOWLY)
    play.do(page, "note", stays=True, photo=[b"no picture"], words="现场情况")
    expect(page.locator("form[action$='/note'] .error")).to_be_visible()
    assert not {"noted", "note"} & set(play.kinds(ticket.number))


def sent(play: Play, number: str) -> list[str] | None:
    kinds = play.kinds(number)
    return kinds if {"acknowledged", "arrived", "noted"} <= set(kinds) else None
