"""Naughty strings through every field of every form about money: deductions at both ends, finance's desk.

The forms are read from the pages, as in `test_naughty.py`; whoever of finance is signed in reads nothing of owners.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from app import app
from chalicelib.adapters import archive, exports, objects
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role
from chalicelib.services.access import access, session
from chalicelib.services.contractor import office
from chalicelib.services.money import batches, jobs, making, periods, sealing
from chalicelib.store import grants
from chalicelib.store.grants import Grant
from chalicelib.web.finance import door
from tests.attack.scene import Bucket, Scene, _watch, text_of
from tests.attack.test_naughty import NOTHING, PART, STRINGS, Form, Reader, is_clean, sent
from tests.services.contractor import scene as contracted
from tests.services.money import owed
from tests.services.money.owed import act, gathered, invoiced, noticed, of_case, packed
from tests.world import World
from tests.world import world as fresh_world

MARCH = "2026-03"
OWNER = ("暗号甲乙", "某某业主", "13812349876")  # words, name and phone of whoever reported it all


@dataclass
class Desks(Scene):
    """Pages about money: `pages` of the office and the contractor, `finance` those of who is signed in there."""

    pages: list[str] = field(default_factory=list)
    finance: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def desks() -> Iterator[Desks]:
    with fresh_world() as world, pytest.MonkeyPatch.context() as patches:
        Bucket(patches)
        for name in ("keep", "keep_file"):
            patches.setattr(archive, name, lambda *args: True)
        patches.setattr(archive, "presigned_file", lambda key, name: f"https://objects.invalid/{key}")
        patches.setattr(objects, "put_once", lambda *args, **more: True)
        for kept in (office, batches):
            kept.forget()
        owed.settle(world)
        made = Desks(world)
        _stage(world, made, patches)
        world.to_act.clear()
        world.to_tell.clear()
        made.pristine = {pk: {sk: dict(row) for sk, row in part.items()} for pk, part in world.table.parts.items()}
        _watch(made, patches)
        yield made


def _stage(world: World, made: Desks, patches: pytest.MonkeyPatch) -> None:
    """A deduction in each state that has forms of its own; a batch, a period, a file; somebody signed in."""
    told = {"words": f"卫生间漏水{OWNER[0]}", "name": OWNER[1], "phone": OWNER[2]}
    patches.setattr(contracted, "opened", lambda world, _made=contracted.opened, **more: _made(world, **told, **more))
    patches.setattr(owed, "opened", contracted.opened)
    gathering, proposed, out, firm, sealed = (invoiced(world) for _ in range(5))
    for n, (case, plays) in enumerate(((proposed, gathered), (out, noticed), (firm, noticed), (sealed, noticed))):
        patches.setattr(owed, "INVOICE", f"2531000000000000010{n}")
        plays(world, case)
    for case in (sealed, firm):
        act(world, case, "agree", "C1.k1", total=of_case(case).total)
        packed(world, case)
    f1 = Actor("f1", Role.FINANCE)
    periods.open_one("E1", MARCH, f1, world.at)
    first = sealing.seal("E1", Actor("f2", Role.FINANCE), world.at, period=MARCH, key="k1")
    assert making.go_on(first.id, world.at).count == 2
    act(world, firm, "reverse", "o4", fen=100)
    work = jobs.ask_report("E1", MARCH, "zh", f1, world.at, "k1")
    world.queue.jobs.clear()
    patches.setattr(exports, "enqueue_job", lambda *args: None)
    office_link, company, finance = (contracted.own_link(who) for who in ("o4", "C1.k1", "f1"))
    names = [parts(of_case(case).id)[1] for case in (gathering, proposed, out, firm)]
    made.pages += [f"/b/{office_link}/deductions", f"/k/{company}/deductions"]
    made.pages += [f"/b/{office_link}/deduction/{name}" for name in names]
    made.pages += [f"/k/{company}/deduction/{name}" for name in names[2:]]
    here = f"/f/{finance}"
    made.finance += [here, f"{here}/seal?period={MARCH}", f"{here}/batches", f"{here}/batch/E1-B-2026-0001"]
    made.finance += [f"{here}/periods", f"{here}/periods?close={MARCH}", f"{here}/settle", f"{here}/reports"]
    made.finance += [f"{here}/work/{work.id}"]
    carried = _session(world, "f1")
    patches.setattr(door, "carried", lambda: carried)


def _session(world: World, who: str) -> str:
    """The token of a session that somebody of finance has."""
    expires = int((world.at + timedelta(hours=12)).timestamp())
    one = Grant(f"{session.PREFIX}{who}/x", "session", who, team="E1/finance", expires=expires)
    grants.put(one, access.hash_of(access.token(one)))
    return access.token(one)


def forms_of(desks: Desks, pages: list[str]) -> list[Form]:
    """Every form of some pages, once for each address and set of fields."""
    known: dict[tuple[str, ...], Form] = {}
    for page in pages:
        answer = desks.ask("GET", page)
        assert answer["statusCode"] == 200, page
        reader = Reader(page)
        reader.feed(answer["body"])
        for form in reader.found:
            known.setdefault((form.action, form.method, *sorted(form.fields)), form)
    desks.back()
    return list(known.values())


def tried(desks: Desks, form: Form, name: str, string: bytes) -> None:
    """It is answered, and no page about money shows it as it was typed."""
    what = f"{form.method} {form.action[-40:]} {name}={string[:40]!r}"
    is_clean(sent(desks, form, name, string), what)
    if any(pk.startswith(("DEDUCTION#", "BATCH#", "JOB#", "PERIODS#")) for pk, _ in desks.written):
        for page in (*desks.pages, *desks.finance):
            answer = desks.ask("GET", page)
            assert answer["statusCode"] in (200, 404), f"{what}, then {page}"
            is_clean(answer, f"{what}, then {page}")
    desks.back()


def test_every_form_about_money_is_found(desks: Desks) -> None:
    ends = {form.action.rpartition("/")[2] for form in forms_of(desks, [*desks.pages, *desks.finance])}
    asked = {"measure", "check_scope", "check_invoice", "pay_third", "approve", "reject", "drop", "reverse", "dispute"}
    assert asked <= ends
    assert {"seal", "periods", "settle", "counter", "acknowledge", "file", "on", "leave"} <= ends


def test_whatever_is_typed_into_a_field_about_money_is_answered_and_never_shown_raw(desks: Desks) -> None:
    found = forms_of(desks, [*desks.pages, *desks.finance])
    asked = [(form, name, string) for form in found for name in form.fields for string in STRINGS][::PART]
    asked += [(form, name, NOTHING) for form in found for name in form.fields]
    for one in asked:
        tried(desks, *one)


@pytest.mark.deep
def test_whatever_is_typed_into_any_field_about_money_is_answered_and_never_shown_raw(desks: Desks) -> None:
    for form in forms_of(desks, [*desks.pages, *desks.finance]):
        for name in form.fields:
            for string in STRINGS:
                tried(desks, form, name, string)


def test_finance_reads_nothing_of_owners_and_its_link_opens_nothing_else(desks: Desks) -> None:
    token = desks.finance[0].rpartition("/")[2]
    for page in desks.finance:
        answer = desks.ask("GET", page)
        assert answer["statusCode"] == 200, page
        assert not [mark for mark in OWNER if mark in text_of(answer)], page
    ticket = next(pk for pk in desks.world.table.parts if pk.startswith("TICKET#")).partition("#")[2]
    opened = [path for path, methods in app.routes.items() if "{token}" in path and not path.startswith("/f/")]
    for path in opened:
        for method in sorted(app.routes[path]):
            address = path.replace("{token}", token).replace("{move}", "approve").replace("{n}", "0")
            address = address.replace("{name}", "x").replace("{", "").replace("}", "")
            address = address.replace("/ticket", f"/{ticket}").replace("/deduction/deduction", f"/deduction/{ticket}")
            answer = desks.ask(method, address, {"key": "0123456789"} if method == "POST" else None)
            assert answer["statusCode"] in (303, 404), f"{method} {address}"
            assert not desks.back(), f"{method} {address}"


def test_nobody_else_s_link_opens_finance_s_desk_though_the_session_is_carried(desks: Desks) -> None:
    for who in ("o1", "o4", "C1.k1", "b1"):
        token = contracted.own_link(who)
        for page in desks.finance:
            address = f"/f/{token}" + page.removeprefix(desks.finance[0])
            assert desks.ask("GET", address)["statusCode"] == 404, f"{who}: {page}"
    other = contracted.own_link("f2")
    assert desks.ask("GET", f"/f/{other}")["statusCode"] == 401, "whose session it is not"
    desks.back()
