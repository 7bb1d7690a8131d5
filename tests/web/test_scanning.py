"""What a sign's code opens: its place and what is open there; once moved, closed or removed, where to go on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from chalice.test import Client

from app import app
from chalicelib.adapters.settings import settings
from chalicelib.domain.ticket.ticket import State
from chalicelib.services.loading import loading, signs
from chalicelib.services.ticket import choosing, frontdesk, scanning, seeking
from chalicelib.store import places
from tests.demo import corner, load
from tests.world import MONDAY, World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def browser(world: World) -> Iterator[Client]:
    assert load(corner()).faults == []
    choosing.forget()
    frontdesk.forget()
    with Client(app) as client:
        yield client
    choosing.forget()
    frontdesk.forget()


def scanned(code: str) -> str:
    """The path in the code of a place's sign as it is printed now."""
    place = places.get(code)
    assert place is not None
    parts = urlsplit(signs.address(place.id, place.label))
    assert f"{parts.scheme}://{parts.netloc}" == settings().public_url
    return f"{parts.path}?{parts.query}"


def get(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == status
    return str(answer.body.decode())


def loaded(tmp_path: Path, sheet: str, head: str, *rows: str) -> list[tuple[str, str]]:
    """A sheet of the workbook loaded again; the faults."""
    (tmp_path / f"{sheet}.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    return [(f.column, f.reason) for f in loading.load(tmp_path / f"{sheet}.csv", MONDAY).faults]


def test_a_scan_opens_the_form_with_the_place_filled_in(browser: Client) -> None:
    for code in ("YS-GARDEN", "YS-3", "YS-3-2", "YS-3-LIFT1", "YS-3-2-1001"):
        page = get(browser, scanned(code))
        assert f'name="place" value="{code}"' in page
        assert 'id="moved"' not in page
        assert 'id="open-here"' not in page


def test_a_scan_in_a_common_place_shows_what_is_open_there_and_nothing_of_persons(
    world: World, browser: Client
) -> None:
    world.report("电梯按钮不亮", unit="YS-3-LIFT1", name="陈先生", phone="19900001111")
    world.report("电梯异响", unit="YS-3-LIFT2")
    page = get(browser, scanned("YS-3-LIFT1"))
    shown = re.findall(r'<div class="notice" id="open-here".*?</div>', page, re.S)
    assert len(shown) == 1
    assert shown[0].count("待派单") == 1
    assert "陈" not in shown[0]
    assert "按钮" not in shown[0]
    assert "199" not in shown[0]


def test_what_is_over_is_not_shown(world: World, browser: Client) -> None:
    ticket = world.report("电梯按钮不亮", unit="YS-3-LIFT1")
    world.do(ticket, "cancel", "reporter", reason="mistake", words="误报")
    assert world.load(ticket).state is State.CANCELLED
    assert 'id="open-here"' not in get(browser, scanned("YS-3-LIFT1"))


def test_what_is_open_in_a_flat_is_told_to_nobody_by_its_door(world: World, browser: Client) -> None:
    world.report("卫生间漏水", unit="YS-3-2-1001")
    page = get(browser, scanned("YS-3-2-1001"))
    assert 'id="open-here"' not in page
    assert 'data-only="云杉苑 3号楼 2单元 1001"' in page  # what this phone itself reported, kept on it
    assert 'href="/c"' in page


def test_whoever_scans_place_after_place_learns_no_more(world: World, browser: Client) -> None:
    world.report("灯不亮", unit="YS-GARDEN")
    shown = ["open-here" in get(browser, scanned("YS-GARDEN")) for _ in range(choosing.HINTS["address"] + 3)]
    assert shown[0]
    assert not shown[-1]


def test_a_sign_of_a_place_that_lies_elsewhere_now_says_so(browser: Client, tmp_path: Path) -> None:
    before = scanned("YS-PUMP")
    assert loaded(tmp_path, "areas", "code,kind,name,place", "YS-PUMP,设备,生活水泵,YS-GARDEN") == []
    page = get(browser, before)
    assert 'id="moved"' in page
    assert "云杉苑 中心花园 生活水泵" in page
    assert 'id="moved"' not in get(browser, scanned("YS-PUMP"))


def test_a_flat_that_became_part_of_another_leads_there(browser: Client, tmp_path: Path) -> None:
    before = scanned("YS-1-1-102")
    row = "YS-1,1,102,否,YS-1-1-101"
    assert loaded(tmp_path, "units", "building,entrance,room,used,instead", row) == []
    page = get(browser, before)
    assert "云杉苑 1号楼 1单元 102 已停用" in page
    assert 'class="btn main" href="/report?p=YS-1-1-101"' in page
    assert "000-0000-1001" in page
    assert "YS-1-1-102" not in get(browser, "/report?in=YS-1-1")
    assert seeking.seek("云杉苑1-1-102", choosing.step("").inside) != [
        seeking.Hit("YS-1-1-102", "unit", "云杉苑 1号楼 1单元 102")
    ]


def test_nothing_is_reported_of_a_place_that_was_closed_while_the_form_was_open(
    browser: Client, tmp_path: Path, world: World
) -> None:
    page = get(browser, scanned("YS-GARDEN"))
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert loaded(tmp_path, "areas", "code,kind,name,place,used", "YS-GARDEN,公共区域,中心花园,YS,否") == []
    typed = {"kind": "repair", "reporter": "owner", "words": "灯不亮", "phone": "13900000001", "consent": "yes"}
    answer = browser.http.post("/report", headers=FORM, body=urlencode(fields | typed).encode())
    assert answer.status_code == 400
    assert "云杉苑 中心花园 已停用" in answer.body.decode()


def test_a_place_in_use_again_is_reported_of_again(browser: Client, tmp_path: Path) -> None:
    head = "code,kind,name,place,used"
    assert loaded(tmp_path, "areas", head, "YS-GARDEN,公共区域,中心花园,YS,否") == []
    assert "YS-GARDEN" not in get(browser, "/report?in=YS")
    assert loaded(tmp_path, "areas", head, "YS-GARDEN,公共区域,中心花园,YS,是") == []
    assert "YS-GARDEN" in get(browser, "/report?in=YS")
    assert 'name="place"' in get(browser, scanned("YS-GARDEN"))


def test_a_code_that_nothing_has_begins_at_the_building_that_it_names(browser: Client) -> None:
    page = get(browser, "/report?p=YS-3-2-9901&v=0000")
    assert "找不到这个位置了" in page
    assert "/report?p=YS-3-2-1001" in page
    assert "000-0000-1001" in page
    assert "/report?in=YS" in get(browser, "/report?p=gone&v=0000")


def test_closed_places_that_lead_to_each_other_end(browser: Client, tmp_path: Path) -> None:
    head = "code,kind,name,place,used,instead"
    rows = ("YS-GARDEN,公共区域,中心花园,YS,否,YS-GARAGE", "YS-GARAGE,公共区域,地下车库,YS,否,YS-GARDEN")
    assert loaded(tmp_path, "areas", head, *rows) == []
    assert scanning.lost("YS-GARDEN").instead is None
    assert "请在下面选择现在的位置" in get(browser, "/report?p=YS-GARDEN")


@pytest.mark.parametrize(
    ("used", "instead", "reason"),
    [("否", "NOWHERE", "unknown_place"), ("是", "YS-GARAGE", "instead_of_used"), ("否", "YS-GARDEN", "instead_itself")],
)
def test_what_cant_take_its_place_is_a_fault(
    browser: Client, tmp_path: Path, used: str, instead: str, reason: str
) -> None:
    row = f"YS-GARDEN,公共区域,中心花园,YS,{used},{instead}"
    assert loaded(tmp_path, "areas", "code,kind,name,place,used,instead", row) == [("instead", reason)]
