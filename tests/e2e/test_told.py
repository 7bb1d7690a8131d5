"""Who is told what, once, and in the words of whoever reads it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.play import Play, plain, zh


def test_merging_asks_which_goes_on_and_both_are_told(play: Play, links: dict[str, str]) -> None:
    here = play.sent_report("LW-A-1102", "客厅墙面开裂")
    other = play.sent_report("LW-A-1103", "客厅墙面裂缝")
    _, holder = play.work_link(other)
    desk = play.open(play.desktop(), f"{links['LW-D1']}/{play.ticket_id(here.number)}")
    play.do(desk, "merge", into=other.number, survives="this")
    expect(desk.locator("main")).to_contain_text(
        zh("Merged: both go on under one number, and both sides have been told.")
    )
    told = play.eventually(
        lambda: [m for m in play.messages(other, other.phone) if here.number in m.text], "who reported"
    )
    page = play.open(play.phone(), told[0].links[0])
    expect(page.locator("h1")).to_contain_text(here.number)
    play.eventually(
        lambda: [m for m in play.messages(other) if plain(m.to) == holder and "无需上门" in m.text], "who had it"
    )
