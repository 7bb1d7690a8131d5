"""`python -m tests.e2e.finance_pictures`: the README's pictures of finance, of the demo as `make run` has it.

infra/pictures/finance.png: what waits to be exported; workbook.png: a batch's workbook as LibreOffice shows it;
statement.png: a contractor's statement; pack.png: the first two pages of an evidence pack.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urljoin

import pypdfium2
import requests
from playwright.sync_api import Page, sync_playwright

from infra.local.anchor import DEMO_PAST
from infra.local.run import load
from infra.local.run import play as lived
from infra.local.stack import Stack
from infra.seed import debts
from tests.e2e.conftest import ARGS, CHROMIUM, links_of
from tests.e2e.letter_picture import png
from tests.e2e.looks import Looks
from tests.e2e.pictures import FOLDER, save, smaller
from tests.e2e.play import Play
from tests.e2e.test_finance import downloaded, signed_in

ONE_PAGE = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'
WIDE, GAP, SCALE, SHEET = 1280, 12, 1.1, 0.9


def main() -> int:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as made:
        folder = Path(name)
        browser = made.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        with Stack.start(folder, out=folder / "out", start=DEMO_PAST) as stack:
            load(stack)
            lived(stack)
            play = Play(stack, browser, made.devices["iPhone 13"], Looks(), "198.51.100.9")
            page = signed_in(play, links_of(stack)[debts.SEALER], debts.SEALER)
            page.set_viewport_size({"width": WIDE, "height": 620})
            save(page, "finance")
            pack(requests.get(evidence(page), cookies=cookies(page), timeout=20).content)
            page.goto(f"{page.url.partition('?')[0]}/batch/{debts.ENTITY}-B-2026-0001")
            workbook(downloaded(page, folder)["xlsx"], folder)
            links = links_of(stack)
            phone = play.open(play.phone(), f"{links[debts.CONTACT]}/statement")
            save(phone, "statement")
            play.close()
        browser.close()
    return 0


def cookies(page: Page) -> dict[str, str]:
    return {one["name"]: one["value"] for one in page.context.cookies(page.url)}


def evidence(page: Page) -> str:
    """The address of the first pack that the preview names."""
    return urljoin(page.url, page.locator("a[href*='/evidence?']").first.get_attribute("href"))


def pack(pdf: bytes) -> None:
    """Its first two pages, beside each other."""
    document = pypdfium2.PdfDocument(pdf)
    sides = [document[n].render(scale=SHEET, rev_byteorder=True) for n in range(2)]
    rows = b""
    for y in range(sides[0].height):
        parts = [bytes(one.buffer)[y * one.stride : y * one.stride + one.width * 3] for one in sides]
        rows += b"\0" + (b"\xcc" * 3 * GAP).join(parts)
    width = sum(one.width for one in sides) + GAP
    (FOLDER / "pack.png").write_bytes(smaller(png(width, sides[0].height, rows)))


def workbook(book: Path, folder: Path) -> None:
    """The first sheet, as wide as it is: cut into strips, one below the other."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", ONE_PAGE, "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    document = pypdfium2.PdfDocument(book.with_suffix(".pdf"))
    bitmap = document[0].render(scale=SCALE, rev_byteorder=True)
    raw, depth = bytes(bitmap.buffer), bitmap.stride // bitmap.width
    rows = []
    for left in range(0, bitmap.width, WIDE):
        right = min(left + WIDE, bitmap.width)
        for y in range(bitmap.height):
            line = raw[y * bitmap.stride + left * depth : y * bitmap.stride + right * depth]
            rows.append(line + b"\xff" * (WIDE * depth - len(line)))
        rows += [b"\xff" * WIDE * depth] * GAP
    document.close()
    (FOLDER / "workbook.png").write_bytes(smaller(png(WIDE, len(rows), b"".join(b"\0" + row for row in rows))))


if __name__ == "__main__":
    sys.exit(main())
