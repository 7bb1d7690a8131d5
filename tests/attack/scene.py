"""The stage of the attack: tickets in every condition, somebody in every position, and the app as Lambda calls it.

    tickets     open (assigned, on site, completed), closed, erased, merged, of another project; with a contractor's
                worker (contracted), with a third party (engaged)
    who         the owner of each, and everybody in POSITIONS: what their link is, and whom it reaches
    marks       each ticket's own words, name and phone, which nobody may read who may not open it; name and phone are
                read by nobody of a company at all

What may be opened is said here once more, on its own (`may_open`), and never asked of the code that is attacked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import pytest

from app import app
from chalicelib.adapters import ids, objects, originals
from chalicelib.domain.money.watch import Hit
from chalicelib.domain.ticket.lifecycle import Command
from chalicelib.domain.ticket.ticket import SYSTEM, Actor, Role, Ticket
from chalicelib.services.access import access
from chalicelib.services.contractor import delegating, desk, opening
from chalicelib.services.record import erasing, record
from chalicelib.services.ticket import choosing, frontdesk, photos, report
from chalicelib.store import grants, watched
from chalicelib.store.grants import Grant
from chalicelib.store.memory import MemoryTable
from chalicelib.store.table import Delete, Row, Write, key_of
from tests.bench.web import Context, event
from tests.services.contractor import scene as contracted
from tests.world import STAFF, World

NO_TOKEN = {"nobody": "A" * 22, "half a link": "A" * 11, "no link at all": "%00"}
UNTOUCHED = ("SLOW#",)  # counters against hammering: no part of any ticket

LEAVERS = {"technician": ("x1", "P1/building"), "desk": ("x2", "P1/desk"), "supervisor": ("x3", "S1/desk2")}

OFFICES = {"o1": "S1/office", "o9": "S2/office"}

_address = count()


@dataclass(frozen=True, slots=True)
class Position:
    """Somebody with a link. `opens`: the families of pages that it is for; `reach`: what they may open, see below.

    `cases`: the tickets whose cases they may open; `outside`: whether they work for a company.
    """

    token: str
    opens: frozenset[str]
    reach: str
    holder: str = ""
    ticket: str = ""
    cases: frozenset[str] = frozenset()
    outside: bool = False


@dataclass
class Scene:
    """What stands on the stage. `tickets` by condition; `positions` by who; `marks` by condition; `cases` by ticket."""

    world: World
    tickets: dict[str, Ticket] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    written: list[tuple[str, str]] = field(default_factory=list)
    pristine: dict[str, dict[str, Row]] = field(default_factory=dict)

    def ask(self, method: str, address: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The answer to a request from an address of its own: the limits on guessing are tried elsewhere."""
        asked = event(app, method, address, list(form.items()) if form is not None else None)
        asked["requestContext"]["identity"]["sourceIp"] = f"2001:db8:{next(_address):x}::1"
        answer = dict(app(asked, Context()))
        assert "statusCode" in answer
        return answer

    def back(self) -> set[str]:
        """Undo what was written since the last time; the partitions that it changed."""
        touched = {pk for pk, _ in self.written if not pk.startswith(UNTOUCHED)}
        table, inserted = self.world.table, self.world.table.inserted
        table.inserted = lambda row: None
        for pk, sk in dict.fromkeys(self.written):
            row = self.pristine.get(pk, {}).get(sk)
            now = table.get(pk, sk)
            if row is not None and row != now:
                table._reindex(pk, sk, now, row)
                table.parts[pk][sk] = dict(row)  # counters too, which nobody puts
            elif row is None and now is not None:
                MemoryTable.write(table, _gone(pk, sk))
        table.inserted = inserted
        self.written.clear()
        self.world.to_act.clear()
        self.world.to_tell.clear()
        return touched


def _gone(pk: str, sk: str) -> Write:
    return Delete((pk, sk))


def may_open(position: Position, family: str, ticket: Ticket) -> bool:
    """Whether somebody's link opens a ticket on a family of pages (o, t, w, d): the rule as people were told it.

    On pages of companies (k) and of the warranty office (b), whether it opens the ticket's case.
    """
    if family not in position.opens:
        return False
    if family == "a":
        return ticket.id in position.cases
    if family in "kb":
        return ticket.id in position.cases
    if position.reach == "office":
        return ticket.place.get("subsidiary") == OFFICES[position.holder].partition("/")[0]
    if position.reach == "company":
        return ticket.team.partition("/")[0] == position.holder.partition(".")[0]
    if position.reach == "own":
        return position.ticket == ticket.id
    stands = position.holder == ticket.holder or position.holder in ticket.watchers.values()
    if position.reach == "standing":
        return position.ticket == ticket.id and stands
    if position.reach == "one":
        return position.ticket == ticket.id and (stands or STAFF[position.holder][0] == ticket.desk)
    if position.reach == "theirs":
        return stands
    if position.reach == "project":
        return stands or STAFF[position.holder][0] == ticket.desk
    if position.reach == "subsidiary":
        return ticket.place.get("subsidiary") == STAFF[position.holder][0].partition("/")[0]
    return position.reach == "all"


class Bucket:
    """The bucket of photos, where the attack has nothing to look for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(objects, "forget", lambda key: 0)
        monkeypatch.setattr(objects, "note_erased", lambda ticket: None)
        monkeypatch.setattr(originals, "forget", lambda ticket: 0)
        monkeypatch.setattr(objects, "put", lambda *args: None)
        monkeypatch.setattr(objects, "exists", lambda key, bucket="": True)
        monkeypatch.setattr(objects, "presigned_get", lambda key: f"https://objects.invalid/{key}")
        monkeypatch.setattr(objects, "presigned_file", lambda bucket, key, *args: f"https://objects.invalid/{key}")
        monkeypatch.setattr(
            objects, "presigned_post", lambda *args, **room: {"url": "https://objects.invalid", "fields": {}}
        )


@contextmanager
def staged(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """The stage, set up."""
    Bucket(monkeypatch)
    for kept in (frontdesk, choosing, desk):
        kept.forget()
    scene = Scene(world)
    _tickets(scene)
    _companies(scene)
    scene.tickets = {condition: world.load(ticket) for condition, ticket in scene.tickets.items()}
    _positions(scene)
    world.to_act.clear()
    world.to_tell.clear()
    scene.pristine = {pk: {sk: dict(row) for sk, row in part.items()} for pk, part in world.table.parts.items()}
    _watch(scene, monkeypatch)
    yield scene
    for kept in (frontdesk, choosing):
        kept.forget()
    photos._is_clean.cache_clear()


def _tickets(scene: Scene) -> None:
    world = scene.world
    units = {"assigned": "U1", "on_site": "U2", "completed": "U3", "closed": "U4", "erased": "U1", "merged": "U2"}
    units |= {"climbed": "U3", "elsewhere": "V1", "complaint": "U4", "left": "A1"}
    units |= {"contracted": "U1", "engaged": "U2"}
    for n, (condition, unit) in enumerate(units.items()):
        mark = (f"暗号{n}甲", f"某某{n}甲", f"138123400{n:02}")
        kind = "complaint" if condition == "complaint" else "repair"
        said = {"words": f"卫生间漏水{mark[0]}", "name": mark[1], "phone": mark[2]}
        scene.marks[condition] = mark
        scene.tickets[condition] = _report(world, unit, kind, said)
    world.pump()
    for condition, moves in {
        "on_site": ("acknowledge", "arrive"),
        "completed": ("acknowledge", "arrive", "complete"),
        "closed": ("acknowledge", "arrive", "complete"),
        "erased": ("acknowledge", "arrive", "complete"),
    }.items():
        for move in moves:
            world.do(scene.tickets[condition], move)
    for condition in ("closed", "erased"):
        world.do(scene.tickets[condition], "sign_off", "reporter")
        world.do(scene.tickets[condition], "follow_up", "d1", fixed=True)
    world.do(scene.tickets["merged"], "merge", "d1", into=scene.tickets["on_site"].id)
    world.do(scene.tickets["climbed"], "acknowledge")
    _climb(world, scene.tickets["climbed"], s="s1", h="h1")
    world.pump()
    _leave(world, scene.tickets["left"])
    erasing.erase(scene.tickets["erased"].id, world.at)


def _companies(scene: Scene) -> None:
    """A contractor who passed a ticket to a worker, and a third party that was engaged in its place for another."""
    world = contracted.settle(scene.world, replace(contracted.CLAUSE, direct_engagement=True))
    for condition in ("contracted", "engaged"):
        ticket = scene.tickets[condition]
        case = opening.open_case(world.load(ticket), contracted.CONTRACT, world.at)
        scene.cases[ticket.id] = case
        contracted.do(world, case, "release_notice", "o1")
        if condition == "contracted":
            taken = contracted.do(world, case, "acknowledge", "C1.k1")
            delegating.delegate(taken, "\u5f20\u5de5", "13900000009", contracted.actor("C1.k1"), world.at)
        else:
            contracted.find(world, case)
            contracted.arrives(world, case)
            contracted.do(world, case, "pass_gate", "o1", route="direct_engagement")
            contracted.do(world, case, "engage", "o1", company="T1", items=[["membrane", 1000]])
        world.pump()


def _report(world: World, unit: str, kind: str, said: Mapping[str, str]) -> Ticket:
    sent = report.Report(
        ids.ulid(world.at), unit, kind=kind, consent=True, words=said["words"], name=said["name"], phone=said["phone"]
    )
    return report.take(sent, world.at, world.actor("d1" if unit != "V1" else "d9")).ticket


def _climb(world: World, ticket: Ticket, **who: str) -> None:
    """The desks above have it, as when clocks were missed."""
    for level, person in zip((2, 3), who.values(), strict=False):
        moment = f"arrive:level:{level}"
        data = {"clock": "arrive", "level": level, "cause": "breach", "person": person, "moment": moment}
        record.perform(Command("escalate", SYSTEM, data), ticket.id, world.at)


def _leave(world: World, ticket: Ticket) -> None:
    """Those who stood on it work here no more, and the list that takes it away from them was never loaded."""
    for who, team in LEAVERS.values():
        world.employ(who, team)
    technician, _ = LEAVERS["technician"]
    world.do(ticket, "assign", "d1", person=technician, team="P1/building")
    actor = Actor(technician, Role.TECHNICIAN)
    for move, said in (("acknowledge", {}), ("arrive", {}), ("complete", {"words": "修好了", "photos": ["after"]})):
        record.perform(Command(move, actor, world.ticked(ticket.id, move), said), ticket.id, world.at)
    _climb(world, ticket, s=LEAVERS["supervisor"][0])
    for who, team in LEAVERS.values():
        world.employ(who, team, active=False)


def _positions(scene: Scene) -> None:
    made = scene.positions
    for condition, ticket in scene.tickets.items():
        own = access.own_grant(ticket.id)
        opens = frozenset() if condition == "erased" else frozenset("o")
        made[f"owner of {condition}"] = Position(access.token(own), opens, "own", ticket=ticket.id)
    for condition in ("assigned", "completed", "closed", "climbed"):
        ticket = scene.tickets[condition]
        made[f"technician of {condition}"] = _one(ticket, ticket.holder)
    first = scene.tickets["assigned"]
    other = next(who for who in ("b1", "b2") if who != first.holder)
    made["who lost it"] = _one(first, other)
    made["desk by its message"] = _one(first, "d1", first.desk)
    made["supervisor by the message"] = _one(scene.tickets["climbed"], "s1")
    made["hotline by the message"] = _one(scene.tickets["climbed"], "h1")
    made["supervisor it never climbed to"] = _one(first, "s2")
    all_of_it = frozenset(scene.tickets[condition].id for condition in ("contracted", "engaged"))
    for name, who, reach in (
        ("technician", first.holder, "theirs"),
        ("technician without work", "e4", "theirs"),
        ("desk", "d1", "project"),
        ("desk elsewhere", "d9", "project"),
        ("supervisor", "s2", "subsidiary"),
        ("hotline", "h1", "all"),
    ):
        opens = frozenset("w") if reach == "theirs" else frozenset("wdb")
        grant = access.staff_grant(who, STAFF[who][0], 1)
        theirs = frozenset() if reach == "theirs" or who == "d9" else all_of_it
        made[name] = Position(_put(grant), opens, reach, who, cases=theirs)
    scene.world.employ("o9", OFFICES["o9"])
    for name, who, cases in (("office", "o1", all_of_it), ("office elsewhere", "o9", frozenset())):
        grant = access.staff_grant(who, OFFICES[who], 1)
        made[name] = Position(_put(grant), frozenset("wb"), "office", who, cases=cases)
    first, one_case = scene.tickets["contracted"], frozenset({scene.tickets["contracted"].id})
    case = access.ticket_grant(scene.cases[first.id], "o1", OFFICES["o1"])
    made["office by the message"] = Position(_put(case), frozenset("b"), "nothing", "o1", cases=one_case)
    second = scene.tickets["engaged"]
    for name, who, reach, cases in (
        ("contractor", "C1.k1", "company", all_of_it),
        ("contractor without authority", "C1.k3", "company", all_of_it),
        ("worker", first.holder, "theirs", frozenset()),
        ("third party", "T1.t1", "company", frozenset({second.id})),
    ):
        grant = access.staff_grant(who, f"{who.partition('.')[0]}/{_team_of(who)}", 1)
        made[name] = Position(_put(grant), frozenset("kw"), reach, who, cases=cases, outside=True)
    case = access.ticket_grant(scene.cases[first.id], "C1.k2", "C1/contractor")
    made["contractor by the message"] = Position(
        _put(case), frozenset("k"), "nothing", "C1.k2", cases=one_case, outside=True
    )
    job = access.ticket_grant(second.id, "T1.t1")
    made["third party by the message"] = Position(
        _put(job), frozenset("t"), "standing", "T1.t1", second.id, outside=True
    )
    left = scene.tickets["left"]
    for name, (who, team) in LEAVERS.items():
        one = access.ticket_grant(left.id, who, team if name == "desk" else "")
        made[f"{name} who left, by the message"] = Position(_put(one), frozenset(), "nothing", who)
        staff = access.staff_grant(who, team, 1)
        made[f"{name} who left"] = Position(_put(staff), frozenset(), "nothing", who)
    named = [scene.tickets[condition] for condition in ("contracted", "engaged")]
    watched.keep(
        "group", {"photo": [Hit("photo", (), {"tickets": 2}, {t.id: t.number for t in named})]}, scene.world.at
    )
    scene.world.employ("a1", "group/audit")
    reads = frozenset(ticket.id for ticket in named)
    auditor = access.staff_grant("a1", "group/audit", 1)
    made["auditor"] = Position(_put(auditor), frozenset("a"), "audit", "a1", cases=reads)
    for name, token in NO_TOKEN.items():
        made[name] = Position(token, frozenset(), "nothing")


def _team_of(who: str) -> str:
    return contracted.TEAMS[who].partition("/")[2] if who in contracted.TEAMS else "workers"


def _one(ticket: Ticket, who: str, desk: str = "") -> Position:
    return Position(_put(access.ticket_grant(ticket.id, who, desk)), frozenset("t"), "one", who, ticket.id)


def _put(grant: Grant) -> str:
    grants.put(grant, access.hash_of(access.token(grant)))
    return access.token(grant)


def _watch(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Note the key of whatever is written."""
    table = scene.world.table
    write, transact = table.write, table.transact

    def noted(one: Write) -> Row | None:
        scene.written.append(key_of(one))
        return write(one)

    def noted_all(writes: list[Write], token: str = "") -> None:
        scene.written.extend(key_of(one) for one in writes)
        transact(writes, token)

    monkeypatch.setattr(table, "write", noted)
    monkeypatch.setattr(table, "transact", noted_all)


def text_of(answer: Mapping[str, Any]) -> str:
    """Everything that an answer says, its headers included."""
    return str(answer.get("body", "")) + json.dumps([answer.get("headers"), answer.get("multiValueHeaders")])
