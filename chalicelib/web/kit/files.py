"""What is no page: static files, the worker that keeps pages without signal, and what programs ask for unbidden."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.web.kit.asked import request
from chalicelib.web.kit.pages import headers, lang_of, page
from chalicelib.web.kit.static import static_file

ROBOTS = "User-agent: *\nAllow: /$\nDisallow: /\n"


def static(name: str) -> Response:
    found = static_file(name)
    return _file(name, "public, max-age=31536000, immutable") if found else nothing_here()


def worker() -> Response:
    return _file("worker.js", "no-cache")


def icon() -> Response:
    return _file("icon.svg", "public, max-age=86400")


def robots() -> Response:
    """Only the first page is for everybody to find; links are private."""
    return _plain(ROBOTS)


def health() -> Response:
    return _plain("ok")


def nothing_here(proxy: str = "") -> Response:
    """An address that leads nowhere. No guess at a link is counted: programs ask for many."""
    return page("nowhere.html", lang_of(request()), status=404)


def _file(name: str, kept: str) -> Response:
    found = static_file(name)
    assert found is not None
    body, kind = found
    carried = {**headers(), "Content-Type": kind, "Cache-Control": kept}
    carried.pop("Vary", None)
    return Response(body if kind.startswith("image/png") else body.decode(), headers=carried)


def _plain(text: str) -> Response:
    return Response(
        text, headers={**headers(), "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    )
