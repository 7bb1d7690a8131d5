"""What a change of a deduction writes into the ledger, and what of it may be exported: in the change's own transaction.

firm                 an entry that is ready, of the firm amount
evidence packed      its hash joins the facts of what nobody has claimed yet
evidence failed      the line of what nobody has claimed yet says so, until it is asked for again
reversed afterwards  a counter-entry; where all of it goes and nobody has claimed any of it, what is ready is voided

Who closes the period, or claims the entry, between the reading and the writing: the change is decided anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.adapters import mappings
from chalicelib.domain.money.entry import FIRM, READY, REVERSAL, Entry, difference
from chalicelib.domain.money.ledger import Posting, month, postings
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.kinds import kind_of
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.reference import parts
from chalicelib.store import contracts, entries, ledger, periods
from chalicelib.store.entries import Ref
from chalicelib.store.table import Write

TAKES_AWAY = frozenset({"reversed", "written_off"})
FIRM_STATES = frozenset({"firm", "closed"})


def written(before: Any, after: Any, events: Sequence[Event], numbers: Policy) -> list[Write]:
    """The writes that go with a change of a deduction: none where it moves no money. A read where it does."""
    fold = kind_of(after.id).fold
    posted: list[Posting] = []
    exported = _Exported(numbers.zone)
    was = before
    for event in events:
        now = fold(after.id, [event], onto=was)
        posted += postings(was, now, event, numbers.zone, _period(event, numbers.zone))
        exported.see(was, now, event)
        was = now
    if not posted:
        return exported.writes()
    seen = periods.of(after.entity)
    posted = [replace(entry, period=seen.for_entry(entry.period)) for entry in posted]
    return [periods.passed(seen, [entry.period for entry in posted]), *ledger.written(posted), *exported.writes()]


def _period(event: Event, zone: str) -> str:
    """The period that finance booked it in, else that of its day."""
    return str(event.data.get("period") or month(event.at.astimezone(ZoneInfo(zone)).date()))


class _Exported:
    """What one change adds to, and takes off, what may be exported."""

    def __init__(self, zone: str) -> None:
        self._zone = zone
        self._new: list[tuple[Entry, Event]] = []
        self._changed: list[Write] = []

    def see(self, was: Any, now: Any, event: Event) -> None:
        if event.kind == "firm":
            if (fen := left(now)) > 0 and was.state not in FIRM_STATES:
                self._new.append((_entry(now, event, FIRM, 0, fen, self._zone), event))
        elif event.kind == "evidence_packed" and was.state in FIRM_STATES:
            self._prove(now)
        elif event.kind in ("evidence_failed", "evidence_asked"):
            self._changed += [entries.unpacked(said, now.unpacked) for said in self._unproved(now)]
        elif event.kind in TAKES_AWAY and was.state in FIRM_STATES and left(was) != left(now):
            self._take(was, now, event)

    def _take(self, was: Any, now: Any, event: Event) -> None:
        there = entries.of_deduction(number_of(now))
        claimed = any(state not in (READY, "void") for _, state in there)
        if left(now) == 0 and not claimed:
            self._changed = [entries.voided(one) for one, state in there if state == READY]
            self._new = []
            return
        made = _entry(now, event, REVERSAL, left(was), left(now), self._zone)
        first: Ref | None = next(((one.number, one.version) for one, _ in there if one.kind == FIRM), None)
        if first:  # what was said of it then holds for its counter-entries
            said = next(iter(entries.facts([first])))
            made = replace(
                said, version=made.version, kind=REVERSAL, fen=made.fen, lines=made.lines, firm_on=made.firm_on
            )
        self._new.append((made, event))

    def _prove(self, now: Any) -> None:
        """The hash of the pack joins what nobody ever claimed; a batch that has it, or had it, stays as it is."""
        for said in self._unproved(now):
            self._changed += entries.proved(replace(said, evidence=now.evidence))

    @staticmethod
    def _unproved(now: Any) -> Iterator[Entry]:
        """The facts of what nobody ever claimed."""
        there = entries.of_deduction(number_of(now))
        return entries.facts([(one.number, one.version) for one, state in there if state == READY and not one.again])

    def writes(self) -> list[Write]:
        return [*self._changed, *(write for entry, event in self._new for write in entries.written(entry, event.at))]


def left(debt: Any) -> int:
    """What finance is to have of a deduction, recovered or not."""
    return int(debt.total) - int(debt.reversed) - int(debt.written_off)


def number_of(debt: Any) -> str:
    return str(debt.number or parts(debt.id)[1])


def _entry(debt: Any, event: Event, kind: str, before: int, after: int, zone: str) -> Entry:
    """The entry that an event makes when what finance is to have goes from `before` to `after`. Three reads."""
    contract, company = contracts.contract(debt.contract), contracts.company(debt.company)
    entity = contracts.entity(debt.entity)
    day = event.at.astimezone(ZoneInfo(zone)).date()
    table = mappings.tax()
    rate = (contract.tax_rate if contract else 0) or table.rate("general", day)
    lines = [(str(getattr(line.nature, "value", line.nature)), int(line.fen)) for line in debt.lines]
    moved = difference(lines, before, after)

    def said(name: str, empty: Any = "") -> Any:
        return getattr(debt, name, empty) or empty

    letter, invoice = said("letter", None), said("invoice", None)
    return Entry(
        number=number_of(debt),
        version=debt.version,
        deduction=debt.id,
        kind=kind,
        fen=after - before,
        lines=moved,
        entity=debt.entity,
        entity_name=entity.name if entity else "",
        account_set=entity.account_set if entity else "",
        project=debt.place.get("project", ""),
        place=str(debt.place.get("label", "")),
        company=debt.company,
        company_name=company.name if company else "",
        supplier_code=company.supplier_code if company else "",
        tax_number=company.tax_number if company else "",
        contract=debt.contract,
        contract_number=contract.number if contract else "",
        clause=str(said("clause")),
        case=str(said("case")),
        tickets=tuple(map(spoken, said("ticket_numbers", ()))) or tuple(said("tickets", ())),
        source=str(getattr(debt.source, "value", debt.source)),
        basis=str(getattr(said("basis"), "value", said("basis"))),
        firm_on=day.isoformat(),
        noticed_on=_on(letter.at if letter else None, zone),
        delivered_on=_on(letter.delivered_at if letter else None, zone),
        notice=letter.number if letter else "",
        tax_rate=rate,
        tax_method=table.method_of(rate),
        treatment={nature: table.treatment(nature, day) for nature in moved},
        invoiced=bool(said("invoiced", False)),
        retention_invoiced=bool(said("retention_invoiced", False)),
        third_invoice=invoice.number if invoice else "",
        third_invoice_type=str(said("third_invoice_type")),
        input_tax_credited=bool(said("input_tax_credited", False)),
        approvals=tuple(said("approvals", ())),
        evidence=str(said("evidence")),
    )


def _on(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).date().isoformat() if at else ""
