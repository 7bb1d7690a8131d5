"""The register of places, people and contracts, read from a workbook: every row checked, every reference resolved.

    Book     what the file holds: names of sheets, rows of a sheet      (adapters/workbook.py)
    Known    what is stored already, for sheets that the file leaves out
    Reader   reads a Book once: yields records, collects faults         may be made again to read it again

Memory: the tree down to entrances, the codes of the units, the residents by unit, contracts with their clauses; units
pass through one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from chalicelib.domain.contractor.contract import Company, Contract, Entity
from chalicelib.domain.policy.overrides import Override
from chalicelib.domain.record.roles import company_of
from chalicelib.domain.record.text import sought
from chalicelib.domain.register.cells import BadCell, is_blank, unparted
from chalicelib.domain.register.column import Column, Sheet
from chalicelib.domain.register.faults import MOST, Fault, Remark, TooMany
from chalicelib.domain.register.place import Place
from chalicelib.domain.register.rows import Record
from chalicelib.domain.register.sheets import NOT_READ, NOTES, sheet_called
from chalicelib.domain.warranty.terms import Rule

Values = dict[str, Any]


class Book(Protocol):
    notes: list[Remark]  # what was read otherwise than it looks; complete once every row was read

    def names(self) -> Sequence[str]: ...

    def rows(self, name: str) -> Iterator[tuple[int, Sequence[object]]]:
        """(row number as the spreadsheet shows it, cells), from the first row on. May be asked for again."""
        ...


class Known(Protocol):
    def place(self, code: str) -> Place | None: ...

    def staffed(self, team: str, without: frozenset[str]) -> bool:
        """Whether somebody active is on a team or desk, those of the file (`without`) left out."""
        ...

    def works_here(self, person: str) -> bool: ...

    def teams_under(self, phone: str) -> Mapping[str, str]:
        """Who is reached under a phone in the house or a company: person → team."""
        ...

    def entity(self, code: str) -> Entity | None: ...

    def company(self, code: str) -> Company | None: ...

    def sharing(self, what: str, value: str) -> Sequence[str]:
        """The companies that have a `tax_number` or an `account`."""
        ...

    def contract(self, code: str) -> Contract | None: ...

    def contracts_in(self, project: str) -> Sequence[Contract]: ...


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the policy knows: its check of an override ("" when it holds); the law's terms.

    `components`: what a component or a whole category may be called → category/component each; `trades` of these.
    """

    check_override: Callable[[Override], str]
    check_year: Callable[[Mapping[date, bool]], date | None]
    abroad: tuple[str, ...] = ()  # what phones of other countries may begin with
    rules: Sequence[Rule] = ()
    components: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trades: Mapping[str, str] = field(default_factory=dict)


Progress = Callable[[str, int], None]


def silent(sheet: str, rows: int) -> None:
    """Progress that nobody looks at."""


class Reader:
    """One reading of a book."""

    def __init__(self, book: Book, known: Known, numbers: Numbers, progress: Progress = silent) -> None:
        self.book, self.known, self.numbers, self.progress = book, known, numbers, progress
        self.faults: list[Fault] = []
        self.remarks: list[Fault] = []  # what may be so, and somebody should look at
        self.people: dict[str, tuple[str, int]] = {}  # who works here or for a company, by the file: (sheet, row)
        self.phones: dict[str, tuple[str, str, int]] = {}  # of these: (company, sheet, row)
        self.entities: dict[str, Entity | None] = {}  # of the file; None where its row is at fault
        self.companies: dict[str, tuple[str, int]] = {}  # every code of the file, also of rows at fault: (sheet, row)
        self.tree: dict[str, Place] = {}
        self.codes: dict[str, tuple[str, int]] = {}  # every code of the file, also of rows at fault: (sheet, row)
        self.sheets: dict[str, str] = {}
        self._asked: dict[str, Place | None] = {}

    def records(self) -> Iterator[Record]:
        """Everything in the book, parents before children. Raises TooMany."""
        from chalicelib.domain.register import companies, contracts, matrix
        from chalicelib.domain.register import people as register_people
        from chalicelib.domain.register import places as register_places

        self._find_sheets()
        yield from register_places.records(self)
        same = companies.Same()
        yield from companies.entities(self, same)  # finance works for one
        yield from register_people.records(self)
        yield from companies.records(self, same)
        yield from contracts.records(self)
        yield from matrix.records(self)

    def fault(self, sheet: str, row: int, column: str, reason: str, /, **details: object) -> None:
        self.faults.append(Fault(sheet, row, column, reason, details))
        if len(self.faults) >= MOST:
            raise TooMany

    def remark(self, sheet: str, row: int, column: str, reason: str, /, **details: object) -> None:
        """Say something of what is sound; no more of it than of faults."""
        if len(self.remarks) < MOST:
            self.remarks.append(Fault(sheet, row, column, reason, details))

    def sheet_called(self, name: str) -> Sheet | None:
        """The sheet of a name that this book may have."""
        return sheet_called(name)

    def has(self, sheet: str) -> bool:
        return sheet in self.sheets

    def lines(self, name: str) -> Iterator[tuple[int, Values, bool]]:
        """(row, values by column, whether all are sound) of a sheet; blank rows are passed over."""
        if name not in self.sheets:
            return
        sheet = self.sheet_called(name)
        assert sheet is not None
        rows = self.book.rows(self.sheets[name])
        columns: Mapping[int, Column] | None = None
        count = 0
        for row, cells in rows:
            if all(is_blank(cell) for cell in cells):
                continue
            if columns is None:
                columns = self._headings(sheet, row, cells)
                if columns is None:
                    return
                continue
            count += 1
            if not count % 1000:
                self.progress(name, count)
            yield (row, *self._values(sheet, row, cells, columns))
        if columns is None:
            self.fault(name, 0, "", "no_heading")
        self.progress(name, count)

    def reaches(self, phone: str, sheet: str, row: int) -> bool:
        """Whether the group writes to numbers of this country; else a fault."""
        if not phone.startswith("+") or any(phone.startswith(f"+{prefix}") for prefix in self.numbers.abroad):
            return True
        self.fault(sheet, row, "phone", "phone_abroad")
        return False

    def reached(self, phone: str, company: str, person: str, sheet: str, row: int) -> None:
        """Note whose phone it is ("": of the house), and say where somebody else's is the same."""
        theirs = self.phones.setdefault(phone, (company, sheet, row))
        if theirs[0] != company:
            self.remark(sheet, row, "phone", "phone_shared", sheet=theirs[1], row=theirs[2])
        for other, team in self.known.teams_under(phone).items():
            if other != person and other not in self.people and company_of(team) != company:
                self.remark(sheet, row, "phone", "phone_of", person=other)

    def claim(self, code: str, sheet: str, row: int) -> bool:
        """Take a code for a row; False, and a fault, when another has it."""
        if code in self.codes:
            other, at = self.codes[code]
            self.fault(sheet, row, "code", "code_twice", code=code, sheet=other, row=at)
            return False
        self.codes[code] = (sheet, row)
        return True

    def place(self, code: str) -> Place | None:
        """A place down to entrances, of the file or stored."""
        found = self.tree.get(code)
        if found is None and code not in self.codes:
            if code not in self._asked:
                self._asked[code] = self.known.place(code)
            found = self._asked[code]
        return found

    def components(self, name: str) -> Sequence[str]:
        """The components that a cell means: one, or all of a category; () for none."""
        return self.numbers.components.get(unparted(name), ())

    def called(self, components: Collection[str]) -> list[str]:
        """The same in short: a category in the place of all its components."""
        named = self.numbers.components
        whole = [c for c in dict.fromkeys(c.partition("/")[0] for c in components) if {*named[c]} <= {*components}]
        return [*whole, *(c for c in components if c.partition("/")[0] not in whole)]

    def parent(self, code: str, kinds: Sequence[str], sheet: str, row: int, column: str) -> Place | None:
        """The place that a row lies in, if it may; else a fault, unless the place's own row has one."""
        found = self.place(code)
        if found is None:
            if code not in self.codes:
                self.fault(sheet, row, column, "unknown_place", code=code)
            elif self.codes[code] == (sheet, row):
                self.fault(sheet, row, column, "loop", code=code)
            elif self.codes[code][0] == "units":
                self.fault(sheet, row, column, "wrong_kind", code=code, kinds="/".join(kinds))
            return None
        if found.kind not in kinds:
            self.fault(sheet, row, column, "wrong_kind", code=code, kinds="/".join(kinds))
            return None
        return found

    def _find_sheets(self) -> None:
        for name in self.book.names():
            sheet = self.sheet_called(name)
            if sheet is None:
                if sought(name) not in NOT_READ:
                    self.fault(name, 0, "", "unknown_sheet")
            elif sheet.name in self.sheets:
                self.fault(sheet.name, 0, "", "sheet_twice")
            else:
                self.sheets[sheet.name] = name
        if not self.sheets:
            self.fault("", 0, "", "nothing")

    def _headings(self, sheet: Sheet, row: int, cells: Sequence[object]) -> Mapping[int, Column] | None:
        known: dict[int, Column] = {}
        for at, cell in enumerate(cells):
            if is_blank(cell) or sought(str(cell)) in NOTES:
                continue
            column = sheet.column(str(cell))
            if column is None:
                self.fault(sheet.name, row, "", "unknown_column", heading=str(cell)[:40])
            elif column in known.values():
                self.fault(sheet.name, row, column.name, "column_twice")
            else:
                known[at] = column
        missing = [c for c in sheet.columns if c.need and c not in known.values()]
        for column in missing:
            self.fault(sheet.name, row, column.name, "column_missing")
        return None if missing else known

    def _values(
        self, sheet: Sheet, row: int, cells: Sequence[object], columns: Mapping[int, Column]
    ) -> tuple[Values, bool]:
        values: Values = dict.fromkeys(column.name for column in sheet.columns)
        sound = True
        for at, column in columns.items():
            raw = cells[at] if at < len(cells) else None
            try:
                if not is_blank(raw):
                    values[column.name] = column.form(raw)
                elif column.need:
                    raise BadCell("needed")
            except BadCell as bad:
                sound = False
                self.fault(sheet.name, row, column.name, bad.reason, **bad.details)
        return values, sound
