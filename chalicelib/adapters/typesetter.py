"""Letters in type: from a frozen content and its photos to a PDF/A of A4 pages, the same bytes each time.

The content is data to the layout (`letter.typ`), never markup. Every page bears the hash of the content and a QR code
of the letter's public page. Typst and the faces are in a layer of their own: only the function `letter` has it, and
imports them for the first letter that it sets.

Untypeset   no PDF can be made of it; the text says why, without a word of the letter
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.contractor.letter import Content, in_groups
from chalicelib.domain.contractor.typeface import marked_in

LAYOUT = Path(__file__).with_name("letter.typ")
FACES = "letterfonts"  # the package of the layer that holds them
FACE = "Noto Sans SC"
STANDARD = "a-2u"
MOST_TAGGED = (
    200  # rows of a list: what reads pages aloud needs tags, and a long list weighs eight times as much by them
)
ENDINGS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG", "png"), (b"RIFF", "webp"))


class Untypeset(Exception):
    """The letter can't be set."""


def typeset(content: Content, url: str, photos: Sequence[bytes | None] = ()) -> tuple[bytes, tuple[int, ...]]:
    """The PDF of a letter, and which of its photos (from 1) could not be shown.

    `url`: of its public page. `photos`: in the order of the content's captions; None for one that is not there any
    more. In the place of one that can't be shown stands that. Raises Untypeset.
    """
    body = content.body
    unshown = [n for n, photo in enumerate(photos, 1) if _ending(photo) is None]
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(len(photos) + 1):
            try:
                return _set(Path(folder), content, body, url, photos, unshown), tuple(unshown)
            except typst().TypstError as fault:
                bad = _unreadable(Path(folder), photos, unshown)
                if not bad:
                    raise Untypeset(str(fault.message)[:200]) from None
                unshown = sorted({*unshown, *bad})
    raise Untypeset("photos")


def _set(
    folder: Path, content: Content, body: dict[str, Any], url: str, photos: Sequence[bytes | None], unshown: list[int]
) -> bytes:
    said = marked_in(body["said"])
    captions = said["photos"]
    shown = []
    for n, photo in enumerate(photos, 1):
        file = ""
        if photo is not None and n not in unshown:
            file = f"{n}.{_ending(photo)}"
            (folder / file).write_bytes(photo)
        shown.append({"file": file, "caption": captions[n - 1] if n <= len(captions) else ""})
    at = datetime.fromisoformat(body["at"]).astimezone(ZoneInfo(body["tz"]))
    lang, _, region = said["lang"].lower().partition("_")
    data = {
        "body": said,
        "number": body["number"],
        "hash": content.hash,
        "shown": in_groups(content.hash),
        "url": url,
        "qr": _qr(url),
        "date": [at.year, at.month, at.day],
        "photos": shown,
        "font": FACE,
        "lang": lang,
        "region": region or None,
    }
    (folder / "letter.typ").write_bytes(LAYOUT.read_bytes())
    compiler = typst().Compiler(input=str(folder / "letter.typ"), root=str(folder), font_paths=fonts())
    inputs = {"letter": json.dumps(data, ensure_ascii=False)}
    pdf = compiler.compile(
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=[STANDARD],
        timestamp=int(at.timestamp()),
        pdf_tags=len(said.get("list", ())) <= MOST_TAGGED,
    )
    assert isinstance(pdf, bytes)
    return pdf


def _ending(photo: bytes | None) -> str | None:
    """How a photo's file ends; None where it is none that can be shown."""
    return next((ending for begin, ending in ENDINGS if photo and photo.startswith(begin)), None)


def _unreadable(folder: Path, photos: Sequence[bytes | None], unshown: Sequence[int]) -> list[int]:
    """The photos that can't be read or stand in no archive's PDF, such as those for a printing press; one by one."""
    bad = []
    for n, photo in enumerate(photos, 1):
        if n in unshown or photo is None:
            continue
        alone = folder / "one.typ"
        alone.write_text(f'#image("{n}.{_ending(photo)}")')
        try:
            compiler = typst().Compiler(input=str(alone), root=str(folder), font_paths=fonts())
            compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=0)
        except typst().TypstError:
            bad.append(n)
    return bad


@cache
def typst() -> Any:
    import typst as found

    return found


@cache
def fonts() -> Any:
    """The faces of the layer and no others: a machine's own would make other pages."""
    return typst().Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(resources.files(FACES))]
    )


def _qr(url: str) -> str:
    import segno

    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=2, scale=4, xmldecl=False, svgns=True)
    return out.getvalue().decode()
