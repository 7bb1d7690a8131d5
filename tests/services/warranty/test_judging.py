"""The verdict by dates at intake, of what is stored; findings that name what there is; who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.contractor.contract import Clause, OwnerTerm, Scope
from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.ticket.liability import Share, for_office, shares
from chalicelib.domain.ticket.ticket import Role, Ticket
from chalicelib.services.access import access
from chalicelib.services.record import numbers, record
from chalicelib.services.warranty import listing
from chalicelib.store import contracts, places, tickets
from chalicelib.store.table import Put
from tests.promised import CONTRACT, DATES, OTHER, promise
from tests.world import World, forget

LEAK = {"category": "water_leak", "component": "bathroom"}
PHOTO = {"words": "管根开裂", "photos": ["/p"]}


def reported(world: World, **more: str) -> Ticket:
    ticket = world.report("卫生间漏水", **{**LEAK, **more})
    world.pump()
    return world.load(ticket)


def on_site(world: World, **more: str) -> Ticket:
    ticket = reported(world, **more)
    for move in ("acknowledge", "arrive"):
        world.do(ticket, move)
    return world.load(ticket)


def test_a_report_gets_its_verdict_with_whoever_gets_it_in_one_change(world: World) -> None:
    promise(world, CONTRACT)
    before = len(world.table.parts)
    made = world.report("卫生间漏水", **LEAK)
    assert made.verdict == {}
    assert [e.kind for e in made.events] == ["reported"]  # nothing is looked up in the path of a report
    assert len(world.table.parts) > before
    world.pump()
    ticket = world.load(made)
    given, taken = ticket.events[2], ticket.events[1]
    assert (taken.kind, given.kind) == ("assigned", "verdict_given")
    assert given.change == taken.change
    assert (given.data["payer"], given.data["contract"], given.data["clause"]) == ("contractor", "C1", "8.1")
    assert given.data["contracts"] == [["C1", "HT-01", "建一公司"]]
    assert given.data["contractor"] == ["2023-06-30", "2028-06-30", "in"]
    assert given.data["owner"] == ["2023-09-30", "2028-06-30", "in"]


def test_a_verdict_is_given_once_however_often_the_wake_up_comes(world: World) -> None:
    promise(world, CONTRACT)
    ticket = world.report("卫生间漏水", **LEAK)
    world.to_act *= 2
    world.pump()
    world.reconcile()
    assert world.kinds(ticket).count("verdict_given") == 1


def test_a_ticket_of_before_gets_its_verdict_at_night(world: World) -> None:
    promise(world, CONTRACT)
    ticket = world.report("卫生间漏水", **LEAK)
    world.to_act.clear()
    world.advance(hours=1)
    world.reconcile()
    world.pump()
    assert world.kinds(ticket).count("verdict_given") == 1


def test_another_component_is_judged_anew_and_the_one_before_stays_on_record(world: World) -> None:
    promise(world, CONTRACT)
    ticket = reported(world)
    world.do(ticket, "set_category", "d1", category="plumbing", component="tap")
    world.pump()
    given = [e.data["payer"] for e in world.load(ticket).events if e.kind == "verdict_given"]
    assert given == ["contractor", "undecided"]
    assert world.load(ticket).verdict["why"][-1][0] == "no_clause"


def test_the_office_hears_what_the_dates_leave_open_once_and_decides_by_its_link(world: World) -> None:
    promise(world, CONTRACT, OTHER)
    ticket = reported(world)
    assert (ticket.verdict["payer"], ticket.verdict["rivals"]) == ("undecided", ["C1", "C2"])
    told = [m for m in world.told(ticket) if m.template == "to_decide"]
    assert [(m.to, m.state) for m in told] == [("o1", "sent")]
    world.reconcile()
    assert len([m for m in world.told(ticket) if m.template == "to_decide"]) == 1
    with pytest.raises(Invalid) as unknown:
        world.do(ticket, "decide_liability", "o1", payer="contractor", contract="C9")
    assert unknown.value.field == "contract"
    world.do(ticket, "decide_liability", "o1", payer="contractor", contract="C2")
    decided = world.load(ticket)
    assert (for_office(decided), shares(decided)) == ("", (Share("contractor", 100, "C2"),))
    with pytest.raises(IllegalMove):
        world.do(ticket, "decide_liability", "o2", payer="developer")


def test_where_no_contract_was_loaded_nobody_is_told_and_nobody_waited_for(world: World) -> None:
    promise(world)
    ticket = reported(world)
    assert ticket.verdict["cause"] == "no_contracts"
    assert for_office(ticket) == ""
    assert not [m for m in world.told(ticket) if m.template == "to_decide"]


def test_a_common_part_has_the_acceptance_of_what_it_lies_in(world: World) -> None:
    promise(world, CONTRACT)
    project = places.get("P1")
    assert project
    for row in places.put_place(replace(project, facts={**project.facts, "acceptance": "2015-06-30"})):
        world.table.write(Put(row))
    ticket = reported(world, unit="A1", component="roof")
    assert ticket.verdict["payer"] == "fund"
    assert ticket.verdict["owner"][0] == "2015-06-30"


def test_what_the_certificate_promises_an_owner_counts(world: World) -> None:
    promise(world, replace(CONTRACT, clauses=()), dates={"acceptance": "2019-06-30", "handover": "2019-09-30"})
    term = OwnerTerm("P1", "P1", "water_leak/bathroom", months=120)
    world.table.write(Put(contracts.put_owner_terms("P1", [term])))
    forget()
    assert reported(world).verdict["owner"] == ["2019-09-30", "2029-10-01", "in"]  # the 30th is a Sunday


def test_the_day_of_the_report_counts_in_the_zone_of_the_place(world: World) -> None:
    last = date(2026, 3, 2)
    world.at = world.at.replace(hour=15, minute=59)  # 23:59 on the last day in Shanghai
    ends_today = {"acceptance": last.replace(year=2021).isoformat(), "handover": "2021-03-03"}
    promise(world, CONTRACT, dates=ends_today)
    assert reported(world).verdict["contractor"][2] == "in"
    world.at += timedelta(minutes=1)
    assert reported(world, unit="U1").verdict["contractor"][2] != "in"


def test_a_finding_names_a_cause_and_a_contract_that_there_are(world: World) -> None:
    promise(world, CONTRACT)
    ticket = on_site(world)
    for facts, field in (
        ({"cause": "gremlins", "shares": [["owner", 100]]}, "cause"),
        ({"cause": "overloaded", "shares": [["owner", 100]]}, "cause"),  # of sockets
        ({"cause": "waterproof_layer", "shares": [["contractor", 100, "C9"]]}, "shares"),
    ):
        with pytest.raises(Invalid) as fault:
            world.do(ticket, "find", said=PHOTO, **facts)
        assert fault.value.field == field
    world.do(ticket, "find", said=PHOTO, cause="waterproof_layer", shares=[["contractor", 70], ["developer", 30]])
    found = world.load(ticket)
    assert shares(found) == (Share("contractor", 70, "C1"), Share("developer", 30))  # whose clause it is
    world.pump()
    assert [m.to for m in world.told(ticket) if m.template == "found"] == ["reporter"]


def test_a_finding_sent_twice_counts_once_and_one_from_a_phone_without_signal_too(world: World) -> None:
    promise(world, CONTRACT)
    ticket = on_site(world)
    facts = {"cause": "misuse", "shares": [["owner", 100]]}
    for entered in ("2026-03-02T09:30:00+08:00", "2026-03-02T09:31:00+08:00"):
        world.do(ticket, "find", said={**PHOTO, "entered": entered}, key="k" * 26, **facts)
    assert world.kinds(ticket).count("found") == 1


def test_a_dispute_is_told_to_the_office_and_its_appraisal_to_the_owner(world: World) -> None:
    promise(world, CONTRACT)
    ticket = on_site(world)
    world.do(ticket, "find", said=PHOTO, cause="misuse", shares=[["owner", 100]])
    world.do(ticket, "dispute_finding", "reporter")
    world.do(ticket, "appraise", "o1", said=PHOTO, upheld=False, shares=[["contractor", 100]])
    world.pump()
    told = {(m.template, m.to) for m in world.told(ticket)}
    assert {("to_appraise", "o1"), ("appraised", "reporter")} <= told
    assert shares(world.load(ticket)) == (Share("contractor", 100, "C1"),)


def test_a_quote_goes_to_the_owner_and_the_answer_to_who_works_and_to_the_desk(world: World) -> None:
    promise(world, CONTRACT)
    ticket = on_site(world)
    world.do(ticket, "find", said=PHOTO, cause="misuse", shares=[["owner", 100]])
    world.do(ticket, "quote", "d1", said={"items": ["角阀"]}, lines=[[1000, 12000]])
    world.do(ticket, "accept_quote", "reporter", said={"signature": world_signature()})
    world.pump()
    told = {(m.template, m.to) for m in world.told(ticket)}
    holder = world.load(ticket).holder
    assert {("quoted", "reporter"), ("quote_accepted", holder)} <= told
    assert any(template == "quote_accepted" and to in ("d1", "d2") for template, to in told)


def world_signature() -> str:
    from tests.domain.samples import SIGNED

    return SIGNED


def test_whoever_comes_hears_that_they_are_not_let_in(world: World) -> None:
    promise(world, CONTRACT)
    ticket = reported(world)
    world.do(ticket, "note_access", "reporter", said={}, what="refused", reason="other_time")
    world.pump()
    assert [m.to for m in world.told(ticket) if m.template == "access_refused"] == [world.load(ticket).holder]


def test_what_was_found_is_private_words_apart(world: World) -> None:
    promise(world, CONTRACT)
    ticket = on_site(world)
    world.do(ticket, "find", said=PHOTO, cause="misuse", shares=[["owner", 100]])
    rows = world.table.parts[f"TICKET#{ticket.id}"]
    assert not [sk for sk, row in rows.items() if sk.startswith("EVENT#") and "管根" in row["body"]]
    assert DATES["handover"] in str([row["body"] for sk, row in rows.items() if sk.startswith("EVENT#")])
    assert record.load(ticket.id).said("found")["words"] == "管根开裂"


def test_the_office_has_its_own_deadline_and_who_lets_it_pass_is_climbed_past(world: World) -> None:
    promise(world, CONTRACT, OTHER)
    ticket = reported(world)
    [line], _ = listing.waiting("S1/office")
    assert (line.id, line.line.asks) == (ticket.id, "verdict")
    assert line.line.asks_by == world.at + timedelta(days=1, hours=9)  # 15 office hours from Monday 09:00
    others = world.load(ticket)
    for move in ("acknowledge", "arrive", "complete"):
        others = world.do(ticket, move)
    world.do(ticket, "sign_off", "reporter")
    assert others.verdict["payer"] == "undecided"
    world.advance(days=1, hours=10)
    late = [e.kind for e in world.load(ticket).events if e.data.get("clock") == "decide"]
    assert late == ["warned", "warned", "breached", "escalated"]
    assert len([m for m in world.told(ticket) if m.template == "to_decide"]) >= 2
    world.do(ticket, "decide_liability", "o1", payer="contractor", contract="C2")
    assert listing.waiting("S1/office")[0] == []


def test_the_technicians_list_is_not_sorted_by_the_offices_deadline(world: World) -> None:
    promise(world, CONTRACT, OTHER)
    ticket = reported(world)
    assert tickets.held_by(ticket.holder)[0][0].line["x"] != "decide"
    world.do(ticket, "acknowledge")
    world.do(ticket, "arrive")
    assert tickets.held_by(ticket.holder)[0][0].line["x"] == "resolve"


def test_where_the_office_has_nobody_the_developer_desk_is_told_with_a_link_that_opens(world: World) -> None:
    promise(world, CONTRACT, OTHER)
    for who in ("o1", "o2"):
        world.employ(who, "S1/office", active=False)
    world.sends = world.send_really
    ticket = reported(world)
    [message] = [m for m in world.told(ticket) if m.template == "to_decide"]
    assert message.to in ("s1", "s2")
    assert message.state == "sent"
    grant = access.ticket_grant(ticket.id, message.to, "S1/desk2")
    assert access.actor_on(grant, ticket).role is Role.SUPERVISOR
    with pytest.raises(access.NoAccess):
        access.actor_on(access.ticket_grant(ticket.id, "d9", "P2/desk"), ticket)


def test_a_part_that_nobody_named_is_judged_by_what_all_that_it_may_be_have_in_common(world: World) -> None:
    leaks = frozenset(
        f"water_leak/{part}" for part in numbers.policy_for({"project": "P1"}).categories["water_leak"].components
    )
    promise(world, replace(CONTRACT, clauses=(clause("8.1", *leaks), clause("9"))))
    ticket = reported(world, component="")
    assert (ticket.verdict["clause"], ticket.verdict["term"]) == ("8.1", "waterproofing")


def test_where_they_have_nothing_in_common_the_office_decides(world: World) -> None:
    promise(world, replace(CONTRACT, clauses=(clause("8.1", "water_leak/bathroom"), clause("9"))))
    assert reported(world, component="").verdict["payer"] == "undecided"
    assert reported(world).verdict["clause"] == "8.1"


def clause(name: str, *components: str) -> Clause:
    """One about some components, or about whatever no other clause is about."""
    return replace(CONTRACT.clauses[0], id=name, scope=Scope(components=frozenset(components)))
