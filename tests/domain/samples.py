"""Small real pictures (24 × 16, as a browser writes them), and the same with a position and more hidden in them."""

import base64
import struct
import zlib
from collections.abc import Sequence

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABh"
    "Y3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAAB"
    "UAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAA"
    "AAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9Y"
    "WVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAM"
    "ZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcg"
    "LikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09P"
    "T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAQABgDASIAAhEBAxEB/8QAFwAAAwEAAAAAAAAAAAAAAAAAAAID"
    "Bv/EABUQAQEAAAAAAAAAAAAAAAAAAAIA/8QAFQEBAQAAAAAAAAAAAAAAAAAABgT/xAAYEQADAQEAAAAAAAAAAAAAAAAAAwQiMf/a"
    "AAwDAQACEQMRAD8AzTVBqZqg1WxTcFFbxWoptRJ0zZDzX6P/2Q=="
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAABgAAAAQCAYAAAAMJL+VAAACJUlEQVR4AYxSLXAUYQzN3DSROCQKiUOisChwdaDAgQIFrg5cHShw"
    "deBwSFRlXWVdZVUn6Uz6XrLf3m5/phU32X2/yd1tzsXyTB7kqTzME3mUx/I4j+RJHsrT/C/P8p88z7/yIn/LyzyQ3fwpr/OHvMt9"
    "eZ/f5FPuyef8Inv5Ub7mB9nPt/I938iv3JWDfCV/cnMhKi47EpiBeSFWz40rnvm+I2t8q49Zb8hR6BRzy28CwW1u0KtEEdziwHsg"
    "xGsqzMSt+ADePHEuoYUv86qAogZ12qCFxEcIL4paRlHSywRK174t3j4VFDToJaa5SwJhsdpwi3cofbYoUyxnuIC41uRSKCCoRTpC"
    "CTrKuoBnG8QKXhGm9Ux+lFAfC33UUtRb6VHAEMVLz6gSQ1Bv4jAzxAvXwhnuwKn1wqknx7n24V9kCNdpwyajzIYwnfAxyRtwLsOp"
    "E0+cBdfxjSOMG8a8yVKsc/lVfvh85TPoh19RboILGDJATsOGWmSb1zy/ni4jTh3n2JxTy09NYHlcQJEBHOGcWpvcdJnDRNxrcy0f"
    "Sx14AHN8yPM58IMvLugSiklS5JMpapLXGy6zuSSm8KUP/yItU0whJBkeJbYy8znAE7+NH7jPPl6H3yAARJk7bITEhAfO5DMvc2D3"
    "5akL5OICfuc2f+cdYti8N6AoEOwQt0kXF1PTP+xVnu/0ocAQRpGhRGFWTJbqjFPI8GEKlMUdl/HiEJVLAAAA//8hvBpCAAAABklE"
    "QVQDAJC5mAEPMn/RAAAAAElFTkSuQmCC"
)
WEBP = base64.b64decode(
    "UklGRkACAABXRUJQVlA4WAoAAAAgAAAAFwAADwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABh"
    "Y3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAAB"
    "UAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAA"
    "AAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9Y"
    "WVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAM"
    "ZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDggUgAAADAEAJ0BKhgAEAA+tUqfSjKkIqawCAJQ"
    "FolsAJ0yhHA3kH4k8IDuAAQkbAD+71/CRdbC3KzW+lKH/z2GXWv88bW0W16oP1xBQW+DTayf8uiAAAA="
)
WHERE = b"N39 54 26 E116 23 29"  # what must not be found afterwards
XML = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + WHERE + b"</x:xmpmeta>"


def exif(turned: int = 1) -> bytes:
    """A TIFF directory with the way up, a maker's text and a GPS directory, as cameras write it."""
    text = 8 + 2 + 3 * 12 + 4
    gps = text + len(WHERE)
    entries = (
        struct.pack("<HHIHH", 0x0112, 3, 1, turned, 0),
        struct.pack("<HHII", 0x010F, 2, len(WHERE), text),
        struct.pack("<HHII", 0x8825, 4, 1, gps),
    )
    latitude = gps + 2 + 2 * 12 + 4
    directory = struct.pack("<H", 3) + b"".join(entries) + struct.pack("<I", 0)
    position = (
        struct.pack("<H", 2)
        + struct.pack("<HHI4s", 1, 2, 2, b"N\0\0\0")
        + struct.pack("<HHII", 2, 5, 3, latitude)
        + struct.pack("<I", 0)
        + struct.pack("<6I", 39, 1, 54, 1, 26, 1)
    )
    return b"II*\0" + struct.pack("<I", 8) + directory + WHERE + position


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def jpeg(turned: int = 1) -> bytes:
    """The JPEG with EXIF, XMP, IPTC, a comment, and a second file behind its end."""
    hidden = (
        segment(0xE1, b"Exif\0\0" + exif(turned))
        + segment(0xE1, XML)
        + segment(0xED, b"Photoshop 3.0\0" + WHERE)
        + segment(0xFE, WHERE)
    )
    return JPEG[:2] + hidden + JPEG[2:] + b"trailer" + WHERE


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png() -> bytes:
    """The PNG with EXIF, texts, a time, and bytes behind its end."""
    hidden = (
        chunk(b"eXIf", exif())
        + chunk(b"tEXt", b"Comment\0" + WHERE)
        + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(WHERE))
        + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + WHERE)
        + chunk(b"tIME", bytes(7))
    )
    return PNG[:33] + hidden + PNG[33:] + WHERE


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(k + struct.pack("<I", len(d)) + d + b"\0" * (len(d) % 2) for k, d in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp() -> bytes:
    """The WebP in its extended form, with EXIF and XMP."""
    at = WEBP.index(b"VP8 ")
    coded = WEBP[at + 8 : at + 8 + int.from_bytes(WEBP[at + 4 : at + 8], "little")]
    header = bytes((0x0C, 0, 0, 0)) + (23).to_bytes(3, "little") + (15).to_bytes(3, "little")
    return riff((b"VP8X", header), (b"VP8 ", coded), (b"EXIF", exif()), (b"XMP ", XML))


def strokes(drawing: Sequence[Sequence[tuple[int, int]]]) -> str:
    """Strokes of points as the page's script writes them; long steps in several."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    found = []
    for (x, y), *rest in drawing:
        text = letters[x >> 6] + letters[x & 63] + letters[y >> 6] + letters[y & 63]
        for to_x, to_y in rest:
            while (x, y) != (to_x, to_y):
                dx, dy = (max(-31, min(31, to - at)) for to, at in ((to_x, x), (to_y, y)))
                x, y = x + dx, y + dy
                text += letters[dx + 32] + letters[dy + 32]
        found.append(text)
    return ".".join(found)


SIGNED = strokes([[(20, 90), (60, 30), (70, 95), (110, 40)], [(130, 60), (200, 62), (180, 100)]])
