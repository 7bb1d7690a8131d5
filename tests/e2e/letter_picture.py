"""`python -m tests.e2e.letter_picture`: the README's picture of a letter, as the function sets it."""

from __future__ import annotations

import struct
import sys
import zlib
from dataclasses import replace

import pypdfium2

from chalicelib.adapters import typesetter
from chalicelib.domain.contractor.letter import frozen
from chalicelib.language.letters import said
from infra.local.stack import ROOT
from tests.domain.contractor.letters import NOTICE
from tests.e2e.pictures import smaller
from tests.typeset import use_faces

SCALE = 1.15  # 83 dots an inch: small print can be read
TARGET = ROOT / "infra" / "pictures" / "letter.png"


def main() -> int:
    use_faces()
    letter = replace(NOTICE, photos=())
    pdf, _ = typesetter.typeset(frozen(letter, said(letter)), f"https://bx.example.cn/l/{letter.number}")
    document = pypdfium2.PdfDocument(pdf)
    bitmap = document[0].render(scale=SCALE, rev_byteorder=True)
    raw = bytes(bitmap.buffer)
    rows = (raw[y * bitmap.stride : y * bitmap.stride + bitmap.width * 3] for y in range(bitmap.height))
    TARGET.write_bytes(smaller(png(bitmap.width, bitmap.height, b"".join(b"\0" + row for row in rows))))
    document.close()
    print(f"{TARGET.relative_to(ROOT)} {TARGET.stat().st_size // 1000} kB")
    return 0


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG of rows of RGB, each behind its filter byte."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


if __name__ == "__main__":
    sys.exit(main())
