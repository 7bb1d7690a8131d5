"""`python -m tests.e2e.pictures`: the pictures of the README, taken from the running demo.

infra/pictures/form.png and staff.png as on a phone, queue.png as at a desk; each at most 200 kB.
"""

from __future__ import annotations

import struct
import sys
import tempfile
import zlib
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from infra.local.run import load
from infra.local.stack import ROOT, Stack
from tests.e2e.conftest import ARGS, CHROMIUM, links_of
from tests.e2e.looks import Looks
from tests.e2e.play import Play

FOLDER = ROOT / "infra" / "pictures"
LIMIT = 200_000
TALL = {"width": 390, "height": 780}
REPORTS = (
    ("YS-1-1-301", "客厅插座没电"),
    ("YS-2-1-702", "厨房下水道堵了，返水"),
    ("YS-1-2-402", "电梯里灯不亮"),
    ("YS-3-1-602", "阳台门锁坏了"),
    ("YS-2-2-901", "楼道墙面渗水"),
    ("YS-1-1-902", "马桶堵了"),
)
LEAK = ("YS-3-2-1001", "卫生间天花板漏水，滴到洗手台，从昨晚开始越来越严重")
WAIT = {"until": "2026-03-05", "words": "等阀门到货"}


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as made:
        browser = made.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        with Stack.start(Path(folder), out=Path(folder) / "out") as stack:
            load(stack)
            play = Play(stack, browser, made.devices["iPhone 13"], Looks(), "198.51.100.9")
            links = links_of(stack)
            first = [play.sent_report(unit, words) for unit, words in REPORTS[:3]]
            for ticket, moves in zip(first, ((), ("acknowledge", "arrive"), ("acknowledge", "pause")), strict=True):
                link, _ = play.work_link(ticket)
                for move in moves:
                    play.post(f"{link}/{move}", key=f"picture-{move}", contacted="phone", reason="parts", **WAIT)
            play.advance(minutes=26)
            for ticket in [play.sent_report(unit, words) for unit, words in REPORTS[3:6]]:
                play.work_link(ticket)
            play.advance(minutes=12)
            form = play.phone(viewport=TALL)
            form.goto(f"{stack.url}/report?p={LEAK[0]}")
            form.fill("[name=words]", LEAK[1])
            form.locator("[name=words]").blur()
            form.wait_for_function("() => document.querySelector('[name=category]').value !== ''")
            save(form, "form")
            leak = play.sent_report(*LEAK, name="演示业主甲", preferred="下班后")
            staff = play.phone(viewport=TALL)
            staff.goto(play.work_link(leak)[0])
            save(staff, "staff")
            queue = play.desktop(viewport={"width": 1280, "height": 620})
            queue.goto(links["YS-D1"])
            save(queue, "queue")
            play.close()
        browser.close()
    return 0


def save(page: Page, name: str) -> None:
    """A picture of what is seen without scrolling, in as few colours as keep it small."""
    page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); return document.fonts.ready }")
    path = FOLDER / f"{name}.png"
    path.write_bytes(smaller(page.screenshot(scale="device" if name in ("form", "staff") else "css")))
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)} {size // 1000} kB")
    if size > LIMIT:
        raise SystemExit(f"{path.name} is larger than {LIMIT // 1000} kB")


def smaller(png: bytes) -> bytes:
    """A PNG with a palette of its most frequent colours, every other one by the nearest of them."""
    width, height, pixels = _pixels(png)
    counts: dict[bytes, int] = {}
    shades = [pixels[i : i + 3] for i in range(0, len(pixels), 3)]
    for shade in shades:
        counts[shade] = counts.get(shade, 0) + 1
    palette = sorted(counts, key=lambda shade: -counts[shade])[:256]
    index = {shade: n for n, shade in enumerate(palette)}
    for shade in counts:
        if shade not in index:
            index[shade] = min(range(len(palette)), key=lambda n: _apart(palette[n], shade))
    rows = (bytes(index[s] for s in shades[y * width : (y + 1) * width]) for y in range(height))
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", b"".join(palette)), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _apart(a: bytes, b: bytes) -> int:
    return sum((x - y) ** 2 for x, y in zip(a, b, strict=True))


def _pixels(png: bytes) -> tuple[int, int, bytes]:
    """(width, height, RGB) of a PNG of eight bits, with or without transparency, not interlaced."""
    at, packed = 8, b""
    width = height = depth = 0
    while at < len(png):
        (length,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        data = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", data[:10])
            depth = {2: 3, 6: 4}[colour]
        packed += data if kind == b"IDAT" else b""
        at += length + 12
    raw, stride = zlib.decompress(packed), width * depth
    before, found = bytearray(stride), bytearray()
    for y in range(height):
        method, row = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1 : (y + 1) * (stride + 1)])
        for i in range(stride):
            left = row[i - depth] if i >= depth else 0
            up, corner = before[i], before[i - depth] if i >= depth else 0
            row[i] = (row[i] + _guess(method, left, up, corner)) & 255
        found += row if depth == 3 else bytes(v for i, v in enumerate(row) if i % 4 < 3)
        before = row
    return width, height, bytes(found)


def _guess(method: int, left: int, up: int, corner: int) -> int:
    if method == 4:
        near = left + up - corner
        return min((left, up, corner), key=lambda v: abs(near - v))
    return (0, left, up, (left + up) // 2)[method]


if __name__ == "__main__":
    sys.exit(main())
