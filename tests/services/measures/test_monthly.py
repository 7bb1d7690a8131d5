"""The report of a month: made once it is final, told to its managers, the same bytes again; nobody's name in it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pypdfium2
import pytest

from chalicelib.domain.measures.figures import Figure
from chalicelib.domain.record.number import spoken
from chalicelib.services.measures import monthly, rolling
from chalicelib.services.record import record
from chalicelib.store import measures, portraits, tickets
from tests.services.measures.test_improving import managed, plan
from tests.services.measures.test_rolling import lived
from tests.services.measures.year import year
from tests.typeset import press, use_faces
from tests.world import World

MONTH, BEFORE = "2026-02", "2026-01"
ASKED = f"{MONTH}/project#P1"


@pytest.fixture
def final(world: World) -> World:
    """A year, whose last month but one is final, with an action on it."""
    use_faces()
    year(world)
    return world


def text_of(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def files(world: World) -> dict[str, bytes]:
    return {key.rpartition(".")[2]: body for key, body in world.pictures.stored.items() if "reports/figures" in key}


def test_it_is_made_once_the_month_is_final_and_its_managers_are_told(final: World) -> None:
    assert monthly.make("2026-03/project#P1", final.at) == monthly.NOT_FINAL
    assert monthly.make(ASKED, final.at) == monthly.MADE
    assert monthly.make(ASKED, final.at) == monthly.KNOWN
    final.delivered.clear()
    final.pump()
    assert [(sk.split("#")[-2], sk.split("#")[-1]) for _, sk in final.delivered] == [("m1", "month_final")]
    one = monthly.find("project#P1", MONTH)
    assert one
    assert not record.load(one.id).is_open


def test_the_pdf_says_the_figures_the_actions_and_where_it_went_wrong(final: World) -> None:
    plan(final, measure="satisfaction", goal=8500)
    monthly.make("2026-02/group", final.at)
    said = text_of(files(final)["pdf"])
    for text in ("管理月报", "全集团", "满意率", "修复时长", "按时到场率", MONTH):
        assert text in said.replace("\r\n", "")
    assert "19911112222" not in said


def test_the_workbook_has_the_same_tables(final: World) -> None:
    monthly.make(ASKED, final.at)
    with zipfile.ZipFile(io.BytesIO(files(final)["xlsx"])) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    for word in ("满意率", "改进措施", "最差工单", "承诺在哪里失守", "定稿时"):
        assert word in text


def test_the_worst_tickets_go_by_their_numbers_and_amounts_are_in_yuan(final: World) -> None:
    seen = portraits.screen("project#P1", ["2026-03"])
    portraits.keep("project#P1", MONTH, seen.portrait, seen.names)
    scope = measures.month("project#P1", MONTH)
    assert scope
    money = {"cost": Figure("cost", 439_000, 454), "recovery": Figure("recovery", 0, 837_920)}
    measures.keep(replace(scope, figures={**scope.figures, **money}))
    monthly.make(ASKED, final.at)
    book = openpyxl.load_workbook(io.BytesIO(files(final)["xlsx"]))
    rows = {row[1]: row[3:5] for row in book["管理指标"].iter_rows(min_row=2, max_row=15, values_only=True)}
    assert (rows["单均费用"], rows["扣款回收率"]) == ((4390, 454), (0, 8379.2))
    assert "¥4,390.00 / 454" in text_of(files(final)["pdf"])
    (worst,) = seen.portrait.worst
    (entry,) = tickets.several([worst.ticket])
    assert [cell.value for cell in book["最差工单"]["D"]][1:] == [spoken(entry.said.number)]


def test_made_again_it_is_the_same_bytes(final: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monthly.make(ASKED, final.at)
    first = files(final)
    final.pictures.stored.clear()
    monkeypatch.setattr(monthly, "find", lambda *_: None)
    assert monthly.make(ASKED, final.at) == monthly.KNOWN
    assert files(final) == first


def test_the_walk_of_the_day_on_which_a_month_is_final_asks_for_its_reports(world: World) -> None:
    use_faces()
    managed(world)
    lived(world, 2)
    world.advance(days=33)
    rolling.roll("2026-03", world.at)
    scopes = ["group", "project#P1", "subsidiary#S1"]
    assert {f"2026-03/{scope}" for scope in scopes} <= set(world.queue.pressed)
    press(world)
    assert [one.scope for scope in scopes if (one := monthly.find(scope, "2026-03"))] == scopes


def test_next_months_report_shows_what_came_of_an_action(final: World) -> None:
    from chalicelib.domain.measures.action import Before
    from tests.services.measures import test_improving as improving

    row = measures.month("project#P1", BEFORE)
    assert row
    was = row.figures["arrive_kept"]
    before = Before(BEFORE, was.n, was.d, was.n * 10_000 // was.d)
    improving.BEFORE, kept = before, improving.BEFORE
    try:
        plan(final, measure="arrive_kept", goal=before.value + 100, words="每天早上先看逾期单")
    finally:
        improving.BEFORE = kept
    now = measures.month("project#P1", MONTH)
    assert now
    better = Figure("arrive_kept", 95, 100)
    measures.keep(measures.Month(now.scope, MONTH, {**now.figures, "arrive_kept": better}, now.ranks, now.final))
    monthly.make(ASKED, final.at)
    said = text_of(files(final)["pdf"]).replace("\r\n", "")
    assert "每天早上先看逾期单" in said
    assert "已达目标" in said
    assert "95%" in said


def test_it_is_a_few_pages(final: World) -> None:
    monthly.make(ASKED, final.at)
    pdf = files(final)["pdf"]
    assert len(pypdfium2.PdfDocument(pdf)) <= 4
    assert len(pdf) < 400_000
