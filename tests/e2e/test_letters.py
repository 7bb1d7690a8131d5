"""Letters on the deployed stack: released by themselves, set and kept; checked in a browser, which sends nothing."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime

import pypdfium2
import pytest
from playwright.sync_api import FilePayload, expect

from chalicelib.domain.contractor.letter import frozen
from chalicelib.language.letters import said
from chalicelib.store import letters
from chalicelib.store.letters import File
from chalicelib.store.memory import MemoryTable
from chalicelib.store.table import use
from tests.domain.contractor.letters import NOTICE
from tests.e2e.play import Play, zh

PDF = b"%PDF-1.7 a letter as it was sent"
ENTITY = "PAGE"


@pytest.fixture
def letter(play: Play) -> str:
    """A letter with its PDF, as the store writes it; its page."""
    table = MemoryTable()
    use(table)
    try:
        content = frozen(NOTICE, said(NOTICE))
        at: datetime = play.stack.now()
        table.transact(letters.written(ENTITY, 2026, 0, "CASE#1", "notice", content, at))
        letters.made(f"{ENTITY}-2026-0001", File("pdf", hashlib.sha256(PDF).hexdigest(), "letters/x.pdf", at), [])
    finally:
        use(None)
    for row in (row for part in table.parts.values() for row in part.values()):
        typed = {k: {"N": str(v)} if isinstance(v, int) else {"S": v} for k, v in row.items() if v is not None}
        play.stack.client("dynamodb").put_item(TableName=play.stack.outputs["Table"], Item=typed)
    return f"/l/{ENTITY}-2026-0001"


def test_whoever_holds_the_file_checks_it_on_the_page_of_its_qr_code(play: Play, letter: str) -> None:
    page = play.open(play.phone(), letter)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    room = page.locator("[data-check]")
    expect(room).to_be_visible()
    page.set_input_files("[data-check] input", FilePayload(name="letter.pdf", mimeType="application/pdf", buffer=PDF))
    expect(room.locator("[data-said]")).to_contain_text(zh("It matches."))
    expect(room.locator("[data-said]")).to_contain_text("PDF")
    play.look(page)
    page.set_input_files(
        "[data-check] input", FilePayload(name="letter.pdf", mimeType="application/pdf", buffer=PDF + b"!")
    )
    expect(room.locator("[data-said]")).to_contain_text(zh("It does not match."))
    play.look(page)
    assert sent == []


def test_without_a_script_a_hash_is_compared_as_text(play: Play, letter: str) -> None:
    page = play.open(play.phone(java_script_enabled=False), letter)
    expect(page.locator("[data-check]")).to_be_hidden()
    page.fill("[name=sum]", hashlib.sha256(PDF).hexdigest().upper())
    page.locator("main form button").click()
    expect(page.locator("[role=status]").first).to_contain_text(zh("It matches."))
    page.fill("[name=sum]", "abc")
    page.locator("main form button").click()
    expect(page.locator("#e-sum")).to_be_visible()


def test_a_number_is_typed_from_the_paper(play: Play, letter: str) -> None:
    page = play.open(play.desktop(), "/l?lang=en")
    page.fill("[name=number]", letter.removeprefix("/l/"))
    with page.expect_navigation():
        page.locator("main form button").click()
    expect(page.locator("h1")).to_have_text("Repair notice")
    play.open(page, letter)
    play.open(page, "/l/PAGE-2026-0099")


# from a report to the letter's file


def released(play: Play, ticket: str) -> dict[str, str] | None:
    """The letter that was released for a ticket (by its spoken number) and made since: number and file's hash."""
    table = {"TableName": play.stack.outputs["Table"]}
    rows = play.stack.client("dynamodb").get_paginator("scan").paginate(**table)
    found: dict[str, dict[str, str]] = {}
    for row in (row for page in rows for row in page["Items"] if row["pk"]["S"].startswith("LETTER#")):
        letter = found.setdefault(row["pk"]["S"].removeprefix("LETTER#"), {})
        letter[row["sk"]["S"]] = row.get("body", {}).get("S", "")
    for number, parts in found.items():
        if ticket in parts.get("CONTENT#000", "") and parts.get("LETTER"):
            return {"number": number, **json.loads(parts["LETTER"])}
    return None


def test_a_fault_is_noticed_to_whoever_is_liable_and_the_letter_can_be_read_and_checked(play: Play) -> None:
    """The notice goes by itself: released by the case's clock, set by the function with its layer, kept, public."""
    ticket = play.sent_report("FL-2-1-301", "书房插座没电")
    play.work_link(ticket)
    play.advance(hours=3)
    letter = play.eventually(lambda: released(play, ticket.number), "the letter")
    stored = play.stack.client("s3").get_object(Bucket=play.stack.outputs["Letters"], Key=letter["k"])["Body"].read()
    assert hashlib.sha256(stored).hexdigest() == letter["h"]
    document = pypdfium2.PdfDocument(stored)
    read = re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))
    document.close()
    who = ("演示滨江建设有限公司", "枫林〔2022〕总字第1号", "演示枫林置业有限公司")
    for fact in ("维修通知单", letter["number"], ticket.number, *who, "（盖章）", "24:00前完成维修"):
        assert fact in read, fact
    page = play.open(play.phone(), f"/l/{letter['number']}")
    page.set_input_files(
        "[data-check] input", FilePayload(name="letter.pdf", mimeType="application/pdf", buffer=stored)
    )
    expect(page.locator("[data-said]")).to_contain_text(zh("It matches."))
