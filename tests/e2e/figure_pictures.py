"""`python -m tests.e2e.figure_pictures`: the README's pictures of a manager's screen and of a month's report.

The demo's year in memory, served to a browser; infra/pictures/figures.png and report.png, each at most 200 kB.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pypdfium2
from playwright.sync_api import sync_playwright

from chalicelib.domain.measures.action import Before
from chalicelib.language.measures import small
from chalicelib.services.access import access
from chalicelib.services.measures import improving, managing, monthly, rolling
from chalicelib.store import grants, measures
from chalicelib.store.places import GROUP
from chalicelib.store.table import Delete
from infra.seed import year
from infra.seed.demo import demo
from tests.bench.web import ask
from tests.demo import load
from tests.e2e.conftest import ARGS, CHROMIUM
from tests.e2e.letter_picture import png
from tests.e2e.pictures import FOLDER, LIMIT, smaller
from tests.typeset import use_faces
from tests.world import World, world

MONTH, BEFORE = "2026-02", "2026-01"
FINAL = datetime(2026, 3, 5, 4, tzinfo=UTC)
WHO, TEAM = "GROUP-M1", "group/management"


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        from app import app

        answer = ask(app, "GET", self.path)
        body = str(answer["body"]).encode()
        self.send_response(answer["statusCode"])
        for name, value in (answer.get("headers") or {}).items():
            if name.lower() != "strict-transport-security":
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def lived(here: World) -> str:
    """The demo's year, and an action of the group's manager; the address of the group's screen."""
    for code in ("P1", "P2"):  # the small world's own
        here.table.write(Delete((f"CHILDREN#{GROUP}", f"project#{code}#{code}")))
    managing.forget()
    load(demo())
    every = list(year.stated())
    year.write_facts(every)
    year.write_tickets(year.worst(every))
    for month in sorted({month for one in every for _, month in one.facts}):
        rolling.roll(month, FINAL)
    grant = access.staff_grant(WHO, TEAM, 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    row = measures.month("group", BEFORE)
    assert row is not None
    figure = row.figures["arrive_kept"]
    before = Before(BEFORE, figure.n, figure.d, small(figure))
    facts = {"measure": "arrive_kept", "goal": before.value + 200, "who": WHO, "until": "2026-03-31"}
    words = "中午时段增派一人值守，上门前半小时再确认一次"
    improving.plan(grant, {}, before, facts, words, here.at, "01KJP0Y9M0QWGD6621HF2227B1")
    return f"/g/{access.token(grant)}?month={MONTH}"


def save(name: str, content: bytes) -> None:
    path = FOLDER / f"{name}.png"
    path.write_bytes(smaller(content))
    print(f"infra/pictures/{path.name} {path.stat().st_size // 1000} kB")
    if path.stat().st_size > LIMIT:
        raise SystemExit(f"{path.name} is larger than {LIMIT // 1000} kB")


def main() -> int:
    use_faces()
    with world() as here, sync_playwright() as made, served() as front:
        address = lived(here)
        browser = made.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1080})
        page.goto(front + address)
        save("figures", page.screenshot())
        browser.close()
        monthly.make(f"{MONTH}/group", here.at)
        pdf = next(body for key, body in here.pictures.stored.items() if key.endswith(".pdf"))
        document = pypdfium2.PdfDocument(pdf)
        bitmap = document[0].render(scale=1.15, rev_byteorder=True)
        raw = bytes(bitmap.buffer)
        rows = (raw[y * bitmap.stride : y * bitmap.stride + bitmap.width * 3] for y in range(bitmap.height))
        save("report", png(bitmap.width, bitmap.height, b"".join(b"\0" + row for row in rows)))
        document.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
