"""How a file of a batch is laid out: an entity's own columns, their order, names and forms, from a mapping file.

rows = "nature"    a row for each entry and nature      rows = "voucher"   for each of these, the legs that post it

kind of a column   text · code (digits that are no number) · date · money (yuan, from fen) · rate (%) · whole · yes_no
where it is from   `field`, one of FIELDS; `text`, with fields in braces; both may differ by nature or source: `by`

A field that is a word of ours (nature, source, basis, treatment, kind, method) is shown as [words] has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter, itemgetter
from typing import Any

from chalicelib.domain.money.entry import Entry, net_of
from chalicelib.domain.money.tax import PRICE_REDUCTION
from chalicelib.domain.record.errors import PolicyError

KINDS = frozenset({"text", "code", "date", "money", "rate", "whole", "yes_no"})
NATURE, VOUCHER = "nature", "voucher"
AMOUNTS = ("gross", "net", "tax")
BRACES = re.compile(r"\{(\w+)\}")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`field`: what it shows; "" where `value` makes it. `width`: in letters; `total`: whether it is summed up."""

    name: str
    kind: str
    value: Callable[[Values], Any]
    field: str = ""
    width: int = 14
    total: bool = False


@dataclass(frozen=True, slots=True)
class Leg:
    """One line of a voucher: its side, what of the amount stands on it, its account by nature or source."""

    side: str
    amount: str
    account: Callable[[Values], str]


@dataclass(frozen=True, slots=True)
class About:
    """What a row says of its batch. `sealed_on`, `last_day` (of its period): ISO dates."""

    number: str
    period: str
    sealed_on: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Layout:
    """`name`: of its mapping file; `date`: as strftime has it. `mark`: a digest of the file it was read from."""

    name: str
    title: str
    rows: str
    date: str
    columns: tuple[Column, ...]
    legs: tuple[Leg, ...]
    words: Mapping[str, Mapping[str, str]]
    mark: str = ""
    _order: Callable[[tuple[Any, ...]], tuple[Any, ...]] = field(init=False, compare=False, repr=False)
    _made: tuple[Column, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        made = tuple(column for column in self.columns if not column.field)
        at = {name: n for n, name in enumerate(NAMES)}
        later = {id(column): len(NAMES) + n for n, column in enumerate(made)}
        places = [at[column.field] if column.field else later[id(column)] for column in self.columns]
        # one that is taken alone comes without its tuple
        object.__setattr__(self, "_order", itemgetter(*places) if len(places) > 1 else lambda all_: (all_[places[0]],))
        object.__setattr__(self, "_made", made)

    def rows_of(self, entry: Entry, about: About, position: int, row: int) -> Iterator[Sequence[Any]]:
        """The rows of an entry, the `position`-th of its batch, from `row` on (both from 1): values by column.

        A day comes as its ISO date.
        """
        said = self._said(entry, about, position)
        leg = 0
        for nature, fen in entry.parts():
            how = entry.treatment.get(nature, "")
            taxed = how == PRICE_REDUCTION
            net = net_of(fen, entry.tax_rate) if taxed else fen
            treatment = self.word("treatment", f"{how}_invoiced" if taxed and entry.invoiced else how)
            rate = entry.tax_rate if taxed else 0
            amounts = (self.word("nature", nature), nature, treatment, rate, fen, net, fen - net)
            if self.rows == NATURE:
                yield self._row((*said, *amounts, row, 0, "", "", 0, 0, 0))
                row += 1
                continue
            keys = {"nature_key": nature, "source_key": entry.source}
            for line in self.legs:
                if not (amount := {"gross": fen, "net": net, "tax": fen - net}[line.amount]):
                    continue
                leg += 1
                debit, credit = (amount, 0) if line.side == "debit" else (0, amount)
                side = self.word("side", line.side)
                yield self._row((*said, *amounts, row, leg, side, line.account(keys), debit, credit, amount))
                row += 1

    def word(self, group: str, key: str) -> str:
        found = self.words.get(group)
        return found.get(key, key) if found else key

    def _row(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        if self._made:
            named = dict(zip(NAMES, values, strict=True))
            values += tuple([column.value(named) for column in self._made])
        return self._order(values)

    def _said(self, entry: Entry, about: About, position: int) -> tuple[Any, ...]:
        return (
            *_entry(entry),
            self.word("kind", entry.kind),
            self.word("source", entry.source),
            entry.source,
            self.word("basis", entry.basis),
            self.word("tax_method", entry.tax_method),
            self.word("third_invoice_type", entry.third_invoice_type),
            " ".join(entry.tickets),
            " ".join(entry.approvals),
            about.number,
            about.period,
            int(about.period[:4]),
            int(about.period[5:]),
            about.sealed_on,
            about.last_day,
            position,
        )


_OTHERWISE = (
    *("lines", "fen", "treatment", "kind", "source", "basis", "tax_method", "third_invoice_type"),
    *("tickets", "approvals", "tax_rate"),
)
_ENTRY = tuple(f.name for f in fields(Entry) if f.name not in _OTHERWISE)
_entry = attrgetter(*_ENTRY)
NAMES = (
    *_ENTRY,
    *("kind", "source", "source_key", "basis", "tax_method", "third_invoice_type", "tickets", "approvals"),
    *("batch", "period", "year", "month", "sealed_on", "last_day", "voucher"),
    *("nature", "nature_key", "treatment", "tax_rate", "gross", "net", "tax"),
    *("row", "leg", "side", "account", "debit", "credit", "amount"),
)
FIELDS = frozenset(NAMES) - {"source_key", "nature_key"}


def read_layout(name: str, parsed: Mapping[str, Any], mark: str = "") -> Layout:
    """The layout of a mapping file. Raises PolicyError, its text beginning with the file's name."""
    where = f"exports/{name}.toml"
    rows = parsed.get("rows", NATURE)
    if rows not in (NATURE, VOUCHER):
        raise PolicyError(f"{where}: rows: {rows!r} is neither {NATURE} nor {VOUCHER}")
    columns = tuple(_column(raw, f"{where}: column {n}") for n, raw in enumerate(parsed.get("column", ()), 1))
    legs = tuple(_leg(raw, f"{where}: leg {n}") for n, raw in enumerate(parsed.get("leg", ()), 1))
    if not columns:
        raise PolicyError(f"{where}: it has no column")
    if (rows == VOUCHER) is not bool(legs):
        raise PolicyError(f"{where}: legs belong to rows = {VOUCHER!r}, and to nothing else")
    title = str(parsed.get("title", name))
    return Layout(name, title, rows, str(parsed.get("date", "%Y-%m-%d")), columns, legs, parsed.get("words", {}), mark)


def _column(raw: Mapping[str, Any], where: str) -> Column:
    kind = raw.get("kind", "text")
    if kind not in KINDS:
        raise PolicyError(f"{where}: no kind is called {kind!r}")
    if "name" not in raw:
        raise PolicyError(f"{where}: it has no name")
    value = _value(raw, where)
    return Column(str(raw["name"]), kind, value, raw.get("field", ""), raw.get("width", 14), raw.get("total", False))


def _leg(raw: Mapping[str, Any], where: str) -> Leg:
    side, amount = raw.get("side"), raw.get("amount", "gross")
    if side not in ("debit", "credit") or amount not in AMOUNTS:
        raise PolicyError(f"{where}: a leg has a side (debit, credit) and an amount ({', '.join(AMOUNTS)})")
    return Leg(side, amount, _value({"text": raw.get("account", ""), **raw}, where))


def _value(raw: Mapping[str, Any], where: str) -> Callable[[Values], Any]:
    if (named := raw.get("field")) is not None:
        if named not in FIELDS:
            raise PolicyError(f"{where}: no field is called {named!r}")
        return itemgetter(named)
    text = str(raw.get("text", ""))
    by = raw.get("by")
    if by is not None:
        if by not in ("nature", "source"):
            raise PolicyError(f"{where}: by: {by!r} is neither nature nor source")
        table, key = dict(raw.get("values", {})), f"{by}_key"
        return lambda values: _filled(table.get(values[key], text), values)
    if unknown := set(BRACES.findall(text)) - FIELDS:
        raise PolicyError(f"{where}: no field is called {', '.join(sorted(unknown))}")
    if "{" not in text:
        return lambda values: text
    return lambda values: _filled(text, values)


def _filled(text: str, values: Values) -> str:
    return BRACES.sub(lambda found: str(values.get(found[1], "")), text) if "{" in text else text
