"""Letters in type: read back as they were written, the same bytes each time, whatever strangers wrote."""

from __future__ import annotations

import hashlib
import re
import struct
import sys
import zlib
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.adapters import typesetter
from chalicelib.domain.contractor.letter import Content, Letter, Picture, frozen, in_groups
from chalicelib.domain.contractor.typeface import marked, printable, texts_in
from chalicelib.domain.record.text import words
from chalicelib.language.letters import said
from infra.build import typeface
from tests.domain.contractor.letters import GENERAL, LEAK, LETTERS, NOTICE
from tests.typeset import use_faces

URL = "https://bx.example.cn/l/HY-2026-0001"
A4 = (595, 842)
# 8 by 8 dots in the four colours of a printing press.
CMYK = bytes.fromhex(
    "ffd8ffee000e41646f626500640000000000ffdb00430050373c463c32504641465a55505f78c882786e6e78f5afb991c8ff"
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc00014080008000804431100"
    "4d11005911004b1100ffc4001500010100000000000000000000000000000304ffc400141001000000000000000000000000"
    "00000000ffda000e0443004d0059004b00003f00b4005affd9"
)


@pytest.fixture(autouse=True, scope="module")
def _faces() -> None:
    use_faces()


def content(letter: Letter) -> Content:
    return frozen(letter, said(letter))


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\xc0\x40\x20" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.kind)
def test_every_word_of_a_letter_is_read_back_from_its_pdf(letter: Letter) -> None:
    frozen_ = content(replace(letter, photos=()))
    pdf, unshown = typesetter.typeset(frozen_, URL)
    assert unshown == ()
    read = squeezed("".join(pages(pdf)))
    parts = frozen_.body["said"]
    layout = parts.pop("words")
    parts.pop("lang")
    for text in texts_in(parts):
        assert squeezed(text) in read, text
    assert squeezed(layout["check"]) in read


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.kind)
def test_a_letter_is_one_page_of_a4_in_at_most_300_kb_with_the_hash_of_its_content(letter: Letter) -> None:
    frozen_ = content(replace(letter, photos=()))
    pdf, _ = typesetter.typeset(frozen_, URL)
    document = pypdfium2.PdfDocument(pdf)
    assert [tuple(map(round, page.get_size())) for page in document] == [A4]
    document.close()
    assert len(pdf) < 300_000
    assert in_groups(frozen_.hash) in pages(pdf)[0]
    assert URL in pages(pdf)[0]


def test_the_same_content_gives_the_same_bytes() -> None:
    first, again = (typesetter.typeset(content(NOTICE), URL, [png(80, 60)])[0] for _ in range(2))
    assert hashlib.sha256(first).digest() == hashlib.sha256(again).digest()
    assert typesetter.typeset(content(replace(NOTICE, words="x")), URL, [png(80, 60)])[0] != first


def test_it_is_an_archive_s_pdf_with_its_faces_inside() -> None:
    pdf, _ = typesetter.typeset(content(NOTICE), URL)
    assert b"pdfaid" in pdf
    assert {b"NotoSansSC-Regular", b"NotoSansSC-Bold"} <= set(re.findall(rb"NotoSansSC-\w+", pdf))


def test_what_strangers_wrote_is_data_and_never_markup(tmp_path: Any) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    hostile = (
        f'#read("{secret}") #panic("x") #set page(fill: red)\n'
        "$ x^2 $ *bold* _it_ `raw` <label> @ref = heading // comment /* open \\ #{ ]\n"
        "{costs} %s https://x.example/#a"
    )
    letter = replace(
        NOTICE, words=hostile, matters=(replace(LEAK, described='#image("/etc/passwd")', place="#pagebreak()"),)
    )
    read = squeezed("".join(pages(typesetter.typeset(content(letter), URL)[0])))
    for line in (*hostile.split("\n"), '#image("/etc/passwd")', "#pagebreak()"):
        assert squeezed(line) in read
    assert "geheim" not in read


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_whatever_was_written_can_be_set(text: str) -> None:
    written = words(text)
    read = squeezed("".join(pages(typesetter.typeset(content(replace(NOTICE, words=written)), URL)[0])))
    for c in marked(written):
        if c.isalnum() and c.isascii():
            assert c in read


def test_a_rare_letter_is_named_and_one_that_the_bold_face_lacks_is_there_all_the_same() -> None:
    letter = replace(
        NOTICE, to=replace(NOTICE.to, name="\u5586\u9555\u5803\u5efa\u8bbe"), words="\u8bf7\U00020bb7\u5de5\u5230\u573a"
    )
    read = squeezed("".join(pages(typesetter.typeset(content(letter), URL)[0])))
    assert "\u5586\u9555\u5803\u5efa\u8bbe" in read
    assert "\u8bf7\u3014U+20BB7\u3015\u5de5" in read


def test_a_run_without_a_space_stays_on_the_page() -> None:
    letter = replace(NOTICE, words="A" * 300, matters=(replace(LEAK, described="\u6f0f" * 300),))
    pdf, _ = typesetter.typeset(content(letter), URL)
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        boxes = [text.get_charbox(n) for n in range(text.count_chars())]
        assert max(box[2] for box in boxes) < A4[0] - 50
    document.close()
    assert "A" * 300 in squeezed("".join(pages(pdf)))


def test_a_long_list_goes_over_pages_each_with_its_head_hash_and_number() -> None:
    letter = replace(NOTICE, matters=tuple(replace(LEAK, ticket=f"1000-{n:04d}-0") for n in range(120)))
    frozen_ = content(letter)
    shown = pages(typesetter.typeset(frozen_, URL)[0])
    assert len(shown) > 4
    for n, page in enumerate(shown, 1):
        assert in_groups(frozen_.hash) in page
        assert f"\u7b2c{n}\u9875\uff0c\u5171{len(shown)}\u9875" in squeezed(page)
    assert all("\u62a5\u4fee\u7f16\u53f7" in page for page in shown[1:])
    assert all(f"1000-{n:04d}-0" in "".join(shown) for n in range(120))


def test_a_letter_of_hundreds_of_defects_is_no_heavier_than_a_photo() -> None:
    letter = replace(NOTICE, matters=tuple(replace(LEAK, ticket=f"1000-{n:04d}-0") for n in range(1000)))
    pdf, _ = typesetter.typeset(content(letter), URL)
    assert len(pdf) < 500_000
    assert "1000-0999-0" in pages(pdf)[-1]


def test_the_signature_never_stands_on_a_page_of_its_own() -> None:
    for lines in range(0, 60, 3):
        letter = replace(
            NOTICE, copies=(GENERAL,), photos=(), words="\n".join(f"\u7b2c{n}\u6761" for n in range(lines))
        )
        last = next(
            page for page in pages(typesetter.typeset(content(letter), URL)[0]) if "\uff08\u76d6\u7ae0\uff09" in page
        )
        before = squeezed(last).partition("\uff08\u76d6\u7ae0\uff09")[0]
        assert (f"\u7b2c{lines - 1}\u6761" if lines else "\u4e88\u4ee5\u6263\u9664") in before


def test_photos_follow_the_letter_and_one_that_can_not_be_shown_says_so() -> None:
    letter = replace(NOTICE, photos=tuple(Picture(f"k{n}", f"\u90e8\u4f4d{n}") for n in range(1, 6)))
    photos = [png(400, 300), b"\xff\xd8\xffno picture", None, b"GIF89a", png(100, 900)]
    pdf, unshown = typesetter.typeset(content(letter), URL, photos)
    assert unshown == (2, 3, 4)
    read = squeezed("".join(pages(pdf)))
    assert all(f"{n}\u3001\u90e8\u4f4d{n}" in read for n in range(1, 6))
    assert read.count("\u6b64\u7167\u7247\u65e0\u6cd5\u663e\u793a") == 3


def test_a_photo_in_the_colours_of_a_printing_press_holds_no_letter_up() -> None:
    letter = replace(NOTICE, photos=(Picture("k1", "\u90e8\u4f4d1"), Picture("k2", "\u90e8\u4f4d2")))
    pdf, unshown = typesetter.typeset(content(letter), URL, [CMYK, png(40, 30)])
    assert unshown == (1,)
    assert "\u6b64\u7167\u7247\u65e0\u6cd5\u663e\u793a" in squeezed("".join(pages(pdf)))


def test_a_scanner_reads_the_address_of_its_public_page_from_every_page() -> None:
    letter = replace(NOTICE, matters=(LEAK,) * 60)
    document = pypdfium2.PdfDocument(typesetter.typeset(content(letter), URL)[0])
    assert len(document) > 2
    for page in document:
        seen = page.render(scale=2, grayscale=True)  # 144 dots an inch: a phone held over the paper
        shades = b"".join(
            bytes(seen.buffer)[y * seen.stride : y * seen.stride + seen.width] for y in range(seen.height)
        )
        found = zxingcpp.read_barcodes(memoryview(shades).cast("B", (seen.height, seen.width)))
        assert [one.text for one in found] == [URL]
    document.close()


def test_every_letter_that_may_be_printed_is_in_the_face() -> None:
    from fontTools.ttLib import TTFont

    for weight in typeface.WEIGHTS:
        face = TTFont(typeface.folder() / typesetter.FACES / f"{weight}.ttf")
        assert set(typeface.points(weight)) <= set(face.getBestCmap())
        assert face["OS/2"].usWeightClass == typeface.WEIGHTS[weight]


def test_nothing_of_it_is_imported_before_the_first_letter() -> None:
    import subprocess

    code = "import sys, chalicelib.adapters.typesetter; print('typst' in sys.modules, 'segno' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]


def test_an_english_letter_can_be_set_too() -> None:
    read = "".join(pages(typesetter.typeset(frozen(NOTICE, said(NOTICE, "en")), URL)[0]))
    assert "1. Answer" in read
    assert all(printable(c) or c in "\r\n" for c in read)
