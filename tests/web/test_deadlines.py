"""A deadline through every door: the owner's page, the staff's, the lists, the late pages, SMS and mail agree."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from chalice.test import Client

from chalicelib.domain.ticket.promises import Promise, promises
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.language import wording
from chalicelib.language.deadlines import dated, deadline
from chalicelib.services.record.numbers import policy_of
from tests.web.links import own, staff
from tests.world import STAFF, World

LANGS = ("zh_CN", "en")
TZ = "Asia/Shanghai"
# After the report: minutes and seconds around the deadlines of 10, 15 and 30 min, 2 and 4 h, and days.
MOMENTS = [timedelta(minutes=m) for m in (0, 1, 9.99, 15, 29, 30, 31, 90, 121, 240, 271, 700, 1441, 3000, 5761, 20000)]


def seen(browser: Client, path: str, lang: str) -> str:
    """The text of a page, as it reads."""
    answer = browser.http.get(f"{path}?lang={lang}")
    assert answer.status_code == 200, path
    body = re.sub(r"<(script|style).*?</\1>", " ", answer.body.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def running(ticket: Ticket) -> dict[str, Promise]:
    return {p.name: p for p in promises(ticket, policy_of(ticket)) if p.running and p.clock.due_at}


def doors(world: World, browser: Client, ticket: Ticket, lang: str) -> int:
    """Every running clock is said alike wherever it is said; how many sayings were compared."""
    runs, desk, compared = running(ticket), staff("d1"), 0
    pages = {
        "owner": seen(browser, own(ticket), lang),
        "owner late": seen(browser, f"{own(ticket)}/late", lang),
        "desk": seen(browser, f"/d/{desk}/{ticket.id}", lang),
        "desk late": seen(browser, f"/d/{desk}/{ticket.id}/late", lang),
        "queue": seen(browser, f"/d/{desk}", lang),
    }
    if ticket.holder in STAFF:
        pages["staff"] = seen(browser, f"/w/{staff(ticket.holder)}/{ticket.id}", lang)
    next_by = min(runs, key=lambda name: runs[name].clock.due_at or world.at, default="")
    for name, promise in runs.items():
        due = promise.clock.due_at
        assert due
        said = deadline(due, world.at, TZ, lang, ours=promise.rule.hands != "owner")
        where = [door for door in pages if door.startswith("desk") or door == "staff"]
        if "owner" in promise.rule.shown:
            where.append("owner late")
            where += ["owner"] * (promise.rule.promised and ticket.state in promise.rule.awaited)
        where += ["queue"] * (name == next_by)
        for door in where:
            assert said.when in pages[door], (door, name)
            if not (door == "owner" and name == "arrive" and ticket.window and not said.late):
                assert said.left in pages[door], (door, name, said.left)
            compared += 1
    return compared


@pytest.mark.parametrize("lang", LANGS)
def test_every_door_says_every_deadline_in_the_same_words(world: World, browser: Client, lang: str) -> None:
    ticket, compared = world.report("水龙头滴水"), 0
    world.pump()
    start = world.at
    for after in MOMENTS:
        world.at = start + after
        compared += doors(world, browser, world.load(ticket), lang)
    assert compared > 200


@pytest.mark.parametrize("lang", LANGS)
def test_they_agree_through_the_work_too(world: World, browser: Client, lang: str) -> None:
    ticket = world.report("水龙头滴水")
    world.pump()
    for move, more in (("acknowledge", {}), ("contact", {"how": "phone"}), ("arrive", {}), ("complete", {})):
        world.at += timedelta(minutes=47, seconds=13)
        world.do(ticket, move, **more)
        assert doors(world, browser, world.load(ticket), lang)
    for days in (3, 8):
        world.at += timedelta(days=days)
        assert doors(world, browser, world.load(ticket), lang)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("template", ["reported", "acknowledged", "assigned"])
def test_sms_and_mail_name_the_moment_of_the_pages_by_its_date(world: World, lang: str, template: str) -> None:
    ticket = world.report("水龙头滴水", lang=lang)
    world.pump()
    ticket = world.load(ticket)
    clock = {"reported": "response", "acknowledged": "arrive", "assigned": "acknowledge"}[template]
    due = running(ticket)[clock].clock.due_at
    assert due
    for days in (0, 1):  # sent at once, or a day late
        at = world.at + timedelta(days=days)
        for short in (True, False):
            known = wording.facts(ticket, policy_of(ticket), template, {}, lang, at, short=short)
            assert known["by"] == dated(due, at, TZ, lang, short=short)
            assert not re.search("今天|明天|today|tomorrow", " ".join(known.values()))


def test_the_promised_contact_stays_on_the_owners_page_until_it_is_kept(world: World, browser: Client) -> None:
    ticket = world.report("水龙头滴水")
    world.pump()
    world.do(ticket, "acknowledge")
    assert "我们将在今天 09:30 前联系您" in seen(browser, own(ticket), "zh_CN")
    world.do(ticket, "contact", how="phone")
    after = seen(browser, own(ticket), "zh_CN")
    assert "09:30 前联系您" not in after
    assert "前上门" in after


def test_what_the_owner_lets_pass_is_never_called_late(world: World, browser: Client) -> None:
    ticket = world.report("水龙头滴水")
    world.pump()
    for move, more in (("contact", {"how": "phone"}), ("acknowledge", {}), ("arrive", {}), ("complete", {})):
        world.do(ticket, move, **more)
    world.do(ticket, "follow_up", "d1", fixed=True)
    world.advance(days=8)
    page, why = browser.http.get(own(ticket)).body.decode(), seen(browser, f"{own(ticket)}/late", "zh_CN")
    assert "验收期已过" in page
    assert "主管核验" in page
    assert "您仍可验收签字" in page
    assert "验收期已过" in why
    assert "逾期" not in page
    assert "逾期" not in why.replace("逾期后", "").replace("没有逾期", "")  # the legend; what was kept
    assert "left--late" not in page
    assert "state--late" not in page
    assert "climb" not in page
    assert "/sheet" in page


def test_a_desk_lists_it_apart_from_what_is_late(world: World, browser: Client) -> None:
    ticket = world.report("水龙头滴水")
    world.pump()
    for move, more in (("contact", {"how": "phone"}), ("acknowledge", {}), ("arrive", {}), ("complete", {})):
        world.do(ticket, move, **more)
    world.do(ticket, "follow_up", "d1", fixed=True)
    world.advance(days=8)
    queue = browser.http.get(f"/d/{staff('d1')}?lang=zh_CN").body.decode()
    assert "业主期限已过" in queue
    assert "left--late" not in queue
