"""The first day of a project: what is still to be done, signs on its walls, and what they open when scanned."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import zxingcpp
from playwright.sync_api import Page, expect

from infra.local.stack import ROOT
from tests.e2e.play import Play, plain, staff_phone, zh

# A picture as a decoder wants it: one byte a pixel.
GREY = """async picture => {
  const image = new Image(); image.src = 'data:image/png;base64,' + picture; await image.decode();
  const canvas = document.createElement('canvas'); canvas.width = image.width; canvas.height = image.height;
  const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
  const data = context.getImageData(0, 0, image.width, image.height).data, grey = new Uint8Array(data.length / 4);
  for (let n = 0; n < grey.length; n++) grey[n] = (data[4 * n] * 3 + data[4 * n + 1] * 6 + data[4 * n + 2]) / 10;
  let text = ''; for (let n = 0; n < grey.length; n += 8192) text += String.fromCharCode(...grey.subarray(n, n + 8192));
  return [image.width, image.height, btoa(text)] }"""


def read_back(play: Play, sheet: bytes) -> list[str]:
    """What a scanner reads of a picture of a sheet, from top to bottom."""
    page = play.context({}).new_page()
    wide, high, grey = page.evaluate(GREY, base64.b64encode(sheet).decode())
    page.close()
    found = zxingcpp.read_barcodes(memoryview(base64.b64decode(grey)).cast("B", (high, wide)))
    assert all(one.ec_level == "Q" for one in found)
    return [one.text for one in sorted(found, key=lambda one: (one.position.top_left.y // 40, one.position.top_left.x))]


def printed(page: Page) -> bytes:
    """The first sheet as it is printed, at 144 dots an inch."""
    page.emulate_media(media="print")
    shot = page.locator("svg.a4").first.screenshot()
    page.emulate_media(media="null")
    return shot


def command(play: Play, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of an operator, on the deployed stack."""
    return subprocess.run(
        [sys.executable, "-m", f"chalicelib.commands.{name}", *arguments],
        cwd=ROOT,
        env={**os.environ, **play.stack.environment},
        capture_output=True,
        text=True,
        check=True,
    )


def places_of(addresses: list[str]) -> list[str]:
    return [parse_qs(urlsplit(address).query)["p"][0] for address in addresses]


def test_a_printed_sheet_is_read_back_and_opens_the_form_of_each_place(play: Play, links: dict[str, str]) -> None:
    ticket = play.sent_report("YS-3-LIFT1", "电梯按钮不亮", phone="10099998001")
    desk = play.desktop(device_scale_factor=1.5)
    play.open(desk, links["YS-D1"])
    play.tap(desk, desk.get_by_role("link", name=zh("QR signs")))
    desk.locator("#part").select_option("YS-3")
    desk.wait_for_url("**part=YS-3**")
    play.look(desk)
    expect(desk.locator("svg.a4").first).to_contain_text("000-0000-1001")
    codes = read_back(play, printed(desk))
    assert len(codes) == 6
    assert {"YS-3", "YS-3-LOBBY", "YS-3-1", "YS-3-2"} <= set(places_of(codes))

    phone = play.phone()
    for code in codes:
        page = play.fetched(code)
        assert page[0] == 200
        assert f'name="place" value="{places_of([code])[0]}"' in page[1]
    play.open(phone, next(code for code in codes if places_of([code]) == ["YS-3-LIFT1"]))
    expect(phone.locator("#open-here")).to_contain_text(zh("Already looked after here"))
    expect(phone.locator("#open-here")).not_to_contain_text("按钮")
    assert ticket.number not in phone.inner_text("main")

    desk.locator("#what").select_option("flats")
    desk.wait_for_url("**what=flats**")
    play.look(desk)
    paper = desk.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == desk.locator("svg.a4").count() == 2  # a sheet a page, and no other
    doors = read_back(play, printed(desk))
    assert len(doors) == 24
    door = next(code for code in doors if places_of([code]) == ["YS-3-1-101"])
    known = play.report(phone, "YS-3-1-101", "厨房水管漏水")
    play.open(phone, door)
    expect(phone.locator("[data-only] li")).to_have_count(1)
    expect(phone.locator("[data-only]")).to_contain_text(known.number)
    stranger = play.phone()
    play.open(stranger, door)
    expect(stranger.locator("[data-only]")).to_be_hidden()
    expect(stranger.locator("#open-here")).to_have_count(0)


def test_what_became_of_a_place_is_said_where_its_sign_is_scanned(play: Play) -> None:
    phone = play.phone()
    play.open(phone, "/report?p=YS-3-2-1001&v=0000")
    expect(phone.locator("#moved")).to_contain_text("云杉苑 3号楼 2单元 1001")
    play.open(phone, "/report?p=YS-3-2-9901&v=0000")
    expect(phone.get_by_role("alert")).to_contain_text(zh("We don't know this place any more"))
    expect(phone.get_by_role("alert").locator("a[href='tel:000-0000-1001']")).to_be_visible()
    play.tap(phone, phone.get_by_role("link", name="1001", exact=True))
    expect(phone.locator("[name=place]").first).to_have_value("YS-3-2-1001")


def test_a_place_that_is_used_no_more_leads_to_what_is_used_instead(play: Play, tmp_path: Path) -> None:
    rows = "code,kind,name,place,used,instead\nFL-GARDEN,公共区域,中心花园,FL,否,FL-GARAGE\n"
    (tmp_path / "areas.csv").write_text(rows, encoding="utf-8")
    said = command(play, "load", str(tmp_path / "areas.csv"))
    assert "20:00–次日 08:00" in said.stdout
    for lang in ("zh_CN", "en"):
        phone = play.phone()
        play.open(phone, f"/report?p=FL-GARDEN&v=0000&lang={lang}")
        expect(phone.get_by_role("alert").locator("a[href='tel:000-0000-1002']")).to_be_visible()
        play.tap(phone, phone.get_by_role("alert").locator("a.btn"))
        expect(phone.locator("[name=place]").first).to_have_value("FL-GARAGE")
        assert play.fetched("/report?in=FL")[1].count("FL-GARDEN") == 0


def test_all_signs_of_a_project_are_a_pdf_by_command(play: Play, tmp_path: Path) -> None:
    done = command(play, "qr", "YS", "--what", "lifts", "--out", str(tmp_path))
    [made] = tmp_path.iterdir()
    assert made.name == "YS-lifts-0001-0002.pdf"
    assert made.read_bytes().startswith(b"%PDF")
    assert made.read_bytes().count(b"/Type /Page\n") == 2
    assert "4/4" in done.stderr
    assert str(made) in done.stdout


def test_the_first_days_list_is_worked_off_at_the_desk(play: Play, links: dict[str, str]) -> None:
    """The desk of a project where nothing was reported yet, or of one whose list is opened from its queue."""
    desk = play.desktop()
    play.open(desk, f"{links['LW-D1']}/first")
    todo = desk.locator("ol.todos > li")
    expect(todo.filter(has_text="20:00–次日 08:00")).to_have_count(1)
    people = todo.filter(has=desk.locator("button[value=links]"))
    expect(people).to_have_count(1)
    had = len(play.stack.mailbox())
    with desk.expect_navigation(url=re.compile("done=")):
        people.locator("button[value=links]").click()
    play.look(desk)
    expect(people).to_have_count(0)
    mine = play.eventually(
        lambda: [m for m in play.stack.mailbox()[had:] + play.stack.mailbox() if plain(m.to) == staff_phone("LW-E1")],
        "somebody's own page",
    )
    assert mine[0].links
    assert play.fetched(mine[0].links[0])[0] == 200
    for wanted in ("20:00–次日 08:00", "18:00–次日 09:00", zh("Addresses to hand out")):
        with desk.expect_navigation(url=re.compile("done=")):
            todo.filter(has_text=wanted).locator("button[value=aside]").click()
        expect(todo.filter(has_text=wanted)).to_have_count(0)
    expect(todo).to_have_count(1)
    play.tap(desk, todo.get_by_role("link", name=zh("Print the signs")))
    play.open(desk, f"{links['LW-D1']}/first")
    with desk.expect_navigation(url=re.compile("done=")):
        todo.locator("button[value=aside]").click()
    play.look(desk)
    expect(desk.locator("main")).to_contain_text(zh("All is done: owners can report, and somebody answers."))
    expect(desk.locator("ul.todos > li")).to_have_count(4)
    play.open(desk, f"{links['FL-D1']}/first?lang=en")
    play.open(desk, f"{links['FL-D1']}/signs?lang=en")
    above = play.desktop()
    play.open(above, links["HD-S1"].replace("/w/", "/d/") + "/first")
    expect(above.locator("ol.todos > li")).to_have_count(1)  # the people of its own desk
