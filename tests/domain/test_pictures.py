"""Pictures from strangers: only the picture stays."""

import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.pictures import MOST_BYTES, NotAPicture, clean
from tests.domain import samples

HIDDEN = {"jpeg": samples.jpeg(), "png": samples.png(), "webp": samples.webp()}


def scan_of(content: bytes) -> bytes:
    """Everything of a JPEG from its first quantisation table on: what a decoder needs."""
    return content[content.index(b"\xff\xdb") : content.rindex(b"\xff\xd9") + 2]


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_position_is_gone_and_the_size_is_known(kind: str) -> None:
    found = clean(HIDDEN[kind])
    assert (found.type, found.width, found.height) == (f"image/{kind}", 24, 16)
    for trace in (samples.WHERE, b"Exif", b"EXIF", b"eXIf", b"xmp", b"XMP", b"GPS", b"\x25\x88", b"trailer"):
        assert trace not in found.content, trace


def test_a_jpegs_picture_is_the_same_to_the_byte() -> None:
    assert scan_of(clean(samples.jpeg()).content) == scan_of(samples.JPEG)


def test_a_pngs_picture_still_unpacks_to_the_same_pixels() -> None:
    def pixels(content: bytes) -> bytes:
        at, data = 8, b""
        while at < len(content):
            length = int.from_bytes(content[at : at + 4])
            data += content[at + 8 : at + 8 + length] if content[at + 4 : at + 8] == b"IDAT" else b""
            at += 12 + length
        return zlib.decompress(data)

    assert pixels(clean(samples.png()).content) == pixels(samples.PNG)


def test_a_webps_coded_picture_is_the_same_and_its_flags_say_what_is_left() -> None:
    content = clean(samples.webp()).content
    at = samples.WEBP.index(b"VP8 ")
    assert samples.WEBP[at : at + 100] in content
    assert content[20] == 0
    assert int.from_bytes(content[4:8], "little") == len(content) - 8


@pytest.mark.parametrize("plain", [samples.JPEG, samples.PNG, samples.WEBP], ids=list(HIDDEN))
def test_a_picture_as_a_browser_writes_it_is_taken(plain: bytes) -> None:
    assert clean(plain).width == 24


@pytest.mark.parametrize("turned", range(2, 9))
def test_which_way_is_up_stays_and_nothing_beside_it(turned: int) -> None:
    content = clean(samples.jpeg(turned)).content
    assert content.count(b"Exif\0\0") == 1
    directory = content[content.index(b"MM\0*") :]
    assert struct.unpack(">IHHHIH", directory[4:20]) == (8, 1, 0x0112, 3, 1, turned)
    assert clean(content).content == content


def test_the_colour_profile_and_adobes_mark_stay() -> None:
    profile, adobe = samples.segment(0xE2, b"ICC_PROFILE\0\1\1colours"), samples.segment(0xEE, b"Adobe" + bytes(7))
    content = clean(samples.JPEG[:2] + profile + adobe + samples.JPEG[2:]).content
    assert profile in content
    assert adobe in content


def test_a_jpeg_that_lacks_its_end_gets_one() -> None:
    assert clean(samples.JPEG[:-2]).content == clean(samples.JPEG).content


def sized(width: int, height: int) -> bytes:
    at = samples.JPEG.index(b"\xff\xc0")
    return samples.JPEG[: at + 5] + struct.pack(">HH", height, width) + samples.JPEG[at + 9 :]


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"GIF89a" + bytes(40),
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xd9",
        samples.JPEG[:30],
        samples.PNG[:40],
        samples.PNG[:60] + b"x" + samples.PNG[61:],
        samples.WEBP[:-20],
        samples.riff((b"VP8X", bytes(10)), (b"ANIM", bytes(6))),
        sized(0, 10),
        sized(8000, 7000),
        samples.PNG[:8]
        + samples.chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
        + samples.PNG[33:],
        samples.JPEG + bytes(MOST_BYTES),
    ],
)
def test_what_is_no_picture_we_take_is_refused(wrong: bytes) -> None:
    with pytest.raises(NotAPicture):
        clean(wrong)


def taken_or_refused(content: bytes) -> None:
    try:
        found = clean(content)
    except NotAPicture:
        return
    assert clean(found.content) == found
    assert len(found.content) <= len(content) + 64


@given(st.binary(max_size=400), st.sampled_from([b"", b"\xff\xd8\xff", samples.PNG[:8], b"RIFF\x40\0\0\0WEBP"]))
def test_any_bytes_are_a_picture_or_refused(content: bytes, head: bytes) -> None:
    taken_or_refused(head + content)


@given(st.sampled_from([*HIDDEN.values(), samples.JPEG, samples.PNG, samples.WEBP]), st.data())
def test_a_damaged_picture_is_a_picture_or_refused(content: bytes, data: st.DataObject) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
        if not damaged:
            break
    taken_or_refused(bytes(damaged))


@pytest.mark.parametrize(
    "hostile",
    [
        b"\xff\xd8" + b"\xff\xfe\x00\x02" * 100_000,
        b"\xff\xd8" + b"\xff" * (2**19),
        samples.PNG[:33] + samples.chunk(b"tEXt", b"") * 40_000,
        b"RIFF\xff\xff\x4f\0WEBP" + b"JUNK\0\0\0\0" * 60_000,
        sized(24, 16)[:-2] + b"\xff\x00" * 200_000,
        sized(24, 16)[:-2] + b"\xff" * 2**20 + b"\x00",
    ],
)
def test_hostile_bytes_cost_no_more_memory_than_a_few_copies(hostile: bytes) -> None:
    tracemalloc.start()
    taken_or_refused(hostile)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * len(hostile)
