"""Static files: few, small, served by the same function and cached for good under their hash."""

from __future__ import annotations

import functools
import re
from pathlib import Path

FOLDER = Path(__file__).parents[1]
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
TYPES |= {".png": "image/png", ".webmanifest": "application/manifest+json"}


@functools.lru_cache(256)
def static_file(name: str) -> tuple[bytes, str] | None:
    """(content, type) of a static file; None for any other name."""
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
