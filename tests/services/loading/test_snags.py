"""Snag lists: faults by row and column, a ticket a place and trade, one letter a contractor, nobody told one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.domain.register.faults import Remark
from chalicelib.domain.ticket.ticket import Kind, State, Ticket
from chalicelib.services.loading import snags
from chalicelib.services.record import record
from chalicelib.store import facts, places, tickets
from chalicelib.store import snags as lists
from chalicelib.store.places import Place
from chalicelib.store.table import Put
from tests.domain import samples
from tests.model.crashes import Scissors
from tests.promised import CONTRACT, promise
from tests.world import World
from tests.world import world as fresh_world

HEAD = ("位置编码", "部位", "具体位置", "问题描述", "紧急程度", "照片")
LEAK, WALL = "渗漏水/卫生间", "墙面、地面、天花"
BY = Actor("operator:test", Role.SYSTEM, channel="console")
ROWS = (
    ("U1", LEAK, "主卫", "渗水", "", "a.jpg"),
    ("U1", LEAK, "客卫", "地漏返水", "较急", ""),
    ("U2", LEAK, "主卫", "墙角渗水", "", "b.jpg、a.jpg"),
    ("U2", WALL, "客厅", "空鼓", "", ""),
    ("A1", WALL, "", "地砖缺角", "", ""),
)


class Sheet:
    """A book of one sheet."""

    def __init__(self, rows: Sequence[Sequence[object]], head: Sequence[object] = HEAD, name: str = "交付整改") -> None:
        self.notes: list[Remark] = []
        self._rows, self._name = [head, *rows], name

    def names(self) -> list[str]:
        return [self._name]

    def rows(self, name: str) -> Iterator[tuple[int, Sequence[object]]]:
        yield from enumerate(self._rows, 1)


class Photos:
    def fault(self, name: str) -> str:
        return {"huge.jpg": "large", "word.jpg": "none"}.get(name, "" if name in ("a.jpg", "b.jpg") else "absent")

    def read(self, name: str) -> bytes:
        return samples.jpeg() + name.encode()


def load(world: World, rows: Sequence[Sequence[object]] = ROWS, name: str = "L1", **how: bool) -> snags.Listed:
    return snags.load(name, Sheet(rows), Photos(), world.at, BY, **how)


def made(world: World) -> list[Ticket]:
    """All snags there are, in the order in which they were found in the table."""
    ids = [pk.removeprefix("TICKET#") for pk in world.table.parts if pk.startswith("TICKET#")]
    return [world.load(one) for one in sorted(ids) if world.load(one).kind is Kind.SNAG]


def cases(world: World) -> list[Case]:
    return [record.load(pk) for pk in sorted(world.table.parts) if pk.startswith("CASE#")]


@pytest.fixture
def liable(world: World) -> World:
    """A contract for leaks in both flats."""
    for unit in ("U1", "U2"):
        promise(world, CONTRACT, unit=unit)
    return world


def test_every_fault_is_named_by_row_and_column_and_nothing_is_written(world: World) -> None:
    before = dict(world.table.parts)
    rows = [
        ("U1", "没有这个部位", "", "渗水", "", ""),
        ("NOWHERE", LEAK, "", "渗水", "", ""),
        ("P1", LEAK, "", "渗水", "", ""),
        ("V1", LEAK, "", "渗水", "", ""),
        ("U1", LEAK, "", "", "", ""),
        ("U1", LEAK, "", "渗水", "马上", ""),
        ("U1", LEAK, "", "渗水", "", "c.jpg、huge.jpg、word.jpg"),
        ("U1", LEAK, "", "渗水", "", "、".join(f"{n}.jpg" for n in range(6))),
    ]
    found = load(world, rows)
    assert [(f.row, f.column, f.reason) for f in found.faults] == [
        (2, "subject", "unknown_component"),
        (3, "place", "unknown_place"),
        (4, "place", "place_above"),
        (5, "place", "project_elsewhere"),
        (6, "words", "needed"),
        (7, "priority", "choice"),
        (8, "photos", "photo_absent"),
        (8, "photos", "photo_large"),
        (8, "photos", "photo_none"),
        (9, "photos", "too_many_photos"),
    ]
    assert dict(world.table.parts) == before
    assert world.pictures.stored == {}


def test_checking_writes_nothing_and_counts(world: World) -> None:
    before = dict(world.table.parts)
    found = load(world, write=False)
    assert (found.faults, found.rows, found.tickets, found.made) == ([], 5, 4, 0)
    assert dict(world.table.parts) == before


def test_a_place_and_trade_make_a_ticket_that_says_all_of_its_rows(liable: World) -> None:
    found = load(liable)
    assert (found.rows, found.tickets, found.made, found.photos) == (5, 4, 4, 3)
    by_place = {(t.place.get("unit", ""), t.category): t for t in made(liable)}
    first = by_place["U1", "water_leak"]
    assert first.said("reported")["words"] == "1. 主卫 渗水\n2. 客卫 地漏返水"
    assert (first.priority.value, first.component, first.events[0].data["rows"]) == ("urgent", "bathroom", [2, 3])
    assert len(first.said("reported")["photos"]) == 1
    assert len(by_place["U2", "water_leak"].said("reported")["photos"]) == 2
    assert {t.state for t in made(liable)} == {State.REPORTED}
    assert len([key for key in liable.pictures.stored if key.startswith("inbox/")]) == 3


def test_one_letter_speaks_for_all_tickets_of_a_contract_clause_and_urgency(liable: World) -> None:
    rows = [(unit, LEAK, "主卫", "渗水", "", "") for unit in ("U1", "U2")]
    found = load(liable, rows)
    assert len(found.cases) == 1
    liable.pump()
    [case] = cases(liable)
    assert set(case.tickets) == {t.id for t in made(liable)}
    assert all(t.cases == {"C1": case.id} and not t.cases_due for t in made(liable))


def test_nobody_is_told_ticket_by_ticket_and_nobody_holds_them(liable: World) -> None:
    load(liable)
    liable.pump()
    assert [liable.told(ticket) for ticket in made(liable)] == [[]] * 4
    assert {t.holder for t in made(liable)} == {""}
    assert len(tickets.queue("P1/desk")[0]) == 4


def test_a_snag_that_is_late_without_a_case_climbs_and_one_with_a_case_says_nothing_more(liable: World) -> None:
    load(liable, [("U1", LEAK, "", "渗水", "", ""), ("A1", WALL, "", "缺角", "", "")])
    liable.pump()
    liable.advance(days=31)
    by_contract = {bool(t.cases): t for t in made(liable)}
    assert "escalated" in liable.kinds(by_contract[True])
    assert liable.told(by_contract[True]) == []
    assert {m.template for m in liable.told(by_contract[False])}


def test_who_looks_again_closes_it_and_its_fact_is_marked(liable: World) -> None:
    load(liable, [("U1", LEAK, "", "渗水", "", "")])
    liable.pump()
    [ticket] = made(liable)
    liable.do(ticket, "assign", "d1", person="b1")
    for move in ("acknowledge", "arrive"):
        liable.do(ticket, move)
    liable.do(ticket, "complete", said={"words": "已修", "photos": ["/x"]})
    liable.do(ticket, "check", "s1", said={"words": "已复验"})
    assert liable.load(ticket).state is State.CLOSED
    found, _ = facts.of_month("P1", f"{liable.at:%Y-%m}")
    assert {one.kind for one in found} == {"snag"}


def test_the_same_list_again_makes_nothing_new_and_other_rows_under_its_name_are_refused(liable: World) -> None:
    load(liable)
    liable.pump()
    before = Counter(t.id for t in made(liable)), len(cases(liable))
    again = load(liable)
    liable.pump()
    assert (again.made, Counter(t.id for t in made(liable)), len(cases(liable))) == (0, *before)
    other = load(liable, ROWS[:2])
    assert [f.reason for f in other.faults] == ["list_other"]
    assert load(liable, ROWS[:2], name="L2").made == 1


def shape(world: World) -> tuple[object, ...]:
    found = made(world)
    stands = sorted(
        (t.id, t.number, tuple(sorted(t.cases.items())), Counter(e.kind for e in t.events)["case_opened"])
        for t in found
    )
    under = sorted((case.id, tuple(sorted(case.tickets))) for case in cases(world))
    return tuple(stands), tuple(under), tuple(sorted(k for k in world.pictures.stored if k.startswith("inbox/")))


def test_cut_off_before_or_after_anything_and_run_again_it_is_the_same_list(liable: World) -> None:
    load(liable)
    wanted, kept = shape(liable), lists.get("P1", "L1")
    assert kept
    assert kept.state == lists.LOADED
    after = 0
    while True:
        with fresh_world() as world:
            for unit in ("U1", "U2"):
                promise(world, CONTRACT, unit=unit)
            scissors = Scissors(world, lambda what: None)
            with scissors.cutting((after, "cut")):
                load(world)
            whole = not scissors.cut_at
            load(world)
            assert shape(world) == wanted, scissors.cut_at
        if whole:
            break
        after += 1
    assert after > 20


def test_two_who_load_the_same_list_at_once_make_it_once(liable: World) -> None:
    load(liable)
    wanted = shape(liable)
    for after in range(0, 26, 3):
        with fresh_world() as world:
            for unit in ("U1", "U2"):
                promise(world, CONTRACT, unit=unit)
            scissors = Scissors(world, lambda what, world=world: load(world) and None)
            with scissors.cutting((after, "somebody else loads")):
                load(world)
            assert shape(world) == wanted, scissors.met_at


@pytest.mark.parametrize("many", [40])
def test_what_a_list_costs_grows_with_its_tickets_and_no_faster(
    liable: World, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    def calls(n: int, name: str) -> int:
        for i in range(n):
            place = Place(f"{name}-{i}", "unit", str(i), "B1", f"1栋{name}-{i}", places.get("U1").above)  # type: ignore[union-attr]
            for row in places.put_place(place):
                liable.table.write(Put(row))
        counted = Counter[str]()
        with monkeypatch.context() as counting:
            for call in ("write", "transact", "query", "get", "batch", "index"):
                whole = getattr(liable.table, call)

                def once(*args: object, whole: object = whole, **more: object) -> object:
                    counted["calls"] += 1
                    return whole(*args, **more)  # type: ignore[operator]

                counting.setattr(liable.table, call, once)
            load(liable, [(f"{name}-{i}", LEAK, "", "渗水", "", "") for i in range(n)], name=name)
        return counted["calls"]

    small, large = calls(many, "s"), calls(4 * many, "l")
    assert large <= 4 * small
