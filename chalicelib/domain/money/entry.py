"""What finance is given of a deduction, each once: the firm amount, and whatever is reversed of it afterwards.

    ready → claimed by one batch          and ready again once that batch was countered
    ready → void                          reversed altogether before anybody claimed it

An entry's facts are frozen with the event that makes it; which batch has it is the one thing about it that changes.
Amounts are in fen, tax included; a reversal's are negative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

READY, VOID = "ready", "void"
IN = "in "  # before the id of the batch that has it
FIRM, REVERSAL = "firm", "reversal"
FIRST, AGAIN = "first", "again"
NATURES = ("repair_cost", "loss", "fee", "penalty")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with its facts. `lines`: fen by nature, which sum up to `fen`. `version`: of the event that made it.

    `tax_rate`: in basis points. `treatment`: of each nature, see `tax.py`. `approvals`: who approved, by id. Days are
    ISO dates. `evidence`: the hash of the pack. `third_*`: of the third party's invoice.
    """

    number: str
    version: int
    deduction: str
    kind: str
    fen: int
    lines: Mapping[str, int]
    entity: str
    entity_name: str = ""
    account_set: str = ""
    project: str = ""
    place: str = ""
    company: str = ""
    company_name: str = ""
    supplier_code: str = ""
    tax_number: str = ""
    contract: str = ""
    contract_number: str = ""
    clause: str = ""
    case: str = ""
    tickets: tuple[str, ...] = ()
    source: str = ""
    basis: str = ""
    firm_on: str = ""
    noticed_on: str = ""
    delivered_on: str = ""
    notice: str = ""
    tax_rate: int = 0
    tax_method: str = ""
    treatment: Mapping[str, str] = field(default_factory=dict)
    invoiced: bool = False
    retention_invoiced: bool = False
    third_invoice: str = ""
    third_invoice_type: str = ""
    input_tax_credited: bool = False
    approvals: tuple[str, ...] = ()
    evidence: str = ""

    @property
    def ref(self) -> str:
        return f"{self.number}/{self.version}"

    def parts(self) -> list[tuple[str, int]]:
        """(nature, fen) in the order of NATURES."""
        return sorted(self.lines.items(), key=_order) if len(self.lines) > 1 else list(self.lines.items())


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry in a list: enough to choose by. `at`: when it came to be. `proved`: whether its evidence is packed.

    `again`: whether a batch that was countered had it: its facts stay as that one has them. `natures`: fen by nature.
    `unpacked`: whether its evidence could not be packed, and somebody has to have it made again.
    """

    number: str
    version: int
    deduction: str
    kind: str
    fen: int
    company: str
    company_name: str
    contract: str
    contract_number: str
    project: str
    source: str
    firm_on: str
    approvals: tuple[str, ...] = ()
    at: str = ""
    entity: str = ""
    proved: bool = False
    again: bool = False
    natures: Mapping[str, int] = field(default_factory=dict)
    unpacked: bool = False

    @property
    def ref(self) -> str:
        return f"{self.number}/{self.version}"

    @property
    def month(self) -> str:
        """The month in which it became firm."""
        return self.firm_on[:7]

    @property
    def status(self) -> str:
        """Why it waits: for its first batch, for another after one that was countered, or as a reversal."""
        return REVERSAL if self.kind == REVERSAL else AGAIN if self.again else FIRST


@dataclass(frozen=True, slots=True)
class Filter:
    """What is chosen of the entries that are ready; an empty field does not narrow. `kind`: firm, reversal.

    `month`: in which it became firm; `status`: see `Shown`; `nature`: one that is among its own, which takes
    the whole of the entry: a deduction is never cut in two.
    """

    project: str = ""
    contract: str = ""
    company: str = ""
    source: str = ""
    kind: str = ""
    month: str = ""
    status: str = ""
    nature: str = ""

    def takes(self, one: Shown) -> bool:
        wanted = self.plain()
        nature = wanted.pop("nature", "")
        return all(getattr(one, name) == value for name, value in wanted.items()) and (
            not nature or nature in one.natures
        )

    def plain(self) -> dict[str, str]:
        return {f.name: wanted for f in fields(self) if (wanted := getattr(self, f.name))}


def held_back(one: Shown, stopped: Mapping[str, str]) -> str:
    """The ground of a stop that holds an entry back, "" for none. What takes a deduction back is held back by nothing.

    `stopped`: contract → ground.
    """
    return stopped.get(one.contract, "") if one.fen > 0 else ""


def filter_of(said: Mapping[str, Any]) -> Filter:
    """The filter that `plain` wrote, or that somebody typed; what it doesn't know is left out."""
    return Filter(**{f.name: str(said[f.name]) for f in fields(Filter) if said.get(f.name)})


def shared(lines: Sequence[tuple[str, int]], fen: int) -> dict[str, int]:
    """`fen` of a deduction's lines (nature, fen), by nature: in proportion, the rest to the largest remainders.

    Sums up to `fen` exactly; a nature never gets more than its lines have.
    """
    whole: dict[str, int] = {}
    for nature, part in lines:
        whole[nature] = whole.get(nature, 0) + part
    total = sum(whole.values())
    if not total:
        return {}
    found = {nature: part * fen // total for nature, part in whole.items()}
    rest = {nature: part * fen % total for nature, part in whole.items()}
    for nature in sorted(rest, key=lambda n: (-rest[n], list(whole).index(n)))[: fen - sum(found.values())]:
        found[nature] += 1
    return {nature: part for nature, part in found.items() if part}


def difference(lines: Sequence[tuple[str, int]], before: int, after: int) -> dict[str, int]:
    """By nature, what an entry moves when the firm amount goes from `before` to `after`; all such sum up to nothing."""
    was, now = shared(lines, before), shared(lines, after)
    moved = {nature: now.get(nature, 0) - was.get(nature, 0) for nature in {**was, **now}}
    return {nature: part for nature, part in moved.items() if part}


def _order(line: tuple[str, int]) -> tuple[int, str]:
    return (NATURES.index(line[0]) if line[0] in NATURES else len(NATURES), line[0])


def net_of(fen: int, rate: int) -> int:
    """An amount without its tax, at a rate in basis points; half a fen is rounded away from nothing."""
    sign, size = (-1, -fen) if fen < 0 else (1, fen)
    whole = 10_000 + rate
    return sign * ((size * 10_000 * 2 + whole) // (2 * whole))
