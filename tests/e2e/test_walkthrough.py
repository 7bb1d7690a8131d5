"""A walk-through at handover, on the deployed stack: its rows, their photos as they were taken, a letter a clause."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
from playwright.sync_api import expect

from tests.domain import samples
from tests.e2e.play import Play
from tests.e2e.test_first_day import command

HEAD = ("位置编码", "部位", "具体位置", "问题描述", "紧急程度", "照片")
FLATS = [f"LW-A-{floor}0{n}" for floor in range(1, 7) for n in (1, 2, 3)][:15]
ROWS = 300 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 60  # as long as a list is in `make test-deep`
PHOTOS = ROWS // 10
LEAK, SOCKET = "渗漏水/卫生间", "电气/插座"


def files(folder: Path) -> tuple[str, str]:
    """As many rows in each flat, half of them leaks; every tenth with a photo, each the same picture of another day."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "交付整改"
    sheet.append(HEAD)
    with zipfile.ZipFile(folder / "photos.zip", "w") as archive:
        for n in range(ROWS):
            photo = f"{n:03d}.jpg" if n % 10 == 0 else ""
            about, words = (LEAK, "墙角渗水") if n % 2 == 0 else (SOCKET, "插座松动")
            sheet.append((FLATS[n * len(FLATS) // ROWS], about, f"第{n}处", words, "", photo))
            if photo:
                archive.writestr(f"照片/{photo}", samples.jpeg() + photo.encode())
    book.save(folder / "list.xlsx")
    return str(folder / "list.xlsx"), str(folder / "photos.zip")


def test_a_list_of_rows_becomes_tickets_with_originals_and_a_letter_for_each_clause(
    play: Play, links: dict[str, str], tmp_path: Path
) -> None:
    book, photos = files(tmp_path)
    assert f"{ROWS} 行" in command(play, "snags", "HANDOVER", book, "--photos", photos, "--check").stdout
    first = command(play, "snags", "HANDOVER", book, "--photos", photos).stdout
    assert "30 张工单" in first
    again = command(play, "snags", "HANDOVER", book, "--photos", photos).stdout
    assert re.search(r"新建 0 张", again)
    heads = play.eventually(lambda: _snags(play) if len(_snags(play)) == 30 else None, "the tickets")
    rows = play.eventually(lambda: _originals(play) if len(_originals(play)) == PHOTOS else None, "the originals", 120)
    assert _told(play) == [], "nobody is told of them one by one"
    s3 = play.stack.client("s3")
    for row in rows[:3]:
        key = f"originals/{row['pk']['S'].removeprefix('TICKET#')}/{row['sk']['S'].removeprefix('PHOTO#')}"
        stored = s3.get_object(Bucket=play.stack.outputs["Originals"], Key=key)["Body"].read()
        assert hashlib.sha256(stored).hexdigest() == json.loads(row["body"]["S"])["h"]
    assert any("also" in json.loads(row["body"]["S"]) for row in rows)
    play.advance(hours=3)
    letter = play.eventually(lambda: _letter(play, heads), "the letter", 120)
    stored = s3.get_object(Bucket=play.stack.outputs["Letters"], Key=letter["k"])["Body"].read()
    document = pypdfium2.PdfDocument(stored)
    read = re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))
    document.close()
    assert "维修通知单" in read
    assert sum(number in read for number in heads) >= 15
    desk = play.desktop()
    page = play.open(desk, links["LW-D1"])
    page.fill("#find", _snags(play)[0])  # what other journeys left open may fill the desk's first page
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("交付整改")


def _snags(play: Play) -> list[str]:
    """The spoken numbers of all snags."""
    numbers = [json.loads(row["line"]["S"])["n"] for row in _heads(play)]
    return [f"{n[:4]}-{n[4:8]}-{n[8:]}" for n in numbers]


def _heads(play: Play) -> list[dict[str, Any]]:
    """The snags as they are now."""
    rows = [row for row in play.items("TICKET#") if row["sk"]["S"] == "HEAD"]
    return [row for row in rows if json.loads(row["line"]["S"])["k"] == "snag"]


def _told(play: Play) -> list[str]:
    """The keys of what was told of a snag or its case; of other journeys' tickets people hear meanwhile."""
    ids = {row["id"]["S"] for row in _heads(play)}
    cases = [row for row in play.items("CASE#") if row["sk"]["S"] == "HEAD"]
    ids |= {row["id"]["S"] for row in cases if any(one in json.dumps(row) for one in ids)}
    return [m["sk"]["S"] for m in play.items("TOLD#") if any(one in m["sk"]["S"] for one in ids)]


def _originals(play: Play) -> list[dict[str, Any]]:
    """What was kept of the snags' photos."""
    rows, snags = play.items("TICKET#"), {row["pk"]["S"] for row in _heads(play)}
    found = [row for row in rows if row["sk"]["S"].startswith("PHOTO#") and row["pk"]["S"] in snags]
    return [row for row in found if row["state"]["S"] == "kept"]


def _letter(play: Play, numbers: list[str]) -> dict[str, str] | None:
    """The letter of the list that was made: its number, file and hash."""
    found: dict[str, dict[str, str]] = {}
    for row in play.items("LETTER#"):
        found.setdefault(row["pk"]["S"].removeprefix("LETTER#"), {})[row["sk"]["S"]] = row.get("body", {}).get("S", "")
    for number, parts in found.items():
        if parts.get("LETTER") and sum(one in parts.get("CONTENT#000", "") for one in numbers) >= 15:
            return {"number": number, **json.loads(parts["LETTER"])}
    return None
