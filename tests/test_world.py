"""The world of the tests turns: a report is routed, told, timed and told of again."""

from tests.world import World


def test_a_report_reaches_somebody_and_its_timer_runs(world: World):
    ticket = world.report("卫生间漏水")
    world.pump()
    assert world.load(ticket).holder in {"b1", "b2"}
    assert [e.name for e in world.states.running(ticket.id)] == [f"{ticket.id}-1"]
    assert {m.state for m in world.told(ticket)} == {"sent"}


def test_an_hour_without_anybody_is_a_breach_that_level_2_hears_of(world: World):
    ticket = world.report("卫生间漏水")
    world.advance(hours=1)
    assert "breached" in world.kinds(ticket)
    assert "s1" in {m.to for m in world.told(ticket) if m.template == "escalated"}
