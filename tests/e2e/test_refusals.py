"""What is not taken is not "no signal": each is said, can be dropped, and nothing waits behind it."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from chalicelib.language.catalogue import catalogue
from tests.e2e.play import Play, jpeg, zh

HEIC = b"\0\0\0\x18ftypheic" + bytes(400)
ELSEWHERE = "There is a network, but it does not lead to us (a sign-in page?). Please check it and try again."
EMPTY = "This file is empty. Please choose another photo."


def said(text: str) -> str:
    return str(catalogue("zh_CN").gettext(text))


def portal(route: Route) -> None:
    """A network that answers in the desk's place."""
    route.fulfill(status=200, content_type="text/html", body="<html><body>Please sign in to the Wi-Fi</body></html>")


def test_a_network_that_asks_to_sign_in_is_not_the_desk(play: Play) -> None:
    ticket = play.sent_report("YS-2-2-301", "地下室下水管堵了")
    link, _ = play.work_link(ticket)
    page = play.open(play.phone(), link)
    page.route("**/contact", portal)
    play.do(page, "contact", stays=True)
    expect(page.locator("#outbox .elsewhere")).to_have_text(said(ELSEWHERE))
    expect(page.locator("#outbox .kept button")).to_have_text(zh("Remove"))
    assert "contacted" not in play.kinds(ticket.number)
    page.unroute("**/contact")
    with page.expect_navigation(url=re.compile("done=")):
        page.evaluate("() => window.dispatchEvent(new Event('online'))")
    assert play.kinds(ticket.number).count("contacted") == 1


def test_a_refused_photo_is_said_and_holds_up_nothing_behind_it(play: Play) -> None:
    ticket = play.sent_report("YS-2-2-401", "地下室下水管堵了")
    link, _ = play.work_link(ticket)
    page = play.open(play.phone(), link)
    page.route("**/photos", lambda route: route.fulfill(status=400, json={"error": "不是照片"}))
    play.do(page, "note", stays=True, words="带照片", photo=[jpeg(page)])
    refused = page.locator("#outbox .refused")
    expect(refused).to_contain_text("不是照片")
    page.unroute("**/photos")
    play.do(page, "contact")
    assert "contacted" in play.kinds(ticket.number)
    with page.expect_navigation(url=re.compile("done=note")):
        refused.get_by_role("button", name=said("Send without the photos")).click()
    assert play.kinds(ticket.number).count("noted") == 1


def test_a_file_that_can_not_be_shown_is_refused_when_it_is_chosen(play: Play) -> None:
    ticket = play.sent_report("YS-2-2-501", "厨房水槽下水堵了")
    link, _ = play.work_link(ticket)
    page = play.open(play.phone(), link)
    form = play.form(page, "note")
    for content, why in (
        (HEIC, "HEIC"),
        (b"", said(EMPTY)),
        (b"MZ" + bytes(90), zh("This is not a picture that we can read.")),
    ):
        play.fill(form, "photo", [content])
        expect(form.locator(".error")).to_contain_text(why)
        expect(form.locator(".snap")).to_have_count(0)
    owner = play.open(play.phone(), "/report?p=YS-2-2-501")
    form = owner.locator("form[action$='/report']").first
    play.fill(form, "photo", [HEIC])
    expect(form.locator("[data-photos-said]")).to_contain_text("HEIC")
    expect(form.locator("[name=photos]")).to_have_count(0)
    assert form.locator("input[capture]").count() == 1


def test_a_long_screenshot_stays_readable_and_a_photo_is_made_small(play: Play) -> None:
    page = play.open(play.phone(), "/report?p=YS-2-2-501")
    script = """async ([w, h]) => { const c = document.createElement('canvas'); c.width = w; c.height = h;
        c.getContext('2d').fillRect(0, 0, w, h);
        const file = await new Promise(done => c.toBlob(done, 'image/png'));
        const list = document.querySelector('[data-compressor]');
        const made = await createImageBitmap(await window.Picking(file, list.dataset.compressor));
        return [made.width, made.height]; }"""
    width, height = page.evaluate(script, [1080, 9600])
    assert width > 700
    assert abs(height / width - 9600 / 1080) < 0.1
    width, height = page.evaluate(script, [4000, 3000])
    assert 1_500_000 < width * height < 2_700_000


def test_a_dot_is_no_signature(play: Play) -> None:
    page = play.open(play.phone(), "/report?p=YS-2-2-501")
    page.set_content(
        '<form id="sign"><input type="hidden" name="signature"><div class="pad">'
        '<canvas width="300" height="150"></canvas></div>'
        '<p id="unsigned" hidden></p><p id="dot" hidden></p><button type="button" data-clear></button>'
        "<button>sign</button></form>"
    )
    for name in ("signature_pad.min.js", "owner.js"):
        with open(f"chalicelib/web/static/{name}", encoding="utf-8") as script:
            page.evaluate(script.read())
    box = page.locator("canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + 50, box["y"] + 50)
    page.get_by_role("button", name="sign").click()
    expect(page.locator("#dot")).to_be_attached()
    assert page.locator("#dot").get_attribute("hidden") is None
    assert page.locator("[name=signature]").input_value() == ""
