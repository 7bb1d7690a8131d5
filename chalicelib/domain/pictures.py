"""Pictures that strangers send: checked by their bytes, and stripped of everything but the picture.

    JPEG    kept: tables, frames, scans, JFIF, colour profile, Adobe's colour mark, which way is up      up to its end
    PNG     kept: the chunks of KEPT, each with its checksum right; an animation's first picture only
    WebP    kept: picture, alpha, colour profile; refused: animations

Position, camera, time, comments, thumbnails, and whatever hangs behind the picture's end are gone. Nothing is decoded.
Work and memory are bounded by a few times the input. Stripping twice changes nothing more. Raises NotAPicture.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 5 * 2**20
MOST_PIXELS = 50_000_000
MOST_SEGMENTS, MOST_CHUNKS = 2_000, 20_000
TYPES = ("image/jpeg", "image/png", "image/webp")

PNG = b"\x89PNG\r\n\x1a\n"
KEPT = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"cHRM",
        b"gAMA",
        b"iCCP",
        b"sBIT",
        b"sRGB",
        b"cICP",
        b"bKGD",
        b"pHYs",
    }
)
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
TABLES = frozenset({0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD})  # Huffman, arithmetic, scan, quantisation, lines, restarts
AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # one 0xFF: a run of them must not be read again and again
ICC, ADOBE, JFIF, EXIF = b"ICC_PROFILE\0", b"Adobe", b"JFIF\0", b"Exif\0\0"
ORIENTATION = 0x0112


class NotAPicture(ValueError):
    """The bytes are no picture that we take; the text says why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture without anything beside it."""

    type: str
    width: int
    height: int
    content: bytes


def type_of(picture: bytes) -> str:
    """The type of what `clean` has taken already, by its first bytes."""
    if picture.startswith(PNG):
        return "image/png"
    return "image/jpeg" if picture.startswith(b"\xff\xd8") else "image/webp"


def clean(content: bytes, most_bytes: int = MOST_BYTES) -> Picture:
    """The picture in `content`, stripped. Raises NotAPicture."""
    if len(content) > most_bytes:
        raise NotAPicture("too many bytes")
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith(PNG):
        return _png(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    raise NotAPicture("neither JPEG, PNG nor WebP")


def _sized(kind: str, width: int, height: int, content: bytes) -> Picture:
    if width < 1 or height < 1:
        raise NotAPicture("no size")
    if width * height > MOST_PIXELS:
        raise NotAPicture("too many pixels")
    return Picture(kind, width, height, content)


# --- JPEG: markers FF xx with two bytes of length, but for the coded data behind a scan's header ---


def _jpeg(content: bytes) -> Picture:
    parts: list[bytes] = [b"\xff\xd8"]
    size: tuple[int, int] | None = None
    scans = 0
    for marker, start, ends, end in _segments(content):
        payload = content[start + 4 : ends]
        if marker in FRAMES:
            if size or len(payload) < 6:
                raise NotAPicture("a second or broken frame")
            size = (int.from_bytes(payload[3:5]), int.from_bytes(payload[1:3]))
        if marker == 0xDA:
            if size is None:
                raise NotAPicture("a scan before its frame")
            scans += 1
        if 0xE0 <= marker <= 0xEF:
            parts.append(_application(marker, payload))
        elif marker in FRAMES or marker in TABLES:
            parts.append(content[start:end])
    if size is None or not scans:
        raise NotAPicture("no picture in it")
    return _sized("image/jpeg", *size, b"".join((*parts, b"\xff\xd9")))


def _segments(content: bytes) -> Iterator[tuple[int, int, int, int]]:
    """(marker, where it starts, where its payload ends, where the next one starts), up to the end of the picture."""
    at, count = 2, 0
    while at < len(content):
        count += 1
        if content[at] != 0xFF or count > MOST_SEGMENTS:
            raise NotAPicture("no marker where one must be")
        fill = at
        while at + 1 < len(content) and content[at + 1] == 0xFF:
            at += 1
        if at + 1 >= len(content):
            return
        marker = content[at + 1]
        if marker == 0xD9:
            return
        if marker in (0x00, 0x01, 0xD8) or 0xD0 <= marker <= 0xD7 or marker < 0xC0 or at - fill > 64:
            raise NotAPicture("a marker that can't be here")
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if end < at + 4 or end > len(content):
            raise NotAPicture("a segment longer than the file")
        ends = end
        if marker == 0xDA:
            after = AFTER_SCAN.search(content, ends)
            end = after.start() if after else max(ends, len(content.rstrip(b"\xff")))
        yield marker, at, ends, end
        at = end


def _application(marker: int, payload: bytes) -> bytes:
    """What stays of an application's segment, "" mostly."""
    if marker == 0xE0 and payload.startswith(JFIF) and len(payload) >= 14:
        return _segment(marker, payload[:12] + b"\0\0")  # without its thumbnail
    if marker == 0xE1 and payload.startswith(EXIF):
        turned = _orientation(payload[6:])
        return _segment(marker, EXIF + _only_orientation(turned)) if turned > 1 else b""
    if marker == 0xE2 and payload.startswith(ICC):
        return _segment(marker, payload)
    if marker == 0xEE and payload.startswith(ADOBE) and len(payload) >= 12:
        return _segment(marker, payload[:12])
    return b""


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def _orientation(tiff: bytes) -> int:
    """Which way is up, 1 to 8, from the first directory; 1 where it isn't said."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return 1
    (at,) = struct.unpack_from(f"{order}I", tiff, 4)
    if at + 2 > len(tiff):
        return 1
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for entry in range(at + 2, min(at + 2 + count * 12, len(tiff) - 11), 12):
        tag, form = struct.unpack_from(f"{order}HH", tiff, entry)
        if tag == ORIENTATION and form == 3:
            (turned,) = struct.unpack_from(f"{order}H", tiff, entry + 8)
            return turned if 1 <= turned <= 8 else 1
    return 1


def _only_orientation(turned: int) -> bytes:
    """A directory with one entry."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, turned, 0, 0)


# --- PNG: chunks of length, type, data, checksum ---


def _png(content: bytes) -> Picture:
    parts: list[bytes] = [PNG]
    size: tuple[int, int] | None = None
    kinds: set[bytes] = set()
    at, count = len(PNG), 0
    while at + 12 <= len(content):
        count += 1
        (length,) = struct.unpack_from(">I", content, at)
        end = at + 12 + length
        if end > len(content) or count > MOST_CHUNKS:
            raise NotAPicture("a chunk longer than the file, or too many")
        kind = content[at + 4 : at + 8]
        if struct.unpack_from(">I", content, end - 4)[0] != zlib.crc32(content[at + 4 : end - 4]):
            raise NotAPicture("a wrong checksum")
        if (size is None) != (kind == b"IHDR"):
            raise NotAPicture("no header first, or two")
        if kind == b"IHDR":
            size = _png_size(content[at + 8 : end - 4])
        if kind in KEPT:
            parts.append(content[at:end])
        elif not kind[:1].islower():
            raise NotAPicture("an unknown chunk that matters")
        kinds.add(kind)
        at = end
        if kind == b"IEND":
            break
    if size is None or not kinds >= {b"IDAT", b"IEND"}:
        raise NotAPicture("no picture in it")
    return _sized("image/png", *size, b"".join(parts))


def _png_size(header: bytes) -> tuple[int, int]:
    if len(header) != 13:
        raise NotAPicture("a broken header")
    width, height, depth, colour, packed, filtered, laced = struct.unpack(">IIBBBBB", header)
    if depth not in (1, 2, 4, 8, 16) or colour not in (0, 2, 3, 4, 6) or packed or filtered or laced > 1:
        raise NotAPicture("a header that can't be")
    return width, height


# --- WebP: RIFF chunks of type, length (little-endian), data, padded to even ---


def _webp(content: bytes) -> Picture:
    (said,) = struct.unpack_from("<I", content, 4)
    if said + 8 > len(content) + 1:
        raise NotAPicture("shorter than it says")
    end_of_all = min(said + 8, len(content))
    chunks: dict[bytes, bytes] = {}
    at, count = 12, 0
    while at + 8 <= end_of_all:
        count += 1
        kind, length = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        if at + 8 + length > end_of_all or count > MOST_SEGMENTS:
            raise NotAPicture("a chunk longer than the file, or too many")
        if kind in (b"ANIM", b"ANMF"):
            raise NotAPicture("an animation")
        if kind in (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP"):
            if kind in chunks:
                raise NotAPicture("a chunk twice")
            chunks[kind] = content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    if (b"VP8 " in chunks) == (b"VP8L" in chunks):
        raise NotAPicture("no picture in it")
    return _webp_of(chunks)


def _webp_of(chunks: dict[bytes, bytes]) -> Picture:
    coded = b"VP8 " if b"VP8 " in chunks else b"VP8L"
    width, height = _coded_size(coded, chunks[coded])
    order: tuple[bytes, ...] = (coded,)
    if b"VP8X" in chunks:
        extended = chunks[b"VP8X"]
        if len(extended) != 10:
            raise NotAPicture("a broken header")
        canvas = (int.from_bytes(extended[4:7], "little") + 1, int.from_bytes(extended[7:10], "little") + 1)
        if canvas != (width, height):
            raise NotAPicture("two sizes")
        flags = (0x20 if b"ICCP" in chunks else 0) | (extended[0] & 0x10)
        chunks[b"VP8X"] = bytes((flags, 0, 0, 0)) + extended[4:]
        order = (b"VP8X", b"ICCP", b"ALPH", coded)
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(chunks[kind])) + chunks[kind] + b"\0" * (len(chunks[kind]) % 2)
        for kind in order
        if kind in chunks
    )
    return _sized("image/webp", width, height, b"RIFF" + struct.pack("<I", len(body)) + body)


def _coded_size(kind: bytes, data: bytes) -> tuple[int, int]:
    if kind == b"VP8 ":
        if len(data) < 10 or data[3:6] != b"\x9d\x01\x2a" or data[0] & 1:
            raise NotAPicture("no key frame")
        width, height = struct.unpack_from("<HH", data, 6)
        return width & 0x3FFF, height & 0x3FFF
    if len(data) < 5 or data[0] != 0x2F:
        raise NotAPicture("no lossless picture")
    bits = int.from_bytes(data[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
