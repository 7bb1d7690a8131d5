"""What the auditor is shown is looked for every night: jobs as cases engage them, pictures, companies and staff."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.services.contractor import office
from chalicelib.services.money import watching
from chalicelib.store import contracts, originals, watched
from chalicelib.store.table import Put
from tests.services.money import owed
from tests.services.money.owed import invoiced
from tests.world import World, forget


def test_a_job_stands_in_its_month_with_who_engaged_it_for_how_much(world: World) -> None:
    office.forget()
    owed.settle(world)
    invoiced(world)
    [job] = watched.jobs(["2026-03"])
    assert (job.subsidiary, job.engaged.by, job.engaged.company, job.engaged.third_party) == ("S1", "o1", "C1", "T1")
    assert job.engaged.fen == 54_000
    assert len(job.engaged.tickets) == 1


def test_what_companies_share_and_a_picture_on_two_tickets_are_found_by_the_next_look(world: World) -> None:
    office.forget()
    owed.settle(world)
    for name in ("C1", "T1"):
        company = contracts.company(name)
        assert company
        for row in contracts.put_company(replace(company, account="6222000011112222")):
            world.table.write(Put(row))
    forget()
    one, two = world.report(), world.report(unit="U2")
    for ticket in (one, two):
        originals.note(world.load(ticket).id, world.load(ticket).number, "u" * 26, "o" * 64, "p" * 64, world.at)
    assert watching.look(world.at)["group"] >= 2
    found, at = watching.hits("group")
    assert at
    accounts = [hit for hit in found["shared"] if hit.figures["what"] == "account"]
    assert [set(hit.parties) for hit in accounts] == [{"C1", "T1"}]
    assert [set(hit.tickets) for hit in found["photo"]] == [{world.load(one).id, world.load(two).id}]
    assert watching.hits("S1")[0]["photo"]
    assert watching.hits("S2")[0]["photo"] == []
    before = watching.hits("group")
    watching.look(world.at)
    assert watching.hits("group") == before
