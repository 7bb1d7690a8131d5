"""A snag list 交付整改: what was found at handover, a row each; and which rows make a ticket.

A ticket is a place and a trade, at most MOST_ROWS rows: whoever comes, comes once. The same rows in the same order make
the same tickets.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.record.text import sought
from chalicelib.domain.register import cells
from chalicelib.domain.register.column import Column, Sheet, one, to
from chalicelib.domain.register.labels import PRIORITIES
from chalicelib.domain.register.place import Place
from chalicelib.domain.register.reader import Book, Known, Numbers, Progress, Reader, silent
from chalicelib.domain.ticket.merging import URGENCY
from chalicelib.domain.ticket.trade import Priority

MOST = 10_000
MOST_ROWS, MOST_PHOTOS = 20, 5
PLACES = frozenset({"unit", "area", "asset"})
SHEET = Sheet(
    "snags",
    "交付整改",
    "交付查验发现的问题，每行一处",
    (
        to("place", "位置编码", note="房号、公共区域或设备的编码"),
        Column("subject", "部位", cells.words, True, "如 渗漏水/卫生间、电气", width=20),
        Column("where", "具体位置", lambda raw: cells.words(raw, 40), False, "如 主卧北墙", width=18),
        Column("words", "问题描述", cells.words, True, width=40),
        one("priority", "紧急程度", PRIORITIES, note="不填为一般"),
        Column("photos", "照片", cells.listed, False, "照片压缩包中的文件名，多个用顿号分开", width=30),
    ),
)


class Pictures(Protocol):
    """The photos beside a list, by the name of their file."""

    def fault(self, name: str) -> str:
        """Why one can't be taken: absent, large, none; "" where it can."""
        ...

    def read(self, name: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Snag:
    """A row. `component`: "" where it names a whole category."""

    row: int
    place: Place
    category: str
    component: str
    where: str
    words: str
    priority: Priority
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """The rows of a ticket. `key`: what they are called by in their list, for good."""

    key: str
    snags: tuple[Snag, ...]

    @property
    def place(self) -> Place:
        return self.snags[0].place

    @property
    def category(self) -> str:
        return self.snags[0].category

    @property
    def component(self) -> str:
        """That of all its rows, or ""."""
        named = {(snag.category, snag.component) for snag in self.snags}
        return self.snags[0].component if len(named) == 1 else ""

    @property
    def priority(self) -> Priority:
        return max((snag.priority for snag in self.snags), key=URGENCY.index)


class ListReader(Reader):
    """One reading of a list."""

    def __init__(
        self, book: Book, known: Known, numbers: Numbers, pictures: Pictures, progress: Progress = silent
    ) -> None:
        super().__init__(book, known, numbers, progress)
        self.pictures = pictures
        self.project = ""

    def sheet_called(self, name: str) -> Sheet | None:
        return SHEET if sought(name) in (SHEET.zh, SHEET.name) else None

    def snags(self) -> Iterator[Snag]:
        """Every row that is sound, in order; the others are faults. Raises TooMany."""
        self._find_sheets()
        for count, (row, values, sound) in enumerate(self.lines(SHEET.name), 1):
            if count > MOST:
                self.fault(SHEET.name, row, "", "too_many_rows", limit=MOST)
                return
            before = len(self.faults)
            place = self._place(str(values["place"] or ""), row)
            about = self._about(str(values["subject"] or ""), row)
            photos = tuple(values["photos"] or ())
            self._photos(photos, row)
            if not sound or place is None or len(self.faults) > before:
                continue
            priority = Priority(values["priority"] or Priority.NORMAL)
            yield Snag(row, place, *about, values["where"] or "", values["words"], priority, photos)

    def _place(self, code: str, row: int) -> Place | None:
        found = self.place(code) if code else None
        if found is None:
            if code:
                self.fault(SHEET.name, row, "place", "unknown_place", code=code)
            return None
        project = found.above.get("project", "")
        self.project = self.project or project
        if found.kind not in PLACES:
            self.fault(SHEET.name, row, "place", "place_above", code=code)
        elif found.closed:
            self.fault(SHEET.name, row, "place", "place_closed", code=code)
        elif project != self.project:
            self.fault(SHEET.name, row, "place", "project_elsewhere", code=code, project=project)
        return found

    def _about(self, name: str, row: int) -> tuple[str, str]:
        found = self.components(name) if name else ()
        if name and not found:
            self.fault(SHEET.name, row, "subject", "unknown_component", name=name)
        category, _, component = (found[0] if found else "").partition("/")
        return category, component if len(found) == 1 else ""

    def _photos(self, names: Sequence[str], row: int) -> None:
        if len(names) > MOST_PHOTOS:
            self.fault(SHEET.name, row, "photos", "too_many_photos", limit=MOST_PHOTOS)
            return
        for name in names:
            if why := self.pictures.fault(name):
                self.fault(SHEET.name, row, "photos", f"photo_{why}", name=name, limit=5)


def bundled(snags: Sequence[Snag], trades: Mapping[str, str]) -> list[Bundle]:
    """The tickets that the rows make, in the order of their first rows. `trades`: by category/component."""
    found: dict[tuple[str, str], list[Snag]] = {}
    for snag in snags:
        found.setdefault((snag.place.id, trades.get(snag.category, snag.category)), []).append(snag)
    return [
        Bundle(f"{place}/{trade}/{first // MOST_ROWS}", tuple(rows[first : first + MOST_ROWS]))
        for (place, trade), rows in found.items()
        for first in range(0, len(rows), MOST_ROWS)
    ]


def content_of(snags: Sequence[Snag]) -> str:
    """The hash of what a list says: the same rows, the same hash."""
    digest = hashlib.sha256()
    for snag in snags:
        said = (snag.place.id, snag.category, snag.component, snag.where, snag.words, snag.priority, snag.photos)
        digest.update(json.dumps([snag.row, *said], ensure_ascii=False).encode())
    return digest.hexdigest()
