"""A complaint's whole life: a department has it, is told and answers; a result is due; 不满意 goes back and climbs."""

from __future__ import annotations

import pytest

from chalicelib.domain.record.errors import Invalid, NotAllowed
from chalicelib.domain.ticket.promises import promises
from chalicelib.domain.ticket.ticket import Role, State, Ticket
from chalicelib.services.access import access
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.ticket import frontdesk
from tests.world import World


def complaint(world: World, *steps: str) -> Ticket:
    """One that was relayed to the engineering department, and what the department did with it."""
    ticket = world.report("保安不登记访客", kind="complaint")
    world.pump()
    world.do(ticket, "relay", "d1", to="engineering")
    world.pump()
    for step in steps:
        world.do(ticket, step)
        world.pump()
    return world.load(ticket)


def told(world: World, ticket: Ticket, template: str) -> set[str]:
    return {m.to for m in world.told(ticket) if m.template == template}


def running(ticket: Ticket) -> dict[str, object]:
    return {p.name: p.clock.due_at for p in promises(ticket, policy_of(ticket)) if p.running}


def test_a_complaint_is_held_by_somebody_of_the_department_who_is_told_by_link(world: World) -> None:
    ticket = complaint(world)
    assert (ticket.state, ticket.department, ticket.team) == (State.RELAYED, "工程部", "P1/dept/engineering")
    assert ticket.holder in {"g1", "g2"}
    assert told(world, ticket, "relayed_to") == {ticket.holder}
    actor = access.actor_on(access.ticket_grant(ticket.id, ticket.holder), ticket)
    assert actor.role is Role.DEPARTMENT


def test_the_department_answers_and_writes_the_result_itself(world: World) -> None:
    ticket = complaint(world, "answer", "write_result")
    assert ticket.state is State.RESULT_WRITTEN
    assert [e.by for e in ticket.events if e.kind in ("answered", "result_written")] == [ticket.holder] * 2


def test_colleagues_of_the_department_open_what_was_relayed_to_it_and_others_do_not(world: World) -> None:
    ticket = complaint(world)
    other = "g2" if ticket.holder == "g1" else "g1"
    assert access.actor_on(access.staff_grant(other, "P1/dept/engineering", 1), ticket).role is Role.DEPARTMENT
    with pytest.raises(access.NoAccess):
        access.actor_on(access.staff_grant("g3", "P1/dept/property_engineering", 1), ticket)


@pytest.mark.parametrize(("to", "reason"), [("", "required"), ("kitchen", "required"), ("design", "nobody_there")])
def test_it_is_relayed_to_a_department_of_the_project_with_people_in_it(world: World, to: str, reason: str) -> None:
    ticket = world.report("太吵", kind="complaint")
    world.pump()
    with pytest.raises(Invalid) as refused:
        world.do(ticket, "relay", "d1", to=to)
    assert (refused.value.field, refused.value.reason) == ("to", reason)


def test_a_department_does_not_settle_what_it_wrote(world: World) -> None:
    ticket = complaint(world, "answer", "write_result")
    with pytest.raises(NotAllowed):
        world.do(ticket, "confirm", satisfied=True)


def test_who_has_it_in_the_department_leaves_and_a_colleague_has_it(world: World) -> None:
    ticket = complaint(world)
    left, stays = ticket.holder, {"g1", "g2"} - {ticket.holder}
    world.employ(left, "P1/dept/engineering", active=False)
    world.do(ticket, "leave", "system", person=left)
    world.pump()
    after = world.load(ticket)
    assert ({after.holder}, after.state) == (stays, State.RELAYED)


def test_after_the_answer_a_result_is_due_and_its_lateness_climbs(world: World) -> None:
    ticket = complaint(world, "answer")
    assert set(running(ticket)) == {"result"}
    world.advance(days=3)  # three working days end on Wednesday at 18:00
    late = world.load(ticket)
    assert {e.data["clock"] for e in late.events if e.kind == "breached"} == {"result"}
    assert late.level == 2


def test_a_dissatisfied_owner_sends_it_back_and_the_desk_and_level_2_hear_of_it(world: World) -> None:
    ticket = complaint(world, "answer", "write_result")
    holder = ticket.holder
    world.do(ticket, "confirm", "reporter", said={"words": "没人来过"}, satisfied=False)
    world.pump()
    back = world.load(ticket)
    assert (back.state, back.holder, back.level) == (State.RELAYED, holder, 2)
    assert back.said("dissatisfied")["words"] == "没人来过"
    assert set(running(back)) == {"result"}
    desk = told(world, back, "dissatisfied") - {holder}
    assert desk <= {"d1", "d2"}
    assert desk
    assert told(world, back, "dissatisfied_above") == {back.watchers[2]}
    assert not told(world, back, "escalated")


def test_the_second_time_it_goes_to_level_3(world: World) -> None:
    ticket = complaint(world, "answer", "write_result")
    for _ in range(2):
        world.do(ticket, "confirm", "reporter", said={"words": "还是不行"}, satisfied=False)
        world.pump()
        world.do(ticket, "write_result", "d1")
    after = world.load(ticket)
    assert (after.level, after.watchers[3]) == (3, "h1")
    assert not after.complaint_due  # it is one


def test_not_satisfied_with_what_the_desk_answered_itself_goes_back_to_the_desk(world: World) -> None:
    ticket = world.report("收费不清", kind="complaint")
    world.pump()
    world.do(ticket, "answer", "d1")
    world.do(ticket, "write_result", "d1")
    world.do(ticket, "confirm", "reporter", said={"words": "不对"}, satisfied=False)
    back = world.load(ticket)
    assert (back.state, bool(back.holder)) == (State.REPORTED, True)
    assert set(running(back)) == {"result"}
    world.pump()
    assert len([m for m in world.told(back) if m.template == "dissatisfied" and m.to == back.holder]) == 1


def test_an_owner_who_does_not_answer_is_asked_again_and_then_the_desk_phones(world: World) -> None:
    ticket = complaint(world, "answer", "write_result")
    assert set(running(ticket)) == {"satisfaction"}
    world.advance(days=6)
    again = [m for m in world.told(ticket) if m.template == "result_written" and m.to == "reporter"]
    assert len(again) == 3  # the result itself, and two reminders
    world.advance(days=2)
    assert told(world, ticket, "ask_satisfaction") & {"d1", "d2"}
    world.do(ticket, "confirm", "d1", satisfied=True)
    assert world.load(ticket).state is State.CLOSED


def test_the_desk_is_asked_to_relay_a_complaint_and_to_answer_a_question(world: World) -> None:
    for kind, template in (("complaint", "to_relay"), ("enquiry", "to_answer"), ("suggestion", "to_answer")):
        ticket = world.report("问一下", kind=kind)
        world.pump()
        assert told(world, ticket, template) == {world.load(ticket).holder}
        assert not told(world, ticket, "assigned")


def test_the_department_hears_that_the_desk_answered_and_the_result_is_due_from_it(world: World) -> None:
    ticket = complaint(world)
    world.do(ticket, "answer", "d1")
    world.pump()
    assert told(world, ticket, "answered_for_you") == {ticket.holder}
    assert running(world.load(ticket)).keys() >= {"result"}


def test_a_complaint_is_given_to_nobody_who_could_not_answer_it(world: World) -> None:
    ticket = world.report("太吵", kind="complaint")
    world.pump()
    with pytest.raises(Invalid) as refused:
        world.do(ticket, "assign", "d1", person="b1")
    assert (refused.value.field, refused.value.reason) == ("person", "unknown")
    assert {c.staff.person.team for c in frontdesk.candidates(world.load(ticket), world.at)} == {"P1/desk"}
    world.do(ticket, "assign", "d1", person="d2")
    assert world.load(ticket).holder == "d2"
