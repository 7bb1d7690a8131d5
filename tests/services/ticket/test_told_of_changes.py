"""What changes while a ticket is open is told to whoever waits for it or has it, with what they need to know next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.ticket import turns
from chalicelib.domain.ticket.promises import promises
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.language import wording
from chalicelib.language.turns import new_time_text
from chalicelib.services.access import access
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.record.registry import Recipient
from chalicelib.services.ticket import posting
from chalicelib.store.messages import Message
from tests.world import World

PHONE = "13911110001"


def open_repair(world: World, **more: str) -> Ticket:
    ticket = world.report("卫生间漏水", **more)
    world.pump()
    return world.load(ticket)


def told(world: World, ticket: Ticket, template: str) -> list[str]:
    return [m.to for m in world.told(ticket) if m.template == template]


def sms(world: World, ticket: Ticket, template: str, form: str = "link") -> str:
    """The message as it would be sent now."""
    known = wording.facts(
        world.load(ticket),
        policy_of(world.load(ticket)),
        template,
        facts(world, ticket, template),
        "zh_CN",
        world.at,
        short=True,
    )
    way = {"link": "https://b.cn/o/" + "A" * 22} if form == "link" else {"code": "12345678", "page": "https://b.cn/c"}
    return wording.sms(template, known, "zh_CN", "保修", **way)


def facts(world: World, ticket: Ticket, template: str) -> dict[str, object]:
    return dict(next(m.facts for m in world.told(ticket) if m.template == template))


def due(world: World, ticket: Ticket, clock: str) -> str:
    """As an SMS says it."""
    found = world.load(ticket)
    by = next(p.clock.due_at for p in promises(found, policy_of(found)) if p.name == clock and p.running)
    assert by is not None
    return f"{by.astimezone(policy_of(found).calendars['service'].zone):%H:%M}"


def test_who_has_it_hears_that_the_desk_lets_it_wait_until_when_and_why(world: World) -> None:
    ticket = open_repair(world)
    world.do(ticket, "acknowledge")
    world.do(ticket, "pause", "d1", reason="parts")
    world.pump()
    assert told(world, ticket, "paused_for_you") == [ticket.holder]
    said = sms(world, ticket, "paused_for_you")
    assert "3月5日" in said
    assert "配件" in said


def test_who_pauses_it_himself_is_not_told_so(world: World) -> None:
    ticket = open_repair(world)
    world.do(ticket, "acknowledge")
    world.do(ticket, "pause", reason="parts")
    world.pump()
    assert told(world, ticket, "paused_for_you") == []


def test_a_longer_wait_that_the_desk_sets_is_told_to_who_has_it(world: World) -> None:
    ticket = open_repair(world)
    world.do(ticket, "acknowledge")
    world.do(ticket, "pause", reason="parts")
    world.do(ticket, "wait_longer", "d1", **world.in_three_days())
    world.pump()
    assert told(world, ticket, "paused_for_you") == [ticket.holder]


@pytest.mark.parametrize("form", ["link", "code"])
@pytest.mark.parametrize("template", ["priority_lowered", "lowered_for_you"])
def test_a_lower_priority_is_told_with_its_new_time(world: World, template: str, form: str) -> None:
    ticket = open_repair(world)
    world.do(ticket, "set_priority", "d1", priority="urgent")
    world.do(ticket, "set_priority", "d1", said={"words": "水阀已关"}, priority="normal")
    world.pump()
    assert f"{due(world, ticket, 'arrive')}前" in sms(world, ticket, template, form)


def test_an_emergency_that_was_none_at_first_sends_what_to_do_first(world: World) -> None:
    ticket = open_repair(world)
    world.do(ticket, "set_priority", "d1", priority="emergency")
    world.pump()
    assert told(world, ticket, "made_emergency") == ["reporter"]
    safety = policy_of(world.load(ticket)).safety(ticket.category)
    assert sms(world, ticket, "made_emergency").startswith(
        f"【保修】{wording.words.safety_word(safety.brief, 'zh_CN')}"
    )
    assert told(world, ticket, "raised_for_you") == [ticket.holder]
    assert f"{due(world, ticket, 'arrive')}前" in sms(world, ticket, "raised_for_you")


def test_it_is_told_once_and_not_again_as_a_new_date(world: World) -> None:
    ticket = open_repair(world)
    world.do(ticket, "set_priority", "d1", priority="emergency")
    world.pump()
    by_change = [(m.to, m.template) for m in world.told(ticket) if m.template in ("deadline_changed", "made_emergency")]
    assert by_change == [("reporter", "made_emergency")]


def test_an_emergency_that_turns_out_to_be_gas_sends_what_to_do_about_gas(world: World) -> None:
    ticket = open_repair(world)
    world.do(ticket, "set_priority", "d1", priority="emergency")
    world.do(ticket, "set_category", "d1", category="gas_smell")
    world.pump()
    assert len(told(world, ticket, "made_emergency")) == 2
    brief = policy_of(world.load(ticket)).safety("gas_smell").brief
    assert wording.words.safety_word(brief, "zh_CN") in sms(world, ticket, "made_emergency")


def test_a_category_that_changes_without_danger_sends_no_safety_steps(world: World) -> None:
    ticket = open_repair(world)
    world.do(ticket, "set_category", "d1", category="gas_smell")
    world.pump()
    assert told(world, ticket, "made_emergency") == []


def test_when_the_owners_time_to_sign_is_over_nobody_is_called_late(world: World) -> None:
    ticket = open_repair(world)
    for move in ("acknowledge", "arrive", "complete"):
        world.do(ticket, move)
    world.advance(days=7, minutes=5)
    assert told(world, ticket, "check_due")
    assert not [m for m in world.told(ticket) if m.template == "escalated" and m.facts.get("clock") == "sign_off"]
    said = sms(world, ticket, "check_due")
    assert "验收期已过" in said
    assert "逾期" not in said
    last = next(e for e in reversed(world.load(ticket).events) if e.kind == "breached")
    assert last.data["clock"] == "sign_off"
    told_as = wording.words.event_sentence(last, "zh_CN", "Asia/Shanghai", "staff", {}, world.at)
    assert told_as == "验收期已过"


# merging


def merged(world: World, mine: dict[str, str], theirs: dict[str, str]) -> tuple[Ticket, Ticket]:
    one, other = open_repair(world, unit="U1", **mine), open_repair(world, unit="U2", **theirs)
    world.do(one, "merge", "d1", into=other.id)
    world.pump()
    return world.load(one), world.load(other)


def test_whoever_reported_the_one_that_goes_on_hears_that_another_joined(world: World) -> None:
    one, other = merged(world, {"phone": PHONE}, {"phone": "13911110002"})
    assert told(world, other, "joined_yours") == ["reporter"]
    assert one.number not in sms(world, other, "joined_yours")  # somebody else's


def opened_by_message(world: World, ticket: Ticket) -> str:
    """The ticket that the link of the message about the merger opens."""
    message: Message = next(m for m in world.told(ticket) if m.template == "merged")
    from chalicelib.services.ticket.reaching import link

    grant = link(world.load(ticket), message)
    assert grant is not None
    assert access.open_link(access.token(grant)) == grant
    return grant.record


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ({"phone": PHONE}, {"phone": PHONE}, True),
        ({"phone": PHONE}, {"phone": "13911110002"}, False),
        ({"phone": PHONE, "email": "a@b.cn"}, {"phone": PHONE}, False),
        ({"phone": PHONE, "email": "a@b.cn"}, {"phone": PHONE, "email": "A@b.cn"}, True),
        ({"phone": "", "email": "a@b.cn"}, {"phone": PHONE, "email": "a@b.cn"}, True),
    ],
)
def test_a_merged_report_leads_to_the_other_where_every_address_it_is_told_to_is_the_others_too(
    world: World, mine: dict[str, str], theirs: dict[str, str], same: bool
) -> None:
    one, other = merged(world, mine, theirs)
    assert opened_by_message(world, one) == (other.id if same else one.id)


# late


def said_by_sms(world: World, ticket: Ticket, template: str) -> str:
    message = next(m for m in world.told(ticket) if m.template == template)
    to = Recipient("", PHONE, "", "zh_CN", True)
    return posting.sms(world.load(ticket), message, to, world.at, "https://b.cn/o/" + "A" * 22, "", "").text


def test_whoever_waits_hears_that_a_promise_was_missed_why_and_that_a_new_time_follows(world: World) -> None:
    ticket = open_repair(world)
    world.do(ticket, "acknowledge")
    world.advance(hours=4, minutes=1)
    assert told(world, ticket, "late_for_you") == ["reporter"]
    said = said_by_sms(world, ticket, "late_for_you")
    assert "未能按时上门：维修师傅还没有上门。正在催办，新的时间一经确定就通知您，非常抱歉" in said
    world.advance(hours=4)
    assert told(world, ticket, "late_for_you") == ["reporter"]  # once for a promise


def test_a_visit_that_is_arranged_is_the_new_time_of_late_work(world: World) -> None:
    ticket = open_repair(world)
    world.do(ticket, "acknowledge")
    later = world.at + timedelta(days=1)
    world.do(ticket, "set_window", window=[later.isoformat(), (later + timedelta(hours=2)).isoformat()])
    found = turns.new_time(world.load(ticket), world.at)
    assert new_time_text(found, "Asia/Shanghai", "zh_CN", world.at) == "新的时间：明天 09:00–11:00"
    assert turns.new_time(world.load(ticket), later + timedelta(hours=3)).what == "none"


def test_a_wait_names_its_day_and_an_open_choice_that_one_is_to_be_chosen(world: World) -> None:
    ticket = open_repair(world)
    world.do(ticket, "acknowledge")
    start = world.at + timedelta(hours=5)
    world.do(ticket, "offer_windows", windows=[[start.isoformat(), (start + timedelta(hours=1)).isoformat()]])
    assert turns.new_time(world.load(ticket), world.at).what == "choose"
    world.do(ticket, "pause", reason="parts")
    found = turns.new_time(world.load(ticket), world.at)
    assert new_time_text(found, "Asia/Shanghai", "zh_CN", world.at, dated=True) == "3月5日 周四恢复"


def test_nobody_is_told_of_a_short_promise_that_is_missed_by_a_message_of_its_own(world: World) -> None:
    ticket = open_repair(world)
    world.do(ticket, "acknowledge")
    world.advance(hours=1)
    assert "breached" in world.kinds(ticket)
    assert told(world, ticket, "late_for_you") == []
