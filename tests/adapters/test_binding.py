"""Papers bound into one PDF: files page by page, what can't be shown is listed, what is too large gives way."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from chalicelib.adapters import binding, typesetter
from chalicelib.adapters.binding import Paper, Photo, bind
from tests.typeset import use_faces
from tests.world import MONDAY

WORDS = ("contents", "page", "hash", "photos", "photo", "file", "unshown", "none", "numbering", "after")
SAID: dict[str, Any] = {
    "lang": "zh_CN",
    "title": "证据包",
    "number": "E1-K-2026-0001",
    "of": "项目公司",
    "facts": [["部位", "3 栋 302"]],
    "amount": [],
    "words": {name: name for name in WORDS} | {"numbering": "1", "page": "{n}/{m}"},
    "sections": [{"title": "函件", "blocks": [{"head": ["a", "b"], "widths": [1, 1], "rows": [["1", "2"]]}]}],
}


@pytest.fixture(autouse=True)
def _faces() -> None:
    use_faces()


def listing(pages: Sequence[int]) -> dict[str, Any]:
    return {"title": "附件", "blocks": [{"note": f"shown {list(pages)}"}]}


def inner(pages: int = 2) -> bytes:
    made = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        made.new_page(400, 600)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def noise(form: str, pixels: int = 2000) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((pixels, pixels), 90).convert("RGB").save(out, form)
    return out.getvalue()


def bound(papers: Sequence[Paper], photos: Sequence[Photo] = (), most: int = 10_000_000) -> binding.Set:
    return bind(SAID, MONDAY, "Asia/Shanghai", most, photos, papers, listing)


def test_files_are_shown_page_by_page_and_the_same_gives_the_same_bytes() -> None:
    papers = [Paper("pdf", "pdf", inner(2)), Paper("scan", "jpg", noise("JPEG")), Paper("paper", "png", noise("PNG"))]
    made = bound(papers, [Photo("one", noise("WEBP")), Photo("two", None)])
    assert made.pages == (2, 1, 1)
    assert len(pypdfium2.PdfDocument(made.pdf)) == 2 + 1 + 1 + 4
    assert bound(papers, [Photo("one", noise("WEBP")), Photo("two", None)]).pages == made.pages
    again = [bound(papers).pdf for _ in range(2)]
    assert again[0] == again[1]


@pytest.mark.parametrize("content", [b"%PDF-1.7 as it came\n%%EOF\n", b"", b"no pdf", None])
def test_what_is_no_readable_file_is_listed_and_nothing_fails(content: bytes | None) -> None:
    for ending in ("pdf", "jpg", "png"):
        assert bound([Paper("broken", ending, content)]).pages == (0,)


def test_an_invoice_as_ofd_or_xml_hangs_on_the_pdf_as_it_came() -> None:
    original = b"<?xml version='1.0'?><Invoice>25310000000000000017</Invoice>"
    document = pypdfium2.PdfDocument(bound([Paper("invoice", "xml", original)]).pdf)
    assert document.count_attachments() == 1
    assert bytes(document.get_attachment(0).get_data()) == original


def test_the_largest_file_gives_way_where_no_photo_can_be_smaller() -> None:
    large = [Paper("a", "jpg", noise("JPEG", 1000)), Paper("b", "pdf", inner(1))]
    assert bound(large).pages == (1, 1)
    assert bound(large, most=60_000).pages == (0, 1)
    with pytest.raises(typesetter.Untypeset, match="too large"):
        bound(large, most=1000)
