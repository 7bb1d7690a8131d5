"""Loading a file: all or nothing, twice is once, and who leaves loses the link at once."""

from __future__ import annotations

import copy
import csv
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from chalicelib.adapters.workbook import Csvs, NotAWorkbook, open_book
from chalicelib.commands import load as command
from chalicelib.domain.register import spelling
from chalicelib.language.faults import explain_fault
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.loading import loading
from chalicelib.services.record import numbers
from chalicelib.store import names, people, places, rules, table
from chalicelib.store.memory import MemoryTable
from chalicelib.store.table import Put
from infra.seed.demo import demo
from tests.demo import Held
from tests.world import MONDAY, World

Rows = dict[str, list[dict[str, object]]]
SEED = Path(loading.__file__).parents[3] / "infra" / "seed"
UNIT = "YS-3-2-1001"


class Counting(MemoryTable):
    """A table that counts what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.batches = self.transactions = self.largest = 0

    def batch(self, keys):  # type: ignore[no-untyped-def]
        self.batches += 1
        return super().batch(keys)

    def transact(self, writes, token=""):  # type: ignore[no-untyped-def]
        self.transactions += 1
        self.largest = max(self.largest, len(writes))
        assert len({(w.row["pk"], w.row["sk"]) if isinstance(w, Put) else w.key for w in writes}) == len(writes)
        return super().transact(writes, token)


@pytest.fixture(scope="module")
def group() -> Rows:
    return demo()


@pytest.fixture
def stored() -> Iterator[Counting]:
    """An empty table."""
    made = Counting()
    table.use(made)
    numbers.forget()
    yield made
    table.use(None)
    numbers.forget()


def load(rows: Rows) -> loading.Loaded:
    loaded = loading.load_book(Held(rows), MONDAY)
    assert [explain_fault(f, "zh_CN") for f in loaded.faults] == []
    return loaded


def content(kept: MemoryTable) -> dict[str, dict[str, object]]:
    return copy.deepcopy({pk: part for pk, part in kept.parts.items() if part})


def staff_row(rows: Rows, code: str) -> dict[str, object]:
    return next(row for row in rows["staff"] if row["code"] == code)


def test_the_demo_loads_and_loading_it_again_writes_nothing(stored: Counting) -> None:
    first = loading.load(SEED / "demo.xlsx", MONDAY)
    assert first.counts["unit"]["added"] == 312
    assert first.counts["staff"]["added"] == len(demo()["staff"]) > 50
    assert stored.largest <= 100
    before, transactions = content(stored), stored.transactions
    again = loading.load(SEED / "demo.xlsx", MONDAY)
    assert stored.transactions == transactions
    assert content(stored) == before
    assert {state for counts in again.counts.values() for state in counts} <= {"unchanged", "removed"}
    assert not any(counts["removed"] for counts in again.counts.values())


def test_the_form_finds_its_way_from_the_group_to_a_unit(stored: Counting, group: Rows) -> None:
    load(group)
    assert {c.id for c in places.children(places.GROUP)} == {"YS", "FL", "LW"}
    assert [c.name for c in places.children("YS") if c.kind == "building"] == ["1号楼", "2号楼", "3号楼"]
    assert [c.name for c in places.children("YS-3")][-2:] == ["1单元", "2单元"]
    rooms = [c.name for c in places.children("YS-3-2") if c.kind == "unit"]
    assert (rooms[0], rooms[-1]) == ("101", "1002")
    assert {c.kind for c in places.children("YS-3")} == {"area", "entrance"}
    unit, residents = places.with_residents(UNIT)
    assert unit is not None
    assert unit.as_fact()["subsidiary"] == "BJ"
    assert [r.name for r in residents if r.role == "owner"] == ["演示业主甲"]
    assert [level for level, _, _ in places.ladder("YS")] == [1, 2, 3]


def test_a_fault_anywhere_writes_nothing(stored: Counting, group: Rows) -> None:
    rows = group | {"holidays": [{"date": "2026-02-30", "day": "休"}]}
    loaded = loading.load_book(Held(rows), MONDAY)
    assert [(f.sheet, f.row, f.column) for f in loaded.faults] == [("holidays", 2, "date")]
    assert content(stored) == {}


def test_checking_alone_writes_nothing(stored: Counting, group: Rows) -> None:
    assert loading.load_book(Held(group), MONDAY, write=False).faults == []
    assert content(stored) == {}


def test_one_cell_that_changed_changes_one_record(stored: Counting, group: Rows) -> None:
    load(group)
    rows = copy.deepcopy(group)
    rows["units"][0]["stage"] = "稳定期"
    before = stored.transactions
    counts = load(rows).counts
    assert stored.transactions == before + 1
    assert {kind: dict(c) for kind, c in counts.items() if c["changed"] or c["added"] or c["removed"]} == {
        "unit": {"changed": 1, "unchanged": 311, "removed": 0}
    }


def test_a_renamed_building_stands_once_in_its_list(stored: Counting, group: Rows) -> None:
    load(group)
    rows = copy.deepcopy(group)
    rows["buildings"][0]["name"] = "甲号楼"
    load(rows)
    assert [c.name for c in places.children("YS") if c.kind == "building"] == ["2号楼", "3号楼", "甲号楼"]
    unit = places.get("YS-1-1-101")
    assert unit is not None
    assert unit.label == "云杉苑 甲号楼 1单元 101"


def phone_units(phone: str) -> list[str]:
    return places.units_of(access.hidden("phone", phone))


def test_a_resident_is_found_by_phone(stored: Counting, group: Rows) -> None:
    load(group)
    owner = next(r for r in places.with_residents(UNIT)[1] if r.role == "owner")
    assert phone_units(owner.phone) == [UNIT]


def test_who_is_no_longer_listed_for_a_unit_has_moved_out_with_the_number(stored: Counting, group: Rows) -> None:
    load(group)
    owner = next(r for r in places.with_residents(UNIT)[1] if r.role == "owner")
    rows = {"residents": [{"unit": UNIT, "role": "业主", "name": "演示业主己", "phone": "100-0009-0001"}]}
    counts = load(rows).counts["resident"]
    assert (counts["added"], counts["removed"]) == (1, 2)
    assert [r.name for r in places.with_residents(UNIT)[1]] == ["演示业主己"]
    assert phone_units(owner.phone) == []
    assert phone_units("10000090001") == [UNIT]


def test_a_resident_is_found_by_the_whole_name_alone_and_the_table_holds_no_name_to_search_for(
    stored: Counting, group: Rows
) -> None:
    load(group)
    hidden = access.hidden("name", spelling.called("演示业主甲"))
    owner = next(r for r in places.with_residents(UNIT)[1] if r.role == "owner")
    assert names.registered([hidden]) == {UNIT: owner.id}
    assert names.registered([access.hidden("name", spelling.called("演示业主"))]) == {}
    load({"residents": [{"unit": UNIT, "role": "业主", "name": "演示业主己", "phone": "100-0009-0001"}]})
    assert names.registered([hidden]) == {}


def test_a_unit_whose_last_resident_left_has_nobody(stored: Counting, group: Rows) -> None:
    load(group)
    row = {"unit": UNIT, "role": "业主", "name": "演示业主甲", "phone": "100-0000-0119", "active": "否"}
    load({"residents": [row]})
    assert places.with_residents(UNIT)[1] == []
    assert phone_units("10000000119") == []


def test_a_sheet_that_is_left_out_leaves_what_is_stored(stored: Counting, group: Rows) -> None:
    load(group)
    before = content(stored)
    load({"projects": group["projects"]})
    assert content(stored) == before


def link_of(code: str) -> str:
    found = people.get(code)
    assert found is not None
    return access.token(access.staff_grant(code, found.person.team, found.link))


def test_active_staff_have_a_link_that_opens(stored: Counting, group: Rows) -> None:
    load(group)
    assert access.open_link(link_of("YS-E1")).team == "YS/engineering"


@pytest.mark.parametrize("change", [{"active": "否"}, {"place": "FL"}, {"team": "房修班", "skills": "防水"}])
def test_who_leaves_or_changes_the_team_loses_the_link_at_once(stored: Counting, group: Rows, change: Rows) -> None:
    load(group)
    old, was = link_of("YS-E1"), people.get("YS-E1")
    rows = copy.deepcopy(group)
    staff_row(rows, "YS-E1").update(change)
    counts = load(rows).counts["staff"]
    assert (counts["changed"], counts["unchanged"]) == (1, len(demo()["staff"]) - 1)
    with pytest.raises(NoAccess):
        access.open_link(old)
    now = people.get("YS-E1")
    assert now is not None
    assert was is not None
    assert now.link == was.link + 1
    team = [s.id for s in people.team("YS/engineering") if s.person.active]
    assert "YS-E1" not in team
    if now.person.active:
        assert access.open_link(link_of("YS-E1")).team == now.person.team
    else:
        with pytest.raises(NoAccess):
            access.open_link(link_of("YS-E1"))
    assert load(rows).counts["staff"]["unchanged"] == len(demo()["staff"])


def test_who_comes_back_gets_a_new_link_and_the_old_one_stays_dead(stored: Counting, group: Rows) -> None:
    load(group)
    old = link_of("YS-E1")
    rows = copy.deepcopy(group)
    staff_row(rows, "YS-E1")["active"] = "否"
    load(rows)
    load(group)
    assert access.open_link(link_of("YS-E1"))
    with pytest.raises(NoAccess):
        access.open_link(old)


def test_staff_that_the_file_no_longer_names_stay(stored: Counting, group: Rows) -> None:
    load(group)
    rows = group | {"staff": [row for row in group["staff"] if row["code"] != "YS-E1"]}
    load(rows)
    assert access.open_link(link_of("YS-E1"))


def test_a_grant_that_is_missing_is_made_again(stored: Counting, group: Rows) -> None:
    load(group)
    stored.parts.pop(f"GRANT#{access.hash_of(link_of('YS-E1'))}")
    assert load(group).counts["staff"]["unchanged"] == len(demo()["staff"])
    assert access.open_link(link_of("YS-E1"))


def test_a_project_has_its_own_targets_and_others_keep_theirs(stored: Counting, group: Rows) -> None:
    load(group)
    theirs, own = numbers.policy_for({"project": "YS"}), numbers.policy_for({"project": "LW"})
    assert theirs.clocks["arrive"].target["normal"] == timedelta(hours=4)
    assert own.clocks["arrive"].target["normal"] == timedelta(hours=3)
    assert own.version.startswith(theirs.version + "+")
    assert numbers.policy_for({"project": "LW"}) is own


def test_a_year_that_is_loaded_is_known_to_the_calendars(stored: Counting, group: Rows) -> None:
    days: list[dict[str, object]] = [{"date": date(2031, 1, 1), "day": "休"}]
    load(group | {"holidays": days})
    calendar = numbers.policy_for({"project": "YS"}).calendars["office"]
    assert calendar.known_years is not None
    assert {2026, 2031} <= calendar.known_years
    load({"holidays": [{"date": date(2032, 1, 1), "day": "休"}]})
    assert set(rules.years(rules.read("")[1])) == {2031, 2032}


@pytest.mark.parametrize(
    ("day", "kind"), [(date(2031, 1, 4), "休"), (date(2031, 1, 4), "班"), (date(2031, 1, 6), "班")]
)
def test_a_schedule_that_contradicts_itself_is_refused_with_its_row(stored: Counting, day: date, kind: str) -> None:
    loaded = loading.load_book(Held({"holidays": [{"date": day, "day": kind}]}), MONDAY)
    assert [(f.sheet, f.row) for f in loaded.faults] == [("holidays", 2)]


def test_a_writer_who_was_faster_is_not_overwritten_unseen(stored: Counting, group: Rows) -> None:
    """Somebody raises a person's link between reading and writing: the load looks again and keeps the raise."""
    load(group)
    rows = copy.deepcopy(group)
    staff_row(rows, "YS-E1")["email"] = "neu@wuye.example"
    rows = {"staff": rows["staff"]}
    real, done = stored.transact, []

    def faster(writes, token=""):  # type: ignore[no-untyped-def]
        if not done:
            done.append(True)
            row = stored.get("PERSON#YS-E1", "PERSON")
            assert row is not None
            stored.write(Put(row | {"body": row["body"].replace('"g":1', '"g":2')}))
        return real(writes, token)

    stored.transact = faster  # type: ignore[method-assign]
    load(rows)
    found = people.get("YS-E1")
    assert found is not None
    assert (found.email, found.link) == ("neu@wuye.example", 2)


def as_csvs(rows: Rows, folder: Path, encoding: str) -> None:
    for sheet, lines in rows.items():
        columns = list(dict.fromkeys(column for row in lines for column in row))
        with (folder / f"{sheet}.csv").open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csvs_say_the_same_as_the_workbook(stored: Counting, group: Rows, tmp_path: Path, encoding: str) -> None:
    loading.load(SEED / "demo.xlsx", MONDAY)
    before = content(stored)
    as_csvs(group, tmp_path, encoding)
    assert loading.load(tmp_path, MONDAY).faults == []
    assert content(stored) == before
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in tmp_path.glob("*.csv"):
            archive.write(file, file.name)
    assert isinstance(open_book(tmp_path / "all.zip"), Csvs)
    assert loading.load(tmp_path / "all.zip", MONDAY).faults == []
    assert content(stored) == before


def test_a_formula_in_a_workbook_is_named(stored: Counting, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "节假日"
    sheet.append(["日期", "休或班", "节日"])
    sheet.append([date(2031, 1, 1), "休", "=1+1"])
    book.save(tmp_path / "x.xlsx")
    loaded = loading.load(tmp_path / "x.xlsx", MONDAY)
    assert [explain_fault(f, "zh_CN") for f in loaded.faults] == ["节假日 第 2 行「节日」：不接受公式，请粘贴为数值"]
    assert explain_fault(loaded.faults[0], "en") == "holidays row 2, name: formulas are not taken; paste the value"


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04rest", b"just words"])
def test_a_file_that_is_no_workbook_is_said_in_one_line(
    stored: Counting, tmp_path: Path, junk: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(junk)
    with pytest.raises(NotAWorkbook):
        open_book(path)
    assert command.main([str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_command_says_what_it_did(stored: Counting, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([str(SEED / "demo.xlsx"), "--check"]) == 0
    assert command.main([str(SEED / "demo.xlsx")]) == 0
    assert "房产：新增 312" in capsys.readouterr().out
    assert command.main([str(SEED / "demo.xlsx"), "--lang", "en"]) == 0
    assert "unit: unchanged 312" in capsys.readouterr().out
    (tmp_path / "节假日.csv").write_text("日期,休或班\n明天,休\n", encoding="utf-8")
    assert command.main([str(tmp_path)]) == 1
    assert "节假日 第 2 行「日期」" in capsys.readouterr().err


def test_who_changes_the_team_with_open_work_is_named(stored: Counting, group: Rows) -> None:
    load(group)
    stored.write(Put({"pk": "TICKET#t", "sk": "HEAD", "id": "t", "hk": "HOLDER#YS-E1", "by": "9999"}))
    rows = copy.deepcopy(group)
    staff_row(rows, "YS-E1").update({"team": "房修班", "skills": "防水"})
    assert load(rows).holding == [("YS-E1", 1)]


def test_new_numbers_move_open_deadlines_and_whoever_was_told_others_is_told(world: World) -> None:
    ticket = world.report("入户门锁坏了", unit="U1")
    world.pump()
    rows: Rows = {"overrides": [{"project": "P1", "clock": "到场", "priority": "一般", "target": "2小时"}]}
    loaded = loading.load_book(Held(rows), world.at)
    assert [explain_fault(f, "zh_CN") for f in loaded.faults] == []
    assert loaded.recomputed == 1
    world.pump()
    after = world.load(ticket.id)
    assert [e.kind for e in after.events][-2:] == ["schedule_corrected", "deadline_changed"]
    assert {m.to for m in world.told(ticket.id) if m.template == "deadline_changed"} == {"reporter", "b1"}
    assert loading.load_book(Held(rows), world.at).recomputed == 0
    assert world.load(ticket.id).version == after.version
