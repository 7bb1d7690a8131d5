"""What a batch contains: its entries as canonical JSON, a line each, with their totals and the hash of it all.

A function of the entries and nothing else: whoever computes it again gets the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from chalicelib.domain.money.entry import Entry

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class Tally:
    """`totals`: fen by nature; `companies`, `sources`: fen by company and by source. `hash`: SHA-256 of the lines."""

    count: int
    fen: int
    totals: Mapping[str, int]
    companies: Mapping[str, int]
    sources: Mapping[str, int]
    hash: str


class Counting:
    """Entries as they pass, counted and hashed: a batch of any size in a few kilobytes."""

    def __init__(self) -> None:
        self._count = self._fen = 0
        self._natures: Counter[str] = Counter()
        self._companies: Counter[str] = Counter()
        self._sources: Counter[str] = Counter()
        self._hash = hashlib.sha256()

    def through(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self._count += 1
            self._fen += entry.fen
            self._natures.update(entry.lines)
            self._companies[entry.company] += entry.fen
            self._sources[entry.source] += entry.fen
            self._hash.update(line_of(entry))
            yield entry

    def tally(self) -> Tally:
        natures, companies, sources = dict(self._natures), dict(self._companies), dict(self._sources)
        return Tally(self._count, self._fen, natures, companies, sources, self._hash.hexdigest())


def line_of(entry: Entry) -> bytes:
    """An entry as the hash has it: keys in order, no needless byte."""
    return _encode(asdict(entry)).encode() + b"\n"


def taken_back(entry: Entry) -> Entry:
    """An entry as the counter-batch of its batch has it: what it gave is taken away, what it took is given back."""
    return replace(entry, fen=-entry.fen, lines={nature: -fen for nature, fen in entry.lines.items()})
