"""The files of a sealed batch: made once from its content, kept write-once, noted on it with their SHA-256.

<number>-<layout>.csv, .xlsx    one of each for every layout of its entity
<number>.json                   the manifest: count, totals, hashes, the evidence pack of each deduction, which layouts

Cut off between the keeping and the noting it makes them again; what was noted first is the batch's for good.

Unsound   what the batch has claimed is not what was hashed when it was sealed: somebody has to look
"""

from __future__ import annotations

import calendar
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.adapters import archive, mappings
from chalicelib.adapters.csvfiles import CsvFile
from chalicelib.adapters.sheetfiles import Plain, XlsxFile
from chalicelib.domain.money.batch import Batch, File, State
from chalicelib.domain.money.content import Counting, Tally
from chalicelib.domain.money.entry import Entry
from chalicelib.domain.money.layout import About, Layout
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.services.money import contents
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import contracts
from chalicelib.store.table import iso

FORM = 1  # of the manifest; raised when its shape changes


class Unsound(Exception):
    """The content of a batch is not what its hash says."""


def make(one: Batch, at: datetime) -> Batch:
    """Make the files of a sealed batch; the batch afterwards. May run again, and beside itself. Raises Unsound."""
    if one.state is not State.SEALED:
        return one
    with TemporaryDirectory() as folder:
        made = [_keep(one, path) for path in written(one, Path(folder))]
    facts = [{"name": f.name, "sha256": f.sha256, "key": f.key, "size": f.size} for f in made]
    noted: Batch = record.perform(Command("note_made", SYSTEM, {"files": facts}, key="made"), one.id, at)
    return noted


def written(one: Batch, folder: Path) -> list[Path]:
    """The files of a batch, written into a folder; the manifest last. Raises Unsound."""
    about, counting = _about(one), Counting()
    files, rows = [], dict.fromkeys(one.mappings, 0)
    packs: dict[str, str] = {}
    with ExitStack() as open_files:
        tables = [open_files.enter_context(_table(one, mappings.layout(name), folder)) for name in one.mappings]
        for position, entry in enumerate(counting.through(contents.of(one)), 1):
            if entry.evidence:
                packs[entry.number] = entry.evidence
            for table in tables:
                rows[table.layout.name] += table.add(entry, about, position)
        tally = counting.tally()
        if (tally.hash, tally.count, tally.fen) != (one.hash, one.count, one.fen):
            raise Unsound(one.number)
        for table in tables:
            table.summary(one, about, tally)
            files += table.paths
    files.append(_manifest(one, about, tally, files, rows, packs, folder))
    return files


def address(one: Batch, name: str) -> str:
    """An address of a file of a batch, good for ten minutes. Raises NotFound for one that it doesn't have."""
    for file in one.files:
        if file.name == name:
            return archive.presigned_file(file.key, file.name)
    raise record.NotFound


@dataclass(slots=True)
class _Table:
    """A layout's CSV and workbook under way."""

    layout: Layout
    csv: CsvFile
    book: XlsxFile
    sheet: Any
    paths: list[Path]
    rows: int = 0

    def add(self, entry: Entry, about: About, position: int) -> int:
        before = self.rows
        for values in self.layout.rows_of(entry, about, position, self.rows + 1):
            self.csv.row(values)
            self.sheet.row(values)
            self.rows += 1
        return self.rows - before

    def summary(self, one: Batch, about: About, tally: Tally) -> None:
        """A second sheet: what the batch is, its totals by company, nature and source."""

        def word(key: str) -> str:
            return self.layout.word("summary", key)

        sheet = self.book.sheet(
            word("title"), (Plain(word("title"), width=32), Plain("", "money"), Plain("", width=70))
        )
        for key, text in (
            ("batch", one.number),
            ("period", one.period),
            ("entity", _entity(one.entity)),
            ("sealed_on", about.sealed_on),
            ("hash", one.hash),
        ):
            sheet.row((word(key), None, text))
        sheet.row((word("count"), None, str(tally.count)))
        sheet.row((word("rows"), None, str(self.rows)))
        sheet.row((word("fen"), tally.fen, ""))
        for title, group, found in (
            ("company", "", tally.companies),
            ("by_nature", "nature", tally.totals),
            ("by_source", "source", tally.sources),
        ):
            sheet.row((word(title), None, ""))
            for key, fen in sorted(found.items()):
                sheet.row((self.layout.word(group, key) if group else key, fen, ""))


@contextmanager
def _table(one: Batch, layout: Layout, folder: Path) -> Iterator[_Table]:
    stem = f"{one.number}-{layout.name}"
    paths = [folder / f"{stem}.csv", folder / f"{stem}.xlsx"]
    yes, no = layout.word("summary", "yes"), layout.word("summary", "no")
    book = XlsxFile(paths[1], layout.date, yes, no)
    csv = CsvFile(paths[0], layout.columns, layout.date, yes, no)
    try:
        yield _Table(
            layout, csv, book, book.sheet(layout.title, layout.columns, layout.word("summary", "total")), paths
        )
    finally:
        csv.close()
        book.close()


def _about(one: Batch) -> About:
    assert one.sealed_at is not None
    year, month = int(one.period[:4]), int(one.period[5:])
    last = date(year, month, calendar.monthrange(year, month)[1])
    sealed_on = one.sealed_at.astimezone(ZoneInfo(policy_for(one.place).zone)).date()
    return About(one.number, one.period, sealed_on.isoformat(), last.isoformat())


def _manifest(
    one: Batch,
    about: About,
    tally: Tally,
    files: list[Path],
    rows: Mapping[str, int],
    packs: Mapping[str, str],
    folder: Path,
) -> Path:
    body = {
        "form": FORM,
        "number": one.number,
        "entity": one.entity,
        "period": one.period,
        "sealed_at": iso(one.sealed_at) if one.sealed_at else "",
        "sealed_by": one.by,
        "counters": one.counters,
        "cutoff": one.cutoff,
        "filter": one.filter.plain(),
        "count": tally.count,
        "fen": tally.fen,
        "by_nature": dict(sorted(tally.totals.items())),
        "by_company": dict(sorted(tally.companies.items())),
        "by_source": dict(sorted(tally.sources.items())),
        "content_sha256": tally.hash,
        "evidence": dict(sorted(packs.items())),
        "layouts": {name: {"mark": mappings.layout(name).mark, "rows": rows[name]} for name in one.mappings},
        "files": {path.name: {"sha256": digest(path), "size": path.stat().st_size} for path in files},
    }
    path = folder / f"{one.number}.json"
    path.write_text(json.dumps(body, ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8")
    return path


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _keep(one: Batch, path: Path) -> File:
    sha256 = digest(path)
    key = archive.export_key(one.entity, one.period[:4], one.number, sha256, path.suffix[1:])
    archive.keep_file(key, path)
    return File(path.name, sha256, key, path.stat().st_size)


def _entity(entity: str) -> str:
    found = contracts.entity(entity)
    return f"{entity} {found.name}" if found else entity
