"""Static files: few, small, served by the same function and cached for good under their hash.

A page's scripts come as one file, for each request costs more than what it carries: the rows of TOGETHER.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parents[1]
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
TYPES |= {".png": "image/png", ".webmanifest": "application/manifest+json"}
_STAFF = ("mine.js", "compressor.min.js", "picking.js", "kept.js", "scan.js", "snaps.js", "outbox.js")
_FORM = ("picking.js", "photos.js", "form.js")
# One file a page: its scripts, in the order in which they run.
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "start-page.js": ("mine.js", "form.js"),
    "form-page.js": _FORM,
    "scanned-page.js": ("mine.js", *_FORM),
    "owner-page.js": ("mine.js", "picking.js", "photos.js", "kept.js", "owner.js"),
    "claims-page.js": ("signature_pad.min.js", "picking.js", "photos.js", "scan.js", "owner.js"),
    "sheet-page.js": ("signature_pad.min.js", "owner.js", "print.js"),
    "staff-page.js": _STAFF,
    "passed-page.js": ("mine.js", "kept.js", "snaps.js", "outbox.js"),
    "desk-page.js": ("mine.js", "desk.js"),
    "signs-page.js": ("mine.js", "desk.js", "print.js"),
    "office-case.js": ("mine.js", "picking.js", "photos.js", "scan.js", "desk.js"),
    "desk-ticket.js": (*_STAFF[1:], "desk.js"),
}
# A script that breaks leaves those behind it alone, as it would in a file of its own.
ALONE = b"try {\n%b\n} catch (fault) { setTimeout(function () { throw fault; }); }\n"


@functools.lru_cache(256)
def static_file(name: str) -> tuple[bytes, str] | None:
    """(content, type) of a static file; None for any other name."""
    if name in TOGETHER:
        parts = [found for part in TOGETHER[name] if (found := static_file(part))]
        return b"".join(ALONE % content for content, _ in parts), TYPES[".js"]
    path = FOLDER / "static" / name
    if not re.fullmatch(r"[a-z0-9_-]+(\.min)?\.[a-z]+", name) or path.suffix not in TYPES or not path.is_file():
        return None
    return path.read_bytes(), TYPES[path.suffix]


@functools.cache
def static_url(name: str) -> str:
    """The path of a static file, changing with its content."""
    import hashlib

    found = static_file(name)
    version = hashlib.sha256(found[0]).hexdigest()[:10] if found else ""
    return f"/static/{name}?v={version}"
