"""A contractor pays, in the browser on the deployed stack: gate B, two approvals, the batch, what came back.

put forward → approved by two → its notice → agreed to           the big one
its notice → disputed → upheld, and reversed                     the small one
sealed while somebody else seals → opened by LibreOffice and pandas → a part is recovered → countered
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pandas
import pypdfium2
import requests
from playwright.sync_api import Page, expect

from infra.local.stack import ROOT
from infra.seed import debts
from infra.seed.stage import PAPER
from tests.adapters.test_sheetfiles import converted
from tests.e2e.play import STAFF, Play, plain
from tests.e2e.test_first_day import command
from tests.e2e.test_office import fresh

ENTITY, OTHERS = debts.ENTITY, ("E-YS", "E-FL")
BATCH = re.compile(rf"{ENTITY}-B-\d{{4}}-\d{{4}}")
RECOVERED = 1_000_000  # fen
HEADINGS = ("扣款单号", "凭证号", "记账日期", "会计期间", "付款申请", "来源", "金额")


@contextmanager
def begun(play: Play) -> Iterator[Callable[[], dict[str, Any]]]:
    """Two deductions on their way up to where the pages begin; called, it waits until they are there."""
    env = {**os.environ, **play.stack.environment}
    command = [sys.executable, "-m", "tests.e2e.owed"]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as made:

        def there() -> dict[str, Any]:
            said, wrong = made.communicate(timeout=180)
            assert made.returncode == 0, wrong[-3000:]
            return dict(json.loads(said))

        yield there


def attach(play: Play, page: Page, move: str, **fields: str) -> None:
    """A move with a file, which the browser uploads before it is sent."""
    paper = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": PAPER % f"{page.url} {move}".encode()}
    play.form(page, move).locator("input[type=file]").set_input_files(paper)  # type: ignore[arg-type]
    play.do(page, move, **fields)


def signed_in(play: Play, link: str, who: str) -> Page:
    """Somebody of finance at their desk, by link and code."""
    page = play.open(play.desktop(), link)
    before = len(play.stack.mailbox())
    page.locator("form[action$='/code'] button").click()
    page.locator("[name=code]").wait_for()
    play.look(page)
    phone = plain(STAFF[who]["phone"])

    def code() -> str:
        """What came last to this phone."""
        came = play.stack.mailbox()
        sent = (m for m in came[: len(came) - before] if plain(m.to) == phone)
        found = (re.search(r"(?<!\d)\d{8}(?!\d)", m.text) for m in sent)
        return next((one[0] for one in found if one), "")

    page.fill("[name=code]", play.eventually(code, "the code"))
    page.locator("form[action$='/enter'] button").click()
    page.locator("form[action$='/leave']").wait_for()
    play.look(page)
    return page


def test_what_a_contractor_owes_is_deducted_exported_recovered_and_taken_back(
    play: Play, links: dict[str, str], tmp_path: Path
) -> None:
    with begun(play) as there:
        one, other = (signed_in(play, links[who], who) for who in (debts.SEALER, debts.BOOKER))
        base = {page: page.url.partition("?")[0] for page in (one, other)}
        play.open(one, f"{base[one]}/periods")
        play.do(one, "periods")
        period = one.locator("[name=period]").last.input_value()
        owed = there()
    number, total = deducted(play, links, owed)
    reversed_ = disputed(play, links, owed)
    batch, sealer, booker = sealed(play, base, one, other)
    play.look(sealer)
    expect(sealer.locator("main")).to_contain_text(yuan(total))
    files = downloaded(sealer, tmp_path)
    with ThreadPoolExecutor(1) as beside:
        office = beside.submit(converted, tmp_path, files["xlsx"])  # LibreOffice takes some seconds
        settled(play, base[booker], booker, number, total, period)
        evident(play, links, owed, files, number)
        stated(play, links, number, total)
        rows = opened(files, office.result())
    assert rows[number] == total
    assert reversed_ not in rows

    # and the batch is taken back
    play.open(sealer, f"{base[sealer]}/batch/{batch}")
    play.do(sealer, "counter", words="税率有误,重新导出")
    counter = play.eventually(lambda: numbered(sealer), "the counter-batch's number")
    assert counter != batch
    expect(sealer.locator("main")).to_contain_text(f"-{yuan(total)}")
    play.open(sealer, base[sealer])
    expect(sealer.locator("table", has_text=number).first).to_contain_text(yuan(total))
    play.open(sealer, f"{base[sealer]}/batches")
    proved(play, recovered=RECOVERED)


def deducted(play: Play, links: dict[str, str], owed: dict[str, Any]) -> tuple[str, int]:
    """Gate B, two approvals, the notice, the contractor agrees; the deduction's number and total."""
    office = {n: links[f"HD-O{n}"].replace("/w/", "/b/") for n in (1, 2, 3)}
    first = play.open(play.desktop(), f"{office[1]}/deduction/{owed['big']}")
    second = play.open(play.desktop(), f"{office[2]}/deduction/{owed['big']}")
    price = f"{owed['price'] / 100:.2f}"
    play.do(first, "measure", quantity_1="115")
    play.do(second, "measure", quantity_1="115")
    play.do(second, "check_scope")
    bill = {"number": owed["invoice"], "total": price, "allocated": price, "buyer_tax": debts.TAX_NUMBER}
    attach(play, second, "check_invoice", type="special", **bill)
    play.open(first, first.url.partition("?")[0])
    attach(play, first, "pay_third", fen=price, voucher="付-88")
    play.eventually(lambda: fresh(play, second, "form[action$='/approve']"), "that gate B is passed")
    play.do(second, "approve")
    third = play.open(play.desktop(), f"{office[3]}/deduction/{owed['big']}")
    play.do(third, "approve")
    play.open(second, second.url.partition("?")[0])
    play.do(second, "release_deduction_notice")
    number = re.search(rf"{ENTITY}-K-\d{{4}}-\d{{4}}", second.inner_text("main"))
    assert number
    contractor = play.open(play.phone(), f"{links[debts.CONTACT]}/deduction/{owed['big']}")
    total = int(contractor.locator("form[action$='/agree'] [name=total]").get_attribute("value") or 0)
    assert total + owed["fen"] > 5_000_000, "above what one person approves within 30 days"
    play.do(contractor, "agree")
    return number[0], total


def disputed(play: Play, links: dict[str, str], owed: dict[str, Any]) -> str:
    """The contractor objects, somebody who approved nothing finds that it is right; the number of what is reversed."""
    contractor = play.open(play.phone(), f"{links[debts.CONTACT]}/deduction/{owed['small']}")
    play.do(contractor, "dispute", ground="not_liable", words="漏点在业主自装的净水器接头")
    judge = play.open(play.desktop(), f"{links['HD-O3'].replace('/w/', '/b/')}/deduction/{owed['small']}")
    play.do(judge, "decide_dispute", upheld_fen=f"{owed['fen'] / 100:.2f}", words="复核属实,不应由施工单位承担")
    number = re.search(rf"{ENTITY}-K-\d{{4}}-\d{{4}}", judge.inner_text("main"))
    assert number
    return number[0]


def sealed(play: Play, base: dict[Page, str], one: Page, other: Page) -> tuple[str, Page, Page]:
    """Two seal at the same moment: one batch has it. Its number, at whose page it is, and who sealed nothing of it."""
    for page in (one, other):
        play.open(page, base[page])
        play.eventually(lambda page=page: fresh(play, page, "a[href*='/evidence?']"), "its evidence pack", 60)  # type: ignore[misc]
        page.locator("form[action$='/seal'] button.main").click()
        page.locator("[name=seen]").wait_for(state="attached")
        play.look(page)
    with one.expect_navigation(), other.expect_navigation():
        for page in (one, other):
            page.locator("form[action$='/seal'] button.main").evaluate("e => { setTimeout(() => e.click()) }")
    mine = play.eventually(lambda: [p for p in (one, other) if numbered(p)], "the batch", 40)
    for page in (one, other):
        play.eventually(lambda page=page: over(page), "that nothing is being sealed", 40)  # type: ignore[misc]
    numbers = {numbered(page) for page in (one, other)} - {""}
    assert len(numbers) == 1, "what is firm stands in one batch"
    sealer = mine[0]
    return numbers.pop(), sealer, other if sealer is one else one


def settled(play: Play, base: str, booker: Page, number: str, total: int, period: str) -> None:
    """A part comes back, by somebody who has not sealed it, from a file; the balance is right on the page."""
    play.open(booker, f"{base}/settle")
    day = play.stack.now().date().isoformat()
    row = (number, "记-31", day, period, "进度款〔2026〕03", "进度款", f"{RECOVERED / 100:.2f}")
    content = "".join(",".join(line) + "\n" for line in (HEADINGS, row)).encode()
    booker.set_input_files("#file", {"name": "回单.csv", "mimeType": "text/csv", "buffer": content})
    expect(booker.locator("[name=name]")).to_have_value("回单.csv")
    booker.locator("form[data-settle] button").click()
    booker.locator("[name=book]").wait_for(state="attached")
    play.look(booker)
    booker.locator("form:has([name=book]) button").click()
    booker.wait_for_url("**done=book**")
    play.look(booker)
    play.open(booker, f"{base}/reports?period={period}")
    left = booker.locator("tr", has_text=number)
    expect(left.first).to_contain_text(yuan(total - RECOVERED))
    booker.locator("form[action$='/reports/file'] button").click()
    booker.wait_for_url("**/work/**")
    play.eventually(lambda: fresh(play, booker, "a[href$='/file']"), "the workbook of the reports")
    play.look(booker)
    play.open(booker, f"{base}/periods?close={period}")


def numbered(page: Page) -> str:
    """The number of the batch that a page shows, once its files are there."""
    if "/batch/" not in page.url:
        return ""
    page.reload()
    found = BATCH.search(page.inner_text("main"))
    return found[0] if found and page.locator("a[href*='/file/']").count() else ""


def over(page: Page) -> bool:
    """Whether a page says how its sealing ended: files, an empty batch, or why not."""
    return bool(numbered(page)) or (page.locator(".notice--bad, .notice:not([role])").count() > 0)


def downloaded(page: Page, folder: Path) -> dict[str, Path]:
    """The files of the batch that a page shows, by their ending."""
    cookies = {one["name"]: one["value"] for one in page.context.cookies(page.url)}
    found = {}
    for link in page.locator("a[href*='/file/']").all():
        name = link.inner_text()
        answer = requests.get(urljoin(page.url, link.get_attribute("href")), cookies=cookies, timeout=20)
        assert answer.status_code == 200, name
        found[name.rpartition(".")[2]] = folder / name
        (folder / name).write_bytes(answer.content)
    return found


def opened(files: dict[str, Path], sheet: list[list[str]]) -> dict[str, int]:
    """Fen by deduction, as pandas reads the CSV: the workbook, by pandas and LibreOffice (`sheet`), and the manifest
    agree."""
    table = pandas.read_csv(io.BytesIO(files["csv"].read_bytes()), dtype=str, encoding="utf-8-sig")
    table["fen"] = (table["含税金额"].astype(float) * 100).round().astype(int)
    book = pandas.read_excel(files["xlsx"], dtype={"统一社会信用代码": str})
    lines = book[book["扣款单号"].notna()]
    assert round(float(lines["含税金额"].sum()) * 100) == table["fen"].sum()
    assert set(lines["统一社会信用代码"]) == set(table["统一社会信用代码"]) == {"00000000000000008Q"}
    last = sheet[len(lines) + 1]
    assert round(float(last[sheet[0].index("含税金额")]) * 100) == table["fen"].sum()
    manifest = json.loads(files["json"].read_text())
    assert manifest["fen"] == table["fen"].sum()
    return {str(name): int(fen) for name, fen in table.groupby("扣款单号")["fen"].sum().items()}


def evident(play: Play, links: dict[str, str], owed: dict[str, Any], files: dict[str, Path], number: str) -> None:
    """The contractor opens the pack of the deduction: it is the very file that finance's batch names."""
    page = play.open(play.phone(), f"{links[debts.CONTACT]}/deduction/{owed['big']}")
    pack = fetched(page, page.locator("a[href$='/evidence']").get_attribute("href"))
    assert len(pack) <= 10_000_000
    assert json.loads(files["json"].read_text())["evidence"][number] == hashlib.sha256(pack).hexdigest()
    text = text_of(pack)
    for said in (number, "关口B", "函件与送达", "时限说明", "附件清单与校验值", owed["invoice"]):
        assert said in text, said


def stated(play: Play, links: dict[str, str], number: str, total: int) -> None:
    """The contractor's statement says what is left, on its page and as a PDF that is made meanwhile."""
    page = play.open(play.phone(), f"{links[debts.CONTACT]}/statement")
    expect(page.locator("main")).to_contain_text(yuan(total - RECOVERED))
    page.locator("form[action$='/statement'] button").click()
    page.locator("a[href$='/statement/pdf']").wait_for(timeout=40_000)
    play.look(page)
    text = text_of(fetched(page, page.locator("a[href$='/statement/pdf']").get_attribute("href")))
    for said in (number, yuan(total), yuan(total - RECOVERED), "扣款对账单"):
        assert said in text, said


def fetched(page: Page, href: str | None) -> bytes:
    answer = requests.get(urljoin(page.url, href), timeout=20)
    assert answer.status_code == 200
    return answer.content


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in document))


def proved(play: Play, recovered: int) -> None:
    """The ledger adds up, and has what came back."""
    said = command(play, "ledger", "--check", ENTITY, *OTHERS, "--lang", "en").stdout
    assert f"recovered {recovered / 100:,.2f}" in said, said


def yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"
