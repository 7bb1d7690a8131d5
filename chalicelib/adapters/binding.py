"""Papers bound into one PDF: what `language.packs` says, photos, and files page by page; the same bytes each time.

Photos are set as JPEG, smaller from step to step until all of it fits. A file that is a PDF is shown as it is, page by
page; a picture fills a page. What can't be read, or has no room, is listed with its hash alone. Other files (an
invoice's OFD or XML) hang on the PDF as attachments. A PDF that shows PDFs is no PDF/A: typst can't make one of them.

Typst, Pillow and the faces are in the layer of the function `letter`.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.adapters import typesetter
from chalicelib.adapters.typesetter import FACE, Untypeset
from chalicelib.domain.contractor.typeface import marked_in
from chalicelib.domain.pictures import MOST_PIXELS

LAYOUT = Path(__file__).with_name("pack.typ")
STEPS = ((1600, 82), (1200, 76), (900, 70), (640, 62), (480, 52))  # pixels of the longer side, JPEG's quality
BASE_QUALITY = 92
SHEET = 1.4  # a picture that fills a page may be so much larger than a photo
MOST_PAGES = 40  # of one file
MOST_ATTACHED = 500_000  # bytes of a file that hangs on the PDF
MIMES: Mapping[str, str] = {"ofd": "application/ofd", "xml": "application/xml"}
COUNTED = re.compile(r"only has (\d+) page")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo and what stands below it. `content`: None where it is not there any more."""

    caption: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A file. `ending`: pdf, jpg, png …; `content`: None where it is too large to be read."""

    title: str
    ending: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Set:
    """What was set: the PDF, and how many pages of each file it shows."""

    pdf: bytes
    pages: tuple[int, ...]


def bind(
    said: Mapping[str, Any],
    at: datetime,
    tz: str,
    most_bytes: int,
    photos: Sequence[Photo] = (),
    papers: Sequence[Paper] = (),
    listing: Callable[[Sequence[int]], Mapping[str, Any]] = lambda pages: {},
) -> Set:
    """The PDF, in at most so many bytes. `listing`: pages shown of each file → the section that lists them.

    Raises Untypeset.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = [_pages(folder, n, paper) for n, paper in enumerate(papers)]
        while True:
            for pixels, quality in STEPS:
                if _photos_alone(folder, photos, pixels, quality) > most_bytes:
                    continue
                pdf = _set(folder, said, at, tz, photos, papers, pages, listing(pages), pixels, quality)
                if len(pdf) <= most_bytes:
                    return Set(pdf, tuple(pages))
            shown = [n for n, count in enumerate(pages) if count]
            if not shown:
                raise Untypeset("too large")
            pages[max(shown, key=lambda n: len(papers[n].content or b""))] = 0


def _set(
    folder: Path,
    said: Mapping[str, Any],
    at: datetime,
    tz: str,
    photos: Sequence[Photo],
    papers: Sequence[Paper],
    pages: Sequence[int],
    listing: Mapping[str, Any],
    pixels: int,
    quality: int,
) -> bytes:
    local = at.astimezone(ZoneInfo(tz))
    lang, _, region = said["lang"].lower().partition("_")
    hashes = [hashlib.sha256(photo.content).hexdigest() if photo.content else "" for photo in photos]
    content = {"said": said, "photos": [[photo.caption, sum_] for photo, sum_ in zip(photos, hashes, strict=True)]}
    content["files"] = [[paper.title, _digest(paper.content)] for paper in papers]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    data = {
        **marked_in(dict(said)),
        "listing": marked_in(dict(listing)) if listing else {},
        "hash": hashlib.sha256(text.encode()).hexdigest(),
        "date": [local.year, local.month, local.day],
        "font": FACE,
        "lang": lang,
        "region": region or None,
        "contents": bool(said["sections"]) and bool(papers),
        "photos": [
            {
                "file": f"photo{n}.jpg" if (folder / f"photo{n}.jpg").exists() else "",
                "caption": marked_in(photo.caption),
                "hash": sum_,
            }
            for n, (photo, sum_) in enumerate(zip(photos, hashes, strict=True))
        ],
        "papers": [
            {
                "n": n + 1,
                "title": marked_in(paper.title),
                "sheets": _sheets(folder, n, paper, pages[n], int(pixels * SHEET), quality),
            }
            for n, paper in enumerate(papers)
        ],
        "attached": [
            {"file": _written(folder, n, paper), "mime": MIMES[paper.ending], "title": marked_in(paper.title)}
            for n, paper in enumerate(papers)
            if paper.ending in MIMES and paper.content and len(paper.content) <= MOST_ATTACHED
        ],
    }
    (folder / "pack.typ").write_bytes(LAYOUT.read_bytes())
    return _compiled(folder, "pack.typ", {"pack": json.dumps(data, ensure_ascii=False)}, int(at.timestamp()))


def _photos_alone(folder: Path, photos: Sequence[Photo], pixels: int, quality: int) -> int:
    """Bytes of all photos at a step: where they are too many by themselves, nothing has to be set to see it."""
    names = [picture(folder, f"photo{n}", photo.content, pixels, quality) for n, photo in enumerate(photos)]
    return sum((folder / name).stat().st_size for name in set(names) if name)


def _compiled(folder: Path, name: str, inputs: Mapping[str, str], at: int) -> bytes:
    typst = typesetter.typst()
    compiler = typst.Compiler(input=str(folder / name), root=str(folder), font_paths=typesetter.fonts())
    try:
        pdf: bytes = compiler.compile(format="pdf", sys_inputs=dict(inputs), timestamp=at)
    except typst.TypstError as fault:
        raise Untypeset(str(fault.message)[:200]) from None
    return pdf


def _digest(content: bytes | None) -> str:
    return hashlib.sha256(content).hexdigest() if content else ""


def _pages(folder: Path, n: int, paper: Paper) -> int:
    """How many pages of a file can be shown; 0 for none. What is no PDF that typst reads has none."""
    if not paper.content or paper.ending in MIMES:
        return 0
    if paper.ending != "pdf":
        return int(bool(picture(folder, f"paper{n}", paper.content, STEPS[-1][0], STEPS[-1][1])))
    file = _written(folder, n, paper)
    typst = typesetter.typst()
    (folder / "count.typ").write_text(f'#image("{file}", page: 99999)')
    try:
        typst.Compiler(input=str(folder / "count.typ"), root=str(folder)).compile(format="pdf", timestamp=0)
    except typst.TypstError as fault:
        found = COUNTED.search(" ".join(map(str, (fault.message, *fault.hints))))
        return min(int(found[1]), MOST_PAGES) if found and _reads(folder, file) else 0
    return 0


def _reads(folder: Path, file: str) -> bool:
    """Whether its first page can be shown: an encrypted file has pages too."""
    (folder / "count.typ").write_text(f'#image("{file}", page: 1)')
    try:
        _compiled(folder, "count.typ", {}, 0)
    except Untypeset:
        return False
    return True


def _sheets(folder: Path, n: int, paper: Paper, pages: int, pixels: int, quality: int) -> list[dict[str, Any]]:
    if not pages:
        return []
    if paper.ending != "pdf":
        return [{"file": picture(folder, f"paper{n}", paper.content, pixels, quality), "page": 0}]
    return [{"file": _written(folder, n, paper), "page": page} for page in range(1, pages + 1)]


def _written(folder: Path, n: int, paper: Paper) -> str:
    name = f"file{n + 1}.{paper.ending}"
    if not (folder / name).exists():
        (folder / name).write_bytes(paper.content or b"")
    return name


def picture(folder: Path, name: str, content: bytes | None, pixels: int, quality: int) -> str:
    """A picture as a JPEG of at most so many pixels a side, the right way up; "" for what is none.

    What was sent is decoded once: every step begins with the picture that was made of it then.
    """
    from PIL import Image

    base = folder / f"{name}.base"
    if not base.exists():
        base.write_bytes(_decoded(content) if content else b"")
    if not base.stat().st_size:
        return ""
    with Image.open(base, formats=("JPEG",)) as found:
        found.draft("RGB", (pixels, pixels))
        found.thumbnail((pixels, pixels))
        found.save(folder / f"{name}.jpg", "JPEG", quality=quality, optimize=True)
    return f"{name}.jpg"


def _decoded(content: bytes) -> bytes:
    """A picture as a JPEG as large as any step asks for; nothing for what is none."""
    from PIL import Image, ImageOps

    most = int(STEPS[0][0] * SHEET)
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as found:
            if found.width * found.height > MOST_PIXELS:
                return b""
            found.draft("RGB", (most, most))
            turned = ImageOps.exif_transpose(found)
            turned.thumbnail((most, most))
            flat = Image.new("RGB", turned.size, "white")
            flat.paste(turned, mask=turned.getchannel("A") if "A" in turned.getbands() else None)
            flat.save(out, "JPEG", quality=BASE_QUALITY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return b""
    return out.getvalue()
